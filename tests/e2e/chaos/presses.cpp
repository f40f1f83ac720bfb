#include "tests/e2e/chaos/presses.hpp"

#include <algorithm>
#include <map>

namespace genie_slack::test {

namespace presses_detail {

constexpr std::size_t kLast = 8;  // messages in which something still happens

std::string kind_of(const std::string& action_id) {
    return action_id.substr(0, action_id.find(':'));
}

}  // namespace presses_detail

std::vector<Pressable> Presses::in(const sandbox::SlackMessage& message) const {
    return pressables_in(message.blocks, chaos_.world().genie().space_ids());
}

std::vector<sandbox::SlackMessage> Presses::seen_by(const std::string& user) const {
    const auto& slack = chaos_.world().slack();
    std::vector<sandbox::SlackMessage> seen;
    for (const auto& channel : slack.channels()) {
        if (!slack.sees(user, channel.id))
            continue;
        for (auto& message : slack.messages(channel.id))
            if (!message.bot_id.empty() && (message.ephemeral_for.empty() || message.ephemeral_for == user))
                seen.push_back(std::move(message));
    }
    std::sort(seen.begin(), seen.end(), [](const auto& left, const auto& right) { return left.ts < right.ts; });
    return seen;
}

// Each kind of button as often as another: there is one Share button among twenty others.
void Presses::press(const std::string& user) {
    auto messages = seen_by(user);
    std::erase_if(messages, [](const auto& message) { return message.blocks.empty(); });
    const bool looks_back = chaos_.random().between(0, 2) == 0;
    const std::size_t looked_at = looks_back ? messages.size() : std::min(messages.size(), presses_detail::kLast);
    std::map<std::string, std::vector<Aim>> kinds;
    for (std::size_t i = messages.size() - looked_at; i < messages.size(); ++i)
        for (Pressable& each : in(messages[i]))
            kinds[presses_detail::kind_of(each.action_id)].push_back({messages[i], std::move(each)});
    if (kinds.empty())
        return;
    const auto kind = std::next(kinds.begin(), static_cast<int>(chaos_.random().between(0, kinds.size() - 1)));
    const Aim aim = kind->second[chaos_.random().between(0, kind->second.size() - 1)];
    twice([this, user, aim] { press_once(user, aim.message, aim.pressable); });
}

void Presses::press_home(const std::string& user) {
    const auto* home = chaos_.world().slack().home_view(user);
    if (!home)
        return;
    const auto choices = pressables_in(home->at("blocks").as_array(), chaos_.world().genie().space_ids());
    if (choices.empty())
        return;
    const Pressable& chosen = choices[chaos_.random().between(0, choices.size() - 1)];
    const std::string view_id(home->at("id").as_string());
    twice([this, user, view_id, chosen] {
        const bool was_there = chaos_.world().slack().press_view(user, view_id, chosen.action);
        note_(std::string(was_there ? "press " : "too late to press ") + chosen.action_id + " " + chosen.value +
              " at home by " + user);
    });
}

void Presses::twice(std::function<void()> press) {
    press();
    if (chaos_.random().between(0, 1) == 0)
        press();
    else
        later_.push_back(std::move(press));
}

void Presses::press_again() {
    std::vector<std::function<void()>> again;
    again.swap(later_);
    for (const auto& press : again)
        press();
}

bool Presses::press_once(const std::string& user, const sandbox::SlackMessage& message, const Pressable& pressable) {
    const bool was_there = chaos_.world().slack().press(user, message.channel, message.ts, pressable.action);
    note_(std::string(was_there ? "press " : "too late to press ") + pressable.action_id + " " + pressable.value +
          " on " + message.channel + " " + message.ts + " by " + user);
    if (was_there)
        ++counts_[{pressable.action_id, pressable.value}];
    return was_there;
}

int Presses::count(const std::string& action_id, const std::string& value) const {
    const auto found = counts_.find({action_id, value});
    return found == counts_.end() ? 0 : found->second;
}

}  // namespace genie_slack::test
