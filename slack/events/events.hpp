// What Slack tells us, as plain typed values (slack.md 3). Parsing is tolerant: absent and null are the same,
// unknown members are ignored, unknown kinds become UnknownEvent.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace genie_slack::slack {

// A message that a person forwarded with his own.
struct Forwarded {
    std::string author;  // the name that Slack shows
    std::string text;    // mrkdwn as Slack escaped it; "" when Slack tells no words, as of a file
    std::string channel;
    std::string ts;
};

// A voice or video clip and what was said in it.
struct Clip {
    std::string status;     // of the transcription: complete, processing, failed, none; "" when Slack says nothing
    std::string text;       // the beginning of what was said, "" when Slack does not know it (yet)
    bool has_more = false;  // more was said than `text` holds
};

// Ids of direct messages begin with a letter of their own (slack.md 3.13): for payloads that tell no type.
inline bool is_direct_channel(std::string_view channel) {
    return channel.starts_with('D');
}

// A message someone wrote, from `app_mention` or `message`. Ids and timestamps stay strings (slack.md 3.13).
struct MessageEvent {
    bool mention = false;  // came as app_mention
    std::string subtype;   // "" for an ordinary message; message_changed and message_deleted have their own types
    std::string channel;
    std::string channel_type;  // channel, group, im, mpim; "" with app_mention
    std::string user;
    std::string user_team;  // the writer's team when he is a stranger (Slack Connect), "" for our own people
    std::string text;       // mrkdwn as Slack escaped it
    std::string ts;
    std::string thread_ts;  // "" for a root message
    std::string bot_id;     // set: written by a bot, ours included
    std::string app_id;
    bool edited = false;
    std::string edited_ts;  // when, "" when it was not edited
    std::string edited_by;
    bool has_files = false;
    std::size_t file_count = 0;        // clips included
    std::vector<Clip> clips;           // at most 10
    std::vector<Forwarded> forwarded;  // at most 10

    // Written to the bot alone.
    bool is_direct() const { return channel_type == "im" || (channel_type.empty() && is_direct_channel(channel)); }
    // The ts that names the thread this message is in or starts.
    const std::string& root_ts() const { return thread_ts.empty() ? ts : thread_ts; }
};

struct MessageChanged {
    std::string channel;
    MessageEvent message;  // as it is now; its ts is the message's id
    std::string previous_text;
    std::string previous_edited_ts;  // the same as message.edited_ts: no person changed it (a preview, a reply count)
};

// Also a message with replies, of which a tombstone stays.
struct MessageDeleted {
    std::string channel;
    std::string deleted_ts;
    std::string thread_ts;
    std::string user;  // who had written it
    std::string text;  // what it said
};

struct ReactionChanged {
    bool added = true;
    std::string user;
    std::string reaction;  // without colons; skin tone suffix removed; "+1" for thumbsup, "-1" for thumbsdown
    std::string item_user;
    std::string channel;
    std::string ts;
};

struct AppHomeOpened {
    std::string user;
    std::string channel;
    std::string tab;  // home, messages
};

// Older apps (assistant_view).
struct AssistantThreadStarted {
    bool context_changed = false;  // assistant_thread_context_changed
    std::string user;
    std::string channel;
    std::string thread_ts;
    std::string context_channel;
};

// Newer apps (agent_view, slack.md 3.5).
struct AppContextChanged {
    std::string user;
    std::string channel;
    std::string context_channel;  // the channel the person looks at, "" when it is something else
};

struct AgentSessionStopped {
    std::string user;
    std::string channel;
    std::string thread_ts;
    std::vector<std::string> streaming_message_ts;
};

// People of another organisation read along in a channel from now on, or do not any more.
struct ChannelShared {
    std::string channel;
    bool is_shared = true;
};
struct MemberJoinedChannel {
    std::string user;
    std::string channel;
    std::string inviter;  // "" for whoever joined on his own
};
struct AppRateLimited {
    std::string team;
    std::int64_t minute = 0;
};
struct UnknownEvent {
    std::string type;
};

using EventBody = std::variant<UnknownEvent, MessageEvent, MessageChanged, MessageDeleted, ReactionChanged,
                               AppHomeOpened, AssistantThreadStarted, AppContextChanged, AgentSessionStopped,
                               ChannelShared, MemberJoinedChannel, AppRateLimited>;

// The wrapper around every event (slack.md 3.1).
struct Event {
    std::string event_id;  // "" only for app_rate_limited
    std::string team;      // whose installation it is for: its workspace, or the enterprise of an org-wide install
    std::string enterprise;
    std::string app_id;
    bool ext_shared_channel = false;
    int retry_attempt = 0;
    std::string retry_reason;
    EventBody body;
};

struct SlashCommand {
    std::string team;
    std::string enterprise;
    std::string channel;
    std::string user;
    std::string user_name;
    std::string user_team;  // a stranger's team, else "". Slack offers commands to nobody outside the workspace
    std::string command;    // "/genie"
    std::string text;       // escaped as messages are
    std::string response_url;
    std::string trigger_id;
};

// One pressed button, chosen option, or feedback button.
struct Action {
    std::string type;
    std::string action_id;
    std::string block_id;
    std::string value;       // button value, or value of the selected option
    std::string value_text;  // label of the selected option
};

// `user_team` of interactions: the person's own workspace when it is not the one of `team` and, as far as the payload
// tells, not of its organisation either; else "". A payload seldom names the organisation of a person: where
// `enterprise` is set, users.info tells whether the person is a colleague of another workspace (UserInfo::enterprise);
// and of an org-wide install, whose payloads may name no workspace, whether it is a stranger (UserInfo::is_stranger).
struct BlockActions {
    std::string team;
    std::string enterprise;
    std::string user;
    std::string user_team;
    std::string user_name;
    std::string channel;     // "" in views
    std::string message_ts;  // "" in views
    std::string thread_ts;   // thread of the message, "" when it is no thread message
    std::string view_id;
    std::string response_url;
    std::string trigger_id;
    std::vector<Action> actions;
    std::vector<Action> state;    // what the inputs of the message or view hold, one entry per chosen value
    boost::json::object message;  // the message the block stands in, empty in views
    boost::json::object view;
};

struct ViewSubmission {
    bool closed = false;  // view_closed
    std::string team;
    std::string enterprise;
    std::string user;
    std::string user_team;
    std::string view_id;
    std::string callback_id;
    std::string private_metadata;
    std::string trigger_id;
    // block_id -> action_id -> value: plain text, selected value, date or user, whatever the element holds.
    std::vector<Action> values;
};

struct Shortcut {
    bool on_message = false;  // message_action
    std::string team;
    std::string enterprise;
    std::string user;
    std::string user_team;
    std::string callback_id;
    std::string trigger_id;
    std::string response_url;
    std::string channel;       // on_message only
    std::string message_ts;    // on_message only
    std::string thread_ts;     // thread of that message, or ""
    std::string message_text;  // on_message only
    std::string message_user;  // on_message only
};

// external_select asks for options; the answer goes into the ack.
struct BlockSuggestion {
    std::string team;
    std::string enterprise;
    std::string user;
    std::string user_team;
    std::string channel;
    std::string action_id;
    std::string block_id;
    std::string value;  // what was typed so far
};

struct UnknownInteraction {
    std::string type;
};

using Interaction = std::variant<UnknownInteraction, BlockActions, ViewSubmission, Shortcut, BlockSuggestion>;

// What an envelope holds.
using Payload = std::variant<Event, SlashCommand, Interaction>;

Event parse_event(const boost::json::object& payload, int retry_attempt = 0, std::string_view retry_reason = {});
SlashCommand parse_slash_command(const boost::json::object& payload);
Interaction parse_interaction(const boost::json::object& payload);

// "message", "block_actions", "app_mention", ...: what metrics count and the log says.
std::string kind_of(const Payload& payload);

}  // namespace genie_slack::slack
