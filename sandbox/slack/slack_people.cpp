// What people do in the local Slack, and what Slack makes of the bot's answer to it.
#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server_impl.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace slack_people_detail {

// An action as Slack sends it: what the element is, what was chosen, when.
json::object complete_action(json::object action, const json::object& element, const json::object& block) {
    action["type"] = text_member(element, "type");
    action["action_id"] = text_member(element, "action_id");
    action["block_id"] = text_member(block, "block_id");
    const std::string type = text_member(element, "type");
    if (type == "button") {
        for (const char* key : {"text", "value", "style", "url"})
            if (const auto* value = element.if_contains(key); value && !action.contains(key))
                action[key] = *value;
    } else if (type == "feedback_buttons") {
        for (const char* side : {"positive_button", "negative_button"})
            if (const auto* button = object_member(element, side))
                if (text_member(*button, "value") == text_member(action, "value"))
                    action["text"] = button->at("text");
    } else if (type == "icon_button" && !action.contains("value")) {
        if (const auto* value = element.if_contains("value"))
            action["value"] = *value;
    }
    action["action_ts"] = event_ts_now();
    return action;
}

}  // namespace slack_people_detail

std::string SlackServerImpl::say(const std::string& user, const std::string& channel, const std::string& text,
                                 const std::string& thread_ts, std::optional<std::string> ts) {
    const auto* place = workspace_.channel(channel);
    const auto* author = workspace_.user(user);
    if (!place || !author)
        return "";
    SlackMessage message;
    message.channel = channel;
    message.user = user;
    message.text = text;
    message.thread_ts = thread_ts;
    message.ts = ts.value_or("");
    if (author->is_bot)
        message.bot_id = user == options_.bot_user_id ? options_.bot_id : "B" + user.substr(1);
    const bool unheard = !workspace_.bot_reads(*place) && text.find("<@" + options_.bot_user_id) != std::string::npos;
    const std::string posted = workspace_.post(std::move(message)).ts;
    if (unheard)
        notice(user, channel, options_.bot_name + " is not in this channel and does not see the message.");
    return posted;
}

std::string SlackServerImpl::share_file(const std::string& user, const std::string& channel, const std::string& name,
                                        const std::string& content, const std::string& text,
                                        const std::string& thread_ts) {
    if (!workspace_.channel(channel) || !workspace_.user(user))
        return "";
    StoredFile file;
    file.id = workspace_.random_id("F0", 9);
    file.name = name;
    file.title = name;
    file.mimetype = "application/octet-stream";
    file.user = user;
    file.content = content;
    file.length = content.size();
    file.uploaded = true;
    file.completed = true;
    SlackMessage message;
    message.channel = channel;
    message.user = user;
    message.text = text;
    message.thread_ts = thread_ts;
    message.subtype = "file_share";
    message.files.push_back(workspace_.file_json(file));
    const std::string id = file.id;
    workspace_.files[id] = std::move(file);
    return workspace_.post(std::move(message)).ts;
}

void SlackServerImpl::edit(const std::string& channel, const std::string& ts, const std::string& text) {
    auto* message = workspace_.message(channel, ts);
    if (!message)
        return;
    const SlackMessage before = *message;
    message->text = text;
    message->edited = true;
    message->edited_ts = event_ts_now();
    message->blocks.clear();
    message->blocks.push_back(rich_text_block(text, workspace_.random_id("", 5)));
    workspace_.tell_edit(*message, before);
    // A mention that an edit adds is told as one, with the ts of the message (slack-go, pull request 1256).
    const auto* place = workspace_.channel(channel);
    if (place && workspace_.bot_reads(*place) && workspace_.mentions_bot(*message) && !workspace_.mentions_bot(before))
        deliver(app_mention_event(workspace_, *message, ""), channel);
}

void SlackServerImpl::remove(const std::string& channel, const std::string& ts) {
    workspace_.erase(channel, ts);
}

void SlackServerImpl::react(const std::string& user, const std::string& channel, const std::string& ts,
                            const std::string& name, bool add) {
    if (auto* message = workspace_.message(channel, ts))
        workspace_.react(user, *message, name, add);
}

void SlackServerImpl::open_home(const std::string& user, const std::string& tab) {
    json::object event{{"type", "app_home_opened"},
                       {"user", user},
                       {"channel", workspace_.direct_message(user)},
                       {"tab", tab},
                       {"event_ts", event_ts_now()}};
    if (const auto* view = home_view(user); view && tab == "home")
        event["view"] = *view;
    deliver(std::move(event), "");
}

std::string SlackServerImpl::open_agent_pane(const std::string& user, const std::string& viewing_channel) {
    const std::string channel = workspace_.direct_message(user);
    if (options_.agent_view) {
        open_home(user, "messages");
        json::array entities;
        if (!viewing_channel.empty())
            entities.push_back(json::object{
                {"type", "slack#/types/channel_id"}, {"value", viewing_channel}, {"team_id", options_.team_id}});
        deliver({{"type", "app_context_changed"},
                 {"channel", channel},
                 {"user", user},
                 {"context", {{"entities", std::move(entities)}}},
                 {"event_ts", event_ts_now()}},
                channel);
        return "";
    }
    SlackMessage root;
    root.channel = channel;
    root.user = options_.bot_user_id;
    root.bot_id = options_.bot_id;
    root.subtype = "assistant_app_thread";
    root.text = "New Assistant Thread";
    const std::string ts = workspace_.post(std::move(root), true).ts;
    json::object context;
    if (!viewing_channel.empty())
        context = {{"channel_id", viewing_channel}, {"team_id", options_.team_id}};
    deliver({{"type", "assistant_thread_started"},
             {"assistant_thread",
              {{"user_id", user}, {"channel_id", channel}, {"thread_ts", ts}, {"context", std::move(context)}}},
             {"event_ts", event_ts_now()}},
            channel);
    return ts;
}

void SlackServerImpl::send_interaction(json::object payload, const std::string& user, const std::string& channel) {
    const std::string type = text_member(payload, "type");
    const bool accepts = type == "block_actions" || type == "view_submission" || type == "block_suggestion";
    hub_.send_envelope("interactive", std::move(payload), accepts, 0, false,
                       [this, user, channel](const json::value* answer) {
                           if (!answer)
                               notice(user, channel, options_.bot_name + " did not answer in time.");
                       });
}

bool SlackServerImpl::press(const std::string& user, const std::string& channel, const std::string& ts,
                            json::object action, json::object state) {
    const auto* message = workspace_.message(channel, ts);
    const auto* person = workspace_.user(user);
    if (!message || !person || (!message->ephemeral_for.empty() && message->ephemeral_for != user))
        return false;
    const json::object* block = nullptr;
    const auto* element =
        find_element(message->blocks, text_member(action, "block_id"), text_member(action, "action_id"), &block);
    if (!element)
        return false;
    action = slack_people_detail::complete_action(std::move(action), *element, *block);
    auto& remembered = message_state_[channel + " " + ts];
    merge_state(remembered, state);
    json::object values = initial_state(message->blocks);
    if (is_stateful(text_member(action, "type")))
        merge_state(remembered,
                    {{text_member(action, "block_id"), {{text_member(action, "action_id"), state_of_action(action)}}}});
    merge_state(values, remembered);
    json::object payload = interaction(workspace_, "block_actions", *person);
    add_message_context(payload, workspace_, *message);
    payload["trigger_id"] = workspace_.new_trigger(user);
    payload["state"] = json::object{{"values", std::move(values)}};
    ResponseUrl target;
    target.user = user;
    target.channel = channel;
    target.ts = ts;
    target.thread_ts = message->thread_ts;
    payload["response_url"] = workspace_.new_response_url("actions", std::move(target));
    json::array actions;
    actions.push_back(std::move(action));
    payload["actions"] = std::move(actions);
    send_interaction(std::move(payload), user, channel);
    return true;
}

bool SlackServerImpl::press_view(const std::string& user, const std::string& view_id, json::object action,
                                 json::object state) {
    const auto* person = workspace_.user(user);
    std::string owner;
    json::object* view = workspace_.modal(view_id, &owner);
    if (!view) {
        const auto home = workspace_.home_views.find(user);
        if (home != workspace_.home_views.end() && text_member(home->second.view, "id") == view_id) {
            view = &home->second.view;
            owner = user;
        }
    }
    if (!view || !person || owner != user)
        return false;
    const auto* blocks = array_member(*view, "blocks");
    const json::object* block = nullptr;
    const auto* element =
        blocks ? find_element(*blocks, text_member(action, "block_id"), text_member(action, "action_id"), &block)
               : nullptr;
    if (!element)
        return false;
    action = slack_people_detail::complete_action(std::move(action), *element, *block);
    json::object values = initial_state(*blocks);
    if (const auto* known = object_member((*view)["state"].get_object(), "values"))
        merge_state(values, *known);
    merge_state(values, state);
    if (is_stateful(text_member(action, "type")))
        merge_state(values,
                    {{text_member(action, "block_id"), {{text_member(action, "action_id"), state_of_action(action)}}}});
    (*view)["state"] = json::object{{"values", std::move(values)}};
    json::object payload = interaction(workspace_, "block_actions", *person);
    add_view_context(payload, *view);
    payload["trigger_id"] = workspace_.new_trigger(user, text_member(*view, "type") == "modal" ? view_id : "");
    json::array actions;
    actions.push_back(std::move(action));
    payload["actions"] = std::move(actions);
    send_interaction(std::move(payload), user, "");
    return true;
}

void SlackServerImpl::slash(const std::string& user, const std::string& channel, const std::string& command,
                            const std::string& text) {
    const auto* person = workspace_.user(user);
    const auto* place = workspace_.channel(channel);
    if (!person || !place)
        return;
    // Commands are not delivered across Slack Connect (slack.md 3.10).
    if (workspace_.is_stranger(*person)) {
        notice(user, channel, command + " is not available to you in this channel.");
        return;
    }
    if (std::find(options_.commands.begin(), options_.commands.end(), command) == options_.commands.end()) {
        notice(user, channel, command + " is not a valid command.");
        return;
    }
    ResponseUrl target;
    target.user = user;
    target.channel = channel;
    json::object payload =
        slash_payload(workspace_, *person, *place, command, text,
                      workspace_.new_response_url("commands", std::move(target)), workspace_.new_trigger(user));
    hub_.send_envelope("slash_commands", std::move(payload), true, 0, false,
                       [this, user, channel, command](const json::value* answer) {
                           if (!answer) {
                               notice(user, channel, command + " failed with the error \"operation_timeout\".");
                               return;
                           }
                           const auto* message = answer->if_object();
                           if (message && (has_content(*message, "text") || has_content(*message, "blocks")))
                               api_.respond_by_ack(user, channel, *message);
                       });
}

void SlackServerImpl::message_shortcut(const std::string& user, const std::string& channel, const std::string& ts,
                                       const std::string& callback_id) {
    const auto* person = workspace_.user(user);
    const auto* place = workspace_.channel(channel);
    const auto* message = workspace_.message(channel, ts);
    if (!person || !place || !message)
        return;
    json::object payload = interaction(workspace_, "message_action", *person);
    payload["callback_id"] = callback_id;
    payload["trigger_id"] = workspace_.new_trigger(user);
    payload["action_ts"] = event_ts_now();
    payload["channel"] = interaction_channel(*place);
    payload["message_ts"] = ts;
    payload["message"] = workspace_.message_json(*message, false);
    ResponseUrl target;
    target.user = user;
    target.channel = channel;
    payload["response_url"] = workspace_.new_response_url("actions", std::move(target));
    send_interaction(std::move(payload), user, channel);
}

void SlackServerImpl::global_shortcut(const std::string& user, const std::string& callback_id) {
    const auto* person = workspace_.user(user);
    if (!person)
        return;
    json::object payload = interaction(workspace_, "shortcut", *person);
    payload["callback_id"] = callback_id;
    payload["trigger_id"] = workspace_.new_trigger(user);
    payload["action_ts"] = event_ts_now();
    send_interaction(std::move(payload), user, "");
}

void SlackServerImpl::stop_session(const std::string& user, const std::string& channel, const std::string& thread_ts) {
    json::array stopped;
    for (auto& [key, stream] : workspace_.streams) {
        auto* message = workspace_.message(key.first, key.second);
        if (!message || key.first != channel || message->thread_ts != thread_ts || !message->streaming)
            continue;
        const SlackMessage before = *message;
        stream.stopped_by_user = true;
        message->streaming = false;
        stopped.push_back(json::string(message->ts));
        workspace_.tell_edit(*message, before);
    }
    workspace_.set_status(channel, thread_ts, "", {});
    deliver({{"type", "agent_session_stopped"},
             {"channel", channel},
             {"user", user},
             {"thread_ts", thread_ts},
             {"streaming_message_ts", std::move(stopped)},
             {"event_ts", event_ts_now()}},
            channel);
}

}  // namespace genie_slack::sandbox
