#include "tests/e2e/chaos/people.hpp"

#include <algorithm>

namespace genie_slack::test {

namespace json = boost::json;

namespace people_detail {

constexpr int kChannels = 4;

// A number in words that the local Genie overlooks: digits would ask for so many rows.
std::string spelled(int number) {
    static constexpr const char* kDigits[] = {"a", "about", "an", "any", "are", "as", "at", "be", "been", "but"};
    std::string words;
    for (const char digit : std::to_string(number))
        words += (words.empty() ? "" : " ") + std::string(kDigits[digit - '0']);
    return words;
}

std::string text_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// All elements with an action_id, each with the block_id of its block.
std::vector<json::object> elements_of(const json::array& blocks) {
    std::vector<json::object> found;
    for (const auto& block : blocks) {
        const auto* elements = block.as_object().if_contains("elements");
        if (!elements || !elements->is_array())
            continue;
        for (const auto& element : elements->as_array()) {
            if (!element.is_object() || !element.as_object().contains("action_id"))
                continue;
            json::object made = element.as_object();
            made["block_id"] = block.as_object().at("block_id");
            found.push_back(std::move(made));
        }
    }
    return found;
}

json::object choice_of(const json::object& element, const json::value& option) {
    json::object action = element;
    action.erase("options");
    action["selected_option"] = option;
    return action;
}

}  // namespace people_detail

using people_detail::text_of;

People::People(ChaosWorld& chaos) : chaos_(chaos) {
    auto& slack = chaos_.world().slack();
    for (const auto& user : slack.users())
        if (!user.is_bot && !user.is_guest)
            users_.push_back(user.id);
    for (int i = 0; i < people_detail::kChannels; ++i) {
        sandbox::SlackChannel channel;
        channel.id = "C0PEOPLE" + std::to_string(i);
        channel.name = "people-" + std::to_string(i);
        channel.bot_is_member = true;
        channels_.push_back(slack.add_channel(channel).id);
    }
}

void People::act() {
    std::vector<std::function<void()>> again;
    again.swap(later_);
    for (const auto& press : again)
        press();
    const auto die = chaos_.random().between(0, 99);
    if (die < 12)
        return ask();
    if (die < 20)
        return reply();
    if (die < 25)
        return ask_directly();
    if (die < 28)
        return ask_by_command();
    if (die < 32)
        return use_shortcut();
    if (die < 40)
        return edit();
    if (die < 45)
        return remove();
    if (die < 50)
        return react();
    if (die < 55)
        return use_forms();
    if (die < 57)
        return let_genie_fail();
    press();
}

void People::note(const std::string& what) {
    plan_ += what + "\n";
}

std::string People::somebody() {
    return users_[chaos_.random().between(0, users_.size() - 1)];
}

std::string People::next_question() {
    const std::string name = "Question " + people_detail::spelled(++questions_);
    return chaos_.random().between(0, 3) == 0 ? name + ": what was revenue by week in 2025?"
                                              : name + ": what was revenue by region?";
}

void People::say(const std::string& user, const std::string& channel, const std::string& thread) {
    AskedMessage message;
    message.user = user;
    message.channel = channel;
    message.texts.push_back(next_question());
    const bool is_direct = channel.front() == 'D';
    message.ts = chaos_.world().slack().say(
        user, channel, (is_direct ? std::string() : chaos_.world().mention()) + message.texts.back(), thread);
    message.thread = thread.empty() ? message.ts : thread;
    note("say " + channel + " " + message.ts + " in " + message.thread + ": " + message.texts.back());
    asked_.push_back(std::move(message));
}

void People::ask() {
    say(somebody(), channels_[chaos_.random().between(0, channels_.size() - 1)], "");
}

// Into a thread that is still there: Slack offers no reply to what is gone.
void People::reply() {
    const auto index = recent_question();
    if (!index)
        return;
    const AskedMessage& about = asked_[*index];
    if (!chaos_.world().slack().find_message(about.channel, about.thread))
        return;
    const std::string user = about.channel.front() == 'D' ? about.user : somebody();
    say(user, std::string(about.channel), std::string(about.thread));
}

void People::ask_directly() {
    const std::string user = somebody();
    say(user, chaos_.world().slack().direct_message(user), "");
}

void People::ask_by_command() {
    const std::string question = next_question();
    note("slash " + question);
    chaos_.world().slack().slash(somebody(), channels_[chaos_.random().between(0, channels_.size() - 1)], "/genie",
                                 question);
}

void People::use_shortcut() {
    const std::string user = somebody();
    const auto& channel = channels_[chaos_.random().between(0, channels_.size() - 1)];
    const auto messages = chaos_.world().slack().messages(channel);
    std::vector<std::string> of_people;
    for (const auto& message : messages)
        if (message.bot_id.empty() && message.subtype.empty())
            of_people.push_back(message.ts);
    if (of_people.empty())
        return;
    const auto& ts = of_people[chaos_.random().between(0, of_people.size() - 1)];
    note("shortcut " + ts);
    chaos_.world().slack().message_shortcut(user, channel, ts, "ask_genie");
}

// Mostly one of the last ones: that is where something still happens.
std::optional<std::size_t> People::recent_question() {
    if (asked_.empty())
        return std::nullopt;
    const std::size_t last = asked_.size() - 1;
    const std::size_t back = chaos_.random().between(0, chaos_.random().between(0, 3) == 0 ? last : 3);
    const std::size_t index = last - std::min(back, last);
    return asked_[index].is_deleted ? std::nullopt : std::optional<std::size_t>(index);
}

void People::edit() {
    const auto index = recent_question();
    if (!index)
        return;
    AskedMessage& message = asked_[*index];
    message.texts.push_back(next_question());
    const std::string start = message.channel.front() == 'D' ? "" : chaos_.world().mention();
    note("edit " + message.ts + ": " + message.texts.back());
    chaos_.world().slack().edit(message.channel, message.ts, start + message.texts.back());
}

void People::remove() {
    const auto index = recent_question();
    if (!index)
        return;
    AskedMessage& message = asked_[*index];
    message.is_deleted = true;
    note("remove " + message.ts);
    chaos_.world().slack().remove(message.channel, message.ts);
}

std::vector<sandbox::SlackMessage> People::all_messages() const {
    std::vector<sandbox::SlackMessage> all;
    for (const auto& channel : chaos_.world().slack().channels())
        for (auto& message : chaos_.world().slack().messages(channel.id))
            all.push_back(std::move(message));
    return all;
}

std::string People::owner_of(const std::string& direct_channel) const {
    for (const auto& channel : chaos_.world().slack().channels())
        if (channel.id == direct_channel)
            return channel.im_user;
    return "";
}

std::string People::reader_of(const sandbox::SlackMessage& message) {
    return message.channel.front() == 'D' ? owner_of(message.channel) : somebody();
}

std::vector<People::Pressable> People::pressable(const sandbox::SlackMessage& message) {
    std::vector<Pressable> found;
    const auto add = [&](json::object action, std::string value) {
        Pressable made;
        made.message = message;
        made.action = std::move(action);
        made.value = std::move(value);
        found.push_back(std::move(made));
    };
    for (const json::object& element : people_detail::elements_of(message.blocks)) {
        const std::string type = text_of(element, "type");
        if (type == "button")
            add(element, text_of(element, "value"));
        if (type == "overflow" || type == "static_select")
            for (const auto& option : element.at("options").as_array())
                add(people_detail::choice_of(element, option), text_of(option.as_object(), "value"));
        if (type == "feedback_buttons")
            for (const char* side : {"positive_button", "negative_button"}) {
                json::object action = element;
                action["value"] = element.at(side).at("value");
                add(action, text_of(element.at(side).as_object(), "value"));
            }
    }
    return found;
}

void People::press_once(const std::string& user, const Pressable& pressable) {
    const std::string action_id = text_of(pressable.action, "action_id");
    const bool was_there =
        chaos_.world().slack().press(user, pressable.message.channel, pressable.message.ts, pressable.action);
    note(std::string(was_there ? "press " : "too late to press ") + action_id + " " + pressable.value + " on " +
         pressable.message.ts + " by " + user);
    if (was_there)
        ++presses_[{action_id, pressable.value}];
}

int People::presses(const std::string& action_id, const std::string& value) const {
    const auto found = presses_.find({action_id, value});
    return found == presses_.end() ? 0 : found->second;
}

// Twice: at once, or after whatever comes next.
void People::press() {
    std::vector<sandbox::SlackMessage> with_buttons;
    for (auto& message : all_messages())
        if (!message.bot_id.empty() && message.ephemeral_for.empty() && !pressable(message).empty())
            with_buttons.push_back(std::move(message));
    if (with_buttons.empty())
        return;
    std::sort(with_buttons.begin(), with_buttons.end(),
              [](const auto& left, const auto& right) { return left.ts < right.ts; });
    const std::size_t last = with_buttons.size() - 1;
    const std::size_t back = chaos_.random().between(0, chaos_.random().between(0, 2) == 0 ? last : 4);
    const auto& message = with_buttons[last - std::min(back, last)];
    const auto choices = pressable(message);
    const Pressable& chosen = choices[chaos_.random().between(0, choices.size() - 1)];
    std::string user = reader_of(message);
    press_once(user, chosen);
    if (chaos_.random().between(0, 1) == 0)
        press_once(user, chosen);
    else
        later_.push_back([this, user, chosen] { press_once(user, chosen); });
}

void People::react() {
    std::vector<sandbox::SlackMessage> ours;
    for (auto& message : all_messages())
        if (!message.bot_id.empty() && message.ephemeral_for.empty())
            ours.push_back(std::move(message));
    if (ours.empty())
        return;
    const auto& message = ours[chaos_.random().between(0, ours.size() - 1)];
    chaos_.world().slack().react(reader_of(message), message.channel, message.ts,
                                 chaos_.random().between(0, 1) == 0 ? "+1" : "-1", chaos_.random().between(0, 2) != 0);
}

// Sends what is open, twice; or closes it.
void People::use_forms() {
    auto& slack = chaos_.world().slack();
    for (const std::string& user : users_)
        for (const auto& view : slack.open_views(user)) {
            const std::string id = text_of(view, "id");
            if (chaos_.random().between(0, 2) == 0 || text_of(view, "callback_id").empty()) {
                slack.close_view(user, id);
                continue;
            }
            json::object state;
            if (text_of(view, "callback_id") == "ask_genie") {
                json::object input{{"type", "plain_text_input"}, {"value", next_question()}};
                json::object block{{"question", std::move(input)}};
                state["question"] = std::move(block);
            }
            slack.submit_view(user, id, state);
            slack.submit_view(user, id, state);
        }
}

// At the next question.
void People::let_genie_fail() {
    auto& outcomes = chaos_.world().genie().faults().outcomes;
    if (outcomes.empty())
        outcomes.push_back("FAILED");
}

template <class Act>
void People::taken(Act act) {
    const std::size_t before = chaos_.world().slack().acks().size();
    act();
    REQUIRE(chaos_.world().wait([&] { return chaos_.world().slack().acks().size() > before; }));
}

void People::rate(const std::string& turn_id, const std::string& channel, const std::string& ts) {
    auto& slack = chaos_.world().slack();
    const auto* message = slack.find_message(channel, ts);
    if (!message)
        return;
    const std::string user = reader_of(*message);
    auto& rating = ratings_[{turn_id, user}];
    std::vector<Pressable> sides;
    for (const Pressable& each : pressable(*message))
        if (text_of(each.action, "type") == "feedback_buttons")
            sides.push_back(each);
    REQUIRE(sides.size() == 2);
    // What earlier presses left is not known for sure: a process may have died with them.
    std::size_t side = chaos_.random().between(0, 1);
    for (int i = 0; i < 3; ++i, side = chaos_.random().between(0, 1)) {
        taken([&] { press_once(user, sides[side]); });
        rating = side == 0 ? 1 : 0;
    }
    const bool positive = chaos_.random().between(0, 1) == 0;
    const char* name = positive ? "+1" : "-1";
    const auto has_reacted = [&] {
        const auto* now = slack.find_message(channel, ts);
        const auto found = now->reactions.find(name);
        return found != now->reactions.end() &&
               std::find(found->second.begin(), found->second.end(), user) != found->second.end();
    };
    const bool adds = !has_reacted();
    taken([&] { slack.react(user, channel, ts, name, adds); });
    if (adds)
        rating = positive ? 1 : 0;
    else if (rating == (positive ? 1 : 0))
        rating.reset();
}

}  // namespace genie_slack::test
