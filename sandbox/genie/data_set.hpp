// The built-in data: two years (2024 and 2025) of a coffee and tea wholesaler that does not exist, the same for a seed.
#pragma once

#include "sandbox/genie/sqlite.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace genie_slack::sandbox::databricks {

// "Today" in the data. It is fixed, so that "last month" means the same in every run.
inline constexpr std::chrono::year_month_day kToday{std::chrono::year(2025), std::chrono::December,
                                                    std::chrono::day(31)};

// Schemas sales, operations, people, and samples (texts and types that are hard to show). Read-only.
std::unique_ptr<Database> create_data_set(std::uint64_t seed);

}  // namespace genie_slack::sandbox::databricks
