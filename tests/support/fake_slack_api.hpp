// A Slack Web API without a network: keeps the messages, records what was done, fails as told.
#pragma once

#include "slack/api/web_api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::test {

class FakeSlackApi : public slack::WebApi {
 public:
    struct Message {
        slack::OutgoingMessage content;
        std::string ts;
        int updates = 0;
        boost::json::array streamed;  // the blocks of its stream, once that ended
    };
    // The next calls of these kinds end with these errors, in order.
    std::deque<slack::ApiError> post_errors;
    std::deque<slack::ApiError> update_errors;
    // As Slack does where a thread was wanted whose root was deleted: new messages stand at the root of the channel.
    bool thread_roots_are_gone = false;
    std::vector<std::string> removed;  // ts
    // An ambiguous post_error whose message arrived all the same.
    bool ambiguous_posts_arrive = false;
    Duration post_time = std::chrono::milliseconds(100);

    std::vector<std::string> sessions;  // "C/ts processing"
    std::deque<slack::ApiError> session_errors;

    std::set<std::string> streaming;  // ts of messages that stream now
    bool keeps_streamed = false;      // above what a later update sets
    std::deque<slack::ApiError> stream_errors;
    // What an ambiguous stream_error started comes to stand this much later.
    std::optional<Duration> ambiguous_streams_arrive_after;
    std::deque<slack::ApiError> append_errors;
    int stream_starts = 0;
    std::vector<std::string> stream_teams;
    int empty_updates = 0;  // that changed nothing

    std::map<std::string, slack::UserInfo> users;
    std::deque<slack::ApiError> user_errors;
    Duration user_time = std::chrono::milliseconds(100);
    Duration channel_time{};
    std::vector<std::string> user_calls;

    std::map<std::string, slack::ChannelInfo> channels;
    int channel_calls = 0;

    struct SharedUpload {
        slack::FileUpload file;
        std::string ts;
    };
    std::deque<slack::ApiError> upload_errors;
    bool ambiguous_uploads_arrive = false;
    bool uploads_do_not_appear = false;  // though Slack says ok
    Duration upload_time = std::chrono::milliseconds(500);
    int upload_calls = 0;
    bool has_permalinks = true;
    std::vector<SharedUpload> uploads;  // that stand in their threads

    std::vector<Message> messages;
    std::vector<std::pair<std::string, std::string>> ephemerals;  // user, text
    std::vector<slack::OutgoingMessage> ephemeral_messages;       // the same ones, whole
    std::deque<slack::ApiError> ephemeral_errors;
    std::set<std::pair<std::string, std::string>> threads_with_replies;  // of people: channel, thread_ts
    int lost_ephemerals = 0;                                             // notes into threads without replies

    struct View {
        std::string user;  // of a home
        std::string trigger_id;
        boost::json::object view;
    };
    std::vector<View> homes;  // as published, one after the other
    std::deque<slack::ApiError> home_errors;
    std::vector<View> opened_views;
    std::deque<slack::ApiError> view_errors;
    std::deque<slack::ApiError> view_update_errors;
    struct Prompts {
        std::string channel;
        std::string thread_ts;
        std::string title;
        std::vector<Prompt> prompts;
    };
    std::vector<Prompts> prompts;
    std::deque<slack::ApiError> prompt_errors;
    std::vector<std::pair<std::string, std::string>> titles;  // thread ts, title
    std::deque<slack::ApiError> title_errors;
    struct Status {
        std::string channel;
        std::string thread_ts;
        std::string status;
    };
    std::vector<Status> statuses;  // as set, one after the other
    std::string slow_status;       // a thread of which Slack tells late that it is set
    std::deque<slack::ApiError> status_errors;
    std::vector<std::pair<std::string, UrlResponse>> responses;
    std::deque<slack::ApiError> respond_errors;
    int replies_calls = 0;
    std::deque<slack::ApiError> replies_errors;
    std::vector<slack::ThreadMessage> people_wrote;  // in every thread

    const Message* find(const std::string& ts) const {
        for (const Message& message : messages)
            if (message.ts == ts)
                return &message;
        return nullptr;
    }
    std::vector<const Message*> in_thread(const std::string& channel, const std::string& thread_ts) const {
        std::vector<const Message*> found;
        for (const Message& message : messages)
            if (message.content.channel == channel && message.content.thread_ts == thread_ts)
                found.push_back(&message);
        return found;
    }

    // What is left of budgets, by method; all of those that are not named.
    std::map<std::string, double, std::less<>> rooms;
    std::map<std::string, Duration, std::less<>> waits;
    double room(const slack::ApiMethod& method, const std::string&) const override {
        const auto found = rooms.find(method.name);
        return found == rooms.end() ? 1.0 : found->second;
    }
    const slack::CallCounts& call_counts() const override { return counts; }
    slack::CallCounts counts;
    Duration wait_for(const slack::ApiMethod& method, const std::string&) const override {
        const auto found = waits.find(method.name);
        return found == waits.end() ? Duration::zero() : found->second;
    }

    template <class T>
    using Answer = boost::asio::awaitable<slack::ApiResult<T>>;

    Answer<slack::Identity> auth_test(Deadline) override { co_return slack::Identity(); }
    Answer<Secret> connections_open(Deadline) override { co_return Secret("wss://localhost/"); }

    Answer<slack::Posted> post_message(slack::OutgoingMessage message, Deadline) override {
        co_await sleep_for(post_time);
        if (!post_errors.empty()) {
            slack::ApiError error = post_errors.front();
            post_errors.pop_front();
            if (error.error_class == slack::ErrorClass::ambiguous && ambiguous_posts_arrive)
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
    Answer<boost::json::array> update_message(std::string ts, slack::OutgoingMessage message, Deadline) override {
        co_await sleep_for(std::chrono::milliseconds(50));
        if (streaming.contains(ts))
            co_return slack::ApiError(slack::ErrorClass::streaming, "chat.update", "streaming_state_conflict");
        if (!update_errors.empty()) {
            slack::ApiError error = update_errors.front();
            update_errors.pop_front();
            co_return error;
        }
        if (!replace(ts, std::move(message)))
            co_return slack::ApiError(slack::ErrorClass::config, "chat.update", "message_not_found");
        co_return find(ts)->content.blocks;
    }
    void update_coalesced(std::string ts, slack::OutgoingMessage message) override { replace(ts, std::move(message)); }
    boost::asio::awaitable<bool> settle_updates(std::string, std::string, Deadline) override { co_return true; }
    Answer<void> delete_message(std::string, std::string ts, Deadline) override {
        removed.push_back(ts);
        std::erase_if(messages, [&](const Message& message) { return message.ts == ts; });
        return done();
    }
    Answer<void> post_ephemeral(std::string user, slack::OutgoingMessage message, Deadline) override {
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
    // A stream is a message whose blocks are the chunks so far; it cannot be updated before it is stopped.
    Answer<slack::Posted> start_stream(slack::StreamStart stream, Deadline) override {
        co_await sleep_for(post_time);
        ++stream_starts;
        stream_teams.push_back(stream.recipient_team);
        if (!stream_errors.empty()) {
            slack::ApiError error = stream_errors.front();
            stream_errors.pop_front();
            if (error.error_class == slack::ErrorClass::ambiguous && ambiguous_streams_arrive_after) {
                const auto executor = co_await boost::asio::this_coro::executor;
                boost::asio::co_spawn(executor, arrive_late(std::move(stream), *ambiguous_streams_arrive_after),
                                      boost::asio::detached);
            }
            co_return error;
        }
        co_return begin_stream(std::move(stream));
    }
    Answer<void> append_stream(std::string, std::string ts, boost::json::array chunks, Deadline) override {
        co_await sleep_for(std::chrono::milliseconds(50));
        if (!append_errors.empty()) {
            slack::ApiError error = append_errors.front();
            append_errors.pop_front();
            co_return error;
        }
        if (!streaming.contains(ts))
            co_return slack::ApiError(slack::ErrorClass::streaming, "chat.appendStream",
                                      "message_not_in_streaming_state");
        for (Message& message : messages)
            if (message.ts == ts)
                message.content.blocks.insert(message.content.blocks.end(), chunks.begin(), chunks.end());
        co_return slack::ApiResult<void>();
    }
    Answer<void> stop_stream(slack::StreamStop stop, Deadline) override {
        co_await sleep_for(std::chrono::milliseconds(50));
        if (streaming.erase(stop.ts) == 0)
            co_return slack::ApiError(slack::ErrorClass::streaming, "chat.stopStream",
                                      "message_not_in_streaming_state");
        for (Message& message : messages)
            if (message.ts == stop.ts) {
                message.content.metadata_type = stop.metadata_type;
                message.content.metadata_payload = stop.metadata_payload;
                message.content.blocks.insert(message.content.blocks.end(), stop.chunks.begin(), stop.chunks.end());
                message.streamed = blocks_of(message.content.blocks);
            }
        co_return slack::ApiResult<void>();
    }
    Answer<void> set_status(std::string channel, std::string thread_ts, std::string status, std::vector<std::string>,
                            Deadline) override {
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
    Answer<void> set_title(std::string, std::string thread_ts, std::string title, Deadline) override {
        titles.emplace_back(std::move(thread_ts), std::move(title));
        return title_errors.empty() ? done() : next(title_errors);
    }
    Answer<void> set_suggested_prompts(std::string channel, std::string thread_ts, std::string title,
                                       std::vector<Prompt> offered, Deadline) override {
        prompts.push_back({std::move(channel), std::move(thread_ts), std::move(title), std::move(offered)});
        return prompt_errors.empty() ? done() : next(prompt_errors);
    }
    Answer<void> set_session_status(std::string channel, std::string thread_ts, std::string status, std::string,
                                    Deadline) override {
        sessions.push_back(channel + "/" + thread_ts + " " + status);
        return session_errors.empty() ? done() : next(session_errors);
    }
    // Channels that are not told of are ordinary ones.
    Answer<slack::ChannelInfo> conversation_info(std::string channel, Deadline deadline) override {
        ++channel_calls;
        if (channel_time > deadline.remaining()) {
            co_await sleep_for(deadline.remaining());
            co_return slack::ApiError(slack::ErrorClass::transient, "conversations.info", "timeout");
        }
        if (channel_time > Duration::zero())
            co_await sleep_for(channel_time);
        co_return channels[channel];
    }
    Answer<std::vector<slack::ThreadMessage>> conversation_replies(std::string channel, std::string thread_ts,
                                                                   std::size_t, Deadline) override {
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
            reply.metadata_type = message->content.metadata_type;
            reply.metadata_payload = message->content.metadata_payload;
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
    Answer<std::vector<slack::ThreadMessage>> conversation_history(std::string channel, std::size_t,
                                                                   Deadline deadline) override {
        return conversation_replies(std::move(channel), "", 200, deadline);
    }
    Answer<std::string> conversation_open(std::string user, Deadline) override { co_return "D-" + user; }
    // People by id; anyone else is user_not_found.
    Answer<slack::UserInfo> user_info(std::string user, Deadline deadline) override {
        user_calls.push_back(user);
        if (user_time > deadline.remaining()) {
            co_await sleep_until(deadline.time());
            co_return slack::ApiError(slack::ErrorClass::transient, "users.info", "timeout");
        }
        co_await sleep_for(user_time);
        if (!user_errors.empty()) {
            slack::ApiError error = user_errors.front();
            user_errors.pop_front();
            co_return error;
        }
        const auto found = users.find(user);
        if (found == users.end())
            co_return slack::ApiError(slack::ErrorClass::config, "users.info", "user_not_found");
        co_return found->second;
    }
    Answer<void> add_reaction(std::string, std::string, std::string, Deadline) override { return done(); }
    Answer<void> remove_reaction(std::string, std::string, std::string, Deadline) override { return done(); }
    Answer<void> publish_view(std::string user, boost::json::object view, Deadline) override {
        if (!home_errors.empty())
            return next(home_errors);
        homes.push_back({std::move(user), "", std::move(view)});
        return done();
    }
    Answer<std::string> open_view(std::string trigger_id, boost::json::object view, Deadline) override {
        if (!view_errors.empty()) {
            slack::ApiError error = view_errors.front();
            view_errors.pop_front();
            co_return error;
        }
        opened_views.push_back({"", std::move(trigger_id), std::move(view)});
        co_return "V" + std::to_string(opened_views.size());
    }
    Answer<void> update_view(std::string id, boost::json::object view, Deadline) override {
        if (!view_update_errors.empty())
            return next(view_update_errors);
        opened_views.at(static_cast<std::size_t>(std::stoi(id.substr(1))) - 1).view = std::move(view);
        return done();
    }
    Answer<slack::SharedFile> upload_file(slack::FileUpload file, Deadline) override {
        ++upload_calls;
        co_await sleep_for(upload_time);
        bool may_finish = true;
        if (file.before_visible)
            may_finish = co_await file.before_visible("F" + std::to_string(uploads.size() + 1));
        if (!may_finish || (file.may_send && !file.may_send()))
            co_return slack::ApiError(slack::ErrorClass::cancelled, "files.completeUploadExternal", "not_sent");
        std::optional<slack::ApiError> error;
        if (!upload_errors.empty()) {
            error = upload_errors.front();
            upload_errors.pop_front();
            if (error->error_class != slack::ErrorClass::ambiguous || !ambiguous_uploads_arrive)
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
    Answer<slack::SharedFile> file_info(std::string id, Deadline) override {
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
        co_return slack::ApiError(slack::ErrorClass::config, "files.info", "file_not_found");
    }
    Answer<void> respond(std::string url, UrlResponse response, Deadline) override {
        if (!respond_errors.empty())
            return next(respond_errors);
        responses.emplace_back(std::move(url), std::move(response));
        return done();
    }
    boost::asio::awaitable<void> flush(Deadline) override { co_return; }

 private:
    slack::SharedFile shared(std::size_t i) const {
        slack::SharedFile file;
        file.id = "F" + std::to_string(i + 1);
        file.name = uploads[i].file.filename;
        if (has_permalinks)
            file.permalink = "https://example.slack.com/files/" + file.id;
        return file;
    }
    slack::Posted begin_stream(slack::StreamStart stream) {
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
    // A plan with a card for each update of a task, and the blocks that were streamed as such.
    static boost::json::array blocks_of(const boost::json::array& chunks) {
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
    boost::asio::awaitable<void> arrive_late(slack::StreamStart stream, Duration after) {
        co_await sleep_for(after);
        begin_stream(std::move(stream));
    }
    std::string add(slack::OutgoingMessage message) {
        Message stored;
        stored.ts = "2000.00000" + std::to_string(++messages_made_);
        stored.content = std::move(message);
        messages.push_back(std::move(stored));
        return messages.back().ts;
    }
    bool replace(const std::string& ts, slack::OutgoingMessage content) {
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
    static Answer<void> done() { co_return slack::ApiResult<void>(); }
    static Answer<void> next(std::deque<slack::ApiError>& errors) {
        slack::ApiError error = errors.front();
        errors.pop_front();
        return fail(std::move(error));
    }
    static Answer<void> fail(slack::ApiError error) { co_return error; }

    int messages_made_ = 0;
};

}  // namespace genie_slack::test
