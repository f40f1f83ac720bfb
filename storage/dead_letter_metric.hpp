// What this process gave up for /metrics (docs/metrics.md), also where the row about it could not be written.
#pragma once

#include "core/metrics.hpp"

namespace genie_slack::storage {

inline const metrics::Counter kDeadLetters("genie_slack_dead_letters_total",
                                           "What was given up and stands in genie_app.dead_letters, by what it is: "
                                           "turn, or refused_row of the database",
                                           {"what"});

}  // namespace genie_slack::storage
