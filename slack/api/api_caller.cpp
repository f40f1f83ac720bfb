#include "slack/api/api_caller.hpp"

#include "core/log.hpp"
#include "core/net/backoff.hpp"
#include "slack/json_read.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

namespace genie_slack::slack {

namespace api_caller_detail {
namespace {

constexpr int kMaxAttempts = 8;
constexpr std::size_t kMaxResponseBytes = 16u << 20;
const net::BackoffLimits kRetries{std::chrono::milliseconds(500), std::chrono::seconds(10), 0.5};

ApiError cancelled(const ApiMethod& method) {
    return ApiError(ErrorClass::cancelled, std::string(method.name), "cancelled");
}

ApiError too_late(const ApiMethod& method, const char* code, Duration retry_after) {
    ApiError error(ErrorClass::rate, std::string(method.name), code);
    error.retry_after = retry_after;
    return error;
}

// Returns false when the caller was cancelled meanwhile.
asio::awaitable<bool> sleep_or_cancel(TimePoint time) {
    try {
        co_await sleep_until(time);
        co_return true;
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            throw;
    }
    co_return false;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "" : "; ") + text;
    return out;
}

// What an answer says beside its content. None of it holds chat text.
void log_verdict(const ApiMethod& method, const Verdict& verdict) {
    if (verdict.kind == Verdict::Kind::ok) {
        for (const json::value& warning : array_at(object_at(verdict.body, "response_metadata"), "warnings"))
            if (warning.is_string())
                log::debug("slack.api_warning", {{"method", method.name},
                                                 {"warning", std::string_view(warning.get_string()).substr(0, 200)}});
        return;
    }
    const ApiError& error = verdict.error;
    if (error.error_class == ErrorClass::cancelled)
        return;
    log::Fields fields{{"method", method.name},
                       {"code", error.code},
                       {"class", to_string(error.error_class)},
                       {"request_id", error.request_id}};
    if (!error.details.empty())
        fields.emplace_back("details", joined(error.details));
    if (error.retry_after)
        fields.emplace_back("retry_after_ms",
                            std::chrono::duration_cast<std::chrono::milliseconds>(*error.retry_after).count());
    const bool expected = error.code == "already_reacted" || error.code == "no_reaction";
    log::write(expected ? log::Level::debug : log::Level::warn, "slack.api_error", fields);
}

}  // namespace
}  // namespace api_caller_detail

ApiCaller::ApiCaller(net::HttpClient& http, const WebApiOptions& options)
    : http_(http),
      options_(options),
      base_url_(options.base_url.ends_with('/') ? options.base_url : options.base_url + "/"),
      pacer_(options.post_burst, options.post_interval) {}

net::HttpRequest ApiCaller::http_request(const ApiMethod& method, const ApiRequest& request) const {
    net::HttpRequest out("POST", method.plain ? request.url : base_url_ + std::string(method.name));
    out.max_response_bytes = api_caller_detail::kMaxResponseBytes;
    if (method.plain) {
        out.headers.emplace_back("Content-Type", request.content_type);
        out.body = request.text;
        return out;
    }
    const Secret& token = method.token == ApiMethod::Token::app ? options_.app_token : options_.bot_token;
    out.headers.emplace_back("Authorization", "Bearer " + token.reveal());
    if (method.body == ApiMethod::Body::json) {
        out.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
        out.body = json::serialize(request.json);
    } else {
        out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        out.body = request.text;
    }
    return out;
}

asio::awaitable<Verdict> ApiCaller::attempt(ApiMethod method, ApiRequest request, Deadline deadline) {
    net::HttpRequest http = http_request(method, request);
    const Deadline limit = deadline.sooner(request.timeout.value_or(options_.call_timeout));
    const net::NetResult<net::HttpResponse> reply = co_await http_.send(std::move(http), limit);
    Verdict verdict = judge(method, reply);
    api_caller_detail::log_verdict(method, verdict);
    if (verdict.kind == Verdict::Kind::rate)
        verdict.error.retry_after = pauses_.refused(method.name, verdict.error.retry_after, Clock::now());
    else
        pauses_.not_refused(method.name);
    co_return verdict;
}

asio::awaitable<std::optional<ApiError>> ApiCaller::wait_turn(ApiMethod method, std::string channel, bool paced,
                                                              Deadline deadline) {
    bool reserved = !paced;
    for (;;) {
        const TimePoint now = Clock::now();
        if (now >= deadline.time())
            co_return ApiError(ErrorClass::transient, std::string(method.name), "timeout");
        TimePoint at = pauses_.ready_at(method.name, now);
        if (at >= deadline.time())
            co_return api_caller_detail::too_late(method, "ratelimited", at - now);
        if (at == now && !reserved) {
            const auto place = pacer_.reserve(channel, now, deadline.time());
            if (!place)
                co_return api_caller_detail::too_late(method, "paced", pacer_.next(channel, now) - now);
            reserved = true;
            at = *place;
        }
        if (at <= now)
            co_return std::nullopt;
        const bool awake = co_await api_caller_detail::sleep_or_cancel(at);
        if (!awake)
            co_return api_caller_detail::cancelled(method);
    }
}

asio::awaitable<ApiResult<ApiReply>> ApiCaller::call(ApiMethod method, ApiRequest request, Deadline deadline) {
    net::Backoff backoff(api_caller_detail::kRetries);
    for (int number = 1;; ++number) {
        const bool paced = method.paced && number == 1;
        std::optional<ApiError> held = co_await wait_turn(method, request.channel, paced, deadline);
        if (held)
            co_return std::move(*held);
        if (request.may_send && !request.may_send())
            co_return api_caller_detail::cancelled(method);
        Verdict verdict = co_await attempt(method, request, deadline);
        switch (verdict.kind) {
            case Verdict::Kind::ok: {
                ApiReply reply;
                reply.body = std::move(verdict.body);
                reply.scopes = std::move(verdict.scopes);
                reply.attempts = number;
                co_return reply;
            }
            case Verdict::Kind::failed:
                co_return std::move(verdict.error);
            case Verdict::Kind::rate:
                // The pause is waited for at the top; beyond the deadline the error goes to the caller.
                if (number >= api_caller_detail::kMaxAttempts ||
                    pauses_.ready_at(method.name, Clock::now()) >= deadline.time())
                    co_return std::move(verdict.error);
                break;
            case Verdict::Kind::retry: {
                const TimePoint at = Clock::now() + backoff.next(random_);
                if (number >= api_caller_detail::kMaxAttempts || at >= deadline.time())
                    co_return std::move(verdict.error);
                const bool awake = co_await api_caller_detail::sleep_or_cancel(at);
                if (!awake)
                    co_return api_caller_detail::cancelled(method);
                break;
            }
        }
    }
}

}  // namespace genie_slack::slack
