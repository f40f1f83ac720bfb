// Credentials that could not be had, for /metrics (docs/metrics.md): what is asked for again and again counts each
// time.
#pragma once

#include "core/metrics.hpp"

namespace genie_slack::genie {

inline const metrics::Counter kCredentialFailures("genie_slack_credential_failures_total",
                                                  "Tokens of the workspace and passwords of the database that could "
                                                  "not be had, by which it is and why: refused, or unavailable",
                                                  {"credential", "reason"});

}  // namespace genie_slack::genie
