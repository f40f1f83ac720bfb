// The real binary with a real PostgreSQL, whose password is the credential that the local Databricks issues.
#include "tests/e2e/bot/bot_world.hpp"
#include "tests/support/postgres.hpp"

#include <iterator>
#include <sstream>

namespace database_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::free_port;
using test::get;
using test::PostgresServer;

constexpr const char* kRole = "sandbox-client";  // the client id of the service principal
constexpr const char* kDatabase = "databricks_postgres";

// As Lakebase: the credential is the password until it expires; it is looked at when a session logs in.
void accept_credential(PostgresServer& server, const sandbox::DatabaseGrant& grant) {
    try {
        server.query("postgres", "ALTER ROLE \"" + std::string(kRole) + "\" PASSWORD '" + grant.token +
                                     "' VALID UNTIL '" + format_utc(grant.expires) + "'");
    } catch (const std::exception&) {
        // The database is down just now: nobody can log in anyway.
    }
}

sandbox::GenieOptions genie_with(PostgresServer& server, int credential_seconds, Duration status_time) {
    sandbox::GenieOptions options = test::quick_genie();
    options.status_time = status_time;
    options.lakebase.credential_seconds = credential_seconds;
    options.lakebase.on_grant = [&server](const sandbox::DatabaseGrant& grant) { accept_credential(server, grant); };
    return options;
}

struct DatabaseWorld {
    explicit DatabaseWorld(int credential_seconds = 3600, sandbox::SlackOptions slack_options = {},
                           Duration status_time = Duration::zero())
        : world(genie_with(server, credential_seconds, status_time), std::move(slack_options)) {
        server.create_role(kRole, "never issued");
        server.query("postgres", "CREATE DATABASE databricks_postgres");
        server.query("postgres", "GRANT CONNECT, CREATE ON DATABASE databricks_postgres TO \"sandbox-client\"");
    }

    std::map<std::string, std::string> variables() {
        return {{"IS_LOCAL", ""},
                {"DATABRICKS_TOKEN", ""},
                {"DATABRICKS_CLIENT_ID", world.genie().options().client_id},
                {"DATABRICKS_CLIENT_SECRET", world.genie().options().client_secret},
                {"LAKEBASE_ENDPOINT", world.genie().options().lakebase.endpoints.at(0)},
                {"PGHOST", "127.0.0.1"},
                {"PGPORT", std::to_string(server.port())},
                {"PGDATABASE", kDatabase},
                {"PGSSLMODE", "verify-full"},
                {"PGSSLROOTCERT", server.ca_file()}};
    }
    std::string value(const std::string& statement) { return server.value(kDatabase, statement); }

    PostgresServer server;
    BotWorld world;
};

TEST_CASE("what was asked before a restart is remembered in the database", "[database]") {
    DatabaseWorld here;
    BotWorld& world = here.world;
    const std::uint16_t port = free_port(world.context());
    auto with_port = here.variables();
    with_port["PORT"] = std::to_string(port);
    world.start_connected(with_port);
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const std::string numbers = get(world.context(), port, "/metrics");
    for (const char* line : {"genie_slack_storage_seconds_count{call=\"accept_turns\"} ",
                             "genie_slack_storage_seconds_count{call=\"claim_turns\"} ",
                             "genie_slack_storage_sessions 4\n", "genie_slack_storage_batch_calls_bucket{le=\"1\"} "})
        CHECK_THAT(numbers, test::contains(line));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);

    world.start_connected(here.variables());
    // No mention: the thread is known to be ours.
    world.slack().say(world.person(), world.channel(), "and by month?", ts);
    REQUIRE(world.wait([&] { return world.answers(world.channel(), ts).size() == 2; }));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[0].conversation_id == world.genie().questions()[1].conversation_id);

    REQUIRE(world.wait(
        [&] { return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered'") == "2"; }));
    CHECK(here.value("SELECT conversation_id FROM genie_app.conversation_tracker") ==
          world.genie().questions()[0].conversation_id);
    CHECK(here.server.query(kDatabase, "SELECT type FROM genie_app.steps ORDER BY \"createdAt\"") ==
          PostgresServer::Rows{{"user_message"},
                               {"run"},
                               {"tool"},
                               {"assistant_message"},
                               {"user_message"},
                               {"run"},
                               {"tool"},
                               {"assistant_message"}});
    CHECK(here.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    const std::string log = world.bot().output();
    for (const auto& grant : world.genie().database_grants())
        CHECK(log.find(grant.token.substr(0, 40)) == std::string::npos);
    CHECK(log.find("by month") == std::string::npos);
}

TEST_CASE("the CSV file of an answer is an element of its thread in the database", "[database][csv]") {
    DatabaseWorld here;
    BotWorld& world = here.world;
    world.slack().faults().refused_blocks = {"data_table"};
    world.start_connected(here.variables());
    const std::string ts = world.ask("Show the customer notes");
    REQUIRE(world.wait([&] { return !world.files(world.channel(), ts).empty(); }));
    REQUIRE(world.wait(
        [&] { return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered'") == "1"; }));
    CHECK(world.files(world.channel(), ts).size() == 1);
    // Its content, which opens for who is not signed in to Slack, too.
    CHECK(here.server.query(kDatabase,
                            "SELECT e.name, left(e.url, 28), s.type FROM genie_app.elements e "
                            "JOIN genie_app.steps s ON s.id = e.\"forId\" AND s.\"threadId\" = e.\"threadId\" "
                            "WHERE e.type = 'file'") ==
          PostgresServer::Rows{{"Customer_notes.csv", "data:text/csv;charset=utf-8,", "assistant_message"}});
}

TEST_CASE("a result that is too long for the database is an element that leads to its file", "[database][csv]") {
    DatabaseWorld here;
    BotWorld& world = here.world;
    world.start_connected(here.variables());
    const std::string ts = world.ask("List all orders");
    REQUIRE(world.wait([&] { return !world.files(world.channel(), ts).empty(); }));
    REQUIRE(world.wait(
        [&] { return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered'") == "1"; }));
    const auto files = world.files(world.channel(), ts);
    REQUIRE(files.size() == 1);
    CHECK(here.server.query(kDatabase, "SELECT type, url FROM genie_app.elements") ==
          PostgresServer::Rows{{"file", std::string(files[0].at("permalink").as_string())}});
}

TEST_CASE("credentials that live for seconds are replaced at each login", "[database]") {
    DatabaseWorld here(3);
    BotWorld& world = here.world;
    world.start_connected(here.variables());
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    for (int i = 0; i < 3; ++i) {
        // What the sessions logged in with is of no use to new ones any more.
        const auto expires = world.genie().database_grants().back().expires;
        REQUIRE(world.wait([&] { return wall_now() > expires; }));
        here.server.query("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" +
                                          std::string(kRole) + "'");
        world.slack().say(world.person(), world.channel(), "and by month?", ts);
        REQUIRE(world.wait([&] {
            return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered'") ==
                   std::to_string(i + 2);
        }));
    }
    CHECK(world.genie().database_grants().size() >= 4);
}

TEST_CASE("a question while the database is down is told, not acknowledged, and answered afterwards", "[database]") {
    sandbox::SlackOptions slack;
    slack.ack_timeout = 2s;
    slack.retry_after = {500ms, 4s, 8s};
    DatabaseWorld here(3600, std::move(slack));
    BotWorld& world = here.world;
    const std::uint16_t port = free_port(world.context());
    auto variables = here.variables();
    variables["PORT"] = std::to_string(port);
    here.server.stop();

    // Down at the start: Slack is connected all the same, and /readyz says why nothing works.
    world.start_connected(variables);
    std::string readiness;
    REQUIRE(world.wait([&] {
        readiness = get(world.context(), port, "/readyz");
        return readiness.find("\"part\":\"storage\"") != std::string::npos;
    }));
    CHECK_THAT(readiness, test::contains("HTTP/1.1 503"));
    CHECK_THAT(readiness, test::contains("onnection"));

    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return !world.notes(world.channel(), ts).empty(); }));
    CHECK_THAT(world.notes(world.channel(), ts)[0].text, test::contains("cannot save your question"));
    CHECK(world.genie().questions().empty());

    here.server.start();
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.answers(world.channel(), ts).size() == 1);
    CHECK(world.notes(world.channel(), ts).size() == 1);
    REQUIRE(
        world.wait([&] { return get(world.context(), port, "/readyz").find("HTTP/1.1 200") != std::string::npos; }));
}

TEST_CASE("a database that goes away in the middle of a question delays its answer and loses nothing", "[database]") {
    DatabaseWorld here(3600, {}, 300ms);
    BotWorld& world = here.world;
    world.start_connected(here.variables());
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 1; }));
    here.server.kill();
    CHECK_FALSE(world.wait([&] { return false; }, 2s));
    here.server.start();
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.wait(
        [&] { return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered'") == "1"; }));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.answers(world.channel(), ts).size() == 1);
}

TEST_CASE("a token that is revoked while a question runs ends the process, and the next one answers", "[database]") {
    DatabaseWorld here(3600, {}, 300ms);
    BotWorld& world = here.world;
    world.start_connected(here.variables());
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 1; }));
    sandbox::SlackFaults::CallFault revoked;
    revoked.method = "*";
    revoked.error = "token_revoked";
    revoked.times = 100'000;
    world.slack().faults().calls.push_back(revoked);
    CHECK(world.wait_for_exit(60s) == 1);
    CHECK_THAT(world.bot().output(), test::contains("slack.refused_token"));
    CHECK(here.value("SELECT state FROM genie_app.turns") != "failed");
    world.slack().faults().calls.clear();
    world.start_connected(here.variables());
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.genie().questions().size() == 1);
}

TEST_CASE("a killed process's stream goes where it would stay above the answer", "[database][kept_stream]") {
    DatabaseWorld here(3600, {}, 10s);
    BotWorld& world = here.world;
    world.slack().faults().keeps_streamed = true;
    world.start_connected(here.variables());
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "stop_turn"));
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 1; }));
    world.bot().signal(SIGKILL);
    world.wait_for_exit();
    REQUIRE(world.answers(world.channel(), ts).back().streaming);
    world.start_connected(here.variables());
    world.genie().finish_questions();
    REQUIRE(world.wait([&] {
        const auto all = world.answers(world.channel(), ts);
        return all.size() == 1 && BotWorld::shown(all[0]).find("rate_answer") != std::string::npos &&
               test::find_element(all[0], "stop_turn").empty();
    }));
    const auto answer = world.answers(world.channel(), ts)[0];
    CHECK_THAT(BotWorld::shown(answer), !test::contains("stop_turn") && !test::contains("task_card"));
    CHECK_FALSE(answer.streaming);
    CHECK(world.genie().questions().size() == 1);
    REQUIRE(world.wait([&] {
        return here.value("SELECT count(*) FROM genie_app.turns WHERE state = 'delivered' AND progress_ts = '" +
                          answer.ts + "'") == "1";
    }));
}

// The columns of the line of a table that follows the header with that first column.
std::vector<std::string> first_row(const std::string& output, const std::string& column) {
    std::istringstream lines(output);
    std::string line;
    while (std::getline(lines, line) && !line.starts_with(column + " ")) {
    }
    std::getline(lines, line);
    std::istringstream fields(line);
    return {std::istream_iterator<std::string>(fields), {}};
}

TEST_CASE("stats counts who asked, a failed question is one error, and totals and days agree", "[database]") {
    DatabaseWorld here;
    BotWorld& world = here.world;
    world.start_connected(here.variables());
    const auto finished = [&](int count) {
        return world.wait([&] {
            return here.value("SELECT count(*) FROM genie_app.turns WHERE state IN ('delivered', 'failed')") ==
                   std::to_string(count);
        });
    };
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(finished(1));
    world.genie().faults().outcomes = {"FAILED"};
    world.slack().say(world.person(), world.channel(), world.mention() + "and by month?", ts);
    REQUIRE(finished(2));
    // Somebody else asks in the same thread.
    sandbox::SlackUser colleague;
    colleague.id = "U0COLLEAGUE";
    colleague.name = "colleague";
    colleague.email = "colleague@example.com";
    world.slack().add_user(colleague);
    world.slack().say("U0COLLEAGUE", world.channel(), world.mention() + "and by product?", ts);
    REQUIRE(finished(3));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);

    world.start(here.variables(), {"stats"});
    REQUIRE(world.wait_for_exit() == 0);
    const std::string output = world.bot().output();
    INFO(output);
    // users, threads, questions, answers, errors, ratings
    CHECK(first_row(output, "users") == std::vector<std::string>{"2", "1", "3", "2", "1", "0"});
    auto today = first_row(output, "day");
    REQUIRE(today.size() == 10);
    // day, threads, users, questions, answers, errors, error %
    CHECK(std::vector<std::string>(today.begin() + 1, today.begin() + 7) ==
          std::vector<std::string>{"1", "2", "3", "2", "1", "33.33"});
    CHECK(
        here.value("SELECT daily_errors FROM genie_app.performance_dashboard_view ORDER BY metric_date DESC LIMIT 1") ==
        "1");
    CHECK(here.value("SELECT error_count FROM genie_app.chat_summary_view") == "1");
    CHECK(here.value("SELECT sum(error_count) FROM genie_app.user_summary_view") == "1");
}

TEST_CASE("a dropped table makes the process unready, by its own reason, until it is there again", "[database]") {
    DatabaseWorld here;
    BotWorld& world = here.world;
    const std::uint16_t port = free_port(world.context());
    auto with_port = here.variables();
    with_port["PORT"] = std::to_string(port);
    world.start_connected(with_port);
    std::string ready;
    const auto shows = [&](const std::string& text) {
        ready = get(world.context(), port, "/readyz");
        return ready.find(text) != std::string::npos;
    };
    REQUIRE(world.wait([&] { return shows("HTTP/1.1 200"); }));
    here.server.query(kDatabase, "ALTER TABLE genie_app.events RENAME TO gone");
    world.ask("revenue by region");
    REQUIRE(world.wait([&] { return shows("HTTP/1.1 503"); }));
    CHECK_THAT(ready, test::contains(R"({"part":"schema","reason":"the database lacks)"));
    for (const char* hidden : {"events", "genie_app", kRole, kDatabase})
        CHECK(ready.find(hidden) == std::string::npos);
    CHECK_THAT(world.bot().output(), test::contains("health.not_ready") && test::contains("genie_app.events"));

    here.server.query(kDatabase, "ALTER TABLE genie_app.gone RENAME TO events");
    CHECK(world.wait([&] { return shows("HTTP/1.1 200"); }));
}

}  // namespace database_test
