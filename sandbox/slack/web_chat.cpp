// chat.* without streams, and reactions.*.
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_chat_detail {

constexpr std::size_t kPostText = 40000;   // longer texts are cut (slack.md 2.4)
constexpr std::size_t kUpdateText = 4000;  // longer ones are refused (slack.md 2.2)
constexpr std::size_t kMarkdownText = 12000;
// The real limit is not documented; the product promises to stay under 4 KB (slack.md 2.4).
constexpr std::size_t kMetadataBytes = 16384;

bool is_ts(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || text.size() - dot != 7)
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace web_chat_detail

std::string WebApi::writable_channel(const std::string& named, SlackChannel*& channel, bool allow_user) {
    std::string id = named;
    if (allow_user && (named.starts_with("U") || named.starts_with("W")) && workspace_.user(named))
        id = workspace_.direct_message(named);
    if (named.starts_with("#"))
        for (const auto& each : workspace_.channels)
            if (each.name == named.substr(1))
                id = each.id;
    channel = workspace_.channel(id);
    if (!channel)
        return "channel_not_found";
    if (channel->is_archived)
        return "is_archived";
    if (!workspace_.bot_reads(*channel))
        return "not_in_channel";
    return "";
}

SlackMessage WebApi::own_message(const std::string& channel) const {
    SlackMessage message;
    message.channel = channel;
    message.user = options_.bot_user_id;
    message.bot_id = options_.bot_id;
    return message;
}

WebApi::Answer WebApi::thread_problem(const SlackChannel& channel, const Arguments& arguments, SlackMessage& message) {
    const auto* value = arguments.if_contains("thread_ts");
    if (!value || value->is_null())
        return {};
    const std::string ts = text_argument(arguments, "thread_ts");
    if (!value->is_string() || (!ts.empty() && !web_chat_detail::is_ts(ts)))
        return failed("invalid_thread_ts");
    if (ts.empty())
        return {};
    // A reply is no root of a thread.
    if (const auto* root = workspace_.message(channel.id, ts); root && !root->thread_ts.empty())
        return failed("cannot_reply_to_message");
    // A thread whose root is gone and left no tombstone is no thread: ok all the same, at the channel's root (slack-go,
    // issue 1571).
    if (!workspace_.message(channel.id, ts) && options_.replies_may_stray)
        return {};
    message.thread_ts = ts;
    return {};
}

WebApi::Answer WebApi::read_content(const Arguments& arguments, SlackMessage& message, std::size_t text_limit,
                                    bool truncate) {
    const bool has_markdown = has_content(arguments, "markdown_text");
    const bool has_text = has_content(arguments, "text");
    const bool has_blocks = has_content(arguments, "blocks");
    const bool has_attachments = has_content(arguments, "attachments");
    if (!has_markdown && !has_text && !has_blocks && !has_attachments)
        return failed("no_text");
    if (has_markdown && (has_text || has_blocks))
        return failed("markdown_text_conflict");
    const auto* blocks = has_blocks ? arguments.if_contains("blocks") : nullptr;
    const auto* attachments = has_attachments ? arguments.if_contains("attachments") : nullptr;
    if (blocks && cannot_draw(*blocks))
        return failed("internal_error");
    const BlockVerdict verdict = check_message(blocks, attachments, block_world());
    if (!verdict.fine())
        return verdict.answer();
    message.text = text_argument(arguments, has_markdown ? "markdown_text" : "text");
    if (has_markdown && count_characters(message.text) > web_chat_detail::kMarkdownText)
        return failed("msg_too_long");
    if (!has_markdown && count_characters(message.text) > text_limit) {
        if (!truncate)
            return failed("msg_too_long");
        message.text = first_characters(message.text, text_limit);
    }
    message.blocks.clear();
    if (blocks)
        message.blocks = blocks->get_array();
    if (has_markdown)
        message.blocks.push_back(json::object{{"type", "markdown"}, {"text", message.text}});
    message.attachments.clear();
    if (attachments)
        message.attachments = attachments->get_array();
    if (const auto* value = arguments.if_contains("metadata"); value && !value->is_null()) {
        const auto* metadata = value->if_object();
        if (!metadata || !has_content(*metadata, "event_type") || !object_member(*metadata, "event_payload"))
            return failed("invalid_metadata_format");
        if (json::serialize(*metadata).size() > web_chat_detail::kMetadataBytes)
            return failed("metadata_too_large");
        message.metadata = *metadata;
    }
    return {};
}

bool WebApi::cannot_draw(const json::value& blocks) const {
    const auto* list = blocks.if_array();
    if (!list)
        return false;
    return std::any_of(list->begin(), list->end(), [&](const json::value& block) {
        const auto* one = block.if_object();
        const auto& broken = faults_.broken_blocks;
        return one && std::find(broken.begin(), broken.end(), text_member(*one, "type")) != broken.end();
    });
}

void WebApi::bot_replied(const SlackMessage& message) {
    if (!message.thread_ts.empty())
        workspace_.set_status(message.channel, message.thread_ts, "", {});
}

WebApi::Answer WebApi::post_message(const Arguments& arguments) {
    SlackChannel* channel = nullptr;
    if (const auto problem = writable_channel(text_argument(arguments, "channel"), channel, true); !problem.empty())
        return failed(problem);
    SlackMessage message = own_message(channel->id);
    if (auto problem = thread_problem(*channel, arguments, message); !problem.empty())
        return problem;
    if (auto problem = read_content(arguments, message, web_chat_detail::kPostText, true); !problem.empty())
        return problem;
    if (bool_argument(arguments, "reply_broadcast").value_or(false) && !message.thread_ts.empty())
        message.subtype = "thread_broadcast";
    const SlackMessage& stored = workspace_.post(std::move(message));
    bot_replied(stored);
    return {{"ok", true},
            {"channel", stored.channel},
            {"ts", stored.ts},
            {"message", workspace_.message_json(stored, true)}};
}

WebApi::Answer WebApi::update_message(const Arguments& arguments) {
    SlackChannel* channel = nullptr;
    if (const auto problem = writable_channel(text_argument(arguments, "channel"), channel, false); !problem.empty())
        return failed(problem == "not_in_channel" ? "channel_not_found" : problem);
    auto* message = workspace_.message(channel->id, text_argument(arguments, "ts"));
    if (!message || !message->ephemeral_for.empty() || message->subtype == "tombstone")
        return failed("message_not_found");
    if (message->bot_id != options_.bot_id)
        return failed("cant_update_message");
    if (message->streaming) {
        const auto stream = workspace_.streams.find({message->channel, message->ts});
        if (stream != workspace_.streams.end() && stream->second.ends > Clock::now() && !stream->second.stopped_by_user)
            return failed("streaming_state_conflict");
    }
    SlackMessage changed = *message;
    if (auto problem = read_content(arguments, changed, web_chat_detail::kUpdateText, false); !problem.empty())
        return problem;
    changed.streaming = false;
    ++changed.updates;
    workspace_.fill_block_ids(changed.blocks);
    if (faults_.keeps_streamed)
        workspace_.keep_streamed(changed);
    std::swap(*message, changed);
    workspace_.tell_edit(*message, changed);
    return {{"ok", true},
            {"channel", message->channel},
            {"ts", message->ts},
            {"text", message->text},
            {"message", workspace_.message_json(*message, true)}};
}

WebApi::Answer WebApi::delete_message(const Arguments& arguments) {
    const auto* channel = workspace_.channel(text_argument(arguments, "channel"));
    if (!channel)
        return failed("channel_not_found");
    const std::string ts = text_argument(arguments, "ts");
    const auto* message = workspace_.message(channel->id, ts);
    if (!message || !message->ephemeral_for.empty() || message->subtype == "tombstone")
        return failed("message_not_found");
    if (message->bot_id != options_.bot_id)
        return failed("cant_delete_message");
    const std::string id = channel->id;
    workspace_.erase(id, ts);
    return {{"ok", true}, {"channel", id}, {"ts", ts}};
}

WebApi::Answer WebApi::post_ephemeral(const Arguments& arguments) {
    SlackChannel* channel = nullptr;
    if (const auto problem = writable_channel(text_argument(arguments, "channel"), channel, false); !problem.empty())
        return failed(problem);
    const std::string user = text_argument(arguments, "user");
    const auto members = workspace_.members(*channel);
    if (std::find(members.begin(), members.end(), user) == members.end())
        return failed("user_not_in_channel");
    SlackMessage message = own_message(channel->id);
    if (auto problem = thread_problem(*channel, arguments, message); !problem.empty())
        return problem;
    if (auto problem = read_content(arguments, message, web_chat_detail::kPostText, true); !problem.empty())
        return problem;
    message.ephemeral_for = user;
    if (options_.drops_unseen_notes && !message.thread_ts.empty() &&
        workspace_.thread(channel->id, message.thread_ts).size() < 2)
        return {{"ok", true}, {"message_ts", workspace_.new_ts(channel->id)}};
    const SlackMessage& stored = workspace_.post(std::move(message));
    return {{"ok", true}, {"message_ts", stored.ts}};
}

WebApi::Answer WebApi::permalink(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel");
    std::string ts = text_argument(arguments, "message_ts");
    if (!workspace_.channel(channel))
        return failed("channel_not_found");
    if (!workspace_.message(channel, ts))
        return failed("message_not_found");
    std::erase(ts, '.');
    return {
        {"ok", true}, {"channel", channel}, {"permalink", "https://sandbox.slack.com/archives/" + channel + "/p" + ts}};
}

WebApi::Answer WebApi::add_reaction(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel");
    const std::string name = text_argument(arguments, "name");
    if (!workspace_.channel(channel))
        return failed("channel_not_found");
    auto* message = workspace_.message(channel, text_argument(arguments, "timestamp"));
    if (!message || !message->ephemeral_for.empty())
        return failed("message_not_found");
    if (name.find(':') == 0 || name.find(' ') != std::string::npos)
        return failed("invalid_name");
    if (!workspace_.react(options_.bot_user_id, *message, name, true))
        return failed("already_reacted");
    return {{"ok", true}};
}

WebApi::Answer WebApi::remove_reaction(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel");
    const std::string ts = text_argument(arguments, "timestamp");
    if (channel.empty() || ts.empty())
        return failed("no_item_specified");
    auto* message = workspace_.message(channel, ts);
    if (!message)
        return failed("message_not_found");
    if (!workspace_.react(options_.bot_user_id, *message, text_argument(arguments, "name"), false))
        return failed("no_reaction");
    return {{"ok", true}};
}

WebApi::Answer WebApi::get_reactions(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel");
    const std::string ts = text_argument(arguments, "timestamp");
    if (channel.empty() || ts.empty())
        return failed("no_item_specified");
    const auto* message = workspace_.message(channel, ts);
    if (!message)
        return failed("message_not_found");
    return {
        {"ok", true}, {"type", "message"}, {"channel", channel}, {"message", workspace_.message_json(*message, false)}};
}

}  // namespace genie_slack::sandbox
