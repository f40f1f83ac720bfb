#include "genie/poll_schedule.hpp"

#include <algorithm>

namespace genie_slack::genie {

namespace poll_schedule_detail {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kDense = milliseconds(1000);
constexpr Duration kUsual = milliseconds(1400);
constexpr Duration kSparse = milliseconds(1700);
constexpr Duration kSecondMinute = milliseconds(4000);
constexpr std::size_t kFewest = 8;               // times that tell what is usual
constexpr Duration kAhead = milliseconds(1500);  // of the first answers, and of what is read and shown after them
constexpr Duration kLongestDense = std::chrono::seconds(12);

// A schedule that is written in order of time, as it is without jitter.
class Waits {
 public:
    // As many of them as it takes to come to `until`.
    Waits& add(Duration wait, Duration until) {
        for (; at_ < until; at_ += wait)
            waits_.push_back(wait);
        return *this;
    }
    // The same, with a last one that goes no further than it must.
    Waits& add_up_to(Duration wait, Duration until) {
        while (at_ < until) {
            waits_.push_back(std::clamp(until - at_, kDense, wait));
            at_ += waits_.back();
        }
        return *this;
    }
    std::vector<Duration> take() { return std::move(waits_); }

 private:
    std::vector<Duration> waits_;
    Duration at_{};
};

}  // namespace poll_schedule_detail

// Most questions are answered within 20 s.
std::vector<Duration> usual_waits() {
    using namespace poll_schedule_detail;
    return Waits()
        .add(kDense, seconds(3))
        .add(kUsual, seconds(22))
        .add(kSparse, seconds(60))
        .add(kSecondMinute, seconds(120))
        .take();
}

std::optional<UsualTimes> usual_times(std::vector<Duration> took) {
    if (took.size() < poll_schedule_detail::kFewest)
        return std::nullopt;
    std::sort(took.begin(), took.end());
    const std::size_t last = took.size() - 1;
    return UsualTimes(took[last / 10], took[last - last / 10]);
}

std::vector<Duration> waits_for(const UsualTimes& usual) {
    using namespace poll_schedule_detail;
    constexpr Duration kMinute = seconds(60);
    // Jitter makes a way longer by a fourteenth in the mean.
    const Duration begin = (usual.early - kAhead) * 13 / 14;
    const Duration dense = usual.late - begin <= kLongestDense ? kDense : kUsual;
    return Waits()
        .add_up_to(kSparse, std::min(begin, kMinute))
        .add(dense, std::min(usual.late, kMinute))
        .add(kSparse, kMinute)
        .add(kSecondMinute, 2 * kMinute)
        .take();
}

PollSchedule::PollSchedule(std::vector<Duration> waits, Duration cap, double jitter)
    : waits_(std::move(waits)), cap_(cap), jitter_(std::clamp(jitter, 0.0, 1.0)) {}

Duration PollSchedule::next(Random& random) {
    if (index_ < waits_.size())
        last_ = waits_[index_++];
    else
        last_ = waits_.empty() ? cap_ : last_ + last_ / 2;
    last_ = std::min(last_, cap_);
    // Only ever longer: Databricks asks for a second between two polls.
    const Duration half = std::chrono::duration_cast<Duration>(last_ * (jitter_ / 2));
    return std::min(random.jitter(last_ + half, jitter_ / (2 + jitter_)), cap_);
}

}  // namespace genie_slack::genie
