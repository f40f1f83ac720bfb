// Lines that are for the bot by their form alone, also where people have talked among themselves: what calls it by its
// name, and what plainly asks or wishes for data. Pure.
#pragma once

#include "app/relay/manners/line.hpp"

#include <optional>

namespace genie_slack::relay {

// What is said to the bot where a line calls it by its name without a mention: "genie, revenue by month?", "hey genie
// …", "…, genie?". Nothing where it does not, or where that is neither a question nor a wish.
std::optional<Line> said_to_genie(const Line& line);

// Whether a line is a question or a wish by its form, whoever says it: "revenue per customer by region?".
bool is_clear_wish(const Line& line);
// Whether it plainly goes on with the bot's answer, said by whom that answer is for: "top 10 instead".
bool is_clear_continuation(const Line& line);

// Whether it wishes to see data: "show me 2025", "compare with 2023". Right below the bot's words that is for the bot,
// whoever says it.
bool wishes_to_see(const Line& line);
// Whether it may be for the bot though its writer has not asked: "can you do top 10?", "only APAC".
bool is_perhaps_asked(const Line& line);

}  // namespace genie_slack::relay
