#include "genie/token_provider.hpp"

#include "core/log.hpp"
#include "core/race.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "genie/token_cache.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http.hpp"

#include <filesystem>
#include <fstream>

namespace token_provider_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::ScriptedHttp;

using TokenResult = Result<Secret, TokenError>;

ScriptedHttp::Reply token(const std::string& name, const std::string& expires_in = "3600") {
    return ScriptedHttp::json(R"({"access_token":")" + name + R"(","token_type":"Bearer","expires_in":)" + expires_in +
                              "}");
}

struct Tokens {
    explicit Tokens(std::string host = "https://w.example.com") : Tokens(service_principal(std::move(host))) {}
    explicit Tokens(AuthConfig config) {
        provider = create_token_provider(context.get_executor(), http, std::move(config));
        http.always("/.well-known/databricks-config",
                    ScriptedHttp::json(R"({"oidc_endpoint":"https://w.example.com/oidc","account_id":"acc"})"));
        http.always("/oidc/.well-known/oauth-authorization-server",
                    ScriptedHttp::json(R"({"token_endpoint":"https://w.example.com/oidc/v1/token"})"));
    }
    ~Tokens() { test::run(time, context, provider->stop(Deadline::after(10s))); }

    static AuthConfig service_principal(std::string host) {
        AuthConfig config;
        config.host = std::move(host);
        config.auth_type = "oauth-m2m";
        config.client_id = "the-id";
        config.client_secret = Secret("the-secret");
        config.source = "environment";
        return config;
    }

    TokenResult get(Duration limit = 30s) { return test::run(time, context, provider->token(Deadline::after(limit))); }
    std::string value(Duration limit = 30s) {
        const auto result = get(limit);
        return result ? result->reveal() : "error: " + result.error().message;
    }
    std::size_t minted() const { return http.count("POST"); }
    void pass(Duration duration) { time.run_for(context, duration); }

    VirtualTime time;
    boost::asio::io_context context;
    ScriptedHttp http;
    std::unique_ptr<TokenProvider> provider;
};

boost::asio::awaitable<void> ask(TokenProvider& provider, Duration limit, std::vector<std::string>& answers) {
    auto result = co_await provider.token(Deadline::after(limit));
    answers.push_back(result ? result->reveal() : "error");
}

TEST_CASE("a personal access token is always the same", "[genie][token]") {
    VirtualTime time;
    boost::asio::io_context context;
    ScriptedHttp http;
    AuthConfig config;
    config.auth_type = "pat";
    config.token = Secret("dapi1");
    const auto provider = create_token_provider(context.get_executor(), http, config);
    provider->invalidate(Secret("dapi1"));
    const auto token = test::run(time, context, provider->token(Deadline::after(1s)));
    REQUIRE(token);
    CHECK(token->reveal() == "dapi1");
    CHECK(http.sent().empty());
}

TEST_CASE("a service principal's token is fetched with its id and secret and kept", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST https://w.example.com/oidc/v1/token", token("t1"));
    CHECK(tokens.value() == "t1");
    CHECK(tokens.value() == "t1");
    REQUIRE(tokens.minted() == 1);
    const auto& sent = tokens.http.last();
    CHECK(sent.header("authorization") == "Basic dGhlLWlkOnRoZS1zZWNyZXQ=");
    CHECK(sent.header("content-type") == "application/x-www-form-urlencoded");
    CHECK(sent.body == "grant_type=client_credentials&scope=all-apis");
}

TEST_CASE("the life of a token may be a string or missing", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", token("t1", "\"3600\""));
    CHECK(tokens.value() == "t1");
    tokens.pass(1h);
    tokens.http.once("POST", ScriptedHttp::json(R"({"access_token":"t2"})"));
    CHECK(tokens.value() == "t2");
    tokens.http.once("POST", token("t3"));
    tokens.pass(16min);
    CHECK(tokens.value() == "t3");
}

TEST_CASE("discovery is followed where it leads, and guessed where it fails", "[genie][token]") {
    SECTION("to another path with the account's id") {
        Tokens tokens;
        tokens.http.once(
            "databricks-config",
            ScriptedHttp::json(
                R"({"oidc_endpoint":"https://w.example.com/oidc/accounts/{account_id}/","account_id":"a-1"})"));
        tokens.http.once(
            "GET https://w.example.com/oidc/accounts/a-1/.well-known/oauth-authorization-server",
            ScriptedHttp::json(R"({"token_endpoint":"https://w.example.com/oidc/accounts/a-1/v1/token"})"));
        tokens.http.once("POST https://w.example.com/oidc/accounts/a-1/v1/token", token("t1"));
        CHECK(tokens.value() == "t1");
    }
    SECTION("no configuration document") {
        Tokens tokens;
        tokens.http.once("databricks-config", ScriptedHttp::error(404, "NOT_FOUND", "none"));
        tokens.http.once("POST https://w.example.com/oidc/v1/token", token("t1"));
        CHECK(tokens.value() == "t1");
    }
    SECTION("nothing at all") {
        Tokens tokens;
        tokens.http.once("databricks-config", ScriptedHttp::raw(200, "<html>", "text/html"));
        tokens.http.once("oauth-authorization-server", ScriptedHttp::broken(net::NetFault::redirect, true));
        tokens.http.once("POST https://w.example.com/oidc/v1/token", token("t1"));
        CHECK(tokens.value() == "t1");
    }
    SECTION("never down to clear text") {
        Tokens tokens;
        tokens.http.once("databricks-config", ScriptedHttp::json(R"({"oidc_endpoint":"http://127.0.0.1:1/oidc"})"));
        tokens.http.once("oauth-authorization-server",
                         ScriptedHttp::json(R"({"token_endpoint":"http://127.0.0.1:1/token"})"));
        tokens.http.once("POST https://w.example.com/oidc/v1/token", token("t1"));
        CHECK(tokens.value() == "t1");
        CHECK(tokens.http.count("127.0.0.1") == 0);
    }
}

TEST_CASE("discovery happens once, and again after a failure", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", token("t1"));
    tokens.http.once("POST", token("t2"));
    CHECK(tokens.value() == "t1");
    tokens.pass(1h);
    CHECK(tokens.value() == "t2");
    CHECK(tokens.http.count("databricks-config") == 1);
    tokens.pass(1h);
    tokens.http.once("POST", ScriptedHttp::error(503, "", "later"));
    tokens.http.once("POST", token("t3"));
    CHECK(tokens.value() == "t3");
    CHECK(tokens.http.count("databricks-config") == 2);
}

TEST_CASE("a token in its last twenty minutes is refreshed while it still serves", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", token("t1"));
    CHECK(tokens.value() == "t1");
    tokens.pass(39min);
    CHECK(tokens.value() == "t1");
    CHECK(tokens.minted() == 1);
    tokens.pass(2min);
    tokens.http.once("POST", ScriptedHttp::late(token("t2"), 5s));
    CHECK(tokens.value() == "t1");
    CHECK(tokens.value() == "t1");
    tokens.pass(6s);
    CHECK(tokens.minted() == 2);
    CHECK(tokens.value() == "t2");
}

TEST_CASE("a refresh that fails is tried again after a minute, the old token serves on", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", token("t1"));
    CHECK(tokens.value() == "t1");
    tokens.http.always("POST", ScriptedHttp::error(400, "", "broken"));
    tokens.pass(41min);
    CHECK(tokens.value() == "t1");
    tokens.pass(1s);
    CHECK(tokens.minted() == 2);
    for (int i = 0; i < 5; ++i) {
        tokens.pass(10s);
        CHECK(tokens.value() == "t1");
    }
    CHECK(tokens.minted() == 2);
    tokens.pass(15s);
    CHECK(tokens.value() == "t1");
    tokens.pass(1s);
    CHECK(tokens.minted() == 3);
}

TEST_CASE("a token is not used in its last forty seconds", "[genie][token]") {
    for (const auto& [age, wanted] : {std::pair(3559s, "t1"), std::pair(3560s, "t2")}) {
        Tokens tokens;
        tokens.http.once("POST", token("t1"));
        CHECK(tokens.value() == "t1");
        tokens.pass(age);
        // Late, so that a refresh in the background cannot be taken for waiting.
        tokens.http.once("POST", ScriptedHttp::late(token("t2"), 5s));
        CHECK(tokens.value() == wanted);
    }
}

TEST_CASE("many callers share one request", "[genie][token]") {
    Tokens tokens;
    tokens.http.always("POST", ScriptedHttp::late(token("t1"), 2s));
    TaskGroup group(tokens.context.get_executor(), "callers");
    std::vector<std::string> answers;
    for (int i = 0; i < 20; ++i)
        group.spawn("caller", ask(*tokens.provider, 30s, answers));
    CHECK(test::run(tokens.time, tokens.context, group.join(Deadline::after(1min))));
    CHECK(answers == std::vector<std::string>(20, "t1"));
    CHECK(tokens.minted() == 1);
}

TEST_CASE("a caller whose time is up leaves, the others still get the token", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", ScriptedHttp::late(token("t1"), 10s));
    TaskGroup group(tokens.context.get_executor(), "callers");
    std::vector<std::string> answers;
    group.spawn("patient", ask(*tokens.provider, 30s, answers));
    const auto hasty = tokens.get(2s);
    REQUIRE_FALSE(hasty);
    CHECK(hasty.error().fault == TokenFault::timeout);
    CHECK(test::run(tokens.time, tokens.context, group.join(Deadline::after(1min))));
    CHECK(answers == std::vector<std::string>{"t1"});
}

TEST_CASE("a caller that is cancelled leaves, the request goes on for the others", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", ScriptedHttp::late(token("t1"), 10s));
    const auto cancelled = test::run(tokens.time, tokens.context,
                                     with_deadline(tokens.provider->token(Deadline::after(1min)), Deadline::after(1s)));
    REQUIRE(cancelled.has_value());
    REQUIRE_FALSE(*cancelled);
    CHECK(cancelled->error().fault == TokenFault::cancelled);
    CHECK(tokens.value() == "t1");
    CHECK(tokens.minted() == 1);
}

TEST_CASE("failures that pass are repeated within the time", "[genie][token]") {
    Tokens tokens;
    for (const int status : {429, 500, 502, 503, 504})
        tokens.http.once("POST", ScriptedHttp::error(status, "", "later"));
    tokens.http.once("POST", ScriptedHttp::broken(net::NetFault::io, true));
    tokens.http.once("POST", token("t1"));
    CHECK(tokens.value(60s) == "t1");
}

TEST_CASE("the identity provider's Retry-After is respected", "[genie][token]") {
    Tokens tokens;
    tokens.http.once("POST", ScriptedHttp::error(429, "", "slow down", "20"));
    tokens.http.once("POST", token("t1"));
    const TimePoint start = Clock::now();
    CHECK(tokens.value(60s) == "t1");
    CHECK(Clock::now() - start >= 20s);
}

TEST_CASE("a wrong client secret is told by the variables' names, without the secret", "[genie][token]") {
    Tokens tokens;
    log::Capture capture;
    tokens.http.always(
        "POST",
        ScriptedHttp::json(
            R"({"error":"invalid_client","error_description":"Client authentication failed for the-secret"})", 401));
    const auto result = tokens.get();
    REQUIRE_FALSE(result);
    CHECK(result.error().fault == TokenFault::refused);
    CHECK_THAT(result.error().message, test::contains("DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET"));
    CHECK_THAT(result.error().message, test::contains("invalid_client"));
    CHECK(result.error().message.find("the-secret") == std::string::npos);
    CHECK_FALSE(capture.contains("the-secret"));
    CHECK(tokens.minted() == 1);
}

TEST_CASE("the kinds of failure are told apart", "[genie][token]") {
    const std::vector<std::pair<ScriptedHttp::Reply, TokenFault>> table = {
        {ScriptedHttp::error(400, "invalid_client", "no"), TokenFault::refused},
        {ScriptedHttp::json(R"({"errorCode":"E1","errorSummary":"no access"})", 403), TokenFault::refused},
        {ScriptedHttp::raw(404, "<html>", "text/html"), TokenFault::configuration},
        {ScriptedHttp::raw(200, "<html>", "text/html"), TokenFault::configuration},
        {ScriptedHttp::json("{}"), TokenFault::configuration},
        {ScriptedHttp::broken(net::NetFault::redirect, true), TokenFault::configuration},
        {ScriptedHttp::broken(net::NetFault::connect, false), TokenFault::unavailable},
        {ScriptedHttp::error(503, "", "away"), TokenFault::unavailable},
    };
    for (const auto& [reply, kind] : table) {
        Tokens tokens;
        tokens.http.always("POST", reply);
        const auto result = tokens.get(5min);
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == kind);
    }
}

TEST_CASE("a host that cannot be reached is told as unavailable within the caller's time", "[genie][token]") {
    Tokens tokens;
    tokens.http.always("GET", ScriptedHttp::broken(net::NetFault::resolve, false));
    const TimePoint start = Clock::now();
    const auto result = tokens.get(10s);
    REQUIRE_FALSE(result);
    CHECK(result.error().fault == TokenFault::timeout);
    CHECK_THAT(result.error().message, test::contains("scripted resolve"));
    CHECK(Clock::now() - start == 10s);
    CHECK(tokens.minted() == 0);
}

TEST_CASE("a refused token is replaced once, not by everyone who noticed", "[genie][token]") {
    Tokens tokens;
    for (const char* name : {"t1", "t2", "t3"})
        tokens.http.once("POST", token(name));
    CHECK(tokens.value() == "t1");
    tokens.provider->invalidate(Secret("t1"));
    CHECK(tokens.value() == "t2");
    tokens.provider->invalidate(Secret("t1"));
    CHECK(tokens.value() == "t2");
    CHECK(tokens.minted() == 2);
}

TEST_CASE("stopping ends a pending request and frees its callers", "[genie][token]") {
    Tokens tokens;
    tokens.http.always("POST", ScriptedHttp::late(token("t1"), 10min));
    TaskGroup group(tokens.context.get_executor(), "callers");
    std::vector<std::string> answers;
    group.spawn("caller", ask(*tokens.provider, 30min, answers));
    tokens.pass(1s);
    const TimePoint start = Clock::now();
    test::run(tokens.time, tokens.context, tokens.provider->stop(Deadline::after(10s)));
    CHECK(test::run(tokens.time, tokens.context, group.join(Deadline::after(1min))));
    CHECK(answers == std::vector<std::string>{"error"});
    CHECK(Clock::now() - start < 1s);
}

TEST_CASE("a token that lives shorter than the margin still serves for half its life", "[genie][token]") {
    TokenCache cache;
    const TimePoint now = TimePoint(std::chrono::hours(1));
    CHECK(cache.need(now) == TokenCache::Need::blocking);
    cache.store(Secret("t"), 10s, now);
    CHECK(cache.need(now + 4s) == TokenCache::Need::none);
    CHECK(cache.need(now + 5s) == TokenCache::Need::blocking);
    cache.refused(Secret("other"));
    CHECK(cache.need(now) == TokenCache::Need::none);
    cache.refused(Secret("t"));
    CHECK(cache.need(now) == TokenCache::Need::blocking);
}

// The file in which another identity provider keeps its token.
class TokenFile {
 public:
    explicit TokenFile(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("genie-slack-token-" + Random().uuid())) {
        write(text);
    }
    ~TokenFile() { std::filesystem::remove(path_); }
    void write(const std::string& text) const { std::ofstream(path_) << text; }
    void remove() const { std::filesystem::remove(path_); }
    AuthConfig config(const std::string& client_id = "the-id") const {
        AuthConfig config;
        config.host = "https://w.example.com";
        config.auth_type = "file-oidc";
        config.client_id = client_id;
        config.token_file = path_.string();
        config.source = "environment";
        return config;
    }

 private:
    std::filesystem::path path_;
};

TEST_CASE("another provider's token is read from its file for each exchange", "[genie][token]") {
    const TokenFile file("eyJhbGciOiJ9.first.sig\n");
    Tokens tokens(file.config());
    tokens.http.once("POST https://w.example.com/oidc/v1/token", token("t1"));
    CHECK(tokens.value() == "t1");
    CHECK(tokens.http.last().header("authorization").empty());
    CHECK(tokens.http.last().body ==
          "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=eyJhbGciOiJ9.first.sig"
          "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&client_id=the-id&scope=all-apis");
    file.write("eyJhbGciOiJ9.second.sig");
    tokens.pass(1h);
    tokens.http.once("POST", token("t2"));
    CHECK(tokens.value() == "t2");
    CHECK_THAT(tokens.http.last().body, test::contains("subject_token=eyJhbGciOiJ9.second.sig&"));
}

TEST_CASE("without a client id the account's federation policy decides", "[genie][token]") {
    const TokenFile file("eyJhbGciOiJ9.first.sig");
    Tokens tokens(file.config(""));
    tokens.http.once("POST", token("t1"));
    CHECK(tokens.value() == "t1");
    CHECK(tokens.http.last().body.find("client_id") == std::string::npos);
}

TEST_CASE("a file without a token is told at once, with its name", "[genie][token]") {
    const TokenFile file("");
    Tokens tokens(file.config());
    CHECK_THAT(tokens.value(), test::contains(file.config().token_file + " is empty"));
    file.write("one two");
    CHECK_THAT(tokens.value(), test::contains("something else than one token"));
    file.remove();
    const auto gone = tokens.get();
    REQUIRE_FALSE(gone);
    CHECK(gone.error().fault == TokenFault::refused);
    CHECK_THAT(gone.error().message, test::contains("cannot be read (No such file or directory)"));
    CHECK(tokens.minted() == 0);
    file.write("eyJhbGciOiJ9.first.sig");
    tokens.http.once("POST", token("t1"));
    CHECK(tokens.value() == "t1");
}

TEST_CASE("a refused exchange names the policy and not the token", "[genie][token]") {
    const TokenFile file("header.claims.signature");
    Tokens tokens(file.config());
    for (const int status : {400, 401}) {
        tokens.http.once(
            "POST",
            ScriptedHttp::json(
                R"({"error":"invalid_grant","error_description":"header.claims.signature is of nobody"})", status));
        const auto refused = tokens.get();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == TokenFault::refused);
        CHECK_THAT(refused.error().message, test::contains("federation policy of the service principal the-id") &&
                                                test::contains("invalid_grant"));
        CHECK(refused.error().message.find("header.claims.signature") == std::string::npos);
    }
}

}  // namespace token_provider_test
