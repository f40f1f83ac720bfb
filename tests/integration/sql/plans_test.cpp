// Views, functions and statements reach their indexes, so that their time does not grow with the tables. Counted in
// blocks, rows and calls, which are the same on every machine.
#include "storage/lakebase/statements.hpp"
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

#include <boost/json/parse.hpp>

namespace plans_test {

using namespace genie_slack;
using sql_test::Database;

// A year of conversations: 20 persons, 2,000 threads, ten steps each.
void fill(const Database& database) {
    database.add_fixture_functions();
    database.query(R"sql(
        SELECT fixture.user_(n, 'person' || n || '@example.com') FROM generate_series(1, 20) n;
        SELECT fixture.thread(n, 1 + n % 20, fixture.iso(interval '4 hours' * n)) FROM generate_series(1, 2000) n;
        INSERT INTO steps ("id", "name", "type", "threadId", "streaming", "isError", "metadata", "input", "output",
                           "createdAt")
        SELECT gen_random_uuid(), 'step', (ARRAY['user_message', 'run', 'tool', 'tool', 'assistant_message'])[1 + k % 5],
               fixture.id('thread', n), false, false, '{}', '', repeat('x', 300),
               fixture.iso(interval '4 hours' * n - interval '1 minute' * k)
        FROM generate_series(1, 2000) n, generate_series(0, 9) k ORDER BY n DESC, k;
        ANALYZE users, threads, steps;
    )sql");
}

std::string plan(const Database& database, const std::string& query) {
    std::string text;
    for (const auto& row : database.query("EXPLAIN (COSTS OFF) " + query))
        text += row.at(0) + "\n";
    return text;
}

// How `statement` is executed after `before`, as JSON; as a superuser.
std::string explained(const Database& database, const std::string& before, const std::string& statement) {
    const auto rows = database.admin("SET search_path = genie_app; SET jit = off; " + before +
                                     "; EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + statement);
    return rows.at(0).at(0);
}

// How many blocks that took.
std::int64_t blocks(const std::string& explained) {
    boost::json::parse_options options;
    options.max_depth = 200;
    const boost::json::value result = boost::json::parse(explained, {}, options);
    const boost::json::value& root = result.as_array().at(0).at("Plan");
    return root.at("Shared Hit Blocks").as_int64() + root.at("Shared Read Blocks").as_int64();
}

std::int64_t blocks(const Database& database, const std::string& statement) {
    return blocks(explained(database, "", statement));
}

TEST_CASE("the newest conversations and those of a day or a person are found in indexes", "[sql][plans]") {
    const Database database;
    fill(database);
    const std::string view = "SELECT * FROM chat_summary_view ";

    for (const std::string order : {"DESC", "DESC NULLS LAST"}) {
        const std::string newest = view + "ORDER BY conversation_start_time " + order + " LIMIT 50";
        INFO(plan(database, newest));
        CHECK_THAT(plan(database, newest), test::contains("Index Scan Backward using idx_threads_started_at"));
        CHECK_THAT(plan(database, newest), !test::contains("Seq Scan on threads"));
        // Fifty conversations with ten steps each, a few blocks for each.
        CHECK(blocks(database, newest) < 2500);
    }

    const std::string day = view +
                            "WHERE conversation_start_time >= now() - interval '100 days' "
                            "AND conversation_start_time < now() - interval '99 days'";
    INFO(plan(database, day));
    CHECK_THAT(plan(database, day), test::contains("idx_threads_started_at"));
    CHECK(blocks(database, day) < 400);

    const std::string person = view + "WHERE user_email = 'person7@example.com'";
    INFO(plan(database, person));
    CHECK_THAT(plan(database, person), test::contains("idx_threads_user_id"));
    CHECK(database.value("SELECT count(*) FROM chat_summary_view WHERE user_email = 'person7@example.com'") == "100");
}

TEST_CASE("the dashboard reads the days that it shows", "[sql][plans]") {
    const Database database;
    fill(database);
    const std::string dashboard = "SELECT * FROM performance_dashboard_view";
    INFO(plan(database, dashboard));
    CHECK_THAT(plan(database, dashboard), test::contains("idx_steps_created_at"));
    CHECK_THAT(plan(database, dashboard), !test::contains("Seq Scan on steps"));
    // 38 of 333 days are 2,280 steps; the whole table is 20,000.
    CHECK(blocks(database, dashboard) <
          std::stoll(database.value("SELECT pg_relation_size('steps') / current_setting('block_size')::int")) / 2);
    CHECK(database.value("SELECT sum(daily_interactions) > 1700 FROM performance_dashboard_view") == "t");
}

TEST_CASE("which conversations are idle is decided by few of their steps", "[sql][plans]") {
    const Database database;
    fill(database);
    const auto rows = database.admin(
        "SET search_path = genie_app; SET track_functions = 'all'; BEGIN; "
        "CREATE TEMPORARY TABLE found AS SELECT * FROM conversations_idle_since(now() - interval '180 days'); "
        "SELECT (SELECT count(*) FROM found), "
        "(SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'iso_timestamp')");
    CHECK(rows.at(0).at(0) == "920");
    // A step of those that are not idle, the start of the others; of the 20,000 steps a few at the border.
    CHECK(std::stoll(rows.at(0).at(1)) < 2200);
}

// How a statement's file is executed beside 300 waiting turns by a session that planned it when there was none.
std::string explained_beside_waiting_turns(const Database& database, std::string_view name, const std::string& batch) {
    database.add_fixture_functions();
    database.query("SELECT fixture.turn(n, n, 'delivered') FROM generate_series(1, 3000) n");
    database.admin("VACUUM ANALYZE genie_app.turns");
    const std::string execute = "EXECUTE statement('" + batch + "')";
    return explained(database,
                     "SET plan_cache_mode = force_generic_plan; PREPARE statement (jsonb) AS " +
                         storage::lakebase::statement_text(name, "genie_app") + "; " + execute +
                         "; SELECT fixture.turn(n, n, 'received') FROM generate_series(5001, 5300) n",
                     execute);
}

TEST_CASE("a question is claimed by looking up its thread, however many others wait", "[sql][plans]") {
    const Database database;
    const std::string claim =
        explained_beside_waiting_turns(database, "claim_turns",
                                       R"([{"key": "k", "turn_id": "turn 5300", "owner": "o", "lease_us": 60000000, )"
                                       R"("process": "p", "is_locked": true}])");
    CHECK(blocks(claim) < 200);
    CHECK_THAT(claim, test::contains("\"turns_thread\""));
    CHECK_THAT(claim, !test::contains("\"turns_unfinished\""));
}

TEST_CASE("questions to take up are found by looking up the thread of each", "[sql][plans]") {
    const Database database;
    const std::string recoverable = explained_beside_waiting_turns(
        database, "recoverable_turns", R"([{"limit": 50, "process": "p", "judges": true}])");
    // Nor are those that wait looked through only to see whether somebody works on one.
    CHECK_THAT(recoverable, test::contains("\"turns_to_run\""));
    CHECK_THAT(recoverable, test::contains("\"turns_stopped_choice\""));
    CHECK_THAT(recoverable, test::contains("\"turns_leased\""));
    CHECK_THAT(recoverable, test::contains("\"turns_thread\""));
    CHECK_THAT(recoverable, !test::contains("\"turns_unfinished\""));
}

TEST_CASE("what stats shows is counted from the turns of a month", "[sql][plans]") {
    const Database database;
    database.add_fixture_functions();
    database.query(
        "SELECT fixture.turn(n, n, 'delivered', now() - interval '1 hour' * n) FROM generate_series(1, 9000) n; "
        "ANALYZE genie_app.turns");
    const std::string text = storage::lakebase::statement_text("usage", "genie_app");
    CHECK(
        blocks(explained(database, "PREPARE statement (jsonb) AS " + text, "EXECUTE statement('[{}]')")) <
        std::stoll(database.value("SELECT pg_relation_size('genie_app.turns') / current_setting('block_size')::int")) /
            2);
}

TEST_CASE("the start of a conversation is what iso_timestamp() makes of its text, and that what the calendar says",
          "[sql]") {
    const Database database;
    database.add_fixture_functions();
    // Every month and day there is and some more, with and without an offset; then a text with each of its characters
    // replaced, left out or doubled.
    database.query(R"sql(
        CREATE TABLE sample AS
        SELECT row_number() OVER () AS n, value FROM (
            SELECT format('%s-%s-%s%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0'), ending) AS value
            FROM unnest('{1900,2000,2023,2024}'::text[]) y, generate_series(0, 13) m, generate_series(0, 32) d,
                 unnest('{T23:59:59.999999Z,T00:00:00.000000Z," 07:08:09.5+02:00",T10:11:12-0130}'::text[]) ending
            UNION
            SELECT overlay('2024-12-31T23:59:59.123456Z' placing replacement FROM place FOR length)
            FROM generate_series(1, 27) place, generate_series(0, 1) length,
                 unnest('{"",0,3,6,9,-,:,.,T,Z,+," ",x}'::text[]) replacement
            UNION SELECT unnest('{"",now,0000-01-01T00:00:00.000000Z,0001-01-01T00:00:00.000000Z}'::text[])) texts;
        INSERT INTO threads ("id", "createdAt", "name") SELECT fixture.id('thread', n::int), value, 'x' FROM sample;
    )sql");
    const std::string expected = R"sql(
        CREATE TABLE expected AS
        SELECT s.n, s.value,
               (left(s.value, 10)::timestamp
                + substring(rpad(regexp_replace(s.value, '(Z|[+-][0-9:]+)$', ''), 26, '0'), 12, 8)::interval
                + coalesce(left(substring(s.value, '[.]([0-9]+)') || '000000', 6)::int, 0) * interval '1 microsecond'
                - coalesce(regexp_replace(substring(s.value, '[+-][0-9]{2}:?[0-9]{2}$'), '([0-9]{2}):?([0-9]{2})$', '\1:\2')
                           ::interval, '0')) AT TIME ZONE 'UTC' AS moment
        FROM sample s
        WHERE s.value ~ ('^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?'
                         '(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?$')
          AND left(s.value, 10) IN (SELECT to_char(day, 'YYYY-MM-DD') FROM unnest('{0,3,6,9,1,2}'::int[]) thousand,
                                    generate_series(0, 999) y, LATERAL (
                                    SELECT make_date(thousand * 1000 + y, 1, 1) + k AS day FROM generate_series(0, 365) k
                                    WHERE thousand * 1000 + y > 0) days))sql";
    database.query(expected);
    CHECK(std::stoll(database.value("SELECT count(*) FROM expected")) > 5000);
    CHECK(database.value("SELECT string_agg(s.value, ' ') FROM sample s LEFT JOIN expected e USING (n) "
                         "WHERE iso_timestamp(s.value) IS DISTINCT FROM e.moment") == "<null>");
    CHECK(database.value("SELECT string_agg(s.value, ' ') FROM sample s JOIN chat_summary_view v "
                         "ON v.thread_id = fixture.id('thread', s.n::int) "
                         "WHERE v.conversation_start_time IS DISTINCT FROM iso_timestamp(s.value)") == "<null>");
}

}  // namespace plans_test
