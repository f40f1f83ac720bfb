#include "slack/api/api_error.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace genie_slack::slack {

namespace api_error_detail {
namespace {

struct Known {
    std::string_view code;
    ApiFault fault;
};

constexpr Known kKnown[] = {
    {"invalid_auth", ApiFault::auth},
    {"not_authed", ApiFault::auth},
    {"account_inactive", ApiFault::auth},
    {"token_revoked", ApiFault::auth},
    {"token_expired", ApiFault::auth},
    {"not_allowed_token_type", ApiFault::auth},
    {"user_removed_from_team", ApiFault::auth},
    {"team_disabled", ApiFault::auth},

    {"missing_scope", ApiFault::not_permitted},
    {"messages_tab_disabled", ApiFault::not_permitted},
    {"not_in_channel", ApiFault::not_permitted},
    {"channel_not_found", ApiFault::not_permitted},
    {"is_archived", ApiFault::not_permitted},
    {"no_permission", ApiFault::not_permitted},
    {"access_denied", ApiFault::not_permitted},
    {"accesslimited", ApiFault::not_permitted},
    {"team_access_not_granted", ApiFault::not_permitted},
    {"enterprise_is_restricted", ApiFault::not_permitted},
    {"two_factor_setup_required", ApiFault::not_permitted},
    {"ekm_access_denied", ApiFault::not_permitted},
    {"org_login_required", ApiFault::not_permitted},
    {"forbidden_team", ApiFault::not_permitted},
    {"team_added_to_org", ApiFault::not_permitted},
    {"insecure_request", ApiFault::not_permitted},
    {"message_limit_exceeded", ApiFault::not_permitted},
    {"cannot_reply_to_message", ApiFault::not_permitted},
    {"message_not_found", ApiFault::not_permitted},
    {"cant_update_message", ApiFault::not_permitted},
    {"cant_delete_message", ApiFault::not_permitted},
    {"edit_window_closed", ApiFault::not_permitted},
    {"is_inactive", ApiFault::not_permitted},
    {"user_not_found", ApiFault::not_permitted},
    {"users_not_found", ApiFault::not_permitted},
    {"user_not_in_channel", ApiFault::not_permitted},
    {"cannot_dm_bot", ApiFault::not_permitted},
    {"thread_not_found", ApiFault::not_permitted},
    {"invalid_thread_ts", ApiFault::not_permitted},
    {"missing_recipient_user_id", ApiFault::not_permitted},
    {"missing_recipient_team_id", ApiFault::not_permitted},
    {"channel_type_not_supported", ApiFault::not_permitted},
    {"file_uploads_disabled", ApiFault::not_permitted},
    {"storage_limit_reached", ApiFault::not_permitted},
    {"posting_to_channel_denied", ApiFault::not_permitted},
    {"file_not_found", ApiFault::not_permitted},
    {"unknown_method", ApiFault::not_permitted},
    {"method_deprecated", ApiFault::not_permitted},
    {"deprecated_endpoint", ApiFault::not_permitted},
    {"feature_not_enabled", ApiFault::not_permitted},
    {"method_not_supported_for_channel_type", ApiFault::not_permitted},

    {"no_text", ApiFault::payload},
    {"invalid_arguments", ApiFault::payload},
    {"markdown_text_conflict", ApiFault::payload},
    {"too_many_attachments", ApiFault::payload},
    {"invalid_attachments", ApiFault::payload},
    {"only_one_table_allowed", ApiFault::payload},
    {"metadata_too_large", ApiFault::payload},
    {"block_mismatch", ApiFault::payload},
    {"view_too_large", ApiFault::payload},
    {"invalid_json", ApiFault::payload},
    {"json_not_object", ApiFault::payload},
    {"invalid_form_data", ApiFault::payload},
    {"invalid_post_type", ApiFault::payload},

    {"ratelimited", ApiFault::rate},
    {"rate_limited", ApiFault::rate},

    // The data of the request never arrived.
    {"request_timeout", ApiFault::transient},

    {"message_not_in_streaming_state", ApiFault::streaming},
    {"stopped_by_user", ApiFault::streaming},
    {"streaming_state_conflict", ApiFault::streaming},

    {"expired_trigger_id", ApiFault::expired},
    {"exchanged_trigger_id", ApiFault::expired},
    {"invalid_trigger_id", ApiFault::expired},
    {"trigger_expired", ApiFault::expired},
    {"trigger_exchanged", ApiFault::expired},
    {"used_url", ApiFault::expired},
    {"expired_url", ApiFault::expired},
};

// "The server could not complete your operation(s) ... it's possible some aspect of the operation succeeded before the
// error was raised" (docs.slack.dev on fatal_error; internal_error says nearly the same). So something of the call may
// have been done, which is harmless only where a second call does the same again: a post is `ambiguous` and must be
// looked for, anything else is `transient`. Slack also answers so, for as long as one tries, to a kind of block that it
// cannot draw: whoever repeats one message must end by sending a simpler one, whatever the fault.
constexpr std::string_view kUncertain[] = {"internal_error", "service_unavailable", "fatal_error",
                                           "messaging_processing_failed"};

constexpr std::string_view kPosts[] = {"chat.postMessage",  "chat.postEphemeral", "chat.startStream",
                                       "chat.appendStream", "chat.stopStream",    "files.completeUploadExternal",
                                       "views.open",        "response_url"};

template <std::size_t size>
bool contains(const std::string_view (&list)[size], std::string_view text) {
    return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

std::optional<ApiFault> known(std::string_view code) {
    const auto found =
        std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.code == code; });
    if (found != std::end(kKnown))
        return found->fault;
    if (code.starts_with("restricted_action"))
        return ApiFault::not_permitted;
    if (code.starts_with("slack_connect_") && code.ends_with("_blocked"))
        return ApiFault::not_permitted;
    if (code.starts_with("invalid_blocks") || code.starts_with("msg_") || code.starts_with("metadata_"))
        return ApiFault::payload;
    return std::nullopt;
}

}  // namespace
}  // namespace api_error_detail

const char* to_string(ApiFault fault) {
    switch (fault) {
        case ApiFault::auth:
            return "auth";
        case ApiFault::not_permitted:
            return "config";
        case ApiFault::payload:
            return "payload";
        case ApiFault::rate:
            return "rate";
        case ApiFault::transient:
            return "transient";
        case ApiFault::ambiguous:
            return "ambiguous";
        case ApiFault::streaming:
            return "streaming";
        case ApiFault::expired:
            return "expired";
        case ApiFault::cancelled:
            return "cancelled";
    }
    return "unknown";
}

ApiFault classify(std::string_view method, std::string_view code) {
    using namespace api_error_detail;
    if (const auto fault = known(code))
        return *fault;
    if (contains(kUncertain, code))
        return contains(kPosts, method) ? ApiFault::ambiguous : ApiFault::transient;
    for (std::string_view family : {"chat.", "views.", "files."})
        if (method.starts_with(family))
            return ApiFault::payload;
    return ApiFault::not_permitted;
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
