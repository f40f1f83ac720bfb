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
    const auto* place = workspace_.channel(channel);
    const std::string id = workspace_.random_id("Ev0", 10);
    hub_.send_event(event_wrapper(options_, std::move(event), id, place && place->is_ext_shared), 0, 0);
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
    const auto* place = workspace_.channel(text_member(event, "channel"));
    return hub_.send_event(event_wrapper(options_, std::move(event), event_id, place && place->is_ext_shared),
                           connection, retry_attempt);
}

}  // namespace genie_slack::sandbox
