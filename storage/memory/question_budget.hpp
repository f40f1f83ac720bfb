// How many questions Genie may be asked: a minute's permits, and pauses.
#pragma once

#include "core/clock.hpp"

#include <deque>

namespace genie_slack::storage::memory {

class QuestionBudget {
 public:
    // Zero when one more question may be asked now; it is counted. Otherwise how long to wait; nothing is counted.
    // `per_minute` <= 0: only pauses hold.
    Duration take(int per_minute);
    // No permits for `duration`, nor before the end of an earlier pause.
    void pause(Duration duration);

 private:
    std::deque<TimePoint> granted_;  // in the last minute, oldest first
    TimePoint paused_until_{};
};

}  // namespace genie_slack::storage::memory
