// Sorts Slack's error codes into classes (slack.md 2.2).
#include "slack/api/web_api.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace genie_slack::slack {

namespace api_error_detail {
namespace {

struct Known {
    std::string_view code;
    ErrorClass error_class;
};

constexpr Known kKnown[] = {
    {"invalid_auth", ErrorClass::auth},
    {"not_authed", ErrorClass::auth},
    {"account_inactive", ErrorClass::auth},
    {"token_revoked", ErrorClass::auth},
    {"token_expired", ErrorClass::auth},
    {"not_allowed_token_type", ErrorClass::auth},
    {"user_removed_from_team", ErrorClass::auth},
    {"team_disabled", ErrorClass::auth},

    {"missing_scope", ErrorClass::config},
    {"messages_tab_disabled", ErrorClass::config},
    {"not_in_channel", ErrorClass::config},
    {"channel_not_found", ErrorClass::config},
    {"is_archived", ErrorClass::config},
    {"no_permission", ErrorClass::config},
    {"access_denied", ErrorClass::config},
    {"accesslimited", ErrorClass::config},
    {"team_access_not_granted", ErrorClass::config},
    {"enterprise_is_restricted", ErrorClass::config},
    {"two_factor_setup_required", ErrorClass::config},
    {"ekm_access_denied", ErrorClass::config},
    {"org_login_required", ErrorClass::config},
    {"forbidden_team", ErrorClass::config},
    {"team_added_to_org", ErrorClass::config},
    {"insecure_request", ErrorClass::config},
    {"message_limit_exceeded", ErrorClass::config},
    {"cannot_reply_to_message", ErrorClass::config},
    {"message_not_found", ErrorClass::config},
    {"cant_update_message", ErrorClass::config},
    {"cant_delete_message", ErrorClass::config},
    {"edit_window_closed", ErrorClass::config},
    {"is_inactive", ErrorClass::config},
    {"user_not_found", ErrorClass::config},
    {"users_not_found", ErrorClass::config},
    {"user_not_in_channel", ErrorClass::config},
    {"cannot_dm_bot", ErrorClass::config},
    {"thread_not_found", ErrorClass::config},
    {"invalid_thread_ts", ErrorClass::config},
    {"missing_recipient_user_id", ErrorClass::config},
    {"missing_recipient_team_id", ErrorClass::config},
    {"channel_type_not_supported", ErrorClass::config},
    {"file_uploads_disabled", ErrorClass::config},
    {"storage_limit_reached", ErrorClass::config},
    {"posting_to_channel_denied", ErrorClass::config},
    {"file_not_found", ErrorClass::config},
    {"unknown_method", ErrorClass::config},
    {"method_deprecated", ErrorClass::config},
    {"deprecated_endpoint", ErrorClass::config},
    {"feature_not_enabled", ErrorClass::config},
    {"method_not_supported_for_channel_type", ErrorClass::config},

    {"no_text", ErrorClass::payload},
    {"invalid_arguments", ErrorClass::payload},
    {"markdown_text_conflict", ErrorClass::payload},
    {"too_many_attachments", ErrorClass::payload},
    {"invalid_attachments", ErrorClass::payload},
    {"only_one_table_allowed", ErrorClass::payload},
    {"metadata_too_large", ErrorClass::payload},
    {"block_mismatch", ErrorClass::payload},
    {"view_too_large", ErrorClass::payload},
    {"invalid_json", ErrorClass::payload},
    {"json_not_object", ErrorClass::payload},
    {"invalid_form_data", ErrorClass::payload},
    {"invalid_post_type", ErrorClass::payload},

    {"ratelimited", ErrorClass::rate},
    {"rate_limited", ErrorClass::rate},

    // The data of the request never arrived.
    {"request_timeout", ErrorClass::transient},

    {"message_not_in_streaming_state", ErrorClass::streaming},
    {"stopped_by_user", ErrorClass::streaming},
    {"streaming_state_conflict", ErrorClass::streaming},

    {"expired_trigger_id", ErrorClass::expired},
    {"exchanged_trigger_id", ErrorClass::expired},
    {"invalid_trigger_id", ErrorClass::expired},
    {"trigger_expired", ErrorClass::expired},
    {"trigger_exchanged", ErrorClass::expired},
    {"used_url", ErrorClass::expired},
    {"expired_url", ErrorClass::expired},
};

// "The server could not complete your operation(s) ... it's possible some aspect of the operation succeeded before the
// error was raised" (docs.slack.dev on fatal_error; internal_error says nearly the same). So something of the call may
// have been done, which is harmless only where a second call does the same again: a post is `ambiguous` and must be
// looked for, anything else is `transient`. Slack also answers so, for as long as one tries, to a kind of block that it
// cannot draw: whoever repeats one message must end by sending a simpler one, whatever the class.
constexpr std::string_view kUncertain[] = {"internal_error", "service_unavailable", "fatal_error",
                                           "messaging_processing_failed"};

constexpr std::string_view kPosts[] = {"chat.postMessage",  "chat.postEphemeral", "chat.startStream",
                                       "chat.appendStream", "chat.stopStream",    "files.completeUploadExternal",
                                       "views.open",        "response_url"};

template <std::size_t size>
bool contains(const std::string_view (&list)[size], std::string_view text) {
    return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

std::optional<ErrorClass> known(std::string_view code) {
    const auto found =
        std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.code == code; });
    if (found != std::end(kKnown))
        return found->error_class;
    if (code.starts_with("restricted_action"))
        return ErrorClass::config;
    if (code.starts_with("slack_connect_") && code.ends_with("_blocked"))
        return ErrorClass::config;
    if (code.starts_with("invalid_blocks") || code.starts_with("msg_") || code.starts_with("metadata_"))
        return ErrorClass::payload;
    return std::nullopt;
}

}  // namespace
}  // namespace api_error_detail

const char* to_string(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::auth:
            return "auth";
        case ErrorClass::config:
            return "config";
        case ErrorClass::payload:
            return "payload";
        case ErrorClass::rate:
            return "rate";
        case ErrorClass::transient:
            return "transient";
        case ErrorClass::ambiguous:
            return "ambiguous";
        case ErrorClass::streaming:
            return "streaming";
        case ErrorClass::expired:
            return "expired";
        case ErrorClass::cancelled:
            return "cancelled";
    }
    return "unknown";
}

ErrorClass classify(std::string_view method, std::string_view code) {
    using namespace api_error_detail;
    if (const auto error_class = known(code))
        return *error_class;
    if (contains(kUncertain, code))
        return contains(kPosts, method) ? ErrorClass::ambiguous : ErrorClass::transient;
    for (std::string_view family : {"chat.", "views.", "files."})
        if (method.starts_with(family))
            return ErrorClass::payload;
    return ErrorClass::config;
}

std::string ApiError::to_string() const {
    std::string out = method + " failed: " + code;
    if (!needed.empty())
        out += ", the app needs the scope " + needed;
    std::string list;
    for (const std::string& detail : details)
        list += (list.empty() ? "" : "; ") + detail;
    return list.empty() ? out : out + " (" + list + ")";
}

}  // namespace genie_slack::slack
