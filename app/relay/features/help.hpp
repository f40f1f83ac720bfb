// Greetings, thanks and calls for help: answered here, since no data could.
#pragma once

#include "app/answer/message/help.hpp"
#include "app/relay/self.hpp"
#include "app/relay/services.hpp"
#include "core/task_group.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <set>
#include <string>
#include <utility>

namespace genie_slack::relay {

class Help {
 public:
    // All references must outlive it.
    Help(slack::WebApi& slack, Directory directory, TaskGroup& background, const Self& self)
        : slack_(slack), directory_(directory), background_(background), self_(self) {}

    // Whether the message, which addresses the bot, is answered with help; `turn` is what it would ask.
    bool answer(const slack::MessageEvent& message, const storage::Turn& turn);

 private:
    boost::asio::awaitable<void> help(storage::ThreadKey thread, std::string user, answer::HelpReason reason);

    slack::WebApi& slack_;
    Directory directory_;
    TaskGroup& background_;
    const Self& self_;
    std::set<std::pair<std::string, std::string>> helped_;  // channel and ts of messages
};

}  // namespace genie_slack::relay
