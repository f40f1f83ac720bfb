// How a session is told to log in to the database: what the configuration decided reaches the session.
#include "app/database_access.hpp"

#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

namespace database_access_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::ScriptedHttp;

constexpr const char* kAuthorities = "/etc/ssl/certs/of-this-machine.crt";

struct World {
    World() {
        config.databricks.host = "https://w.example.com";
        config.databricks.auth_type = "oauth-m2m";
        config.databricks.client_id = "the-client";
        config.database.host = "instance-1.database.example.com";
        config.database.system_authorities = kAuthorities;
    }
    storage::Login login() {
        DatabaseAccess access(context.get_executor(), http, tokens, config, "genie-slack/9.9.9");
        auto login = test::run(time, context, access.login(false, Deadline::after(10s)));
        test::run(time, context, access.stop(Deadline::after(10s)));
        REQUIRE(login);
        return std::move(*login);
    }
    // "" is what the configuration says.
    std::string modes() {
        const auto told = login();
        return told.sslmode + " " + told.sslrootcert;
    }

    VirtualTime time;
    boost::asio::io_context context;
    ScriptedHttp http;
    test::CountingTokens tokens;
    Config config;
};

TEST_CASE("a login with the workspace's credential verifies the server in full", "[database]") {
    World world;
    world.config.database.sslmode = "require";
    CHECK(world.modes() == std::string("verify-full ") + kAuthorities);
    world.config.database.sslmode = "verify-ca";
    world.config.database.sslrootcert = "/etc/our-ca.crt";
    CHECK(world.modes() == "verify-full /etc/our-ca.crt");
}

TEST_CASE("a host that the workspace names is verified in full, unless it is this machine", "[database]") {
    const bool is_local = GENERATE(false, true);
    World world;
    const std::string host = is_local ? "127.0.0.1" : "ep-1.database.example.com";
    world.config.database.host.clear();
    world.config.database.lakebase_endpoint = "projects/genie/branches/production/endpoints/primary";
    world.http.once("GET", ScriptedHttp::json(R"({"status":{"hosts":{"host":")" + host + R"("}}})"));
    world.http.once("POST", ScriptedHttp::json(R"({"token":"issued","expire_time":"2099-01-01T00:00:00Z"})"));
    const auto login = world.login();
    CHECK(login.host == host);
    CHECK(login.password.reveal() == "issued");
    CHECK(login.sslmode == (is_local ? "" : "verify-full"));
    CHECK(login.sslrootcert == (is_local ? "" : kAuthorities));
}

TEST_CASE("a fixed password, and who takes the risk, leave the login as it is configured", "[database]") {
    World world;
    SECTION("a fixed password") {
        world.config.database.password = Secret("fixed");
    }
    SECTION("DATABASE_TLS_UNVERIFIED=allow") {
        world.config.database.tls_unverified = true;
    }
    SECTION("loopback") {
        world.config.database.host = "127.0.0.1";
    }
    CHECK(world.modes() == " ");
}

}  // namespace database_access_test
