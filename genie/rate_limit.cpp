#include "genie/rate_limit.hpp"

#include <algorithm>
#include <iterator>

namespace genie_slack::genie {

namespace rate_limit_detail {

constexpr Duration kWindow = std::chrono::minutes(1);
constexpr Duration kSameLesson = std::chrono::seconds(10);
constexpr Duration kLongestBlock = std::chrono::minutes(10);
constexpr int kMaxPerMinute = 10000;

}  // namespace rate_limit_detail

QuestionLimiter::Ticket QuestionLimiter::enter() {
    queue_.push_back(++last_ticket_);
    return last_ticket_;
}

std::optional<QuestionLimiter::Position> QuestionLimiter::position(Ticket ticket, TimePoint now) const {
    const auto found = std::find(queue_.begin(), queue_.end(), ticket);
    if (found == queue_.end())
        return std::nullopt;
    Position position;
    position.ahead = static_cast<std::size_t>(std::distance(queue_.begin(), found));
    position.go_at = slot(position.ahead, now);
    position.expected_wait = position.go_at - now;
    return position;
}

bool QuestionLimiter::take(Ticket ticket, TimePoint now) {
    if (queue_.empty() || queue_.front() != ticket || slot(0, now) > now)
        return false;
    queue_.pop_front();
    forget_old(now);
    asked_.push_back(now);
    if (asked_.size() > static_cast<std::size_t>(rate_limit_detail::kMaxPerMinute))
        asked_.pop_front();
    return true;
}

void QuestionLimiter::leave(Ticket ticket) {
    queue_.remove(ticket);
}

void QuestionLimiter::on_rate_limited(TimePoint now, std::optional<Duration> retry_after) {
    forget_old(now);
    const Duration pause =
        std::clamp(retry_after.value_or(options_.pause), Duration::zero(), rate_limit_detail::kLongestBlock);
    blocked_until_ = std::max(blocked_until_, now + pause);
    // The refused question is the last one that was asked; those before it went well.
    if (!asked_.empty())
        asked_.pop_back();
    if (options_.per_minute > 0)
        return;
    if (learned_ > 0 && now - limited_at_ < rate_limit_detail::kSameLesson) {
        limited_at_ = now;
        return;
    }
    const auto current = rate(now);
    // Where none of ours went well, others use the limit up: how much of it is left for us nobody knows.
    if (asked_.empty() && !current)
        return;
    learned_ = asked_.empty() ? std::max(1, *current * 3 / 4) : static_cast<int>(asked_.size());
    if (current)
        learned_ = std::min(learned_, std::max(1, *current * 3 / 4));
    limited_at_ = now;
}

std::optional<int> QuestionLimiter::rate(TimePoint now) const {
    if (options_.per_minute > 0)
        return options_.per_minute;
    const Duration since = now - limited_at_;
    if (learned_ == 0 || since >= options_.forget_after)
        return std::nullopt;
    int rate = learned_;
    if (since > options_.hold && options_.grow_every > Duration::zero())
        for (auto steps = (since - options_.hold) / options_.grow_every;
             steps > 0 && rate < rate_limit_detail::kMaxPerMinute; --steps)
            rate += std::max(1, rate / 4);
    return std::min(rate, rate_limit_detail::kMaxPerMinute);
}

void QuestionLimiter::forget_old(TimePoint now) {
    while (!asked_.empty() && asked_.front() + rate_limit_detail::kWindow <= now)
        asked_.pop_front();
}

TimePoint QuestionLimiter::slot(std::size_t ahead, TimePoint now) const {
    const TimePoint earliest = std::max(now, blocked_until_);
    const auto limit = rate(now);
    if (!limit)
        return earliest;
    // In the line of all questions, asked and queued, the one `limit` places before has to be a minute old.
    const auto per_window = static_cast<std::size_t>(*limit);
    const std::size_t index = asked_.size() + ahead;
    if (index < per_window)
        return earliest;
    const std::size_t before = index - per_window;
    const TimePoint its_time = before < asked_.size() ? asked_[before] : slot(ahead - per_window, now);
    return std::max(earliest, its_time + rate_limit_detail::kWindow);
}

}  // namespace genie_slack::genie
