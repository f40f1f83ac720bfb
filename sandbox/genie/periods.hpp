// "last quarter", "since March 2025", "2024 vs 2025": spans of days in a question.
#pragma once

#include "sandbox/genie/words.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Period {
    std::chrono::sys_days from;
    std::chrono::sys_days to;  // the first day after it
    std::string label;         // for a sentence: "in November 2025"
    std::string grain;         // what it is one of: "month", "quarter", "year", "" for others

    friend bool operator==(const Period&, const Period&) = default;
};

// Takes all spans out of the words. "From A to B" gives one, "A vs B" gives two.
std::vector<Period> take_periods(Words& words, std::chrono::year_month_day today);

std::string day_text(std::chrono::sys_days day);  // 2025-12-31

}  // namespace genie_slack::sandbox::databricks
