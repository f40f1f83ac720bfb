// The way into the database, from the credential to the schema's indexes.
#pragma once

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

#include <functional>

namespace genie_slack::doctor {

// Tells each finding as soon as it is there. Blocks, and may hang in the system's resolver: call it on a thread that
// can be left behind.
void check_database(const Config& config, const std::function<void(Finding)>& tell);

}  // namespace genie_slack::doctor
