#include "genie/poll_schedule.hpp"

#include <algorithm>

namespace genie_slack::genie {

PollSchedule::PollSchedule(std::vector<Duration> waits, Duration cap, double jitter)
    : waits_(std::move(waits)), cap_(cap), jitter_(std::clamp(jitter, 0.0, 1.0)) {}

Duration PollSchedule::next(Random& random) {
    if (index_ < waits_.size())
        last_ = waits_[index_++];
    else
        last_ = waits_.empty() ? cap_ : last_ + last_ / 2;
    last_ = std::min(last_, cap_);
    return std::clamp(random.jitter(last_, jitter_), Duration::zero(), cap_);
}

void PollSchedule::reset() {
    index_ = 0;
}

}  // namespace genie_slack::genie
