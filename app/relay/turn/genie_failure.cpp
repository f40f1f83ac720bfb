#include "app/relay/turn/genie_failure.hpp"

#include "app/answer/message/failure.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

using answer::Failure;

answer::FailureInput failure_of(const genie::GenieError& error) {
    using genie::GenieFault;
    answer::FailureInput input;
    switch (error.fault) {
        case GenieFault::auth:
            input.failure = Failure::genie_auth;
            break;
        case GenieFault::permission:
            input.failure = Failure::genie_permission;
            break;
        case GenieFault::not_found:
            input.failure = Failure::genie_not_found;
            break;
        case GenieFault::rate_limited:
            input.failure = Failure::genie_rate_limited;
            break;
        case GenieFault::unavailable:
            input.failure = Failure::genie_unreachable;
            break;
        case GenieFault::ambiguous:
            input.failure = Failure::outcome_unknown;
            break;
        case GenieFault::timeout:
            input.failure = Failure::genie_timeout;
            break;
        case GenieFault::configuration:
            input.failure = Failure::genie_configuration;
            break;
        case GenieFault::invalid:
        case GenieFault::result_expired:
        case GenieFault::query_failed:
            input.failure = Failure::genie_failed;
            input.error_type = error.error_code;
            input.error_text = error.message;
            break;
        case GenieFault::cancelled:
            input.failure = Failure::interrupted;
            break;
    }
    return input;
}

answer::FailureInput failure_after_asking(const genie::GenieError& error) {
    answer::FailureInput input = failure_of(error);
    if (input.failure == Failure::genie_auth)
        input.failure = Failure::genie_auth_lost;
    return input;
}

void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error) {
    log::warn(event, {{"turn", turn.id},
                      {"fault", genie::to_string(error.fault)},
                      {"error", loggable(error)},
                      {"status", error.http_status},
                      {"request_id", error.request_id}});
}

}  // namespace genie_slack::relay
