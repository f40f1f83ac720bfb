// JSON that our parser refuses for half a surrogate pair. JavaScript writes such halves where a text was cut in the
// middle of an emoji, and one of them would make a whole event or answer unreadable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack {

// A copy of the JSON text `json` in which each half of a surrogate pair that lacks its other half, as an escape
// (\ud83d) or as bytes, is U+FFFD. nullopt when there is none: whoever parses asks only after the parser refused, so
// that good texts are never copied.
std::optional<std::string> mend_surrogates(std::string_view json);

}  // namespace genie_slack
