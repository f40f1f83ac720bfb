#include "app/relay/turn/recent_turns.hpp"

#include <algorithm>
#include <vector>

namespace genie_slack::relay {

namespace recent_turns_detail {

constexpr Duration kDay = std::chrono::hours(24);
constexpr std::size_t kMost = 10'000;

// The smallest value that so many of a hundred do not exceed.
Duration percentile(const std::vector<Duration>& sorted, std::size_t percent) {
    return sorted.empty() ? Duration::zero() : sorted[(sorted.size() * percent + 99) / 100 - 1];
}

}  // namespace recent_turns_detail

void RecentTurns::add(TimePoint now, Duration took, bool has_failed) {
    while (!ends_.empty() &&
           (ends_.size() >= recent_turns_detail::kMost || now - ends_.front().at >= recent_turns_detail::kDay))
        ends_.pop_front();
    ends_.push_back(End{now, took, has_failed});
}

RecentTurns::Summary RecentTurns::summary(TimePoint now, Duration period) const {
    return between(now, period, Duration::min());
}

std::array<RecentTurns::Summary, RecentTurns::kHours> RecentTurns::by_hour(TimePoint now) const {
    std::array<Summary, kHours> hours;
    for (std::size_t i = 0; i < kHours; ++i) {
        const Duration oldest = std::chrono::hours(kHours - i);
        hours[i] = between(now, oldest, i + 1 == kHours ? Duration::min() : oldest - std::chrono::hours(1));
    }
    return hours;
}

RecentTurns::Summary RecentTurns::between(TimePoint now, Duration oldest, Duration newest) const {
    Summary summary;
    std::vector<Duration> times;
    for (const End& end : ends_) {
        if (now - end.at >= oldest || now - end.at < newest)
            continue;
        ++summary.ended;
        if (end.has_failed)
            ++summary.failed;
        times.push_back(end.took);
    }
    std::sort(times.begin(), times.end());
    summary.median = recent_turns_detail::percentile(times, 50);
    summary.p90 = recent_turns_detail::percentile(times, 90);
    return summary;
}

}  // namespace genie_slack::relay
