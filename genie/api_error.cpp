#include "genie/api_error.hpp"

#include "genie/json_text.hpp"
#include "genie/network_refusal.hpp"
#include "genie/wire_text.hpp"

#include <algorithm>
#include <cctype>

namespace genie_slack::genie {

namespace json = boost::json;

const char* to_string(GenieFault fault) {
    switch (fault) {
        case GenieFault::auth:
            return "auth";
        case GenieFault::permission:
            return "permission";
        case GenieFault::not_found:
            return "not_found";
        case GenieFault::invalid:
            return "invalid";
        case GenieFault::rate_limited:
            return "rate_limited";
        case GenieFault::unavailable:
            return "unavailable";
        case GenieFault::ambiguous:
            return "ambiguous";
        case GenieFault::result_expired:
            return "result_expired";
        case GenieFault::query_failed:
            return "query_failed";
        case GenieFault::timeout:
            return "timeout";
        case GenieFault::configuration:
            return "configuration";
        case GenieFault::cancelled:
            return "cancelled";
    }
    return "unknown";
}

const char* to_string(Subject subject) {
    switch (subject) {
        case Subject::unknown:
            return "unknown";
        case Subject::space:
            return "space";
        case Subject::conversation:
            return "conversation";
        case Subject::network:
            return "network";
    }
    return "unknown";
}

namespace api_error_detail {

// Reads the error envelope in all its forms (databricks.md 1.10).
struct Envelope {
    std::string code;
    std::string text;
    std::string request_id;
    std::optional<Duration> retry_delay;
    bool html = false;
};

std::string between(std::string_view text, std::string_view start, std::string_view end) {
    const auto from = text.find(start);
    if (from == std::string_view::npos)
        return "";
    const auto to = text.find(end, from + start.size());
    return to == std::string_view::npos ? "" : std::string(text.substr(from + start.size(), to - from - start.size()));
}

std::string first_of(const json::value& body, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (std::string text = member_text(body, key); !text.empty())
            return text;
    return "";
}

void read_details(const json::value& body, Envelope& envelope) {
    const json::array* details = member_array(body, "details");
    if (!details)
        return;
    for (const json::value& detail : *details) {
        if (envelope.request_id.empty())
            envelope.request_id = member_text(detail, "request_id");
        if (!envelope.retry_delay)
            envelope.retry_delay = parse_seconds(member_text(detail, "retry_delay"));
    }
}

bool is_code_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Reads "CODE: message" in plain text.
void read_plain(std::string_view body, Envelope& envelope) {
    const auto colon = body.find(':');
    if (colon != std::string_view::npos && colon >= 3 && colon < 80 &&
        std::all_of(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(colon), is_code_character)) {
        envelope.code = std::string(body.substr(0, colon));
        body.remove_prefix(colon + 1);
    }
    envelope.text = std::string(body.substr(0, 4000));
}

Envelope read_envelope(const net::HttpResponse& response) {
    Envelope envelope;
    if (looks_like_html(response.header("Content-Type"), response.body)) {
        envelope.html = true;
        const std::string_view page = std::string_view(response.body).substr(0, 64u << 10);
        envelope.text = between(page, "<pre>", "</pre>");
        if (envelope.text.empty())
            envelope.text = between(page, "<title>", "</title>");
    } else if (const auto body = parse_json(response.body); body && body->is_object()) {
        const json::value* inner = find_member(*body, "error");
        const json::value& source = inner && inner->is_object() ? *inner : *body;
        envelope.code = first_of(source, {"error_code", "errorCode", "scimType", "code"});
        envelope.text = first_of(source, {"message", "errorSummary", "error_description", "detail", "error"});
        read_details(source, envelope);
    } else {
        read_plain(response.body, envelope);
    }
    if (const auto id = response.header("x-request-id"); !id.empty())
        envelope.request_id = std::string(id);
    envelope.code = tidy_text(envelope.code, 80);
    envelope.request_id = tidy_text(envelope.request_id, 80);
    return envelope;
}

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

bool is_rate_limit(int status, const Envelope& envelope) {
    if (status == 429)
        return true;
    const bool refusal = status == 400 || status == 403 || status == 503;
    return refusal && (envelope.code == "REQUEST_LIMIT_EXCEEDED" || envelope.code == "RESOURCE_EXHAUSTED" ||
                       envelope.text.find("RPC token bucket limit has been exceeded") != std::string::npos);
}

// "Invalid access token" comes as 403, too.
bool blames_token(const Envelope& envelope) {
    const std::string text = lower_ascii(std::string_view(envelope.text).substr(0, 1000));
    return text.find("access token") != std::string::npos || text.find("invalid token") != std::string::npos ||
           text.find("token is expired") != std::string::npos || text.find("token expired") != std::string::npos;
}

// Which of the two the text names; both are in the path of a question to a stored conversation.
Subject subject_of(const CallInfo& call, int status, const std::string& text) {
    if (refuses_network(status, text))
        return Subject::network;
    if (status != 403 && status != 404)
        return Subject::unknown;
    const auto says = [&text](const char* word) { return text.find(word) != std::string::npos; };
    if (call.label.find("/genie/spaces") == std::string::npos)
        return Subject::unknown;
    if (call.label.find("/conversations/") == std::string::npos)
        return Subject::space;
    // "Unable to get space [..]. Caused by Node with resource name Some(datarooms/..) does not exist."
    if (says("conversation") || says("message"))
        return Subject::conversation;
    return says("space") || says("dataroom") || says("room") ? Subject::space : Subject::unknown;
}

constexpr const char* kWrongHostHint =
    "; this is no answer of the Databricks API: check DATABRICKS_HOST and the private link or single sign-on set-up";

std::string hint_for(GenieFault fault, Subject subject) {
    if (subject == Subject::network)
        return std::string("; ") + kNetworkHint;
    if (fault == GenieFault::not_found && subject == Subject::space)
        return "; it was deleted, or it is not shared with this identity (CAN RUN): Databricks answers the same to "
               "both";
    return fault == GenieFault::configuration ? kWrongHostHint : "";
}

GenieFault kind_of(int status, const Envelope& envelope, bool token_refused) {
    if (is_rate_limit(status, envelope))
        return GenieFault::rate_limited;
    if (token_refused)
        return GenieFault::auth;
    if (status == 408 || (status >= 500 && status != 501))
        return GenieFault::unavailable;
    if (status == 403)
        return GenieFault::permission;
    if (status / 100 == 3 || envelope.html || envelope.code == "ENDPOINT_NOT_FOUND")
        return GenieFault::configuration;
    if (status == 404)
        return GenieFault::not_found;
    return GenieFault::invalid;
}

// Chat text that came back in an error stays out of it.
std::string without(std::string text, const std::string& hidden) {
    if (hidden.size() < 4)
        return text;
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden))
        text.replace(at, hidden.size(), "[question]");
    return text;
}

// The calls about one message: their errors may be those of its query, with the SQL and with values.
bool may_quote(const CallInfo& call) {
    return call.label.find("/messages") != std::string::npos;
}

// "[CAST_INVALID_INPUT]", which says what kind of error a query had and nothing of its text; "" when there is none.
std::string error_class_of(std::string_view text) {
    const auto open = text.find('[');
    if (open == std::string_view::npos)
        return "";
    const std::string_view name = text.substr(open + 1, text.find(']', open) - open - 1);
    const bool is_class =
        name.size() >= 3 && name.size() <= 80 && text.find(']', open) != std::string_view::npos &&
        std::all_of(name.begin(), name.end(), [](char c) { return is_code_character(c) || c == '.'; });
    return is_class ? "[" + std::string(name) + "]" : "";
}

std::string describe(const CallInfo& call, int status, const Envelope& envelope, const std::string& told,
                     const std::string& hint) {
    std::string text = call.label + ": HTTP " + std::to_string(status);
    if (!envelope.code.empty())
        text += " " + envelope.code;
    if (!told.empty())
        text += ": " + told;
    if (!envelope.request_id.empty())
        text += " (request id " + envelope.request_id + ")";
    return text + hint;
}

CallFailure refused(const CallInfo& call, const net::HttpResponse& response, WallTime now) {
    const Envelope envelope = read_envelope(response);
    const int status = response.status;
    auto retry_after = parse_retry_after(response.header("Retry-After"), now);
    const bool told_to_wait = retry_after.has_value();
    if (!retry_after)
        retry_after = envelope.retry_delay;

    CallFailure failure;
    const Subject subject = subject_of(call, status, lower_ascii(std::string_view(envelope.text).substr(0, 4000)));
    const bool token_refused =
        subject != Subject::network && (status == 401 || (status == 403 && blames_token(envelope)));
    GenieFault fault =
        subject == Subject::network ? GenieFault::configuration : kind_of(status, envelope, token_refused);
    failure.token_refused = fault == GenieFault::auth;
    if (fault == GenieFault::rate_limited) {
        failure.transient = true;
    } else if (fault == GenieFault::unavailable) {
        // 503 with Retry-After is the only server error that says "not processed".
        const bool untouched = status == 503 && told_to_wait;
        failure.transient = untouched || call.repeat == Repeat::safe;
        if (!failure.transient)
            fault = GenieFault::ambiguous;
    }
    const std::string told = tidy_text(without(envelope.text, call.private_text));
    const std::string hint = hint_for(fault, subject);
    failure.error = GenieError(fault, describe(call, status, envelope, told, hint));
    if (may_quote(call))
        failure.error.loggable = describe(call, status, envelope, error_class_of(told), hint);
    failure.error.subject = subject;
    failure.error.error_code = envelope.code;
    failure.error.http_status = status;
    failure.error.retry_after = retry_after;
    failure.error.request_id = envelope.request_id;
    return failure;
}

}  // namespace api_error_detail

Result<json::value, CallFailure> judge_response(const CallInfo& call, const net::HttpResponse& response, WallTime now) {
    if (response.status < 200 || response.status > 299)
        return api_error_detail::refused(call, response, now);
    if (call.raw)
        return json::value(json::string(response.body));
    if (response.body.find_first_not_of(" \t\r\n") == std::string::npos)
        return json::value(json::object());
    if (auto body = parse_json(response.body))
        return std::move(*body);

    GenieError error(GenieFault::configuration, "");
    error.http_status = response.status;
    error.request_id = tidy_text(response.header("x-request-id"), 80);
    const std::string status = call.label + ": HTTP " + std::to_string(response.status);
    if (looks_like_html(response.header("Content-Type"), response.body)) {
        error.message = status + " with a web page" + api_error_detail::kWrongHostHint;
        return CallFailure(std::move(error), false);
    }
    error.message = status + " with a body that is no valid JSON";
    error.fault = call.repeat == Repeat::safe ? GenieFault::unavailable : GenieFault::ambiguous;
    return CallFailure(std::move(error), call.repeat == Repeat::safe);
}

CallFailure judge_net_error(const CallInfo& call, const net::NetError& error) {
    GenieError out(GenieFault::unavailable, call.label + ": " + tidy_text(error.message));
    out.http_status = error.http_status;
    // What perhaps arrived must not be asked or begun again blindly.
    const bool maybe_asked = call.repeat != Repeat::safe && error.sent;
    switch (error.fault) {
        case net::NetFault::cancelled:
            out.fault = GenieFault::cancelled;
            return CallFailure(std::move(out), false);
        case net::NetFault::redirect:
            out.fault = GenieFault::configuration;
            out.message =
                call.label + ": redirected (" + tidy_text(error.message) + ")" + api_error_detail::kWrongHostHint;
            return CallFailure(std::move(out), false);
        case net::NetFault::not_allowed:
        case net::NetFault::upgrade:
            out.fault = GenieFault::configuration;
            return CallFailure(std::move(out), false);
        case net::NetFault::too_large:
            out.fault = maybe_asked ? GenieFault::ambiguous : GenieFault::invalid;
            return CallFailure(std::move(out), false);
        case net::NetFault::timeout:
            out.fault = GenieFault::timeout;
            break;
        case net::NetFault::resolve:
        case net::NetFault::connect:
        case net::NetFault::tls:
        case net::NetFault::io:
        case net::NetFault::protocol:
        case net::NetFault::closed:
            break;
    }
    if (maybe_asked)
        out.fault = GenieFault::ambiguous;
    return CallFailure(std::move(out), !maybe_asked);
}

CallFailure judge_token_error(const CallInfo& call, const TokenError& error) {
    GenieError out(GenieFault::auth, call.label + ": " + error.message);
    switch (error.fault) {
        case TokenFault::refused:
            break;
        case TokenFault::configuration:
            out.fault = GenieFault::configuration;
            break;
        case TokenFault::network:
            out.fault = GenieFault::configuration;
            out.subject = Subject::network;
            break;
        case TokenFault::unavailable:
            out.fault = GenieFault::unavailable;
            break;
        case TokenFault::timeout:
            out.fault = GenieFault::timeout;
            break;
        case TokenFault::cancelled:
            out.fault = GenieFault::cancelled;
            break;
    }
    // The provider repeats by itself.
    return CallFailure(std::move(out), false);
}

}  // namespace genie_slack::genie
