// Values of a query result as people read them. They stay exact: only the text that Databricks sent is rearranged,
// nothing is calculated.
#pragma once

#include "app/words/words.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

// Stands for NULL and for an empty text; Slack refuses empty cells.
inline constexpr std::string_view kEmptyCell = "–";

// "1234567.50" -> "1,234,567.50", "3.336E8" -> "333,600,000", with the separators of the language. What is no plain
// number, or would be too long to read, stays.
std::string format_number(words::Language language, std::string_view text, bool grouped = true);
// Writes a part of one as a percentage: "0.1234" -> "12.34%" moves the point by two digits. What is no plain number
// stays.
std::string format_share(words::Language language, std::string_view text);
// "45.2" -> "45.2%". What is no plain number stays.
std::string format_percent(words::Language language, std::string_view text);

// What a number is, as far as its digits tell. Nothing for what is no plain number.
struct NumberFacts {
    bool above_one = false;  // its size, whatever the sign
    bool whole = true;
    std::size_t digits = 0;  // that matter
};
std::optional<NumberFacts> facts_of(std::string_view text);
// The same number as a double, when a double tells all its digits apart from those of other numbers; else nothing.
std::optional<double> exact_double(std::string_view text);

// "2025-01-31T10:00:00.000Z" in its parts, all as text.
struct TimestampParts {
    std::string_view date;      // 2025-01-31
    std::string_view time;      // 10:00:00
    std::string_view fraction;  // 000, "" without
    std::string_view offset;    // Z, +01:00, "" without
};
std::optional<TimestampParts> split_timestamp(std::string_view text);

// Valid UTF-8 on one line: white space collapsed, control characters and direction overrides removed. What follows the
// first `most` characters of that is left out.
std::string one_line(std::string_view text, std::size_t most = std::string_view::npos);
// The same, but its lines and tabs stay.
std::string clean_lines(std::string_view text);
// Lines of Markdown by others: what Slack could take for a mention is broken by a character without width.
std::string harmless_markdown(std::string_view markdown);

}  // namespace genie_slack::answer
