// Clicks, views, shortcuts and suggestions (slack.md 3.11, 3.12).
#include "slack/events/events.hpp"
#include "slack/events/payload_owner.hpp"
#include "slack/json_read.hpp"

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace interactions_detail {
namespace {

constexpr std::size_t kMaxActions = 100;
constexpr std::size_t kMaxViewValues = 500;
// private_metadata has at most 3,000 characters.
constexpr std::size_t kMetadataBytes = 12'000;

Owner owner_of_interaction(const json::object& payload) {
    const json::object& team = object_at(payload, "team");
    Owner owner;
    owner.workspace = string_at(team, "id");
    owner.enterprise = first_of(string_at(object_at(payload, "enterprise"), "id"), string_at(team, "enterprise_id"));
    owner.org_wide = bool_at(payload, "is_enterprise_install");
    // A form that was opened from a channel shared with another organisation: `team` may be the other one, and then
    // `enterprise` is not known to be ours. (Bolt reads this member first, too.)
    const std::string installed = string_at(object_at(payload, "view"), "app_installed_team_id");
    if (!installed.empty() && installed != owner.workspace && installed != owner.enterprise) {
        owner.workspace = installed;
        owner.enterprise.clear();
    }
    if (owner.workspace.empty() && owner.enterprise.empty())
        owner.workspace = string_at(object_at(payload, "user"), "team_id");
    return owner;
}

// The members that all interactions share: for whom, and who acted.
template <class T>
void read_sides(const json::object& payload, T& out) {
    const Owner owner = owner_of_interaction(payload);
    const json::object& user = object_at(payload, "user");
    out.team = owner.team();
    out.enterprise = owner.enterprise;
    out.user = string_at(user, "id");
    // Of an org-wide install the payload may name no workspace to compare with.
    if (!owner.workspace.empty())
        out.user_team = owner.stranger(
            first_of(string_at(user, "team_id"), string_at(user, "team")),
            first_of(string_at(user, "enterprise_id"), string_at(object_at(user, "enterprise_user"), "enterprise_id")));
}

struct Chosen {
    std::string value;
    std::string text;
};

Chosen option(const json::object& selected) {
    return Chosen{text_at(selected, "value", kTextBytes), text_at(object_at(selected, "text"), "text", kOpaqueBytes)};
}

// Returns what an element of any kind holds: several values with multi selects and check boxes.
std::vector<Chosen> chosen(const json::object& element) {
    if (!object_at(element, "selected_option").empty())
        return {option(object_at(element, "selected_option"))};
    std::vector<Chosen> out;
    for (const json::value& selected : array_at(element, "selected_options"))
        if (selected.is_object() && out.size() < kMaxActions)
            out.push_back(option(selected.get_object()));
    for (const char* key : {"selected_users", "selected_channels", "selected_conversations"})
        for (const json::value& selected : array_at(element, key))
            if (selected.is_string() && selected.get_string().size() <= kIdBytes && out.size() < kMaxActions)
                out.push_back(Chosen{std::string(selected.get_string().data(), selected.get_string().size()), {}});
    if (!out.empty())
        return out;
    for (const char* key :
         {"value", "selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time"}) {
        std::string value = text_at(element, key);
        if (!value.empty())
            return {Chosen{std::move(value), {}}};
    }
    if (const std::int64_t time = integer_at(element, "selected_date_time"))
        return {Chosen{std::to_string(time), {}}};
    return {};
}

Action identify(const json::object& element) {
    Action out;
    out.type = string_at(element, "type");
    out.action_id = string_at(element, "action_id");
    out.block_id = string_at(element, "block_id");
    return out;
}

Action parse_action(const json::object& element) {
    Action out = identify(element);
    for (Chosen& one : chosen(element)) {
        out.value += (out.value.empty() ? "" : ",") + one.value;
        out.value_text += (out.value_text.empty() ? "" : ",") + one.text;
    }
    return out;
}

std::string user_name(const json::object& user) {
    return first_of(string_at(user, "username"), string_at(user, "name"));
}

void add_values(const json::object& state, std::vector<Action>& out) {
    for (const auto& block : object_at(state, "values")) {
        if (!block.value().is_object())
            continue;
        for (const auto& element : block.value().get_object()) {
            if (!element.value().is_object())
                continue;
            Action action = identify(element.value().get_object());
            action.block_id = std::string(block.key());
            action.action_id = std::string(element.key());
            for (Chosen& one : chosen(element.value().get_object())) {
                if (out.size() == kMaxViewValues)
                    return;
                action.value = std::move(one.value);
                action.value_text = std::move(one.text);
                out.push_back(action);
            }
        }
    }
}

BlockActions block_actions(const json::object& payload) {
    const json::object& container = object_at(payload, "container");
    BlockActions out;
    read_sides(payload, out);
    out.user_name = user_name(object_at(payload, "user"));
    out.channel = first_of(string_at(object_at(payload, "channel"), "id"), string_at(container, "channel_id"));
    out.message = object_at(payload, "message");
    out.view = object_at(payload, "view");
    out.message_ts = first_of(string_at(container, "message_ts"), string_at(out.message, "ts"));
    out.thread_ts = first_of(string_at(container, "thread_ts"), string_at(out.message, "thread_ts"));
    out.view_id = first_of(string_at(container, "view_id"), string_at(out.view, "id"));
    out.response_url = string_at(payload, "response_url", kOpaqueBytes);
    out.trigger_id = string_at(payload, "trigger_id", kOpaqueBytes);
    for (const json::value& action : array_at(payload, "actions"))
        if (action.is_object() && out.actions.size() < kMaxActions)
            out.actions.push_back(parse_action(action.get_object()));
    const json::object& state = object_at(payload, "state");
    add_values(state.empty() ? object_at(out.view, "state") : state, out.state);
    return out;
}

ViewSubmission view_submission(const json::object& payload, bool closed) {
    const json::object& view = object_at(payload, "view");
    ViewSubmission out;
    out.closed = closed;
    read_sides(payload, out);
    out.view_id = string_at(view, "id");
    out.callback_id = string_at(view, "callback_id");
    out.private_metadata = string_at(view, "private_metadata", kMetadataBytes);
    out.trigger_id = string_at(payload, "trigger_id", kOpaqueBytes);
    add_values(object_at(view, "state"), out.values);
    return out;
}

Shortcut shortcut(const json::object& payload, bool on_message) {
    Shortcut out;
    out.on_message = on_message;
    read_sides(payload, out);
    out.callback_id = string_at(payload, "callback_id");
    out.trigger_id = string_at(payload, "trigger_id", kOpaqueBytes);
    out.response_url = string_at(payload, "response_url", kOpaqueBytes);
    if (!on_message)
        return out;
    const json::object& message = object_at(payload, "message");
    out.channel = string_at(object_at(payload, "channel"), "id");
    out.message_ts = first_of(string_at(payload, "message_ts"), string_at(message, "ts"));
    out.thread_ts = string_at(message, "thread_ts");
    out.message_text = text_at(message, "text");
    out.message_user = string_at(message, "user");
    return out;
}

BlockSuggestion suggestion(const json::object& payload) {
    BlockSuggestion out;
    read_sides(payload, out);
    out.channel = first_of(string_at(object_at(payload, "channel"), "id"),
                           string_at(object_at(payload, "container"), "channel_id"));
    out.action_id = string_at(payload, "action_id");
    out.block_id = string_at(payload, "block_id");
    out.value = text_at(payload, "value", kOpaqueBytes);
    return out;
}

}  // namespace
}  // namespace interactions_detail

Interaction parse_interaction(const json::object& payload) {
    const std::string type = string_at(payload, "type");
    if (type == "block_actions")
        return interactions_detail::block_actions(payload);
    if (type == "view_submission" || type == "view_closed")
        return interactions_detail::view_submission(payload, type == "view_closed");
    if (type == "shortcut" || type == "message_action")
        return interactions_detail::shortcut(payload, type == "message_action");
    if (type == "block_suggestion")
        return interactions_detail::suggestion(payload);
    return UnknownInteraction{tidy_kind(type)};
}

}  // namespace genie_slack::slack
