// Questions that stand in Genie's text as a list, and below it as buttons.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

// The Markdown without the list items that say one of the `questions`, and without the words that lead to a list of
// nothing else ("For example:").
std::string without_questions(std::string_view markdown, const std::vector<std::string>& questions);

}  // namespace genie_slack::answer
