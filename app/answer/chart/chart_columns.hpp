// What each column of a result can be in a chart, told by its name, its type and its values.
#pragma once

#include "genie/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

enum class ColumnRole { category, time, month_number, quarter_number, ordinal, value, id, unusable };
ColumnRole column_role(const genie::ResultTable& table, std::size_t column);

// Whether its values have an order of their own, like time.
bool is_ordered(ColumnRole role);

// Nothing for a row that is shorter than the table is wide.
const std::optional<std::string>& cell_of(const std::vector<std::optional<std::string>>& row, std::size_t column);

// Finite numbers only: also "3.336E8"; nothing for "NaN" and what is no number.
std::optional<double> parse_value(std::string_view text);

// Nothing for what is no whole number or beyond a million.
std::optional<int> parse_whole_number(std::string_view text);

}  // namespace genie_slack::answer
