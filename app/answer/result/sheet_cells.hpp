// What the columns and values of a query result are in a spreadsheet, before anything is written.
#pragma once

#include "genie/types.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

// DOUBLE, FLOAT: doubles in the database too, so digits beyond 15 are no part of the value.
bool is_floating(const genie::Column& column);
// "007", "-01", but not "0.5".
bool has_leading_zero(std::string_view text);
// Whether a spreadsheet, which calculates with doubles, would lose digits of an exact number.
bool loses_digits(std::string_view text);

enum class CellKind { text, number, truth, moment };

struct ColumnPlan {
    CellKind kind = CellKind::text;
    bool floating = false;
    std::string number_format;  // "" for the program's own
    std::string header;
    std::size_t width = 0;  // characters
};
// One decision for the whole column: a column of exact numbers is text when one of them would lose digits, since a sum
// over the others would be wrong.
ColumnPlan plan_column(const genie::ResultTable& table, std::size_t column);

// The number that a cell of such a column holds; nothing for what is none: "Infinity".
std::optional<double> number_of(const std::string& text, bool floating);
// Days since 1899-12-30 of "2025-01-31" or "2025-01-31T10:00:00.000Z", on the clock of the text. Nothing for what is no
// date, and before March 1900, since Excel believes in a 29th of February of that year.
std::optional<double> serial_of(const std::string& text);
// What a cell can hold of a text: no characters that nobody sees, and "…" where it is cut.
std::string cell_text(std::string_view text);
// Whether it is cut.
bool outgrows_cell(std::string_view text);

}  // namespace genie_slack::answer
