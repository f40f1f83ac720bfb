#include "sandbox/slack/web_methods.hpp"

#include "sandbox/slack/json_members.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

json::object failed(std::string_view code) {
    return {{"ok", false}, {"error", code}};
}

json::object failed_arguments(std::string_view message) {
    json::array messages;
    messages.push_back(json::string("[ERROR] " + std::string(message)));
    return {{"ok", false}, {"error", "invalid_arguments"}, {"response_metadata", {{"messages", std::move(messages)}}}};
}

struct WebApi::Method {
    Answer (WebApi::*run)(const Arguments&);
    const char* scope = "";     // alternatives separated by '|'
    bool takes_json = true;     // otherwise arguments in a JSON body are not seen
    const char* required = "";  // names separated by ' '
    bool app_token = false;
};

const std::map<std::string, WebApi::Method>& WebApi::methods() {
    static const std::map<std::string, Method> table{
        {"api.test", {&WebApi::api_test, "", true, ""}},
        {"auth.test", {&WebApi::auth_test, "", true, ""}},
        {"apps.connections.open", {&WebApi::connections_open, "", true, "", true}},
        {"bots.info", {&WebApi::bots_info, "users:read", false, ""}},
        {"team.info", {&WebApi::team_info, "team:read", false, ""}},
        {"chat.postMessage", {&WebApi::post_message, "chat:write", true, "channel"}},
        {"chat.update", {&WebApi::update_message, "chat:write", true, "channel ts"}},
        {"chat.delete", {&WebApi::delete_message, "chat:write", true, "channel ts"}},
        {"chat.postEphemeral", {&WebApi::post_ephemeral, "chat:write", true, "channel user"}},
        {"chat.getPermalink", {&WebApi::permalink, "", false, "channel message_ts"}},
        {"reactions.add", {&WebApi::add_reaction, "reactions:write", true, "channel timestamp name"}},
        {"reactions.remove", {&WebApi::remove_reaction, "reactions:write", true, "name"}},
        {"reactions.get", {&WebApi::get_reactions, "reactions:read", false, ""}},
        {"chat.startStream", {&WebApi::start_stream, "chat:write", true, "channel"}},
        {"chat.appendStream", {&WebApi::append_stream, "chat:write", true, "channel ts"}},
        {"chat.stopStream", {&WebApi::stop_stream, "chat:write", true, "channel ts"}},
        {"assistant.threads.setStatus",
         {&WebApi::set_status, "chat:write|assistant:write", true, "channel_id thread_ts"}},
        {"assistant.threads.setTitle", {&WebApi::set_title, "assistant:write", true, "channel_id thread_ts title"}},
        {"assistant.threads.setSuggestedPrompts",
         {&WebApi::set_prompts, "assistant:write", true, "channel_id prompts"}},
        {"agents.sessions.setStatus",
         {&WebApi::set_session, "chat:write|assistant:write", true, "channel_id thread_ts status"}},
        {"agents.sessions.rename",
         {&WebApi::rename_session, "chat:write|assistant:write", true, "channel_id thread_ts title"}},
        {"conversations.info", {&WebApi::conversation_info, "channels:read", false, "channel"}},
        {"conversations.open", {&WebApi::conversation_open, "im:write", true, ""}},
        {"conversations.list", {&WebApi::conversation_list, "channels:read", false, ""}},
        {"conversations.members", {&WebApi::conversation_members, "channels:read", false, "channel"}},
        {"conversations.history", {&WebApi::history, "channels:history", false, "channel"}},
        {"conversations.replies", {&WebApi::replies, "channels:history", false, "channel ts"}},
        {"users.info", {&WebApi::user_info, "users:read", false, "user"}},
        {"users.list", {&WebApi::user_list, "users:read", false, ""}},
        {"views.publish", {&WebApi::publish_view, "", true, "user_id view"}},
        {"views.open", {&WebApi::open_view, "", true, "view"}},
        {"views.push", {&WebApi::push_view, "", true, "view"}},
        {"views.update", {&WebApi::update_view, "", true, "view"}},
        {"files.getUploadURLExternal", {&WebApi::upload_url, "files:write", false, "filename length"}},
        {"files.completeUploadExternal", {&WebApi::complete_upload, "files:write", true, "files"}},
        {"files.info", {&WebApi::file_info, "files:read", false, "file"}},
    };
    return table;
}

WebApi::WebApi(SlackWorkspace& workspace, SlackFaults& faults)
    : workspace_(workspace), faults_(faults), options_(workspace.options), tiers_(options_.rate_share) {}

std::string WebApi::token_problem(const WebRequest& request, const Method& method) const {
    if (request.token.empty())
        return "not_authed";
    const bool is_app = request.token.starts_with("xapp-");
    const bool is_known = request.token == (is_app ? options_.app_token : options_.bot_token);
    if (!is_known)
        return "invalid_auth";
    // The app token has to come in the header (slack.md 1.1).
    if (method.app_token && !request.token_in_header)
        return "not_authed";
    if (method.app_token != is_app && method.run != &WebApi::api_test)
        return "not_allowed_token_type";
    return "";
}

bool WebApi::has_scope(std::string_view alternatives) const {
    const auto& scopes = options_.bot_scopes;
    while (!alternatives.empty()) {
        const std::size_t bar = alternatives.find('|');
        if (std::find(scopes.begin(), scopes.end(), alternatives.substr(0, bar)) != scopes.end())
            return true;
        alternatives = bar == std::string_view::npos ? std::string_view() : alternatives.substr(bar + 1);
    }
    return false;
}

namespace web_methods_detail {

// The first of the names, with blanks between them, that has no content; empty when all have some.
std::string_view missing_field(std::string_view required, const json::object& arguments) {
    while (!required.empty()) {
        const std::size_t space = required.find(' ');
        const std::string_view name = required.substr(0, space);
        if (!has_content(arguments, name))
            return name;
        required = space == std::string_view::npos ? std::string_view() : required.substr(space + 1);
    }
    return {};
}

}  // namespace web_methods_detail

WebReply WebApi::call(const WebRequest& request) {
    WebReply reply;
    const auto found = methods().find(request.method);
    const bool is_stream = request.method.ends_with("Stream") && request.method.starts_with("chat.");
    if (found == methods().end() || (is_stream && faults_.no_streaming)) {
        reply.body = failed("unknown_method");
        reply.body["req_method"] = request.method;
        return reply;
    }
    const Method& method = found->second;
    if (!request.error.empty()) {
        reply.body = failed(request.error);
        return reply;
    }
    if (method.run != &WebApi::api_test)
        if (const auto problem = token_problem(request, method); !problem.empty()) {
            reply.body = failed(problem);
            return reply;
        }
    reply.needed_scope = std::string(method.scope).substr(0, std::string_view(method.scope).find('|'));
    if (!reply.needed_scope.empty() && !has_scope(method.scope)) {
        std::string provided;
        for (const auto& scope : options_.bot_scopes)
            provided += (provided.empty() ? "" : ",") + scope;
        reply.body = failed("missing_scope");
        reply.body["needed"] = reply.needed_scope;
        reply.body["provided"] = provided;
        return reply;
    }
    static const Arguments kNone;
    const Arguments& arguments = request.is_json && !method.takes_json ? kNone : request.arguments;
    if (const auto wait = tiers_.take(request.method, text_argument(arguments, "channel"), Clock::now())) {
        reply.status = 429;
        reply.retry_after = wait;
        reply.body = failed("ratelimited");
        return reply;
    }
    if (const auto missing = web_methods_detail::missing_field(method.required, arguments); !missing.empty()) {
        reply.body = failed_arguments("missing required field: " + std::string(missing));
        return reply;
    }
    reply.body = (this->*method.run)(arguments);
    if (request.is_json && request.missing_charset && !request.arguments.empty()) {
        reply.body["warning"] = "missing_charset";
        json::array warnings;
        warnings.push_back("missing_charset");
        if (!reply.body.contains("response_metadata"))
            reply.body["response_metadata"] = json::object();
        reply.body["response_metadata"].get_object()["warnings"] = std::move(warnings);
    }
    return reply;
}

WebApi::Answer WebApi::api_test(const Arguments& arguments) {
    Answer answer{{"ok", true}, {"args", arguments}};
    if (const auto error = text_argument(arguments, "error"); !error.empty()) {
        answer["ok"] = false;
        answer["error"] = error;
    }
    return answer;
}

WebApi::Answer WebApi::auth_test(const Arguments&) {
    Answer answer{{"ok", true},
                  {"url", "https://sandbox.slack.com/"},
                  {"team", "Sandbox"},
                  {"user", options_.bot_name},
                  {"team_id", options_.team_id},
                  {"user_id", options_.bot_user_id},
                  {"bot_id", options_.bot_id},
                  {"app_id", options_.app_id},
                  {"is_enterprise_install", false}};
    if (!options_.enterprise_id.empty())
        answer["enterprise_id"] = options_.enterprise_id;
    return answer;
}

WebApi::Answer WebApi::connections_open(const Arguments&) {
    Answer answer{{"ok", true}, {"url", new_socket_url()}};
    if (!faults_.open_warning.empty())
        answer["response_metadata"] = json::object{{"messages", json::array{faults_.open_warning}}};
    return answer;
}

WebApi::Answer WebApi::bots_info(const Arguments& arguments) {
    const std::string id = text_argument(arguments, "bot");
    if (!id.empty() && id != options_.bot_id)
        return failed("bot_not_found");
    return {{"ok", true}, {"bot", workspace_.bot_profile()}};
}

WebApi::Answer WebApi::team_info(const Arguments&) {
    return {{"ok", true},
            {"team",
             {{"id", options_.team_id},
              {"name", "Sandbox"},
              {"domain", "sandbox"},
              {"email_domain", "example.com"},
              {"url", "https://sandbox.slack.com/"},
              {"icon", json::object()}}}};
}

}  // namespace genie_slack::sandbox
