// When to look again for questions that nobody works on. While nothing happens nobody looks: a database that nobody
// asks may sleep (docs/protocol/storage.md 4.5).
#pragma once

#include "core/clock.hpp"
#include "storage/storage.hpp"

namespace genie_slack::relay {

// Whoever works tells others so every two seconds (storage/lakebase/lock_keeping): they look for longer than that.
inline constexpr Duration kSettleTime = std::chrono::seconds(3);
inline constexpr Duration kWatchInterval = std::chrono::milliseconds(400);
// When storage would have to be woken for it.
inline constexpr Duration kSleepInterval = std::chrono::hours(1);

struct Outlook {
    bool failed = false;        // nobody knows
    bool found = false;         // there were questions that nobody worked on
    bool is_leased = false;     // as storage::Recoverable has it
    bool is_watched = false;    // the same
    bool works = false;         // this process has questions of its own
    bool is_unsettled = false;  // something may still be recorded of which this process will not hear
    storage::Hearing hearing = storage::Hearing::none;
    TimePoint stirred_at{};  // when something last began
};

// `interval` is the usual time between two looks. TimePoint::max(): only when something begins.
TimePoint next_look(const Outlook& outlook, Duration interval, TimePoint now);

}  // namespace genie_slack::relay
