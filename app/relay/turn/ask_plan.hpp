// How a question gets to Genie exactly once: what follows from each answer to its POST. Pure: it is told what happened
// and what time it is, and never waits.
#pragma once

#include "core/clock.hpp"
#include "genie/client.hpp"

#include <optional>
#include <string>
#include <variant>

namespace genie_slack::relay {

struct AskedQuestion {
    std::string conversation_id;
    std::string message_id;
    bool new_conversation = false;  // the thread had none, or its former one is of no use any more
    std::string request_id;         // Databricks' name for the call by which it was asked, "" when it was found there
};

class AskPlan {
 public:
    // What should we do next?

    // Post the question: into the turn's conversation, or as a new one.
    struct Post {};
    // Look in Genie whether the question is there already.
    struct Look {};
    struct Pause {
        Duration duration{};
    };
    // Store, before the next POST, that the question is asked now, and whether in a new conversation: whoever carries
    // on after a crash has to look in the right place.
    struct Record {
        bool new_conversation = false;
    };
    struct Done {
        AskedQuestion asked;
    };
    struct Failed {
        genie::GenieError error;
    };
    using Action = std::variant<Post, Look, Pause, Record, Done, Failed>;

    // Genie may still be writing down a question whose POST broke off: it is looked for again and again for so long.
    static constexpr Duration kSettled = std::chrono::seconds(8);

    // For a question that goes into a conversation of the thread (`has_conversation`) or begins one.
    AskPlan(bool has_conversation, TimePoint deadline);

    // Each of these tells what happened and returns what to do next.

    // Asks.
    Action ask();
    // Only finds out whether a question is there that was about to be asked at `asked_at`, when its process died: ends
    // with `not_found` when it certainly is not.
    Action find(TimePoint asked_at);
    Action posted(AskedQuestion asked);
    Action refused(genie::GenieError error, TimePoint now);
    Action found(AskedQuestion asked);
    Action not_there(TimePoint now);
    Action look_failed(genie::GenieError error);
    Action recorded();
    Action paused();
    Action lease_lost();
    // Storage did not take what Record asked for; why is in the log.
    Action not_recorded();
    // Nobody waits for the answer any more, or this process ends: nothing more is posted.
    Action not_wanted();

 private:
    Action pause(Duration duration, TimePoint now);
    Action in_new_conversation();
    Action after_busy(TimePoint now);
    Action after_absence(TimePoint now);

    const TimePoint deadline_;
    bool has_conversation_;
    bool only_find_ = false;
    bool must_look_ = false;  // before the question may be posted (again)
    TimePoint settled_at_{};  // from here on a look-up that does not find the question is to be believed
    int unknown_posts_ = 0;   // POSTs that broke off
    std::optional<TimePoint> busy_since_;
    Duration busy_pause_;
    std::optional<TimePoint> away_since_;
    Duration away_pause_;
    genie::GenieError last_;
};

}  // namespace genie_slack::relay
