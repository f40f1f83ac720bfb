#include "app/relay/delivery/refusal_codes.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace genie_slack::relay {

using slack::ApiError;
using slack::ApiFault;

namespace refusal_codes_detail {

constexpr std::string_view kStreamsStill = "streaming_state_conflict";
constexpr std::string_view kRemoved = "message_not_found";

constexpr std::string_view kGone[] = {
    kRemoved,        "cant_update_message", "edit_window_closed", "is_inactive",
    "update_failed", "block_mismatch",      kStreamsStill,
};
constexpr std::string_view kThreadGone[] = {"thread_not_found", "invalid_thread_ts"};
constexpr std::string_view kIndigestible[] = {"internal_error", "fatal_error"};

// A guest, a person of another organisation, or one who left.
constexpr std::string_view kPerson[] = {
    "team_not_found", "team_access_not_granted", "missing_recipient_team_id", "missing_recipient_user_id",
    "user_not_found", "users_not_found",         "user_not_in_channel",
};
constexpr std::string_view kChannel[] = {"channel_type_not_supported", "method_not_supported_for_channel_type"};
constexpr std::string_view kWorkspace[] = {
    "unknown_method",         "method_deprecated", "deprecated_endpoint", "feature_not_enabled",      "missing_scope",
    "not_allowed_token_type", "no_permission",     "access_denied",       "enterprise_is_restricted", "accesslimited",
};

template <std::size_t size>
bool is_one_of(const ApiError& error, const std::string_view (&codes)[size]) {
    return std::find(std::begin(codes), std::end(codes), error.code) != std::end(codes);
}

}  // namespace refusal_codes_detail

ApiError question_gone(const ApiError& cause) {
    ApiError error(ApiFault::not_permitted, cause.method, kQuestionGone);
    error.request_id = cause.request_id;
    return error;
}

bool is_gone(const ApiError& error) {
    return refusal_codes_detail::is_one_of(error, refusal_codes_detail::kGone);
}

bool is_already_removed(const ApiError& error) {
    return error.code == refusal_codes_detail::kRemoved;
}

bool is_streaming_still(const ApiError& error) {
    return error.code == refusal_codes_detail::kStreamsStill;
}

bool wants_invitation(const slack::ApiError& error) {
    return error.code == "not_in_channel" || error.code == "channel_not_found";
}

bool is_stopped_by_person(const ApiError& error) {
    return error.code == "stopped_by_user";
}

bool is_thread_gone(const ApiError& error) {
    return refusal_codes_detail::is_one_of(error, refusal_codes_detail::kThreadGone);
}

bool is_indigestible(const ApiError& error) {
    return refusal_codes_detail::is_one_of(error, refusal_codes_detail::kIndigestible);
}

bool is_about_file(const ApiError& error) {
    return error.fault == ApiFault::payload &&
           std::any_of(error.details.begin(), error.details.end(), [](const std::string& detail) {
               return detail.find("slack_file") != std::string::npos || detail.find("slack file") != std::string::npos;
           });
}

RefusedFor refused_for(const ApiError& error) {
    using namespace refusal_codes_detail;
    if (is_one_of(error, kPerson))
        return RefusedFor::person;
    if (is_one_of(error, kChannel))
        return RefusedFor::channel;
    return is_one_of(error, kWorkspace) ? RefusedFor::workspace : RefusedFor::this_one;
}

}  // namespace genie_slack::relay
