#include "app/relay/turn/ask_plan.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

using genie::GenieError;
using genie::GenieFault;

namespace ask_plan_detail {

constexpr Duration kBetweenLookUps = std::chrono::seconds(2);
constexpr int kMostRepeats = 3;  // of a POST that was seen not to have arrived
// A conversation is busy until its message before this one is answered.
constexpr Duration kFirstBusyPause = std::chrono::seconds(5);
constexpr Duration kLongestBusyPause = std::chrono::seconds(30);
constexpr Duration kLongestBusy = std::chrono::minutes(5);
// Databricks cannot be reached, or says that it takes nothing now.
constexpr Duration kFirstAwayPause = std::chrono::milliseconds(500);
constexpr Duration kLongestAwayPause = std::chrono::seconds(10);
constexpr Duration kLongestAway = std::chrono::seconds(90);

bool is_busy(const GenieError& error) {
    return error.http_status == 409 || error.error_code == genie::kConversationBusy;
}

}  // namespace ask_plan_detail

using namespace ask_plan_detail;

AskPlan::AskPlan(bool has_conversation, TimePoint deadline)
    : deadline_(deadline),
      has_conversation_(has_conversation),
      busy_pause_(kFirstBusyPause),
      away_pause_(kFirstAwayPause) {}

AskPlan::Action AskPlan::ask() {
    return Post{};
}

AskPlan::Action AskPlan::find(TimePoint asked_at) {
    only_find_ = true;
    settled_at_ = asked_at + kSettled;
    last_ = GenieError(GenieFault::timeout, "no time left to look for the question");
    return Look{};
}

AskPlan::Action AskPlan::posted(AskedQuestion asked) {
    return Done{std::move(asked)};
}

AskPlan::Action AskPlan::found(AskedQuestion asked) {
    return Done{std::move(asked)};
}

AskPlan::Action AskPlan::pause(Duration duration, TimePoint now) {
    if (deadline_ - now <= duration)
        return Failed{last_};
    return Pause{duration};
}

AskPlan::Action AskPlan::refused(GenieError error, TimePoint now) {
    last_ = std::move(error);
    if (is_busy(last_))
        return after_busy(now);
    switch (last_.fault) {
        case GenieFault::ambiguous:
            ++unknown_posts_;
            must_look_ = true;
            settled_at_ = now + kSettled;
            return pause(kBetweenLookUps, now);
        case GenieFault::not_found:   // it was deleted
        case GenieFault::permission:  // it belongs to the identity as which Genie was asked before
            if (has_conversation_)
                return in_new_conversation();
            return Failed{last_};
        // It surely did not arrive.
        case GenieFault::unavailable:
        case GenieFault::timeout:
            return after_absence(now);
        case GenieFault::auth:
        case GenieFault::invalid:
        case GenieFault::rate_limited:
        case GenieFault::result_expired:
        case GenieFault::query_failed:
        case GenieFault::configuration:
        case GenieFault::cancelled:
            return Failed{last_};
    }
    return Failed{last_};
}

AskPlan::Action AskPlan::in_new_conversation() {
    has_conversation_ = false;
    return Record{true};
}

// What runs there may be this very question, when an earlier POST of it broke off.
AskPlan::Action AskPlan::after_busy(TimePoint now) {
    if (!busy_since_)
        busy_since_ = now;
    must_look_ = unknown_posts_ > 0;
    settled_at_ = now;
    const Duration duration = std::exchange(busy_pause_, std::min(busy_pause_ * 3 / 2, kLongestBusyPause));
    if (now + duration - *busy_since_ > kLongestBusy)
        return Failed{last_};
    return pause(duration, now);
}

AskPlan::Action AskPlan::after_absence(TimePoint now) {
    if (!away_since_)
        away_since_ = now;
    Duration duration = std::exchange(away_pause_, std::min(away_pause_ * 2, kLongestAwayPause));
    duration = std::max(duration, last_.retry_after.value_or(Duration::zero()));
    if (now + duration - *away_since_ > kLongestAway)
        return Failed{last_};
    return pause(duration, now);
}

AskPlan::Action AskPlan::not_there(TimePoint now) {
    if (now < settled_at_)
        return pause(std::min(kBetweenLookUps, settled_at_ - now), now);
    if (only_find_)
        return Failed{GenieError(GenieFault::not_found, "the question is not in Genie")};
    must_look_ = false;
    if (unknown_posts_ > kMostRepeats)
        return Failed{last_};
    return Record{false};
}

// Only a look-up that says "not there" allows to ask again.
AskPlan::Action AskPlan::look_failed(GenieError error) {
    if (only_find_)
        return Failed{std::move(error)};
    return Failed{last_};
}

AskPlan::Action AskPlan::recorded() {
    return Post{};
}

AskPlan::Action AskPlan::paused() {
    if (must_look_ || only_find_)
        return Look{};
    return Record{false};
}

AskPlan::Action AskPlan::lease_lost() {
    return Failed{GenieError(GenieFault::cancelled, "the lease was lost")};
}

AskPlan::Action AskPlan::not_recorded() {
    return Failed{GenieError(GenieFault::cancelled, "that it is asked could not be recorded")};
}

AskPlan::Action AskPlan::not_wanted() {
    return Failed{GenieError(GenieFault::cancelled, "the question is not wanted any more")};
}

}  // namespace genie_slack::relay
