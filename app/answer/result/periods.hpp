// Days that stand for the month, quarter or year that they begin: what date_trunc('month', ...) leaves in a result.
#pragma once

#include "app/words/words.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

enum class Period { day, month, quarter, year };

// What the days of one column ("2025-03-01") stand for. Its name decides as much as they do: the first of March in
// "month" is March, in "start_date" it is a day. `words` are those of the name, in small letters.
Period period_of(const std::vector<std::string>& words, const std::vector<std::string_view>& days);

// "2025-03-01" as "Mar 2025", "Q1 2025" or "2025"; a day stays as it is.
std::string format_period(words::Language language, Period period, std::string_view day);
// A number by which days sort: 20250301.
std::int64_t day_number(std::string_view day);

}  // namespace genie_slack::answer
