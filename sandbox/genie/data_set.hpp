// The built-in data: a coffee and tea wholesaler that does not exist, from 2024 on, the same for a seed and a last day.
#pragma once

#include "sandbox/genie/sqlite.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace genie_slack::sandbox::databricks {

// The last day of the data, which counts as today: where nobody says another one, and at the earliest. It is fixed, so
// that "last month" means the same in every test.
inline constexpr std::chrono::year_month_day kToday{std::chrono::year(2025), std::chrono::December,
                                                    std::chrono::day(31)};

// Schemas sales, operations, people, and samples (texts and types that are hard to show). Read-only.
std::unique_ptr<Database> create_data_set(std::uint64_t seed, std::chrono::sys_days today = kToday);

}  // namespace genie_slack::sandbox::databricks
