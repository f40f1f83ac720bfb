// The first steps of a turn: who may ask, where the answer will stand, which space answers, and the first sign of life.
#pragma once

#include "app/relay/turn/turn_work.hpp"

#include <boost/asio/awaitable.hpp>

namespace genie_slack::relay {

// Performs what the machine decided and says what came of it. Each call ends by a deadline of its own; cancelled calls
// throw system_error(operation_aborted).
class Opening {
 public:
    explicit Opening(TurnServices& services) : services_(services) {}

    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::TakeOverMessage action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::CheckGate action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::OpenPlace action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::FindExamples action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::DecideSpace action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::ShowSign action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::NamePeople action);

 private:
    TurnServices& services_;
};

}  // namespace genie_slack::relay
