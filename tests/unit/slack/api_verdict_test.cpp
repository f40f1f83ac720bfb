#include "slack/api/api_verdict.hpp"

#include "tests/catch.hpp"

namespace api_verdict_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;

using Kind = Verdict::Kind;

net::NetResult<net::HttpResponse> answer(int status, std::string body, net::Headers headers = {}) {
    net::HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    return response;
}

net::NetResult<net::HttpResponse> broken(net::NetFault code, bool sent) {
    return net::NetError(code, "host: broken", sent);
}

struct Case {
    const char* name;
    net::NetResult<net::HttpResponse> reply;
    // Of chat.update, which may be repeated, and of chat.postMessage, which may not.
    Kind update_kind;
    ApiFault update_class;
    Kind post_kind;
    ApiFault post_class;
    const char* code;
};

TEST_CASE("every failure has its class, and only what is harmless is repeated", "[web_api]") {
    const Case cases[] = {
        {"connect", broken(net::NetFault::connect, false), Kind::retry, ApiFault::transient, Kind::retry,
         ApiFault::transient, "connect"},
        {"resolve", broken(net::NetFault::resolve, false), Kind::retry, ApiFault::transient, Kind::retry,
         ApiFault::transient, "resolve"},
        {"io before sending", broken(net::NetFault::io, false), Kind::retry, ApiFault::transient, Kind::retry,
         ApiFault::transient, "io"},
        {"io after sending", broken(net::NetFault::io, true), Kind::retry, ApiFault::transient, Kind::failed,
         ApiFault::ambiguous, "io"},
        {"timeout after sending", broken(net::NetFault::timeout, true), Kind::retry, ApiFault::transient, Kind::failed,
         ApiFault::ambiguous, "timeout"},
        {"refused by policy", broken(net::NetFault::not_allowed, false), Kind::failed, ApiFault::not_permitted,
         Kind::failed, ApiFault::not_permitted, "refused"},
        {"cancelled", broken(net::NetFault::cancelled, true), Kind::failed, ApiFault::cancelled, Kind::failed,
         ApiFault::cancelled, "cancelled"},
        {"redirect", broken(net::NetFault::redirect, true), Kind::retry, ApiFault::transient, Kind::retry,
         ApiFault::transient, "redirect"},
        {"503", answer(503, "busy"), Kind::retry, ApiFault::transient, Kind::failed, ApiFault::ambiguous, "http_503"},
        {"500 with a code", answer(500, R"({"ok":false,"error":"internal_error"})"), Kind::failed, ApiFault::transient,
         Kind::failed, ApiFault::ambiguous, "internal_error"},
        {"403", answer(403, "<html>"), Kind::failed, ApiFault::not_permitted, Kind::failed, ApiFault::not_permitted,
         "http_403"},
        {"429", answer(429, R"({"ok":false,"error":"ratelimited"})"), Kind::rate, ApiFault::rate, Kind::rate,
         ApiFault::rate, "ratelimited"},
        {"rate limit in a 200", answer(200, R"({"ok":false,"error":"rate_limited"})"), Kind::rate, ApiFault::rate,
         Kind::rate, ApiFault::rate, "rate_limited"},
        {"no JSON", answer(200, "<html>"), Kind::retry, ApiFault::transient, Kind::failed, ApiFault::ambiguous,
         "invalid_response"},
        {"an array", answer(200, "[]"), Kind::retry, ApiFault::transient, Kind::failed, ApiFault::ambiguous,
         "invalid_response"},
        {"no ok", answer(200, R"({"ts":"1.2"})"), Kind::retry, ApiFault::transient, Kind::failed, ApiFault::ambiguous,
         "invalid_response"},
        {"internal_error", answer(200, R"({"ok":false,"error":"internal_error"})"), Kind::failed, ApiFault::transient,
         Kind::failed, ApiFault::ambiguous, "internal_error"},
        {"fatal_error", answer(200, R"({"ok":false,"error":"fatal_error"})"), Kind::failed, ApiFault::transient,
         Kind::failed, ApiFault::ambiguous, "fatal_error"},
        {"request_timeout", answer(200, R"({"ok":false,"error":"request_timeout"})"), Kind::retry, ApiFault::transient,
         Kind::retry, ApiFault::transient, "request_timeout"},
        {"invalid_auth", answer(200, R"({"ok":false,"error":"invalid_auth"})"), Kind::failed, ApiFault::auth,
         Kind::failed, ApiFault::auth, "invalid_auth"},
        {"no error code", answer(200, R"({"ok":false})"), Kind::failed, ApiFault::payload, Kind::failed,
         ApiFault::payload, "unknown_error"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const Verdict update = judge(methods::kUpdate, one.reply);
        CHECK(update.kind == one.update_kind);
        CHECK(update.error.fault == one.update_class);
        CHECK(update.error.code == one.code);
        CHECK(update.error.method == "chat.update");
        const Verdict post = judge(methods::kPostMessage, one.reply);
        CHECK(post.kind == one.post_kind);
        CHECK(post.error.fault == one.post_class);
        CHECK(post.error.code == one.code);
    }
}

TEST_CASE("Retry-After is seconds, never 0, and unknown when it is missing or nonsense", "[web_api]") {
    const auto wait = [](net::Headers headers) {
        return judge(methods::kUpdate, answer(429, "", std::move(headers))).error.retry_after;
    };
    CHECK(wait({{"Retry-After", "7"}}) == 7s);
    CHECK(wait({{"retry-after", "0"}}) == 1s);
    CHECK_FALSE(wait({}));
    CHECK_FALSE(wait({{"Retry-After", "soon"}}));
    CHECK_FALSE(wait({{"Retry-After", "-5"}}));
    CHECK(wait({{"Retry-After", "99999999"}}) == 1h);
}

TEST_CASE("an error says which block is wrong, which scope is missing, and the request id", "[web_api]") {
    const Verdict verdict =
        judge(methods::kPostMessage, answer(200,
                                            R"({"ok":false,"error":"invalid_blocks","errors":[{"code":"too_long",
                   "message":"must be less than 3001 characters","pointer":"/0/text"}],
                   "response_metadata":{"messages":["[ERROR] bad block"]}})",
                                            {{"x-slack-req-id", "req-1"}}));
    CHECK(verdict.error.fault == ApiFault::payload);
    CHECK(verdict.error.request_id == "req-1");
    CHECK(verdict.error.to_string() ==
          "chat.postMessage failed: invalid_blocks (must be less than 3001 characters at /0/text; [ERROR] bad block)");

    const Verdict scope =
        judge(methods::kUserInfo, answer(200, R"({"ok":false,"error":"missing_scope","needed":"users:read"})"));
    CHECK(scope.error.fault == ApiFault::not_permitted);
    CHECK(scope.error.needed == "users:read");
    CHECK(scope.error.to_string() == "users.info failed: missing_scope, the app needs the scope users:read");
}

TEST_CASE("the details of an error are bounded", "[web_api]") {
    std::string errors;
    for (int i = 0; i < 100; ++i)
        errors += (i ? "," : "") + std::string(R"({"message":")") + std::string(5000, 'x') + "\"}";
    const Verdict verdict =
        judge(methods::kPostMessage, answer(200, R"({"ok":false,"error":"invalid_blocks","errors":[)" + errors + "]}"));
    CHECK(verdict.error.details.size() == 10);
    CHECK(verdict.error.details[0].size() == 300);
}

TEST_CASE("apps.connections.open leaves repetition to its caller", "[web_api]") {
    const Verdict verdict = judge(methods::kConnectionsOpen, answer(500, ""));
    CHECK(verdict.kind == Kind::failed);
    CHECK(verdict.error.fault == ApiFault::transient);
}

TEST_CASE("a response_url answers with any text, an expired one with its code", "[web_api]") {
    CHECK(judge(methods::kResponseUrl, answer(200, "ok")).kind == Kind::ok);
    CHECK(judge(methods::kResponseUrl, answer(200, R"({"ok":true})")).kind == Kind::ok);
    CHECK(judge(methods::kResponseUrl, answer(200, R"({"ok":false,"error":"used_url"})")).error.fault ==
          ApiFault::expired);
    CHECK(judge(methods::kResponseUrl, answer(404, "expired_url\n")).error.fault == ApiFault::expired);
    CHECK(judge(methods::kResponseUrl, answer(404, "<html>")).error.fault == ApiFault::not_permitted);
    CHECK(judge(methods::kResponseUrl, answer(500, "oops")).error.fault == ApiFault::ambiguous);
    CHECK(judge(methods::kUploadContent, answer(200, "OK - 12")).kind == Kind::ok);
    CHECK(judge(methods::kUploadContent, answer(500, "oops")).kind == Kind::retry);
}

TEST_CASE("codes are classified as in the table", "[web_api]") {
    CHECK(classify("chat.postMessage", "token_revoked") == ApiFault::auth);
    CHECK(classify("chat.postMessage", "not_in_channel") == ApiFault::not_permitted);
    CHECK(classify("chat.postMessage", "restricted_action_thread_locked") == ApiFault::not_permitted);
    CHECK(classify("chat.postMessage", "slack_connect_file_link_sharing_blocked") == ApiFault::not_permitted);
    CHECK(classify("chat.postMessage", "msg_blocks_too_long") == ApiFault::payload);
    CHECK(classify("chat.postMessage", "invalid_blocks_format") == ApiFault::payload);
    CHECK(classify("chat.postMessage", "metadata_must_be_sent_from_app") == ApiFault::payload);
    CHECK(classify("chat.appendStream", "stopped_by_user") == ApiFault::streaming);
    CHECK(classify("chat.update", "streaming_state_conflict") == ApiFault::streaming);
    CHECK(classify("views.open", "trigger_expired") == ApiFault::expired);
    CHECK(classify("views.open", "expired_trigger_id") == ApiFault::expired);
    CHECK(classify("chat.postMessage", "brand_new_code") == ApiFault::payload);
    CHECK(classify("views.update", "brand_new_code") == ApiFault::payload);
    CHECK(classify("files.completeUploadExternal", "brand_new_code") == ApiFault::payload);
    CHECK(classify("users.info", "brand_new_code") == ApiFault::not_permitted);
    for (const char* post : {"chat.postMessage", "chat.postEphemeral", "chat.startStream", "chat.appendStream",
                             "chat.stopStream", "files.completeUploadExternal"})
        CHECK(classify(post, "service_unavailable") == ApiFault::ambiguous);
    CHECK(classify("conversations.info", "service_unavailable") == ApiFault::transient);
}

TEST_CASE("an answer with half a surrogate pair is read all the same", "[web_api]") {
    const Verdict verdict = judge(methods::kConversationReplies,
                                  answer(200, R"({"ok":true,"messages":[{"ts":"1.2","text":"cut \ud83d"}]})"));
    REQUIRE(verdict.kind == Kind::ok);
    CHECK(std::string_view(verdict.body.at("messages").at(0).at("text").get_string()) == "cut \xEF\xBF\xBD");
}

}  // namespace api_verdict_test
