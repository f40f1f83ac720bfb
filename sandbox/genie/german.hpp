// German words for what the book's texts are filled with. Pure.
#pragma once

#include "sandbox/genie/periods.hpp"

#include <string>

namespace genie_slack::sandbox::databricks {

// "1.234.567,89" from "1,234,567.89".
std::string german_number(std::string english);
// What a column or a grain is called; its own name when there is no other one.
std::string german_name(const std::string& column);
// "Januar 2025" for the month that the day "2025-01-01" begins; like period_name().
std::string german_period_name(const std::string& unit, const std::string& day);
// "31. Dezember 2025"
std::string german_day(std::chrono::sys_days day);
// "im Januar 2025", "von 1. Mai 2025 bis 30. Juni 2025"
std::string german_label(const Period& period);

}  // namespace genie_slack::sandbox::databricks
