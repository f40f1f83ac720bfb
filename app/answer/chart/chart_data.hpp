// What of a query result could be drawn: which columns are categories or time, which are values, and the table turned
// into series. The rules against misleading charts are here.
#pragma once

#include "app/answer/chart/chart.hpp"
#include "app/answer/chart/chart_times.hpp"

#include <optional>
#include <string_view>

namespace genie_slack::answer {

// What a column's numbers measure, as far as its name tells.
enum class Unit { unknown, share, count, money, average };
Unit unit_of(std::string_view column_name);

// The table's only sensible reading, `chart.kind` still open; nothing when there is none.
struct ChartData {
    Chart chart;
    bool has_gaps = false;  // values that are missing
    bool negative = false;
    // Of a single series: parts of a whole can be added up; `sum` is what they give.
    bool additive = false;
    bool is_share = false;
    // A column beside the single series tells its shares: the question was for them.
    std::string share_name;
    double sum = 0;
};
std::optional<ChartData> read_chart_data(const genie::ResultTable& table);

}  // namespace genie_slack::answer
