#include "app/relay/turn/genie_failure.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

using answer::Failure;

answer::FailureInput failure_of(const genie::GenieError& error) {
    using genie::ErrorKind;
    answer::FailureInput input;
    switch (error.kind) {
        case ErrorKind::auth:
            input.failure = Failure::genie_auth;
            break;
        case ErrorKind::permission:
            input.failure = Failure::genie_permission;
            break;
        case ErrorKind::not_found:
            input.failure = Failure::genie_not_found;
            break;
        case ErrorKind::rate_limited:
            input.failure = Failure::genie_rate_limited;
            break;
        case ErrorKind::unavailable:
            input.failure = Failure::genie_unreachable;
            break;
        case ErrorKind::ambiguous:
            input.failure = Failure::outcome_unknown;
            break;
        case ErrorKind::timeout:
            input.failure = Failure::genie_timeout;
            break;
        case ErrorKind::configuration:
            input.failure = Failure::genie_configuration;
            break;
        case ErrorKind::invalid:
        case ErrorKind::result_expired:
        case ErrorKind::query_failed:
            input.failure = Failure::genie_failed;
            input.error_type = error.error_code;
            input.error_text = error.message;
            break;
        case ErrorKind::cancelled:
            input.failure = Failure::interrupted;
            break;
    }
    return input;
}

void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error) {
    log::warn(event, {{"turn", turn.id},
                      {"kind", genie::to_string(error.kind)},
                      {"error", loggable(error)},
                      {"status", error.http_status},
                      {"request_id", error.request_id}});
}

}  // namespace genie_slack::relay
