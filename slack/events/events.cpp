#include "slack/events/events.hpp"

#include "slack/events/message_events.hpp"
#include "slack/events/payload_owner.hpp"
#include "slack/json_read.hpp"

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace events_detail {
namespace {

constexpr std::size_t kMaxStreams = 50;

// In a channel that is shared with another organisation the outer ids may be the other one's: the authorization names
// the installation that the event is for. (Bolt for JavaScript, Python and Java read it first as well.)
Owner owner_of_event(const json::object& payload) {
    const std::string outer_team = first_of(string_at(payload, "team_id"), string_at(payload, "context_team_id"));
    const std::string outer_enterprise =
        first_of(string_at(payload, "enterprise_id"), string_at(payload, "context_enterprise_id"));
    Owner owner;
    owner.inside = !bool_at(payload, "is_ext_shared_channel");
    const json::array& authorizations = array_at(payload, "authorizations");
    if (!authorizations.empty() && authorizations[0].is_object()) {
        const json::object& authorization = authorizations[0].get_object();
        owner.org_wide = bool_at(authorization, "is_enterprise_install");
        owner.workspace = string_at(authorization, "team_id");
        owner.enterprise = string_at(authorization, "enterprise_id");
    }
    // Where nothing names the installation, the outer team is ours only where nobody else can be.
    if (owner.workspace.empty() && (owner.enterprise.empty() ? owner.inside : owner.enterprise == outer_enterprise))
        owner.workspace = outer_team;
    // The outer enterprise is ours only where the outer workspace is.
    if (owner.enterprise.empty() && owner.workspace == outer_team && (owner.inside || !outer_team.empty()))
        owner.enterprise = outer_enterprise;
    return owner;
}

std::string plain_reaction(std::string name) {
    const std::size_t skin_tone = name.find("::");
    if (skin_tone != std::string::npos)
        name.resize(skin_tone);
    if (name == "thumbsup")
        return "+1";
    return name == "thumbsdown" ? "-1" : name;
}

EventBody reaction(const json::object& event, bool added) {
    const json::object& item = object_at(event, "item");
    ReactionChanged out;
    out.added = added;
    out.user = string_at(event, "user");
    out.reaction = plain_reaction(string_at(event, "reaction"));
    out.item_user = string_at(event, "item_user");
    out.channel = string_at(item, "channel");
    out.ts = string_at(item, "ts");
    // Reactions to files have no message.
    if (out.channel.empty() || out.ts.empty())
        return UnknownEvent{added ? "reaction_added" : "reaction_removed"};
    return out;
}

EventBody assistant_thread(const json::object& event, bool context_changed) {
    const json::object& thread = object_at(event, "assistant_thread");
    AssistantThreadStarted out;
    out.context_changed = context_changed;
    out.user = string_at(thread, "user_id");
    out.channel = string_at(thread, "channel_id");
    out.thread_ts = string_at(thread, "thread_ts");
    out.context_channel = string_at(object_at(thread, "context"), "channel_id");
    return out;
}

// "slack#/types/channel_id" holds an id, "slack#/types/message_context" an object with one.
std::string looked_at_channel(const json::object& context) {
    for (const json::value& entity : array_at(context, "entities")) {
        if (!entity.is_object())
            continue;
        const std::string type = string_at(entity.get_object(), "type");
        std::string channel;
        if (type.ends_with("channel_id"))
            channel = string_at(entity.get_object(), "value");
        else if (type.ends_with("message_context"))
            channel = string_at(object_at(entity.get_object(), "value"), "channel_id");
        if (!channel.empty())
            return channel;
    }
    return {};
}

EventBody app_context(const json::object& event) {
    AppContextChanged out;
    out.user = string_at(event, "user");
    out.channel = string_at(event, "channel");
    out.context_channel = looked_at_channel(object_at(event, "context"));
    return out;
}

EventBody session_stopped(const json::object& event) {
    AgentSessionStopped out;
    out.user = string_at(event, "user");
    out.channel = string_at(event, "channel");
    out.thread_ts = string_at(event, "thread_ts");
    for (const json::value& ts : array_at(event, "streaming_message_ts")) {
        if (out.streaming_message_ts.size() == kMaxStreams)
            break;
        if (ts.is_string() && !ts.get_string().empty() && ts.get_string().size() <= kIdBytes)
            out.streaming_message_ts.emplace_back(ts.get_string().data(), ts.get_string().size());
    }
    return out;
}

EventBody parse_body(const json::object& event, const Owner& owner) {
    const std::string type = string_at(event, "type");
    if (type == "message" || type == "app_mention")
        return parse_message_event(event, owner, type == "app_mention");
    if (type == "reaction_added" || type == "reaction_removed")
        return reaction(event, type == "reaction_added");
    if (type == "app_home_opened")
        return AppHomeOpened{string_at(event, "user"), string_at(event, "channel"), string_at(event, "tab")};
    if (type == "assistant_thread_started" || type == "assistant_thread_context_changed")
        return assistant_thread(event, type == "assistant_thread_context_changed");
    if (type == "app_context_changed")
        return app_context(event);
    if (type == "agent_session_stopped")
        return session_stopped(event);
    // The last of several organisations that share it may have left, or only one of them.
    if (type == "channel_shared" || type == "channel_unshared")
        return ChannelShared{string_at(event, "channel"), type == "channel_shared" || bool_at(event, "is_ext_shared")};
    if (type == "member_joined_channel")
        return MemberJoinedChannel{string_at(event, "user"), string_at(event, "channel"), string_at(event, "inviter")};
    return UnknownEvent{tidy_kind(type)};
}

struct KindOfEvent {
    std::string operator()(const UnknownEvent& event) const { return tidy_kind(event.type); }
    std::string operator()(const MessageEvent& event) const { return event.mention ? "app_mention" : "message"; }
    std::string operator()(const MessageChanged&) const { return "message_changed"; }
    std::string operator()(const MessageDeleted&) const { return "message_deleted"; }
    std::string operator()(const ReactionChanged& event) const {
        return event.added ? "reaction_added" : "reaction_removed";
    }
    std::string operator()(const AppHomeOpened&) const { return "app_home_opened"; }
    std::string operator()(const AssistantThreadStarted& event) const {
        return event.context_changed ? "assistant_thread_context_changed" : "assistant_thread_started";
    }
    std::string operator()(const AppContextChanged&) const { return "app_context_changed"; }
    std::string operator()(const AgentSessionStopped&) const { return "agent_session_stopped"; }
    std::string operator()(const ChannelShared& event) const {
        return event.is_shared ? "channel_shared" : "channel_unshared";
    }
    std::string operator()(const MemberJoinedChannel&) const { return "member_joined_channel"; }
    std::string operator()(const AppRateLimited&) const { return "app_rate_limited"; }
};

struct KindOfInteraction {
    std::string operator()(const UnknownInteraction& interaction) const { return tidy_kind(interaction.type); }
    std::string operator()(const BlockActions&) const { return "block_actions"; }
    std::string operator()(const ViewSubmission& view) const { return view.closed ? "view_closed" : "view_submission"; }
    std::string operator()(const Shortcut& shortcut) const {
        return shortcut.on_message ? "message_action" : "shortcut";
    }
    std::string operator()(const BlockSuggestion&) const { return "block_suggestion"; }
};

struct KindOfPayload {
    std::string operator()(const Event& event) const { return std::visit(KindOfEvent{}, event.body); }
    std::string operator()(const SlashCommand&) const { return "slash_commands"; }
    std::string operator()(const Interaction& interaction) const {
        return std::visit(KindOfInteraction{}, interaction);
    }
};

}  // namespace
}  // namespace events_detail

Event parse_event(const json::object& payload, int retry_attempt, std::string_view retry_reason) {
    const Owner owner = events_detail::owner_of_event(payload);
    Event out;
    out.event_id = string_at(payload, "event_id");
    out.team = owner.team();
    out.enterprise = owner.enterprise;
    out.app_id = string_at(payload, "api_app_id");
    out.ext_shared_channel = bool_at(payload, "is_ext_shared_channel");
    out.retry_attempt = retry_attempt;
    out.retry_reason = std::string(retry_reason.substr(0, kIdBytes));
    if (string_at(payload, "type") == "app_rate_limited")
        out.body = AppRateLimited{string_at(payload, "team_id"), integer_at(payload, "minute_rate_limited")};
    else if (payload.contains("event"))
        out.body = events_detail::parse_body(object_at(payload, "event"), owner);
    else
        out.body = UnknownEvent{tidy_kind(string_at(payload, "type"))};
    return out;
}

SlashCommand parse_slash_command(const json::object& payload) {
    Owner owner;
    owner.workspace = string_at(payload, "team_id");
    owner.enterprise = string_at(payload, "enterprise_id");
    owner.org_wide = bool_at(payload, "is_enterprise_install");
    SlashCommand out;
    out.team = owner.team();
    out.enterprise = owner.enterprise;
    out.channel = string_at(payload, "channel_id");
    out.user = string_at(payload, "user_id");
    out.user_name = string_at(payload, "user_name");
    out.user_team = owner.stranger(first_of(string_at(payload, "user_team_id"), string_at(payload, "user_team")),
                                   string_at(payload, "user_enterprise_id"));
    out.command = string_at(payload, "command");
    out.text = text_at(payload, "text");
    out.response_url = string_at(payload, "response_url", kOpaqueBytes);
    out.trigger_id = string_at(payload, "trigger_id", kOpaqueBytes);
    return out;
}

std::string kind_of(const Payload& payload) {
    return std::visit(events_detail::KindOfPayload{}, payload);
}

}  // namespace genie_slack::slack
