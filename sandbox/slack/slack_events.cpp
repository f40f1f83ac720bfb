// What happens in the workspace, told to the bot and to the page.
#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server_impl.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace slack_events_detail {

// The event subscription that brings an event.
std::string subscription(const json::object& event) {
    const std::string type = text_member(event, "type");
    if (type != "message")
        return type;
    const std::string kind = text_member(event, "channel_type");
    return kind == "channel" ? "message.channels" : kind == "group" ? "message.groups" : "message." + kind;
}

}  // namespace slack_events_detail

void SlackServerImpl::emit(json::object event, const std::string& channel) {
    if (!event.contains("mention")) {
        deliver(std::move(event), channel);
        return;
    }
    json::object mention = std::move(event.at("mention").get_object());
    json::object message = std::move(event.at("message").get_object());
    if (faults_.both_mention_events)
        std::swap(mention, message);
    deliver(std::move(mention), channel);
    deliver(std::move(message), channel);
}

void SlackServerImpl::deliver(json::object event, const std::string& channel) {
    const auto& wanted = options_.bot_events;
    if (std::find(wanted.begin(), wanted.end(), slack_events_detail::subscription(event)) == wanted.end())
        return;
    hub_.send_event(wrap(std::move(event), channel, workspace_.random_id("Ev0", 10)), 0, 0);
}

json::object SlackServerImpl::wrap(json::object event, const std::string& channel, const std::string& event_id) const {
    const auto* place = workspace_.channel(channel);
    const bool shared = place && place->is_ext_shared;
    const auto* inner = object_member(event, "message");
    const SlackUser* writer = workspace_.user(text_member(inner ? *inner : event, "user"));
    // Bolt for JavaScript, issue 935: in a shared channel the outer ids may be the other organisation's.
    const std::string outer = shared && !faults_.outer_team.empty() ? faults_.outer_team : workspace_.team_of(writer);
    std::string enterprise = outer == options_.team_id ? options_.enterprise_id : "";
    if (writer && outer == writer->team_id)
        enterprise = writer->enterprise_id;
    return event_wrapper(options_, std::move(event), event_id, shared, outer, enterprise);
}

void SlackServerImpl::tell(json::object change) {
    // A listener may add another.
    for (std::size_t at = 0; at < listeners_.size(); ++at)
        listeners_[at](change);
}

void SlackServerImpl::notice(const std::string& user, const std::string& channel, const std::string& text) {
    tell({{"type", "notice"}, {"user", user}, {"channel", channel}, {"text", text}});
}

std::string SlackServerImpl::send_envelope(const std::string& type, json::object payload, int connection,
                                           bool redeliver) {
    const bool accepts = type == "slash_commands" || type == "interactive";
    return hub_.send_envelope(type, std::move(payload), accepts, connection, redeliver, {});
}

std::string SlackServerImpl::send_event(json::object event, int connection, std::string event_id, int retry_attempt) {
    if (event_id.empty())
        event_id = workspace_.random_id("Ev0", 10);
    const std::string channel = text_member(event, "channel");
    return hub_.send_event(wrap(std::move(event), channel, event_id), connection, retry_attempt);
}

}  // namespace genie_slack::sandbox
