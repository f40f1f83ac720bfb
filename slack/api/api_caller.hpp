// Makes one call of the Web API: waits for its pass of the budget, sends, judges the answer, tries again where that is
// right.
#pragma once

#include "core/net/condition.hpp"
#include "core/random.hpp"
#include "slack/api/api_verdict.hpp"
#include "slack/api/call_budget.hpp"
#include "slack/api/web_api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>

namespace genie_slack::slack {

// What a call sends. Exactly one of the bodies is used, as the method says.
struct ApiRequest {
    ApiRequest() = default;
    explicit ApiRequest(boost::json::object json_) : json(std::move(json_)) {}
    explicit ApiRequest(std::string form_) : text(std::move(form_)) {}

    boost::json::object json;
    std::string text;                // form, or content of a plain method
    std::string channel;             // of a post
    std::optional<Urgency> urgency;  // when not the method's usual one
    // Plain methods only:
    std::string url;
    std::string content_type;
    std::optional<Duration> timeout;  // of one exchange, when not the usual one
    std::function<bool()> may_send;   // asked before each exchange, when set
};

struct ApiReply {
    boost::json::object body;
    std::string scopes;
};

class ApiCaller {
 public:
    // `http` and `options` must outlive the caller.
    ApiCaller(net::HttpClient& http, const WebApiOptions& options);

    boost::asio::awaitable<ApiResult<ApiReply>> call(ApiMethod method, ApiRequest request, Deadline deadline);
    // One exchange of a call that had its pass; no second attempt. A 429 empties the buckets of the call.
    boost::asio::awaitable<Verdict> attempt(ApiMethod method, ApiRequest request, Deadline deadline);
    // A pass for a call that goes now or not at all.
    bool take_pass(const ApiMethod& method, Urgency urgency);
    const CallBudget& budget() const { return budget_; }
    Random& random() { return random_; }
    const std::string& base_url() const { return base_url_; }

 private:
    // Waits for the pass of `ticket`. nullopt: go. Otherwise why the call ends without being sent.
    boost::asio::awaitable<std::optional<ApiError>> wait_for_pass(ApiMethod method, CallBudget::Ticket ticket,
                                                                  Deadline deadline);
    net::HttpRequest http_request(const ApiMethod& method, const ApiRequest& request) const;

    net::HttpClient& http_;
    const WebApiOptions& options_;
    std::string base_url_;
    CallBudget budget_;
    net::Condition somebody_left_;
    Random random_;
};

}  // namespace genie_slack::slack
