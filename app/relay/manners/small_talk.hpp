// Talk among people that looks like a question to the bot: a guess at what somebody said ("holidays, I guess?"), a
// question about people's own affairs ("what was the plan again?"), an exclamation with a bare question word ("yes!
// where?"). Pure.
#pragma once

#include "app/relay/manners/line.hpp"
#include "app/relay/manners/remark.hpp"

namespace genie_slack::relay {

// Whether `line` is nothing else, by English, German, Spanish and French words, and speaks of no data.
bool is_small_talk(const Line& line, LineBefore before);

// Whether a question that speaks of no data may as well be for the person who has just written: "when was that?".
bool may_ask_colleague(const Line& line);
// "Where do we meet?"
bool speaks_of_us(const Line& line);

}  // namespace genie_slack::relay
