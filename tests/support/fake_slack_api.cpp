#include "tests/support/fake_slack_api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace genie_slack::test {

const FakeSlackApi::Message* FakeSlackApi::find(const std::string& ts) const {
    for (const Message& message : messages)
        if (message.ts == ts)
            return &message;
    return nullptr;
}

std::vector<const FakeSlackApi::Message*> FakeSlackApi::in_thread(const std::string& channel,
                                                                  const std::string& thread_ts) const {
    std::vector<const Message*> found;
    for (const Message& message : messages)
        if (message.content.channel == channel && message.content.thread_ts == thread_ts)
            found.push_back(&message);
    return found;
}

double FakeSlackApi::room(const slack::ApiMethod& method, const std::string&) const {
    const auto found = rooms.find(method.name);
    return found == rooms.end() ? 1.0 : found->second;
}

Duration FakeSlackApi::wait_for(const slack::ApiMethod& method, const std::string&) const {
    const auto found = waits.find(method.name);
    return found == waits.end() ? Duration::zero() : found->second;
}

FakeSlackApi::Answer<slack::Identity> FakeSlackApi::auth_test(Deadline) {
    co_return slack::Identity();
}

FakeSlackApi::Answer<Secret> FakeSlackApi::connections_open(Deadline) {
    co_return Secret("wss://localhost/");
}

FakeSlackApi::Answer<slack::Posted> FakeSlackApi::post_message(slack::OutgoingMessage message, Deadline) {
    co_await sleep_for(post_time);
    if (!post_errors.empty()) {
        slack::ApiError error = post_errors.front();
        post_errors.pop_front();
        if (error.fault == slack::ApiFault::ambiguous && ambiguous_posts_arrive)
            add(std::move(message));
        co_return error;
    }
    slack::Posted posted;
    posted.channel = message.channel;
    if (thread_roots_are_gone)
        message.thread_ts.clear();
    posted.thread_ts = message.thread_ts;
    posted.shown = true;
    posted.ts = add(std::move(message));
    co_return posted;
}

FakeSlackApi::Answer<boost::json::array> FakeSlackApi::update_message(std::string ts, slack::OutgoingMessage message,
                                                                      Deadline) {
    co_await sleep_for(std::chrono::milliseconds(50));
    if (streaming.contains(ts))
        co_return slack::ApiError(slack::ApiFault::streaming, "chat.update", "streaming_state_conflict");
    if (!update_errors.empty()) {
        slack::ApiError error = update_errors.front();
        update_errors.pop_front();
        co_return error;
    }
    if (!replace(ts, std::move(message)))
        co_return slack::ApiError(slack::ApiFault::not_permitted, "chat.update", "message_not_found");
    co_return find(ts)->content.blocks;
}

boost::asio::awaitable<bool> FakeSlackApi::settle_updates(std::string, std::string, Deadline) {
    co_return true;
}

FakeSlackApi::Answer<void> FakeSlackApi::delete_message(std::string, std::string ts, Deadline) {
    removed.push_back(ts);
    std::erase_if(messages, [&](const Message& message) { return message.ts == ts; });
    return done();
}

FakeSlackApi::Answer<void> FakeSlackApi::post_ephemeral(std::string user, slack::OutgoingMessage message, Deadline) {
    if (!ephemeral_errors.empty())
        return next(ephemeral_errors);
    // Slack says ok, and nobody sees it.
    const bool has_replies = threads_with_replies.contains({message.channel, message.thread_ts}) ||
                             !in_thread(message.channel, message.thread_ts).empty();
    if (!message.thread_ts.empty() && !has_replies) {
        ++lost_ephemerals;
        return done();
    }
    ephemerals.emplace_back(std::move(user), message.text);
    ephemeral_messages.push_back(std::move(message));
    return done();
}

FakeSlackApi::Answer<slack::Posted> FakeSlackApi::start_stream(slack::StreamStart stream, Deadline) {
    co_await sleep_for(post_time);
    ++stream_starts;
    stream_teams.push_back(stream.recipient_team);
    if (!stream_errors.empty()) {
        slack::ApiError error = stream_errors.front();
        stream_errors.pop_front();
        if (error.fault == slack::ApiFault::ambiguous && ambiguous_streams_arrive_after) {
            const auto executor = co_await boost::asio::this_coro::executor;
            boost::asio::co_spawn(executor, arrive_late(std::move(stream), *ambiguous_streams_arrive_after),
                                  boost::asio::detached);
        }
        co_return error;
    }
    co_return begin_stream(std::move(stream));
}

FakeSlackApi::Answer<void> FakeSlackApi::append_stream(std::string, std::string ts, boost::json::array chunks,
                                                       Deadline) {
    co_await sleep_for(std::chrono::milliseconds(50));
    if (!append_errors.empty()) {
        slack::ApiError error = append_errors.front();
        append_errors.pop_front();
        co_return error;
    }
    if (!streaming.contains(ts))
        co_return slack::ApiError(slack::ApiFault::streaming, "chat.appendStream", "message_not_in_streaming_state");
    for (Message& message : messages)
        if (message.ts == ts)
            message.content.blocks.insert(message.content.blocks.end(), chunks.begin(), chunks.end());
    co_return slack::ApiResult<void>();
}

FakeSlackApi::Answer<void> FakeSlackApi::stop_stream(slack::StreamStop stop, Deadline) {
    co_await sleep_for(std::chrono::milliseconds(50));
    if (streaming.erase(stop.ts) == 0)
        co_return slack::ApiError(slack::ApiFault::streaming, "chat.stopStream", "message_not_in_streaming_state");
    for (Message& message : messages)
        if (message.ts == stop.ts) {
            message.content.metadata_type = stop.metadata_type;
            message.content.metadata_payload = stop.metadata_payload;
            message.content.blocks.insert(message.content.blocks.end(), stop.chunks.begin(), stop.chunks.end());
            message.streamed = blocks_of(message.content.blocks);
        }
    co_return slack::ApiResult<void>();
}

FakeSlackApi::Answer<void> FakeSlackApi::set_status(std::string channel, std::string thread_ts, std::string status,
                                                    Deadline) {
    co_await sleep_for(std::chrono::milliseconds(50));
    if (!status_errors.empty()) {
        slack::ApiError error = status_errors.front();
        status_errors.pop_front();
        co_return error;
    }
    statuses.push_back({std::move(channel), thread_ts, std::move(status)});
    if (thread_ts == slow_status)
        co_await sleep_for(std::chrono::seconds(8));
    co_return slack::ApiResult<void>();
}

FakeSlackApi::Answer<void> FakeSlackApi::set_title(std::string, std::string thread_ts, std::string title, Deadline) {
    titles.emplace_back(std::move(thread_ts), std::move(title));
    return title_errors.empty() ? done() : next(title_errors);
}

FakeSlackApi::Answer<void> FakeSlackApi::set_suggested_prompts(std::string channel, std::string thread_ts,
                                                               std::string title, std::vector<Prompt> offered,
                                                               Deadline) {
    prompts.push_back({std::move(channel), std::move(thread_ts), std::move(title), std::move(offered)});
    return prompt_errors.empty() ? done() : next(prompt_errors);
}

FakeSlackApi::Answer<void> FakeSlackApi::set_session_status(std::string channel, std::string thread_ts,
                                                            std::string status, std::string, Deadline) {
    sessions.push_back(channel + "/" + thread_ts + " " + status);
    return session_errors.empty() ? done() : next(session_errors);
}

FakeSlackApi::Answer<slack::ChannelInfo> FakeSlackApi::conversation_info(std::string channel, Deadline deadline) {
    ++channel_calls;
    if (channel_time > deadline.remaining()) {
        co_await sleep_for(deadline.remaining());
        co_return slack::ApiError(slack::ApiFault::transient, "conversations.info", "timeout");
    }
    if (channel_time > Duration::zero())
        co_await sleep_for(channel_time);
    co_return channels[channel];
}

FakeSlackApi::Answer<std::vector<slack::ThreadMessage>> FakeSlackApi::conversation_replies(std::string channel,
                                                                                           std::string thread_ts,
                                                                                           std::size_t, Deadline) {
    ++replies_calls;
    if (!replies_errors.empty()) {
        slack::ApiError error = replies_errors.front();
        replies_errors.pop_front();
        co_return error;
    }
    std::vector<slack::ThreadMessage> replies;
    std::vector<const Message*> found = in_thread(channel, thread_ts);
    for (const Message& message : messages)
        if (message.content.channel == channel && message.ts == thread_ts)
            found.insert(found.begin(), &message);
    for (const Message* message : found) {
        slack::ThreadMessage reply;
        reply.ts = message->ts;
        reply.bot_id = "BBOT";
        reply.blocks = message->content.blocks;
        reply.metadata_type = message->content.metadata_type;
        reply.metadata_payload = message->content.metadata_payload;
        if (const auto known = reactions.find(message->ts); known != reactions.end())
            reply.reactions = known->second;
        replies.push_back(std::move(reply));
    }
    for (std::size_t i = 0; i < uploads.size(); ++i) {
        if (uploads[i].file.channel != channel || uploads[i].file.thread_ts != thread_ts)
            continue;
        slack::ThreadMessage reply;
        reply.ts = uploads[i].ts;
        reply.files.push_back(shared(i));
        replies.push_back(std::move(reply));
    }
    replies.insert(replies.end(), people_wrote.begin(), people_wrote.end());
    std::sort(replies.begin(), replies.end(), [](const auto& a, const auto& b) { return a.ts < b.ts; });
    co_return replies;
}

FakeSlackApi::Answer<std::vector<slack::ThreadMessage>> FakeSlackApi::conversation_history(std::string channel,
                                                                                           std::size_t,
                                                                                           Deadline deadline) {
    return conversation_replies(std::move(channel), "", 200, deadline);
}

FakeSlackApi::Answer<std::string> FakeSlackApi::conversation_open(std::string user, Deadline) {
    co_return "D-" + user;
}

FakeSlackApi::Answer<slack::UserInfo> FakeSlackApi::user_info(std::string user, Deadline deadline) {
    user_calls.push_back(user);
    if (user_time > deadline.remaining()) {
        co_await sleep_until(deadline.time());
        co_return slack::ApiError(slack::ApiFault::transient, "users.info", "timeout");
    }
    co_await sleep_for(user_time);
    if (!user_errors.empty()) {
        slack::ApiError error = user_errors.front();
        user_errors.pop_front();
        co_return error;
    }
    const auto found = users.find(user);
    if (found == users.end())
        co_return slack::ApiError(slack::ApiFault::not_permitted, "users.info", "user_not_found");
    co_return found->second;
}

FakeSlackApi::Answer<void> FakeSlackApi::publish_view(std::string user, boost::json::object view, Deadline) {
    if (!home_errors.empty())
        return next(home_errors);
    homes.push_back({std::move(user), "", std::move(view)});
    return done();
}

FakeSlackApi::Answer<std::string> FakeSlackApi::open_view(std::string trigger_id, boost::json::object view, Deadline) {
    if (!view_errors.empty()) {
        slack::ApiError error = view_errors.front();
        view_errors.pop_front();
        co_return error;
    }
    opened_views.push_back({"", std::move(trigger_id), std::move(view)});
    co_return "V" + std::to_string(opened_views.size());
}

FakeSlackApi::Answer<void> FakeSlackApi::update_view(std::string id, boost::json::object view, Deadline) {
    if (!view_update_errors.empty())
        return next(view_update_errors);
    opened_views.at(static_cast<std::size_t>(std::stoi(id.substr(1))) - 1).view = std::move(view);
    return done();
}

FakeSlackApi::Answer<slack::SharedFile> FakeSlackApi::upload_file(slack::FileUpload file, Deadline) {
    ++upload_calls;
    co_await sleep_for(upload_time);
    bool may_finish = true;
    if (file.before_visible)
        may_finish = co_await file.before_visible("F" + std::to_string(uploads.size() + 1));
    if (!may_finish || (file.may_send && !file.may_send()))
        co_return slack::ApiError(slack::ApiFault::cancelled, "files.completeUploadExternal", "not_sent");
    std::optional<slack::ApiError> error;
    if (!upload_errors.empty()) {
        error = upload_errors.front();
        upload_errors.pop_front();
        if (error->fault != slack::ApiFault::ambiguous || !ambiguous_uploads_arrive)
            co_return *error;
    }
    SharedUpload upload;
    upload.file = std::move(file);
    upload.ts = "2001.00000" + std::to_string(uploads.size() + 1);
    uploads.push_back(std::move(upload));
    if (error)
        co_return *error;
    slack::SharedFile file_shared = shared(uploads.size() - 1);
    if (uploads_do_not_appear)
        uploads.pop_back();
    co_return file_shared;
}

FakeSlackApi::Answer<slack::SharedFile> FakeSlackApi::file_info(std::string id, Deadline) {
    for (std::size_t i = 0; i < uploads.size(); ++i) {
        slack::SharedFile file = shared(i);
        if (file.id != id)
            continue;
        slack::SharedFile::Share share;
        share.channel = uploads[i].file.channel;
        share.ts = uploads[i].ts;
        share.thread_ts = uploads[i].file.thread_ts;
        file.shares.push_back(std::move(share));
        co_return file;
    }
    co_return slack::ApiError(slack::ApiFault::not_permitted, "files.info", "file_not_found");
}

FakeSlackApi::Answer<void> FakeSlackApi::respond(std::string url, UrlResponse response, Deadline) {
    if (!respond_errors.empty())
        return next(respond_errors);
    responses.emplace_back(std::move(url), std::move(response));
    return done();
}

boost::asio::awaitable<void> FakeSlackApi::flush(Deadline) {
    co_return;
}

slack::SharedFile FakeSlackApi::shared(std::size_t i) const {
    slack::SharedFile file;
    file.id = "F" + std::to_string(i + 1);
    file.name = uploads[i].file.filename;
    if (has_permalinks)
        file.permalink = "https://example.slack.com/files/" + file.id;
    return file;
}

slack::Posted FakeSlackApi::begin_stream(slack::StreamStart stream) {
    slack::OutgoingMessage message(stream.channel, "");
    message.thread_ts = stream.thread_ts;
    message.blocks = std::move(stream.chunks);
    slack::Posted posted;
    posted.channel = message.channel;
    posted.thread_ts = message.thread_ts;
    posted.shown = true;
    posted.ts = add(std::move(message));
    streaming.insert(posted.ts);
    return posted;
}

boost::json::array FakeSlackApi::blocks_of(const boost::json::array& chunks) {
    boost::json::object plan{{"type", "plan"}, {"tasks", boost::json::array()}};
    boost::json::array blocks;
    for (const auto& chunk : chunks) {
        const boost::json::string& type = chunk.at("type").as_string();
        if (type == "blocks")
            blocks.insert(blocks.end(), chunk.at("blocks").as_array().begin(), chunk.at("blocks").as_array().end());
        else if (type == "plan_update")
            plan["title"] = chunk.at("title");
        else
            plan["tasks"].as_array().push_back(chunk);
    }
    blocks.insert(blocks.begin(), std::move(plan));
    return blocks;
}

boost::asio::awaitable<void> FakeSlackApi::arrive_late(slack::StreamStart stream, Duration after) {
    co_await sleep_for(after);
    begin_stream(std::move(stream));
}

std::string FakeSlackApi::add(slack::OutgoingMessage message) {
    Message stored;
    stored.ts = "2000.00000" + std::to_string(++messages_made_);
    stored.content = std::move(message);
    messages.push_back(std::move(stored));
    return messages.back().ts;
}

bool FakeSlackApi::replace(const std::string& ts, slack::OutgoingMessage content) {
    for (Message& message : messages)
        if (message.ts == ts) {
            content.thread_ts = message.content.thread_ts;
            if (keeps_streamed)
                content.blocks.insert(content.blocks.begin(), message.streamed.begin(), message.streamed.end());
            empty_updates += content.text == message.content.text && content.blocks == message.content.blocks;
            message.content = std::move(content);
            ++message.updates;
            return true;
        }
    return false;
}

FakeSlackApi::Answer<void> FakeSlackApi::done() {
    co_return slack::ApiResult<void>();
}

FakeSlackApi::Answer<void> FakeSlackApi::next(std::deque<slack::ApiError>& errors) {
    slack::ApiError error = errors.front();
    errors.pop_front();
    return fail(std::move(error));
}

FakeSlackApi::Answer<void> FakeSlackApi::fail(slack::ApiError error) {
    co_return error;
}

}  // namespace genie_slack::test
