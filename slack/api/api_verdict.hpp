// What the answer to a call means. Pure.
#pragma once

#include "slack/api/api_method.hpp"
#include "slack/api/web_api.hpp"

namespace genie_slack::slack {

struct Verdict {
    enum class Kind {
        ok,
        rate,    // not processed; `error.retry_after` says when to come back, if Slack does
        retry,   // may be tried again: not processed, or a repetition is harmless
        failed,  // final
    };

    Kind kind = Kind::failed;
    boost::json::object body;  // of ok; empty for plain methods
    std::string scopes;        // x-oauth-scopes
    ApiError error;            // of all others
};

Verdict judge(const ApiMethod& method, const net::NetResult<net::HttpResponse>& reply);

}  // namespace genie_slack::slack
