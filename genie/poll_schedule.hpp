// How long to wait between two polls (databricks.md 2). Pure: the caller polls at once, then after each wait.
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

#include <optional>
#include <vector>

namespace genie_slack::genie {

// Where nothing is known of a space. With their jitter no two polls are closer than 1 s, none further apart than 2 s in
// the first minute and 5 s in the second.
std::vector<Duration> usual_waits();

// How long answers of a space take: nine of ten take longer than `early`, and nine of ten no longer than `late`.
struct UsualTimes {
    UsualTimes(Duration early_, Duration late_) : early(early_), late(late_) {}

    Duration early;
    Duration late;
};

// Of the times that answers took; nothing when these are too few to tell.
std::optional<UsualTimes> usual_times(std::vector<Duration> took);

// The same bounds as usual_waits(), but dense only while an answer is likely to come.
std::vector<Duration> waits_for(const UsualTimes& usual);

class PollSchedule {
 public:
    // `waits` in order, then the last one grown by half each time; none is longer than `cap`. `jitter` is the share by
    // which a wait is longer at most. Without waits every wait is `cap`.
    PollSchedule(std::vector<Duration> waits, Duration cap, double jitter);

    // The wait before the next poll.
    Duration next(Random& random);

 private:
    std::vector<Duration> waits_;
    Duration cap_;
    double jitter_;
    std::size_t index_ = 0;
    Duration last_{};
};

}  // namespace genie_slack::genie
