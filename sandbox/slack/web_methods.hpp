// The Web API methods of the local Slack.
#pragma once

#include "sandbox/slack/block_rules.hpp"
#include "sandbox/slack/rate_tiers.hpp"
#include "sandbox/slack/slack_workspace.hpp"
#include "sandbox/slack/web_arguments.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace genie_slack::sandbox {

struct WebReply {
    int status = 200;
    std::optional<int> retry_after;
    std::string needed_scope;
    boost::json::object body;
};

// ok:false with a code.
boost::json::object failed(std::string_view code);
boost::json::object failed_arguments(std::string_view message);

class WebApi {
 public:
    WebApi(SlackWorkspace& workspace, SlackFaults& faults);

    // Makes the ws:// URL of a new connection.
    std::function<std::string()> new_socket_url;

    // Checks token, scope, limits and arguments, then runs the method.
    WebReply call(const WebRequest& request);

    // A post to a response_url.
    WebReply respond(const std::string& path, const boost::json::object& message);
    // What the ack of a slash command may carry: a message for the channel or the person.
    void respond_by_ack(const std::string& user, const std::string& channel, const boost::json::object& message);
    // Bytes for an upload URL: an HTTP status and a text.
    std::pair<int, std::string> upload(const std::string& token, std::string body, std::string_view content_type);
    const StoredFile* file(const std::string& id) const;

 private:
    using Arguments = boost::json::object;
    using Answer = boost::json::object;
    struct Method;
    static const std::map<std::string, Method>& methods();

    std::string token_problem(const WebRequest& request, const Method& method) const;
    bool has_scope(std::string_view alternatives) const;

    Answer api_test(const Arguments& arguments);
    Answer auth_test(const Arguments& arguments);
    Answer connections_open(const Arguments& arguments);
    Answer bots_info(const Arguments& arguments);
    Answer team_info(const Arguments& arguments);

    Answer post_message(const Arguments& arguments);
    Answer update_message(const Arguments& arguments);
    Answer delete_message(const Arguments& arguments);
    Answer post_ephemeral(const Arguments& arguments);
    Answer permalink(const Arguments& arguments);
    Answer add_reaction(const Arguments& arguments);
    Answer remove_reaction(const Arguments& arguments);
    Answer get_reactions(const Arguments& arguments);

    Answer start_stream(const Arguments& arguments);
    Answer append_stream(const Arguments& arguments);
    Answer stop_stream(const Arguments& arguments);
    Answer set_status(const Arguments& arguments);
    Answer set_title(const Arguments& arguments);
    Answer set_prompts(const Arguments& arguments);
    Answer set_session(const Arguments& arguments);
    Answer rename_session(const Arguments& arguments);

    Answer conversation_info(const Arguments& arguments);
    Answer conversation_open(const Arguments& arguments);
    Answer conversation_list(const Arguments& arguments);
    Answer conversation_members(const Arguments& arguments);
    Answer history(const Arguments& arguments);
    Answer replies(const Arguments& arguments);
    Answer user_info(const Arguments& arguments);
    Answer user_list(const Arguments& arguments);

    Answer publish_view(const Arguments& arguments);
    Answer open_view(const Arguments& arguments);
    Answer push_view(const Arguments& arguments);
    Answer update_view(const Arguments& arguments);

    Answer upload_url(const Arguments& arguments);
    Answer complete_upload(const Arguments& arguments);
    Answer file_info(const Arguments& arguments);
    // The file as this workspace tells it now.
    boost::json::object shown_file(const StoredFile& file) const;

    // The place where the bot may write, or the error.
    std::string writable_channel(const std::string& named, SlackChannel*& channel, bool allow_user);
    // Fills text, blocks, attachments and metadata of a message from arguments; an error answer or an empty object.
    Answer read_content(const Arguments& arguments, SlackMessage& message, std::size_t text_limit, bool truncate);
    Answer thread_problem(const SlackChannel& channel, const Arguments& arguments, SlackMessage& message);
    Answer add_stream_content(const Arguments& arguments, StreamState& stream);
    Answer find_stream(const Arguments& arguments, SlackMessage*& message, StreamState*& stream);
    void end_stream(SlackMessage& message);
    // What this workspace makes of blocks now.
    BlockWorld block_world() const;
    // Blocks on which Slack itself fails.
    bool cannot_draw(const boost::json::value& blocks) const;
    SlackMessage own_message(const std::string& channel) const;
    void bot_replied(const SlackMessage& message);
    Answer use_trigger(const std::string& id, std::string& user, std::string& view_id);
    bool bot_sees(const SlackChannel& channel) const { return workspace_.bot_reads(channel); }
    WebReply apply_response(const ResponseUrl& target, const boost::json::object& message);

    SlackWorkspace& workspace_;
    SlackFaults& faults_;
    const SlackOptions& options_;
    RateTiers tiers_;
};

}  // namespace genie_slack::sandbox
