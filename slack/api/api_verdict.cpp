#include "slack/api/api_verdict.hpp"

#include "slack/json_read.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace api_verdict_detail {
namespace {

constexpr std::chrono::seconds kLongestRetryAfter{3600};
constexpr std::size_t kMaxDetails = 10;
constexpr std::size_t kDetailBytes = 300;

Verdict::Kind verdict_of_fault(ApiFault fault, const ApiMethod& method) {
    switch (fault) {
        case ApiFault::rate:
            return Verdict::Kind::rate;
        case ApiFault::transient:
            return method.repeat == ApiMethod::Repeat::caller ? Verdict::Kind::failed : Verdict::Kind::retry;
        default:
            return Verdict::Kind::failed;
    }
}

// The fault of a request that may have been processed.
ApiFault uncertain(const ApiMethod& method) {
    return method.repeat == ApiMethod::Repeat::duplicate ? ApiFault::ambiguous : ApiFault::transient;
}

Verdict failure(const ApiMethod& method, ApiFault fault, std::string code) {
    Verdict out;
    out.kind = verdict_of_fault(fault, method);
    out.error = ApiError(fault, std::string(method.name), std::move(code));
    return out;
}

Verdict network_failure(const ApiMethod& method, const net::NetError& error) {
    ApiFault fault = error.sent ? uncertain(method) : ApiFault::transient;
    if (error.fault == net::NetFault::cancelled)
        fault = ApiFault::cancelled;
    if (error.fault == net::NetFault::not_allowed)
        fault = ApiFault::not_permitted;
    // An answer came, and it was not Slack's: nothing was processed.
    if (error.fault == net::NetFault::redirect)
        fault = ApiFault::transient;
    Verdict out = failure(method, fault, net::to_string(error.fault));
    out.error.details.push_back(error.message.substr(0, kDetailBytes));
    return out;
}

// nullopt when Slack does not say.
std::optional<Duration> retry_after(const net::HttpResponse& reply) {
    const std::string_view text = reply.header("Retry-After");
    int seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure != std::errc() || end != text.data() + text.size() || seconds < 0)
        return std::nullopt;
    // It is never 0, which would be a hot loop.
    return std::clamp<Duration>(std::chrono::seconds(seconds), std::chrono::seconds(1), kLongestRetryAfter);
}

std::optional<json::object> parse_object(std::string_view text) {
    boost::system::error_code failed;
    json::value value = parse_json(text, failed);
    if (failed || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

void add_detail(std::vector<std::string>& details, std::string detail) {
    if (!detail.empty() && details.size() < kMaxDetails)
        details.push_back(std::move(detail));
}

std::vector<std::string> details_of(const json::object& body) {
    std::vector<std::string> out;
    for (const json::value& error : array_at(body, "errors")) {
        if (error.is_string())
            add_detail(out, std::string(std::string_view(error.get_string()).substr(0, kDetailBytes)));
        if (!error.is_object())
            continue;
        const json::object& one = error.get_object();
        std::string text = text_at(one, "message", kDetailBytes);
        if (text.empty())
            text = text_at(one, "code", kDetailBytes);
        const std::string pointer = text_at(one, "pointer", kDetailBytes);
        add_detail(out, pointer.empty() ? text : text + " at " + pointer);
    }
    for (const json::value& message : array_at(object_at(body, "response_metadata"), "messages"))
        if (message.is_string())
            add_detail(out, std::string(std::string_view(message.get_string()).substr(0, kDetailBytes)));
    return out;
}

Verdict refused(const ApiMethod& method, std::string code, const json::object& body) {
    const ApiFault fault = classify(method.name, code);
    Verdict out = failure(method, fault, std::move(code));
    // To what it cannot draw Slack says so for as long as one tries: whoever has a simpler message decides.
    if (method.name == methods::kUpdate.name && (out.error.code == "internal_error" || out.error.code == "fatal_error"))
        out.kind = Verdict::Kind::failed;
    out.error.details = details_of(body);
    out.error.needed = string_at(body, "needed");
    return out;
}

// Some answers are a bare code, such as "used_url".
std::string bare_code(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    const bool tidy = !text.empty() && text.size() <= 64 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return tidy ? std::string(text) : std::string();
}

Verdict other_status(const ApiMethod& method, const net::HttpResponse& reply, const json::object& body) {
    std::string code = string_at(body, "error");
    if (code.empty() && method.plain && reply.status < 500)
        code = bare_code(reply.body);
    if (!code.empty())
        return refused(method, std::move(code), body);
    const bool uncertain_status = reply.status >= 500 || reply.status == 408;
    return failure(method, uncertain_status ? uncertain(method) : ApiFault::not_permitted,
                   "http_" + std::to_string(reply.status));
}

Verdict success_status(const ApiMethod& method, const std::optional<json::object>& body) {
    if (!body && !method.plain)
        return failure(method, uncertain(method), "invalid_response");
    const json::value* ok = body ? body->if_contains("ok") : nullptr;
    const bool says_no = ok && ok->is_bool() && !ok->get_bool();
    if (says_no) {
        const std::string code = string_at(*body, "error");
        return refused(method, code.empty() ? "unknown_error" : code, *body);
    }
    if (!method.plain && !(ok && ok->is_bool()))
        return failure(method, uncertain(method), "invalid_response");
    Verdict out;
    out.kind = Verdict::Kind::ok;
    if (body)
        out.body = *body;
    return out;
}

}  // namespace
}  // namespace api_verdict_detail

Verdict judge(const ApiMethod& method, const net::NetResult<net::HttpResponse>& reply) {
    using namespace api_verdict_detail;
    if (reply.has_error())
        return network_failure(method, reply.error());
    const std::optional<json::object> body = parse_object(reply->body);
    Verdict out;
    if (reply->status == 429)
        out = failure(method, ApiFault::rate, "ratelimited");
    else if (reply->status >= 200 && reply->status < 300)
        out = success_status(method, body);
    else
        out = other_status(method, *reply, body ? *body : json::object());
    if (out.kind == Verdict::Kind::rate)
        out.error.retry_after = retry_after(*reply);
    out.error.request_id = std::string(reply->header("x-slack-req-id").substr(0, kIdBytes));
    out.scopes = std::string(reply->header("x-oauth-scopes").substr(0, kOpaqueBytes));
    return out;
}

}  // namespace genie_slack::slack
