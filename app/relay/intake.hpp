// Is an event a question for us? Pure: cheap checks that need no look-up first (docs/architecture.md 4).
#pragma once

#include "app/relay/self.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

#include <string>

namespace genie_slack::relay {

struct IntakeDecision {
    enum class Kind {
        ignore,
        question,   // ask it
        if_served,  // a reply without a mention: a question when the thread is one of ours
    };
    Kind kind = Kind::ignore;
    const char* reason = "";  // why it is ignored, for the debug log
};

IntakeDecision decide(const slack::Event& event, const slack::MessageEvent& message, const Self& self);

// The thread and the plain text of a question.
storage::Turn make_turn(const slack::Event& event, const slack::MessageEvent& message, const Self& self);

}  // namespace genie_slack::relay
