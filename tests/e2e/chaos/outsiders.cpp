#include "tests/e2e/chaos/outsiders.hpp"

#include "storage/types.hpp"
#include "tests/e2e/chaos/shown.hpp"

#include <algorithm>
#include <memory>

namespace genie_slack::test {

namespace json = boost::json;

namespace outsiders_detail {

constexpr const char* kGuest = "U0GUEST";
constexpr const char* kStranger = "U0NOOR";

// Also tables, files, and the other buttons below answers.
bool tells_data(const std::string& text) {
    for (const char* piece : {"data_table", "data_visualization", ".csv", ".xlsx", "show_sql", "share_answer",
                              "answer_more", "switch_view", "ask_follow_up"})
        if (holds(text, piece))
            return true;
    return shows_data(text);
}

bool is_refusal(const std::string& text) {
    return holds(text, "I only answer members") || holds(text, "I do not answer in this channel") ||
           holds(text, "another organisation read along");
}

}  // namespace outsiders_detail

using namespace outsiders_detail;

Outsiders::Outsiders(ChaosWorld& chaos, People& people)
    : chaos_(chaos),
      people_(people),
      presses_(chaos, [this](const std::string& what) { note(what); }),
      users_{kGuest, kStranger},
      seen_(std::make_shared<Seen>()) {
    auto& slack = chaos_.world().slack();
    sandbox::SlackUser stranger;
    stranger.id = kStranger;
    stranger.name = "noor";
    stranger.team_id = "T0PARTNER";
    stranger.enterprise_id = "E0PARTNER";
    slack.add_user(stranger);
    for (const std::string& user : users_)
        seen_->owners[slack.direct_message(user)] = user;
    slack.on_change([seen = seen_](const json::object& change) { seen->remember(change); });
}

bool Outsiders::is_one(const std::string& user) const {
    return std::find(users_.begin(), users_.end(), user) != users_.end();
}

void Outsiders::Seen::remember(const json::object& change) {
    std::string user;
    if (const auto* message = change.if_contains("message")) {
        user = text_of(message->as_object(), "ephemeral_for");
        const auto owner = owners.find(text_of(change, "channel"));
        // What they write themselves is no news to them.
        if (owner != owners.end() && message->as_object().contains("bot_id"))
            user = owner->second;
    } else if (text_of(change, "type") == "prompts") {
        const auto owner = owners.find(text_of(change, "channel"));
        user = owner == owners.end() ? "" : owner->second;
    } else if (text_of(change, "type") == "home" || text_of(change, "type") == "view") {
        user = text_of(change, "user");
    }
    const bool is_outsider =
        std::any_of(owners.begin(), owners.end(), [&](const auto& each) { return each.second == user; });
    if (is_outsider)
        changes.push_back(change);
}

void Outsiders::act() {
    user_ = users_[chaos_.random().between(0, users_.size() - 1)];
    presses_.press_again();
    void (Outsiders::* const deeds[])() = {&Outsiders::ask,          &Outsiders::reply,       &Outsiders::ask_directly,
                                           &Outsiders::change_words, &Outsiders::look_around, &Outsiders::use_menus,
                                           &Outsiders::react};
    const auto die = chaos_.random().between(0, 11);
    if (die < std::size(deeds))
        return (this->*deeds[die])();
    presses_.press(user_);
}

std::string Outsiders::next_question() {
    return kMark + std::to_string(++questions_) + ": what was revenue by region?";
}

std::vector<std::string> Outsiders::channels_of(const std::string& user) const {
    std::vector<std::string> seen;
    for (const auto& channel : chaos_.world().slack().channels())
        if (!channel.is_im && channel.bot_is_member && chaos_.world().slack().sees(user, channel.id))
            seen.push_back(channel.id);
    return seen;
}

void Outsiders::say(const std::string& channel, const std::string& text, const std::string& thread) {
    const std::string ts = chaos_.world().slack().say(user_, channel, text, thread);
    note(user_ + " says " + channel + " " + ts + " in " + thread + ": " + text);
    said_[user_].push_back({channel, ts});
}

void Outsiders::ask() {
    const auto channels = channels_of(user_);
    if (!channels.empty())
        say(channels[chaos_.random().between(0, channels.size() - 1)], chaos_.world().mention() + next_question(), "");
}

// Below a member's question, with the bot's name or without it.
void Outsiders::reply() {
    const auto& asked = people_.asked();
    if (asked.empty())
        return;
    const AskedMessage& about =
        asked[asked.size() - 1 - chaos_.random().between(0, std::min<std::size_t>(asked.size() - 1, 5))];
    if (!chaos_.world().slack().sees(user_, about.channel) ||
        !chaos_.world().slack().find_message(about.channel, about.thread))
        return;
    const std::string name = chaos_.random().between(0, 1) == 0 ? chaos_.world().mention() : "";
    say(about.channel, name + next_question(), about.thread);
}

void Outsiders::ask_directly() {
    say(chaos_.world().slack().direct_message(user_), next_question(), "");
}

// Edits what they wrote, or takes it back.
void Outsiders::change_words() {
    auto& said = said_[user_];
    if (said.empty())
        return;
    const Said last = said.back();
    if (chaos_.random().between(0, 2) == 0) {
        note(user_ + " removes " + last.ts);
        said.pop_back();
        return chaos_.world().slack().remove(last.channel, last.ts);
    }
    note(user_ + " edits " + last.ts);
    chaos_.world().slack().edit(last.channel, last.ts, chaos_.world().mention() + next_question());
}

void Outsiders::look_around() {
    auto& slack = chaos_.world().slack();
    slack.open_home(user_, "home");
    slack.open_agent_pane(user_);
    presses_.press_home(user_);
}

void Outsiders::use_menus() {
    auto& slack = chaos_.world().slack();
    const auto channels = channels_of(user_);
    if (channels.empty())
        return;
    const std::string& channel = channels[chaos_.random().between(0, channels.size() - 1)];
    slack.slash(user_, channel, "/genie", next_question());
    slack.slash(user_, channel, "/genie", "help");
    const auto messages = slack.messages(channel);
    if (!messages.empty())
        slack.message_shortcut(user_, channel, messages.back().ts, "ask_genie");
    note(user_ + " uses menus in " + channel);
}

void Outsiders::react() {
    auto messages = presses_.seen_by(user_);
    std::erase_if(messages, [](const auto& message) { return !message.ephemeral_for.empty(); });
    if (messages.empty())
        return;
    const auto& message = messages[chaos_.random().between(0, messages.size() - 1)];
    chaos_.world().slack().react(user_, message.channel, message.ts, "-1", true);
}

void Outsiders::expect(bool holds, const std::string& problem) {
    if (!holds)
        problems_.push_back(problem);
}

std::vector<std::string> Outsiders::problems() {
    problems_.clear();
    check_seen();
    check_rows();
    for (const auto& question : chaos_.world().genie().questions())
        expect(!question.content.starts_with(kMark), "Genie saw: " + question.content);
    return problems_;
}

void Outsiders::check_seen() {
    const auto& slack = chaos_.world().slack();
    for (const json::object& change : seen_->changes) {
        const std::string shown = json::serialize(change);
        const std::string type = text_of(change, "type");
        expect(!tells_data(shown), "an outsider saw data: " + shown);
        expect(type != "view" && type != "prompts", "an outsider was shown: " + shown);
    }
    for (const std::string& user : users_) {
        if (const auto* home = slack.home_view(user))
            expect(is_refusal(json::serialize(*home)), user + " has a Home tab: " + json::serialize(*home));
        for (const auto& message : presses_.seen_by(user)) {
            const bool is_theirs = !message.ephemeral_for.empty() || message.channel.front() == 'D';
            const std::string shown = BotWorld::shown(message);
            expect(!is_theirs || (is_refusal(shown) && message.files.empty()), user + " was told: " + shown);
        }
    }
}

void Outsiders::check_rows() {
    for (const auto& row : chaos_.database().query(
             ChaosWorld::kDatabase,
             "SELECT id, user_id, question, state, failure, message_id, stopped_by FROM genie_app.turns")) {
        const std::string name = "turn " + row[0] + " of " + row[1] + " (" + row[2] + ")";
        expect(!is_one(row[6]), name + " was stopped by " + row[6]);
        if (!is_one(row[1]))
            continue;
        const bool is_over = row[4].starts_with("refused:") || row[4] == "deleted" || row[4] == "edited";
        expect(row[3] == "failed" && is_over, name + " is " + row[3] + " " + row[4]);
        expect(row[5].empty(), name + " was asked");
    }
    std::map<std::string, std::string> ratings;
    for (const auto& row : chaos_.database().query(ChaosWorld::kDatabase, "SELECT id FROM genie_app.turns"))
        for (const std::string& user : users_)
            ratings[storage::feedback_id(row[0], user)] = user;
    for (const auto& row : chaos_.database().query(ChaosWorld::kDatabase, "SELECT id FROM genie_app.feedbacks"))
        if (const auto rating = ratings.find(row[0]); rating != ratings.end())
            expect(false, "rated by " + rating->second);
}

}  // namespace genie_slack::test
