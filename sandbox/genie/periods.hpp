// "last quarter", "since March 2025", "2024 and 2025": spans of days in a question.
#pragma once

#include "sandbox/genie/question_tokens.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Period {
    std::chrono::sys_days from;
    std::chrono::sys_days to;  // the first day after it
    std::string label;         // for a sentence: "in November 2025"
    std::string unit;          // what it is one of: "month", "quarter", "year", ...; "" for other spans
    bool from_today = false;   // as "last month"

    friend bool operator==(const Period&, const Period&) = default;
};

// Takes all spans out of the words. "From A to B" gives one, "A and B" gives two. `today` is the last day with data.
std::vector<Period> take_periods(QuestionTokens& words, std::chrono::sys_days today);

// The day, week, month, quarter or year that the day lies in; nothing when `unit` is none.
std::optional<Period> period_around(const std::string& unit, std::chrono::sys_days day);

std::string day_text(std::chrono::sys_days day);  // 2025-12-31
std::string day_name(std::chrono::sys_days day);  // 31 December 2025
// How the span of this unit that begins on the day (2025-11-01) is called: "November 2025", "Q4 2025", "2025".
std::string period_name(const std::string& unit, const std::string& day);

}  // namespace genie_slack::sandbox::databricks
