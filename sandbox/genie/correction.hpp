// "No, I meant revenue": what somebody begins with who corrects himself, and what he goes on with. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace genie_slack::sandbox::databricks {

// The text without it; all of the text where it begins otherwise, or where nothing would be left. A word of `denials`
// counts before a mark or before one of the phrases in `meant`: "no EMEA" denies nothing.
std::string_view without_correction(std::string_view text, const std::set<std::string>& denials,
                                    const std::set<std::string>& meant);

}  // namespace genie_slack::sandbox::databricks
