// Databases as the local workspace shows them.
#include "sandbox/genie/lakebase.hpp"

#include "sandbox/genie/workspace.hpp"
#include "tests/catch.hpp"

#include <boost/json.hpp>

namespace genie_lakebase_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
using databricks::Workspace;
using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* kEndpoint = "projects/genie-slack/branches/production/endpoints/primary";
constexpr const char* kAutoscaling = "/api/2.0/postgres/credentials";
constexpr const char* kProvisioned = "/api/2.0/database/credentials";

struct Bench {
    Bench() {
        options.lakebase.host = "db.example.com";
        options.lakebase.on_grant = [this](const DatabaseGrant& grant) { told.push_back(grant); };
        workspace.emplace(options, faults);
    }
    // "STATUS CODE" of an error, "200" else; the body is in `body`.
    std::string call(const std::string& method, const std::string& target, const std::string& text = "",
                     const std::string& authorization = "Bearer dapi-sandbox-token") {
        net::ServerRequest request;
        request.method = method;
        request.target = target;
        request.body = text;
        request.headers.emplace_back("Content-Type", "application/json");
        request.headers.emplace_back("Authorization", authorization);
        const net::ServerReply reply = workspace->handle(request, "http://127.0.0.1:1");
        body = json::parse(reply.body).as_object();
        const json::value* code = body.if_contains("error_code");
        return std::to_string(reply.status) + (code ? " " + std::string(code->as_string()) : "");
    }
    std::string text(const char* name) const { return std::string(body.at(name).as_string()); }

    VirtualTime time;
    GenieOptions options;
    GenieFaults faults;
    std::vector<DatabaseGrant> told;
    std::optional<Workspace> workspace;
    json::object body;
};

std::string endpoint_body(const std::string& name = kEndpoint) {
    return json::serialize(json::object{{"endpoint", name}});
}

std::string instance_body(const std::string& name = "genie-slack-lakebase") {
    return json::serialize(json::object{{"request_id", "r-1"}, {"instance_names", json::array{json::value(name)}}});
}

TEST_CASE("database credentials are issued in both generations' shapes", "[genie_lakebase]") {
    Bench bench;
    REQUIRE(bench.call("POST", kAutoscaling, endpoint_body()) == "200");
    const std::string first = bench.text("token");
    CHECK(first.size() > 1024);
    CHECK(std::count(first.begin(), first.end(), '.') == 2);
    CHECK(bench.text("expire_time") == format_utc(wall_now() + 1h));
    CHECK_FALSE(bench.body.contains("expiration_time"));
    REQUIRE(bench.call("POST", kProvisioned, instance_body()) == "200");
    CHECK(bench.text("token") != first);
    CHECK(bench.text("expiration_time") == format_utc(wall_now() + 1h));
    CHECK_FALSE(bench.body.contains("expire_time"));

    REQUIRE(bench.told.size() == 2);
    CHECK(bench.told[0].token == first);
    CHECK(bench.told[0].target == kEndpoint);
    CHECK(bench.told[1].target == "genie-slack-lakebase");
    CHECK(bench.told[1].expires == wall_now() + 1h);
    CHECK(bench.workspace->lakebase().grants().size() == 2);
}

TEST_CASE("the life of a database credential is an option, or what the caller wants", "[genie_lakebase]") {
    Bench bench;
    bench.options.lakebase.credential_seconds = 5;
    REQUIRE(bench.call("POST", kAutoscaling, endpoint_body()) == "200");
    CHECK(bench.text("expire_time") == format_utc(wall_now() + 5s));
    const auto with_ttl = [](const char* ttl) {
        return json::serialize(json::object{{"endpoint", kEndpoint}, {"ttl", ttl}});
    };
    REQUIRE(bench.call("POST", kAutoscaling, with_ttl("300s")) == "200");
    CHECK(bench.text("expire_time") == format_utc(wall_now() + 300s));
    for (const char* ttl : {"299s", "3601s", "300", "s", "-300s"})
        CHECK(bench.call("POST", kAutoscaling, with_ttl(ttl)) == "400 INVALID_PARAMETER_VALUE");
}

TEST_CASE("requests for database credentials are read as strictly as by the real service", "[genie_lakebase]") {
    Bench bench;
    CHECK(bench.call("POST", kAutoscaling, "{}") == "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kAutoscaling, R"({"endpoint":1})") == "400 MALFORMED_REQUEST");
    CHECK(bench.call("POST", kAutoscaling, endpoint_body("primary")) == "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kAutoscaling, endpoint_body("projects/p/branches/b/endpoints/e")) == "404 NOT_FOUND");
    CHECK_THAT(bench.text("message"), test::contains("endpoint id not found [TraceId: "));
    CHECK(bench.call("POST", kAutoscaling, instance_body()) == "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kProvisioned, "{}") == "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kProvisioned, R"({"instance_names":["genie-slack-lakebase"]})") ==
          "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kProvisioned, R"({"request_id":"r"})") == "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kProvisioned, R"({"request_id":"r","instance_names":[]})") ==
          "400 INVALID_PARAMETER_VALUE");
    CHECK(bench.call("POST", kProvisioned, R"({"request_id":"r","instance_names":"a"})") == "400 MALFORMED_REQUEST");
    CHECK(bench.call("POST", kProvisioned, instance_body("other")) == "404 NOT_FOUND");
    CHECK(bench.call("POST", kAutoscaling, endpoint_body(), "") == "401 UNAUTHENTICATED");
    CHECK(bench.call("POST", kProvisioned, instance_body(), "Bearer other") == "403 PERMISSION_DENIED");
    CHECK(bench.call("GET", kAutoscaling) == "404 ENDPOINT_NOT_FOUND");
    CHECK(bench.told.empty());
}

TEST_CASE("databases tell their host once they have one", "[genie_lakebase]") {
    Bench bench;
    const std::string endpoint = std::string("/api/2.0/postgres/") + kEndpoint;
    const std::string instance = "/api/2.0/database/instances/genie-slack-lakebase";
    REQUIRE(bench.call("GET", endpoint) == "200");
    CHECK(bench.text("name") == kEndpoint);
    CHECK(bench.body.at("status").at("hosts").at("host").as_string() == "db.example.com");
    CHECK(bench.body.at("status").at("current_state").as_string() == "ACTIVE");
    REQUIRE(bench.call("GET", instance) == "200");
    CHECK(bench.text("read_write_dns") == "db.example.com");
    CHECK(bench.text("state") == "AVAILABLE");
    CHECK(bench.call("GET", "/api/2.0/database/instances/other") == "404 NOT_FOUND");
    CHECK(bench.call("GET", "/api/2.0/postgres/projects/p/branches/b/endpoints/e") == "404 NOT_FOUND");
    CHECK(bench.call("GET", instance, "", "") == "401 UNAUTHENTICATED");

    bench.faults.database_state = "INIT";
    REQUIRE(bench.call("GET", endpoint) == "200");
    CHECK_FALSE(bench.body.at("status").as_object().contains("hosts"));
    bench.faults.database_state = "STARTING";
    REQUIRE(bench.call("GET", instance) == "200");
    CHECK_FALSE(bench.body.contains("read_write_dns"));
}

TEST_CASE("a switch makes the next database credentials expired ones", "[genie_lakebase]") {
    Bench bench;
    bench.faults.expired_credentials = 1;
    REQUIRE(bench.call("POST", kAutoscaling, endpoint_body()) == "200");
    CHECK(bench.told.back().expires < wall_now());
    REQUIRE(bench.call("POST", kAutoscaling, endpoint_body()) == "200");
    CHECK(bench.told.back().expires > wall_now());
}

}  // namespace genie_lakebase_test
