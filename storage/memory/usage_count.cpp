#include "storage/memory/usage_count.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace genie_slack::storage::memory {

namespace {

// Like PostgreSQL's percentile_cont. `sorted` is not empty.
double percentile(const std::vector<double>& sorted, double fraction) {
    const double position = fraction * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(position));
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - static_cast<double>(below));
}

class PeriodCount {
 public:
    explicit PeriodCount(WallTime from) : from_(from) {}

    void look(const ThreadRecord& thread) {
        bool was_asked = false;
        for (const TurnRecord& record : thread.turns) {
            const Turn& turn = record.turn;
            if (turn.received_at < from_)
                continue;
            was_asked = true;
            ++period_.questions;
            people_.emplace(turn.thread.team, turn.user);
            period_.failed += turn.state == TurnState::failed && !turn.was_stopped ? 1 : 0;
            period_.stopped += turn.was_stopped ? 1 : 0;
            if (turn.state == TurnState::delivered && turn.finished_at > turn.received_at)
                seconds_.push_back(std::chrono::duration<double>(turn.finished_at - turn.received_at).count());
        }
        period_.conversations += was_asked ? 1 : 0;
        for (const Feedback& feedback : thread.feedbacks) {
            if (thread.rated_at.at(feedback.id) < from_)
                continue;
            ++(feedback.value == 1 ? period_.ratings_up : period_.ratings_down);
        }
    }

    UsagePeriod result() {
        period_.people = people_.size();
        if (!seconds_.empty()) {
            std::sort(seconds_.begin(), seconds_.end());
            period_.average_seconds =
                std::accumulate(seconds_.begin(), seconds_.end(), 0.0) / static_cast<double>(seconds_.size());
            period_.p95_seconds = percentile(seconds_, 0.95);
        }
        return period_;
    }

 private:
    WallTime from_;
    UsagePeriod period_;
    std::set<std::pair<std::string, std::string>> people_;  // team, Slack user
    std::vector<double> seconds_;
};

}  // namespace

Usage count_usage(const ThreadTable& threads, WallTime now) {
    const WallTime today = std::chrono::floor<std::chrono::days>(now);
    PeriodCount counts[] = {PeriodCount(today), PeriodCount(today - std::chrono::days(6)),
                            PeriodCount(today - std::chrono::days(29))};
    threads.each_thread([&](const ThreadRecord& thread) {
        for (PeriodCount& count : counts)
            count.look(thread);
    });
    Usage usage;
    usage.today = counts[0].result();
    usage.week = counts[1].result();
    usage.month = counts[2].result();
    return usage;
}

std::vector<Duration> answer_times(const ThreadTable& threads, const std::string& space_id) {
    constexpr std::size_t kMostQuestions = 1'000;
    constexpr std::size_t kMost = 100;
    std::vector<const TurnRecord*> newest;
    threads.each_thread([&newest](const ThreadRecord& thread) {
        for (const TurnRecord& record : thread.turns)
            newest.push_back(&record);
    });
    const std::size_t looked_at = std::min(kMostQuestions, newest.size());
    std::partial_sort(newest.begin(), newest.begin() + static_cast<std::ptrdiff_t>(looked_at), newest.end(),
                      [](const TurnRecord* a, const TurnRecord* b) {
                          return std::tie(a->turn.received_at, a->sequence) >
                                 std::tie(b->turn.received_at, b->sequence);
                      });
    newest.resize(looked_at);
    std::vector<Duration> took;
    for (const TurnRecord* record : newest) {
        const Turn& turn = record->turn;
        if (took.size() < kMost && turn.space_id == space_id && turn.state == TurnState::delivered &&
            turn.asked_at != WallTime() && turn.finished_at > turn.asked_at)
            took.push_back(turn.finished_at - turn.asked_at);
    }
    return took;
}

}  // namespace genie_slack::storage::memory
