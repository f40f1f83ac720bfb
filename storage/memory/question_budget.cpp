#include "storage/memory/question_budget.hpp"

#include <algorithm>

namespace genie_slack::storage::memory {

namespace {
constexpr Duration kPermitWindow = std::chrono::minutes(1);
}  // namespace

Duration QuestionBudget::take(int per_minute) {
    const TimePoint now = Clock::now();
    while (!granted_.empty() && granted_.front() <= now - kPermitWindow)
        granted_.pop_front();
    TimePoint free_at = std::max(now, paused_until_);
    const auto limit = static_cast<std::size_t>(std::max(0, per_minute));
    if (limit > 0 && granted_.size() >= limit)
        free_at = std::max(free_at, granted_[granted_.size() - limit] + kPermitWindow);
    if (free_at > now)
        return free_at - now;
    if (limit > 0)
        granted_.push_back(now);
    return Duration::zero();
}

void QuestionBudget::pause(Duration duration) {
    paused_until_ = std::max(paused_until_, Clock::now() + duration);
}

}  // namespace genie_slack::storage::memory
