#include "app/relay/intake.hpp"

#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace {

using Kind = IntakeDecision::Kind;

IntakeDecision ignore(const char* reason) {
    IntakeDecision decision;
    decision.reason = reason;
    return decision;
}

bool mentions(std::string_view text, std::string_view user) {
    const std::string start = "<@" + std::string(user);
    for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
        const char next = at + start.size() < text.size() ? text[at + start.size()] : '\0';
        if (next == '>' || next == '|')
            return true;
    }
    return false;
}

// "<@U5> what do you think?" in one of our threads is said to a colleague.
bool addresses_someone_else(std::string_view text, std::string_view self) {
    const std::size_t start = text.find_first_not_of(" \t\n");
    return start != std::string_view::npos && text.substr(start, 2) == "<@" && !mentions(text, self);
}

}  // namespace

IntakeDecision decide(const slack::Event& event, const slack::MessageEvent& message, const Self& self) {
    if (!message.bot_id.empty() || message.user == self.user_id || message.user.empty())
        return ignore("written by a bot");
    if (message.edited)
        return ignore("edited");
    if (!message.subtype.empty() && message.subtype != "file_share" && message.subtype != "thread_broadcast" &&
        message.subtype != "me_message")
        return ignore("subtype");
    if (message.channel.empty() || message.ts.empty())
        return ignore("incomplete");
    if (event.team.empty() && self.team.empty())
        return ignore("no team");
    if (message.mention || message.channel_type == "im" || mentions(message.text, self.user_id))
        return {Kind::question, ""};
    if (message.thread_ts.empty() || message.thread_ts == message.ts)
        return ignore("not addressed to us");
    if (addresses_someone_else(message.text, self.user_id))
        return ignore("addressed to someone else");
    return {Kind::if_served, ""};
}

storage::Turn make_turn(const slack::Event& event, const slack::MessageEvent& message, const Self& self) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey(event.team.empty() ? self.team : event.team, message.channel, message.root_ts());
    turn.question_ts = message.ts;
    turn.message_ts = message.ts;
    turn.id = storage::turn_id(turn.thread, message.ts);
    turn.user = message.user;
    turn.channel_type = message.channel_type;
    if (message.channel_type == "im")
        turn.origin = storage::Origin::direct_message;
    else if (!message.mention && !mentions(message.text, self.user_id))
        turn.origin = storage::Origin::thread_reply;
    turn.question = slack::plain_text(message.text, self.user_id);
    turn.received_at = wall_now();
    return turn;
}

}  // namespace genie_slack::relay
