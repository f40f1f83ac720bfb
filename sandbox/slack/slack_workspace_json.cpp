// How the workspace looks in JSON: to the bot through the Web API, and to the page.
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_workspace.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace workspace_json_detail {

json::array reactions(const SlackMessage& message) {
    json::array list;
    for (const auto& [name, who] : message.reactions) {
        json::array ids;
        for (const auto& id : who)
            ids.push_back(json::string(id));
        list.push_back(json::object{{"name", name}, {"users", std::move(ids)}, {"count", who.size()}});
    }
    return list;
}

}  // namespace workspace_json_detail

json::object SlackWorkspace::bot_profile() const {
    return {{"id", options.bot_id},       {"app_id", options.app_id}, {"user_id", options.bot_user_id},
            {"name", options.bot_name},   {"deleted", false},         {"updated", 1700000000},
            {"team_id", options.team_id}, {"icons", json::object()}};
}

json::object SlackWorkspace::message_json(const SlackMessage& message, bool with_metadata) const {
    json::object result{{"type", "message"},
                        {"user", message.user},
                        {"ts", message.ts},
                        {"text", message.text},
                        {"team", team_of(user(message.user))}};
    if (message.user.empty())
        result.erase("user");
    if (!message.username.empty())
        result["username"] = message.username;
    if (const SlackUser* writer = user(message.user); writer && !writer->team_id.empty())
        for (const char* key : {"user_team", "source_team"})
            result[key] = writer->team_id;
    if (!message.subtype.empty())
        result["subtype"] = message.subtype;
    if (message.subtype == "tombstone")
        result["hidden"] = true;
    if (!message.bot_id.empty()) {
        result["bot_id"] = message.bot_id;
        if (message.bot_id == options.bot_id) {
            result["app_id"] = options.app_id;
            result["bot_profile"] = bot_profile();
        }
    }
    if (!message.blocks.empty())
        result["blocks"] = message.blocks;
    if (!message.attachments.empty())
        result["attachments"] = message.attachments;
    if (!message.files.empty())
        result["files"] = message.files;
    if (with_metadata && !message.metadata.empty())
        result["metadata"] = message.metadata;
    // A bot's own updates are never shown as edited (slack.md 2.2), but the API tells them.
    if (message.edited)
        result["edited"] = json::object{{"user", message.user}, {"ts", message.edited_ts}};
    if (message.streaming || streams.contains({message.channel, message.ts}))
        result["streaming_state"] = message.streaming ? "in_progress" : "completed";
    if (auto list = workspace_json_detail::reactions(message); !list.empty())
        result["reactions"] = std::move(list);
    if (!message.thread_ts.empty()) {
        result["thread_ts"] = message.thread_ts;
        if (const auto* root = this->message(message.channel, message.thread_ts))
            result["parent_user_id"] = root->user;
    } else if (const auto replies = thread(message.channel, message.ts); replies.size() > 1) {
        result["thread_ts"] = message.ts;
        result["reply_count"] = replies.size() - 1;
        result["latest_reply"] = replies.back()->ts;
        json::array who;
        for (const auto* reply : replies)
            if (reply->ts != message.ts && std::find(who.begin(), who.end(), json::value(reply->user)) == who.end())
                who.push_back(json::string(reply->user));
        result["reply_users_count"] = who.size();
        result["reply_users"] = std::move(who);
    }
    return result;
}

json::object SlackWorkspace::channel_json(const SlackChannel& channel) const {
    json::object result{{"id", channel.id},
                        {"created", 1700000000},
                        {"is_im", channel.is_im},
                        {"is_mpim", false},
                        {"is_archived", channel.is_archived},
                        {"is_org_shared", false},
                        {"is_shared", channel.is_ext_shared},
                        {"is_ext_shared", channel.is_ext_shared},
                        {"context_team_id", options.team_id},
                        {"updated", 1700000000000}};
    if (channel.is_im) {
        result["user"] = channel.im_user;
        result["is_open"] = true;
        result["is_user_deleted"] = false;
        return result;
    }
    result["name"] = channel.name;
    result["name_normalized"] = channel.name;
    result["is_channel"] = true;
    result["is_group"] = false;
    result["is_private"] = false;
    result["is_general"] = channel.name == "general";
    result["is_member"] = channel.bot_is_member;
    result["creator"] = users.empty() ? "" : users.front().id;
    result["topic"] = json::object{{"value", ""}, {"creator", ""}, {"last_set", 0}};
    result["purpose"] = json::object{{"value", ""}, {"creator", ""}, {"last_set", 0}};
    return result;
}

json::object SlackWorkspace::user_json(const SlackUser& user) const {
    json::object profile{{"real_name", user.real_name},
                         {"real_name_normalized", user.real_name},
                         {"display_name", user.name},
                         {"display_name_normalized", user.name},
                         {"image_48", base_url + "/avatars/" + user.id + ".png"},
                         {"team", team_of(&user)}};
    const auto& scopes = options.bot_scopes;
    const bool stranger = is_stranger(user);
    if (!stranger && !user.email.empty() && std::find(scopes.begin(), scopes.end(), "users:read.email") != scopes.end())
        profile["email"] = user.email;
    if (user.is_bot) {
        profile["bot_id"] = user.id == options.bot_user_id ? options.bot_id : "B" + user.id.substr(1);
        profile["api_app_id"] = user.id == options.bot_user_id ? options.app_id : "A" + user.id.substr(1);
    }
    json::object result{
        {"id", user.id},    {"team_id", team_of(&user)}, {"name", user.name},     {"real_name", user.real_name},
        {"deleted", false}, {"is_bot", user.is_bot},     {"updated", 1700000000}, {"profile", std::move(profile)}};
    // Of a stranger Slack tells no more than this (docs.slack.dev, "Slack Connect: using the API"); not even that it is
    // one, where it shares a channel with the bot (docs.slack.dev, user object).
    if (stranger) {
        const auto is_met_in = [&](const SlackChannel& channel) { return channel.is_ext_shared && bot_reads(channel); };
        if (std::none_of(channels.begin(), channels.end(), is_met_in))
            result["is_stranger"] = true;
        return result;
    }
    if (!user.locale.empty())
        result["locale"] = user.locale;
    if (!options.enterprise_id.empty() && options.tells_enterprise)
        result["enterprise_user"] = json::object{{"id", user.id},
                                                 {"enterprise_id", options.enterprise_id},
                                                 {"teams", json::array{json::value(team_of(&user))}}};
    result["tz"] = user.tz;
    result["tz_label"] = "Central European Time";
    result["tz_offset"] = 3600;
    for (const char* key : {"is_admin", "is_owner", "is_primary_owner", "is_app_user"})
        result[key] = false;
    result["is_restricted"] = user.is_guest || user.is_single_channel_guest;
    result["is_ultra_restricted"] = user.is_single_channel_guest;
    return result;
}

json::object SlackWorkspace::page_user(const SlackUser& user) const {
    json::object result{
        {"id", user.id},         {"name", user.name},         {"real_name", user.real_name},     {"email", user.email},
        {"is_bot", user.is_bot}, {"is_guest", user.is_guest}, {"is_stranger", is_stranger(user)}};
    if (!user.organisation.empty())
        result["organisation"] = user.organisation;
    return result;
}

json::object SlackWorkspace::page_channel(const SlackChannel& channel) const {
    json::object result{{"id", channel.id},
                        {"name", channel.name},
                        {"is_im", channel.is_im},
                        {"bot_is_member", channel.bot_is_member},
                        {"is_ext_shared", channel.is_ext_shared},
                        {"is_archived", channel.is_archived}};
    if (channel.is_im)
        result["user"] = channel.im_user;
    return result;
}

json::object SlackWorkspace::page_message(const SlackMessage& message) const {
    const auto* author = user(message.user);
    json::object result{{"ts", message.ts},
                        {"user", message.user},
                        {"username", author                     ? author->name
                                     : message.username.empty() ? message.user
                                                                : message.username},
                        {"text", message.text},
                        {"blocks", message.blocks},
                        {"files", message.files},
                        {"reactions", workspace_json_detail::reactions(message)},
                        {"edited", message.edited},
                        {"streaming", message.streaming},
                        {"ephemeral_for", message.ephemeral_for}};
    const int replies = reply_count(message);
    if (!message.subtype.empty())
        result["subtype"] = message.subtype;
    if (!message.thread_ts.empty())
        result["thread_ts"] = message.thread_ts;
    else if (replies > 0)
        result["thread_ts"] = message.ts;
    if (replies > 0)
        result["reply_count"] = replies;
    if (!message.bot_id.empty())
        result["bot_id"] = message.bot_id;
    if (!message.metadata.empty())
        result["metadata"] = message.metadata;
    if (!message.attachments.empty())
        result["attachments"] = message.attachments;
    return result;
}

json::object SlackWorkspace::snapshot(const std::string& user_id) const {
    json::array user_list;
    for (const auto& each : users)
        user_list.push_back(page_user(each));
    json::array channel_list;
    json::object messages;
    std::set<std::string> shown;
    const auto* me = user(user_id);
    for (const auto& each : channels) {
        if (me ? !sees(*me, each) : each.is_im)
            continue;
        shown.insert(each.id);
        channel_list.push_back(page_channel(each));
        json::array list;
        for (const auto* message : all_messages(each.id))
            if (message->ephemeral_for.empty() || message->ephemeral_for == user_id)
                list.push_back(page_message(*message));
        messages[each.id] = std::move(list);
    }
    json::array status_list;
    for (const auto& [key, entry] : statuses)
        if (shown.contains(key.first) && entry.ends > Clock::now())
            status_list.push_back(json::object{{"channel", key.first},
                                               {"thread_ts", key.second},
                                               {"status", entry.status},
                                               {"loading_messages", entry.loading_messages}});
    json::array prompt_list;
    for (const auto& [key, entry] : prompts)
        if (shown.contains(key.first))
            prompt_list.push_back(entry);
    json::array session_list;
    for (const auto& [key, entry] : sessions)
        if (shown.contains(key.first))
            session_list.push_back(json::object{
                {"channel", key.first}, {"thread_ts", key.second}, {"title", entry.title}, {"status", entry.status}});
    json::array views;
    if (const auto stack = modal_stacks.find(user_id); stack != modal_stacks.end())
        for (const auto& view : stack->second)
            views.push_back(view);
    json::array commands;
    for (const auto& command : options.commands)
        commands.push_back(json::string(command));
    const auto home = home_views.find(user_id);
    return {{"team", {{"id", options.team_id}, {"name", "Sandbox"}, {"domain", "sandbox"}}},
            {"me", me ? json::value(page_user(*me)) : json::value(nullptr)},
            {"bot",
             {{"user_id", options.bot_user_id},
              {"bot_id", options.bot_id},
              {"app_id", options.app_id},
              {"name", options.bot_name}}},
            {"users", std::move(user_list)},
            {"channels", std::move(channel_list)},
            {"messages", std::move(messages)},
            {"statuses", std::move(status_list)},
            {"prompts", std::move(prompt_list)},
            {"sessions", std::move(session_list)},
            {"home", home == home_views.end() ? json::value(nullptr) : json::value(home->second.view)},
            {"views", std::move(views)},
            {"commands", std::move(commands)}};
}

}  // namespace genie_slack::sandbox
