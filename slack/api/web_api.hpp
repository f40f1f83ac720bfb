// The client of Slack's Web API (slack.md 2).
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "slack/api/api_error.hpp"
#include "slack/api/api_method.hpp"
#include "slack/api/call_budget.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

// Who we are (auth.test).
struct Identity {
    std::string url;
    std::string team;
    std::string team_id;
    std::string enterprise_id;
    std::string user;
    std::string user_id;
    std::string bot_id;
    std::string app_id;               // "" when Slack does not say
    std::vector<std::string> scopes;  // x-oauth-scopes
};

// A message to post or to put in place of another. `text` is mrkdwn and always set: notifications and screen readers
// read only it. With `blocks` empty the text is the message.
struct OutgoingMessage {
    OutgoingMessage() = default;
    OutgoingMessage(std::string channel_, std::string text_) : channel(std::move(channel_)), text(std::move(text_)) {}

    std::string channel;
    std::string thread_ts;  // "" posts to the channel
    std::string text;
    boost::json::array blocks;
    std::string metadata_type;  // event_type of message metadata, "" for none
    boost::json::object metadata_payload;
    std::optional<Urgency> urgency;  // when it is no answer
    // Asked right before the message goes out, after all waiting for a place: false ends the call with `cancelled`, and
    // drops a coalesced update, since whoever wrote it may not speak any more.
    std::function<bool()> may_send;
};

struct Posted {
    std::string channel;
    std::string ts;
    // The thread that the message stands in as Slack shows it. "" at the root of the channel, which is where Slack puts
    // a reply to a message that is gone, and when Slack does not show the message.
    std::string thread_ts;
    bool shown = false;  // Slack showed the message, so that an empty `thread_ts` is a fact
};

struct StreamStart {
    std::string channel;
    std::string thread_ts;
    std::string recipient_user;
    std::string recipient_team;
    std::string task_display_mode;  // "", timeline, plan
    boost::json::array chunks;
};

struct StreamStop {
    std::string channel;
    std::string ts;
    boost::json::array chunks;
    std::string metadata_type;
    boost::json::object metadata_payload;
};

struct ChannelInfo {
    std::string id;
    std::string name;
    bool is_im = false;
    bool is_private = false;
    bool is_ext_shared = false;
    std::optional<bool> is_member;  // whether we are; nothing where Slack does not tell
};

struct UserInfo {
    std::string id;
    std::string team;
    std::string name;                                // what people see: display name, else real name
    std::string email;                               // "" without users:read.email
    std::string locale;                              // "de-DE"
    std::optional<std::chrono::seconds> utc_offset;  // of the person's time zone, now
    bool is_guest = false;                           // restricted or ultra restricted
    bool is_stranger = false;                        // of another organisation, met in a shared channel
    std::string enterprise;  // organisation (Enterprise Grid) that the person belongs to, "" when there is none
};

// A file as it stands in a message.
struct SharedFile {
    std::string id;
    std::string name;
    std::string permalink;  // opens in Slack for whoever may see the message; "" when Slack does not say
    // Messages that it stands in, known only from file_info.
    struct Share {
        std::string channel;
        std::string ts;
        std::string thread_ts;
    };
    std::vector<Share> shares;
};

// A message of conversations.replies, with what it takes to find our own again.
// An emoji on a message. Of many people Slack names the first ones only.
struct ReactionBy {
    std::string name;  // "+1", with a skin tone "+1::skin-tone-2"
    std::vector<std::string> users;
};

struct ThreadMessage {
    std::string ts;
    std::string user;
    std::string bot_id;
    std::string app_id;
    std::string text;
    std::string metadata_type;
    boost::json::object metadata_payload;
    boost::json::array blocks;
    std::vector<SharedFile> files;
    std::vector<ReactionBy> reactions;
};

struct FileUpload {
    std::string filename;
    std::string title;
    std::string content;
    std::string alt_text;
    std::string channel;
    std::string thread_ts;
    // Told the file's id before anybody can see it, so that whoever looks for it later has it; false ends the call with
    // `cancelled`.
    std::function<boost::asio::awaitable<bool>(std::string id)> before_visible;
    // Asked right before the step that makes the file visible; false ends the call with `cancelled`.
    std::function<bool()> may_send;
};

// One instance per workspace; all calls may run at the same time and end by their deadline. Each waits for its pass of
// what Slack allows (CallBudget); what is not worth waiting for, or would come too late, ends unsent with
// ApiFault::rate and kNoRoom. What is certainly unprocessed is retried within the deadline; a post whose
// outcome is unknown is never repeated here, it ends with ApiFault::ambiguous. What breaks a limit of Slack ends with
// ApiFault::payload and code "local_limit", unsent.
class WebApi {
 public:
    virtual ~WebApi() = default;

    // How much of the budget of `method` is left, from 0 (the next call would wait) to 1; `channel` matters for posts.
    virtual double room(const ApiMethod& method, const std::string& channel) const = 0;
    // Whether a call that can be done without, as progress, may use `method` now: that takes half of a budget at most.
    virtual bool may_spare(const ApiMethod& method) const = 0;
    // What became of the calls so far, by their urgency.
    virtual const CallCounts& call_counts() const = 0;
    // How long an answer by `method` would wait for its pass.
    virtual Duration wait_for(const ApiMethod& method, const std::string& channel) const = 0;

    virtual boost::asio::awaitable<ApiResult<Identity>> auth_test(Deadline deadline) = 0;
    // The wss URL with its ticket, with the app token.
    virtual boost::asio::awaitable<ApiResult<Secret>> connections_open(Deadline deadline) = 0;

    virtual boost::asio::awaitable<ApiResult<Posted>> post_message(OutgoingMessage message, Deadline deadline) = 0;
    // Replaces message `ts`. Sends at once; see update_coalesced for live progress. The value are the blocks that the
    // message has now, as Slack shows them; empty where it does not.
    virtual boost::asio::awaitable<ApiResult<boost::json::array>> update_message(std::string ts,
                                                                                 OutgoingMessage message,
                                                                                 Deadline deadline) = 0;
    // Live progress: one update of a message per 3 s, the last one wins, and none where half of the budget is used.
    // Returns at once; failures are only logged. An update_message or delete_message of the same ts drops what still
    // waits, waits for one that is on its way, and is never overtaken by it; what is offered while it runs comes after
    // it, so whoever offers has to have ended before its own last update.
    virtual void update_coalesced(std::string ts, OutgoingMessage message) = 0;
    // Drops the coalesced update that waits, and returns when none is on its way; false when the deadline came first.
    virtual boost::asio::awaitable<bool> settle_updates(std::string channel, std::string ts, Deadline deadline) = 0;
    // A message that is not there (any more) counts as deleted.
    virtual boost::asio::awaitable<ApiResult<void>> delete_message(std::string channel, std::string ts,
                                                                   Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<void>> post_ephemeral(std::string user, OutgoingMessage message,
                                                                   Deadline deadline) = 0;

    virtual boost::asio::awaitable<ApiResult<Posted>> start_stream(StreamStart stream, Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<void>> append_stream(std::string channel, std::string ts,
                                                                  boost::json::array chunks, Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<void>> stop_stream(StreamStop stream, Deadline deadline) = 0;

    // "" clears the status.
    virtual boost::asio::awaitable<ApiResult<void>> set_status(std::string channel, std::string thread_ts,
                                                               std::string status, Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<void>> set_title(std::string channel, std::string thread_ts,
                                                              std::string title, Deadline deadline) = 0;
    struct Prompt {
        std::string title;
        std::string message;
    };
    virtual boost::asio::awaitable<ApiResult<void>> set_suggested_prompts(std::string channel, std::string thread_ts,
                                                                          std::string title,
                                                                          std::vector<Prompt> prompts,
                                                                          Deadline deadline) = 0;
    // agents.sessions.setStatus: active, processing, suspended, closed.
    virtual boost::asio::awaitable<ApiResult<void>> set_session_status(std::string channel, std::string thread_ts,
                                                                       std::string status, std::string title,
                                                                       Deadline deadline) = 0;

    virtual boost::asio::awaitable<ApiResult<ChannelInfo>> conversation_info(std::string channel,
                                                                             Deadline deadline) = 0;
    // The messages of a thread, oldest first, paginated inside; of a longer thread the newest `limit`.
    virtual boost::asio::awaitable<ApiResult<std::vector<ThreadMessage>>> conversation_replies(std::string channel,
                                                                                               std::string thread_ts,
                                                                                               std::size_t limit,
                                                                                               Deadline deadline) = 0;
    // The newest root messages of a channel, oldest first, at most `limit` (200 at most).
    virtual boost::asio::awaitable<ApiResult<std::vector<ThreadMessage>>> conversation_history(std::string channel,
                                                                                               std::size_t limit,
                                                                                               Deadline deadline) = 0;
    // The id of the direct message with a user.
    virtual boost::asio::awaitable<ApiResult<std::string>> conversation_open(std::string user, Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<UserInfo>> user_info(std::string user, Deadline deadline) = 0;

    virtual boost::asio::awaitable<ApiResult<void>> publish_view(std::string user, boost::json::object view,
                                                                 Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<std::string>> open_view(std::string trigger_id, boost::json::object view,
                                                                     Deadline deadline) = 0;
    virtual boost::asio::awaitable<ApiResult<void>> update_view(std::string view_id, boost::json::object view,
                                                                Deadline deadline) = 0;

    // The three steps of slack.md 2.6. The message of the upload is made by Slack later, if at all: file_info tells.
    // When Slack names no permalink it is looked up once.
    virtual boost::asio::awaitable<ApiResult<SharedFile>> upload_file(FileUpload file, Deadline deadline) = 0;

    // A file as it is now, with the messages that it stands in. Needs the scope files:read.
    virtual boost::asio::awaitable<ApiResult<SharedFile>> file_info(std::string id, Deadline deadline) = 0;

    struct UrlResponse {
        std::string text;
        boost::json::array blocks;
        bool replace_original = false;
        bool delete_original = false;
        std::string thread_ts;
    };
    // Answers by a response_url: 5 uses in 30 minutes. Only https URLs of Slack, or the configured API host.
    virtual boost::asio::awaitable<ApiResult<void>> respond(std::string response_url, UrlResponse response,
                                                            Deadline deadline) = 0;

    // Sends the coalesced updates that wait, then returns; what is left at the deadline is dropped. The client works on
    // afterwards. Call it before the client is destroyed while its event loop still runs.
    virtual boost::asio::awaitable<void> flush(Deadline deadline) = 0;
};

struct WebApiOptions {
    std::string base_url = "https://slack.com/api/";  // with or without trailing slash
    Secret bot_token;
    Secret app_token;
    Duration call_timeout = std::chrono::seconds(20);  // of one HTTP exchange
    Duration upload_timeout = std::chrono::seconds(60);
    Duration update_interval = std::chrono::seconds(3);  // coalesced updates of one message
    // Called when an answer says that the bot token is of no use any more (revoked, expired, the app removed); which
    // may be a passing fault of Slack's, as auth.test then tells.
    std::function<void()> on_token_refused;
};

std::unique_ptr<WebApi> create_web_api(boost::asio::any_io_executor executor, net::HttpClient& http,
                                       WebApiOptions options);

}  // namespace genie_slack::slack
