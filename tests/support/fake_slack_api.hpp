// A Slack Web API without a network: keeps the messages, records what was done, fails as told.
#pragma once

#include "slack/api/web_api.hpp"

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
    std::vector<slack::ThreadMessage> people_wrote;                   // in every thread
    std::map<std::string, std::vector<slack::ReactionBy>> reactions;  // ts of messages, what stands on them

    const Message* find(const std::string& ts) const;
    std::vector<const Message*> in_thread(const std::string& channel, const std::string& thread_ts) const;

    // What is left of budgets, by method; all of those that are not named.
    std::map<std::string, double, std::less<>> rooms;
    std::map<std::string, Duration, std::less<>> waits;
    double room(const slack::ApiMethod& method, const std::string&) const override;
    bool may_spare(const slack::ApiMethod& method) const override { return room(method, "") >= 0.5; }
    const slack::CallCounts& call_counts() const override { return counts; }
    slack::CallCounts counts;
    Duration wait_for(const slack::ApiMethod& method, const std::string&) const override;

    template <class T>
    using Answer = boost::asio::awaitable<slack::ApiResult<T>>;

    Answer<slack::Identity> auth_test(Deadline) override;
    Answer<Secret> connections_open(Deadline) override;

    Answer<slack::Posted> post_message(slack::OutgoingMessage message, Deadline) override;
    Answer<boost::json::array> update_message(std::string ts, slack::OutgoingMessage message, Deadline) override;
    void update_coalesced(std::string ts, slack::OutgoingMessage message) override { replace(ts, std::move(message)); }
    boost::asio::awaitable<bool> settle_updates(std::string, std::string, Deadline) override;
    Answer<void> delete_message(std::string, std::string ts, Deadline) override;
    Answer<void> post_ephemeral(std::string user, slack::OutgoingMessage message, Deadline) override;
    // A stream is a message whose blocks are the chunks so far; it cannot be updated before it is stopped.
    Answer<slack::Posted> start_stream(slack::StreamStart stream, Deadline) override;
    Answer<void> append_stream(std::string, std::string ts, boost::json::array chunks, Deadline) override;
    Answer<void> stop_stream(slack::StreamStop stop, Deadline) override;
    Answer<void> set_status(std::string channel, std::string thread_ts, std::string status, Deadline) override;
    Answer<void> set_title(std::string, std::string thread_ts, std::string title, Deadline) override;
    Answer<void> set_suggested_prompts(std::string channel, std::string thread_ts, std::string title,
                                       std::vector<Prompt> offered, Deadline) override;
    Answer<void> set_session_status(std::string channel, std::string thread_ts, std::string status, std::string,
                                    Deadline) override;
    // Channels that are not told of are ordinary ones.
    Answer<slack::ChannelInfo> conversation_info(std::string channel, Deadline deadline) override;
    Answer<std::vector<slack::ThreadMessage>> conversation_replies(std::string channel, std::string thread_ts,
                                                                   std::size_t, Deadline) override;
    Answer<std::vector<slack::ThreadMessage>> conversation_history(std::string channel, std::size_t,
                                                                   Deadline deadline) override;
    Answer<std::string> conversation_open(std::string user, Deadline) override;
    // People by id; anyone else is user_not_found.
    Answer<slack::UserInfo> user_info(std::string user, Deadline deadline) override;
    Answer<void> publish_view(std::string user, boost::json::object view, Deadline) override;
    Answer<std::string> open_view(std::string trigger_id, boost::json::object view, Deadline) override;
    Answer<void> update_view(std::string id, boost::json::object view, Deadline) override;
    Answer<slack::SharedFile> upload_file(slack::FileUpload file, Deadline) override;
    Answer<slack::SharedFile> file_info(std::string id, Deadline) override;
    Answer<void> respond(std::string url, UrlResponse response, Deadline) override;
    boost::asio::awaitable<void> flush(Deadline) override;

 private:
    slack::SharedFile shared(std::size_t i) const;
    slack::Posted begin_stream(slack::StreamStart stream);
    // A plan with a card for each update of a task, and the blocks that were streamed as such.
    static boost::json::array blocks_of(const boost::json::array& chunks);
    boost::asio::awaitable<void> arrive_late(slack::StreamStart stream, Duration after);
    std::string add(slack::OutgoingMessage message);
    bool replace(const std::string& ts, slack::OutgoingMessage content);
    static Answer<void> done();
    static Answer<void> next(std::deque<slack::ApiError>& errors);
    static Answer<void> fail(slack::ApiError error);

    int messages_made_ = 0;
};

}  // namespace genie_slack::test
