// Makes one call of the Web API: waits its turn, sends, judges the answer, tries again where that is right.
#pragma once

#include "core/random.hpp"
#include "slack/api/api_verdict.hpp"
#include "slack/api/pacing.hpp"
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
    std::string text;     // form, or content of a plain method
    std::string channel;  // what a paced method is paced by
    // Plain methods only:
    std::string url;
    std::string content_type;
    std::optional<Duration> timeout;  // of one exchange, when not the usual one
    std::function<bool()> may_send;   // asked before each exchange, when set
};

struct ApiReply {
    boost::json::object body;
    std::string scopes;
    int attempts = 1;
};

class ApiCaller {
 public:
    // `http` and `options` must outlive the caller.
    ApiCaller(net::HttpClient& http, const WebApiOptions& options);

    boost::asio::awaitable<ApiResult<ApiReply>> call(ApiMethod method, ApiRequest request, Deadline deadline);
    // One exchange: no pace, no pause, no second attempt. A 429 pauses the method.
    boost::asio::awaitable<Verdict> attempt(ApiMethod method, ApiRequest request, Deadline deadline);
    // `now` when the method is not paused.
    TimePoint ready_at(const ApiMethod& method, TimePoint now) const { return pauses_.ready_at(method.name, now); }
    Random& random() { return random_; }
    const std::string& base_url() const { return base_url_; }

 private:
    // nullopt: go. Otherwise why the call ends without being sent.
    boost::asio::awaitable<std::optional<ApiError>> wait_turn(ApiMethod method, std::string channel, bool paced,
                                                              Deadline deadline);
    net::HttpRequest http_request(const ApiMethod& method, const ApiRequest& request) const;

    net::HttpClient& http_;
    const WebApiOptions& options_;
    std::string base_url_;
    MethodPauses pauses_;
    ChannelPacer pacer_;
    Random random_;
};

}  // namespace genie_slack::slack
