#include "storage/memory/event_ids.hpp"

namespace genie_slack::storage::memory {

namespace {
std::string event_key(const std::string& team, const std::string& event_id) {
    return team + ":" + event_id;
}
}  // namespace

const std::string* EventIds::find(const std::string& team, const std::string& event_id) {
    if (event_id.empty())
        return nullptr;
    forget_old();
    const auto found = turns_.find(event_key(team, event_id));
    return found == turns_.end() ? nullptr : &found->second;
}

std::size_t EventIds::remember(const std::string& team, const std::string& event_id, const std::string& turn_id) {
    if (event_id.empty() || limit_ == 0)
        return 0;
    forget_old();
    std::string key = event_key(team, event_id);
    if (!turns_.emplace(key, turn_id).second)
        return 0;
    order_.push_back({std::move(key), Clock::now()});
    std::size_t dropped = 0;
    for (; order_.size() > limit_; ++dropped) {
        turns_.erase(order_.front().key);
        order_.pop_front();
    }
    return dropped;
}

void EventIds::forget_old() {
    const TimePoint now = Clock::now();
    while (!order_.empty() && now - order_.front().seen >= life_) {
        turns_.erase(order_.front().key);
        order_.pop_front();
    }
}

}  // namespace genie_slack::storage::memory
