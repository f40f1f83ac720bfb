// What happens to everything that Slack delivers: the gate is asked, then the handler of the table (routes.hpp) does
// its work; what nobody handles is acked and dropped.
#pragma once

#include "app/relay/features/features.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/self.hpp"
#include "app/relay/services.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "slack/socket/socket_mode.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace genie_slack::relay {

enum class Door;

struct RelayStatus {
    IntakeStatus intake;
    std::size_t threads_running = 0;
    std::size_t turns_queued = 0;
};

class Relay {
 public:
    // All references must outlive the relay.
    Relay(boost::asio::any_io_executor executor, Services services, Directory directory, TurnRunner& runner, Self self,
          RelayOptions options = {});

    // The EnvelopeFilter of Socket Mode: whether nothing of it is for us. It is counted then, and handle() has no part
    // in it.
    bool drop(const slack::Payload& payload);
    // The EnvelopeHandler of Socket Mode: returns when the ack may be sent.
    boost::asio::awaitable<slack::Ack> handle(slack::Payload payload);
    // Takes up turns that nobody works on, now and from time to time, until cancelled.
    boost::asio::awaitable<void> recover() { return features_.lanes.recover(); }
    // Takes no more questions. Running ones are handed over within seconds where storage outlives the process; else
    // they get until shortly before the deadline, and then end with a message to the person.
    boost::asio::awaitable<void> stop(Deadline deadline);

    // Who the admins are from now on.
    void use_admins(std::set<std::string> admins) { options_.admins = std::move(admins); }

    RelayStatus status() const;

 private:
    boost::asio::awaitable<slack::Ack> on_event(slack::Event event);
    boost::asio::awaitable<slack::Ack> on_command(slack::SlashCommand command);
    boost::asio::awaitable<slack::Ack> on_actions(slack::BlockActions actions);
    // The press of a person of whom Slack has not told in time for the ack.
    boost::asio::awaitable<void> press_late(slack::BlockActions actions, std::size_t index);
    void turn_away(const Press& press, std::string refusal);
    // Slack never delivers a press again, and shows at most a small mark.
    void tell_not_done(const Press& press);
    boost::asio::awaitable<slack::Ack> on_submission(slack::ViewSubmission submission);
    boost::asio::awaitable<slack::Ack> on_shortcut(slack::Shortcut shortcut);
    boost::asio::awaitable<slack::Ack> on_suggestion(slack::BlockSuggestion suggestion);
    // Why the person may not do this there, in their language; "" when they may.
    boost::asio::awaitable<std::string> why_refused(const Visit& visit, const char* what, Door door, Deadline deadline);

    Directory directory_;
    Self self_;
    RelayOptions options_;
    Features features_;
};

}  // namespace genie_slack::relay
