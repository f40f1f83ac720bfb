// The files for psql: queries, grants, and the verification of the environment.
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

#include "storage/lakebase/migrations.hpp"

#include <algorithm>
#include <sstream>

namespace scripts_test {

using namespace genie_slack;
using sql_test::Database;
using sql_test::PsqlResult;
using sql_test::Rows;

// Statements of a file, without its comments: none of them has a semicolon or "--" inside a text.
std::vector<std::string> statements(const std::string& file) {
    std::istringstream lines(sql_test::source_file(file));
    std::vector<std::string> found;
    std::string statement;
    for (std::string line; std::getline(lines, line);) {
        line = line.substr(0, line.find("--"));
        statement += line + "\n";
        if (!line.empty() && line.back() == ';') {
            found.push_back(std::move(statement));
            statement.clear();
        }
    }
    return found;
}

// A query of those files as a table q.
std::string table_of(const std::string& statement) {
    return "(" + statement.substr(0, statement.rfind(';')) + ") q";
}

std::string some_data() {
    return R"sql(
        SELECT fixture.user_(n, 'user' || n || '@example.com', '{"name": "N"}') FROM generate_series(1, 5) n;
        SELECT fixture.thread(n, 1 + n % 5, fixture.day(n)) FROM generate_series(1, 80) n;
        SELECT fixture.step(4 * n, n, 'user_message', fixture.day(n)),
               fixture.step(4 * n + 1, n, 'run', fixture.day(n, 1), parent => 4 * n),
               fixture.step(4 * n + 2, n, 'tool', fixture.day(n, 2), parent => 4 * n + 1),
               fixture.step(4 * n + 3, n, 'assistant_message', fixture.day(n, 5), n % 7 = 0, parent => 4 * n + 1,
                            metadata => jsonb_build_object('latency_ms', 1000 * n, 'genie', '{"space_id": "s"}'::jsonb))
        FROM generate_series(1, 80) n;
        SELECT fixture.feedback(n, n, 4 * n + 1, n % 2) FROM generate_series(1, 80) n;
        SELECT fixture.element(n, n, 'file') FROM generate_series(1, 80) n;
    )sql";
}

int lines_with(const std::string& text, const std::string& beginning) {
    std::istringstream lines(text);
    int count = 0;
    for (std::string line; std::getline(lines, line);)
        count += line.rfind(beginning, 0) == 0;
    return count;
}

TEST_CASE("every monitoring and analytics query runs, without data, with it, and with broken data", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    const std::vector<std::string> files = sql_test::source_files("sql/queries", ".sql");
    REQUIRE(files.size() >= 5);
    const auto run_all = [&] {
        int count = 0;
        for (const std::string& file : files)
            for (const std::string& statement : statements(file)) {
                INFO(file << ":\n" << statement);
                CHECK(database.error(statement) == "");
                ++count;
            }
        CHECK(count >= 35);
    };

    SECTION("without data, which is not taken for good or bad") {
        run_all();
        for (const std::string& statement : statements("sql/queries/data_quality_checks.sql")) {
            if (statement.find("Overall Quality Score") != std::string::npos)
                for (const auto& row : database.query(statement))
                    CHECK(row == std::vector<std::string>{row[0], "<null>", "NO DATA"});
            if (statement.find("VERY_STALE") != std::string::npos)
                for (const auto& row : database.query(statement))
                    CHECK(row == std::vector<std::string>{row[0], "<null>", "NO DATA"});
        }
        // Days without traffic are rows.
        CHECK(database.query(statements("sql/queries/user_analytics.sql").at(0)).size() == 30);
        CHECK(database.query(statements("sql/queries/databricks_analytics.sql").at(0)).size() == 60);
        const Rows lengths = database.query(statements("sql/queries/chat_analytics.sql").at(0));
        CHECK(lengths.size() == 6);
    }

    SECTION("with data") {
        database.query(some_data());
        run_all();
        const Rows lengths = database.query(statements("sql/queries/chat_analytics.sql").at(0));
        REQUIRE(lengths.size() == 6);
        CHECK(lengths[2][0] == "2-5");
        CHECK(lengths[2][2] == "100.00");
        for (const auto& row : database.query(statements("sql/queries/data_quality_checks.sql").at(0)))
            CHECK(row == std::vector<std::string>{row[0], row[1], "0", "PASS"});
        for (const auto& row : database.query(statements("sql/queries/data_quality_checks.sql").back()))
            CHECK(row[0] == "validation_complete");
        const Rows cohorts = database.query(statements("sql/queries/user_analytics.sql").at(3));
        CHECK_FALSE(cohorts.empty());
    }

    SECTION("months of retention count over the turn of the year") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.thread(1, 1, '2024-12-05T00:00:00Z'),
                   fixture.thread(2, 1, '2025-12-06T00:00:00Z');
        )sql");
        const Rows cohorts = database.query(statements("sql/queries/user_analytics.sql").at(3));
        REQUIRE(cohorts.size() == 2);
        CHECK(cohorts[1] == std::vector<std::string>{"2024-12-01", "1", "12", "1", "100.0"});
    }

    SECTION("who asks in a conversation that somebody else began is active, on the day of the question") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.user_(2, 'bob');
            INSERT INTO genie_app.people VALUES ('T1', 'UANN', fixture.id('user', 1)), ('T1', 'UBOB', fixture.id('user', 2));
            SELECT fixture.thread(n, 1, fixture.day(40)) FROM generate_series(1, 5) n;
            SELECT fixture.thread(10 + n, 1, fixture.day(20)) FROM generate_series(1, 5) n;
            SELECT fixture.step(10 * n, n, 'user_message', fixture.day(CASE WHEN n > 10 THEN 20 ELSE 40 END),
                                metadata => '{"slack": {"team": "T1", "user": "UANN"}}'),
                   fixture.step(10 * n + 1, n, 'user_message', fixture.day(1),
                                metadata => '{"slack": {"team": "T1", "user": "UBOB"}}'),
                   fixture.step(10 * n + 2, n, 'assistant_message', fixture.day(0)),
                   fixture.turn(10 * n, n, 'delivered'), fixture.turn(10 * n + 1, n, 'delivered')
            FROM (SELECT generate_series(1, 5) UNION SELECT generate_series(11, 15)) asked (n);
            UPDATE genie_app.turns SET user_id = CASE WHEN right(id, 1) = '0' THEN 'UANN' ELSE 'UBOB' END;
        )sql");
        const auto users = statements("sql/queries/user_analytics.sql");
        const Rows daily = database.query(users.at(0));
        REQUIRE(daily.size() == 30);
        // Today there was only an answer.
        CHECK(daily[0][1] == "0");
        CHECK(daily[1][1] == "1");
        CHECK(daily[20][1] == "1");
        CHECK(database.query("SELECT q.user_id, q.conversations FROM " + table_of(users.at(1)) + "") ==
              Rows{{"ann", "10"}, {"bob", "10"}});
        CHECK(database.query("SELECT q.user_id, q.conversations FROM " + table_of(users.at(2)) + "") ==
              Rows{{"ann", "5"}, {"bob", "5"}});
        CHECK(database.value("SELECT sum(q.cohort_users) FROM " + table_of(users.at(3)) +
                             " WHERE q.month_number = 0") == "2");
        const auto trends = statements("sql/queries/databricks_analytics.sql");
        CHECK(database.query("SELECT q.users, q.conversations FROM " + table_of(trends.at(0)) + " LIMIT 2") ==
              Rows{{"0", "0"}, {"1", "0"}});
        CHECK(database.query("SELECT q.user_id, q.conversations, q.recency FROM " + table_of(trends.at(1)) +
                             " ORDER BY q.user_id") == Rows{{"ann", "10", "4"}, {"bob", "10", "5"}});
        CHECK(database.query("SELECT q.user_id, q.churn_risk FROM " + table_of(trends.at(3)) + " ORDER BY q.user_id") ==
              Rows{{"ann", "Medium"}, {"bob", "Active"}});
    }

    SECTION("what failed or was stopped is no answer of a space, and has no response time") {
        database.query(R"sql(
            SELECT fixture.thread(1);
            SELECT fixture.step(10 * n, 1, 'run', fixture.iso('1 hour'), n = 2, metadata => run),
                   fixture.step(10 * n + 1, 1, 'assistant_message', fixture.iso('1 hour'), n = 2, parent => 10 * n,
                                metadata => jsonb_build_object('latency_ms', 4000 * n, 'genie', '{"space_id": "s"}'::jsonb))
            FROM (VALUES (1, '{}'::jsonb), (2, '{"error": "genie_failed"}'), (3, '{"error": "stopped"}')) AS ended (n, run);
        )sql");
        const auto chats = statements("sql/queries/chat_analytics.sql");
        CHECK(database.value("SELECT sum(q.measured_answers) || ' ' || max(q.p95_response_seconds) FROM " +
                             table_of(chats.at(1)) + "") == "1 4.00");
        const auto with = [&chats](const std::string& word) {
            return *std::find_if(chats.begin(), chats.end(),
                                 [&word](const std::string& text) { return text.find(word) != std::string::npos; });
        };
        CHECK(database.query(with("space_id")) == Rows{{"s", "1", "1", "4.00"}});
        CHECK(database.value("SELECT sum(q.answers) || ' ' || max(q.p99_seconds) FROM " +
                             table_of(statements("sql/queries/databricks_analytics.sql").at(4))) == "1 4.00");
    }

    SECTION("with times that are none and impossible ratings") {
        database.query(some_data() + R"sql(
            UPDATE steps SET "createdAt" = (ARRAY['', 'now', '2025-02-30T00:00:00Z', NULL])[1 + ascii(right(id::text, 1)) % 4],
                             "start" = 'x', "end" = '', "metadata" = '[]' WHERE right(id::text, 1) < '5';
            UPDATE threads SET "createdAt" = (ARRAY['', 'now', NULL])[1 + ascii(right(id::text, 1)) % 3], "metadata" = NULL
            WHERE right(id::text, 1) < '5';
            UPDATE users SET "createdAt" = 'then', "metadata" = '"text"';
            UPDATE feedbacks SET value = 9 WHERE right(id::text, 1) < '5';
        )sql");
        run_all();
        for (const char* view : {"user_summary_view", "chat_summary_view", "performance_dashboard_view"})
            CHECK(database.error("SELECT * FROM " + std::string(view)) == "");
        CHECK(database.error("SELECT * FROM cleanup_old_conversations('1 day')") == "");
    }
}

TEST_CASE("the environment script passes on a good database and fails on one with something missing", "[sql]") {
    const Database database;
    const std::string script = "sql/setup_sql_environment.sql";

    SECTION("complete") {
        const PsqlResult result = sql_test::run_psql(database, script);
        INFO(result.output);
        CHECK(result.exit_code == 0);
        CHECK(lines_with(result.output, "FAIL") == 0);
        CHECK(lines_with(result.output, "PASS | table | ") == 13);
        CHECK(lines_with(result.output, "PASS | index | ") == 11);
        CHECK(lines_with(result.output, "PASS | view | ") == 4);
        CHECK(lines_with(result.output, "PASS | function | ") == 9);
        CHECK(lines_with(result.output, "PASS | data | ") == 5);
    }

    SECTION("each missing thing is a line and the exit code is not zero") {
        const auto failure = [&](const std::string& damage, const std::string& line) {
            const Database damaged;
            damaged.query(damage);
            const PsqlResult result = sql_test::run_psql(damaged, script);
            INFO(damage << "\n" << result.output);
            CHECK(result.exit_code == 3);
            CHECK(lines_with(result.output, line) == 1);
            CHECK(lines_with(result.output, "FAIL | ") >= 2);
            CHECK(lines_with(result.output, "PASS | everything") == 0);
        };
        failure("DROP INDEX idx_steps_created_at", "FAIL | index | idx_steps_created_at | missing: CREATE INDEX");
        failure("DROP INDEX idx_elements_for_id; CREATE INDEX idx_elements_for_id ON elements (name)",
                "FAIL | index | idx_elements_for_id | is another one");
        failure("ALTER TABLE elements DROP COLUMN \"autoPlay\"", "FAIL | columns | elements | missing: autoPlay");
        failure("DROP VIEW chat_summary_view", "FAIL | view | chat_summary_view | missing");
        failure("DROP VIEW user_summary_view; CREATE VIEW user_summary_view AS SELECT 1 AS one",
                "FAIL | view | user_summary_view | has other columns: one");
        failure("DROP FUNCTION system_health_check()", "FAIL | function | system_health_check() | missing");
        failure("DROP TABLE feedbacks CASCADE", "FAIL | table | genie_app.feedbacks | missing");
        failure("GRANT SELECT ON users TO PUBLIC",
                "FAIL | privilege | nothing for PUBLIC on tables and views | genie_app.users");
        failure("GRANT EXECUTE ON FUNCTION reindex_tables() TO PUBLIC",
                "FAIL | privilege | nothing for PUBLIC on functions | genie_app.reindex_tables");
        failure("INSERT INTO threads (\"id\") VALUES (gen_random_uuid())",
                "FAIL | data | threads | 1 records, 0 valid, POOR");
    }

    SECTION("a role without rights is told so, and the schema may have any name") {
        sql_test::create_login(database, "nobody_special");
        const PsqlResult stranger = sql_test::run_psql(database, script, {}, "nobody_special");
        INFO(stranger.output);
        CHECK(stranger.exit_code == 3);
        CHECK(lines_with(stranger.output, "FAIL | schema | genie_app | missing, or role nobody_special lacks USAGE") ==
              1);
        CHECK(lines_with(stranger.output, "FAIL | privilege | SELECT on users | role nobody_special") == 1);
        CHECK(lines_with(stranger.output, "PASS | index | ") == 11);

        const Database other(test::create_empty_database());
        auto settings = test::database_settings(test::shared_postgres(), other.name());
        settings.chat_schema = "Chat's box";
        storage::Login login;
        login.password = Secret(test::kAppPassword);
        storage::lakebase::Session session(settings, login);
        storage::lakebase::migrate(session, settings);
        const PsqlResult renamed = sql_test::run_psql(other, script, {"chainlit_schema=Chat's box"});
        CHECK(renamed.exit_code == 0);
        CHECK(lines_with(renamed.output, "PASS | table | \"Chat's box\".") == 5);
        CHECK(sql_test::run_psql(other, script).exit_code == 3);
        CHECK(other.value("SELECT count(*) FROM \"Chat's box\".performance_dashboard_view") == "30");
        CHECK(other.value("SELECT string_agg(alert_level, ' ') FROM \"Chat's box\".system_health_check() "
                          "WHERE alert_level IN ('WARNING', 'CRITICAL')") == "<null>");
        CHECK(other.value("SELECT deleted_threads FROM \"Chat's box\".cleanup_old_conversations('180 days')") == "0");
    }
}

TEST_CASE("a reader only reads, a Chainlit app only writes chats, everybody else does nothing", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    database.query("SELECT fixture.user_(1, 'ann'), fixture.thread(1, 1), fixture.step(1, 1, 'run')");
    for (const char* role : {"Analysts of chats", "web-app", "fresh"})
        sql_test::create_login(database, role);
    const PsqlResult granted =
        sql_test::run_psql(database, "sql/grants.sql", {"reader_role=Analysts of chats", "chainlit_role=web-app"});
    INFO(granted.output);
    REQUIRE(granted.exit_code == 0);
    for (const char* hint : {"  psql:     PGOPTIONS='-csearch_path=genie_app' psql ...\n",
                             "  psycopg:  connect_args={\"options\": \"-csearch_path=genie_app\"}\n",
                             "  asyncpg:  connect_args={\"server_settings\": {\"search_path\": \"genie_app\"}}\n"})
        CHECK_THAT(granted.output, test::contains(hint));
    const auto allowed = [&database](const std::string& role, const std::string& statement) {
        const std::string error = database.error_as(role, statement);
        if (!error.empty())
            CHECK_THAT(error, test::contains("permission denied"));
        return error.empty();
    };
    const std::string reader = "Analysts of chats";
    const std::string app = "web-app";
    const std::vector<std::string> tables{"users", "threads", "steps", "elements", "feedbacks"};
    const std::vector<std::string> views{"user_summary_view", "chat_summary_view", "performance_dashboard_view",
                                         "thread_askers_view"};
    const std::vector<std::string> own_tables{"conversation_tracker", "turns",          "events", "ratings", "people",
                                              "question_permits",     "question_pauses"};

    SECTION("the reader") {
        for (const std::string& table : tables) {
            CHECK(allowed(reader, "SELECT * FROM " + table));
            CHECK_FALSE(allowed(reader, "DELETE FROM " + table));
            CHECK_FALSE(allowed(reader, "INSERT INTO " + table + " DEFAULT VALUES"));
            CHECK_FALSE(allowed(reader, "UPDATE " + table + " SET id = id"));
        }
        for (const std::string& view : views)
            CHECK(allowed(reader, "SELECT * FROM " + view));
        CHECK(database.query_as(reader,
                                "SELECT user_id, total_conversations, total_interactions FROM "
                                "user_summary_view") == Rows{{"ann", "1", "1"}});
        for (const char* call : {"system_health_check()", "create_archive_summary('2025-01-01')"})
            CHECK(allowed(reader, "SELECT * FROM " + std::string(call)));
        CHECK(database
                  .query_as(reader,
                            "SELECT alert_message FROM system_health_check() WHERE alert_message LIKE "
                            "'%not checked%'")
                  .empty());
        for (const char* call : {"cleanup_old_conversations('180 days')", "cleanup_orphaned_records()",
                                 "validate_and_fix_data()", "update_table_statistics()", "reindex_tables()"})
            CHECK_FALSE(allowed(reader, "SELECT * FROM " + std::string(call)));
        for (const std::string& table : own_tables)
            CHECK_FALSE(allowed(reader, "SELECT * FROM genie_app." + table));
        for (const char* file : {"user_analytics", "chat_analytics", "databricks_analytics", "system_health"})
            for (const std::string& statement : statements("sql/queries/" + std::string(file) + ".sql")) {
                INFO(statement);
                CHECK(allowed(reader, statement));
            }
        CHECK(sql_test::run_psql(database, "sql/setup_sql_environment.sql", {}, reader).exit_code == 0);
    }

    SECTION("the Chainlit app") {
        CHECK(allowed(app, R"sql(
            INSERT INTO users VALUES (gen_random_uuid(), 'bob', '{}', '2025-01-02T03:04:05.000000Z');
            INSERT INTO threads ("id", "userId") SELECT gen_random_uuid(), "id" FROM users WHERE identifier = 'bob';
            UPDATE threads SET "name" = 'n' WHERE "name" IS NULL;
            INSERT INTO steps ("id", "name", "type", "threadId", "streaming")
                SELECT gen_random_uuid(), 'on_message', 'run', "id", false FROM threads WHERE "name" = 'n';
            DELETE FROM threads WHERE "name" = 'n';
        )sql"));
        for (const std::string& table : own_tables) {
            CHECK_FALSE(allowed(app, "SELECT * FROM genie_app." + table));
            CHECK_FALSE(allowed(app, "DELETE FROM genie_app." + table));
        }
        CHECK(allowed(app, "SELECT * FROM thread_askers_view"));
        CHECK_FALSE(allowed(app, "CREATE TABLE mine (x int)"));
        CHECK_FALSE(allowed(app, "SELECT * FROM user_summary_view"));
        CHECK_FALSE(allowed(app, "SELECT genie_app.cleanup_old_conversations()"));
        // The chat tables share the schema of the bot's own: what the bot makes next is not the app's.
        database.query("CREATE TABLE genie_app.later (x int)");
        CHECK_FALSE(allowed(app, "SELECT * FROM genie_app.later"));
    }

    SECTION("everybody else") {
        for (const std::string& relation : tables)
            CHECK_FALSE(allowed("fresh", "SELECT * FROM genie_app." + relation));
        for (const std::string& relation : views)
            CHECK_FALSE(allowed("fresh", "SELECT * FROM genie_app." + relation));
        CHECK_FALSE(allowed("fresh", "SELECT * FROM genie_app.system_health_check()"));
        CHECK_FALSE(allowed("fresh", "SELECT genie_app.iso_timestamp('')"));
        CHECK(database.value("SELECT has_schema_privilege('fresh', 'genie_app', 'USAGE')") == "f");
    }

    SECTION("again, alone, or without a role") {
        CHECK(sql_test::run_psql(database, "sql/grants.sql", {"reader_role=fresh"}).exit_code == 0);
        CHECK(allowed("fresh", "SELECT * FROM user_summary_view"));
        CHECK(sql_test::run_psql(database, "sql/grants.sql").exit_code == 3);
        CHECK(sql_test::run_psql(database, "sql/grants.sql", {"reader_role=no such role"}).exit_code == 3);
    }

    // Roles belong to the server, which the next section shares.
    for (const char* role : {"Analysts of chats", "web-app", "fresh"})
        database.admin("DROP OWNED BY \"" + std::string(role) + "\"; DROP ROLE \"" + role + "\"");
}

TEST_CASE("in a schema of its own the Chainlit app also gets the tables to come", "[sql]") {
    const Database database(test::create_empty_database());
    auto settings = test::database_settings(test::shared_postgres(), database.name());
    settings.chat_schema = "chainlit";
    storage::Login login;
    login.password = Secret(test::kAppPassword);
    storage::lakebase::Session session(settings, login);
    storage::lakebase::migrate(session, settings);
    sql_test::create_login(database, "web");
    REQUIRE(
        sql_test::run_psql(database, "sql/grants.sql", {"chainlit_role=web", "chainlit_schema=chainlit"}).exit_code ==
        0);
    database.query("CREATE TABLE chainlit.later (x int); CREATE TABLE genie_app.later (x int)");
    CHECK(database.error_as("web", "INSERT INTO chainlit.later VALUES (1); SELECT * FROM chainlit.steps") == "");
    CHECK_THAT(database.error_as("web", "SELECT * FROM genie_app.later"), test::contains("permission denied"));
}

}  // namespace scripts_test
