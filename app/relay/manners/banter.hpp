// Compliments to the bot and jokes about it: "you rock", "genie knows more than my boss", "will you marry me?". Pure.
#pragma once

#include "app/relay/manners/line.hpp"

#include <string_view>

namespace genie_slack::relay {

// Whether `line` (mrkdwn as Slack escaped it) is nothing else, in English, German, Spanish or French. By a closed list
// of words: one that is not in it, or a question mark behind what is no known joke, and the line may ask something.
bool is_banter(std::string_view line, std::string_view bot_user);

// Whether a line laughs and says no more than that nobody knows, or that it does not matter: "haha, no idea either"; or
// says that something was a joke.
bool is_laughed_off(const Line& line);

}  // namespace genie_slack::relay
