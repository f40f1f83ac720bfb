#include "slack/api/update_coalescer.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::slack {

namespace update_coalescer_detail {
namespace {
constexpr std::size_t kMaxMessages = 1'000;
constexpr Duration kPauseAfterExplicit = std::chrono::milliseconds(250);
}  // namespace
}  // namespace update_coalescer_detail

void UpdateCoalescer::forget_old(TimePoint now) {
    std::erase_if(entries_, [&](const auto& entry) {
        return entry.second.resting() && (!entry.second.updated || entry.second.last + interval_ <= now);
    });
}

UpdateCoalescer::Offer UpdateCoalescer::offer(const Key& key, OutgoingMessage message, TimePoint now) {
    if (!entries_.contains(key)) {
        forget_old(now);
        if (entries_.size() >= update_coalescer_detail::kMaxMessages)
            return Offer::dropped;
    }
    Entry& entry = entries_[key];
    entry.waiting = std::move(message);
    if (entry.running)
        return Offer::waits;
    entry.running = true;
    return Offer::start;
}

UpdateCoalescer::Step UpdateCoalescer::next(const Key& key, TimePoint now) {
    Step step;
    const auto found = entries_.find(key);
    if (found == entries_.end())
        return step;
    Entry& entry = found->second;
    if (entry.waiting && entry.waiting->may_send && !entry.waiting->may_send())
        entry.waiting.reset();
    if (!entry.waiting) {
        entry.running = false;
        return step;
    }
    if (entry.claims > 0) {
        step.kind = Step::Kind::wait;
        step.until = TimePoint::max();
        return step;
    }
    TimePoint due = entry.due;
    if (!hurry_ && entry.updated)
        due = std::max(due, entry.last + interval_);
    if (due > now) {
        step.kind = Step::Kind::wait;
        step.until = due;
        return step;
    }
    step.kind = Step::Kind::send;
    step.message = std::move(*entry.waiting);
    entry.waiting.reset();
    entry.in_flight = true;
    entry.updated = true;
    entry.last = now;
    return step;
}

void UpdateCoalescer::sent(const Key& key) {
    entries_[key].in_flight = false;
}

void UpdateCoalescer::again(const Key& key, OutgoingMessage message, TimePoint at) {
    Entry& entry = entries_[key];
    entry.in_flight = false;
    entry.due = at;
    if (entry.claims == 0 && !entry.waiting)
        entry.waiting = std::move(message);
}

void UpdateCoalescer::claim(const Key& key) {
    Entry& entry = entries_[key];
    entry.waiting.reset();
    ++entry.claims;
}

void UpdateCoalescer::release(const Key& key, TimePoint now) {
    Entry& entry = entries_[key];
    --entry.claims;
    entry.updated = true;
    // What begins after an answer, in the same message, shows itself at once.
    entry.last = now - interval_ + std::min(interval_, update_coalescer_detail::kPauseAfterExplicit);
    forget_old(now);
}

bool UpdateCoalescer::in_flight(const Key& key) const {
    const auto found = entries_.find(key);
    return found != entries_.end() && found->second.in_flight;
}

void UpdateCoalescer::stopped(const Key& key) {
    Entry& entry = entries_[key];
    entry.waiting.reset();
    entry.running = false;
    entry.in_flight = false;
}

void UpdateCoalescer::all_stopped() {
    for (auto& [key, entry] : entries_) {
        entry.waiting.reset();
        entry.running = false;
        entry.in_flight = false;
    }
}

}  // namespace genie_slack::slack
