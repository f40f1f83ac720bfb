// An error of Genie in the log, by the turn it belongs to.
#pragma once

#include "genie/client.hpp"
#include "storage/types.hpp"

namespace genie_slack::relay {

// `event` is the line's name, e.g. "genie.ask_failed".
void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error);

}  // namespace genie_slack::relay
