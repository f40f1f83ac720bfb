// Slack's event ids of the last day and the question each one led to: a redelivery is known even when its thread is
// gone.
#pragma once

#include "storage/memory_storage.hpp"

#include <deque>
#include <string>
#include <unordered_map>

namespace genie_slack::storage::memory {

class EventIds {
 public:
    EventIds(std::size_t limit, Duration life) : limit_(limit), life_(life) {}

    // The turn id of a remembered event, nullptr for an unknown or forgotten one.
    const std::string* find(const std::string& team, const std::string& event_id);
    // Does nothing for an empty or a remembered event id. Returns how many ids left early to make room.
    std::size_t remember(const std::string& team, const std::string& event_id, const std::string& turn_id);
    std::size_t size() const { return turns_.size(); }

 private:
    struct Entry {
        std::string key;
        TimePoint seen;
    };
    void forget_old();

    std::size_t limit_;
    Duration life_;
    std::deque<Entry> order_;
    std::unordered_map<std::string, std::string> turns_;
};

}  // namespace genie_slack::storage::memory
