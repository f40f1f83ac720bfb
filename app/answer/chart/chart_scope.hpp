// Whether a result is all that was counted, or the first few of more, which are no whole that has parts. Pure.
#pragma once

#include "app/answer/chart/chart.hpp"

#include <string_view>

namespace genie_slack::answer {

// `part` where the query takes as many rows as came (LIMIT), or the title or question asks for so many at the top or
// bottom, in any of the four languages. Of a few rows that were not cut it is said as well when their number is just
// that of the limit: nobody knows whether there are more.
ChartScope scope_of(const genie::ResultTable& table, std::string_view sql, std::string_view title,
                    std::string_view question);

}  // namespace genie_slack::answer
