// The maintenance functions. In BI Hub every one of them raised "structure of query does not match function result
// type".
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

namespace maintenance_test {

using namespace genie_slack;
using sql_test::Database;
using sql_test::Rows;

std::string first_row(const Rows& rows) {
    std::string text;
    for (const std::string& field : rows.at(0))
        text += (text.empty() ? "" : "|") + field;
    return text;
}

// All rows but their last column, which is when it was done.
std::string without_time(Rows rows) {
    std::string text;
    for (auto& row : rows) {
        row.pop_back();
        for (const std::string& field : row)
            text += field + (&field == &row.back() ? "; " : "|");
    }
    return text;
}

std::string sqlstate(const Database& database, const std::string& call) {
    return database.value("CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN PERFORM " + call +
                          "; RETURN 'none'; EXCEPTION WHEN others THEN RETURN SQLSTATE; END $f$; "
                          "SELECT pg_temp.state()");
}

TEST_CASE("old conversations are deleted by their last activity, with all that belongs to them", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    const std::string counts = "SELECT deleted_feedbacks, deleted_elements, deleted_steps, deleted_threads FROM ";
    const auto threads = [&database] {
        return database.value("SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') FROM threads");
    };

    SECTION("what is deleted and what stays") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann');
            -- 1 is old. 2 is as old, but somebody wrote yesterday. 3 has no step at all, 4 none with a readable time.
            SELECT fixture.thread(n, 1, fixture.iso('400 days')) FROM generate_series(1, 4) n;
            SELECT fixture.step(1, 1, 'user_message', fixture.iso('400 days')), fixture.step(2, 1, 'run', fixture.iso('181 days')),
                   fixture.step(3, 2, 'user_message', fixture.iso('400 days')), fixture.step(4, 2, 'run', fixture.iso('1 day')),
                   fixture.step(5, 4, 'user_message', 'sometime');
            SELECT fixture.feedback(1, 1, 2, 1), fixture.element(1, 1, 'file'), fixture.element(2, 1, 'file');
            -- 5 is young; 6 is of unknown age; 7 is old but its question still waits; 8 was last used within the 180 days.
            SELECT fixture.thread(5, 1), fixture.thread(6, 1, NULL);
            SELECT fixture.thread(n, 1, fixture.iso('400 days')) FROM generate_series(7, 8) n;
            SELECT fixture.step(6, 7, 'user_message', fixture.iso('400 days')), fixture.turn(7, 7, 'awaiting_space'),
                   fixture.step(7, 8, 'user_message', fixture.iso('179 days'));
        )sql");
        const std::string deleted = "1|2|3|3";
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('180 days', dry_run => true)")) == deleted);
        CHECK(threads().find("thread 1,") == 0);
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('180 days')")) == deleted);
        CHECK(threads() == "thread 2, thread 5, thread 6, thread 7, thread 8");
        CHECK(database.value("SELECT string_agg(right(id::text, 1), '' ORDER BY id) FROM steps") == "3467");
        CHECK(database.value("SELECT (SELECT count(*) FROM feedbacks) + (SELECT count(*) FROM elements)") == "0");
        CHECK(database.value("SELECT count(*) FROM users") == "1");
        CHECK(first_row(database.query(counts + "cleanup_old_conversations()")) == "0|0|0|0");
        CHECK(database.value("SELECT cleanup_timestamp = now() FROM cleanup_old_conversations('180 days')") == "t");
    }

    SECTION("the bot forgets the thread too, but not what Slack may still deliver") {
        database.query(R"sql(
            SELECT fixture.thread(1, NULL, fixture.iso('10 days'),
                                  '{"slack": {"team": "T1", "channel": "C1", "thread_ts": "1.0"}}');
            SELECT fixture.thread(2, NULL, fixture.iso('10 days'),
                                  '{"slack": {"team": "T1", "channel": "C1", "thread_ts": "2.0"}}');
            SELECT fixture.step(2, 2, 'run', fixture.iso('1 hour'));
            SELECT fixture.turn(1, 1, 'delivered', now() - interval '10 days'), fixture.turn(2, 2, 'delivered');
            -- Of a thread that was deleted in Chainlit.
            SELECT fixture.turn(3, 3, 'failed', now() - interval '10 days'), fixture.turn(4, 3, 'failed');
            INSERT INTO genie_app.conversation_tracker (thread_ts, channel_id, team_id, genie_room_id, genie_room_name)
                VALUES ('1.0', 'C1', 'T1', 'r', 'r'), ('1.0', 'C2', 'T1', 'r', 'r'), ('2.0', 'C1', 'T1', 'r', 'r');
            INSERT INTO genie_app.events (team_id, event_id, turn_id, received_at)
                VALUES ('T1', 'old', 'turn 1', now() - interval '26 hours'), ('T1', 'new', 'turn 1', now()),
                       ('T1', 'other', 'turn 2', now() - interval '26 hours'),
                       ('T1', 'gone', 'turn 3', now() - interval '26 hours');
            INSERT INTO feedbacks VALUES (fixture.id('feedback', 1), fixture.id('step', 1), fixture.id('thread', 1), 1);
            INSERT INTO genie_app.ratings (feedback_id, step_id, write_key) VALUES (fixture.id('feedback', 1),
                                                                                    fixture.id('step', 1), 'key');
        )sql");
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('7 days')")) == "1|0|0|1");
        CHECK(database.value("SELECT string_agg(id, ', ' ORDER BY id) FROM genie_app.turns") == "turn 2, turn 4");
        CHECK(database.value("SELECT string_agg(channel_id || ' ' || thread_ts, ', ' ORDER BY channel_id) "
                             "FROM genie_app.conversation_tracker") == "C1 2.0, C2 1.0");
        CHECK(database.value("SELECT string_agg(event_id, ', ' ORDER BY event_id) FROM genie_app.events") ==
              "new, other");
        CHECK(database.value("SELECT count(*) FROM genie_app.ratings") == "0");
    }

    SECTION("more than one batch, up to the limit of a call") {
        database.query(
            "SELECT count(fixture.thread(n, NULL, fixture.iso('10 days'))) FROM generate_series(1, 1203) n; "
            "INSERT INTO steps (\"id\", \"name\", \"type\", \"threadId\", \"streaming\", \"createdAt\") "
            "SELECT gen_random_uuid(), 'n', 'run', t.id, false, t.\"createdAt\" FROM threads t");
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('1 day', 601)")) == "0|0|601|601");
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('1 day', max_threads => 0)")) == "0|0|0|0");
        CHECK(first_row(database.query(counts + "cleanup_old_conversations('1 day', NULL)")) == "0|0|602|602");
    }

    SECTION("less than a day, nothing, or what is no limit is refused") {
        database.query("SELECT fixture.thread(1, NULL, fixture.iso('400 days'))");
        for (const char* period : {"'23 hours'", "'0 days'", "'-180 days'", "NULL"})
            CHECK(sqlstate(database, "cleanup_old_conversations(" + std::string(period) + ")") == "22023");
        CHECK(sqlstate(database, "cleanup_old_conversations('1 day', -1)") == "22023");
        // Not a date, as it would be before our era: nothing is that old.
        for (const char* period : {"'9000 years'", "'170000 years'"})
            CHECK(first_row(database.query(counts + "cleanup_old_conversations(" + period + ")")) == "0|0|0|0");
        CHECK(threads() == "thread 1");
    }

    SECTION("a thread that somebody is writing to is left for the next time") {
        database.query("SELECT fixture.thread(n, NULL, fixture.iso('10 days')) FROM generate_series(1, 2) n");
        database.admin("CREATE EXTENSION dblink; GRANT USAGE ON SCHEMA public TO \"" + std::string(test::kAppRole) +
                       "\"");
        // Another session holds the row, as accepting a question does, while the clean-up runs.
        const std::string held = "SELECT dblink_connect('writer', 'host=" + test::shared_postgres().socket_directory() +
                                 " port=" + std::to_string(test::shared_postgres().port()) +
                                 " user=postgres dbname=" + database.name() +
                                 "'); SELECT dblink_exec('writer', 'BEGIN'); SELECT * FROM dblink('writer', 'SELECT "
                                 "name FROM genie_app.threads WHERE name = ''thread 2'' FOR UPDATE') t (name text); ";
        const std::string call =
            "SET lock_timeout = '5s'; SET search_path = genie_app; SELECT deleted_threads FROM "
            "cleanup_old_conversations('1 day')";
        CHECK(first_row(database.admin(held + call)) == "1");
        CHECK(threads() == "thread 2");
    }
}

TEST_CASE("people of whom nothing is left are deleted, and nobody else", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    database.admin(R"sql(
        CREATE FUNCTION fixture.person(n int, made text DEFAULT fixture.iso('400 days'), extra jsonb DEFAULT '{}',
                                       version text DEFAULT '5') RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.people VALUES ('T1', 'U' || n, ('00000000-0000-' || version || '000-a000-00000000000' || n)::uuid);
               INSERT INTO genie_app.users VALUES (('00000000-0000-' || version || '000-a000-00000000000' || n)::uuid, n || '@example.com',
                   '{"slack": {"team": "T1"}, "name": "x", "email": "x"}'::jsonb || extra, made) RETURNING "id" $$;
    )sql");
    // The bot's rows have ids of version 5: 1 and 2 ask in a conversation that is old, 3 in one of today that 9 began,
    // 4 has a space of her own, 5 came yesterday, 6 has put something in at a login. 7 is Chainlit's row. 9 has what is
    // young.
    database.query(R"sql(
        SELECT fixture.person(n) FROM generate_series(1, 4) n;
        SELECT fixture.person(5, fixture.iso('1 day')), fixture.person(6, extra => '{"role": "admin"}'),
               fixture.person(7, version => '4'), fixture.person(8, 'sometime'), fixture.person(9);
        SELECT fixture.thread(1, NULL, fixture.iso('400 days')), fixture.thread(2, NULL, fixture.iso('400 days'));
        UPDATE threads SET "userId" = (SELECT "id" FROM users WHERE identifier = '1@example.com')
        WHERE name = 'thread 1';
        UPDATE threads SET "userId" = (SELECT "id" FROM users WHERE identifier = '9@example.com')
        WHERE name = 'thread 2';
        SELECT fixture.step(1, 2, 'user_message', fixture.iso('1 day'));
        SELECT fixture.turn(1, 1, 'delivered', now() - interval '400 days'),
               fixture.turn(2, 1, 'failed', now() - interval '400 days'),
               fixture.turn(3, 2, 'delivered', now() - interval '300 days');
        UPDATE genie_app.turns SET user_id = 'U' || right(id, 1);
        INSERT INTO genie_app.space_defaults VALUES ('person', 'T1', 'U4', 'space', 'Space');
        INSERT INTO genie_app.people VALUES ('T1', 'U99', gen_random_uuid());
    )sql");
    const auto left = [&database](const std::string& what) { return database.value("SELECT string_agg(" + what); };
    const std::string deleted = "SELECT deleted_users FROM cleanup_old_people('180 days'";
    CHECK(database.value(deleted + ", true)") == "2");
    // With their conversation they stay.
    CHECK(database.value(deleted + ")") == "0");
    CHECK(database.value("SELECT deleted_threads FROM cleanup_old_conversations('180 days')") == "1");
    CHECK(database.value(deleted + ", dry_run => true)") == "2");
    CHECK(left("left(identifier, 1), '' ORDER BY identifier) FROM users") == "123456789");
    CHECK(database.value(deleted + ")") == "2");
    CHECK(left("left(identifier, 1), '' ORDER BY identifier) FROM users") == "3456789");
    CHECK(left("slack_user, ' ' ORDER BY slack_user) FROM genie_app.people") == "U3 U4 U5 U6 U7 U8 U9");
    CHECK(database.value(deleted + ")") == "0");
    for (const char* period : {"'23 hours'", "NULL"})
        CHECK(sqlstate(database, "cleanup_old_people(" + std::string(period) + ")") == "22023");
    CHECK(database.value("SELECT deleted_users FROM cleanup_old_people('9000 years')") == "0");
}

TEST_CASE("maintenance functions do what their rows say", "[sql]") {
    const Database database;
    database.add_fixture_functions();

    SECTION("orphans: none with foreign keys, found and removed without") {
        CHECK(without_time(database.query("SELECT * FROM cleanup_orphaned_records()")) == "0|0|0; ");
        database.query(R"sql(
            ALTER TABLE steps DROP CONSTRAINT "steps_threadId_fkey";
            ALTER TABLE elements DROP CONSTRAINT "elements_threadId_fkey";
            ALTER TABLE feedbacks DROP CONSTRAINT "feedbacks_threadId_fkey";
            SELECT fixture.thread(1), fixture.step(1, 1, 'run'), fixture.step(2, 9, 'run'), fixture.step(3, 9, 'run');
            SELECT fixture.feedback(1, 1, 1, 1), fixture.feedback(2, 9, 2, 1), fixture.element(1, 1, 'file'),
                   fixture.element(2, NULL, 'file'), fixture.element(3, 9, 'file');
        )sql");
        CHECK(without_time(database.query("SELECT * FROM cleanup_orphaned_records(true)")) == "2|1|1; ");
        CHECK(without_time(database.query("SELECT * FROM cleanup_orphaned_records()")) == "2|1|1; ");
        CHECK(without_time(database.query("SELECT * FROM cleanup_orphaned_records()")) == "0|0|0; ");
        CHECK(database.value("SELECT (SELECT count(*) FROM steps) || ' ' || (SELECT count(*) FROM elements)") == "1 2");
    }

    SECTION("statistics and indexes of the five tables") {
        const std::string tables = "users; threads; steps; elements; feedbacks; ";
        CHECK(without_time(database.query("SELECT * FROM update_table_statistics()")) == tables);
        CHECK(database.value("SELECT count(analysis_timestamp) FROM update_table_statistics()") == "5");
        CHECK(database.value("SELECT bool_and(reltuples >= 0) FROM pg_class WHERE oid IN ('users'::regclass, "
                             "'steps'::regclass)") == "t");
        CHECK(without_time(database.query("SELECT * FROM reindex_tables()")) == tables);
        CHECK(database.value("SELECT bool_and(reindex_timestamp >= now()) FROM reindex_tables()") == "t");

        // Who owns nothing analyses nothing, and is told so instead of a time.
        database.admin(
            "CREATE ROLE stranger; GRANT USAGE ON SCHEMA genie_app TO stranger; GRANT EXECUTE ON FUNCTION "
            "genie_app.update_table_statistics(), genie_app.reindex_tables() TO stranger");
        CHECK(first_row(database.query_as("stranger",
                                          "SELECT count(*), count(analysis_timestamp) FROM "
                                          "update_table_statistics()")) == "5|0");
        // PostgreSQL 17 has a right of its own for it, and other words.
        CHECK_THAT(database.error_as("stranger", "SELECT * FROM reindex_tables()"),
                   test::contains("must be owner") || test::contains("permission denied for table"));
        database.admin("DROP OWNED BY stranger; DROP ROLE stranger");
    }

    SECTION("what Chainlit trips over is mended, and a thumb down stays down") {
        CHECK(without_time(database.query("SELECT * FROM validate_and_fix_data()")) ==
              "validation_complete|0|All checks passed; ");
        database.query(R"sql(
            SELECT fixture.thread(1, NULL, NULL), fixture.thread(2, NULL, ''), fixture.thread(3, NULL, NULL),
                   fixture.thread(4, NULL, 'sometime');
            SELECT fixture.step(1, 1, 'run', '2025-01-02T03:04:05Z'), fixture.step(2, 1, 'run', '2025-01-02T03:00:00Z'),
                   fixture.step(3, 1, 'run', NULL), fixture.step(4, 2, 'run', '2025-02-02T03:00:00.5Z'),
                   fixture.step(5, 2, 'run', ''), fixture.step(6, 3, 'run', NULL), fixture.step(7, 4, 'run', NULL);
            SELECT fixture.feedback(v + 10, 1, v + 10, v) FROM generate_series(-2, 7) v;
        )sql");
        const std::string mended =
            "missing_thread_timestamps|2|Set from the earliest step; "
            "missing_step_timestamps|2|Set from the thread; "
            "invalid_feedback_values|4|Clamped to 0-5; "
            "validation_complete|0|All checks passed; ";
        CHECK(without_time(database.query("SELECT * FROM validate_and_fix_data(true)")) == mended);
        CHECK(database.value("SELECT count(*) FROM threads WHERE \"createdAt\" IS NULL") == "2");
        CHECK(without_time(database.query("SELECT * FROM validate_and_fix_data()")) == mended);
        CHECK(database.value("SELECT string_agg(coalesce(\"createdAt\", 'none'), ' ' ORDER BY name) FROM threads") ==
              "2025-01-02T03:00:00.000000Z 2025-02-02T03:00:00.500000Z none sometime");
        CHECK(database.value("SELECT string_agg(coalesce(\"createdAt\", 'none'), ' ' ORDER BY id) FROM steps WHERE "
                             "right(id::text, 1) IN ('3', '5', '6', '7')") ==
              "2025-01-02T03:00:00.000000Z 2025-02-02T03:00:00.500000Z none none");
        CHECK(database.value("SELECT string_agg(value::text, ' ' ORDER BY id) FROM feedbacks") ==
              "0 0 0 1 2 3 4 5 5 5");
        CHECK(without_time(database.query("SELECT * FROM validate_and_fix_data()")) ==
              "validation_complete|0|All checks passed; ");
    }

    SECTION("an archive summary counts what began before the date") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.user_(2, 'bob');
            SELECT fixture.thread(1, 1, '2025-01-01T23:59:59.999999Z'), fixture.thread(2, 1, '2024-05-05T00:00:00Z'),
                   fixture.thread(3, 2, '2025-01-02T00:00:00Z'), fixture.thread(4, 2, '');
            SELECT fixture.step(n, n, 'run') FROM generate_series(1, 4) n;
            SELECT fixture.step(5, 1, 'run'), fixture.feedback(1, 1, 1, 1), fixture.feedback(3, 3, 3, 1);
        )sql");
        const std::string expected =
            "total_users_archived|1|before_2025-01-02; "
            "total_conversations_archived|2|before_2025-01-02; "
            "total_interactions_archived|3|before_2025-01-02; "
            "total_feedback_archived|1|before_2025-01-02; ";
        CHECK(without_time(database.query("SELECT * FROM create_archive_summary('2025-01-02')")) == expected);
        // In UTC and in one form, whatever the session says.
        CHECK(without_time(database.query("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; SELECT * FROM "
                                          "create_archive_summary(timestamp '2025-01-02 00:00:00')")) == expected);
    }
}

}  // namespace maintenance_test
