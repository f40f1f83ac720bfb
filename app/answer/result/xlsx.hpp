// A query result as a spreadsheet (Office Open XML): typed cells, so that no program has to guess what a value is.
#pragma once

#include "core/result.hpp"
#include "genie/types.hpp"

#include <cstddef>
#include <string>

namespace genie_slack::answer {

// All columns and rows below a bold, frozen header. Numbers, booleans, dates and timestamps are typed; a column with a
// number of more than 15 digits or with leading zeros is text, as is every date before March 1900. There are never
// formulas. NULL and empty text are empty cells; characters that nobody sees go; a text longer than a cell may be ends
// with "…". The error says why there is no file: too many rows, columns, cells or bytes, or no room to write it.
Result<std::string> write_xlsx(const genie::ResultTable& table, std::size_t max_bytes);

}  // namespace genie_slack::answer
