// Messages, streams and everything else that writes; reads and files are in their own sources.
#include "slack/api/web_api.hpp"

#include "core/log.hpp"
#include "core/net/url.hpp"
#include "slack/api/message_body.hpp"
#include "slack/api/web_api_client.hpp"
#include "slack/json_read.hpp"
#include "slack/text/markup.hpp"

#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

namespace genie_slack::slack {

ApiError incomplete_answer(const ApiMethod& method) {
    const bool again = method.repeat != ApiMethod::Repeat::duplicate;
    return ApiError(again ? ApiFault::transient : ApiFault::ambiguous, std::string(method.name), "incomplete_response");
}

namespace web_api_detail {
namespace {

ApiResult<Posted> posted(const ApiMethod& method, const ApiResult<ApiReply>& reply) {
    if (reply.has_error())
        return reply.error();
    Posted out;
    out.channel = string_at(reply->body, "channel");
    out.ts = string_at(reply->body, "ts");
    const json::object& message = object_at(reply->body, "message");
    out.shown = !message.empty();
    out.thread_ts = string_at(message, "thread_ts");
    if (out.ts.empty())
        return incomplete_answer(method);
    return out;
}

std::optional<ApiError> check_count(const ApiMethod& method, const char* what, std::size_t count, std::size_t most) {
    if (count <= most)
        return std::nullopt;
    limits::Violation violation;
    violation.pointer = std::string("/") + what;
    violation.message = "has " + std::to_string(count) + " items, at most " + std::to_string(most) + " are allowed";
    return limit_error(method.name, {std::move(violation)});
}

}  // namespace
}  // namespace web_api_detail

WebApiClient::WebApiClient(asio::any_io_executor executor, net::HttpClient& http, WebApiOptions options)
    : options_(std::move(options)),
      caller_(http, options_),
      updates_(std::move(executor), caller_, options_.update_interval) {}

asio::awaitable<ApiResult<void>> WebApiClient::plain_call(ApiMethod method, ApiRequest request, Deadline deadline) {
    const ApiResult<ApiReply> reply = co_await caller_.call(method, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return ApiResult<void>();
}

asio::awaitable<ApiResult<Posted>> WebApiClient::post_message(OutgoingMessage message, Deadline deadline) {
    if (auto wrong = check_outgoing(methods::kPostMessage.name, message))
        co_return std::move(*wrong);
    ApiRequest request(post_body(message));
    request.json["unfurl_links"] = false;
    request.json["unfurl_media"] = false;
    request.channel = message.channel;
    request.urgency = message.urgency;
    request.may_send = std::move(message.may_send);
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kPostMessage, std::move(request), deadline);
    co_return web_api_detail::posted(methods::kPostMessage, reply);
}

asio::awaitable<ApiResult<json::array>> WebApiClient::update_message(std::string ts, OutgoingMessage message,
                                                                     Deadline deadline) {
    if (auto wrong = check_outgoing(methods::kUpdate.name, message, true))
        co_return std::move(*wrong);
    const UpdateSender::Key key(message.channel, ts);
    const UpdateSender::Claim claim(updates_, key);
    const bool landed = co_await updates_.landed(key, deadline);
    if (!landed)
        co_return ApiError(ApiFault::transient, std::string(methods::kUpdate.name), "timeout");
    ApiRequest request(update_body(ts, message));
    request.may_send = std::move(message.may_send);
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kUpdate, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return array_at(object_at(reply->body, "message"), "blocks");
}

void WebApiClient::update_coalesced(std::string ts, OutgoingMessage message) {
    if (const auto wrong = check_outgoing(methods::kUpdate.name, message, true)) {
        log::warn("slack.update_refused", {{"error", wrong->to_string()}});
        return;
    }
    UpdateSender::Key key(message.channel, std::move(ts));
    updates_.offer(std::move(key), std::move(message));
}

asio::awaitable<bool> WebApiClient::settle_updates(std::string channel, std::string ts, Deadline deadline) {
    const UpdateSender::Key key(std::move(channel), std::move(ts));
    const UpdateSender::Claim claim(updates_, key);
    co_return co_await updates_.landed(key, deadline);
}

asio::awaitable<ApiResult<void>> WebApiClient::delete_message(std::string channel, std::string ts, Deadline deadline) {
    const UpdateSender::Key key(channel, ts);
    const UpdateSender::Claim claim(updates_, key);
    const bool landed = co_await updates_.landed(key, deadline);
    if (!landed)
        co_return ApiError(ApiFault::transient, std::string(methods::kDelete.name), "timeout");
    json::object body;
    body["channel"] = channel;
    body["ts"] = ts;
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kDelete, std::move(request), deadline);
    // The message is gone, perhaps by an earlier attempt whose answer was lost.
    if (result.has_error() && result.error().code == "message_not_found")
        co_return ApiResult<void>();
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::post_ephemeral(std::string user, OutgoingMessage message,
                                                              Deadline deadline) {
    if (auto wrong = check_outgoing(methods::kPostEphemeral.name, message))
        co_return std::move(*wrong);
    ApiRequest request(post_body(message));
    request.json["user"] = user;
    request.channel = message.channel;
    ApiResult<void> result = co_await plain_call(methods::kPostEphemeral, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<Posted>> WebApiClient::start_stream(StreamStart stream, Deadline deadline) {
    if (auto wrong = check_stream(methods::kStartStream.name, stream.chunks))
        co_return std::move(*wrong);
    const std::string channel = stream.channel;
    ApiRequest request(start_stream_body(std::move(stream)));
    request.channel = channel;
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kStartStream, std::move(request), deadline);
    co_return web_api_detail::posted(methods::kStartStream, reply);
}

asio::awaitable<ApiResult<void>> WebApiClient::append_stream(std::string channel, std::string ts, json::array chunks,
                                                             Deadline deadline) {
    if (auto wrong = check_stream(methods::kAppendStream.name, chunks))
        co_return std::move(*wrong);
    json::object body;
    body["channel"] = channel;
    body["ts"] = ts;
    body["chunks"] = std::move(chunks);
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kAppendStream, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::stop_stream(StreamStop stream, Deadline deadline) {
    if (auto wrong = check_stream(methods::kStopStream.name, stream.chunks, stream.metadata_payload))
        co_return std::move(*wrong);
    ApiRequest request(stop_stream_body(std::move(stream)));
    ApiResult<void> result = co_await plain_call(methods::kStopStream, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::set_status(std::string channel, std::string thread_ts,
                                                          std::string status, Deadline deadline) {
    json::object body;
    body["channel_id"] = channel;
    body["thread_ts"] = thread_ts;
    body["status"] = status;
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kSetStatus, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::set_title(std::string channel, std::string thread_ts, std::string title,
                                                         Deadline deadline) {
    json::object body;
    body["channel_id"] = channel;
    body["thread_ts"] = thread_ts;
    body["title"] = title;
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kSetTitle, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::set_suggested_prompts(std::string channel, std::string thread_ts,
                                                                     std::string title, std::vector<Prompt> prompts,
                                                                     Deadline deadline) {
    if (auto wrong =
            web_api_detail::check_count(methods::kSetSuggestedPrompts, "prompts", prompts.size(), limits::kPrompts))
        co_return std::move(*wrong);
    json::array list;
    for (const Prompt& prompt : prompts) {
        json::object one;
        one["title"] = prompt.title;
        one["message"] = prompt.message;
        list.push_back(std::move(one));
    }
    json::object body;
    body["channel_id"] = channel;
    if (!thread_ts.empty())
        body["thread_ts"] = thread_ts;
    if (!title.empty())
        body["title"] = title;
    body["prompts"] = std::move(list);
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kSetSuggestedPrompts, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::set_session_status(std::string channel, std::string thread_ts,
                                                                  std::string status, std::string title,
                                                                  Deadline deadline) {
    json::object body;
    body["channel_id"] = channel;
    body["thread_ts"] = thread_ts;
    body["status"] = status;
    if (!title.empty())
        body["title"] = truncate(title, limits::kSessionTitleCharacters);
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kSetSessionStatus, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<void>> WebApiClient::publish_view(std::string user, json::object view, Deadline deadline) {
    if (auto wrong = limit_error(methods::kViewPublish.name, limits::check_view(view)))
        co_return std::move(*wrong);
    json::object body;
    body["user_id"] = user;
    body["view"] = std::move(view);
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kViewPublish, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<std::string>> WebApiClient::open_view(std::string trigger_id, json::object view,
                                                                Deadline deadline) {
    if (auto wrong = limit_error(methods::kViewOpen.name, limits::check_view(view)))
        co_return std::move(*wrong);
    json::object body;
    body["trigger_id"] = trigger_id;
    body["view"] = std::move(view);
    ApiRequest request(std::move(body));
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kViewOpen, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return string_at(object_at(reply->body, "view"), "id");
}

asio::awaitable<ApiResult<void>> WebApiClient::update_view(std::string view_id, json::object view, Deadline deadline) {
    if (auto wrong = limit_error(methods::kViewUpdate.name, limits::check_view(view)))
        co_return std::move(*wrong);
    json::object body;
    body["view_id"] = view_id;
    body["view"] = std::move(view);
    ApiRequest request(std::move(body));
    ApiResult<void> result = co_await plain_call(methods::kViewUpdate, std::move(request), deadline);
    co_return result;
}

asio::awaitable<void> WebApiClient::flush(Deadline deadline) {
    return updates_.flush(deadline);
}

std::unique_ptr<WebApi> create_web_api(asio::any_io_executor executor, net::HttpClient& http, WebApiOptions options) {
    return std::make_unique<WebApiClient>(std::move(executor), http, std::move(options));
}

}  // namespace genie_slack::slack
