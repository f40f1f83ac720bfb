// system_health_check(): BI Hub's alerts and the storage's own checks.
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

namespace health_test {

using namespace genie_slack;
using sql_test::Database;
using sql_test::Rows;

// "LEVEL metric/threshold" of the one row whose message begins so.
std::string alert(const Database& database, const std::string& message) {
    const Rows rows = database.query(
        "SELECT alert_level || ' ' || coalesce(metric_value::text, 'NULL') || '/' || "
        "coalesce(threshold_value::text, 'NULL') FROM system_health_check() WHERE alert_message LIKE '" +
        message + "%'");
    return rows.empty() ? "" : rows.size() == 1 ? rows[0][0] : "several";
}

std::string bad_ones(const Database& database) {
    return database.value(
        "SELECT coalesce(string_agg(alert_message, '; '), '') FROM system_health_check() "
        "WHERE alert_level IN ('WARNING', 'CRITICAL')");
}

TEST_CASE("the health check says what is wrong and always says something", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    const std::string healthy = "OK NULL/NULL";

    SECTION("of traffic: nothing happened, all is well, errors, slow answers") {
        CHECK(alert(database, "No recent activity detected") == "INFO 0/1.0");
        CHECK(alert(database, "All systems healthy") == "");
        CHECK(bad_ones(database) == "");

        // Activity without an answer, which has no response time: the original returned no row at all.
        database.query("SELECT fixture.thread(1), fixture.step(1, 1, 'user_message')");
        CHECK(alert(database, "No recent activity detected") == "");
        CHECK(alert(database, "All systems healthy") == healthy);

        database.query("SELECT fixture.step(2, 1, 'assistant_message', metadata => '{\"latency_ms\": 30000}')");
        CHECK(alert(database, "Slow response times detected") == "");
        database.query("SELECT fixture.step(3, 1, 'assistant_message', metadata => '{\"latency_ms\": 31000}')");
        CHECK(alert(database, "Slow response times detected") == "WARNING 30.50/30.0");
        CHECK(alert(database, "All systems healthy") == "");
        database.query(
            "UPDATE steps SET metadata = '{}'; "
            "SELECT fixture.step(10 + n, 1, 'run', is_error => n = 1) FROM generate_series(1, 17) n");
        CHECK(alert(database, "High error rate detected") == "");
        database.query("UPDATE steps SET \"isError\" = true WHERE id = fixture.id('step', 12)");
        CHECK(alert(database, "High error rate detected") == "WARNING 10.00/5.0");

        // Yesterday's errors are no longer news, and a question in an old conversation is activity.
        database.query(
            "UPDATE steps SET \"createdAt\" = fixture.iso('25 hours'); "
            "UPDATE threads SET \"createdAt\" = fixture.iso('90 days')");
        CHECK(bad_ones(database) == "");
        CHECK(alert(database, "No recent activity detected") == "INFO 0/1.0");
        database.query("SELECT fixture.step(40, 1, 'user_message')");
        CHECK(alert(database, "All systems healthy") == healthy);
        CHECK(alert(database, "Seconds since the last step").rfind("OK 6", 0) == 0);
    }

    SECTION("of data: rows that cannot be shown or counted") {
        database.query(R"sql(
            ALTER TABLE steps DROP CONSTRAINT "steps_threadId_fkey";
            ALTER TABLE elements DROP CONSTRAINT "elements_threadId_fkey";
            SELECT fixture.thread(1), fixture.step(1, 1, 'run'), fixture.step(2, 9, 'run'), fixture.element(1, 9, 'file'),
                   fixture.element(2, NULL, 'file');
            SELECT fixture.feedback(n, 1, 1, 1) FROM generate_series(1, 3) n;
            SELECT fixture.step(3, 1, 'run', output => NULL), fixture.step(4, 1, 'run', NULL),
                   fixture.step(5, 1, 'run', ''), fixture.step(6, 1, 'run', '2025-02-30T00:00:00.000000Z'),
                   fixture.thread(2, NULL, NULL), fixture.thread(3, NULL, 'now');
        )sql");
        CHECK(alert(database, "Records without a thread") == "WARNING 2/0");
        CHECK(alert(database, "Steps with more than one feedback") == "WARNING 1/0");
        CHECK(alert(database, "Steps with NULL output") == "WARNING 1/0");
        CHECK(alert(database, "Threads and steps with NULL createdAt") == "WARNING 2/0");
        CHECK(alert(database, "Threads and steps whose createdAt") == "WARNING 3/0");
        CHECK(alert(database, "All systems healthy") == "");

        // In a large table not all times are read, but those that are none still show.
        database.admin("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'genie_app.steps'::regclass");
        CHECK(alert(database,
                    "Threads and steps whose createdAt is no ISO 8601 time: they count on no day (of the last 7 "
                    "days)") == "WARNING 2/0");
    }

    SECTION("of questions: what waits, whose owner is gone, what could not be written") {
        database.query(R"sql(
            SELECT fixture.turn(1, 1, 'delivered', now() - interval '1 day'), fixture.turn(2, 2, 'awaiting_space',
                                                                                           now() - interval '1 day'),
                   fixture.turn(3, 3, 'asked', now() - interval '800 seconds', now() - interval '1 minute');
        )sql");
        CHECK(bad_ones(database) == "");
        CHECK(alert(database, "Questions being worked on") == "OK 1/NULL");
        CHECK(alert(database, "Questions waiting for somebody") == "OK 1/NULL");
        // Time goes on while the test runs.
        const std::string waits = alert(database, "Seconds that the oldest");
        CHECK(waits.starts_with("OK 8"));
        CHECK(waits.ends_with("/900"));
        database.query(R"sql(
            UPDATE genie_app.turns SET received_at = now() - interval '1000 seconds',
                                       lease_until = now() - interval '3 minutes' WHERE id = 'turn 3';
            INSERT INTO genie_app.dead_letters (kind, turn_id, sqlstate, detail) VALUES ('rows', 'turn 1', '22P05', '');
        )sql");
        CHECK(alert(database, "Seconds that the oldest").starts_with("WARNING 10"));
        CHECK(alert(database, "Questions whose lease expired") == "WARNING 1/0");
        CHECK(alert(database, "Rows that could not be written") == "WARNING 1/0");
    }

    SECTION("of the schema: version, columns, indexes") {
        CHECK(alert(database, "Schema version") ==
              "OK " + database.value("SELECT max(version) FROM genie_app.schema_version") + "/NULL");
        database.query(
            "DROP INDEX idx_steps_created_at; DROP INDEX idx_feedbacks_for_id; "
            "CREATE INDEX idx_feedbacks_for_id ON feedbacks (value)");
        CHECK(alert(database, "Index idx_steps_created_at is missing") == "WARNING 1/0");
        CHECK(alert(database, "Index idx_threads_started_at on genie_app.threads is missing").empty());
        database.query("DROP INDEX idx_threads_started_at");
        CHECK(alert(database, "Index idx_threads_started_at on genie_app.threads is missing") == "INFO 1/0");
        CHECK(alert(database, "Index idx_feedbacks_for_id is missing, invalid or of another definition") ==
              "WARNING 1/0");
        database.admin(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = "
            "'genie_app.idx_elements_for_id'::regclass");
        CHECK(alert(database, "Invalid indexes") == "WARNING 1/0");
        CHECK(alert(database, "Index idx_elements_for_id") == "WARNING 1/0");

        database.query(
            "ALTER TABLE steps DROP COLUMN \"autoCollapse\"; DROP VIEW chat_summary_view, "
            "performance_dashboard_view, user_summary_view; ALTER TABLE steps DROP COLUMN \"isError\" CASCADE");
        CHECK(alert(database,
                    "Column \"autoCollapse\" of genie_app.steps is missing: ALTER TABLE genie_app.steps ADD "
                    "COLUMN \"autoCollapse\" boolean;") == "CRITICAL 1/0");
        CHECK(alert(database, "Column \"isError\"") == "CRITICAL 1/0");
        CHECK(alert(database, "Chat tables not checked") == "CRITICAL NULL/NULL");
        CHECK(alert(database, "Connections used").rfind("OK ", 0) == 0);
        database.query("DROP TABLE genie_app.schema_version");
        CHECK(alert(database, "No schema version is recorded") == "CRITICAL NULL/NULL");
    }

    SECTION("of the server, as far as a role may look that owns nothing") {
        CHECK(alert(database, "Connections used of 5").rfind("OK ", 0) == 0);
        CHECK(alert(database, "Seconds of the longest transaction").rfind("OK ", 0) == 0);
        CHECK(alert(database, "Percent of dead rows") == "OK 0/20");
        CHECK(alert(database, "Database size in bytes").rfind("OK ", 0) == 0);

        database.admin(
            "CREATE ROLE looker; GRANT USAGE ON SCHEMA genie_app TO looker; GRANT EXECUTE ON ALL FUNCTIONS IN "
            "SCHEMA genie_app TO looker");
        const auto seen = [&database](const std::string& message) {
            return database.query_as(
                "looker", "SELECT alert_level FROM system_health_check() WHERE alert_message LIKE '" + message + "'");
        };
        CHECK(seen("Chat tables not checked: role looker%") == Rows{{"INFO"}});
        CHECK(seen("Questions not checked: role looker%") == Rows{{"INFO"}});
        CHECK(seen("Schema version not checked: role looker%") == Rows{{"INFO"}});
        CHECK(seen("Required columns are all there") == Rows{{"OK"}});
        CHECK(seen("All systems healthy").empty());
        database.admin("GRANT SELECT ON ALL TABLES IN SCHEMA genie_app TO looker");
        CHECK(seen("%not checked%").empty());
        database.query("SELECT fixture.thread(1)");
        CHECK(seen("All systems healthy") == Rows{{"OK"}});
        database.admin("DROP OWNED BY looker; DROP ROLE looker");
    }
}

}  // namespace health_test
