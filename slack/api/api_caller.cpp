#include "slack/api/api_caller.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"
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

const metrics::Counter kCalls("genie_slack_slack_calls_total",
                              "Calls to Slack's Web API by method and result: ok, rate_limited, or the fault",
                              {"method", "result"});
const metrics::Histogram kCallTimes("genie_slack_slack_call_seconds", "How long Slack took to answer a call",
                                    metrics::short_times());
const metrics::Counter kRepeated("genie_slack_slack_retries_total",
                                 "Calls to Slack that were sent once more after a failure or a 429");

constexpr int kMaxAttempts = 8;
constexpr std::size_t kMaxResponseBytes = 16u << 20;
const net::BackoffLimits kRetries{std::chrono::milliseconds(500), std::chrono::seconds(10), 0.5};

ApiError cancelled(const ApiMethod& method) {
    return ApiError(ApiFault::cancelled, std::string(method.name), "cancelled");
}

ApiError no_room(const ApiMethod& method, Duration retry_after) {
    ApiError error(ApiFault::rate, std::string(method.name), kNoRoom);
    error.retry_after = retry_after;
    return error;
}

// A call's place in the queue, given up however its wait ends.
class Place {
 public:
    Place(CallBudget& budget, net::Condition& somebody_left, CallBudget::Ticket ticket)
        : budget_(budget), somebody_left_(somebody_left), ticket_(ticket) {}
    ~Place() {
        if (budget_.leave(ticket_))
            somebody_left_.notify_all();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

 private:
    CallBudget& budget_;
    net::Condition& somebody_left_;
    CallBudget::Ticket ticket_;
};

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

void count(const ApiMethod& method, const Verdict& verdict, Duration took) {
    const char* result = to_string(verdict.error.fault);
    if (verdict.kind == Verdict::Kind::ok)
        result = "ok";
    else if (verdict.kind == Verdict::Kind::rate)
        result = "rate_limited";
    kCalls.add({method.name, result});
    kCallTimes.observe(took);
}

// "not_allowed_token_type" is about the method, not about this token.
bool is_token_refused(const ApiMethod& method, const Verdict& verdict) {
    return verdict.kind != Verdict::Kind::ok && verdict.error.fault == ApiFault::auth && !method.plain &&
           method.token == ApiMethod::Token::bot && verdict.error.code != "not_allowed_token_type";
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
    if (error.fault == ApiFault::cancelled)
        return;
    log::Fields fields{{"method", method.name},
                       {"code", error.code},
                       {"fault", to_string(error.fault)},
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
      base_url_(options.base_url.ends_with('/') ? options.base_url : options.base_url + "/") {}

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
    const TimePoint start = Clock::now();
    const net::NetResult<net::HttpResponse> reply = co_await http_.send(std::move(http), limit);
    Verdict verdict = judge(method, reply);
    api_caller_detail::count(method, verdict, Clock::now() - start);
    api_caller_detail::log_verdict(method, verdict);
    if (options_.on_token_refused && api_caller_detail::is_token_refused(method, verdict))
        options_.on_token_refused();
    if (verdict.kind == Verdict::Kind::rate)
        verdict.error.retry_after = budget_.refused(method, request.channel, verdict.error.retry_after, Clock::now());
    else
        budget_.accepted(method);
    co_return verdict;
}

bool ApiCaller::take_pass(const ApiMethod& method, Urgency urgency) {
    const TimePoint now = Clock::now();
    const CallBudget::Ticket ticket = budget_.enter(method, "", urgency, now, now);
    return budget_.ask(ticket, now).kind == CallBudget::Pass::Kind::go;
}

asio::awaitable<std::optional<ApiError>> ApiCaller::wait_for_pass(ApiMethod method, CallBudget::Ticket ticket,
                                                                  Deadline deadline) {
    const api_caller_detail::Place place(budget_, somebody_left_, ticket);
    for (;;) {
        const TimePoint now = Clock::now();
        if (now >= deadline.time())
            co_return ApiError(ApiFault::transient, std::string(method.name), "timeout");
        const CallBudget::Pass pass = budget_.ask(ticket, now);
        if (pass.kind == CallBudget::Pass::Kind::go)
            co_return std::nullopt;
        if (pass.kind == CallBudget::Pass::Kind::refused)
            co_return api_caller_detail::no_room(method, pass.at - now);
        bool is_cancelled = false;
        try {
            co_await somebody_left_.wait(deadline.sooner(pass.at - now));
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::operation_aborted)
                throw;
            is_cancelled = true;
        }
        if (is_cancelled)
            co_return api_caller_detail::cancelled(method);
    }
}

asio::awaitable<ApiResult<ApiReply>> ApiCaller::call(ApiMethod method, ApiRequest request, Deadline deadline) {
    net::Backoff backoff(api_caller_detail::kRetries);
    const Urgency urgency = request.urgency.value_or(method.urgency);
    CallBudget::Ticket ticket = 0;
    for (int number = 1;; ++number) {
        ticket = budget_.enter(method, request.channel, urgency, Clock::now(), deadline.time(), ticket);
        std::optional<ApiError> held = co_await wait_for_pass(method, ticket, deadline);
        if (held)
            co_return std::move(*held);
        if (request.may_send && !request.may_send())
            co_return api_caller_detail::cancelled(method);
        if (number > 1)
            api_caller_detail::kRepeated.add();
        Verdict verdict = co_await attempt(method, request, deadline);
        switch (verdict.kind) {
            case Verdict::Kind::ok: {
                ApiReply reply;
                reply.body = std::move(verdict.body);
                reply.scopes = std::move(verdict.scopes);
                co_return reply;
            }
            case Verdict::Kind::failed:
                co_return std::move(verdict.error);
            case Verdict::Kind::rate:
                // The next pass is waited for at the top; beyond the deadline the error goes to the caller.
                if (number >= api_caller_detail::kMaxAttempts ||
                    budget_.ready_at(method, request.channel, Clock::now()) >= deadline.time())
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
