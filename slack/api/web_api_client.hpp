// The WebApi over net::HttpClient. Its methods are spread over web_api*.cpp by what they are about.
#pragma once

#include "slack/api/api_caller.hpp"
#include "slack/api/update_sender.hpp"
#include "slack/api/web_api.hpp"

namespace genie_slack::slack {

class WebApiClient final : public WebApi {
 public:
    template <class T>
    using Call = boost::asio::awaitable<ApiResult<T>>;

    WebApiClient(boost::asio::any_io_executor executor, net::HttpClient& http, WebApiOptions options);

    double room(const ApiMethod& method, const std::string& channel) const override {
        return caller_.budget().room(method, channel, Clock::now());
    }
    bool may_spare(const ApiMethod& method) const override { return caller_.budget().may_spare(method, Clock::now()); }
    const CallCounts& call_counts() const override { return caller_.budget().counts(); }
    Duration wait_for(const ApiMethod& method, const std::string& channel) const override {
        const TimePoint now = Clock::now();
        return caller_.budget().ready_at(method, channel, now) - now;
    }

    Call<Identity> auth_test(Deadline deadline) override;
    Call<Secret> connections_open(Deadline deadline) override;

    Call<Posted> post_message(OutgoingMessage message, Deadline deadline) override;
    Call<boost::json::array> update_message(std::string ts, OutgoingMessage message, Deadline deadline) override;
    void update_coalesced(std::string ts, OutgoingMessage message) override;
    boost::asio::awaitable<bool> settle_updates(std::string channel, std::string ts, Deadline deadline) override;
    Call<void> delete_message(std::string channel, std::string ts, Deadline deadline) override;
    Call<void> post_ephemeral(std::string user, OutgoingMessage message, Deadline deadline) override;

    Call<Posted> start_stream(StreamStart stream, Deadline deadline) override;
    Call<void> append_stream(std::string channel, std::string ts, boost::json::array chunks,
                             Deadline deadline) override;
    Call<void> stop_stream(StreamStop stream, Deadline deadline) override;

    Call<void> set_status(std::string channel, std::string thread_ts, std::string status, Deadline deadline) override;
    Call<void> set_title(std::string channel, std::string thread_ts, std::string title, Deadline deadline) override;
    Call<void> set_suggested_prompts(std::string channel, std::string thread_ts, std::string title,
                                     std::vector<Prompt> prompts, Deadline deadline) override;
    Call<void> set_session_status(std::string channel, std::string thread_ts, std::string status, std::string title,
                                  Deadline deadline) override;

    Call<ChannelInfo> conversation_info(std::string channel, Deadline deadline) override;
    Call<std::vector<ThreadMessage>> conversation_replies(std::string channel, std::string thread_ts, std::size_t limit,
                                                          Deadline deadline) override;
    Call<std::vector<ThreadMessage>> conversation_history(std::string channel, std::size_t limit,
                                                          Deadline deadline) override;
    Call<std::string> conversation_open(std::string user, Deadline deadline) override;
    Call<UserInfo> user_info(std::string user, Deadline deadline) override;

    Call<void> publish_view(std::string user, boost::json::object view, Deadline deadline) override;
    Call<std::string> open_view(std::string trigger_id, boost::json::object view, Deadline deadline) override;
    Call<void> update_view(std::string view_id, boost::json::object view, Deadline deadline) override;

    Call<SharedFile> upload_file(FileUpload file, Deadline deadline) override;
    Call<SharedFile> file_info(std::string id, Deadline deadline) override;
    Call<void> respond(std::string response_url, UrlResponse response, Deadline deadline) override;
    boost::asio::awaitable<void> flush(Deadline deadline) override;

 private:
    // Makes a call whose answer holds nothing that is of use.
    Call<void> plain_call(ApiMethod method, ApiRequest request, Deadline deadline);
    Call<void> send_upload(std::string url, std::string content, Deadline deadline);

    WebApiOptions options_;
    ApiCaller caller_;
    UpdateSender updates_;
};

// Stands for a 200 that lacks what it should hold: the call was processed, but its answer is of no use.
ApiError incomplete_answer(const ApiMethod& method);

}  // namespace genie_slack::slack
