#include "genie/database_credentials.hpp"
#include "core/metrics.hpp"

#include "core/log.hpp"
#include "core/race.hpp"
#include "core/task_group.hpp"
#include "genie/database_api.hpp"
#include "genie/json_text.hpp"
#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

namespace database_credentials_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::ScriptedHttp;

using CredentialResult = Result<DatabaseCredential, CredentialError>;
constexpr const char* kEndpoint = "projects/genie/branches/production/endpoints/primary";

// As the Autoscaling API answers.
ScriptedHttp::Reply issued(const std::string& token, Duration life = 1h) {
    const auto expires = wall_now() + std::chrono::duration_cast<std::chrono::microseconds>(life);
    return ScriptedHttp::json(R"({"token":")" + token + R"(","expire_time":")" + format_utc(expires) + R"("})");
}

struct World {
    World() {
        options.workspace.host = "https://w.example.com";
        options.workspace.auth_type = "oauth-m2m";
        options.workspace.client_id = "the-client";
        options.source.lakebase_endpoint = kEndpoint;
    }
    ~World() {
        if (made)
            test::run(time, context, made->stop(Deadline::after(10s)));
    }
    DatabaseCredentials& credentials() {
        if (!made)
            made = create_database_credentials(context.get_executor(), http, tokens, options);
        return *made;
    }
    CredentialResult get(Duration limit = 60s) {
        return test::run(time, context, credentials().get(Deadline::after(limit)));
    }
    std::string value() {
        const auto result = get();
        return result ? result->password.reveal() : "error: " + result.error().message;
    }
    Result<std::string, CredentialError> host(Duration limit = 60s) {
        return test::run(time, context, resolve_database_host(http, tokens, options, Deadline::after(limit)));
    }
    std::size_t minted() const { return http.count("/credentials"); }
    void pass(Duration duration) { time.run_for(context, duration); }
    void will_issue(const std::string& token, Duration life = 1h) { http.once("POST", issued(token, life)); }

    VirtualTime time;
    boost::asio::io_context context;
    ScriptedHttp http;
    test::CountingTokens tokens;
    DatabaseCredentialOptions options;
    std::unique_ptr<DatabaseCredentials> made;
};

boost::asio::awaitable<void> ask(DatabaseCredentials& credentials, Duration limit, std::vector<std::string>& answers) {
    auto result = co_await credentials.get(Deadline::after(limit));
    answers.push_back(result ? result->password.reveal() : to_string(result.error().fault));
}

TEST_CASE("an autoscaling endpoint's credential is asked for by its resource name and kept", "[genie][database]") {
    World world;
    world.will_issue("c1");
    const auto credential = world.get();
    REQUIRE(credential);
    CHECK(credential->password.reveal() == "c1");
    CHECK(credential->expires == wall_now() + 1h);
    CHECK(world.value() == "c1");
    REQUIRE(world.minted() == 1);
    const auto& sent = world.http.last();
    CHECK(sent.method == "POST");
    CHECK(sent.url == "https://w.example.com/api/2.0/postgres/credentials");
    CHECK(sent.body == R"({"endpoint":"projects/genie/branches/production/endpoints/primary"})");
    CHECK(sent.header("Authorization") == "Bearer token-1");
    CHECK(sent.header("Content-Type") == "application/json");
}

TEST_CASE("a provisioned instance's credential is asked for by its name with a request id", "[genie][database]") {
    World world;
    world.options.source = {};
    world.options.source.database_instance = "genie-slack-lakebase";
    world.http.once("POST https://w.example.com/api/2.0/database/credentials",
                    ScriptedHttp::json(R"({"token":"c1","expiration_time":"2099-01-31T10:00:00Z"})"));
    const auto credential = world.get();
    REQUIRE(credential);
    CHECK(credential->password.reveal() == "c1");
    REQUIRE(credential->expires);
    CHECK(format_utc(*credential->expires) == "2099-01-31T10:00:00.000000Z");
    const auto body = parse_json(world.http.last().body);
    REQUIRE(body);
    CHECK(member_text(*body, "request_id").size() == 36);
    const auto* names = member_array(*body, "instance_names");
    REQUIRE(names);
    REQUIRE(names->size() == 1);
    CHECK(names->at(0).as_string() == "genie-slack-lakebase");
    CHECK(body->as_object().size() == 2);
}

TEST_CASE("a fixed password wins and asks nobody", "[genie][database]") {
    World world;
    world.options.source.password = Secret("static");
    CHECK(world.value() == "static");
    CHECK_FALSE(world.get()->expires);
    CHECK_FALSE(world.credentials().invalidate());
    CHECK(world.http.sent().empty());
}

TEST_CASE("without endpoint and instance the workspace's OAuth token is the password", "[genie][database]") {
    World world;
    world.options.source = {};
    CHECK(world.value() == "token-1");
    CHECK(world.credentials().invalidate());
    CHECK(world.value() == "token-2");
    CHECK_FALSE(world.credentials().invalidate());
    CHECK(world.value() == "token-2");
    world.pass(61s);
    CHECK(world.credentials().invalidate());
    CHECK(world.value() == "token-3");
    world.tokens.failure = TokenError(TokenFault::refused, "the secret is wrong");
    const auto refused = world.get();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == CredentialFault::refused);
    CHECK_THAT(refused.error().message, test::contains("the secret is wrong"));
}

TEST_CASE("a personal access token is not handed out as a password", "[genie][database]") {
    World world;
    world.options.source = {};
    world.options.workspace.auth_type = "pat";
    world.tokens.fixed = true;
    const auto result = world.get();
    REQUIRE_FALSE(result);
    CHECK(result.error().fault == CredentialFault::configuration);
    CHECK_THAT(result.error().message, test::contains("LAKEBASE_ENDPOINT"));
    CHECK(result.error().message.find("token-1") == std::string::npos);
}

TEST_CASE("a credential is replaced two minutes before it expires, without making anyone wait", "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    world.pass(57min);
    CHECK(world.value() == "c1");
    CHECK(world.minted() == 1);
    world.pass(61s);
    world.http.once("POST", ScriptedHttp::late(issued("c2"), 500ms));
    CHECK(world.value() == "c1");
    world.pass(1s);
    CHECK(world.value() == "c2");
    CHECK(world.minted() == 2);
}

TEST_CASE("of a short life the last fifth is left unused", "[genie][database]") {
    World world;
    world.will_issue("c1", 100s);
    CHECK(world.value() == "c1");
    world.pass(79s);
    CHECK(world.value() == "c1");
    CHECK(world.minted() == 1);
    world.pass(2s);
    world.http.once("POST", ScriptedHttp::late(issued("c2", 100s), 500ms));
    CHECK(world.value() == "c1");
    world.pass(1s);
    CHECK(world.value() == "c2");
}

TEST_CASE("an expired credential is never handed out", "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    world.pass(1h);
    world.will_issue("c2");
    CHECK(world.value() == "c2");
    world.pass(1h);
    world.http.always("POST", ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "later"));
    const auto failed = world.get();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().fault == CredentialFault::unavailable);
}

TEST_CASE("while a new credential cannot be had the old one serves until it expires", "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    world.pass(58min + 10s);
    world.http.always("POST", ScriptedHttp::error(403, "PERMISSION_DENIED", "no"));
    CHECK(world.value() == "c1");
    world.pass(5s);
    CHECK(world.value() == "c1");
    CHECK(world.minted() == 2);
    world.pass(20s);
    CHECK(world.value() == "c1");
    world.pass(1s);
    CHECK(world.minted() == 3);
}

TEST_CASE("concurrent callers share one request", "[genie][database]") {
    World world;
    world.http.once("POST", ScriptedHttp::late(issued("c1"), 3s));
    std::vector<std::string> answers;
    TaskGroup callers(world.context.get_executor(), "callers");
    for (int i = 0; i < 8; ++i)
        callers.spawn("caller", ask(world.credentials(), 10s, answers));
    callers.spawn("hasty", ask(world.credentials(), 1s, answers));
    CHECK(world.time.run_until(world.context, [&] { return answers.size() == 9; }, 5s));
    CHECK(answers[0] == "timeout");
    CHECK(std::count(answers.begin(), answers.end(), "c1") == 8);
    CHECK(world.minted() == 1);
    test::run(world.time, world.context, callers.join(Deadline::after(1s)));
}

TEST_CASE("a cancelled caller leaves the request to the others", "[genie][database]") {
    World world;
    world.http.once("POST", ScriptedHttp::late(issued("c1"), 3s));
    std::vector<std::string> answers;
    TaskGroup cancelled(world.context.get_executor(), "cancelled");
    TaskGroup patient(world.context.get_executor(), "patient");
    cancelled.spawn("caller", ask(world.credentials(), 10s, answers));
    patient.spawn("caller", ask(world.credentials(), 10s, answers));
    world.pass(1s);
    cancelled.cancel();
    CHECK(world.time.run_until(world.context, [&] { return cancelled.size() == 0 && patient.size() == 0; }, 5s));
    CHECK(answers == std::vector<std::string>{"cancelled", "c1"});
    CHECK(world.minted() == 1);
}

TEST_CASE("a refused login brings a fresh credential at once, and after that one a minute", "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    CHECK(world.credentials().invalidate());
    // Several sessions may see the same refusal.
    CHECK(world.credentials().invalidate());
    world.will_issue("c2");
    CHECK(world.value() == "c2");
    CHECK_FALSE(world.credentials().invalidate());
    CHECK(world.value() == "c2");
    world.pass(59s);
    CHECK_FALSE(world.credentials().invalidate());
    world.pass(2s);
    CHECK(world.credentials().invalidate());
    world.will_issue("c3");
    CHECK(world.value() == "c3");
    CHECK(world.minted() == 3);
}

TEST_CASE("a credential that was replaced by age may be replaced again when its first login is refused",
          "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    CHECK(world.credentials().invalidate());
    world.will_issue("c2");
    CHECK(world.value() == "c2");
    world.pass(2h);
    world.will_issue("c3");
    CHECK(world.value() == "c3");
    CHECK(world.credentials().invalidate());
    world.will_issue("c4");
    CHECK(world.value() == "c4");
}

TEST_CASE("when the workspace is away after a refused login, the old credential serves on", "[genie][database]") {
    World world;
    world.will_issue("c1");
    CHECK(world.value() == "c1");
    CHECK(world.credentials().invalidate());
    world.http.always("POST", ScriptedHttp::error(500, "INTERNAL_ERROR", "oops"));
    CHECK(world.value() == "c1");
    CHECK(world.credentials().invalidate());
    world.http.always("POST", ScriptedHttp::error(403, "PERMISSION_DENIED", "no"));
    CHECK(world.get().error().fault == CredentialFault::refused);
    CHECK_THAT(metrics::text(),
               test::contains("genie_slack_credential_failures_total{credential=\"database\",reason=\"refused\"} "));
}

TEST_CASE("a credential that is expired by our clock is tried, and kept for a minute only", "[genie][database]") {
    World world;
    world.will_issue("c1", -10min);
    CHECK(world.value() == "c1");
    CHECK(world.value() == "c1");
    CHECK(world.minted() == 1);
    world.pass(61s);
    world.will_issue("c2");
    CHECK(world.value() == "c2");
}

TEST_CASE("an answer without a usable time is used for some minutes", "[genie][database]") {
    World world;
    world.http.once("POST", ScriptedHttp::json(R"({"token":"c1","expire_time":"soon"})"));
    CHECK(world.value() == "c1");
    CHECK_FALSE(world.get()->expires);
    world.pass(11min);
    world.will_issue("c2");
    CHECK(world.value() == "c2");
}

TEST_CASE("a busy workspace is asked again in time", "[genie][database]") {
    World world;
    world.http.once("POST", ScriptedHttp::error(429, "RESOURCE_EXHAUSTED", "slow down", "2"));
    world.http.once("POST", ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "later"));
    world.http.once("POST", ScriptedHttp::broken(net::NetFault::io, true));
    world.will_issue("c1");
    const TimePoint start = Clock::now();
    CHECK(world.value() == "c1");
    CHECK(world.minted() == 4);
    CHECK(Clock::now() - start >= 2s);
}

TEST_CASE("what refuses a credential is told so that an admin can mend it", "[genie][database]") {
    struct Case {
        ScriptedHttp::Reply reply;
        CredentialFault fault;
        std::vector<std::string> told;
        bool provisioned = false;
    };
    const std::vector<Case> cases = {
        {ScriptedHttp::error(404, "NOT_FOUND", "endpoint id not found [TraceId: 1]"),
         CredentialFault::not_found,
         {kEndpoint, "LAKEBASE_ENDPOINT", "https://w.example.com", "the-client", "not found"}},
        {ScriptedHttp::error(404, "NOT_FOUND", "instance id not found"),
         CredentialFault::not_found,
         {"database instance genie", "DATABASE_INSTANCE"},
         true},
        {ScriptedHttp::error(403, "PERMISSION_DENIED", "not allowed"),
         CredentialFault::refused,
         {kEndpoint, "the service principal the-client", "resource of the app"}},
        {ScriptedHttp::error(401, "UNAUTHENTICATED", "bad"), CredentialFault::refused, {"DATABRICKS_"}},
        {ScriptedHttp::error(404, "ENDPOINT_NOT_FOUND", "No API found"),
         CredentialFault::configuration,
         {"no API for Lakebase Autoscaling", "DATABASE_INSTANCE"}},
        {ScriptedHttp::error(400, "INVALID_PARAMETER_VALUE", "endpoint is odd"),
         CredentialFault::configuration,
         {"LAKEBASE_ENDPOINT", "endpoint is odd"}},
        {ScriptedHttp::raw(200, "<html>sign in</html>", "text/html"),
         CredentialFault::configuration,
         {"DATABRICKS_HOST"}},
        {ScriptedHttp::json("{}"), CredentialFault::configuration, {"without a credential", kEndpoint}},
        {ScriptedHttp::json(R"({"token":"two words","expire_time":"2099-01-31T10:00:00Z"})"),
         CredentialFault::configuration,
         {"without a credential"}},
        {ScriptedHttp::broken(net::NetFault::resolve, false), CredentialFault::unavailable, {"resolve"}},
        {ScriptedHttp::broken(net::NetFault::tls, false), CredentialFault::unavailable, {"tls"}},
        {ScriptedHttp::error(500, "INTERNAL_ERROR", "oops"), CredentialFault::unavailable, {"500"}},
    };
    for (const Case& each : cases) {
        World world;
        world.tokens.fixed = true;
        if (each.provisioned) {
            world.options.source = {};
            world.options.source.database_instance = "genie";
        }
        world.http.always("POST", each.reply);
        const auto result = world.get();
        REQUIRE_FALSE(result);
        INFO(result.error().message);
        CHECK(result.error().fault == each.fault);
        for (const std::string& part : each.told)
            CHECK_THAT(result.error().message, test::contains(part));
        CHECK(result.error().message.find("token-1") == std::string::npos);
        CHECK(result.error().message.find("two words") == std::string::npos);
    }
}

TEST_CASE("a failed first credential is asked for again by the next caller", "[genie][database]") {
    World world;
    world.http.once("POST", ScriptedHttp::error(404, "NOT_FOUND", "none"));
    CHECK_FALSE(world.get());
    world.will_issue("c1");
    CHECK(world.value() == "c1");
}

TEST_CASE("times of the API are read with and without fraction and offset", "[genie][database]") {
    const auto text = [](std::string_view time) {
        const auto parsed = parse_rfc3339(time);
        return parsed ? format_utc(*parsed) : std::string("none");
    };
    CHECK(text("2026-01-31T10:00:00Z") == "2026-01-31T10:00:00.000000Z");
    CHECK(text("2026-01-31T10:00:00.5Z") == "2026-01-31T10:00:00.500000Z");
    CHECK(text("2026-01-31T10:00:00.123456789Z") == "2026-01-31T10:00:00.123456Z");
    CHECK(text("2026-01-31T10:00:00+02:00") == "2026-01-31T08:00:00.000000Z");
    CHECK(text("2026-01-01T00:30:00-01:00") == "2026-01-01T01:30:00.000000Z");
    CHECK(text("2024-02-29t10:00:00z") == "2024-02-29T10:00:00.000000Z");
    for (const char* bad : {"", "2026-01-31", "2026-02-30T10:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:00:00",
                            "2026-01-31T10:00:00.Z", "2026-01-31T10:00:00Zx", "-026-01-31T10:00:00Z", "1769853600",
                            "2026-01-31T10:00:00+2:00"}) {
        INFO(bad);
        CHECK(text(bad) == "none");
    }
}

TEST_CASE("the host of an endpoint is looked up", "[genie][database]") {
    World world;
    const std::string path = std::string("GET https://w.example.com/api/2.0/postgres/") + kEndpoint;
    SECTION("and found") {
        world.http.once(
            path, ScriptedHttp::json(R"({"status":{"hosts":{"host":"ep-1.db.example.com","read_only_host":"ro"}}})"));
        CHECK(world.host().value() == "ep-1.db.example.com");
    }
    SECTION("again while it is being created") {
        world.http.once(path, ScriptedHttp::json(R"({"status":{"current_state":"INIT"}})"));
        world.http.once(path, ScriptedHttp::json(R"({"status":{"hosts":{"host":"ep-1.db.example.com"}}})"));
        CHECK(world.host().value() == "ep-1.db.example.com");
    }
    SECTION("until the deadline") {
        world.http.always(path, ScriptedHttp::json(R"({"status":{"current_state":"INIT"}})"));
        CHECK(world.host(10s).error().fault == CredentialFault::unavailable);
    }
    SECTION("but a read-only or a disabled one is refused") {
        world.http.once(
            path, ScriptedHttp::json(R"({"status":{"endpoint_type":"ENDPOINT_TYPE_READ_ONLY","hosts":{"host":"h"}}})"));
        CHECK(world.host().error().fault == CredentialFault::configuration);
        world.http.once(path, ScriptedHttp::json(R"({"status":{"disabled":true,"hosts":{"host":"h"}}})"));
        CHECK_THAT(world.host().error().message, test::contains("disabled"));
    }
    SECTION("but what is no host is not taken for one") {
        world.http.once(path, ScriptedHttp::json(R"({"status":{"hosts":{"host":"h' password='x"}}})"));
        CHECK(world.host().error().fault == CredentialFault::configuration);
    }
}

TEST_CASE("the host of an instance is looked up", "[genie][database]") {
    World world;
    world.options.source = {};
    world.options.source.database_instance = "genie";
    const std::string path = "GET https://w.example.com/api/2.0/database/instances/genie";
    world.http.once(path, ScriptedHttp::json(R"({"state":"AVAILABLE","read_write_dns":"i.example.com"})"));
    CHECK(world.host().value() == "i.example.com");
    world.http.once(path, ScriptedHttp::json(R"({"state":"STARTING"})"));
    world.http.once(path, ScriptedHttp::json(R"({"state":"AVAILABLE","read_write_dns":"i.example.com"})"));
    CHECK(world.host().value() == "i.example.com");
    world.http.once(path, ScriptedHttp::json(R"({"state":"STOPPED","read_write_dns":"i.example.com"})"));
    CHECK_THAT(world.host().error().message, test::contains("STOPPED"));
    world.http.once(path, ScriptedHttp::error(404, "NOT_FOUND", "instance genie not found"));
    CHECK(world.host().error().fault == CredentialFault::not_found);
    world.options.source = {};
    CHECK(world.host().error().fault == CredentialFault::configuration);
}

}  // namespace database_credentials_test
