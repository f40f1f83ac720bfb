// What can go wrong with a call of Slack's Web API, and what to do about it (slack.md 2.2).
#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genie_slack::slack {

// The faults of slack.md 2.2: what to do about an error.
enum class ApiFault {
    auth,           // the token is of no use: stop
    not_permitted,  // scope, channel membership, archived: tell, do not retry
    payload,        // this message will never be accepted: send a simpler one
    rate,           // 429 that outlasted the deadline
    transient,      // not processed, or harmless to repeat: may be tried again, but see api_error.cpp on internal_error
    ambiguous,      // may have been processed: look it up before repeating
    streaming,      // stream ended or stopped by the user (message_not_in_streaming_state, stopped_by_user, ...)
    expired,        // trigger_id or response_url too old or used
    cancelled,
};

const char* to_string(ApiFault fault);
// The fault that an error code of Slack tells of; unknown codes are `payload` for chat.*, views.* and files.*, else
// `not_permitted`.
ApiFault classify(std::string_view method, std::string_view code);

// Code of a call that was not sent: what Slack allows leaves no room for it by its deadline.
inline constexpr const char* kNoRoom = "no_room";

struct ApiError {
    ApiError() = default;
    ApiError(ApiFault fault_, std::string method_, std::string code_)
        : fault(fault_), method(std::move(method_)), code(std::move(code_)) {}

    ApiFault fault = ApiFault::transient;
    std::string method;
    std::string code;                  // Slack's code, "http_503", or a network cause ("timeout", "connect", ...)
    std::vector<std::string> details;  // response_metadata.messages and errors[]: which block is wrong and why
    std::string needed;                // missing scope
    std::optional<Duration> retry_after;
    std::string request_id;  // x-slack-req-id

    // "chat.postMessage failed: invalid_blocks (must be less than 3001 characters at /0/text)".
    std::string to_string() const;
};

[[noreturn]] inline void throw_exception_from_error(const ApiError& error, const boost::source_location&) {
    throw std::runtime_error(error.to_string());
}

template <class T>
using ApiResult = Result<T, ApiError>;

}  // namespace genie_slack::slack
