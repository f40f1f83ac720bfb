// People who do everything that people do, twice where that can be done twice, at random moments of a seeded plan.
#pragma once

#include "tests/e2e/chaos/chaos_world.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

// A message in which somebody asked the bot.
struct AskedMessage {
    std::string user;
    std::string channel;
    std::string thread;
    std::string ts;
    std::vector<std::string> texts;  // its editions, without the mention
    bool is_deleted = false;
};

class People {
 public:
    explicit People(ChaosWorld& chaos);

    // One random thing.
    void act();
    // Rates what is shown, and changes their mind; each press waits until it is taken. For quiet moments.
    void rate(const std::string& turn_id, const std::string& channel, const std::string& ts);

    const std::vector<AskedMessage>& asked() const { return asked_; }
    const std::vector<std::string>& channels() const { return channels_; }
    // The rating that each person gave each answer last: turn and person -> 1 up, 0 down, nothing for none.
    const std::map<std::pair<std::string, std::string>, std::optional<int>>& ratings() const { return ratings_; }
    // How often `action_id` was pressed, by the value of what was pressed.
    int presses(const std::string& action_id, const std::string& value) const;
    std::string owner_of(const std::string& direct_channel) const;
    std::string plan() const { return plan_; }

    // Everything that stands in a channel or a direct message.
    std::vector<sandbox::SlackMessage> all_messages() const;

 private:
    struct Pressable {
        sandbox::SlackMessage message;
        boost::json::object action;
        std::string value;
    };

    void ask();
    void reply();
    void ask_directly();
    void ask_by_command();
    void use_shortcut();
    void edit();
    void remove();
    void press();
    void react();
    void use_forms();
    void let_genie_fail();

    void say(const std::string& user, const std::string& channel, const std::string& thread);
    std::string next_question();
    std::string somebody();
    std::string reader_of(const sandbox::SlackMessage& message);
    std::vector<Pressable> pressable(const sandbox::SlackMessage& message);
    void press_once(const std::string& user, const Pressable& pressable);
    std::optional<std::size_t> recent_question();
    void note(const std::string& what);
    template <class Act>
    void taken(Act act);

    ChaosWorld& chaos_;
    std::vector<std::string> users_;
    std::vector<std::string> channels_;
    std::vector<AskedMessage> asked_;
    std::vector<std::function<void()>> later_;  // second presses
    std::map<std::pair<std::string, std::string>, int> presses_;
    std::map<std::pair<std::string, std::string>, std::optional<int>> ratings_;
    int questions_ = 0;
    std::string plan_;
};

}  // namespace genie_slack::test
