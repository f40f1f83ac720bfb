// Genie's fault switches as JSON, as the page and tests over HTTP set them (Slack's are in slack_server.hpp).
#pragma once

#include "sandbox/genie/genie_server.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace genie_slack::sandbox {

// Keys as the members of GenieFaults, durations in milliseconds; and back: members not named stay. apply_faults returns
// what is wrong with `changes`, nothing when all was taken; nothing was set when something is wrong.
boost::json::object describe_faults(const GenieFaults& faults);
std::optional<std::string> apply_faults(GenieFaults& faults, const boost::json::object& changes);

}  // namespace genie_slack::sandbox
