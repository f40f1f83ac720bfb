#include "genie/wire_text.hpp"

#include "genie/api_error.hpp"
#include "tests/catch.hpp"

namespace wire_text_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:37 GMT
const WallTime kNow = WallTime(std::chrono::seconds(784111777));

CallFailure judged(int status, std::string body, std::string content_type = "application/json",
                   std::vector<net::Header> headers = {}) {
    CallInfo call;
    call.label = "GET /x";
    net::HttpResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.headers.emplace_back("content-type", std::move(content_type));
    response.body = std::move(body);
    const auto result = judge_response(call, response, kNow);
    REQUIRE_FALSE(result);
    return result.error();
}

TEST_CASE("Retry-After is read as seconds or as a date", "[genie][wire]") {
    CHECK(parse_retry_after("0", kNow) == Duration(0s));
    CHECK(parse_retry_after("17", kNow) == Duration(17s));
    CHECK(parse_retry_after("99999999999999999999999", kNow) == Duration(1h));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow) == Duration(23s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow + 1us) == Duration(23s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow) == Duration(0s));
    CHECK(parse_retry_after("Sun, 06 Nov 2094 08:00:00 GMT", kNow) == Duration(1h));
    for (const char* text : {"", "soon", "-5", "Sun, 99 Nov 1994 08:00:00 GMT", "Sun, 06 Xyz 1994 08:00:00 GMT"})
        CHECK_FALSE(parse_retry_after(text, kNow));
}

TEST_CASE("RetryInfo delays are read", "[genie][wire]") {
    CHECK(parse_seconds("5s") == Duration(5s));
    CHECK(parse_seconds("0.5s") == Duration(500ms));
    for (const char* text : {"", "s", "5", "5m", "-1s", "nans", "1e9s", "5s "})
        CHECK_FALSE(parse_seconds(text));
}

TEST_CASE("text of a server is made fit for one log line", "[genie][wire]") {
    CHECK(tidy_text("  a\n\t b\r\n") == "a b");
    CHECK(tidy_text("Bearer eyJhbGciOiJIUzI1NiJ9.x") == "Bearer ***");
    CHECK(tidy_text("\xC3\xA4\xC3\xA4\xC3\xA4", 3) == "\xC3\xA4...");
    CHECK(tidy_text(std::string(100'000, 'y')).size() == 303);
    CHECK(tidy_text("").empty());
}

TEST_CASE("web pages are recognised", "[genie][wire]") {
    CHECK(looks_like_html("text/html; charset=utf-8", ""));
    CHECK(looks_like_html("", "  <!DOCTYPE html>"));
    CHECK_FALSE(looks_like_html("application/json", "{}"));
    CHECK_FALSE(looks_like_html("text/html", R"({"error":"json with a wrong type"})"));
    CHECK_FALSE(looks_like_html("", ""));
}

TEST_CASE("the error envelope is read in all its forms", "[genie][error]") {
    const auto normal = judged(
        404,
        R"({"error_code":"RESOURCE_DOES_NOT_EXIST","message":"gone","details":[{"@type":"x"},{"request_id":"r1"},{"retry_delay":"5s"}]})");
    CHECK(normal.error.error_code == "RESOURCE_DOES_NOT_EXIST");
    CHECK(normal.error.request_id == "r1");
    CHECK(normal.error.retry_after == Duration(5s));
    CHECK(normal.error.message == "GET /x: HTTP 404 RESOURCE_DOES_NOT_EXIST: gone (request id r1)");

    CHECK(judged(400, R"({"error_code":42,"message":"m"})").error.error_code == "42");
    CHECK_THAT(judged(400, R"({"error":"old style"})").error.message, test::contains("old style"));
    CHECK_THAT(judged(400, R"({"detail":"scim","status":"400","scimType":"invalidValue"})").error.message,
               test::contains("invalidValue: scim"));
    CHECK_THAT(judged(400, R"({"error":{"code":"X_Y","message":"nested"}})").error.message,
               test::contains("X_Y: nested"));
    const auto plain = judged(400, "MALFORMED_REQUEST: no body", "text/plain");
    CHECK(plain.error.error_code == "MALFORMED_REQUEST");
    CHECK_THAT(plain.error.message, test::contains(": no body"));
    CHECK_THAT(judged(500, "<html><pre>stack</pre></html>", "text/html").error.message, test::contains("stack"));
    CHECK(judged(404, "").error.message == "GET /x: HTTP 404");
    CHECK(judged(404, "", "", {{"X-Request-Id", "r2"}}).error.request_id == "r2");
}

TEST_CASE("rate limits are recognised without a 429", "[genie][error]") {
    CHECK(judged(429, "").error.fault == GenieFault::rate_limited);
    CHECK(judged(400, R"({"error_code":"REQUEST_LIMIT_EXCEEDED"})").error.fault == GenieFault::rate_limited);
    CHECK(judged(403, R"({"message":"RPC token bucket limit has been exceeded."})").error.fault ==
          GenieFault::rate_limited);
    CHECK(judged(429, "<html>", "text/html").error.fault == GenieFault::rate_limited);
}

TEST_CASE("web pages of proxies in front of a failing server are failures, not configuration", "[genie][error]") {
    for (const int status : {500, 502, 503, 504}) {
        const auto failure = judged(status, "<html><title>Bad Gateway</title>", "text/html");
        CHECK(failure.error.fault == GenieFault::unavailable);
        CHECK(failure.transient);
    }
}

TEST_CASE("every error kind has its own name", "[genie][error]") {
    std::vector<std::string> names;
    for (const auto kind :
         {GenieFault::auth, GenieFault::permission, GenieFault::not_found, GenieFault::invalid,
          GenieFault::rate_limited, GenieFault::unavailable, GenieFault::ambiguous, GenieFault::result_expired,
          GenieFault::query_failed, GenieFault::timeout, GenieFault::configuration, GenieFault::cancelled}) {
        const std::string name = to_string(kind);
        CHECK(std::find(names.begin(), names.end(), name) == names.end());
        names.push_back(name);
    }
}

}  // namespace wire_text_test
