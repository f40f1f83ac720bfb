// What stands beside the text of a message: messages that a person forwarded, and what a person said into a clip.
#pragma once

#include "slack/events/events.hpp"

#include <boost/json/array.hpp>

#include <vector>

namespace genie_slack::slack {

// The forwarded messages among `attachments`, at most 10, also those without words. Previews of web pages are none.
std::vector<Forwarded> parse_forwarded(const boost::json::array& attachments);
// The voice and video clips among `files`, at most 10.
std::vector<Clip> parse_clips(const boost::json::array& files);

}  // namespace genie_slack::slack
