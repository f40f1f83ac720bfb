// The questions that an answer, a failure or a help text offers as buttons.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/press.hpp"

namespace genie_slack::relay {

class FollowUp {
 public:
    // `intake` must outlive it.
    explicit FollowUp(Intake& intake) : intake_(intake) {}

    // Asks in the thread of the button, once however often it is pressed.
    boost::asio::awaitable<slack::Ack> ask(const Press& press);

 private:
    Intake& intake_;
};

}  // namespace genie_slack::relay
