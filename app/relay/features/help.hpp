// Greetings, thanks and calls for help: answered here, since no data could.
#pragma once

#include "app/answer/message/help.hpp"
#include "app/relay/directory/examples.hpp"
#include "app/relay/relay_context.hpp"

#include <set>
#include <string>
#include <utility>

namespace genie_slack::relay {

class HelpDesk : public RelayPart {
 public:
    // Both references must outlive it.
    HelpDesk(RelayContext& context, Examples& examples) : context_(context), examples_(examples) {}

    Answer<slack::Ack> on_event(const slack::Event& event) override;

 private:
    boost::asio::awaitable<void> help(storage::ThreadKey thread, std::string user, answer::HelpReason reason);

    RelayContext& context_;
    Examples& examples_;
    std::set<std::pair<std::string, std::string>> helped_;  // channel and ts of messages
};

}  // namespace genie_slack::relay
