#include "sandbox/genie/status_walk.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

Walk plan_walk(std::string_view outcome, bool has_query, Duration status_time) {
    using namespace std::chrono_literals;
    const Duration moment = std::max<Duration>(status_time, 100ms);
    Walk walk;
    walk.end = "COMPLETED";
    if (outcome == "BLOCK_MULTIPLE") {
        walk.steps.emplace_back("SUBMITTED", status_time);
        walk.end = "FAILED";
        walk.end_visible = Visible::nothing;
        return walk;
    }
    for (const char* status : {"SUBMITTED", "FETCHING_METADATA", "FILTERING_CONTEXT", "ASKING_AI"})
        walk.steps.emplace_back(status, status_time);
    if (outcome == "HANG") {
        walk.steps.back().time = Duration::max();
        return walk;
    }
    if (outcome == "UNKNOWN_STATUS")
        walk.steps.emplace_back("REVIEWING_ANSWER", moment);
    if (outcome == "SELF_CORRECTION") {
        walk.steps.emplace_back("EXECUTING_QUERY", moment, Visible::first_attempt);
        walk.steps.emplace_back("ASKING_AI", moment, Visible::first_attempt);
    }
    if (has_query) {
        walk.steps.emplace_back("PENDING_WAREHOUSE",
                                outcome == "WAREHOUSE" ? std::max<Duration>(20 * status_time, 500ms) : status_time);
        walk.steps.emplace_back("EXECUTING_QUERY", status_time, Visible::query);
    }
    if (outcome == "FAILED" || outcome == "CANCELLED" || outcome == "QUERY_RESULT_EXPIRED")
        walk.end = outcome;
    if (outcome == "FAILED_WITH_SUGGESTIONS")
        walk.end = "FAILED";
    if (walk.end == "FAILED" || walk.end == "CANCELLED")
        walk.end_visible = Visible::nothing;
    return walk;
}

WalkPosition walk_at(const Walk& walk, Duration elapsed) {
    WalkPosition position;
    for (const WalkStep& step : walk.steps) {
        if (step.time == Duration::max() || elapsed - position.since < step.time) {
            position.status = step.status;
            position.visible = step.visible;
            return position;
        }
        position.since += step.time;
    }
    position.status = walk.end;
    position.visible = walk.end_visible;
    position.terminal = true;
    return position;
}

}  // namespace genie_slack::sandbox::databricks
