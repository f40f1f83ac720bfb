// How often each method may be called: Slack's documented limits as token buckets, with the budget of a minute as the
// burst. They count per method for this app in this workspace, and for posts per channel besides. Pure: times come in.
#pragma once

#include "core/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::sandbox {

// Calls of `method` that Slack documents for a minute; 0 where it names none.
double calls_a_minute(std::string_view method);

class RateTiers {
 public:
    // `share` of what Slack documents is allowed: 1 is all of it, less is tighter, 0 lifts all limits.
    explicit RateTiers(double share) : share_(share) {}

    // Counts a call of `method`; `channel` matters for posts. nothing: it may go. Otherwise it counts for nothing, and
    // this is its Retry-After in seconds.
    std::optional<int> take(std::string_view method, std::string_view channel, TimePoint now);

 private:
    struct Rate {
        Duration interval{};  // between two calls in the long run
        Duration ahead{};     // how far a burst may be ahead of that
    };
    Rate rate_of(double per_minute, double burst) const;

    double share_;
    std::map<std::string, TimePoint> full_at_;  // when the bucket of that name is full again
};

}  // namespace genie_slack::sandbox
