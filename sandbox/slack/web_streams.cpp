// Streams (slack.md 5.1), assistant threads and agent sessions (slack.md 5.4).
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_streams_detail {

constexpr std::size_t kMarkdownText = 12000;
constexpr std::size_t kTaskField = 256;
constexpr std::size_t kStreamBlocks = 50;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
    return std::find(choices.begin(), choices.end(), text) != choices.end();
}

void add_text(StreamState& stream, const std::string& text) {
    if (!stream.parts.empty()) {
        auto& last = stream.parts.back().get_object();
        if (text_member(last, "kind") == "text") {
            last["text"] = text_member(last, "text") + text;
            return;
        }
    }
    stream.parts.push_back(json::object{{"kind", "text"}, {"text", text}});
}

// "" when the chunk is good.
std::string task_problem(const json::object& chunk, bool known) {
    if (!has_content(chunk, "id"))
        return "task_update needs an id";
    if (!known && !has_content(chunk, "title"))
        return "task_update needs a title";
    if (chunk.contains("status") &&
        !is_one_of(text_member(chunk, "status"), {"pending", "in_progress", "complete", "error"}))
        return "unknown task status";
    if (!known && !chunk.contains("status"))
        return "task_update needs a status";
    for (const char* field : {"id", "title", "details", "output"})
        if (count_characters(text_member(chunk, field)) > kTaskField)
            return std::string(field) + " is longer than 256 characters";
    return "";
}

void apply_task(StreamState& stream, const json::object& chunk) {
    const std::string id = text_member(chunk, "id");
    const bool known = stream.tasks.contains(id);
    auto& task = stream.tasks[id];
    task["id"] = id;
    for (const char* field : {"title", "status", "output", "sources"})
        if (const auto* value = chunk.if_contains(field))
            task[field] = *value;
    // Details are added to what was there (slack.md 5.1).
    if (chunk.contains("details"))
        task["details"] = text_member(task, "details") + text_member(chunk, "details");
    if (!known)
        stream.parts.push_back(json::object{{"kind", "task"}, {"id", id}});
}

json::object invalid_chunks(std::string_view why) {
    json::object answer = failed_arguments(why);
    answer["error"] = "invalid_chunks";
    return answer;
}

}  // namespace web_streams_detail

WebApi::Answer WebApi::add_stream_content(const Arguments& arguments, StreamState& stream) {
    using namespace web_streams_detail;
    const bool has_text = has_content(arguments, "markdown_text");
    const auto* value = arguments.if_contains("chunks");
    const bool has_chunks = value && !value->is_null();
    if (has_text && has_chunks)
        return failed("cannot_provide_both_markdown_text_and_chunks");
    if (has_text) {
        const std::string text = text_argument(arguments, "markdown_text");
        if (count_characters(text) > kMarkdownText)
            return failed("msg_too_long");
        add_text(stream, text);
        return {};
    }
    if (!has_chunks)
        return {};
    const auto* chunks = value->if_array();
    if (!chunks)
        return invalid_chunks("chunks must be an array");
    // All are checked before any is taken.
    StreamState changed = stream;
    for (const auto& entry : *chunks) {
        const auto* chunk = entry.if_object();
        const std::string type = chunk ? text_member(*chunk, "type") : "";
        if (type == "markdown_text") {
            const std::string text = text_member(*chunk, "text");
            if (!chunk->contains("text") || count_characters(text) > kMarkdownText)
                return text.empty() ? invalid_chunks("markdown_text needs text") : failed("msg_too_long");
            add_text(changed, text);
        } else if (type == "task_update") {
            const bool known = changed.tasks.contains(text_member(*chunk, "id"));
            if (const auto problem = task_problem(*chunk, known); !problem.empty())
                return invalid_chunks(problem);
            apply_task(changed, *chunk);
        } else if (type == "plan_update") {
            const std::string title = text_member(*chunk, "title");
            if (title.empty() || count_characters(title) > kTaskField)
                return invalid_chunks("plan_update needs a title of at most 256 characters");
            changed.plan_title = title;
        } else if (type == "blocks") {
            const auto* blocks = array_member(*chunk, "blocks");
            if (!blocks || blocks->empty() || blocks->size() > kStreamBlocks)
                return invalid_chunks("a blocks chunk has 1 to 50 blocks");
            const auto verdict = check_blocks(chunk->at("blocks"), BlockSurface::stream_chunk, block_world());
            if (!verdict.fine())
                return verdict.answer();
            changed.parts.push_back(json::object{{"kind", "blocks"}, {"blocks", *blocks}});
        } else {
            return invalid_chunks("unknown chunk type");
        }
    }
    stream = std::move(changed);
    return {};
}

WebApi::Answer WebApi::start_stream(const Arguments& arguments) {
    SlackChannel* channel = nullptr;
    if (const auto problem = writable_channel(text_argument(arguments, "channel"), channel, false); !problem.empty())
        return failed(problem);
    SlackMessage message = own_message(channel->id);
    if (auto problem = thread_problem(*channel, arguments, message); !problem.empty())
        return problem;
    if (message.thread_ts.empty() || !workspace_.message(channel->id, message.thread_ts))
        return failed("invalid_thread_ts");
    const std::string recipient = text_argument(arguments, "recipient_user_id");
    if (!channel->is_im && recipient.empty())
        return failed("missing_recipient_user_id");
    if (!channel->is_im && !has_content(arguments, "recipient_team_id"))
        return failed("missing_recipient_team_id");
    // The recipient's own team, also where a colleague of another workspace is met.
    const auto* reader = recipient.empty() ? nullptr : workspace_.user(recipient);
    if (reader && has_content(arguments, "recipient_team_id") &&
        text_argument(arguments, "recipient_team_id") != workspace_.team_of(reader))
        return failed("team_not_found");
    if (!recipient.empty() && !reader)
        return failed("user_not_found");
    const std::string mode = text_argument(arguments, "task_display_mode");
    if (!mode.empty() && !web_streams_detail::is_one_of(mode, {"timeline", "plan"}))
        return failed_arguments("task_display_mode must be timeline or plan");
    StreamState stream;
    stream.plan_mode = mode == "plan";
    stream.recipient = recipient;
    stream.ends = Clock::now() + options_.stream_life;
    if (auto problem = add_stream_content(arguments, stream); !problem.empty())
        return problem;
    message.ts = workspace_.new_ts(channel->id);
    message.streaming = true;
    message.subtype = "bot_message";
    workspace_.render_stream(message, stream);
    workspace_.streams[{message.channel, message.ts}] = std::move(stream);
    const SlackMessage& stored = workspace_.post(std::move(message));
    bot_replied(stored);
    return {{"ok", true}, {"channel", stored.channel}, {"ts", stored.ts}};
}

WebApi::Answer WebApi::find_stream(const Arguments& arguments, SlackMessage*& message, StreamState*& stream) {
    const std::string channel = text_argument(arguments, "channel");
    if (!workspace_.channel(channel))
        return failed("channel_not_found");
    message = workspace_.message(channel, text_argument(arguments, "ts"));
    if (!message)
        return failed("message_not_found");
    if (message->bot_id != options_.bot_id)
        return failed("message_not_owned_by_app");
    const auto found = workspace_.streams.find({message->channel, message->ts});
    if (found == workspace_.streams.end())
        return failed("message_not_in_streaming_state");
    stream = &found->second;
    if (stream->stopped_by_user)
        return failed("stopped_by_user");
    if (message->streaming && stream->ends <= Clock::now())
        end_stream(*message);
    if (!message->streaming)
        return failed("message_not_in_streaming_state");
    return {};
}

void WebApi::end_stream(SlackMessage& message) {
    const SlackMessage before = message;
    message.streaming = false;
    workspace_.tell_edit(message, before);
}

WebApi::Answer WebApi::append_stream(const Arguments& arguments) {
    SlackMessage* message = nullptr;
    StreamState* stream = nullptr;
    if (auto problem = find_stream(arguments, message, stream); !problem.empty())
        return problem;
    if (!has_content(arguments, "markdown_text") && !has_content(arguments, "chunks"))
        return failed("no_text");
    if (auto problem = add_stream_content(arguments, *stream); !problem.empty())
        return problem;
    workspace_.render_stream(*message, *stream);
    ++message->updates;
    workspace_.tell_change(*message);
    return {{"ok", true}, {"channel", message->channel}, {"ts", message->ts}};
}

WebApi::Answer WebApi::stop_stream(const Arguments& arguments) {
    SlackMessage* message = nullptr;
    StreamState* stream = nullptr;
    if (auto problem = find_stream(arguments, message, stream); !problem.empty())
        return problem;
    StreamState changed = *stream;
    if (auto problem = add_stream_content(arguments, changed); !problem.empty())
        return problem;
    if (has_content(arguments, "blocks")) {
        const auto& blocks = arguments.at("blocks");
        if (const auto* list = blocks.if_array(); list && list->size() > web_streams_detail::kStreamBlocks)
            return failed("msg_blocks_too_many");
        const auto verdict = check_blocks(blocks, BlockSurface::message, block_world());
        if (!verdict.fine())
            return verdict.answer();
        changed.parts.push_back(json::object{{"kind", "blocks"}, {"blocks", blocks}});
    }
    if (const auto* metadata = object_member(arguments, "metadata"))
        message->metadata = *metadata;
    *stream = std::move(changed);
    workspace_.render_stream(*message, *stream);
    ++message->updates;
    end_stream(*message);
    if (const auto status = text_argument(arguments, "session_status"); !status.empty()) {
        const MessageKey key{message->channel, message->thread_ts};
        workspace_.sessions[key].status = status;
        workspace_.tell_session(key);
    }
    return {{"ok", true},
            {"channel", message->channel},
            {"ts", message->ts},
            {"message", workspace_.message_json(*message, true)}};
}

WebApi::Answer WebApi::set_status(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel_id");
    const std::string thread_ts = text_argument(arguments, "thread_ts");
    const auto* place = workspace_.channel(channel);
    if (!place || !bot_sees(*place))
        return failed("channel_not_found");
    if (!workspace_.message(channel, thread_ts))
        return failed("invalid_thread_ts");
    const auto* status = arguments.if_contains("status");
    if (!status || !status->is_string())
        return failed_arguments("missing required field: status");
    json::array loading;
    if (const auto* list = array_member(arguments, "loading_messages"))
        loading = *list;
    else if (has_content(arguments, "loading_messages"))
        return failed_arguments("loading_messages must be an array");
    if (loading.size() > 10)
        return failed_arguments("no more than 10 items allowed [json-pointer:/loading_messages]");
    workspace_.set_status(channel, thread_ts, text_argument(arguments, "status"), std::move(loading));
    return {{"ok", true}};
}

WebApi::Answer WebApi::set_title(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel_id");
    const std::string thread_ts = text_argument(arguments, "thread_ts");
    if (!workspace_.channel(channel))
        return failed("channel_not_found");
    if (!workspace_.message(channel, thread_ts))
        return failed("invalid_thread_ts");
    const MessageKey key{channel, thread_ts};
    workspace_.sessions[key].title = text_argument(arguments, "title");
    workspace_.tell_session(key);
    return {{"ok", true}};
}

WebApi::Answer WebApi::set_prompts(const Arguments& arguments) {
    const std::string channel = text_argument(arguments, "channel_id");
    const std::string thread_ts = text_argument(arguments, "thread_ts");
    if (!workspace_.channel(channel))
        return failed("channel_not_found");
    if (!thread_ts.empty() && !workspace_.message(channel, thread_ts))
        return failed("invalid_thread_ts");
    const auto* prompts = array_member(arguments, "prompts");
    if (!prompts || prompts->size() > 4)
        return failed_arguments("prompts must be an array of at most 4 items [json-pointer:/prompts]");
    for (const auto& entry : *prompts)
        if (const auto* prompt = entry.if_object();
            !prompt || !has_content(*prompt, "title") || !has_content(*prompt, "message"))
            return failed_arguments("each prompt needs title and message [json-pointer:/prompts]");
    json::object stored{{"channel", channel},
                        {"thread_ts", thread_ts},
                        {"title", text_argument(arguments, "title")},
                        {"prompts", *prompts}};
    workspace_.prompts[{channel, thread_ts}] = stored;
    stored["type"] = "prompts";
    if (workspace_.changed)
        workspace_.changed(std::move(stored));
    return {{"ok", true}};
}

WebApi::Answer WebApi::set_session(const Arguments& arguments) {
    const MessageKey key{text_argument(arguments, "channel_id"), text_argument(arguments, "thread_ts")};
    if (!workspace_.channel(key.first))
        return failed("channel_not_found");
    if (!workspace_.message(key.first, key.second))
        return failed("invalid_thread_ts");
    const std::string status = text_argument(arguments, "status");
    if (!web_streams_detail::is_one_of(status, {"active", "processing", "suspended", "closed"}))
        return failed_arguments("status must be active, processing, suspended or closed [json-pointer:/status]");
    const std::string title = text_argument(arguments, "title");
    if (count_characters(title) > 200)
        return failed_arguments("title must be at most 200 characters [json-pointer:/title]");
    const bool is_new = !workspace_.sessions.contains(key);
    auto& session = workspace_.sessions[key];
    session.status = status;
    if (is_new)
        session.title = title;
    workspace_.tell_session(key);
    Answer answer{{"ok", true}, {"status", status}, {"agent_status", status}, {"title", session.title}};
    const auto& events = options_.bot_events;
    if (std::find(events.begin(), events.end(), "agent_session_stopped") == events.end())
        answer["warning"] = "missing_agent_session_stopped_event_subscription";
    return answer;
}

WebApi::Answer WebApi::rename_session(const Arguments& arguments) {
    const MessageKey key{text_argument(arguments, "channel_id"), text_argument(arguments, "thread_ts")};
    if (!workspace_.channel(key.first))
        return failed("channel_not_found");
    const std::string title = text_argument(arguments, "title");
    if (count_characters(title) > 200)
        return failed_arguments("title must be 1 to 200 characters [json-pointer:/title]");
    if (!workspace_.message(key.first, key.second))
        return failed("invalid_thread_ts");
    workspace_.sessions[key].title = title;
    workspace_.tell_session(key);
    return {{"ok", true}, {"title", title}};
}

}  // namespace genie_slack::sandbox
