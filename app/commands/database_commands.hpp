// The commands that work on the database alone. Each writes to standard output and returns the exit code: 0 fine, 1
// when it failed or found something wrong, 2 when it was called wrongly.
#pragma once

#include "app/config.hpp"

#include <string>

namespace genie_slack::commands {

// Applies pending migrations; with `check_only` says what is pending, which is 1.
int migrate(const Config& config, bool check_only);
// Deletes conversations without activity for that long ("180 days"), then what lost its thread.
int cleanup(const Config& config, const std::string& older_than, bool dry_run);
// Totals, and the last `days` (1 to 30): who asked, questions, answers, and errors, which are questions that failed.
int stats(const Config& config, int days);
// system_health_check(): 1 when something is WARNING or CRITICAL.
int health(const Config& config);

}  // namespace genie_slack::commands
