// How the questions of the last day ended, for whoever looks at the process. Pure: times come in.
#pragma once

#include "core/clock.hpp"

#include <array>
#include <cstddef>
#include <deque>

namespace genie_slack::relay {

class RecentTurns {
 public:
    struct Summary {
        std::size_t ended = 0;  // answered, stopped or failed
        std::size_t failed = 0;
        Duration median{};  // from question to answer, zero when none ended
        Duration p90{};

        friend bool operator==(const Summary&, const Summary&) = default;
    };

    // `now` never goes back from one call to the next.
    void add(TimePoint now, Duration took, bool has_failed);
    // Of those that ended in the `period` before `now`, a day at most. Of very many, only the last 10,000 are known.
    Summary summary(TimePoint now, Duration period) const;
    static constexpr std::size_t kHours = 24;
    // The last day hour by hour, the one that ends `now` last.
    std::array<Summary, kHours> by_hour(TimePoint now) const;

 private:
    struct End {
        TimePoint at{};
        Duration took{};
        bool has_failed = false;
    };
    // Of those that ended less than `oldest`, and not less than `newest`, before `now`.
    Summary between(TimePoint now, Duration oldest, Duration newest) const;

    std::deque<End> ends_;
};

}  // namespace genie_slack::relay
