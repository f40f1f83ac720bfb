#include "genie/api.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/net/backoff.hpp"
#include "core/net/url.hpp"
#include "genie/refusal_wait.hpp"
#include "genie/wire_text.hpp"
#include "genie/workspace_headers.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cctype>
#include <optional>

namespace genie_slack::genie {

namespace asio = boost::asio;
namespace json = boost::json;

namespace api_detail {

const metrics::Counter kCalls("genie_slack_databricks_calls_total",
                              "Calls to Databricks by result: ok, or the kind of error", {"result"});
const metrics::Histogram kCallTimes("genie_slack_databricks_call_seconds", "How long Databricks took to answer a call",
                                    metrics::short_times());
const metrics::Counter kRepeated(
    "genie_slack_databricks_retries_total",
    "Calls to Databricks that were sent once more after a failure, a 429 or a refused token");

// A whole result of Genie is at most 25 MiB inline (databricks.md 1.7).
constexpr std::size_t kMaxBodyBytes = 48u << 20;
constexpr std::size_t kIdBytes = 80;  // of a request id

std::string label_of(const ApiCall& call) {
    return call.method + " " + call.path.substr(0, call.path.find('?'));
}

GenieError out_of_time(const std::string& label) {
    return GenieError(GenieFault::timeout, label + ": no time left to send it");
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
           });
}

// What our HTTP client writes itself, and what must never go to a storage host.
bool is_forwarded(std::string_view name) {
    for (const char* own : {"Authorization", "Host", "Content-Length", "Connection", "Transfer-Encoding", "Cookie"})
        if (same_name(name, own))
            return false;
    return !name.empty();
}

}  // namespace api_detail

asio::awaitable<bool> Api::pause(Duration duration) {
    try {
        co_await sleep_for(duration);
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            throw;
        co_return false;
    }
    co_return true;
}

asio::awaitable<Result<json::value, CallFailure>> Api::exchange(net::HttpRequest request, CallInfo info,
                                                                Deadline deadline) {
    request.max_response_bytes = std::min(request.max_response_bytes, api_detail::kMaxBodyBytes);
    request.headers.emplace_back("User-Agent", options_.user_agent);
    request.headers.emplace_back("Accept", info.raw ? "application/octet-stream" : "application/json");
    const TimePoint start = Clock::now();
    auto response = co_await http_.send(std::move(request), deadline.sooner(options_.call_timeout));
    const std::string request_id = response ? tidy_text(response->header("x-request-id"), api_detail::kIdBytes) : "";
    if (info.request_id)
        *info.request_id = request_id;
    if (log::enabled(log::Level::debug))
        log::debug("genie.call",
                   {{"call", info.label},
                    {"request_id", request_id},
                    {"status", response ? response->status : 0},
                    {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count()}});
    Result<json::value, CallFailure> judged =
        response ? judge_response(info, *response, wall_now()) : judge_net_error(info, response.error());
    api_detail::kCalls.add({judged ? "ok" : to_string(judged.error().error.fault)});
    api_detail::kCallTimes.observe(Clock::now() - start);
    co_return judged;
}

asio::awaitable<Result<json::value, CallFailure>> Api::attempt(ApiCall call, Deadline deadline) {
    CallInfo info;
    info.label = api_detail::label_of(call);
    info.repeat = call.repeat;
    info.private_text = call.private_text;
    info.raw = call.raw;
    info.request_id = call.request_id;
    Secret refused;
    for (;;) {
        if (deadline.expired())
            co_return CallFailure(api_detail::out_of_time(info.label), false);
        auto token = co_await tokens_.token(deadline);
        if (!token)
            co_return judge_token_error(info, token.error());
        net::HttpRequest request(call.method, options_.host + call.path);
        request.max_response_bytes = api_detail::kMaxBodyBytes;
        request.headers.emplace_back("Authorization", "Bearer " + token->reveal());
        add_workspace_headers(request, options_.workspace_id);
        if (!call.body.empty()) {
            request.headers.emplace_back("Content-Type", "application/json");
            request.body = call.body;
        }
        auto answer = co_await exchange(std::move(request), info, deadline);
        if (answer || !answer.error().token_refused)
            co_return answer;
        // The token was refused once, and a fresh one may do. The same token again, or a refusal of the fresh one, is
        // final.
        if (!refused.empty() || token->empty())
            co_return answer;
        refused = *token;
        tokens_.invalidate(refused);
        auto fresh = co_await tokens_.token(deadline);
        if (!fresh)
            co_return judge_token_error(info, fresh.error());
        if (*fresh == refused)
            co_return answer;
        api_detail::kRepeated.add();
    }
}

asio::awaitable<GenieResult<json::value>> Api::call(ApiCall call, Deadline deadline) {
    net::BackoffLimits limits;
    limits.first = options_.retry_first;
    limits.cap = options_.retry_cap;
    net::Backoff backoff(limits);
    RefusalWait refusal_wait;
    std::optional<GenieError> cause;
    for (;;) {
        auto answer = co_await attempt(call, deadline);
        if (answer)
            co_return std::move(*answer);
        CallFailure failure = answer.error();
        if (call.repeat == Repeat::question)
            co_return std::move(failure.error);
        const Duration wait = backoff.next(random_, refusal_wait.at_least(failure.error));
        if (!failure.transient || wait >= deadline.remaining()) {
            // A deadline that cuts a repetition short says less than what made the call be repeated.
            if (failure.error.fault == GenieFault::timeout && cause)
                co_return std::move(*cause);
            co_return std::move(failure.error);
        }
        log::info("genie.retry", {{"error", loggable(failure.error)},
                                  {"wait_ms", std::chrono::duration_cast<std::chrono::milliseconds>(wait).count()}});
        cause = failure.error;
        const bool go_on = co_await pause(wait);
        if (!go_on)
            co_return GenieError(GenieFault::cancelled, api_detail::label_of(call) + ": cancelled");
        api_detail::kRepeated.add();
    }
}

asio::awaitable<GenieResult<std::string>> Api::fetch_presigned(std::string url,
                                                               std::vector<std::pair<std::string, std::string>> headers,
                                                               Deadline deadline, std::size_t max_bytes) {
    CallInfo info;
    info.label = "GET of an external result chunk";
    info.raw = true;
    const auto target = net::parse_url(url);
    const auto host = net::parse_url(options_.host);
    if (!target || (host && host->is_tls() && target->scheme != "https"))
        co_return GenieError(GenieFault::configuration, info.label + ": the link is no https URL");
    net::BackoffLimits limits;
    limits.first = options_.retry_first;
    limits.cap = options_.retry_cap;
    net::Backoff backoff(limits);
    RefusalWait refusal_wait;
    for (;;) {
        if (deadline.expired())
            co_return api_detail::out_of_time(info.label);
        net::HttpRequest request("GET", url);
        request.max_response_bytes = max_bytes;
        for (const auto& [name, value] : headers)
            if (api_detail::is_forwarded(name))
                request.headers.emplace_back(name, value);
        auto answer = co_await exchange(std::move(request), info, deadline);
        if (answer) {
            const json::string& bytes = answer->get_string();
            co_return std::string(bytes.data(), bytes.size());
        }
        CallFailure failure = answer.error();
        // What a storage host writes may repeat the signed link. Its refusal says nothing about our token or
        // permissions: the link has run out.
        if (failure.error.http_status != 0)
            failure.error.message = info.label + ": HTTP " + std::to_string(failure.error.http_status);
        if (failure.error.http_status == 401 || failure.error.http_status == 403 || failure.error.http_status == 404)
            failure.error.fault = GenieFault::result_expired;
        const Duration wait = backoff.next(random_, refusal_wait.at_least(failure.error));
        if (!failure.transient || wait >= deadline.remaining())
            co_return std::move(failure.error);
        const bool go_on = co_await pause(wait);
        if (!go_on)
            co_return GenieError(GenieFault::cancelled, info.label + ": cancelled");
        api_detail::kRepeated.add();
    }
}

}  // namespace genie_slack::genie
