// What stays of a stream: some servers keep what was streamed above what chat.update sets later, with its Stop button.
// Pure.
#pragma once

#include <boost/json/array.hpp>

namespace genie_slack::relay {

// Whether a message shows parts of a stream (a plan, a task card, Stop) beside the blocks that were sent. `shown` is
// what Slack's answer to the update has, which may be empty.
bool shows_kept_stream(const boost::json::array& sent, const boost::json::array& shown);

}  // namespace genie_slack::relay
