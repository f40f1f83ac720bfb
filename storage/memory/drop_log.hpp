// Says what left memory for want of room, at most one line a minute however much leaves.
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <optional>

namespace genie_slack::storage::memory {

class DropLog {
 public:
    static constexpr Duration kInterval = std::chrono::minutes(1);

    DropLog() = default;
    // Writes what was not said yet.
    ~DropLog();
    DropLog(const DropLog&) = delete;
    DropLog& operator=(const DropLog&) = delete;

    // `idle`: how long the thread had not been used.
    void thread_dropped(std::size_t turns, Duration idle);
    void event_ids_dropped(std::size_t count);

 private:
    void write_when_due();
    void write();

    std::uint64_t threads_ = 0;
    std::uint64_t turns_ = 0;
    std::uint64_t event_ids_ = 0;
    std::uint64_t total_threads_ = 0;
    Duration shortest_idle_ = Duration::max();
    std::optional<TimePoint> written_;
};

}  // namespace genie_slack::storage::memory
