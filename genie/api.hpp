// One authenticated call to the Databricks API: token, sending, judging, repeating.
#pragma once

#include "genie/api_error.hpp"
#include "genie/client.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace genie_slack::genie {

struct ApiCall {
    ApiCall(std::string method_, std::string path_) : method(std::move(method_)), path(std::move(path_)) {}

    std::string method;
    std::string path;  // from "/api/...", ids encoded, with query
    std::string body;  // JSON, "" for none
    Repeat repeat = Repeat::safe;
    std::string private_text;
    bool raw = false;                   // an answer that is no JSON: its bytes come as a JSON string
    std::string* request_id = nullptr;  // gets Databricks' id of the last exchange; outlives the call
};

// Runs calls side by side. All references must outlive it.
class Api {
 public:
    Api(net::HttpClient& http, TokenProvider& tokens, Random& random, const ClientOptions& options)
        : http_(http), tokens_(tokens), random_(random), options_(options) {}

    // Repeats what is safe to repeat as long as the deadline allows; `ambiguous` where that is not known.
    boost::asio::awaitable<GenieResult<boost::json::value>> call(ApiCall call, Deadline deadline);
    // One attempt, and a second one when a fresh token may help.
    boost::asio::awaitable<Result<boost::json::value, CallFailure>> attempt(ApiCall call, Deadline deadline);
    // The bytes behind a presigned URL of a result chunk, fetched without our token; repeated like a GET. The URL shows
    // up nowhere.
    boost::asio::awaitable<GenieResult<std::string>> fetch_presigned(
        std::string url, std::vector<std::pair<std::string, std::string>> headers, Deadline deadline,
        std::size_t max_bytes);
    // Waits; false when the caller was cancelled.
    static boost::asio::awaitable<bool> pause(Duration duration);

 private:
    boost::asio::awaitable<Result<boost::json::value, CallFailure>> exchange(net::HttpRequest request, CallInfo info,
                                                                             Deadline deadline);

    net::HttpClient& http_;
    TokenProvider& tokens_;
    Random& random_;
    const ClientOptions& options_;
};

}  // namespace genie_slack::genie
