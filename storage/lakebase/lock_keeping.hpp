// When the lock by which other processes see that this one lives is taken, and when they are told that it works. A
// database that went to sleep took the lock with it: it is left asleep until there is work.
#pragma once

#include "core/clock.hpp"

namespace genie_slack::storage::lakebase {

// For how long after its last call about a question a process counts as working. A turn in work renews its lease more
// often.
inline constexpr Duration kWorkTime = std::chrono::minutes(1);
// Others look on for longer than this after they were told (app/relay/recovery_schedule).
inline constexpr Duration kBetweenNews = std::chrono::seconds(2);
// Who got its lock back sooner than this judges nobody: what cut its session may have cut all.
inline constexpr Duration kJudgeAfter = std::chrono::seconds(5);

struct LockState {
    bool is_open = false;      // the tables are there
    bool is_useless = false;   // a pooler stands between: no session is ours
    bool has_session = false;  // and with it the lock
    bool has_news = false;     // work began since others were told
    TimePoint works_until{};
    TimePoint retry_at{};  // not before, after a failure
    TimePoint told_at{};   // when others were told last
};

// What does the keeper of the lock do next?
struct LockStep {
    enum class What { wait, take, tell };
    What what = What::wait;
    TimePoint until = TimePoint::max();  // of a wait

    friend bool operator==(const LockStep&, const LockStep&) = default;
};

LockStep next_step(const LockState& state, TimePoint now);

// Whether this process may say of another one that its lock is gone.
bool may_judge(bool is_first_lock, TimePoint locked_at, TimePoint now);

}  // namespace genie_slack::storage::lakebase
