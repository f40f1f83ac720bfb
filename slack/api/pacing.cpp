#include "slack/api/pacing.hpp"

#include <algorithm>

namespace genie_slack::slack {

namespace pacing_detail {
namespace {
// Channels whose bucket is full again are forgotten beyond so many.
constexpr std::size_t kMaxChannels = 1'000;
}  // namespace
}  // namespace pacing_detail

void MethodPauses::pause(std::string_view method, TimePoint until) {
    const auto found = until_.find(method);
    if (found == until_.end())
        until_.emplace(std::string(method), until);
    else
        found->second = std::max(found->second, until);
}

TimePoint MethodPauses::ready_at(std::string_view method, TimePoint now) const {
    const auto found = until_.find(method);
    return found == until_.end() ? now : std::max(now, found->second);
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
