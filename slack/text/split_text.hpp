// The splitter behind split_text, also used to cut a text once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

enum class Measure { characters, bytes };

// As split_text, by code points or bytes; stops after `max_parts` parts.
std::vector<std::string> split_by(std::string_view text, std::size_t limit, Measure measure,
                                  std::size_t max_parts = static_cast<std::size_t>(-1));

}  // namespace genie_slack::slack
