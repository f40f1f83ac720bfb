// The running product: all parts in construction order, wired once.
#pragma once

#include "app/settings.hpp"

namespace genie_slack {

// Serves until SIGTERM or SIGINT, or until Slack says that the tokens are of no use. Returns the exit code: 0 after a
// signal, 1 with a line in the log that says what an admin has to do. A second signal exits at once.
// SIGHUP asks `read_again` for the settings: what may change while it serves takes effect (app/settings.hpp).
int serve(const Settings& settings, const ReadSettings& read_again, const std::string& version);

}  // namespace genie_slack
