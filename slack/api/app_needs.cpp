#include "slack/api/app_needs.hpp"

#include <set>

namespace genie_slack::slack {

namespace app_needs_detail {

using When = EventNeeds::When;

// The same right for each kind of conversation.
std::vector<std::string_view> history() {
    return {"channels:history", "groups:history", "im:history", "mpim:history"};
}

bool applies(When when, AppSurface surface) {
    return when == When::always || (when == When::agent) == (surface == AppSurface::agent);
}

}  // namespace app_needs_detail

const std::vector<MethodNeeds>& method_needs() {
    using app_needs_detail::history;
    static const std::vector<MethodNeeds> needs = {
        {"auth.test", "auth_test", true, {}},
        {"apps.connections.open", "connections_open", true, {}},  // with the app-level token's connections:write
        {"chat.postMessage", "post_message", true, {"chat:write"}},
        {"chat.postEphemeral", "post_ephemeral", true, {"chat:write"}},
        {"chat.update", "update_message", true, {"chat:write"}},
        {"chat.delete", "delete_message", true, {"chat:write"}},
        {"chat.startStream", "start_stream", true, {"chat:write"}},
        {"chat.appendStream", "append_stream", true, {"chat:write"}},
        {"chat.stopStream", "stop_stream", true, {"chat:write"}},
        {"assistant.threads.setStatus", "set_status", true, {"chat:write"}},
        {"assistant.threads.setTitle", "set_title", true, {"assistant:write"}},
        {"assistant.threads.setSuggestedPrompts", "set_suggested_prompts", true, {"assistant:write"}},
        {"agents.sessions.setStatus", "set_session_status", true, {"chat:write"}},
        {"conversations.info", "conversation_info", true, {"channels:read", "groups:read", "im:read", "mpim:read"}},
        {"conversations.replies", "conversation_replies", true, history()},
        {"conversations.history", "conversation_history", true, history()},
        {"conversations.open", "conversation_open", true, {"im:write"}},
        {"users.info", "user_info", true, {"users:read", "users:read.email"}},
        {"views.publish", "publish_view", true, {}},
        {"views.open", "open_view", true, {}},
        {"views.update", "update_view", true, {}},
        {"files.getUploadURLExternal", "upload_file", true, {"files:write"}},
        {"files.completeUploadExternal", "", true, {"files:write"}},
        // Beside the upload it is a courtesy that does without the scope.
        {"files.info", "file_info", false, {"files:read"}},
        {"files.upload", "", true, {}},  // the PUT to the URL that was given
        {"response_url", "respond", true, {}},
    };
    return needs;
}

const std::vector<EventNeeds>& event_needs() {
    using app_needs_detail::history;
    using app_needs_detail::When;
    static const std::vector<std::string_view> kMessages = {"message.channels", "message.groups", "message.im",
                                                            "message.mpim"};
    static const std::vector<EventNeeds> needs = {
        {"MessageEvent", {"app_mention"}, {"app_mentions:read"}},
        {"MessageEvent", kMessages, history()},
        {"MessageChanged", kMessages, history()},
        {"MessageDeleted", kMessages, history()},
        {"ReactionChanged", {"reaction_added", "reaction_removed"}, {"reactions:read"}},
        {"AppHomeOpened", {"app_home_opened"}, {}},
        {"AssistantThreadStarted",
         {"assistant_thread_started", "assistant_thread_context_changed"},
         {"assistant:write"},
         true,
         When::assistant},
        {"AppContextChanged", {"app_context_changed"}, {}, true, When::agent},
        {"AgentSessionStopped", {"agent_session_stopped"}, {}, true, When::agent},
        {"ChannelShared", {"channel_shared", "channel_unshared"}, {"channels:read", "groups:read"}},
        {"MemberJoinedChannel", {"member_joined_channel"}, {"channels:read", "groups:read"}},
        {"AppRateLimited", {}, {}, false},  // comes to every app
    };
    return needs;
}

std::vector<std::string> needed_scopes(AppSurface surface) {
    std::set<std::string> scopes = {"commands"};
    for (const MethodNeeds& needs : method_needs())
        if (needs.is_used)
            scopes.insert(needs.scopes.begin(), needs.scopes.end());
    for (const EventNeeds& needs : event_needs())
        if (needs.is_used && app_needs_detail::applies(needs.when, surface))
            scopes.insert(needs.scopes.begin(), needs.scopes.end());
    return {scopes.begin(), scopes.end()};
}

std::vector<std::string> needed_events(AppSurface surface) {
    std::set<std::string> events;
    for (const EventNeeds& needs : event_needs())
        if (needs.is_used && app_needs_detail::applies(needs.when, surface))
            events.insert(needs.events.begin(), needs.events.end());
    return {events.begin(), events.end()};
}

}  // namespace genie_slack::slack
