// Phrases of up to four words in a line, looked for in lists such as "|by|as a|" (line_words.hpp).
#pragma once

#include "app/relay/manners/line.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay::phrases {

using Words = std::vector<LineWord>;

bool has(std::string_view list, std::string_view phrase);
// At most `count` words from `from` on, in lower case, a space between them.
std::string joined(const Words& words, std::size_t from, std::size_t count);
// Whether a phrase of the list stands at `at`.
bool stands_at(const Words& words, std::size_t at, std::string_view list);
// Whether one stands anywhere.
bool contains(const Words& words, std::string_view list);
// Length in words of the longest phrase of the list at `at`, 0 when there is none.
std::size_t longest_at(const Words& words, std::size_t at, std::string_view list);

}  // namespace genie_slack::relay::phrases
