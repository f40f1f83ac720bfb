// How a turn shows that it is alive, decided from what is left of Slack's budgets. Pure.
#pragma once

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
    // What is left of each budget, from 0 to 1.
    double start_stream = 1;
    double stop_stream = 1;
    double update = 1;
    double post = 1;  // in the channel
    double status = 1;
};

// The richest sign whose later calls, too, are likely to find room: a stream has to be stopped and a message to be
// updated when the answer is there, while after a status one post is all that the answer needs.
Sign choose_sign(const SignFacts& facts);

}  // namespace genie_slack::relay
