// A pressed button or chosen option, with what every feature asks about it.
#pragma once

#include "app/relay/directory/gate.hpp"
#include "app/relay/turn_facts.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

namespace genie_slack::relay {

struct Press {
    // Both stay valid until the handler has ended.
    const slack::BlockActions& actions;
    const slack::Action& action;
    Visit visit;
    storage::ThreadKey thread;  // in which it was pressed; a root message is the start of its own
    Place note_place;           // where the person can be told something

    const std::string& user() const { return visit.user; }
    const std::string& team() const { return visit.team; }
};

}  // namespace genie_slack::relay
