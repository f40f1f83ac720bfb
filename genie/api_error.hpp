// What an answer of Databricks means for the call it belongs to (databricks.md 1.10, 2). Pure.
#pragma once

#include "core/net/http_client.hpp"
#include "genie/client.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace genie_slack::genie {

// What may happen to a request that perhaps arrived.
enum class Repeat {
    safe,         // GETs, and POSTs whose repetition does no harm
    unless_done,  // starts work that costs something: repeated only where it surely was not begun
    question,     // asks Genie: one attempt, whoever asks decides what follows
};

struct CallInfo {
    std::string label;  // "GET /api/2.0/genie/spaces", for texts
    Repeat repeat = Repeat::safe;
    std::string private_text;           // chat text that an answer might echo: kept out of error messages
    bool raw = false;                   // a good answer is no JSON: its bytes come as a JSON string
    std::string* request_id = nullptr;  // as of ApiCall
};

struct CallFailure {
    CallFailure() = default;
    CallFailure(GenieError error_, bool transient_) : error(std::move(error_)), transient(transient_) {}

    GenieError error;
    bool transient = false;      // this call may be repeated, and it may help
    bool token_refused = false;  // a fresh token may help
};
[[noreturn]] inline void throw_exception_from_error(const CallFailure& failure, const boost::source_location&) {
    throw std::runtime_error(failure.error.message);
}

// The JSON of a good answer ({} for an empty body; its bytes for a raw one), or what went wrong. `now` is for
// Retry-After dates.
Result<boost::json::value, CallFailure> judge_response(const CallInfo& call, const net::HttpResponse& response,
                                                       WallTime now);
CallFailure judge_net_error(const CallInfo& call, const net::NetError& error);
CallFailure judge_token_error(const CallInfo& call, const TokenError& error);

}  // namespace genie_slack::genie
