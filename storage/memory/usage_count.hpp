// What was asked in the last days, counted from what memory holds.
#pragma once

#include "storage/memory/thread_table.hpp"
#include "storage/types.hpp"

namespace genie_slack::storage::memory {

Usage count_usage(const ThreadTable& threads, WallTime now);

}  // namespace genie_slack::storage::memory
