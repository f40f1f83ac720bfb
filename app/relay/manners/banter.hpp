// Compliments to the bot and jokes about it: "you rock", "genie knows more than my boss". Pure.
#pragma once

#include <string_view>

namespace genie_slack::relay {

// Whether `line` (mrkdwn as Slack escaped it) is nothing else, in English, German, Spanish or French. By a closed list
// of words: one that is not in it, or a question mark, and the line may ask something.
bool is_banter(std::string_view line, std::string_view bot_user);

}  // namespace genie_slack::relay
