// Greetings and calls for help: answered here, since no data could.
#pragma once

#include "app/answer/message/help.hpp"
#include "app/relay/once.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/self.hpp"
#include "app/relay/services.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <utility>

namespace genie_slack::relay {

class Help {
 public:
    // All references must outlive it.
    Help(slack::WebApi& slack, Directory directory, const Self& self, const RelayOptions& options)
        : slack_(slack), directory_(directory), self_(self), options_(options) {}

    // Why the message, which addresses the bot, is answered with help; nothing: it is not. `turn` is what it would ask.
    static std::optional<answer::HelpReason> reason_for(const slack::MessageEvent& message, const storage::Turn& turn);
    // False for a message that has its help.
    bool begin(const slack::MessageEvent& message);
    // Posts it, with questions of the space: for those whom the gate lets in.
    boost::asio::awaitable<void> post(storage::ThreadKey thread, std::string user, answer::HelpReason reason);

 private:
    slack::WebApi& slack_;
    Directory directory_;
    const Self& self_;
    const RelayOptions& options_;
    Once<std::pair<std::string, std::string>> helped_{1'000};  // channel and ts of messages
};

}  // namespace genie_slack::relay
