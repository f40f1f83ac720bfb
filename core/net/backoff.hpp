// Exponential backoff with full jitter (slack.md 1.11).
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

namespace genie_slack::net {

struct BackoffLimits {
    Duration first = std::chrono::seconds(1);
    Duration cap = std::chrono::seconds(60);
    // The wait is never below this share of the current step, so that jitter cannot make a hot loop.
    double floor_share = 0.1;
};

// It doubles its step at every failure. It is pure: the caller does the waiting.
class Backoff {
 public:
    explicit Backoff(BackoffLimits limits = {}) : limits_(limits) {}

    // How long to wait after this failure: random in [floor_share * step, step], and at least `at_least` (Retry-After).
    Duration next(Random& random, Duration at_least = Duration::zero());
    void reset() { failures_ = 0; }
    int failures() const { return failures_; }

 private:
    BackoffLimits limits_;
    int failures_ = 0;
};

}  // namespace genie_slack::net
