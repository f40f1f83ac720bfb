#include "tests/e2e/chaos/people.hpp"

#include "tests/e2e/chaos/shown.hpp"

#include <algorithm>

namespace genie_slack::test {

namespace json = boost::json;

namespace people_detail {

constexpr int kChannels = 4;
constexpr const char* kStopButton = "stop_turn";

// A number in words that the local Genie overlooks: digits would ask for so many rows.
std::string spelled(int number) {
    static constexpr const char* kDigits[] = {"a", "about", "an", "any", "are", "as", "at", "be", "been", "but"};
    std::string words;
    for (const char digit : std::to_string(number))
        words += (words.empty() ? "" : " ") + std::string(kDigits[digit - '0']);
    return words;
}

}  // namespace people_detail

People::People(ChaosWorld& chaos, bool partner_is_named)
    : chaos_(chaos),
      presses_(chaos, [this](const std::string& what) { note(what); }),
      partner_is_named_(partner_is_named) {
    auto& slack = chaos_.world().slack();
    sandbox::SlackUser colleague;
    colleague.id = kColleague;
    colleague.name = "sam";
    colleague.team_id = "T0SISTER";
    colleague.enterprise_id = slack.options().enterprise_id;
    slack.add_user(colleague);
    for (const auto& user : slack.users())
        if (!user.is_bot && !user.is_guest)
            users_.push_back(user.id);
    for (int i = 0; i < people_detail::kChannels; ++i)
        add_channel("C0PEOPLE" + std::to_string(i), false);
    add_channel(kPartner, true);
    add_channel("C0CLOSED", true);
}

void People::add_channel(const std::string& id, bool is_shared) {
    sandbox::SlackChannel channel;
    channel.id = id;
    channel.name = "channel-" + id;
    channel.is_ext_shared = is_shared;
    const bool is_open = !is_shared || (partner_is_named_ && id == kPartner);
    (is_open ? channels_ : closed_).push_back(chaos_.world().slack().add_channel(channel).id);
}

bool People::is_closed(const std::string& channel) const {
    return std::find(closed_.begin(), closed_.end(), channel) != closed_.end();
}

bool People::may_be_turned_away(const AskedMessage& asked) const {
    const bool is_shared = asked.channel == kPartner || asked.channel == kJoined;
    return has_closed(asked.channel) || (asked.user == kColleague && is_shared);
}

void People::let_partner_in() {
    note(std::string("share ") + kJoined);
    chaos_.world().slack().share_channel(kJoined, true);
    if (!partner_is_named_)
        closed_since_ = wall_now();
}

void People::act() {
    presses_.press_again();
    const auto die = chaos_.random().between(0, 99);
    const std::pair<std::uint64_t, void (People::*)()> deeds[] = {
        {12, &People::ask},
        {20, &People::reply},
        {25, &People::ask_directly},
        {27, &People::ask_where_closed},
        {30, &People::ask_by_command},
        {32, &People::use_command},
        {36, &People::use_shortcut},
        {39, &People::use_home},
        {46, &People::edit},
        {51, &People::remove},
        {55, &People::stop},
        {59, &People::react},
        {64, &People::use_forms},
        {66, &People::let_genie_fail},
        {71, &People::choose_spaces},
    };
    for (const auto& [below, deed] : deeds)
        if (die < below)
            return (this->*deed)();
    presses_.press(somebody());
}

const std::string& People::one_of(const std::vector<std::string>& all) {
    return all[chaos_.random().between(0, all.size() - 1)];
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
    say(somebody(), one_of(channels_), "");
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

// By mention, below it, by command: nobody is answered where partners read along.
void People::ask_where_closed() {
    const std::string& channel = one_of(closed_);
    const std::string user = somebody();
    const std::string question = std::string(kClosed) + next_question();
    note("say " + channel + ": " + question);
    const std::string ts = chaos_.world().slack().say(user, channel, chaos_.world().mention() + question);
    chaos_.world().slack().say(user, channel, chaos_.world().mention() + question, ts);
    chaos_.world().slack().slash(user, channel, "/genie", question);
}

void People::ask_by_command() {
    const std::string question = next_question();
    note("slash " + question);
    chaos_.world().slack().slash(somebody(), one_of(channels_), "/genie", question);
}

// Whose space is asked from now on; the ephemeral answer may have buttons.
void People::use_command() {
    static const std::vector<std::string> kCommands = {"use Sales", "use Sale", "use none", "spaces", "help"};
    const std::string& command = one_of(kCommands);
    note("slash " + command);
    chaos_.world().slack().slash(somebody(), one_of(channels_), "/genie", command);
}

void People::use_home() {
    const std::string user = somebody();
    chaos_.world().slack().open_home(user, "home");
    presses_.press_home(user);
}

void People::use_shortcut() {
    const std::string user = somebody();
    const std::string& channel = one_of(channels_);
    const auto messages = chaos_.world().slack().messages(channel);
    std::vector<std::string> of_people;
    for (const auto& message : messages)
        if (message.bot_id.empty() && message.subtype.empty())
            of_people.push_back(message.ts);
    if (of_people.empty())
        return;
    const std::string& ts = one_of(of_people);
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

// Who asked last where the message stands.
std::string People::asker_in(const sandbox::SlackMessage& message) {
    const auto found = std::find_if(asked_.rbegin(), asked_.rend(), [&](const AskedMessage& asked) {
        return asked.channel == message.channel && asked.thread == message.thread_ts;
    });
    return found == asked_.rend() ? reader_of(message) : found->user;
}

// By the button, or by what Slack itself offers with a stream.
void People::stop() {
    for (const auto& message : all_messages()) {
        if (message.bot_id.empty() || chaos_.random().between(0, 1) == 0)
            continue;
        for (const Pressable& each : presses_.in(message))
            if (each.action_id == people_detail::kStopButton) {
                const std::string user = asker_in(message);
                if (message.streaming && chaos_.random().between(0, 2) == 0) {
                    note("stop session " + message.channel + " " + message.thread_ts + " by " + user);
                    return chaos_.world().slack().stop_session(user, message.channel, message.thread_ts);
                }
                presses_.press_once(user, message, each);
                presses_.press_once(user, message, each);
                return;
            }
    }
}

void People::choose_spaces() {
    for (const auto& message : all_messages()) {
        if (message.bot_id.empty() || !message.ephemeral_for.empty())
            continue;
        std::vector<Pressable> choices = presses_.in(message);
        std::erase_if(choices, [](const Pressable& each) { return each.action_id != "choose_space"; });
        if (!choices.empty())
            presses_.press_once(reader_of(message), message, choices[chaos_.random().between(0, choices.size() - 1)]);
    }
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
    const auto* found = slack.find_message(channel, ts);
    if (!found)
        return;
    const sandbox::SlackMessage message = *found;
    // Who is not known by their workspace alone may be turned away where Slack is slow to tell.
    std::string user = reader_of(message);
    while (user == kColleague && channel.front() != 'D')
        user = somebody();
    auto& rating = ratings_[{turn_id, user}];
    std::vector<Pressable> sides = presses_.in(message);
    std::erase_if(sides, [](const Pressable& each) { return text_of(each.action, "type") != "feedback_buttons"; });
    REQUIRE(sides.size() == 2);
    // What earlier presses left is not known for sure: a process may have died with them.
    std::size_t side = chaos_.random().between(0, 1);
    for (int i = 0; i < 3; ++i, side = chaos_.random().between(0, 1)) {
        taken([&] { presses_.press_once(user, message, sides[side]); });
        rating = side == 0 ? 1 : 0;
    }
    const bool positive = chaos_.random().between(0, 1) == 0;
    const char* name = positive ? "+1" : "-1";
    const auto has_reacted = [&] {
        const auto* now = slack.find_message(channel, ts);
        const auto given = now->reactions.find(name);
        return given != now->reactions.end() &&
               std::find(given->second.begin(), given->second.end(), user) != given->second.end();
    };
    const bool adds = !has_reacted();
    taken([&] { slack.react(user, channel, ts, name, adds); });
    if (adds)
        rating = positive ? 1 : 0;
    else if (rating == (positive ? 1 : 0))
        rating.reset();
}

}  // namespace genie_slack::test
