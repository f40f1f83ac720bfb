// When the next question may be asked (databricks.md 1.9: the free tier takes about five questions a minute per
// workspace, and says so only by 429). Pure: time is a parameter; the caller waits and asks again.
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <optional>

namespace genie_slack::genie {

struct RateLimitOptions {
    // Questions in any minute (GENIE_QUESTIONS_PER_MINUTE); 0: adaptive.
    int per_minute = 0;
    // When adaptive: how long a learned rate stays, after which it grows by a quarter (at least one) every
    // `grow_every`, until no 429 came for `forget_after` and there is no limit again.
    Duration hold = std::chrono::minutes(5);
    Duration grow_every = std::chrono::minutes(1);
    Duration forget_after = std::chrono::minutes(30);
    // How long to pause after a 429 without Retry-After.
    Duration pause = std::chrono::seconds(5);
};

// Questions queue in order: the first one in the queue goes as soon as the rate allows it.
class QuestionLimiter {
 public:
    using Ticket = std::uint64_t;

    struct Position {
        std::size_t ahead = 0;     // questions that go before this one
        Duration expected_wait{};  // 0: it may go now, if nothing is ahead
        TimePoint go_at{};         // when to try take() next; earlier calls of leave() can make it sooner
    };

    explicit QuestionLimiter(RateLimitOptions options = {}) : options_(options) {}

    // Joins the queue. Every ticket ends in take() or leave().
    Ticket enter();
    // nullopt when the ticket is not in the queue.
    std::optional<Position> position(Ticket ticket, TimePoint now) const;
    // True when this question goes now: it has left the queue and counts.
    bool take(Ticket ticket, TimePoint now);
    // Gave up waiting.
    void leave(Ticket ticket);

    // A question POST was answered by 429. Several within ten seconds are one lesson.
    void on_rate_limited(TimePoint now, std::optional<Duration> retry_after);

    // Questions per minute at this time; nullopt: no limit.
    std::optional<int> rate(TimePoint now) const;
    std::size_t waiting() const { return queue_.size(); }

 private:
    void forget_old(TimePoint now);
    // When the question that has `ahead` others before it may go.
    TimePoint slot(std::size_t ahead, TimePoint now) const;

    RateLimitOptions options_;
    std::list<Ticket> queue_;
    Ticket last_ticket_ = 0;
    std::deque<TimePoint> asked_;  // in the last minute, oldest first
    int learned_ = 0;              // rate at the last 429; 0: none yet
    TimePoint limited_at_{};
    TimePoint blocked_until_{};
};

}  // namespace genie_slack::genie
