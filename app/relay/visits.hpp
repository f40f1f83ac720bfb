// Who came, from which organisation, and where: read from every kind of payload in one place, for the gate.
#pragma once

#include "app/relay/directory/gate.hpp"
#include "app/relay/self.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

#include <string>

namespace genie_slack::relay {

// The payload's own team, or ours where it names none.
std::string team_of(const std::string& team, const Self& self);

// What somebody did in `channel` ("": with the bot alone), as an event tells it.
Visit visit_of(const slack::Event& event, const std::string& user, const std::string& channel, const Self& self);
Visit visit_of(const slack::Event& event, const slack::MessageEvent& message, const Self& self);
// The Home tab stands in the direct message that its view names.
Visit visit_of(const slack::BlockActions& actions, const Self& self);
Visit visit_of(const slack::SlashCommand& command, const Self& self);
Visit visit_of(const slack::Shortcut& shortcut, const Self& self);
// The form of the shortcut names the channel of its message.
Visit visit_of(const slack::ViewSubmission& submission, const Self& self);
Visit visit_of(const slack::BlockSuggestion& suggestion, const Self& self);
// Who asked, where the question stands.
Visit visit_of(const storage::Turn& turn);

}  // namespace genie_slack::relay
