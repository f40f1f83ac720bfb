// How a turn's message gets into its thread whatever Slack refuses: which form is tried next, in which message and
// when. Pure: it is told what happened and what time it is, and never waits.
#pragma once

#include "app/relay/delivery/seen.hpp"
#include "core/clock.hpp"
#include "slack/api/web_api.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace genie_slack::relay {

struct Delivered {
    std::string ts;
    bool leaves_out_data = false;  // of the rung that Slack took
    bool only_in_file = false;     // the same
    std::size_t rung = 0;          // that Slack took

    friend bool operator==(const Delivered&, const Delivered&) = default;
};

// One form of a message; the first rung of a ladder is the richest.
struct Rung {
    std::set<std::string> features;  // types of its blocks
    bool wants_chart = false;        // shows the drawn chart, which has to be uploaded first
    bool needs_chart = false;        // and shows nothing in its place
    bool leaves_out_data = false;
    bool only_in_file = false;  // the last resort: says that a file holds the answer
};

class LadderClimb {
 public:
    // What should we do next?

    // Look in the thread for a message of the turn that is none of these.
    struct Find {
        std::vector<std::string> given_up;
    };
    // Upload the drawn chart.
    struct UploadChart {};
    // Put the rung in place of message `ts`; "": post it as a new one.
    struct PutRung {
        std::size_t rung = 0;
        std::string ts;
    };
    // End the stream of message `ts`, which a process that died has left.
    struct EndStream {
        std::string ts;
    };
    // Take message `ts` away, if it can be; the climb goes on or ends all the same.
    struct Remove {
        std::string ts;
    };
    struct Wait {
        Duration duration{};
    };
    // The message stands. `set_aside`: features that Slack refused by name.
    struct Done {
        Delivered delivered;
        std::set<std::string> set_aside;
    };
    struct Failed {
        slack::ApiError error;
    };
    using Action = std::variant<Find, UploadChart, PutRung, EndStream, Remove, Wait, Done, Failed>;

    // Where a message came to stand.
    enum class Landing {
        in_place,      // where it was wanted
        channel_root,  // Slack did not find the thread
        below_stream,  // in place, and what was streamed before stays above it
    };
    struct PutRefused {
        slack::ApiError error;
        std::set<std::string> named;  // features of the rung that Slack's words blame
        bool lease_ran_out = false;   // nothing was sent, since the lease has to be renewed first
    };

    // Begins at rung `first`. `recorded_ts` is the turn's message, "" when it has none; `seen` tells whether somebody
    // may have posted one that was not recorded, `may_have_moved` that this may have happened beside the recorded one.
    LadderClimb(std::vector<Rung> ladder, std::size_t first, std::string recorded_ts, Seen seen, TimePoint deadline,
                bool may_have_moved = false);

    // Each of these tells what happened and returns what to do next.
    Action begin();
    // `older` are further messages of the turn: it has moved before that was recorded, and they are superfluous.
    Action found(std::string ts, std::vector<std::string> older = {});
    Action not_there();
    Action look_failed(slack::ApiError error, TimePoint now);
    Action chart_uploaded();
    Action no_chart();
    Action put_done(std::string ts, Landing landing);
    Action put_refused(PutRefused refused, TimePoint now);
    Action stream_ended();
    Action stream_not_ended();
    Action removed();
    Action lease_lost();
    Action waited();

 private:
    enum class Chart { unknown, uploaded, none };

    Action next();
    Action simpler();
    void step_down();
    Action again(TimePoint now);
    Action move(bool old_one_stands);
    Action move_whole();
    bool waits_too_long(TimePoint now);
    Done done_at(std::string ts) const;
    Action fail();
    Action end();

    const std::vector<Rung> ladder_;
    const Seen seen_;
    const TimePoint deadline_;

    const std::size_t first_;
    std::size_t rung_;
    std::optional<TimePoint> hindered_since_;  // when an update was refused for the first time that may come later
    std::string ts_;                           // of the message to put the rung in, "" for a new one
    bool must_look_;
    std::vector<std::string> given_up_;   // messages that cannot be updated
    std::vector<std::string> to_remove_;  // those among them that a new one replaces
    Chart chart_ = Chart::unknown;
    int chart_waits_ = 0;
    int stumbles_ = 0;  // of Slack over this rung
    bool asked_to_end_stream_ = false;
    Duration wait_;
    std::set<std::string> blamed_;
    std::optional<Done> below_stream_;  // stands there until a new message does
    slack::ApiError last_;
    std::optional<std::variant<Done, Failed>> end_;  // known, but there are messages to take away first
};

}  // namespace genie_slack::relay
