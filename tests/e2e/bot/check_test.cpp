// The doctor, as an administrator runs it, against the look-alikes: all right, and one thing wrong at a time.
#include "sandbox/genie/oidc.hpp"
#include "tests/e2e/bot/check_world.hpp"

#include "core/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

namespace check_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::Broken;
using test::Changes;
using test::check;
using test::check_line;
using test::lines_with;
using test::Outcome;
namespace json = boost::json;

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

// A file that is gone with the test.
class File {
 public:
    File(const std::string& name, const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("genie-slack-" + name + "-" + Random().uuid())) {
        std::ofstream(path_) << text;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    std::string path() const { return path_.string(); }

 private:
    std::filesystem::path path_;
};

// The bot as a workload whose identity provider says `policy` of it.
Changes federated(BotWorld& world, const File& file, const sandbox::FederationPolicy& policy) {
    Random random;
    std::ofstream(file.path()) << sandbox::databricks::workload_token(policy, 600s, random) << "\n";
    return {{"DATABRICKS_TOKEN", ""},
            {"DATABRICKS_CLIENT_ID", world.genie().options().client_id},
            {"DATABRICKS_OIDC_TOKEN_FILEPATH", file.path()}};
}

// Answers whatever comes with `answer`, for as long as the world's event loop lives.
boost::asio::awaitable<void> answer_all(boost::asio::ip::tcp::acceptor acceptor, std::string answer) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(boost::asio::use_awaitable);
        std::array<char, 4096> request{};
        boost::system::error_code ended;
        co_await socket.async_read_some(boost::asio::buffer(request),
                                        boost::asio::redirect_error(boost::asio::use_awaitable, ended));
        co_await boost::asio::async_write(socket, boost::asio::buffer(answer),
                                          boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    }
}

// The port of a server that does so.
std::uint16_t answering_port(BotWorld& world, std::string answer) {
    namespace ip = boost::asio::ip;
    ip::tcp::acceptor acceptor(world.context(), ip::tcp::endpoint(ip::address_v4::loopback(), 0));
    const std::uint16_t port = acceptor.local_endpoint().port();
    boost::asio::co_spawn(world.context(), answer_all(std::move(acceptor), std::move(answer)),
                          [](const std::exception_ptr&) {});
    return port;
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
    const File token("token", "");
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
        {"a proxy that refuses the login",
         [](World& world) {
             const auto port = answering_port(world, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
             return Changes{{"DATABRICKS_HOST", "https://workspace.invalid"},
                            {"HTTPS_PROXY", "http://bot:n0t-right@127.0.0.1:" + std::to_string(port)}};
         },
         "Host", "status 407", "HTTPS_PROXY=http://user:password@127.0.0.1:"},
        {"a workload of which no federation policy knows",
         [&token](World& world) {
             sandbox::FederationPolicy other;
             other.subject = "system:serviceaccount:elsewhere:genie-slack";
             return federated(world, token, other);
         },
         "Login", "invalid_grant", "Federation policies"},
        {"a token's file that is empty",
         [&token](World& world) {
             Changes changes = federated(world, token, {});
             std::ofstream(token.path()) << "";
             return changes;
         },
         "Login", "is empty", "Federation policies"},
        {"no space at all",
         [](World& world) {
             auto none = genie_fault("/genie/spaces?", 200);
             none.raw_body = R"({"spaces":[]})";
             world.genie().faults().calls.push_back(none);
             return Changes{};
         },
         "Genie spaces", "none is visible", "CAN RUN"},
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
        {"a database's port that is no PostgreSQL",
         [](World& world) {
             const auto port = answering_port(world, "HTTP/1.1 400 Bad Request\r\n\r\n");
             return Changes{{"IS_LOCAL", ""},  {"PGHOST", "127.0.0.1"},     {"PGPORT", std::to_string(port)},
                            {"PGUSER", "bot"}, {"PGPASSWORD", "n0t-right"}, {"PGSSLMODE", "disable"}};
         },
         "Login", "received", "no PostgreSQL"},
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
    std::erase_if(options.bot_scopes, [](const std::string& scope) {
        return scope == "channels:history" || scope == "files:write" || scope == "reactions:read";
    });
    BotWorld world(test::quick_genie(), options);
    const Outcome outcome = check(world, {}, {"check", "slack"});
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    const auto lines = lines_with(outcome.output, "FAILED");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], test::contains("Scopes: channels:history is missing, for: replies in threads"));
    CHECK_THAT(lines[0], test::contains("add the bot token scope channels:history"));
    CHECK_THAT(lines[1], test::contains("files:write"));
    const auto warnings = lines_with(outcome.output, "warning");
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], test::contains("Scopes: reactions:read is missing, and without it"));
    CHECK(outcome.output.find("databricks") == std::string::npos);
}

TEST_CASE("a bot without the scopes that it can do without is no broken one", "[check]") {
    auto options = test::with_manifest();
    std::erase_if(options.bot_scopes,
                  [](const std::string& scope) { return scope == "reactions:read" || scope == "users:read.email"; });
    BotWorld world(test::quick_genie(), options);
    const Outcome outcome = check(world, {}, {"check", "slack"});
    INFO(outcome.output);
    CHECK(outcome.code == 0);
    CHECK(lines_with(outcome.output, "FAILED").empty());
    const auto lines = lines_with(outcome.output, "warning");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], test::contains("reactions:read is missing, and without it a reaction is no rating"));
    CHECK_THAT(lines[1], test::contains("users:read.email is missing, and without it people do not find"));
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
        {"a host that says nothing of who asks",
         [](World& world) {
             auto odd = genie_fault("/scim/v2/Me", 200);
             odd.raw_body = "{}";
             world.genie().faults().calls.push_back(odd);
             return Changes{};
         },
         "Login", "names nobody", "DATABRICKS_HOST"},
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

TEST_CASE("a question that cannot be asked is wrong usage", "[check]") {
    BotWorld world;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"check", "--ask", ""}, std::vector<std::string>{"check", "databricks", "--ask", " "},
          std::vector<std::string>{"check", "slack", "--ask", "revenue by region"},
          std::vector<std::string>{"check", "database", "--ask", "revenue by region"}}) {
        const Outcome outcome = check(world, {}, arguments);
        INFO(outcome.output);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.output, test::contains("--ask"));
    }
    CHECK(world.slack().calls().empty());
    CHECK(world.genie().questions().empty());
}

TEST_CASE("a workload that a federation policy names is signed in by its token", "[check]") {
    BotWorld world;
    const File token("token", "");
    const Outcome outcome = check(world, federated(world, token, {}), {"check", "databricks"});
    INFO(outcome.output);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output,
               test::contains("Login: as ") && test::contains("by the token of another identity provider"));
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

}  // namespace check_test
