#include "sandbox/slack/event_payloads.hpp"

#include "sandbox/slack/json_members.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace event_payloads_detail {

constexpr std::string_view kVerificationToken = "sandbox-verification-token";

std::string unescape(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("&lt;")) {
            result += '<';
            at += 4;
        } else if (text.substr(at).starts_with("&gt;")) {
            result += '>';
            at += 4;
        } else if (text.substr(at).starts_with("&amp;")) {
            result += '&';
            at += 5;
        } else {
            result += text[at++];
        }
    }
    return result;
}

// The rich text element of <...>; an empty object when it is none that Slack knows.
json::object entity(std::string_view inside) {
    const std::size_t bar = inside.find('|');
    const std::string target(inside.substr(0, bar));
    if (target.starts_with("@"))
        return {{"type", "user"}, {"user_id", target.substr(1)}};
    if (target.starts_with("#"))
        return {{"type", "channel"}, {"channel_id", target.substr(1)}};
    if (target == "!here" || target == "!channel" || target == "!everyone")
        return {{"type", "broadcast"}, {"range", target.substr(1)}};
    if (target.starts_with("http://") || target.starts_with("https://") || target.starts_with("mailto:")) {
        json::object link{{"type", "link"}, {"url", unescape(target)}};
        if (bar != std::string_view::npos)
            link["text"] = unescape(inside.substr(bar + 1));
        return link;
    }
    return {};
}

void add_common(json::object& event, const SlackWorkspace& workspace, const SlackMessage& message) {
    // Workflows have no user.
    if (message.user.empty())
        event.erase("user");
    if (!message.username.empty())
        event["username"] = message.username;
    if (const SlackUser* writer = workspace.user(message.user); writer && !writer->team_id.empty())
        for (const char* key : {"team", "user_team", "source_team"})
            event[key] = writer->team_id;
    if (message.edited)
        event["edited"] = json::object{{"user", message.user}, {"ts", message.edited_ts}};
    if (!message.thread_ts.empty())
        event["thread_ts"] = message.thread_ts;
    if (!message.blocks.empty())
        event["blocks"] = message.blocks;
    if (!message.attachments.empty())
        event["attachments"] = message.attachments;
    if (!message.files.empty()) {
        event["files"] = message.files;
        event["upload"] = false;
    }
    if (!message.bot_id.empty()) {
        event["bot_id"] = message.bot_id;
        event["app_id"] =
            message.bot_id == workspace.options.bot_id ? workspace.options.app_id : "A0" + message.bot_id.substr(1);
        if (message.bot_id == workspace.options.bot_id)
            event["bot_profile"] = workspace.bot_profile();
    }
}

}  // namespace event_payloads_detail

json::object rich_text_block(std::string_view text, const std::string& block_id) {
    json::array elements;
    std::string plain;
    const auto flush = [&] {
        if (!plain.empty())
            elements.push_back(json::object{{"type", "text"}, {"text", event_payloads_detail::unescape(plain)}});
        plain.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t close = text[at] == '<' ? text.find('>', at) : std::string_view::npos;
        if (close != std::string_view::npos) {
            json::object element = event_payloads_detail::entity(text.substr(at + 1, close - at - 1));
            if (!element.empty()) {
                flush();
                elements.push_back(std::move(element));
                at = close + 1;
                continue;
            }
        }
        plain += text[at++];
    }
    flush();
    json::array sections;
    sections.push_back(json::object{{"type", "rich_text_section"}, {"elements", std::move(elements)}});
    return {{"type", "rich_text"}, {"block_id", block_id}, {"elements", std::move(sections)}};
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object event_wrapper(const SlackOptions& options, json::object event, const std::string& event_id,
                           bool ext_shared, const std::string& outer_team, const std::string& outer_enterprise) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wall_now().time_since_epoch()).count();
    json::array authorizations;
    authorizations.push_back(json::object{{"enterprise_id", text_or_null(options.enterprise_id)},
                                          {"team_id", options.team_id},
                                          {"user_id", options.bot_user_id},
                                          {"is_bot", true},
                                          {"is_enterprise_install", false}});
    return {{"token", event_payloads_detail::kVerificationToken},
            {"team_id", outer_team},
            {"enterprise_id", text_or_null(outer_enterprise)},
            {"context_team_id", outer_team},
            {"context_enterprise_id", text_or_null(outer_enterprise)},
            {"api_app_id", options.app_id},
            {"event", std::move(event)},
            {"type", "event_callback"},
            {"event_id", event_id},
            {"event_time", seconds},
            {"authorizations", std::move(authorizations)},
            {"is_ext_shared_channel", ext_shared},
            {"event_context", "4-" + event_id}};
}

json::object app_mention_event(const SlackWorkspace& workspace, const SlackMessage& message,
                               const std::string& client_msg_id) {
    json::object event{{"type", "app_mention"},
                       {"user", message.user},
                       {"text", message.text},
                       {"ts", message.ts},
                       {"team", workspace.options.team_id},
                       {"channel", message.channel},
                       {"event_ts", message.ts}};
    if (!client_msg_id.empty())
        event["client_msg_id"] = client_msg_id;
    if (message.subtype == "bot_message")
        event["subtype"] = message.subtype;
    event_payloads_detail::add_common(event, workspace, message);
    return event;
}

json::object message_event(const SlackWorkspace& workspace, const SlackMessage& message,
                           const std::string& client_msg_id) {
    json::object event{{"type", "message"},
                       {"user", message.user},
                       {"text", message.text},
                       {"ts", message.ts},
                       {"team", workspace.options.team_id},
                       {"channel", message.channel},
                       {"event_ts", message.ts}};
    if (const auto* channel = workspace.channel(message.channel))
        event["channel_type"] = channel_type(*channel);
    if (!client_msg_id.empty())
        event["client_msg_id"] = client_msg_id;
    if (!message.subtype.empty())
        event["subtype"] = message.subtype;
    if (message.bot_id == workspace.options.bot_id && (message.streaming || message.subtype == "bot_message"))
        event["streaming_state"] = message.streaming ? "in_progress" : "completed";
    if (const auto* root = workspace.message(message.channel, message.thread_ts))
        event["parent_user_id"] = root->user;
    event_payloads_detail::add_common(event, workspace, message);
    return event;
}

json::object message_changed_event(const SlackWorkspace& workspace, const SlackMessage& message,
                                   const SlackMessage& before) {
    json::object event{{"type", "message"},
                       {"subtype", "message_changed"},
                       {"message", workspace.message_json(message, false)},
                       {"previous_message", workspace.message_json(before, false)},
                       {"channel", message.channel},
                       {"hidden", true},
                       {"ts", event_ts_now()}};
    event["event_ts"] = event["ts"];
    if (const auto* channel = workspace.channel(message.channel))
        event["channel_type"] = channel_type(*channel);
    return event;
}

json::object message_deleted_event(const SlackWorkspace& workspace, const SlackMessage& gone) {
    json::object event{{"type", "message"},
                       {"subtype", "message_deleted"},
                       {"previous_message", workspace.message_json(gone, false)},
                       {"channel", gone.channel},
                       {"hidden", true},
                       {"deleted_ts", gone.ts},
                       {"ts", event_ts_now()}};
    event["event_ts"] = event["ts"];
    if (const auto* channel = workspace.channel(gone.channel))
        event["channel_type"] = channel_type(*channel);
    return event;
}

json::object reaction_event(const SlackMessage& message, const std::string& user, const std::string& name, bool add,
                            const std::string& item_user) {
    return {{"type", add ? "reaction_added" : "reaction_removed"},
            {"user", user},
            {"reaction", name},
            {"item", {{"type", "message"}, {"channel", message.channel}, {"ts", message.ts}}},
            {"item_user", item_user},
            {"event_ts", event_ts_now()}};
}

json::object slash_payload(const SlackWorkspace& workspace, const SlackUser& user, const SlackChannel& channel,
                           const std::string& command, const std::string& text, const std::string& response_url,
                           const std::string& trigger_id) {
    return {{"token", event_payloads_detail::kVerificationToken},
            {"team_id", workspace.options.team_id},
            {"enterprise_id", text_or_null(workspace.options.enterprise_id)},
            {"team_domain", "sandbox"},
            {"channel_id", channel.id},
            {"channel_name", channel.is_im ? "directmessage" : channel.name},
            {"user_id", user.id},
            {"user_name", user.name},
            {"command", command},
            {"text", text},
            {"api_app_id", workspace.options.app_id},
            // A string here, a boolean everywhere else (slack.md 3.10).
            {"is_enterprise_install", "false"},
            {"response_url", response_url},
            {"trigger_id", trigger_id}};
}

json::object interaction(const SlackWorkspace& workspace, std::string_view type, const SlackUser& user) {
    const std::string& own_team = workspace.team_of(&user);
    const bool is_own = workspace.options.actions_name_own_team && !user.team_id.empty();
    const std::string& team = is_own ? own_team : workspace.options.team_id;
    const std::string& enterprise = is_own ? user.enterprise_id : workspace.options.enterprise_id;
    return {{"type", type},
            {"user", {{"id", user.id}, {"username", user.name}, {"name", user.name}, {"team_id", own_team}}},
            {"api_app_id", workspace.options.app_id},
            {"token", event_payloads_detail::kVerificationToken},
            {"team", {{"id", team}, {"domain", "sandbox"}}},
            {"enterprise", enterprise.empty() ? json::value(nullptr)
                                              : json::value(json::object{{"id", enterprise}, {"name", "Sandbox"}})},
            {"is_enterprise_install", false}};
}

json::object interaction_channel(const SlackChannel& channel) {
    return {{"id", channel.id}, {"name", channel.is_im ? "directmessage" : channel.name}};
}

void add_message_context(json::object& payload, const SlackWorkspace& workspace, const SlackMessage& message) {
    const bool ephemeral = !message.ephemeral_for.empty();
    json::object container{
        {"type", "message"}, {"message_ts", message.ts}, {"channel_id", message.channel}, {"is_ephemeral", ephemeral}};
    if (!message.thread_ts.empty())
        container["thread_ts"] = message.thread_ts;
    payload["container"] = std::move(container);
    if (const auto* channel = workspace.channel(message.channel))
        payload["channel"] = interaction_channel(*channel);
    // Of an ephemeral message nothing but its place is sent.
    if (!ephemeral)
        payload["message"] = workspace.message_json(message, false);
}

void add_view_context(json::object& payload, const json::object& view) {
    payload["container"] = json::object{{"type", "view"}, {"view_id", view.at("id")}};
    payload["view"] = view;
}

const json::object* find_element(const json::array& blocks, std::string_view block_id, std::string_view action_id,
                                 const json::object** block) {
    for (const auto& entry : blocks) {
        const auto* candidate = entry.if_object();
        if (!candidate || (!block_id.empty() && text_member(*candidate, "block_id") != block_id))
            continue;
        const auto matches = [&](const json::object* element) {
            return element && text_member(*element, "action_id") == action_id;
        };
        for (const std::string_view single : {"accessory", "element"})
            if (const auto* element = object_member(*candidate, single); matches(element)) {
                *block = candidate;
                return element;
            }
        if (const auto* elements = array_member(*candidate, "elements"))
            for (const auto& each : *elements)
                if (matches(each.if_object())) {
                    *block = candidate;
                    return each.if_object();
                }
    }
    return nullptr;
}

bool is_stateful(std::string_view element_type) {
    static constexpr std::array<std::string_view, 5> kStateless{"button", "overflow", "feedback_buttons", "icon_button",
                                                                "image"};
    return !element_type.empty() && std::find(kStateless.begin(), kStateless.end(), element_type) == kStateless.end() &&
           element_type != "mrkdwn" && element_type != "plain_text" && !element_type.starts_with("rich_text_");
}

json::object initial_state(const json::array& blocks) {
    json::object values;
    const auto add = [&](const json::object& block, const json::object* element) {
        if (!element || !element->contains("action_id"))
            return;
        const std::string type = text_member(*element, "type");
        if (!is_stateful(type))
            return;
        json::object state{{"type", type}};
        const auto from = [&](std::string_view key, std::string_view initial) {
            const auto* value = element->if_contains(initial);
            state[key] = value ? *value : json::value(nullptr);
        };
        if (type.starts_with("multi_") || type == "checkboxes") {
            const auto* value = element->if_contains("initial_options");
            state["selected_options"] = value ? *value : json::value(json::array());
        } else if (type.ends_with("_select") || type == "radio_buttons") {
            if (type == "users_select")
                from("selected_user", "initial_user");
            else if (type == "channels_select")
                from("selected_channel", "initial_channel");
            else if (type == "conversations_select")
                from("selected_conversation", "initial_conversation");
            else
                from("selected_option", "initial_option");
        } else if (type == "datepicker") {
            from("selected_date", "initial_date");
        } else if (type == "timepicker") {
            from("selected_time", "initial_time");
        } else {
            from("value", "initial_value");
        }
        const std::string block_id = text_member(block, "block_id");
        if (!values.contains(block_id))
            values[block_id] = json::object();
        values[block_id].get_object()[text_member(*element, "action_id")] = std::move(state);
    };
    for (const auto& entry : blocks) {
        const auto* block = entry.if_object();
        if (!block)
            continue;
        add(*block, object_member(*block, "accessory"));
        add(*block, object_member(*block, "element"));
        if (const auto* elements = array_member(*block, "elements"))
            for (const auto& each : *elements)
                add(*block, each.if_object());
    }
    return values;
}

json::object state_of_action(const json::object& action) {
    json::object state{{"type", text_member(action, "type")}};
    static constexpr std::array<std::string_view, 12> kValues{"value",
                                                              "selected_option",
                                                              "selected_options",
                                                              "selected_date",
                                                              "selected_time",
                                                              "selected_date_time",
                                                              "selected_user",
                                                              "selected_users",
                                                              "selected_channel",
                                                              "selected_conversation",
                                                              "selected_conversations",
                                                              "rich_text_value"};
    for (const auto key : kValues)
        if (const auto* value = action.if_contains(key))
            state[key] = *value;
    return state;
}

void merge_state(json::object& into, const json::object& from) {
    for (const auto& [block, actions] : from) {
        if (!actions.is_object())
            continue;
        if (!into.contains(block))
            into[block] = json::object();
        for (const auto& [action, value] : actions.get_object())
            into[block].get_object()[action] = value;
    }
}

}  // namespace genie_slack::sandbox
