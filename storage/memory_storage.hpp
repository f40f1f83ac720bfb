// Storage for the local mode (IS_LOCAL=true): in memory, bounded, gone with the process.
#pragma once

#include "storage/storage.hpp"

#include <memory>

namespace genie_slack::storage {

struct MemoryLimits {
    std::size_t threads = 10'000;           // the least recently used idle thread leaves first
    std::size_t bytes = 256 * 1024 * 1024;  // roughly, of all threads together; reached: threads leave as above
    std::size_t event_ids = 100'000;        // remembered for dedupe
    Duration event_id_life = std::chrono::hours(25);  // slack.md 1.6: retries over 24 h
};

std::unique_ptr<Storage> create_memory_storage(MemoryLimits limits = {});

}  // namespace genie_slack::storage
