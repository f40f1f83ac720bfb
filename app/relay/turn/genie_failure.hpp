// An error of Genie: what a person is told about it, and what stands in the log.
#pragma once

#include "app/answer/message/failure.hpp"
#include "genie/client.hpp"
#include "storage/types.hpp"

namespace genie_slack::relay {

// `event` is the line's name, e.g. "genie.ask_failed".
void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error);

// What a person is told about an error of Genie (not of `cancelled`, which is none).
answer::FailureInput failure_of(const genie::GenieError& error);
// The same for a question that Genie has, or may have.
answer::FailureInput failure_after_asking(const genie::GenieError& error);

}  // namespace genie_slack::relay
