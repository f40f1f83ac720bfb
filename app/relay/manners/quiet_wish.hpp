// "@genie be quiet": somebody wants the bot out of a thread. Pure.
#pragma once

#include <string_view>

namespace genie_slack::relay {

// Whether `line` (mrkdwn as Slack escaped it) mentions the bot and asks it for nothing but its silence.
bool asks_for_quiet(std::string_view line, std::string_view bot_user);

}  // namespace genie_slack::relay
