#include "storage/memory/drop_log.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::storage::memory {

DropLog::~DropLog() {
    if (threads_ > 0 || event_ids_ > 0)
        write();
}

void DropLog::thread_dropped(std::size_t turns, Duration idle) {
    ++threads_;
    ++total_threads_;
    turns_ += turns;
    shortest_idle_ = std::min(shortest_idle_, idle);
    write_when_due();
}

void DropLog::event_ids_dropped(std::size_t count) {
    if (count == 0)
        return;
    event_ids_ += count;
    write_when_due();
}

void DropLog::write_when_due() {
    if (!written_ || Clock::now() - *written_ >= kInterval)
        write();
}

void DropLog::write() {
    written_ = Clock::now();
    if (threads_ > 0)
        log::warn("storage.memory.threads_dropped",
                  {{"threads", threads_},
                   {"questions", turns_},
                   {"shortest_idle_seconds", std::chrono::duration_cast<std::chrono::seconds>(shortest_idle_).count()},
                   {"threads_since_start", total_threads_},
                   {"why", "the local memory is full; the least recently used threads leave first"}});
    if (event_ids_ > 0)
        log::warn("storage.memory.event_ids_dropped",
                  {{"event_ids", event_ids_}, {"why", "more events in a day than are remembered for deduplication"}});
    threads_ = turns_ = event_ids_ = 0;
    shortest_idle_ = Duration::max();
}

}  // namespace genie_slack::storage::memory
