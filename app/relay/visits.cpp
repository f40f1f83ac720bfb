#include "app/relay/visits.hpp"

#include "app/answer/actions.hpp"
#include "app/relay/turn_facts.hpp"

#include <boost/json/value.hpp>

namespace genie_slack::relay {

namespace visits_detail {

template <class Payload>
Visit visit(const Payload& payload, const std::string& channel, const Self& self) {
    Visit visit;
    visit.team = team_of(payload.team, self);
    visit.enterprise = payload.enterprise;
    visit.user = payload.user;
    visit.user_team = payload.user_team;
    // In a channel shared with others the payload may name the team of whoever acts (docs/protocol/slack.md 3.11).
    const bool is_ours = self.team.empty() || visit.team == self.team || visit.team == visit.enterprise;
    if (!is_ours) {
        if (visit.user_team.empty())
            visit.user_team = visit.team;
        visit.team = self.team;
        // It is told beside a team that is not ours.
        visit.enterprise.clear();
    }
    visit.channel = channel;
    visit.is_im = channel.empty() || slack::is_direct_channel(channel);
    return visit;
}

std::string text_of(const boost::json::object& view, const char* key) {
    const auto* value = view.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace visits_detail

std::string team_of(const std::string& team, const Self& self) {
    return team.empty() ? self.team : team;
}

Visit visit_of(const slack::Event& event, const std::string& user, const std::string& channel, const Self& self) {
    Visit visit;
    visit.team = team_of(event.team, self);
    visit.enterprise = event.enterprise;
    visit.user = user;
    visit.channel = channel;
    visit.is_im = channel.empty() || slack::is_direct_channel(channel);
    visit.is_ext_shared = event.ext_shared_channel;
    return visit;
}

Visit visit_of(const slack::Event& event, const slack::MessageEvent& message, const Self& self) {
    Visit visit = visit_of(event, message.user, message.channel, self);
    visit.user_team = message.user_team;
    visit.is_im = visit.is_im || message.is_direct();
    return visit;
}

Visit visit_of(const slack::BlockActions& actions, const Self& self) {
    const bool is_home = actions.channel.empty();
    return visits_detail::visit(
        actions, is_home ? visits_detail::text_of(actions.view, "private_metadata") : actions.channel, self);
}

Visit visit_of(const slack::SlashCommand& command, const Self& self) {
    return visits_detail::visit(command, command.channel, self);
}

Visit visit_of(const slack::Shortcut& shortcut, const Self& self) {
    return visits_detail::visit(shortcut, shortcut.channel, self);
}

Visit visit_of(const slack::ViewSubmission& submission, const Self& self) {
    const auto target = answer::parse_shortcut(submission.private_metadata);
    return visits_detail::visit(submission, target ? target->channel : std::string(), self);
}

Visit visit_of(const slack::BlockSuggestion& suggestion, const Self& self) {
    return visits_detail::visit(suggestion, suggestion.channel, self);
}

Visit visit_of(const storage::Turn& turn) {
    Visit visit;
    visit.team = turn.thread.team;
    visit.user = turn.user;
    visit.channel = turn.thread.channel;
    visit.is_im = is_asked_directly(turn);
    return visit;
}

}  // namespace genie_slack::relay
