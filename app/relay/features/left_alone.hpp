// "Answer this" below the note about a line that was left alone: the line becomes a question after all.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/press.hpp"
#include "app/relay/services.hpp"

namespace genie_slack::relay {

class LeftAlone {
 public:
    // All references must outlive it.
    LeftAlone(Services services, const People& people, Intake& intake, Notes& notes, const RelayOptions& options)
        : services_(services), people_(people), intake_(intake), notes_(notes), options_(options) {}

    // Asks the line as it reads now; its writer alone can.
    boost::asio::awaitable<slack::Ack> press(const Press& press);

 private:
    // The line itself, nothing where Slack does not show it.
    boost::asio::awaitable<std::optional<slack::MessageEvent>> read(answer::LinePress line, std::string channel);

    Services services_;
    const People& people_;
    Intake& intake_;
    Notes& notes_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
