// Members who do everything that people do, twice where that can be done twice, at random moments of a seeded plan.
#pragma once

#include "tests/e2e/chaos/chaos_world.hpp"
#include "tests/e2e/chaos/presses.hpp"

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
    // Channels: people of a partner read along in two of them, and in a third one once they joined.
    static constexpr const char* kNamedChannels = "C0PEOPLE0,C0PEOPLE1,C0PEOPLE2,C0PEOPLE3,C0PARTNER";
    // What questions begin with that are asked where nobody is answered.
    static constexpr const char* kClosed = "Closed ";

    // `partner_is_named`: the processes run with ALLOWED_CHANNELS=kNamedChannels, so that members are answered there.
    People(ChaosWorld& chaos, bool partner_is_named);

    // One random thing.
    void act();
    // The partner is let into one more channel.
    void let_partner_in();
    // Where a question waits for its space.
    void choose_spaces();
    // Rates what is shown, and changes their mind; each press waits until it is taken. For quiet moments.
    void rate(const std::string& turn_id, const std::string& channel, const std::string& ts);

    const std::vector<AskedMessage>& asked() const { return asked_; }
    // Members: of our workspace, and of a sister of it.
    const std::vector<std::string>& members() const { return users_; }
    const std::vector<std::string>& channels() const { return channels_; }
    // Where nobody is answered, since a partner reads along.
    bool is_closed(const std::string& channel) const;
    // Whether partners joined there meanwhile, and nobody is answered any more.
    bool has_closed(const std::string& channel) const { return closed_since_ && channel == kJoined; }
    // There, and where Slack is slow to tell that the colleague is no stranger of the partner.
    bool may_be_turned_away(const AskedMessage& asked) const;
    WallTime closed_since() const { return closed_since_.value_or(WallTime{}); }
    // The rating that each person gave each answer last: turn and person -> 1 up, 0 down, nothing for none.
    const std::map<std::pair<std::string, std::string>, std::optional<int>>& ratings() const { return ratings_; }
    // How often `action_id` was pressed, by the value of what was pressed.
    int presses(const std::string& action_id, const std::string& value) const {
        return presses_.count(action_id, value);
    }
    std::string owner_of(const std::string& direct_channel) const;
    std::string plan() const { return plan_; }

    // Everything that stands in a channel or a direct message.
    std::vector<sandbox::SlackMessage> all_messages() const;

 private:
    static constexpr const char* kJoined = "C0PEOPLE3";
    static constexpr const char* kPartner = "C0PARTNER";
    static constexpr const char* kColleague = "U0SAM";

    void add_channel(const std::string& id, bool is_shared);
    void ask();
    void reply();
    void ask_directly();
    void ask_where_closed();
    void ask_by_command();
    void use_command();
    void use_shortcut();
    void use_home();
    void edit();
    void remove();
    void stop();
    void react();
    void use_forms();
    void let_genie_fail();

    void say(const std::string& user, const std::string& channel, const std::string& thread);
    std::string next_question();
    const std::string& one_of(const std::vector<std::string>& all);
    std::string somebody() { return one_of(users_); }
    std::string asker_in(const sandbox::SlackMessage& message);
    std::string reader_of(const sandbox::SlackMessage& message);
    std::optional<std::size_t> recent_question();
    void note(const std::string& what) { plan_ += what + "\n"; }
    template <class Act>
    void taken(Act act);

    ChaosWorld& chaos_;
    std::string plan_;
    Presses presses_;
    std::vector<std::string> users_;
    std::vector<std::string> channels_;  // that are open to members
    std::vector<std::string> closed_;
    std::optional<WallTime> closed_since_;  // of the channel that the partner joined
    bool partner_is_named_;
    std::vector<AskedMessage> asked_;
    std::map<std::pair<std::string, std::string>, std::optional<int>> ratings_;
    int questions_ = 0;
};

}  // namespace genie_slack::test
