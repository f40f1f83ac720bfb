// When a call may be sent: pauses after a 429 and the pace of posts to a channel (slack.md 2.3). It is pure: times come
// in.
#pragma once

#include "core/clock.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::slack {

// Slack limits per method, so a 429 stops that method for everyone.
class MethodPauses {
 public:
    // Slack refused a call of `method`. Returns how long to wait: `told`, or when Slack did not say 1 s, doubled with
    // each such refusal in a row up to 30 s. Never shortens a pause.
    Duration refused(std::string_view method, std::optional<Duration> told, TimePoint now);
    // Slack answered a call of `method` otherwise.
    void not_refused(std::string_view method);
    // `now` when there is no pause.
    TimePoint ready_at(std::string_view method, TimePoint now) const;

 private:
    struct Pause {
        TimePoint until{};
        Duration untold{};  // the last wait that Slack did not name, zero after a success
    };
    std::map<std::string, Pause, std::less<>> pauses_;
};

// A token bucket per channel: `burst` posts at once, one more every `interval`.
class ChannelPacer {
 public:
    ChannelPacer(int burst, Duration interval);

    // When the next post to `channel` may go; its place is taken then. nullopt, and no place taken, when that would be
    // after `latest`.
    std::optional<TimePoint> reserve(const std::string& channel, TimePoint now, TimePoint latest);
    // When a place would be had, without taking it.
    TimePoint next(const std::string& channel, TimePoint now) const;
    std::size_t size() const { return full_at_.size(); }

 private:
    Duration slack_;  // how far the bucket may be ahead of the clock
    Duration interval_;
    std::map<std::string, TimePoint> full_at_;
};

}  // namespace genie_slack::slack
