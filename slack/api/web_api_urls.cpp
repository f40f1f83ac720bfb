// The two places where Slack gives us a URL to post to: file uploads (slack.md 2.6) and response_url
// (slack.md 3.12).
#include "core/net/url.hpp"
#include "slack/api/api_objects.hpp"
#include "slack/api/message_body.hpp"
#include "slack/api/web_api_client.hpp"
#include "slack/json_read.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

namespace genie_slack::slack {

namespace web_api_urls_detail {
namespace {

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

// Slack itself, or the host of the configured API. The text could come from a forged payload, and what we would send
// is the answer to somebody's question.
bool may_respond_to(const std::string& response_url, const std::string& base_url) {
    const auto url = net::parse_url(response_url);
    const auto base = net::parse_url(base_url);
    if (url.has_error())
        return false;
    if (base.has_value() && url->origin() == base->origin())
        return true;
    return url->scheme == "https" && url->port == 443 && lower_case(url->host).ends_with(".slack.com");
}

std::vector<limits::Violation> check_upload(const FileUpload& file) {
    std::vector<limits::Violation> out;
    if (file.filename.empty())
        out.push_back({"/filename", "is missing"});
    if (file.content.empty())
        out.push_back({"/content", "is empty"});
    if (file.alt_text.size() > limits::kAltTextCharacters)
        out.push_back({"/alt_txt", "is too long"});
    return out;
}

std::string upload_url_form(const FileUpload& file) {
    net::FormBody form;
    form.add("filename", file.filename).add("length", std::to_string(file.content.size()));
    if (!file.alt_text.empty())
        form.add("alt_txt", file.alt_text);
    return form.take();
}

std::string complete_form(const FileUpload& file, const std::string& id) {
    json::object entry;
    entry["id"] = id;
    entry["title"] = file.title.empty() ? file.filename : file.title;
    json::array files;
    files.push_back(std::move(entry));
    net::FormBody form;
    form.add("files", json::serialize(files));
    if (!file.channel.empty())
        form.add("channel_id", file.channel);
    if (!file.channel.empty() && !file.thread_ts.empty())
        form.add("thread_ts", file.thread_ts);
    return form.take();
}

json::object response_body(WebApi::UrlResponse response) {
    json::object body;
    body["response_type"] = "ephemeral";
    body["replace_original"] = response.replace_original;
    if (response.delete_original)
        body["delete_original"] = true;
    if (!response.text.empty())
        body["text"] = response.text;
    if (!response.blocks.empty())
        body["blocks"] = std::move(response.blocks);
    if (!response.thread_ts.empty())
        body["thread_ts"] = response.thread_ts;
    return body;
}

}  // namespace
}  // namespace web_api_urls_detail

asio::awaitable<ApiResult<void>> WebApiClient::send_upload(std::string url, std::string content, Deadline deadline) {
    const auto parsed = net::parse_url(url);
    if (parsed.has_error()) {
        ApiError error(ApiFault::not_permitted, std::string(methods::kUploadContent.name), "refused_url");
        error.details.push_back(parsed.error().message);
        co_return error;
    }
    // The URL is the permission: no token goes with it.
    ApiRequest request;
    request.url = std::move(url);
    request.content_type = "application/octet-stream";
    request.text = std::move(content);
    request.timeout = options_.upload_timeout;
    ApiResult<void> result = co_await plain_call(methods::kUploadContent, std::move(request), deadline);
    co_return result;
}

asio::awaitable<ApiResult<SharedFile>> WebApiClient::upload_file(FileUpload file, Deadline deadline) {
    if (auto wrong = limit_error(methods::kUploadContent.name, web_api_urls_detail::check_upload(file)))
        co_return std::move(*wrong);
    ApiRequest start(web_api_urls_detail::upload_url_form(file));
    const ApiResult<ApiReply> place = co_await caller_.call(methods::kGetUploadUrl, std::move(start), deadline);
    if (place.has_error())
        co_return place.error();
    std::string url = string_at(place->body, "upload_url", kOpaqueBytes);
    const std::string id = string_at(place->body, "file_id");
    if (url.empty() || id.empty())
        co_return incomplete_answer(methods::kGetUploadUrl);

    ApiResult<void> sent = co_await send_upload(std::move(url), std::move(file.content), deadline);
    if (sent.has_error())
        co_return sent.error();

    bool may_finish = true;
    if (file.before_visible)
        may_finish = co_await file.before_visible(id);
    if (!may_finish)
        co_return ApiError(ApiFault::cancelled, std::string(methods::kCompleteUpload.name), "not_recorded");
    ApiRequest finish(web_api_urls_detail::complete_form(file, id));
    finish.channel = file.channel;
    finish.may_send = std::move(file.may_send);
    const ApiResult<ApiReply> done = co_await caller_.call(methods::kCompleteUpload, std::move(finish), deadline);
    if (done.has_error())
        co_return done.error();
    SharedFile shared;
    for (const json::value& entry : array_at(done->body, "files"))
        if (entry.is_object() && string_at(entry.get_object(), "id") == id)
            shared = parse_file(entry.get_object());
    shared.id = id;
    if (shared.name.empty())
        shared.name = file.filename;
    if (!shared.permalink.empty())
        co_return shared;
    // A courtesy: without the scope, or where Slack knows none yet, the file has no link.
    const ApiResult<SharedFile> looked_up = co_await file_info(id, deadline);
    if (looked_up)
        shared.permalink = looked_up->permalink;
    co_return shared;
}

asio::awaitable<ApiResult<SharedFile>> WebApiClient::file_info(std::string id, Deadline deadline) {
    ApiRequest request(net::FormBody().add("file", id).take());
    const ApiResult<ApiReply> reply = co_await caller_.call(methods::kFileInfo, std::move(request), deadline);
    if (reply.has_error())
        co_return reply.error();
    co_return parse_file(object_at(reply->body, "file"));
}

asio::awaitable<ApiResult<void>> WebApiClient::respond(std::string response_url, UrlResponse response,
                                                       Deadline deadline) {
    if (!web_api_urls_detail::may_respond_to(response_url, caller_.base_url()))
        co_return ApiError(ApiFault::not_permitted, std::string(methods::kResponseUrl.name), "refused_url");
    const bool says_something = !response.text.empty() || !response.blocks.empty();
    if (says_something || !response.delete_original)
        if (auto wrong = limit_error(methods::kResponseUrl.name, limits::check_message(response.text, response.blocks)))
            co_return std::move(*wrong);
    ApiRequest request;
    request.url = std::move(response_url);
    request.content_type = "application/json; charset=utf-8";
    request.text = json::serialize(web_api_urls_detail::response_body(std::move(response)));
    ApiResult<void> result = co_await plain_call(methods::kResponseUrl, std::move(request), deadline);
    co_return result;
}

}  // namespace genie_slack::slack
