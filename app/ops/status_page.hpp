// The page that a person sees who opens the process' port in a browser: numbers only, no names and no chat.
#pragma once

#include "app/relay/turn/recent_turns.hpp"
#include "core/clock.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace genie_slack::ops {

struct Status {
    std::string version;
    Duration age{};  // of the process
    int connections = 0;
    int wanted_connections = 0;
    std::size_t working = 0;  // questions that are worked on
    std::size_t waiting = 0;
    relay::RecentTurns::Summary hour;
    relay::RecentTurns::Summary day;
    std::array<relay::RecentTurns::Summary, relay::RecentTurns::kHours> hours;  // of the day, the newest last
};

// HTML without scripts, and nothing that comes from elsewhere.
std::string status_page(const Status& status);

}  // namespace genie_slack::ops
