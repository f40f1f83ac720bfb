// How long to wait between two polls (databricks.md 2). Pure: the caller polls at once, then after each wait.
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

#include <vector>

namespace genie_slack::genie {

class PollSchedule {
 public:
    // `waits` in order, then the last one grown by half each time; none is longer than `cap`. `jitter` is the share by
    // which a wait differs at most, up or down. Without waits every wait is `cap`.
    PollSchedule(std::vector<Duration> waits, Duration cap, double jitter);

    // The wait before the next poll.
    Duration next(Random& random);
    // Begins from the first wait again.
    void reset();

 private:
    std::vector<Duration> waits_;
    Duration cap_;
    double jitter_;
    std::size_t index_ = 0;
    Duration last_{};
};

}  // namespace genie_slack::genie
