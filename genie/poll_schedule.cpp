#include "genie/poll_schedule.hpp"

#include <algorithm>

namespace genie_slack::genie {

namespace poll_schedule_detail {

struct Stretch {
    Duration wait;
    int polls;
};
// Most questions are answered within 20 s.
constexpr Stretch kUsual[] = {{std::chrono::milliseconds(1000), 5},
                              {std::chrono::milliseconds(1200), 12},
                              {std::chrono::milliseconds(1700), 25},
                              {std::chrono::milliseconds(4000), 15}};

}  // namespace poll_schedule_detail

std::vector<Duration> usual_waits() {
    std::vector<Duration> waits;
    for (const auto& stretch : poll_schedule_detail::kUsual)
        waits.insert(waits.end(), static_cast<std::size_t>(stretch.polls), stretch.wait);
    return waits;
}

PollSchedule::PollSchedule(std::vector<Duration> waits, Duration cap, double jitter)
    : waits_(std::move(waits)), cap_(cap), jitter_(std::clamp(jitter, 0.0, 1.0)) {}

Duration PollSchedule::next(Random& random) {
    if (index_ < waits_.size())
        last_ = waits_[index_++];
    else
        last_ = waits_.empty() ? cap_ : last_ + last_ / 2;
    last_ = std::min(last_, cap_);
    // Only ever longer: Databricks asks for a second between two polls.
    const Duration half = std::chrono::duration_cast<Duration>(last_ * (jitter_ / 2));
    return std::min(random.jitter(last_ + half, jitter_ / (2 + jitter_)), cap_);
}

}  // namespace genie_slack::genie
