#include "slack/api/pacing.hpp"

#include <algorithm>

namespace genie_slack::slack {

namespace pacing_detail {
namespace {
// Channels whose bucket is full again are forgotten beyond so many.
constexpr std::size_t kMaxChannels = 1'000;
constexpr Duration kFirstUntold = std::chrono::seconds(1);
constexpr Duration kLongestUntold = std::chrono::seconds(30);
}  // namespace
}  // namespace pacing_detail

Duration MethodPauses::refused(std::string_view method, std::optional<Duration> told, TimePoint now) {
    Pause& pause = pauses_[std::string(method)];
    if (!told) {
        // Calls that were on their way together are refused together: that is one refusal.
        if (pause.untold == Duration::zero())
            pause.untold = pacing_detail::kFirstUntold;
        else if (now >= pause.until)
            pause.untold = std::min(2 * pause.untold, pacing_detail::kLongestUntold);
    }
    const Duration wait = told.value_or(pause.untold);
    pause.until = std::max(pause.until, now + wait);
    return wait;
}

void MethodPauses::not_refused(std::string_view method) {
    const auto found = pauses_.find(method);
    if (found != pauses_.end())
        found->second.untold = Duration::zero();
}

TimePoint MethodPauses::ready_at(std::string_view method, TimePoint now) const {
    const auto found = pauses_.find(method);
    return found == pauses_.end() ? now : std::max(now, found->second.until);
}

ChannelPacer::ChannelPacer(int burst, Duration interval)
    : slack_(interval * (std::max(burst, 1) - 1)), interval_(interval) {}

TimePoint ChannelPacer::next(const std::string& channel, TimePoint now) const {
    const auto found = full_at_.find(channel);
    return found == full_at_.end() ? now : std::max(now, found->second - slack_);
}

std::optional<TimePoint> ChannelPacer::reserve(const std::string& channel, TimePoint now, TimePoint latest) {
    const TimePoint at = next(channel, now);
    if (at > latest)
        return std::nullopt;
    if (full_at_.size() >= pacing_detail::kMaxChannels)
        std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
    TimePoint& full_at = full_at_[channel];
    full_at = std::max(full_at, now) + interval_;
    return at;
}

}  // namespace genie_slack::slack
