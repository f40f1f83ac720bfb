// Messages as events tell them: new, edited, deleted (slack.md 3.2, 3.3).
#pragma once

#include "slack/events/events.hpp"
#include "slack/events/payload_owner.hpp"

#include <boost/json/object.hpp>

namespace genie_slack::slack {

// A `message` or, with `mention`, an `app_mention` event: MessageEvent, MessageChanged or MessageDeleted; UnknownEvent
// when it lacks what names a message.
EventBody parse_message_event(const boost::json::object& event, const Owner& owner, bool mention);

}  // namespace genie_slack::slack
