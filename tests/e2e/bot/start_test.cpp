// How the process starts, reports and ends.
#include "tests/e2e/bot/bot_world.hpp"

#include <boost/asio/connect.hpp>
#include <boost/json/parse.hpp>

#include <sstream>

namespace start_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::free_port;
using test::get;

TEST_CASE("every configuration problem is reported at once, with exit code 2", "[start]") {
    BotWorld world;
    world.start({{"SLACK_APP_TOKEN", "xoxb-wrong-kind"},
                 {"SLACK_BOT_TOKEN", ""},
                 {"SLACK_CONNECTIONS", "11"},
                 {"PORT", "70000"},
                 {"SLACK_API_URL", "http://127.0.0.1.example.com/api/"},
                 {"DATABRICKS_HOST", "http://localhost.example.com"}});
    CHECK(world.wait_for_exit(10s) == 2);
    const std::string output = world.bot().output();
    for (const char* name :
         {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_CONNECTIONS", "PORT", "SLACK_API_URL", "DATABRICKS_HOST"})
        CHECK_THAT(output, test::contains(name));
    CHECK(output.find("xoxb-wrong-kind") == std::string::npos);
}

TEST_CASE("an unknown option is a usage error", "[start]") {
    BotWorld world;
    world.start({}, {"--no-such-option"});
    CHECK(world.wait_for_exit() == 2);
    world.start({}, {"--version"});
    CHECK(world.wait_for_exit() == 0);
    CHECK_THAT(world.bot().output(), test::contains("genie-slack 0."));
}

TEST_CASE("a mistyped command is told the one that is meant", "[start]") {
    BotWorld world;
    for (const auto& [typed, meant] : {std::pair("chekc", "check"), std::pair("migrat", "migrate")}) {
        world.start({}, {typed});
        CHECK(world.wait_for_exit() == 2);
        CHECK_THAT(world.bot().output(), test::contains("Did you mean " + std::string(meant) + "?"));
    }
}

TEST_CASE("tokens that Slack refuses end the process with exit code 1 and one clear line", "[start]") {
    for (const bool app_token : {true, false}) {
        BotWorld world;
        if (app_token)
            world.slack().faults().open_error = "invalid_auth";
        world.start({{"SLACK_BOT_TOKEN", app_token ? world.slack().options().bot_token : "xoxb-unknown-token"}});
        CHECK(world.wait_for_exit() == 1);
        const std::string output = world.bot().output();
        CHECK_THAT(output, test::contains("invalid_auth"));
        CHECK_THAT(output, test::contains(app_token ? "SLACK_APP_TOKEN" : "SLACK_BOT_TOKEN"));
    }
}

TEST_CASE("SIGTERM ends an idle process at once with exit code 0", "[start]") {
    BotWorld world;
    world.start_connected();
    const TimePoint start = Clock::now();
    world.bot().signal(SIGTERM);
    CHECK(world.wait_for_exit(15s) == 0);
    CHECK(Clock::now() - start < test::patience(15s));
    CHECK(world.slack().open_connections() == 0);
}

TEST_CASE("SIGTERM while Slack cannot be reached ends the process too", "[start]") {
    BotWorld world;
    sandbox::SlackFaults::CallFault slow;
    slow.method = "auth.test";
    slow.delay = 60s;
    world.slack().faults().calls.push_back(slow);
    world.start();
    REQUIRE(world.wait([&] { return world.bot().output().find("service.starting") != std::string::npos; }));
    world.bot().signal(SIGTERM);
    CHECK(world.wait_for_exit(15s) == 0);
}

TEST_CASE("a second signal exits at once", "[start]") {
    BotWorld world;
    world.start_connected();
    world.genie().faults().outcomes = {"HANG"};
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return !world.genie().questions().empty(); }));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait([&] { return world.bot().output().find("signal.received") != std::string::npos; }));
    const TimePoint start = Clock::now();
    world.bot().signal(SIGTERM);
    CHECK(world.wait_for_exit(5s) == 1);
    CHECK(Clock::now() - start < test::patience(5s));
}

TEST_CASE("health tells life, readiness and the reasons against it", "[start]") {
    BotWorld world;
    const std::uint16_t port = free_port(world.context());
    world.slack().faults().no_hello = true;
    world.start({{"DATABRICKS_APP_PORT", std::to_string(port)}});
    // The client is the test's own thread, so it asks only when the answer needs no look-alike.
    std::string healthy;
    REQUIRE(world.wait([&] { return !(healthy = get(world.context(), port, "/healthz")).empty(); }));
    CHECK_THAT(healthy, test::contains("HTTP/1.1 200"));
    const std::string not_ready = get(world.context(), port, "/readyz");
    CHECK_THAT(not_ready, test::contains("HTTP/1.1 503"));
    CHECK_THAT(not_ready, test::contains("\"part\":\"slack\""));
    CHECK_THAT(get(world.context(), port, "/nothing"), test::contains("HTTP/1.1 404"));

    world.slack().faults().no_hello = false;
    REQUIRE(world.wait([&] { return get(world.context(), port, "/readyz").find("HTTP/1.1 200") != std::string::npos; },
                       60s));
}

TEST_CASE("with LOG_FORMAT=json every line is JSON, configuration errors too", "[start]") {
    BotWorld world;
    world.start_connected({{"LOG_FORMAT", "json"}});
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);
    std::string output = world.bot().output();
    world.start({{"LOG_FORMAT", "json"}, {"SLACK_BOT_TOKEN", "wrong"}});
    REQUIRE(world.wait_for_exit() == 2);
    output += world.bot().output();
    std::istringstream lines(output);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        boost::system::error_code failure;
        INFO(line);
        CHECK(boost::json::parse(line, failure).is_object());
        CHECK_FALSE(failure);
    }
    CHECK(count > 5);
}

TEST_CASE("the log names the question's way, and holds no secret and no message text", "[start]") {
    BotWorld world;
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);
    const std::string output = world.bot().output();
    REQUIRE(world.genie().questions().size() == 1);
    for (const std::string& id : {world.genie().questions()[0].message_id, ts, std::string("question.accepted")})
        CHECK_THAT(output, test::contains(id));
    for (const std::string& hidden : {world.slack().options().bot_token, world.slack().options().app_token,
                                      world.genie().options().token, std::string("ticket="), std::string("revenue")})
        CHECK(output.find(hidden) == std::string::npos);
    // One id leads from the Slack event to the Genie message.
    const std::size_t accepted = output.find("question.accepted turn=");
    REQUIRE(accepted != std::string::npos);
    const std::string turn = output.substr(accepted + 23, 36);
    CHECK_THAT(output, test::contains("genie.asked turn=" + turn));
    CHECK_THAT(output, test::contains("turn.delivered turn=" + turn));
}

}  // namespace start_test
