// A local Slack: Socket Mode and the Web API methods that a bot uses, as strict as the real service
// (slack.md 7.2, 7.3). A developer's tool behind the chat page, and the peer of every integration test.
//
// What the page sees (snapshot() and on_change()). Ids, ts and texts are Slack's own; nothing is escaped for HTML:
// texts are mrkdwn with &amp; &lt; &gt; and <@U1> <#C1> <https://x|label> entities, markdown blocks are Markdown.
//
//   USER     {"id","name","real_name","email","is_bot":bool,"is_guest":bool,"is_stranger":bool,
//             "organisation" (of whom belongs to another team)}
//   CHANNEL  {"id","name","is_im":bool,"user":"U1" (direct messages only),"bot_is_member":bool,"is_ext_shared":bool,
//             "is_archived":bool}
//   MESSAGE  {"ts","thread_ts" (replies and roots with replies),"user","username","bot_id" (bots only),"text",
//             "blocks":[BLOCK],"files":[FILE],"reactions":[{"name","users":["U1"],"count"}],"edited":bool,
//             "streaming":bool,"ephemeral_for":"U1" (only that user sees it),"reply_count":n (roots),
//             "metadata":{...} (when set),"attachments":[...] (when set)}
//             A streamed message shows as blocks all along: markdown, task_card, plan and what its chunks brought; they
//             are made anew at each append. An ephemeral message stands in its channel or thread like any other.
//   BLOCK    Block Kit as the bot sent it, each with a block_id.
//   FILE     {"id","name","title","mimetype","size","url_private":"http://127.0.0.1:PORT/files/F1/name"} (open by GET)
//   STATUS   {"channel","thread_ts","status","loading_messages":["..."]}
//   PROMPTS  {"channel","thread_ts" ("" for the whole pane),"title","prompts":[{"title","message"}]}
//   SESSION  {"channel","thread_ts","title","status":"active|processing|suspended|closed|"}
//   VIEW     {"id","type":"modal|home","callback_id","title","submit","close","blocks":[...],"hash","private_metadata",
//             "state":{"values":{}},"root_view_id","previous_view_id"}
//
//   snapshot(user) =
//   {"team":{"id","name","domain"},"me":USER,"bot":{"user_id","bot_id","app_id","name"},"users":[USER],
//     "channels":[CHANNEL] (those that this user sees),
//     "messages":{"C1":[MESSAGE in order of ts, replies among them]},"statuses":[STATUS],"prompts":[PROMPTS],
//     "sessions":[SESSION],"home":VIEW|null,"views":[VIEW] (open modals of that user, the top one last),
//     "connections":n (open sockets of the bot),"commands":["/genie"]}
//
//   on_change(change), each with "type":
//     {"type":"message","channel":"C1","message":MESSAGE}           new or changed: replace by ts
//     {"type":"message_deleted","channel":"C1","ts":"..."}
//     {"type":"status", ...STATUS}                                  "" when it ended
//     {"type":"prompts", ...PROMPTS}
//     {"type":"session", ...SESSION}
//     {"type":"home","user":"U1","view":VIEW}
//     {"type":"view","user":"U1","view":VIEW}                       opened, pushed or updated: by view.id
//     {"type":"view_closed","user":"U1","view_id":"V1"}
//     {"type":"view_errors","user":"U1","view_id":"V1","errors":{"block_id":"text"}}  answer to submit_view();
//                                                                   {"": "text"} when the bot did not answer in time
//     {"type":"notice","user":"U1","channel":"C1","text":"..."}     Slack itself says something to one person
//     {"type":"user","user":USER}   {"type":"channel","channel":CHANNEL}
//     {"type":"connections","open":n}
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::sandbox {

struct SlackOptions {
    std::string address = "127.0.0.1";  // or "::1"
    std::uint16_t port = 0;
    std::string bot_token = "xoxb-sandbox-bot-token";
    std::string app_token = "xapp-1-sandbox-app-token";
    std::string team_id = "T0SANDBOX";
    std::string enterprise_id;  // the organisation of an Enterprise Grid, "" for none
    std::string bot_user_id = "U0GENIE";
    std::string bot_id = "B0GENIE";
    std::string app_id = "A0GENIE";
    std::string bot_name = "genie";
    std::uint64_t seed = 1;
    Duration ack_timeout = std::chrono::seconds(3);  // then the event is delivered again
    std::vector<Duration> retry_after = {std::chrono::seconds(1), std::chrono::minutes(1), std::chrono::minutes(5)};
    Duration ping_interval = std::chrono::seconds(10);
    Duration stream_life = std::chrono::seconds(300);
    Duration disconnect_grace = std::chrono::seconds(10);  // from "disconnect" (warning, refresh) to the close frame
    // How much of what Slack documents is allowed (rate_tiers.hpp): 1 is all of it, less is tighter, 0 lifts all
    // limits.
    double rate_share = 1;
    int max_connections = 10;
    int connection_life_seconds = 18060;  // hello's approximate_connection_time; tells, does nothing
    Duration trigger_life = std::chrono::seconds(3);
    Duration response_url_life = std::chrono::minutes(30);
    Duration status_life = std::chrono::minutes(2);  // of assistant.threads.setStatus
    // What the real service does (docs.slack.dev, chat.postEphemeral: "only shown if there is already an active
    // thread"; reports of bots in production):
    bool drops_unseen_notes = true;  // an ephemeral into a thread without replies is ok and nobody sees it
    bool replies_may_stray = true;   // a reply to a message that is gone is ok and stands at the channel's root
    // `team` and `enterprise` of what a stranger does are the stranger's (slack.md 3.11).
    bool actions_name_own_team = false;
    bool tells_enterprise = true;  // users.info has enterprise_user; it may be missing
    bool agent_view = true;        // the experience of slack.md 3.5; false: that of slack.md 3.4
    std::vector<std::string> commands = {"/genie"};
    // Subscribed events; others are not delivered. A mention in a channel makes both app_mention and message.channels.
    std::vector<std::string> bot_events = {"app_mention",
                                           "message.channels",
                                           "message.groups",
                                           "message.im",
                                           "message.mpim",
                                           "app_home_opened",
                                           "reaction_added",
                                           "reaction_removed",
                                           "assistant_thread_started",
                                           "assistant_thread_context_changed",
                                           "app_context_changed",
                                           "member_joined_channel",
                                           "channel_shared",
                                           "channel_unshared",
                                           "agent_session_stopped",
                                           "app_uninstalled",
                                           "tokens_revoked"};
    // A method whose scope is not here answers missing_scope.
    std::vector<std::string> bot_scopes = {
        "app_mentions:read", "assistant:write", "chat:write", "channels:history", "channels:read",
        "groups:history",    "groups:read",     "im:history", "im:read",          "im:write",
        "mpim:history",      "mpim:read",       "commands",   "files:write",      "files:read",
        "reactions:read",    "reactions:write", "users:read", "users:read.email", "team:read"};
};

// What the server does wrong on purpose; each is one switch of slack.md 7.2. Counted ones fall back by themselves.
struct SlackFaults {
    int open_http_500 = 0;   // so many apps.connections.open answers
    std::string open_error;  // "invalid_auth", "socket_mode_not_enabled": every open answers ok:false with it
    // Every open is ok and says this, as the real service does with "[WARN] Socket Mode is not turned on.".
    std::string open_warning;
    int clock_behind_seconds = 0;  // of the header Date of the API's answers
    int open_rate_limited = 0;     // so many 429 with Retry-After open_retry_after
    int open_retry_after = 2;
    int upgrade_status = 0;  // 404, 408, 409: answered to so many upgrades
    int upgrade_failures = 0;
    bool no_hello = false;
    bool ping_before_hello = false;
    bool silent = false;               // after hello: sends nothing, answers nothing, keeps TCP open
    bool ignore_close = false;         // never answers a close frame
    bool fragment_messages = false;    // server -> client messages in several frames
    bool byte_by_byte = false;         // and each byte in its own TCP segment (the first 2048 of a frame)
    bool duplicate_envelopes = false;  // every envelope twice
    // Both app_mention and message.channels always come for one ts (the bot subscribes to both); app_mention first, or
    // last when this is set.
    bool both_mention_events = false;
    // Per Web API method, in order, one per call; "*" counts for all. Taken before the call is processed, unless said.
    struct CallFault {
        std::string method;
        int http_status = 0;             // answer with this status ...
        std::optional<int> retry_after;  // ... and this Retry-After
        std::string error;               // or ok:false with this error
        Duration delay{};                // before answering
        bool reset_before = false;       // reset the connection without processing
        bool reset_after = false;        // process, then reset without an answer
        int times = 1;
    };
    std::vector<CallFault> calls;
    std::vector<std::string> refused_blocks;  // block types answered with invalid_blocks
    // Block types that are answered with internal_error however often one tries (seen with tables).
    std::vector<std::string> broken_blocks;
    int lost_uploads = 0;        // so many completed uploads are ok and never stand anywhere
    bool no_permalinks = false;  // files come without one
    // In channels shared by Slack Connect the outer team_id of an event may be the other organisation's, also for what
    // our own people write. "": the writer's team.
    std::string outer_team;
    bool no_streaming = false;  // stream methods answer unknown_method
    // What was streamed stays above what chat.update sets once the stream has ended. Slack does not document which of
    // the two it does.
    bool keeps_streamed = false;
    int picture_time_ms = 0;  // so long after its upload a picture is no valid slack_file yet
};

// The faults as JSON, keys as the members above, durations in milliseconds; and back: members not named stay. Returns
// what is wrong, nothing when all was taken.
boost::json::object describe_faults(const SlackFaults& faults);
std::optional<std::string> apply_faults(SlackFaults& faults, const boost::json::object& changes);

struct SlackUser {
    std::string id;
    std::string name;
    std::string real_name;
    std::string email;
    bool is_bot = false;
    bool is_guest = false;
    bool is_single_channel_guest = false;
    std::string team_id;        // "" for ours; otherwise met in a shared channel, or a colleague of the enterprise
    std::string enterprise_id;  // of that team; equal to ours: no stranger
    std::string organisation;   // its name, which stands beside the person's
    std::string locale;         // "de-DE", "" to say none
    std::string tz = "Europe/Berlin";
};

struct SlackChannel {
    std::string id;
    std::string name;
    bool is_im = false;
    std::string im_user;  // the person of a direct message with the bot
    bool bot_is_member = true;
    bool is_ext_shared = false;
    bool is_archived = false;
};

struct SlackMessage {
    std::string channel;
    std::string ts;
    std::string thread_ts;  // "" for a root message
    std::string user;
    std::string bot_id;
    std::string text;
    boost::json::array blocks;
    boost::json::object metadata;
    boost::json::array files;
    bool edited = false;
    std::string edited_ts;
    std::string username;  // of a bot that is no user, as workflows are
    bool streaming = false;
    std::string ephemeral_for;  // user that alone sees it
    int updates = 0;            // chat.update calls and appends so far
    std::string subtype;
    boost::json::array attachments;
    std::map<std::string, std::vector<std::string>> reactions;  // name -> users
};

// One Web API call as it arrived; also posts to a response_url (method "response_url") and to an upload URL ("upload").
struct SlackCall {
    std::string method;
    boost::json::object arguments;  // decoded, form or JSON
    TimePoint at{};
    bool ok = false;
    std::string error;
    int http_status = 200;
    std::string content_type;
};

struct SlackAck {
    std::string envelope_id;
    int connection = 0;
    std::optional<boost::json::value> payload;
    Duration after{};  // from sending the envelope
};

// All methods on the executor's thread.
class SlackServer {
 public:
    virtual ~SlackServer() = default;

    virtual std::uint16_t port() const = 0;
    virtual std::string api_url() const = 0;  // http://127.0.0.1:PORT/api/
    virtual boost::asio::awaitable<void> run() = 0;
    virtual const SlackOptions& options() const = 0;
    virtual SlackFaults& faults() = 0;

    // The workspace: it starts with a few people and channels.
    virtual const std::vector<SlackUser>& users() const = 0;
    virtual const std::vector<SlackChannel>& channels() const = 0;
    // Whether the channel is there for the person: a stranger has only shared ones, a direct message is its person's.
    virtual bool sees(const std::string& user, const std::string& channel) const = 0;
    virtual SlackUser& add_user(SlackUser user) = 0;
    virtual SlackChannel& add_channel(SlackChannel channel) = 0;
    virtual std::string direct_message(const std::string& user) = 0;  // its channel id, made when missing
    // All messages in order of time; those of one thread; one.
    virtual std::vector<SlackMessage> messages(const std::string& channel) const = 0;
    virtual std::vector<SlackMessage> thread(const std::string& channel, const std::string& thread_ts) const = 0;
    virtual const SlackMessage* find_message(const std::string& channel, const std::string& ts) const = 0;
    virtual std::string status(const std::string& channel, const std::string& thread_ts) const = 0;
    virtual const SlackMessage* last_message(const std::string& channel) const = 0;
    // Open modals of a user, the top one last.
    virtual std::vector<boost::json::object> open_views(const std::string& user) const = 0;
    virtual const boost::json::object* home_view(const std::string& user) const = 0;
    virtual std::optional<std::string> file_content(const std::string& file_id) const = 0;

    // What people do. Each returns after the matching events were queued for delivery; ts of the message.
    virtual std::string say(const std::string& user, const std::string& channel, const std::string& text,
                            const std::string& thread_ts = "", std::optional<std::string> ts = {}) = 0;
    virtual void edit(const std::string& channel, const std::string& ts, const std::string& text) = 0;
    // Of a message with replies a tombstone stays.
    virtual void remove(const std::string& channel, const std::string& ts) = 0;
    // Slack shows the preview of a page that the message links.
    virtual void unfurl(const std::string& channel, const std::string& ts, const std::string& url) = 0;
    // The person forwards a message to `channel` with `text`, which may be "".
    virtual std::string forward(const std::string& user, const std::string& from_channel, const std::string& from_ts,
                                const std::string& channel, const std::string& text,
                                const std::string& thread_ts = "") = 0;
    // A voice clip; Slack transcribes it, or has not done so yet.
    virtual std::string speak(const std::string& user, const std::string& channel,
                              std::optional<std::string> transcript, const std::string& thread_ts = "") = 0;
    // A workflow of Workflow Builder writes.
    virtual std::string run_workflow(const std::string& name, const std::string& channel, const std::string& text) = 0;
    // The channel is shared with another organisation from now on, or no more.
    virtual void share_channel(const std::string& channel, bool shared) = 0;
    // What "/invite @genie" does: the bot becomes a member.
    virtual void invite_bot(const std::string& user, const std::string& channel) = 0;
    // A reaction of a person.
    virtual void react(const std::string& user, const std::string& channel, const std::string& ts,
                       const std::string& name, bool add) = 0;
    virtual void open_home(const std::string& user, const std::string& tab) = 0;
    // Presses an element of a message: `action` as in the actions array of slack.md 3.11 (type, action_id, block_id,
    // value or selected_option). False when no such element stands in the message. `state` is merged into state.values
    // before: what was typed or chosen in other elements of the message.
    virtual bool press(const std::string& user, const std::string& channel, const std::string& ts,
                       boost::json::object action, boost::json::object state = {}) = 0;
    // The same in a modal or home view.
    virtual bool press_view(const std::string& user, const std::string& view_id, boost::json::object action,
                            boost::json::object state = {}) = 0;
    virtual void slash(const std::string& user, const std::string& channel, const std::string& command,
                       const std::string& text) = 0;
    virtual void message_shortcut(const std::string& user, const std::string& channel, const std::string& ts,
                                  const std::string& callback_id) = 0;
    virtual void global_shortcut(const std::string& user, const std::string& callback_id) = 0;
    // The person opens the agent pane while looking at `viewing_channel` ("" for none). Returns the new thread's ts in
    // the direct message (agent_view off), "" otherwise.
    virtual std::string open_agent_pane(const std::string& user, const std::string& viewing_channel = "") = 0;
    // A message with an attached file (subtype file_share).
    virtual std::string share_file(const std::string& user, const std::string& channel, const std::string& name,
                                   const std::string& content, const std::string& text = "",
                                   const std::string& thread_ts = "") = 0;
    virtual void submit_view(const std::string& user, const std::string& view_id, boost::json::object state_values) = 0;
    virtual void close_view(const std::string& user, const std::string& view_id) = 0;
    // The person presses Stop on a stream or session.
    virtual void stop_session(const std::string& user, const std::string& channel, const std::string& thread_ts) = 0;
    // Options of an external_select: asks the bot and returns what it acked, nothing when it did not in time.
    virtual boost::asio::awaitable<std::optional<boost::json::object>> suggest(const std::string& user,
                                                                               const std::string& channel,
                                                                               const std::string& ts,
                                                                               const std::string& action_id,
                                                                               const std::string& typed) = 0;

    virtual boost::asio::awaitable<std::optional<boost::json::object>> suggest_view(const std::string& user,
                                                                                    const std::string& view_id,
                                                                                    const std::string& action_id,
                                                                                    const std::string& typed) = 0;

    // Socket Mode by hand. `connection` counts from 1 in order of upgrade; 0: any usable one, at random.
    virtual int open_connections() const = 0;
    virtual std::vector<int> connection_ids() const = 0;
    // Sends an envelope; its id. Redelivered with retry fields when no ack comes, if `redeliver`.
    virtual std::string send_envelope(const std::string& type, boost::json::object payload, int connection = 0,
                                      bool redeliver = true) = 0;
    // An events_api envelope around `event` with a new event_id (or the given one).
    virtual std::string send_event(boost::json::object event, int connection = 0, std::string event_id = "",
                                   int retry_attempt = 0) = 0;
    virtual void send_raw_text(int connection, const std::string& text) = 0;
    virtual void send_raw_binary(int connection, const std::string& bytes) = 0;
    virtual void send_ping(int connection, const std::string& payload) = 0;
    virtual void send_disconnect(int connection, const std::string& reason) = 0;
    virtual void close_connection(int connection, std::uint16_t code) = 0;  // close frame, then TCP
    virtual void drop_connection(int connection, bool reset) = 0;           // FIN, or RST, without a close frame

    // What was seen.
    virtual const std::vector<SlackCall>& calls() const = 0;
    virtual std::vector<SlackCall> calls_of(const std::string& method) const = 0;
    virtual const std::vector<SlackAck>& acks() const = 0;
    virtual std::size_t deliveries(const std::string& event_id) const = 0;
    virtual std::vector<std::string> pongs(int connection) const = 0;
    // Breaches of the protocol by the client: fragmented or oversized ack frames, unknown envelope ids, second acks,
    // unmasked frames, a changed or used ticket. Empty when the client behaves.
    virtual const std::vector<std::string>& violations() const = 0;
    // Called after every change that the page has to show (message, status, view, ...).
    virtual void on_change(std::function<void(const boost::json::object& change)> listener) = 0;
    // The whole workspace as one user sees it, for the page.
    virtual boost::json::object snapshot(const std::string& user) const = 0;
};

// Throws boost::system::system_error when the port cannot be bound.
std::unique_ptr<SlackServer> create_slack_server(boost::asio::any_io_executor executor, SlackOptions options = {});

}  // namespace genie_slack::sandbox
