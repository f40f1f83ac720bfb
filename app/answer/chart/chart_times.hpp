// Points in time as query results spell them: dates, timestamps, months, quarters, weeks, years.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

enum class TimeGrain { year, quarter, month, week, day, second };

struct TimePoint {
    std::int64_t seconds = 0;  // since 1970; a zone in the text is ignored, as people compare what they read
    TimeGrain grain = TimeGrain::day;
};

// "2025", "2025-Q1", "2025-03", "Mar 2025", "2025-W05", "2025-01-31", "2025-01-31T10:00:00.000Z", ...
std::optional<TimePoint> parse_time_point(std::string_view text);
TimePoint month_point(int year, int month);
TimePoint quarter_point(int year, int quarter);
// 1 to 12 for a month's English or German name or its first three letters.
std::optional<int> parse_month_name(std::string_view text);

// A name for each of `points`, as short as tells them apart: months for dates that are all firsts of a month,
// times for one day. In ISO spelling, which every language reads.
std::vector<std::string> name_time_points(const std::vector<TimePoint>& points);

}  // namespace genie_slack::answer
