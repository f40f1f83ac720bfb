// Calls that only read, and those that the start-up makes.
#include "core/net/url.hpp"
#include "slack/api/api_objects.hpp"
#include "slack/api/web_api_client.hpp"
#include "slack/json_read.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

namespace genie_slack::slack {

namespace web_api_reads_detail {
namespace {

constexpr std::size_t kPage = 200;  // what the docs advise
constexpr std::size_t kMaxPages = 100;

// Reads one page of a thread into `out`: each message once (the root may come with every page), the newest `limit` of
// them. Returns the next cursor.
std::string add_page(const json::object& reply, std::size_t limit, std::set<std::string>& seen,
                     std::vector<ThreadMessage>& out) {
    for (const json::value& message : array_at(reply, "messages")) {
        if (!message.is_object())
            continue;
        ThreadMessage parsed = parse_thread_message(message.get_object());
        if (!parsed.ts.empty() && seen.insert(parsed.ts).second)
            out.push_back(std::move(parsed));
    }
    if (out.size() > limit)
        out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(limit));
    return string_at(object_at(reply, "response_metadata"), "next_cursor", kOpaqueBytes);
}

std::string replies_form(const std::string& channel, const std::string& thread_ts, const std::string& cursor) {
    net::FormBody form;
    form.add("channel", channel).add("ts", thread_ts).add("limit", std::to_string(kPage));
    form.add("include_all_metadata", "true");
    if (!cursor.empty())
        form.add("cursor", cursor);
    return form.take();
}

}  // namespace
}  // namespace web_api_reads_detail

asio::awaitable<ApiResult<Identity>> WebApiClient::auth_test(Deadline deadline) {
    ApiRequest request;
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kAuthTest, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return parse_identity(reply->body, reply->scopes);
}

asio::awaitable<ApiResult<Secret>> WebApiClient::connections_open(Deadline deadline) {
    ApiRequest request;
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kConnectionsOpen, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    std::string url = string_at(reply->body, "url", kOpaqueBytes);
    if (url.empty())
        co_return incomplete_answer(methods::kConnectionsOpen);
    co_return Secret(std::move(url));
}

asio::awaitable<ApiResult<ChannelInfo>> WebApiClient::conversation_info(std::string channel, Deadline deadline) {
    ApiRequest request(net::FormBody().add("channel", channel).take());
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kConversationInfo, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return parse_channel(object_at(reply->body, "channel"));
}

asio::awaitable<ApiResult<std::vector<ThreadMessage>>> WebApiClient::conversation_replies(std::string channel,
                                                                                          std::string thread_ts,
                                                                                          std::size_t limit,
                                                                                          Deadline deadline) {
    using namespace web_api_reads_detail;
    std::vector<ThreadMessage> out;
    std::set<std::string> seen;
    std::string cursor;
    for (std::size_t page = 0; page < kMaxPages; ++page) {
        ApiRequest request(replies_form(channel, thread_ts, cursor));
        const ApiResult<ApiReply> reply =
            co_await caller_.call(methods::kConversationReplies, std::move(request), deadline);
        if (reply.has_error())
            co_return reply.error();
        std::string next = add_page(reply->body, limit, seen, out);
        if (next.empty() || next == cursor)
            break;
        cursor = std::move(next);
    }
    co_return out;
}

asio::awaitable<ApiResult<std::vector<ThreadMessage>>> WebApiClient::conversation_history(std::string channel,
                                                                                          std::size_t limit,
                                                                                          Deadline deadline) {
    using namespace web_api_reads_detail;
    net::FormBody form;
    form.add("channel", channel).add("limit", std::to_string(std::min(limit, kPage)));
    form.add("include_all_metadata", "true");
    ApiRequest request(form.take());
    const ApiResult<ApiReply> reply =
        co_await caller_.call(methods::kConversationHistory, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    std::vector<ThreadMessage> out;
    std::set<std::string> seen;
    add_page(reply->body, kPage, seen, out);
    std::reverse(out.begin(), out.end());
    co_return out;
}

asio::awaitable<ApiResult<std::string>> WebApiClient::conversation_open(std::string user, Deadline deadline) {
    ApiRequest request(net::FormBody().add("users", user).take());
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kConversationOpen, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    std::string id = string_at(object_at(reply->body, "channel"), "id");
    if (id.empty())
        co_return incomplete_answer(methods::kConversationOpen);
    co_return id;
}

asio::awaitable<ApiResult<UserInfo>> WebApiClient::user_info(std::string user, Deadline deadline) {
    ApiRequest request(net::FormBody().add("user", user).add("include_locale", "true").take());
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kUserInfo, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return parse_user(object_at(reply->body, "user"));
}

}  // namespace genie_slack::slack
