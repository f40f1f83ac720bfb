// How a question goes through Genie's statuses (databricks.md 1.4): a plan made when it arrives, read by elapsed time.
#pragma once

#include "core/clock.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// What of the answer can be seen.
enum class Visible { nothing, first_attempt, query, everything };

struct WalkStep {
    WalkStep(std::string status_, Duration time_, Visible visible_ = Visible::nothing)
        : status(std::move(status_)), time(time_), visible(visible_) {}

    std::string status;
    Duration time;  // how long it lasts; Duration::max() for ever
    Visible visible;
};

struct Walk {
    std::vector<WalkStep> steps;
    std::string end;  // the terminal status
    Visible end_visible = Visible::everything;
};

struct WalkPosition {
    std::string status;
    Visible visible = Visible::nothing;
    bool terminal = false;
    Duration since{};  // when the status began, from the start of the walk
};

// `outcome` as in GenieFaults::outcomes; an unknown one is normal. Outcomes that show something on the way show it for
// at least a moment even when `status_time` is zero.
Walk plan_walk(std::string_view outcome, bool has_query, Duration status_time);
WalkPosition walk_at(const Walk& walk, Duration elapsed);

}  // namespace genie_slack::sandbox::databricks
