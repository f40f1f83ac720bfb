// What was asked lately, counted from what memory holds.
#pragma once

#include "storage/memory/thread_table.hpp"
#include "storage/types.hpp"

#include <string>
#include <vector>

namespace genie_slack::storage::memory {

Usage count_usage(const ThreadTable& threads, WallTime now);
// Storage::answer_times.
std::vector<Duration> answer_times(const ThreadTable& threads, const std::string& space_id);

}  // namespace genie_slack::storage::memory
