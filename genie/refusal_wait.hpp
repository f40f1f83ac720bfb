// How long at least a call waits after a refusal, also when Databricks does not say.
#pragma once

#include "genie/client.hpp"

#include <algorithm>

namespace genie_slack::genie {

// Of one call and its repetitions.
class RefusalWait {
 public:
    // What Databricks said; for a 429 that says nothing 1 s, doubled with each one in a row up to 30 s; else zero.
    Duration at_least(const GenieError& error) {
        if (error.fault != GenieFault::rate_limited || error.retry_after) {
            untold_ = Duration::zero();
            return error.retry_after.value_or(Duration::zero());
        }
        untold_ = std::clamp<Duration>(2 * untold_, std::chrono::seconds(1), std::chrono::seconds(30));
        return untold_;
    }

 private:
    Duration untold_{};
};

}  // namespace genie_slack::genie
