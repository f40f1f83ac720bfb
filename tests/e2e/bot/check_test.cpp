// The doctor, as an administrator runs it, against the look-alikes: all right, and one thing wrong at a time.
#include "tests/e2e/bot/bot_world.hpp"
#include "tests/support/postgres.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

namespace check_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::PostgresServer;
using Changes = std::map<std::string, std::string>;
namespace json = boost::json;

struct Outcome {
    int code = -1;
    std::string output;
};

Outcome check(BotWorld& world, const Changes& changes, std::vector<std::string> arguments = {"check"}) {
    world.start(changes, std::move(arguments));
    Outcome outcome;
    outcome.code = world.wait_for_exit(60s);
    outcome.output = world.bot().output();
    for (const std::string& secret : {world.slack().options().bot_token, world.slack().options().app_token,
                                      world.genie().options().token, std::string("ticket="), std::string("n0t-right")})
        CHECK(outcome.output.find(secret) == std::string::npos);
    return outcome;
}

// The lines with that status, each with its fix.
std::vector<std::string> lines_with(const std::string& output, const std::string& status) {
    std::vector<std::string> lines;
    std::istringstream in(output);
    bool takes = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("         -> ")) {
            if (takes)
                lines.back() += line;
            continue;
        }
        takes = line.starts_with(status + " ");
        if (takes)
            lines.push_back(line);
    }
    return lines;
}

// What is broken, and the one line that says so.
struct Broken {
    std::string name;
    std::function<Changes(BotWorld&)> set_up;
    std::string check;
    std::string found;
    std::string fix;
};

sandbox::GenieFaults::CallFault genie_fault(const std::string& path, int status) {
    sandbox::GenieFaults::CallFault fault;
    fault.path = path;
    fault.http_status = status;
    fault.times = 100;
    return fault;
}

Changes fail_auth_test(BotWorld& world, const std::string& error) {
    sandbox::SlackFaults::CallFault fault;
    fault.method = "auth.test";
    fault.error = error;
    world.slack().faults().calls.push_back(fault);
    return {};
}

Changes fail_open(BotWorld& world, const std::string& error) {
    world.slack().faults().open_error = error;
    return {};
}

void check_line(BotWorld& world, const Broken& broken, const std::string& status, int code) {
    INFO(broken.name);
    const Changes changes = broken.set_up(world);
    const Outcome outcome = check(world, changes);
    INFO(outcome.output);
    CHECK(outcome.code == code);
    const auto lines = lines_with(outcome.output, status);
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], test::contains(" " + broken.check));
    CHECK_THAT(lines[0], test::contains(broken.found));
    CHECK_THAT(lines[0].substr(lines[0].find(" -> ")), test::contains(broken.fix));
}

TEST_CASE("check finds all right, tells what it cannot see, and leaves no trace in Slack", "[check]") {
    BotWorld world;
    const Outcome outcome = check(world, {});
    INFO(outcome.output);
    CHECK(outcome.code == 0);
    CHECK(lines_with(outcome.output, "FAILED").empty());
    CHECK(lines_with(outcome.output, "warning").empty());
    for (const char* told :
         {"Bot token: signed in to Sandbox (T0SANDBOX) as genie (U0GENIE)", "Scopes: all", "App token: ", "Clock: ",
          "Host: 127.0.0.1 answers", "Login: as Local sandbox (sandbox-client) by a personal access token",
          "Genie spaces: 1 visible: ", "Warehouse 4f1d0c2b3a495867: Sandbox warehouse is RUNNING", "Fonts: "})
        CHECK_THAT(outcome.output, test::contains(told));
    std::string skipped;
    for (const std::string& line : lines_with(outcome.output, "skipped"))
        skipped += line + "\n";
    for (const char* told : {"Events: ", "Question: ", "IS_LOCAL=true", "Port: "})
        CHECK_THAT(skipped, test::contains(told));
    for (const auto& call : world.slack().calls())
        CHECK((call.method == "auth.test" || call.method == "apps.connections.open"));
    CHECK(world.slack().open_connections() == 0);
    CHECK(world.genie().questions().empty());
}

TEST_CASE("each thing that is broken has its own line, with the fix", "[check]") {
    using World = BotWorld;
    const std::vector<Broken> all = {
        {"a bot token of nobody", [](World&) { return Changes{{"SLACK_BOT_TOKEN", "xoxb-n0t-right"}}; }, "Bot token",
         "invalid_auth", "SLACK_BOT_TOKEN"},
        {"a revoked bot token", [](World& world) { return fail_auth_test(world, "token_revoked"); }, "Bot token",
         "token_revoked", "Install App"},
        {"an app that was removed", [](World& world) { return fail_auth_test(world, "account_inactive"); }, "Bot token",
         "account_inactive", "Install App"},
        {"an app token of nobody", [](World&) { return Changes{{"SLACK_APP_TOKEN", "xapp-1-n0t-right"}}; }, "App token",
         "invalid_auth", "SLACK_APP_TOKEN"},
        {"an app token without its scope", [](World& world) { return fail_open(world, "missing_scope"); }, "App token",
         "missing_scope", "connections:write"},
        {"Socket Mode is off", [](World& world) { return fail_open(world, "socket_mode_not_enabled"); }, "App token",
         "Socket Mode is off", "turn on Enable Socket Mode"},
        {"a clock that is far off",
         [](World& world) {
             world.slack().faults().clock_behind_seconds = 3600;
             return Changes{};
         },
         "Clock", "ahead of", "NTP"},
        {"no way to Slack", [](World&) { return Changes{{"SLACK_API_URL", "http://127.0.0.1:1/api/"}}; }, "Bot token",
         "refused", "SLACK_API_URL"},
        {"a Databricks token of nobody", [](World&) { return Changes{{"DATABRICKS_TOKEN", "dapi-n0t-right"}}; },
         "Login", "HTTP 40", "DATABRICKS_TOKEN"},
        {"a client secret of nobody",
         [](World& world) {
             return Changes{{"DATABRICKS_TOKEN", ""},
                            {"DATABRICKS_CLIENT_ID", world.genie().options().client_id},
                            {"DATABRICKS_CLIENT_SECRET", "n0t-right"}};
         },
         "Login", "invalid_client", "DATABRICKS_CLIENT_SECRET"},
        {"a host without an address", [](World&) { return Changes{{"DATABRICKS_HOST", "https://workspace.invalid"}}; },
         "Host", "(resolve)", "DATABRICKS_HOST"},
        {"a proxy that is not there",
         [](World&) {
             return Changes{{"DATABRICKS_HOST", "https://workspace.invalid"}, {"HTTPS_PROXY", "http://127.0.0.1:1"}};
         },
         "Host", "(connect)", "HTTPS_PROXY"},
        {"an IP access list",
         [](World& world) {
             world.genie().faults().ip_blocked = true;
             return Changes{};
         },
         "Login", "IP", "IP access list"},
        {"a host that is no API",
         [](World& world) {
             world.genie().faults().login_redirect = true;
             return Changes{};
         },
         "Login", "redirect", "DATABRICKS_HOST"},
        {"a space that does not exist",
         [](World&) { return Changes{{"GENIE_SPACE_IDS", "01f0000000000000000000000000dead"}}; },
         "Space 01f0000000000000000000000000dead", "does not exist, or is not shared", "CAN RUN"},
        {"a space that is not shared",
         [](World& world) {
             world.genie().faults().spaces_not_shared = true;
             return Changes{{"GENIE_SPACE_IDS", world.genie().space_ids()[0]}};
         },
         "Space 01f", "not shared with Local sandbox (sandbox-client)",
         "add Local sandbox (sandbox-client) with CAN RUN"},
        {"a warehouse that is gone",
         [](World& world) {
             world.genie().faults().calls.push_back(genie_fault("/sql/warehouses/", 404));
             return Changes{};
         },
         "Warehouse 4f1d0c2b3a495867", "does not exist any more", "another SQL warehouse"},
        {"a database that is down",
         [](World&) {
             return Changes{{"IS_LOCAL", ""},  {"PGHOST", "127.0.0.1"},     {"PGPORT", "1"},
                            {"PGUSER", "bot"}, {"PGPASSWORD", "n0t-right"}, {"PGSSLMODE", "disable"}};
         },
         "Connection", "Connection refused", "PGPORT"},
        {"a port that another program has",
         [](World& world) { return Changes{{"PORT", std::to_string(world.slack().port())}}; }, "Port",
         "in use by another program", "DATABRICKS_APP_PORT"},
    };
    for (const Broken& broken : all) {
        BotWorld world;
        check_line(world, broken, "FAILED", 1);
    }
}

TEST_CASE("each scope that the bot lacks has its own line", "[check]") {
    auto options = test::with_manifest();
    std::erase_if(options.bot_scopes,
                  [](const std::string& scope) { return scope == "files:write" || scope == "reactions:read"; });
    BotWorld world(test::quick_genie(), options);
    const Outcome outcome = check(world, {}, {"check", "slack"});
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], test::contains("Scopes: files:write is missing, for: files with results"));
    CHECK_THAT(lines[0], test::contains("add the bot token scope files:write"));
    CHECK_THAT(lines[1], test::contains("reactions:read"));
    CHECK(outcome.output.find("databricks") == std::string::npos);
}

TEST_CASE("what may be meant is a warning, and the exit code is 0", "[check]") {
    using World = BotWorld;
    const std::vector<Broken> all = {
        {"Socket Mode that Slack calls off",
         [](World& world) {
             world.slack().faults().open_warning = "[WARN] Socket Mode is not turned on.";
             return Changes{};
         },
         "App token", "not turned on", "Enable Socket Mode"},
        {"Slack is asked too often",
         [](World& world) {
             world.slack().faults().open_rate_limited = 9;
             return Changes{};
         },
         "App token", "ratelimited", "check again"},
        {"a clock that is two minutes off",
         [](World& world) {
             world.slack().faults().clock_behind_seconds = 120;
             return Changes{};
         },
         "Clock", "ahead of", "NTP"},
        {"teams without the own one", [](World&) { return Changes{{"ALLOWED_TEAMS", "T0ELSEWHERE"}}; }, "Allowed teams",
         "T0SANDBOX", "ALLOWED_TEAMS"},
        {"a machine without fonts",
         [](World& world) {
             const std::string file = "/tmp/no-fonts-" + std::to_string(world.slack().port()) + ".conf";
             std::ofstream(file) << "<?xml version=\"1.0\"?><fontconfig><dir>/nonexistent</dir></fontconfig>";
             return Changes{{"FONTCONFIG_FILE", file}};
         },
         "Fonts", "no font", "fonts-dejavu-core"},
        {"a proxy variable that does not count", [](World&) { return Changes{{"ALL_PROXY", "http://127.0.0.1:1"}}; },
         "Settings", "ALL_PROXY is set, but only HTTPS_PROXY", "meant"},
    };
    for (const Broken& broken : all) {
        BotWorld world;
        check_line(world, broken, "warning", 0);
        std::filesystem::remove("/tmp/no-fonts-" + std::to_string(world.slack().port()) + ".conf");
    }
}

TEST_CASE("the running bot's own port is no failure, and the bot does not notice the doctor", "[check]") {
    BotWorld world;
    const std::string port = std::to_string(test::free_port(world.context()));
    world.start_connected({{"PORT", port}});
    REQUIRE(world.wait([&] { return world.slack().open_connections() == 2; }));
    auto variables = world.environment();
    variables["PORT"] = port;
    const std::vector<std::string> arguments{"--env-file", "/dev/null", "check"};
    test::ChildProcess doctor(GENIE_SLACK_BINARY, arguments, variables);
    REQUIRE(world.wait([&] { return doctor.exit_code().has_value(); }, 60s));
    INFO(doctor.output());
    CHECK(doctor.exit_code() == 0);
    const auto lines = lines_with(doctor.output(), "warning");
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], test::contains("Port: port " + port + " is in use, by what answers as genie-slack does"));
    CHECK(world.slack().open_connections() == 2);
    CHECK_FALSE(world.bot().exit_code());
}

TEST_CASE("with --json the output is one document, whatever is wrong", "[check]") {
    struct Case {
        Changes changes;
        std::vector<std::string> arguments;
        int code;
    };
    const std::vector<Case> cases = {
        {{}, {"check", "--json"}, 0},
        {{{"DATABRICKS_TOKEN", "dapi-n0t-right"}, {"LOG_FORMAT", "json"}}, {"check", "--json"}, 1},
        {{{"SLACK_BOT_TOKEN", ""}, {"PORT", "none"}}, {"check", "--json"}, 2},
        {{{"DATABRICKS_HOST", ""}, {"DATABRICKS_TOKEN", ""}}, {"check", "slack", "--json"}, 0},
        {{{"SLACK_BOT_TOKEN", ""}, {"SLACK_APP_TOKEN", ""}}, {"check", "--json", "databricks"}, 0},
        {{{"SLACK_BOT_TOKEN", ""}, {"DATABRICKS_HOST", ""}}, {"check", "database", "--json"}, 0},
    };
    for (const Case& one : cases) {
        BotWorld world;
        const Outcome outcome = check(world, one.changes, one.arguments);
        INFO(outcome.output);
        CHECK(outcome.code == one.code);
        const json::value document = json::parse(outcome.output);
        REQUIRE(document.is_array());
        REQUIRE_FALSE(document.get_array().empty());
        bool has_failed = false;
        for (const json::value& line : document.get_array()) {
            CHECK(line.as_object().size() == 5);
            const std::string status(line.at("status").as_string());
            has_failed = has_failed || status == "FAILED";
            CHECK(line.at("fix").as_string().empty() == (status == "ok"));
            CHECK_FALSE(line.at("found").as_string().empty());
        }
        CHECK(has_failed == (one.code != 0));
    }
}

TEST_CASE("wrong settings are lines of the doctor too, with exit code 2", "[check]") {
    BotWorld world;
    const Outcome outcome = check(world, {{"SLACK_BOT_TOKEN", "xoxp-n0t-right"}, {"SLACK_CONNECTIONS", "11"}});
    CHECK(outcome.code == 2);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], test::contains("SLACK_BOT_TOKEN: must start with xoxb-"));
    CHECK_THAT(lines[1], test::contains("SLACK_CONNECTIONS: "));
    CHECK(world.slack().calls().empty());
    CHECK(check(world, {}, {"check", "everything"}).code == 2);
}

TEST_CASE("a question is asked only when it is given, and its end is told", "[check]") {
    BotWorld world;
    Outcome outcome = check(world, {}, {"check", "databricks", "--ask", "revenue by region"});
    INFO(outcome.output);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, test::contains(": answered after "));
    CHECK_THAT(outcome.output, test::contains(" rows"));
    REQUIRE(world.genie().questions().size() == 1);
    CHECK(outcome.output.find("revenue by region") == std::string::npos);

    world.genie().faults().outcomes = {"FAILED"};
    world.genie().faults().failed_error_type = "WAREHOUSE_ACCESS_MISSING_EXCEPTION";
    outcome = check(world, {}, {"check", "databricks", "--ask", "revenue by region"});
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], test::contains("WAREHOUSE_ACCESS_MISSING_EXCEPTION"));
    CHECK_THAT(lines[0], test::contains("CAN USE"));
}

TEST_CASE("a service that never answers does not hold the doctor", "[check]") {
    BotWorld world;
    sandbox::SlackFaults::CallFault slow;
    slow.method = "auth.test";
    slow.delay = 120s;
    world.slack().faults().calls.push_back(slow);
    auto hangs = genie_fault("/scim/v2/Me", 0);
    hangs.delay = 120s;
    world.genie().faults().calls.push_back(hangs);
    // It takes connections, and no more.
    namespace ip = boost::asio::ip;
    const ip::tcp::acceptor deaf(world.context(), ip::tcp::endpoint(ip::address_v4::loopback(), 0));
    const Changes changes{
        {"IS_LOCAL", ""},  {"PGHOST", "127.0.0.1"},     {"PGPORT", std::to_string(deaf.local_endpoint().port())},
        {"PGUSER", "bot"}, {"PGPASSWORD", "n0t-right"}, {"PGSSLMODE", "disable"}};
    const TimePoint start = Clock::now();
    const Outcome outcome = check(world, changes);
    INFO(outcome.output);
    CHECK(Clock::now() - start < test::patience(50s));
    CHECK(outcome.code == 1);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 3);
    CHECK_THAT(lines[0], test::contains("Bot token: no answer of 127.0.0.1 (timeout)"));
    CHECK_THAT(lines[1], test::contains("Login: "));
    CHECK_THAT(lines[2], test::contains("database "));
}

// Creates the bot's database in `server`, with its schema.
Changes migrated(BotWorld& world, PostgresServer& server) {
    server.create_role("bot", "pass");
    server.create_database("chats", "bot");
    Changes changes{{"IS_LOCAL", ""},
                    {"PGHOST", "localhost"},
                    {"PGPORT", std::to_string(server.port())},
                    {"PGUSER", "bot"},
                    {"PGPASSWORD", "pass"},
                    {"PGDATABASE", "chats"},
                    {"PGSSLMODE", "verify-full"},
                    {"PGSSLROOTCERT", server.ca_file()}};
    world.start(changes, {"migrate"});
    REQUIRE(world.wait_for_exit() == 0);
    return changes;
}

TEST_CASE("check goes into the database too", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = migrated(world, server);
    const Outcome outcome = check(world, changes);
    INFO(outcome.output);
    CHECK(outcome.code == 0);
    CHECK(lines_with(outcome.output, "ok       database").size() >= 8);

    server.query("chats", "DROP INDEX genie_app.idx_steps_thread_id");
    const Outcome broken = check(world, changes);
    INFO(broken.output);
    CHECK(broken.code == 1);
    const auto lines = lines_with(broken.output, "FAILED");
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], test::contains("CREATE INDEX"));
}

TEST_CASE("a table that somebody dropped is missed before a question is", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = migrated(world, server);
    server.query("chats", "DROP TABLE genie_app.events CASCADE");
    const Outcome outcome = check(world, changes, {"check", "database"});
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], test::contains("Statements: ") && test::contains("genie_app.events"));
}

}  // namespace check_test
