// Somebody presses whatever can be pressed, twice: at once, or after whatever comes next.
#pragma once

#include "tests/e2e/chaos/chaos_world.hpp"
#include "tests/e2e/chaos/pressables.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

class Presses {
 public:
    // `note` is told a line about each press. The world must outlive this.
    Presses(ChaosWorld& chaos, std::function<void(const std::string&)> note) : chaos_(chaos), note_(std::move(note)) {}

    // Something in one of the messages that the person sees, mostly in one of the last: that is where something still
    // happens.
    void press(const std::string& user);
    void press_home(const std::string& user);
    // What was pressed once so far.
    void press_again();
    bool press_once(const std::string& user, const sandbox::SlackMessage& message, const Pressable& pressable);

    std::vector<Pressable> in(const sandbox::SlackMessage& message) const;
    // The bot's messages that the person sees, oldest first.
    std::vector<sandbox::SlackMessage> seen_by(const std::string& user) const;
    // How often `action_id` was pressed, by the value of what was pressed.
    int count(const std::string& action_id, const std::string& value) const;

 private:
    struct Aim {
        sandbox::SlackMessage message;
        Pressable pressable;
    };

    void twice(std::function<void()> press);

    ChaosWorld& chaos_;
    std::function<void(const std::string&)> note_;
    std::vector<std::function<void()>> later_;
    std::map<std::pair<std::string, std::string>, int> counts_;
};

}  // namespace genie_slack::test
