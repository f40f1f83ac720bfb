// How a turn shows that it is alive: which sign is given, what follows when Slack refuses it, and what when Slack
// refuses to let a stream grow. Pure: it is told what is left of Slack's budgets and what Slack answered.
#pragma once

#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/delivery/seen.hpp"
#include "slack/api/api_error.hpp"

#include <optional>

namespace genie_slack::relay {

enum class Sign {
    stream,   // a message with task cards, which becomes the answer
    message,  // a message that is updated in place, and becomes the answer
    status,   // "assistant.threads.setStatus" in the thread: there is no message before the answer
    nothing,  // Slack allows none of them now
};

struct SignFacts {
    // What this turn may have where it stands.
    bool may_stream = false;
    bool may_set_status = false;
    bool is_hushed = false;  // no message stands in the thread before there is something to say
    // What is left of each budget, from 0 to 1.
    double start_stream = 1;
    double stop_stream = 1;
    double update = 1;
    double post = 1;  // in the channel
    double status = 1;
};

// What a refused sign means.
struct SignRefused {
    enum class Next {
        another,  // SignPlan::next says which
        none,     // the question is gone, or nobody waits for a sign any more
    };
    Next next = Next::another;
    // What ends the wait for a message; `ambiguous`: one may stand there all the same.
    std::optional<slack::ApiError> told;
    // Whose next sign of this form would be refused, too; this_one: nobody's.
    RefusedFor set_aside = RefusedFor::this_one;
};

// What a refused change of a stream means.
enum class GrowthRefused {
    for_now,  // there is no budget: what comes next brings it along
    once,     // this change is lost, the next one may arrive
    ended,    // it streams no more
    stopped,  // the same, because somebody pressed Slack's own Stop
};

class SignPlan {
 public:
    // `seen`: whether a message of the turn may stand already. It is found when the answer comes: until then a status
    // is the sign.
    explicit SignPlan(Seen seen) : seen_(seen) {}

    // The richest sign whose later calls, too, are likely to find room: a stream has to be stopped and a message to be
    // updated when the answer is there, while after a status one post is all that the answer needs. A stream or a
    // status that was refused is not given again.
    Sign next(SignFacts facts) const;
    SignRefused stream_refused(const slack::ApiError& error);
    SignRefused status_refused(const slack::ApiError& error);
    static GrowthRefused growth_refused(const slack::ApiError& error);

    // `perhaps` also when Slack did not tell whether a stream began.
    Seen seen() const { return seen_; }
    // A stream may have begun of which Slack did not tell in time.
    bool is_start_unsure() const { return is_start_unsure_; }

 private:
    Seen seen_;
    bool was_stream_refused_ = false;
    bool was_status_refused_ = false;
    bool is_start_unsure_ = false;
};

}  // namespace genie_slack::relay
