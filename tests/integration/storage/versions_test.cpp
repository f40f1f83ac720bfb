// Versions of the program side by side on one database, and the way from one to the next.
#include "storage/lakebase/checksum.hpp"
#include "storage/lakebase/doctor.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/repeatables.hpp"
#include "storage/lakebase/schema_baseline.hpp"

#include "tests/catch.hpp"
#include "tests/integration/storage/release_009.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/storage_session.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace versions_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;
namespace json = boost::json;

using lakebase::MigrationError;
using test::call_release_009;
using test::create_empty_database;
using test::LakebaseHarness;
using test::make_thread;
using test::make_turn;
using test::migrate_as_release_009;
using test::shared_postgres;
using test::StorageSession;

DatabaseSettings settings_of(const std::string& database) {
    return test::database_settings(shared_postgres(), database);
}

lakebase::Session open_session(const DatabaseSettings& settings) {
    Login login;
    login.password = Secret(test::kAppPassword);
    return {settings, login};
}

std::vector<std::string> migrate(const DatabaseSettings& settings) {
    auto session = open_session(settings);
    return lakebase::migrate(session, settings);
}

std::string refusal_of_migrate(const DatabaseSettings& settings) {
    try {
        migrate(settings);
        return "";
    } catch (const MigrationError& error) {
        return error.what();
    }
}

std::string value(const std::string& database, const std::string& sql) {
    return shared_postgres().value(database, sql);
}

std::unique_ptr<LakebaseHarness> start(const std::string& database) {
    auto harness = std::make_unique<LakebaseHarness>(test::lakebase_options(shared_postgres(), database));
    const auto started = StorageSession(*harness).ask(harness->storage().start(Deadline::after(60s)));
    INFO((started ? "" : started.error().message));
    REQUIRE(started);
    return harness;
}

// A turn as release 009 wrote it.
json::object old_turn(const Turn& turn) {
    json::object row;
    row["id"] = turn.id;
    row["team"] = turn.thread.team;
    row["channel"] = turn.thread.channel;
    row["thread_ts"] = turn.thread.thread_ts;
    row["question_ts"] = turn.question_ts;
    row["chat_thread_id"] = thread_id(turn.thread);
    row["user"] = turn.user;
    row["channel_type"] = turn.channel_type;
    row["question"] = turn.question;
    row["state"] = to_string(turn.state);
    for (const char* name :
         {"space_id", "space_name", "conversation_id", "message_id", "progress_ts", "answer_thread", "replaces"})
        row[name] = "";
    row["failure"] = turn.failure;
    row["answer_channel"] = turn.answer_channel;
    row["received_us"] = 1'767'225'600'123'456;
    row["asked_us"] = 0;
    row["finished_us"] = 0;
    return row;
}

json::object old_rows(const Turn& turn) {
    json::object thread;
    thread["id"] = thread_id(turn.thread);
    thread["created_at"] = "2026-01-01T00:00:00.000001Z";
    thread["name"] = turn.question;
    thread["user_id"] = "";
    thread["tags"] = json::array();
    thread["metadata"] = json::object();
    json::object step;
    step["id"] = step_id(turn.id, "user_message");
    step["name"] = "Ann";
    step["type"] = "user_message";
    step["thread_id"] = thread_id(turn.thread);
    step["is_error"] = false;
    step["metadata"] = json::object();
    for (const char* name : {"parent_id", "input", "start", "end", "show_input", "language"})
        step[name] = "";
    step["output"] = turn.question;
    step["created_at"] = "2026-01-01T00:00:00.000001Z";
    json::object rows;
    rows["users"] = json::array();
    rows["threads"] = json::array({thread});
    rows["steps"] = json::array({step});
    rows["elements"] = json::array();
    return rows;
}

// A process of release 009, by what it executed.
struct OldProcess {
    std::string database;

    bool accept(const Turn& turn, const std::string& event_id = "") const {
        json::object call;
        call["key"] = "accept " + turn.id + event_id;
        call["event_id"] = event_id;
        call["turn"] = old_turn(turn);
        call["rows"] = old_rows(turn);
        return ask("accept_turns", call).at("first").as_bool();
    }
    // The token, 0 when it is not granted.
    std::uint64_t claim(const std::string& turn_id) const {
        json::object call;
        call["key"] = "claim " + turn_id;
        call["turn_id"] = turn_id;
        call["owner"] = "old";
        call["lease_us"] = 60'000'000;
        const json::value granted = ask("claim_turns", call);
        return granted.is_null() ? 0 : granted.at("token").to_number<std::uint64_t>();
    }
    std::string store(const Turn& turn, std::uint64_t token) const {
        json::object call;
        call["key"] = "store " + turn.id + to_string(turn.state);
        call["token"] = token;
        call["turn"] = old_turn(turn);
        call["rows"] = old_rows(turn);
        return std::string(ask("store_turns", call).as_string());
    }
    json::value ask(const std::string& function, const json::object& call) const {
        return json::parse(call_release_009(database, function, json::serialize(json::array({call})))).at(0);
    }
};

std::string set_checksum(int version, const std::string& checksum) {
    return "UPDATE genie_app.schema_version SET checksum = '" + checksum +
           "' WHERE version = " + std::to_string(version);
}

TEST_CASE("a database of the release before is taken over with all that it holds", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database);
    const OldProcess old{database};
    struct Expected {
        Turn turn;
        const char* origin;
        const char* audience;
        const char* message_ts;
    };
    const auto turn_of = [](const std::string& thread_ts, const std::string& question_ts,
                            const std::string& channel_type = "channel", const std::string& answer_channel = "") {
        Turn turn = make_turn(make_thread("C1", thread_ts), question_ts);
        turn.channel_type = channel_type;
        turn.answer_channel = answer_channel;
        return turn;
    };
    const Expected all[] = {
        {turn_of("1.1", "1.1"), "mention", "channel", "1.1"},
        {turn_of("1.1", "1.2"), "thread_reply", "channel", "1.2"},
        {turn_of("1.1", "1.2/edit/9"), "edit", "channel", "1.2"},
        {turn_of("1.1", "1.3/0"), "follow_up", "channel", "1.3"},
        {turn_of("1.1", "1.4/shortcut/U1", "channel", "D1"), "shortcut", "person", "1.4"},
        {turn_of("2.1", "2.1", "im"), "direct_message", "direct_message", "2.1"},
        {turn_of("slash/7", "slash/7", "", "D1"), "command", "person", ""},
        {turn_of("slash/8", "slash/8", "im"), "command", "person", ""},
    };
    for (const Expected& one : all)
        REQUIRE(old.accept(one.turn, "Ev" + one.turn.id));
    // What ended, and how, is told by what was recorded of it.
    const std::pair<const char*, const char*> ends[] = {{"genie_failed:X", "f"}, {"stopped", "t"}};
    for (std::size_t i = 0; i < std::size(ends); ++i)
        shared_postgres().query(database,
                                "UPDATE genie_app.turns SET state = 'failed', finished_at = now(), failure = '" +
                                    std::string(ends[i].first) + "' WHERE id = '" + all[i + 1].turn.id + "'");
    const std::string rows = "SELECT md5(string_agg(t::text, ' ' ORDER BY id)) FROM genie_app.steps t";
    const std::string before = value(database, rows);

    const auto applied = migrate(settings_of(database));
    REQUIRE(applied.size() == lakebase::known_migrations().size() + lakebase::known_repeatables().size());
    CHECK(applied.front() == "010_baseline");
    CHECK(migrate(settings_of(database)).empty());
    CHECK(value(database, rows) == before);

    const auto harness = start(database);
    StorageSession session(*harness);
    for (const Expected& one : all) {
        INFO(one.turn.question_ts);
        const auto stored = session.get_turn(one.turn.id);
        REQUIRE(stored);
        CHECK(std::string(to_string(stored->origin)) == one.origin);
        CHECK(std::string(to_string(stored->audience)) == one.audience);
        CHECK(stored->message_ts == one.message_ts);
        CHECK(stored->question == one.turn.question);
        CHECK_FALSE(session.accept(one.turn, "Ev" + one.turn.id).first);
    }
    for (std::size_t i = 0; i < std::size(ends); ++i)
        CHECK(value(database, "SELECT was_stopped FROM genie_app.turns WHERE id = '" + all[i + 1].turn.id + "'") ==
              ends[i].second);
    session.deliver(all[0].turn.id);
}

TEST_CASE("a process of the release before goes on beside a new one", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database);
    const OldProcess old{database};
    const Turn first = make_turn(make_thread(), "101.000001");
    REQUIRE(old.accept(first, "Ev1"));
    const auto token = old.claim(first.id);
    REQUIRE(token > 0);
    const auto harness = start(database);
    StorageSession session(*harness);

    // What the one has, the other leaves alone.
    CHECK_FALSE(session.accept(first, "Ev1").first);
    CHECK_FALSE(session.claim(first.id));
    Turn second = make_turn(make_thread(), "102.000001");
    second.origin = Origin::home;
    second.audience = Audience::person;
    second.message_ts = "99.1";
    CHECK(session.accept(second, "Ev2").first);
    CHECK_FALSE(old.accept(second, "Ev2"));
    CHECK_FALSE(session.claim(second.id));
    CHECK(old.claim(second.id) == 0);

    Turn delivered = first;
    delivered.state = TurnState::delivered;
    CHECK(old.store(delivered, token) == "held");
    CHECK(session.get_turn(first.id)->state == TurnState::delivered);
    // The old one works on the new one's question: what it does not know of stays.
    const auto second_token = old.claim(second.id);
    REQUIRE(second_token > 0);
    Turn asking = second;
    asking.state = TurnState::asking;
    CHECK(old.store(asking, second_token) == "held");
    const auto kept = session.get_turn(second.id);
    CHECK(kept->origin == Origin::home);
    CHECK(kept->audience == Audience::person);
    CHECK(kept->message_ts == "99.1");

    // A question that somebody stopped is no failure, whichever of them ends it.
    asking.state = TurnState::failed;
    asking.failure = "stopped";
    CHECK(old.store(asking, second_token) == "held");
    CHECK(session.get_turn(second.id)->was_stopped);

    // The new one works on the old one's.
    const Turn third = make_turn(make_thread("C3", "103.000001"), "103.000001");
    CHECK(old.accept(third, "Ev3"));
    const auto claim = session.claim(third.id);
    REQUIRE(claim);
    CHECK(claim->turn.origin == Origin::mention);
    CHECK(claim->turn.message_ts == "103.000001");
    CHECK(old.claim(third.id) == 0);
    CHECK(session.finish(claim->lease, claim->turn));
    CHECK(session.get_steps(thread_id(third.thread)).size() == 1);
}

TEST_CASE("every function that the release before executed still answers", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database);
    migrate(settings_of(database));
    const std::string thread = R"("team": "T1", "channel": "C1", "thread_ts": "1.1")";
    const std::string uuid = "00000000-0000-4000-8000-000000000001";
    const std::pair<const char*, std::string> calls[] = {
        {"get_conversations", thread},
        {"set_conversations", thread + R"(, "room_id": "r", "room_name": "R")"},
        {"update_conversation_ids", thread + R"(, "conversation_id": "c")"},
        {"are_served", thread},
        {"delete_conversations", thread},
        {"clear_conversations", ""},
        {"renew_leases", R"("turn_id": "x", "token": 1, "lease_us": 1)"},
        {"release_leases", R"("turn_id": "x", "token": 1)"},
        {"request_stops", R"("turn_id": "x", "user": "U1")"},
        {"recoverable_turns", R"("limit": 5)"},
        {"get_turns", R"("turn_id": "x")"},
        {"find_answers", R"("team": "T1", "channel": "C1", "ts": "1.1")"},
        {"newest_turns", thread},
        {"recent_turns", R"("team": "T1", "user": "U1", "limit": 5)"},
        {"set_space_defaults", R"("kind": "channel", "team": "T1", "id": "C1", "space_id": "s", "space_name": "S")"},
        {"get_space_defaults", R"("kind": "channel", "team": "T1", "id": "C1")"},
        {"usage", ""},
        {"asked_messages", R"("conversation_id": "c")"},
        {"bury", R"("kind": "turn", "turn_id": "x", "sqlstate": "", "detail": "d")"},
        {"sweep", ""},
        {"take_permits", R"("key": "k", "per_minute": 1)"},
        {"pause_questions", R"("pause_us": 1)"},
        {"delete_feedbacks", R"("id": ")" + uuid + "\""},
        {"get_feedbacks", R"("thread_id": ")" + uuid + "\""},
        {"get_steps", R"("thread_id": ")" + uuid + "\""},
        {"storage_state", ""},
    };
    for (const auto& [function, members] : calls) {
        INFO(function);
        CHECK(json::parse(call_release_009(database, function, "[{" + members + "}]")).as_array().size() == 1);
    }
}

TEST_CASE("the statements work where a later version has added columns", "[versions][postgres]") {
    LakebaseHarness harness;
    for (const char* table : {"turns", "steps", "threads", "users", "elements", "feedbacks", "conversation_tracker",
                              "events", "people", "ratings", "space_defaults", "question_permits", "dead_letters"})
        shared_postgres().query(harness.database(), "ALTER TABLE genie_app." + std::string(table) +
                                                        " ADD COLUMN later_text text NOT NULL DEFAULT 'later', "
                                                        "ADD COLUMN later_number integer");
    shared_postgres().query(
        harness.database(),
        "INSERT INTO genie_app.schema_version (version, name, checksum) VALUES (999, 'future', 'x')");
    const auto next = start(harness.database());
    StorageSession session(*next);
    const Turn turn = make_turn(make_thread("C9"), "101.000001");
    CHECK(session.accept(turn).first);
    shared_postgres().query(harness.database(), "UPDATE genie_app.turns SET later_text = 'mine'");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    CHECK(session.finish(claim->lease, claim->turn));
    CHECK(value(harness.database(), "SELECT later_text FROM genie_app.turns") == "mine");
    shared_postgres().query(harness.database(),
                            "TRUNCATE genie_app.turns, genie_app.events, genie_app.threads CASCADE");
    test::check_against_model(*next, 5, 200);
}

TEST_CASE("a question in a state of a later version is an error of its own, and hides no other",
          "[versions][postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    const Turn known = make_turn(make_thread("C8"), "101.000001");
    const Turn unknown = make_turn(make_thread("C9"), "102.000001");
    REQUIRE(session.accept(known).first);
    REQUIRE(session.accept(unknown).first);
    shared_postgres().query(harness.database(), "ALTER TABLE genie_app.turns DROP CONSTRAINT turns_state_check");
    shared_postgres().query(harness.database(),
                            "UPDATE genie_app.turns SET state = 'translating' WHERE id = '" + unknown.id + "'");
    const auto soon = [] { return Deadline::after(30s); };
    Storage& storage = harness.storage();

    const auto mine = session.ask(storage.recent_turns(known.thread.team, known.user, 10, soon()));
    REQUIRE(mine);
    REQUIRE(mine->size() == 1);
    CHECK(mine->front().id == known.id);
    const auto read = session.ask(storage.get_turn(unknown.id, soon()));
    REQUIRE_FALSE(read);
    CHECK(read.error().fault == StorageFault::invalid);
    const auto claimed = session.ask(storage.claim(unknown.id, "one", 1min, soon()));
    REQUIRE_FALSE(claimed);
    CHECK(claimed.error().fault == StorageFault::invalid);
    const auto again = session.ask(storage.accept(unknown, "", {}, soon()));
    REQUIRE_FALSE(again);
    CHECK(again.error().fault == StorageFault::invalid);
}

TEST_CASE("a call that leaves a column out keeps what is stored", "[versions][postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.answer_channel = "D1";
    turn.origin = Origin::home;
    session.accept(turn);
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    const std::string batch = R"([{"key": "k", "token": )" + std::to_string(claim->lease.token) +
                              R"(, "turn": {"id": ")" + turn.id + R"(", "state": "asking"}, "rows": {}}])";
    auto raw = open_session(settings_of(harness.database()));
    CHECK(raw.call(lakebase::statements::store_turns, {batch, "", ""}) == R"(["held"])");
    Turn expected = claim->turn;
    expected.state = TurnState::asking;
    expected.tries = 0;
    CHECK(session.get_turn(turn.id) == expected);

    const std::string least = R"([{"key": "k", "event_id": "", "rows": {}, "turn": {"id": "least", "team_id": "T1", )"
                              R"("channel_id": "C5", "thread_ts": "5.1", "question_ts": "5.1", "chat_thread_id": )"
                              R"("00000000-0000-4000-8000-000000000001"}}])";
    CHECK_THAT(raw.call(lakebase::statements::accept_turns, {least, "", ""}), test::contains("\"first\": true"));
    CHECK(session.get_turn("least")->state == TurnState::received);
}

TEST_CASE("a database that stopped between the first nine migrations is told the way", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database, 5);
    const std::string refusal = refusal_of_migrate(settings_of(database));
    CHECK_THAT(refusal, test::contains("006_maintenance_functions"));
    CHECK_THAT(refusal, test::contains("genie-slack migrate"));
}

TEST_CASE("a migration that was edited in place is named with what to do, and that helps", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database);
    shared_postgres().query(database, set_checksum(4, std::string(64, 'e')));
    const DatabaseSettings settings = settings_of(database);
    const std::string refusal = refusal_of_migrate(settings);
    CHECK_THAT(refusal, test::contains("migration 004_turns.sql was applied with another content"));
    CHECK_THAT(refusal, test::contains("eeeeeeeeeeee"));
    {
        auto session = open_session(settings);
        const auto findings = lakebase::check_session(session, settings);
        CHECK(std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
            return !finding.is_right && finding.what.find("004_turns.sql") != std::string::npos;
        }));
    }
    {
        // What /readyz shows.
        LakebaseHarness harness(test::lakebase_options(shared_postgres(), database));
        StorageSession session(harness);
        CHECK_FALSE(session.ask(harness.storage().start(Deadline::after(60s))));
        const auto checked = session.ask(harness.storage().check(Deadline::after(20s)));
        REQUIRE(checked.has_error());
        CHECK_THAT(checked.error().message, test::contains("004_turns.sql"));
    }
    const std::size_t begin = refusal.find("UPDATE genie_app.schema_version");
    REQUIRE(begin != std::string::npos);
    shared_postgres().query(database, refusal.substr(begin));
    CHECK(refusal_of_migrate(settings).empty());
}

TEST_CASE("the chat tables' schema of the release before is known", "[versions][postgres]") {
    const std::string database = create_empty_database();
    migrate_as_release_009(database, 9, "web_chat");
    DatabaseSettings settings = settings_of(database);
    CHECK_THAT(refusal_of_migrate(settings), test::contains("set CHAINLIT_SCHEMA to web_chat"));
    settings.chat_schema = "web_chat";
    CHECK(refusal_of_migrate(settings).empty());
    CHECK(value(database, "SELECT chat_schema FROM genie_app.installation") == "web_chat");
    settings.chat_schema = "genie_app";
    CHECK_THAT(refusal_of_migrate(settings), test::contains("set CHAINLIT_SCHEMA to web_chat"));
}

TEST_CASE("names that search_path reads otherwise are refused as schemas", "[versions][postgres]") {
    for (const char* name : {"$user", "pg_temp", "information_schema", ""}) {
        DatabaseSettings settings = settings_of(create_empty_database());
        settings.chat_schema = name;
        INFO(name);
        CHECK_THAT(refusal_of_migrate(settings), test::contains("CHAINLIT_SCHEMA is '" + std::string(name) + "'"));
        CHECK(
            shared_postgres().query(settings.database, "SELECT FROM pg_namespace WHERE nspname = 'genie_app'").empty());
    }
}

TEST_CASE("each file of functions or views may be applied again alone", "[versions][postgres]") {
    LakebaseHarness harness;
    const std::string objects =
        "SELECT string_agg(p.oid::regprocedure::text, ' ' ORDER BY p.oid::regprocedure::text) || (SELECT "
        "string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'v' AND relnamespace = "
        "'genie_app'::regnamespace) FROM pg_proc p WHERE pronamespace = 'genie_app'::regnamespace";
    const std::string before = value(harness.database(), objects);
    for (const lakebase::Repeatable& repeatable : lakebase::known_repeatables()) {
        INFO(repeatable.name);
        shared_postgres().query(harness.database(),
                                "UPDATE genie_app.repeatable_files SET checksum = 'other' WHERE name = " +
                                    lakebase::quote_text(repeatable.name));
        CHECK(migrate(settings_of(harness.database())) == std::vector<std::string>{repeatable.name});
        CHECK(value(harness.database(), objects) == before);
    }
}

TEST_CASE("functions and views are made again when their text has changed, with what was granted on them",
          "[versions][postgres]") {
    LakebaseHarness harness;
    const std::string& database = harness.database();
    const DatabaseSettings settings = settings_of(database);
    const std::string role = "reader_of_" + database;
    shared_postgres().query(database, "CREATE ROLE " + role + "; GRANT SELECT ON genie_app.user_summary_view TO " +
                                          role + "; GRANT EXECUTE ON FUNCTION genie_app.reindex_tables() TO " + role);
    // As another version would have left them: a view of other columns, a function of another body.
    shared_postgres().query(database, "SET ROLE \"" + std::string(test::kAppRole) +
                                          "\"; DROP VIEW genie_app.chat_summary_view;"
                                          "CREATE VIEW genie_app.chat_summary_view AS SELECT 1 AS other;"
                                          "GRANT SELECT ON genie_app.chat_summary_view TO " +
                                          role +
                                          "; UPDATE genie_app.repeatable_files SET checksum = 'other'"
                                          " WHERE name IN ('views/chat_summary_view', 'functions/30_maintenance')");
    CHECK(migrate(settings) == std::vector<std::string>{"views/chat_summary_view", "functions/30_maintenance"});
    CHECK(migrate(settings).empty());
    CHECK(value(database, "SELECT count(total_steps) FROM genie_app.chat_summary_view") == "0");
    for (const char* view : {"user_summary_view", "chat_summary_view"})
        CHECK(value(database, "SELECT has_table_privilege('" + role + "', 'genie_app." + view + "', 'SELECT')") == "t");
    CHECK(value(database, "SELECT has_function_privilege('" + role + "', 'genie_app.reindex_tables()', 'EXECUTE')") ==
          "t");

    // What somebody has built on a view is told, not dropped.
    const std::string other_view = "SET ROLE \"" + std::string(test::kAppRole) +
                                   "\"; DROP VIEW genie_app.chat_summary_view;"
                                   "CREATE VIEW genie_app.chat_summary_view AS SELECT 1 AS other;"
                                   "CREATE VIEW genie_app.of_a_dashboard AS SELECT * FROM genie_app.chat_summary_view;"
                                   "UPDATE genie_app.repeatable_files SET checksum = 'other' WHERE name = "
                                   "'views/chat_summary_view'";
    shared_postgres().query(database, other_view);
    const std::string refusal = refusal_of_migrate(settings);
    CHECK_THAT(refusal, test::contains("chat_summary_view gets other columns: drop what was built on it"));
    shared_postgres().query(database, "DROP VIEW genie_app.of_a_dashboard");
    CHECK(refusal_of_migrate(settings).empty());

    // A later version's are better than ours.
    shared_postgres().query(database,
                            "UPDATE genie_app.repeatable_files SET checksum = 'later'; INSERT INTO "
                            "genie_app.schema_version (version, name, checksum) VALUES (999, 'future', 'x')");
    CHECK(migrate(settings).empty());
    shared_postgres().query(database, "DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace versions_test
