#include "core/net/backoff.hpp"

#include <algorithm>

namespace genie_slack::net {

Duration Backoff::next(Random& random, Duration at_least) {
    Duration step = std::min(limits_.first, limits_.cap);
    for (int i = 0; i < failures_ && step < limits_.cap; ++i)
        step = step > limits_.cap / 2 ? limits_.cap : step * 2;
    if (step < limits_.cap)
        ++failures_;
    else
        failures_ = std::min(failures_ + 1, 1000);
    const double floor_share = std::clamp(limits_.floor_share, 0.0, 1.0);
    const double share = floor_share + (1.0 - floor_share) * random.unit();
    const Duration wait(static_cast<Duration::rep>(static_cast<double>(step.count()) * share));
    return std::max(wait, at_least);
}

}  // namespace genie_slack::net
