// conversations.* and users.*.
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_conversations_detail {

// Cursors are opaque; here the count of what was given already.
std::optional<std::size_t> cursor_start(const json::object& arguments) {
    const std::string cursor = text_argument(arguments, "cursor");
    if (cursor.empty())
        return 0;
    if (!cursor.starts_with("next_ts:") || cursor.size() > 20)
        return std::nullopt;
    std::size_t start = 0;
    for (const char digit : cursor.substr(8)) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        start = start * 10 + static_cast<std::size_t>(digit - '0');
    }
    return start;
}

// One page of `items`; `next` gets the cursor of the following one.
json::array page(const json::array& items, std::size_t start, std::size_t limit, std::string& next) {
    json::array result;
    const std::size_t end = std::min(items.size(), start + limit);
    for (std::size_t at = std::min(start, items.size()); at < end; ++at)
        result.push_back(items[at]);
    next = end < items.size() ? "next_ts:" + std::to_string(end) : "";
    return result;
}

struct Paging {
    std::size_t start = 0;
    std::size_t limit = 0;
    json::object problem;
};

Paging read_paging(const json::object& arguments, std::size_t usual) {
    Paging paging;
    paging.limit = usual;
    if (has_content(arguments, "limit")) {
        const auto limit = int_argument(arguments, "limit");
        if (!limit || *limit < 1 || *limit > 1000)
            paging.problem = failed("invalid_limit");
        else
            paging.limit = static_cast<std::size_t>(*limit);
    }
    const auto start = cursor_start(arguments);
    if (!start)
        paging.problem = failed("invalid_cursor");
    else
        paging.start = *start;
    return paging;
}

json::object listed(std::string_view name, const json::array& items, const Paging& paging) {
    std::string next;
    json::array shown = page(items, paging.start, paging.limit, next);
    return {{"ok", true}, {name, std::move(shown)}, {"response_metadata", {{"next_cursor", next}}}};
}

// oldest/latest are exclusive unless `inclusive`.
bool in_window(const std::string& ts, const json::object& arguments) {
    const std::string oldest = text_argument(arguments, "oldest");
    const std::string latest = text_argument(arguments, "latest");
    const bool inclusive = bool_argument(arguments, "inclusive").value_or(false);
    if (!oldest.empty() && oldest != "0" && (inclusive ? ts < oldest : ts <= oldest))
        return false;
    return latest.empty() || (inclusive ? ts <= latest : ts < latest);
}

}  // namespace web_conversations_detail

WebApi::Answer WebApi::conversation_info(const Arguments& arguments) {
    const auto* channel = workspace_.channel(text_argument(arguments, "channel"));
    if (!channel)
        return failed("channel_not_found");
    Answer info = workspace_.channel_json(*channel);
    if (bool_argument(arguments, "include_num_members").value_or(false))
        info["num_members"] = workspace_.members(*channel).size();
    return {{"ok", true}, {"channel", std::move(info)}};
}

WebApi::Answer WebApi::conversation_open(const Arguments& arguments) {
    const bool full = bool_argument(arguments, "return_im").value_or(false);
    const std::string named = text_argument(arguments, "channel");
    if (!named.empty()) {
        const auto* channel = workspace_.channel(named);
        if (!channel)
            return failed("channel_not_found");
        return {{"ok", true}, {"no_op", true}, {"already_open", true}, {"channel", {{"id", named}}}};
    }
    const std::string users = text_argument(arguments, "users");
    if (users.empty())
        return failed("users_list_not_supplied");
    if (users.find(',') != std::string::npos)
        return failed("too_many_users");
    if (!workspace_.user(users))
        return failed("user_not_found");
    const std::string id = workspace_.direct_message(users);
    Answer channel{{"id", id}};
    if (full)
        channel = workspace_.channel_json(*workspace_.channel(id));
    return {{"ok", true}, {"channel", std::move(channel)}};
}

WebApi::Answer WebApi::conversation_list(const Arguments& arguments) {
    const auto paging = web_conversations_detail::read_paging(arguments, 100);
    if (!paging.problem.empty())
        return paging.problem;
    std::string types = text_argument(arguments, "types");
    if (types.empty())
        types = "public_channel";
    const bool no_archived = bool_argument(arguments, "exclude_archived").value_or(false);
    json::array items;
    for (const auto& channel : workspace_.channels) {
        const bool wanted = types.find(channel.is_im ? "im" : "public_channel") != std::string::npos;
        if (wanted && !(no_archived && channel.is_archived))
            items.push_back(workspace_.channel_json(channel));
    }
    return web_conversations_detail::listed("channels", items, paging);
}

WebApi::Answer WebApi::conversation_members(const Arguments& arguments) {
    const auto* channel = workspace_.channel(text_argument(arguments, "channel"));
    if (!channel)
        return failed("channel_not_found");
    const auto paging = web_conversations_detail::read_paging(arguments, 100);
    if (!paging.problem.empty())
        return paging.problem;
    json::array items;
    for (const auto& id : workspace_.members(*channel))
        items.push_back(json::string(id));
    return web_conversations_detail::listed("members", items, paging);
}

WebApi::Answer WebApi::history(const Arguments& arguments) {
    const auto* channel = workspace_.channel(text_argument(arguments, "channel"));
    if (!channel)
        return failed("channel_not_found");
    if (!bot_sees(*channel))
        return failed("not_in_channel");
    const auto paging = web_conversations_detail::read_paging(arguments, 100);
    if (!paging.problem.empty())
        return paging.problem;
    const bool metadata = bool_argument(arguments, "include_all_metadata").value_or(false);
    json::array items;
    // Newest first, without replies.
    auto messages = workspace_.all_messages(channel->id);
    std::reverse(messages.begin(), messages.end());
    for (const auto* message : messages) {
        const bool in_channel = message->thread_ts.empty() || message->subtype == "thread_broadcast";
        if (in_channel && message->ephemeral_for.empty() && web_conversations_detail::in_window(message->ts, arguments))
            items.push_back(workspace_.message_json(*message, metadata));
    }
    Answer answer = web_conversations_detail::listed("messages", items, paging);
    answer["has_more"] = paging.start + paging.limit < items.size();
    answer["pin_count"] = 0;
    return answer;
}

WebApi::Answer WebApi::replies(const Arguments& arguments) {
    const auto* channel = workspace_.channel(text_argument(arguments, "channel"));
    if (!channel)
        return failed("channel_not_found");
    if (!bot_sees(*channel))
        return failed("not_in_channel");
    const auto paging = web_conversations_detail::read_paging(arguments, 1000);
    if (!paging.problem.empty())
        return paging.problem;
    std::string root = text_argument(arguments, "ts");
    if (const auto* message = workspace_.message(channel->id, root); message && !message->thread_ts.empty())
        root = message->thread_ts;
    const auto messages = workspace_.thread(channel->id, root);
    if (messages.empty())
        return failed("thread_not_found");
    const bool metadata = bool_argument(arguments, "include_all_metadata").value_or(false);
    json::array items;
    for (const auto* message : messages)
        if (message->ts == root || web_conversations_detail::in_window(message->ts, arguments))
            items.push_back(workspace_.message_json(*message, metadata));
    Answer answer = web_conversations_detail::listed("messages", items, paging);
    answer["has_more"] = paging.start + paging.limit < items.size();
    return answer;
}

WebApi::Answer WebApi::user_info(const Arguments& arguments) {
    const auto* user = workspace_.user(text_argument(arguments, "user"));
    if (!user)
        return failed("user_not_found");
    return {{"ok", true}, {"user", workspace_.user_json(*user)}};
}

WebApi::Answer WebApi::user_list(const Arguments& arguments) {
    const auto paging = web_conversations_detail::read_paging(arguments, 1000);
    if (!paging.problem.empty())
        return paging.problem;
    json::array items;
    for (const auto& user : workspace_.users)
        items.push_back(workspace_.user_json(user));
    return web_conversations_detail::listed("members", items, paging);
}

}  // namespace genie_slack::sandbox
