// One value of a query result as people read it. Exact: only the text that Databricks sent is rearranged, no
// arithmetic.
#pragma once

#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

// Stands for NULL and for an empty text; Slack refuses empty cells.
inline constexpr std::string_view kEmptyCell = "–";

bool is_numeric(const genie::Column& column);
// Numbers that name something: years, ids, codes. They are not grouped in thousands.
bool is_label_number(std::string_view column_name);

// "1234567.50" -> "1,234,567.50", "3.336E8" -> "333,600,000", with the separators of the language. What is no plain
// number, or would be too long to read, stays.
std::string format_number(words::Language language, std::string_view text, bool grouped = true);

// Valid UTF-8 on one line: white space collapsed, control characters and direction overrides removed.
std::string one_line(std::string_view text);
std::string format_cell(words::Language language, const std::optional<std::string>& value, bool numeric, bool grouped);

}  // namespace genie_slack::answer
