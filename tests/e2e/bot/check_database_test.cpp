// The doctor in a real database: all right, and one thing wrong at a time.
#include "tests/e2e/bot/check_world.hpp"
#include "tests/support/postgres.hpp"

#include <thread>

namespace check_database_test {

using namespace genie_slack;
using test::BotWorld;
using test::Broken;
using test::Changes;
using test::check;
using test::check_line;
using test::lines_with;
using test::Outcome;
using test::PostgresServer;

// Creates the bot's database in `server`, empty or with its schema.
Changes with_database(PostgresServer& server) {
    server.create_role("bot", "pass");
    server.create_database("chats", "bot");
    return {{"IS_LOCAL", ""},
            {"PGHOST", "localhost"},
            {"PGPORT", std::to_string(server.port())},
            {"PGUSER", "bot"},
            {"PGPASSWORD", "pass"},
            {"PGDATABASE", "chats"},
            {"PGSSLMODE", "verify-full"},
            {"PGSSLROOTCERT", server.ca_file()}};
}

Changes migrated(BotWorld& world, PostgresServer& server) {
    Changes changes = with_database(server);
    world.start(changes, {"migrate"});
    REQUIRE(world.wait_for_exit() == 0);
    return changes;
}

// What the superuser breaks and mends again, and the one line that says so meanwhile.
struct Defect {
    std::string name;
    std::string make;  // by the superuser
    std::string mend;
    std::string check;
    std::string found;
    std::string fix;
};

const std::string kNoRoom =
    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
    "'could not extend file' USING ERRCODE = '53100'; END $$;"
    "CREATE TRIGGER full_disk BEFORE INSERT ON genie_app.dead_letters EXECUTE FUNCTION no_room()";

TEST_CASE("each thing that is broken in the database has its own line, with the fix", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = migrated(world, server);
    const std::vector<Defect> all = {
        {"a role that has all its connections", "ALTER ROLE bot CONNECTION LIMIT 0",
         "ALTER ROLE bot CONNECTION LIMIT -1", "Login", "too many connections for role",
         "ALTER ROLE \"bot\" CONNECTION LIMIT -1"},
        {"a full disk", kNoRoom, "DROP FUNCTION no_room CASCADE", "Room", "53100", "more room"},
        {"a database that only reads", "ALTER ROLE bot SET default_transaction_read_only = on",
         "ALTER ROLE bot RESET default_transaction_read_only", "Login", "session is read-only", "primary server"},
        {"a table that is gone", "ALTER TABLE genie_app.events RENAME TO gone",
         "ALTER TABLE genie_app.gone RENAME TO events", "Statements", "genie_app.events", "backup"},
        {"a column that is gone", "ALTER TABLE genie_app.turns RENAME COLUMN actions TO gone",
         "ALTER TABLE genie_app.turns RENAME COLUMN gone TO actions", "Statements", "actions", "backup"},
        {"an index against doubles that is gone", "ALTER INDEX genie_app.turns_question RENAME TO gone",
         "ALTER INDEX genie_app.gone RENAME TO turns_question", "Index", "genie_app.turns_question is missing",
         "CREATE UNIQUE INDEX turns_question ON genie_app.turns"},
    };
    for (const Defect& defect : all) {
        server.query("chats", defect.make);
        const Broken broken{defect.name, [&](BotWorld&) { return changes; }, defect.check, defect.found, defect.fix};
        check_line(world, broken, "FAILED", 1, {"check", "database"});
        server.query("chats", defect.mend);
    }
    const Outcome mended = check(world, changes, {"check", "database"});
    INFO(mended.output);
    CHECK(mended.code == 0);
    CHECK(lines_with(mended.output, "warning").empty());
    CHECK(server.value("chats", "SELECT count(*) FROM genie_app.dead_letters") == "0");
}

TEST_CASE("a table that somebody holds is told with the way to who does", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = migrated(world, server);
    // The session ends with the time that it sleeps, or with the server.
    std::thread holder([&server] {
        try {
            server.query("chats", "BEGIN; LOCK TABLE genie_app.turns; SELECT pg_sleep(600)");
        } catch (const std::exception&) {
            // It is ended below.
        }
    });
    const auto is_held = [&server] {
        return server.value("chats",
                            "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation "
                            "= 'genie_app.turns'::regclass") == "1";
    };
    CHECK(world.wait(is_held));
    const Broken held{"a locked table", [&](BotWorld&) { return changes; }, "Schema", "55P03", "pg_terminate_backend"};
    check_line(world, held, "FAILED", 1, {"check", "database"});
    server.query("chats",
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LOCK TABLE%' AND "
                 "pid <> pg_backend_pid()");
    holder.join();
}

TEST_CASE("what the start mends, or only makes slow, is a warning", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = with_database(server);
    const Broken fresh{"an empty database", [&](BotWorld&) { return changes; }, "Migrations", "the database is empty",
                       "serve applies them at its start"};
    check_line(world, fresh, "warning", 0, {"check", "database"});
    world.start(changes, {"migrate"});
    REQUIRE(world.wait_for_exit() == 0);
    server.query("chats", "DROP INDEX genie_app.turns_thread");
    const Broken slow{"an index for speed that is gone", [&](BotWorld&) { return changes; }, "Index",
                      "genie_app.turns_thread is missing", "CREATE INDEX turns_thread ON genie_app.turns"};
    check_line(world, slow, "warning", 0, {"check", "database"});
}

TEST_CASE("a credential that may go to whoever answers is a warning", "[check]") {
    BotWorld world;
    const Changes changes = {
        {"IS_LOCAL", ""},  {"PGHOST", "127.0.0.1"}, {"PGPORT", std::to_string(test::free_port(world.context()))},
        {"PGUSER", "bot"}, {"PGPASSWORD", "pass"},  {"DATABASE_TLS_UNVERIFIED", "allow"}};
    // The database itself is not there.
    const Outcome outcome = check(world, changes, {"check", "database"});
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    std::string warnings;
    for (const std::string& line : lines_with(outcome.output, "warning"))
        warnings += line + "\n";
    CHECK_THAT(warnings, test::contains("TLS: DATABASE_TLS_UNVERIFIED=allow") && test::contains("-> remove it"));
}

TEST_CASE("migrate does not call a schema whole from which something was dropped", "[check][postgres]") {
    PostgresServer server;
    BotWorld world;
    const Changes changes = migrated(world, server);
    server.query("chats", "ALTER TABLE genie_app.turns DROP COLUMN actions");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"migrate"}, std::vector<std::string>{"migrate", "--check"}}) {
        const Outcome outcome = check(world, changes, arguments);
        INFO(outcome.output);
        CHECK(outcome.code == 1);
        CHECK_THAT(outcome.output, test::contains("actions") && test::contains("restore it from a backup"));
    }
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

}  // namespace check_database_test
