// Labels and numbers as charts show them.
#pragma once

#include "app/words/words.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace genie_slack::answer {

// Each text on one line with at most `characters`, never empty, and all different: what became equal by being cut keeps
// its end, or gets a number.
std::vector<std::string> shorten_uniquely(const std::vector<std::string>& texts, std::size_t characters);

// Writes the number with the language's separators and exactly `decimals` digits behind the point.
std::string format_decimals(words::Language language, double value, int decimals);
// As many digits as people read: "1,284,500", "12.35", "0.0042".
std::string format_value(words::Language language, double value);
// The same beside others of which `largest` is the largest: its decimals are enough, as long as they show anything.
std::string format_value(words::Language language, double value, double largest);

}  // namespace genie_slack::answer
