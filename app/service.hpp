// The running product: all parts in construction order, wired once.
#pragma once

#include "app/config.hpp"

namespace genie_slack {

// Serves until SIGTERM or SIGINT, or until Slack says that the tokens are of no use. Returns the exit code: 0 after a
// signal, 1 with a line in the log that says what an admin has to do. A second signal exits at once.
int serve(const Config& config, const std::string& version);

}  // namespace genie_slack
