#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/run.hpp"
#include "tests/support/storage_session.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"
#include "storage/lakebase/doctor.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace lakebase_failures_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;
namespace asio = boost::asio;

using test::kAppRole;
using test::LakebaseHarness;
using test::make_step;
using test::make_thread;
using test::make_turn;
using test::PostgresServer;
using test::question_rows;
using test::StorageSession;

// A server of its own, for tests that stop it.
struct OwnServer {
    explicit OwnServer(std::map<std::string, std::string> settings = {}) : server(std::move(settings)) {
        server.create_role(kAppRole, test::kAppPassword);
        server.create_database("chats", kAppRole);
    }
    LakebaseOptions options() const { return test::lakebase_options(server, "chats"); }
    PostgresServer server;
};

void start(LakebaseHarness& harness) {
    const auto started = StorageSession(harness).ask(harness.storage().start(Deadline::after(30s)));
    INFO((started ? "" : started.error().message));
    REQUIRE(started);
}

// Accepts questions one after the other until it is told to stop; only what was confirmed counts.
asio::awaitable<void> write_load(Storage& storage, std::string channel, const std::atomic<bool>& stop,
                                 std::vector<std::string>& confirmed) {
    for (int i = 0; !stop; ++i) {
        const Turn turn = make_turn(make_thread(channel), "101." + std::to_string(100'000 + i));
        auto rows = question_rows(turn);
        auto accepted = co_await storage.accept(turn, "Ev" + channel + "/" + std::to_string(i), std::move(rows),
                                                Deadline::after(20s));
        if (!accepted)
            continue;
        CHECK(accepted->first);
        confirmed.push_back(turn.id);
    }
}

TEST_CASE("no confirmed row is lost and none is doubled while PostgreSQL and its sessions are killed", "[postgres]") {
    // Durable, as in production: this is what is tested.
    const std::map<std::string, std::string> durable{{"fsync", "on"}};
    OwnServer own(durable);
    LakebaseHarness harness(own.options());
    start(harness);
    constexpr std::size_t kWriters = 64;
    std::vector<std::vector<std::string>> confirmed(kWriters);
    std::atomic<bool> stop = false;
    std::jthread chaos([&] {
        for (int i = 0; i < 3; ++i) {
            std::this_thread::sleep_for(300ms);
            own.server.query("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" +
                                             std::string(kAppRole) + "'");
            std::this_thread::sleep_for(300ms);
            own.server.kill();
            own.server.start();
        }
        std::this_thread::sleep_for(300ms);
        stop = true;
    });
    std::vector<asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < kWriters; ++i)
        tasks.push_back(write_load(harness.storage(), "C" + std::to_string(i), stop, confirmed[i]));
    harness.run(std::move(tasks));
    chaos.join();

    std::set<std::string> stored;
    for (const auto& row : own.server.query("chats", "SELECT id FROM genie_app.turns"))
        stored.insert(row.at(0));
    std::size_t count = 0;
    for (const auto& writer : confirmed)
        for (const std::string& id : writer) {
            ++count;
            REQUIRE(stored.count(id) == 1);
        }
    CHECK(count > 100);
    // One turn, one step and one event each; rows that nobody confirmed may be there, but whole ones only.
    CHECK(own.server
              .query("chats",
                     "SELECT turn.id FROM genie_app.turns turn WHERE 1 <> (SELECT count(*) FROM genie_app.steps "
                     "step WHERE step.\"threadId\" = turn.chat_thread_id AND step.output = turn.question)")
              .empty());
    CHECK(own.server.value("chats", "SELECT count(*) = (SELECT count(*) FROM genie_app.events) FROM genie_app.turns") ==
          "t");
}

TEST_CASE("a question whose row Chainlit's tables refuse is stored without it, its neighbours whole", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    constexpr std::size_t kCalls = 40;
    std::vector<std::optional<StorageResult<Acceptance>>> outcomes(kCalls);
    std::vector<asio::awaitable<void>> tasks;
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < kCalls; ++i) {
        turns.push_back(make_turn(make_thread("C" + std::to_string(i)), "101.000001"));
        auto rows = question_rows(turns.back());
        if (i == 17)
            rows.steps[0].parent_id = "this is no id";
        auto call = harness.storage().accept(turns.back(), "", std::move(rows), Deadline::after(20s));
        tasks.push_back(test::storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    for (std::size_t i = 0; i < kCalls; ++i) {
        INFO(i);
        REQUIRE(outcomes[i]);
        CHECK(outcomes[i]->has_value());
        CHECK(session.get_turn(turns[i].id).has_value());
    }
    CHECK(
        test::shared_postgres().query(harness.database(), "SELECT DISTINCT \"threadId\" FROM genie_app.steps").size() ==
        kCalls - 1);
    const auto letters = test::shared_postgres().query(
        harness.database(), "SELECT kind, turn_id, sqlstate, detail FROM genie_app.dead_letters");
    REQUIRE(letters.size() == 1);
    CHECK(letters[0][0] == "accept_turns");
    CHECK(letters[0][1] == turns[17].id);
    CHECK(letters[0][2] == "22P02");
    CHECK(letters[0][3].find("this is no id") == std::string::npos);
    CHECK_THAT(metrics::text(), test::contains("genie_slack_dead_letters_total{what=\"refused_row\"} "));
}

TEST_CASE("a question ends though its answer's row is refused", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    Turn turn = make_turn(make_thread("C1"), "101.000001");
    REQUIRE(session.accept(turn, "", question_rows(turn)).first);
    test::shared_postgres().query(harness.database(), "ALTER TABLE genie_app.steps ADD CHECK (length(output) <= 150)");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    turn = claim->turn;
    turn.state = TurnState::delivered;
    ChatRows rows = question_rows(turn);
    rows.steps[0].output = std::string(151, 'x');
    CHECK(session.finish(claim->lease, turn, rows));
    CHECK(session.get_turn(turn.id)->state == TurnState::delivered);
    const auto letters =
        test::shared_postgres().query(harness.database(), "SELECT sqlstate FROM genie_app.dead_letters");
    REQUIRE(letters.size() == 1);
    CHECK(letters[0][0] == "23514");

    // The doctor tells of it for a week.
    const auto settings = test::database_settings(test::shared_postgres(), harness.database());
    Login login;
    login.password = Secret(test::kAppPassword);
    lakebase::Session doctor(settings, login);
    const auto told = [&] {
        const auto findings = lakebase::check_session(doctor, settings);
        REQUIRE(findings.back().check == "Dead letters");
        return findings.back();
    };
    CHECK_FALSE(told().is_right);
    CHECK(told().is_bearable);
    CHECK(told().what == "of the last 7 days: 1 refused (store_turns, SQLSTATE 23514)");
    CHECK_THAT(told().remedy, test::contains("genie_app.dead_letters"));
    session.bury(turn, "at one point three times");
    CHECK(told().what == "of the last 7 days: 1 refused (store_turns, SQLSTATE 23514); 1 given up (turn)");
    test::shared_postgres().query(harness.database(),
                                  "UPDATE genie_app.dead_letters SET created_at = now() - interval '8 days'");
    CHECK(told().is_right);
}

TEST_CASE("text that PostgreSQL cannot hold is stored as near as possible", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.question = std::string("a\0b \xED\xA0\x80 \xFF end", 13);
    auto rows = question_rows(turn);
    rows.steps[0].metadata["k\xC0"] = std::string("\0v", 2);
    CHECK(session.accept(turn, "", rows).first);
    CHECK(session.get_turn(turn.id)->question == "a\uFFFDb \uFFFD\uFFFD\uFFFD \uFFFD end");
    CHECK(session.get_steps(thread_id(turn.thread))[0].metadata.at("k\uFFFD") == "\uFFFDv");
}

TEST_CASE("a database that is down at the start is waited for", "[postgres]") {
    OwnServer own;
    own.server.stop();
    LakebaseHarness harness(own.options());
    StorageSession session(harness);
    const auto early = session.ask(harness.storage().start(Deadline::after(300ms)));
    REQUIRE(early.has_error());
    CHECK(early.error().fault == StorageFault::unavailable);
    CHECK_THAT(early.error().message, test::contains("127.0.0.1"));
    // Known at once, without waiting for the deadline.
    const auto begun = Clock::now();
    const auto checked = session.ask(harness.storage().check(Deadline::after(20s)));
    REQUIRE(checked.has_error());
    CHECK(Clock::now() - begun < test::patience(5s));
    CHECK_THAT(checked.error().message, test::contains("connection"));

    own.server.start();
    start(harness);
    CHECK(session.ask(harness.storage().check(Deadline::after(20s))).has_value());
    CHECK(session.accept(make_turn(make_thread(), "101.000001")).first);
}

TEST_CASE("a call waits out a restart and is done once", "[postgres]") {
    OwnServer own;
    LakebaseHarness harness(own.options());
    start(harness);
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    own.server.stop();
    std::jthread restart([&] {
        std::this_thread::sleep_for(400ms);
        own.server.start();
    });
    CHECK(session.accept(turn, "Ev1").first);
    restart.join();
    CHECK_FALSE(session.accept(turn, "Ev1").first);
    // Sessions that died while they had nothing to do are replaced just as silently.
    own.server.query("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" +
                                     std::string(kAppRole) + "'");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    CHECK(session.finish(claim->lease, claim->turn));
}

TEST_CASE("a failover to a read-only server is noticed, and its end too", "[postgres]") {
    OwnServer own;
    LakebaseHarness harness(own.options());
    start(harness);
    StorageSession session(harness);
    own.server.query("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
    own.server.query("postgres", "SELECT pg_reload_conf()");
    // Each session of the server takes the new setting in its own time.
    StorageResult<Acceptance> refused;
    for (int i = 100'000; refused.has_value() && i < 100'500; ++i) {
        const Turn turn = make_turn(make_thread(), "101." + std::to_string(i));
        refused = session.ask(harness.storage().accept(turn, "", question_rows(turn), Deadline::after(1500ms)));
    }
    REQUIRE(refused.has_error());
    CHECK(refused.error().fault == StorageFault::unavailable);
    const auto checked = session.ask(harness.storage().check(Deadline::after(1500ms)));
    REQUIRE(checked.has_error());
    CHECK_THAT(checked.error().message, test::contains("read-only"));
    own.server.query("postgres", "ALTER SYSTEM RESET default_transaction_read_only");
    own.server.query("postgres", "SELECT pg_reload_conf()");
    CHECK(session.accept(make_turn(make_thread(), "101.000001")).first);
}

TEST_CASE("a full disk is said to be one, and forgotten when there is room again", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    // What the server answers when a write finds no room.
    test::shared_postgres().query(
        harness.database(),
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'could not extend file' USING ERRCODE = '53100'; END $$;"
        "CREATE TRIGGER full_disk BEFORE INSERT ON genie_app.turns EXECUTE FUNCTION no_room()");
    const Turn turn = make_turn(make_thread(), "101.000001");
    CHECK(session.refusal_of_accept(turn, question_rows(turn)) == StorageFault::full);
    test::shared_postgres().query(harness.database(), "DROP TRIGGER full_disk ON genie_app.turns");
    CHECK(session.accept(turn).first);
}

TEST_CASE("a table that is gone is said to be, from the first call that misses it until it is back", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    const auto check = [&] { return session.ask(harness.storage().check(Deadline::after(2s))); };
    REQUIRE(check());
    test::shared_postgres().query(harness.database(), "ALTER TABLE genie_app.events RENAME TO gone");
    const Turn turn = make_turn(make_thread(), "101.000001");
    CHECK(session.refusal_of_accept(turn, question_rows(turn)) == StorageFault::schema);
    for (int times = 0; times < 2; ++times) {
        const auto missed = check();
        REQUIRE(missed.has_error());
        CHECK(missed.error().fault == StorageFault::schema);
        CHECK_THAT(missed.error().message, test::contains("genie_app.events"));
    }
    test::shared_postgres().query(harness.database(), "ALTER TABLE genie_app.gone RENAME TO events");
    CHECK(check());
    CHECK(session.accept(turn).first);
}

TEST_CASE("a table that is locked for a while is not taken for one that is gone", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    const auto ask = [&](const std::string& statement) {
        return test::shared_postgres().value(harness.database(), statement);
    };
    std::thread holder([&] {
        try {
            ask("BEGIN; LOCK TABLE genie_app.space_defaults; SELECT pg_sleep(60)");
        } catch (const std::exception&) {
            // It is ended below.
        }
    });
    const Deadline patience = Deadline::after(test::patience(20s));
    while (!patience.expired() && ask("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted "
                                      "AND relation = 'genie_app.space_defaults'::regclass") != "1") {
    }
    CHECK(session.ask(harness.storage().check(Deadline::after(1s))));
    ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%' AND pid <> "
        "pg_backend_pid()");
    holder.join();
    CHECK(session.ask(harness.storage().check(Deadline::after(2s))));
}

TEST_CASE("a database that lacks a table is not called ready at its start", "[postgres]") {
    const std::string database = test::create_migrated_database();
    test::shared_postgres().query(database, "ALTER TABLE genie_app.turns RENAME COLUMN actions TO gone");
    LakebaseHarness harness(test::lakebase_options(test::shared_postgres(), database));
    start(harness);
    StorageSession session(harness);
    const auto missed = session.ask(harness.storage().check(Deadline::after(2s)));
    REQUIRE(missed.has_error());
    CHECK(missed.error().fault == StorageFault::schema);
}

TEST_CASE("a server that hangs costs each caller its own deadline and no more", "[postgres]") {
    OwnServer own;
    LakebaseOptions options = own.options();
    options.database.statement_timeout = 300ms;
    LakebaseHarness harness(options);
    start(harness);
    StorageSession session(harness);
    own.server.pause();
    const auto begun = Clock::now();
    const auto late = session.ask(harness.storage().get_turn("x", Deadline::after(400ms)));
    REQUIRE(late.has_error());
    CHECK(late.error().fault == StorageFault::unavailable);
    CHECK(Clock::now() - begun < test::patience(5s));
    harness.pass(3500ms);
    // The sessions that waited for it are cut and replaced.
    session.ask(harness.storage().get_turn("x", Deadline::after(100ms)));
    own.server.resume();
    CHECK_FALSE(session.get_turn("x"));
}

TEST_CASE("more calls than may wait are refused at once", "[postgres]") {
    OwnServer own;
    LakebaseOptions options = own.options();
    options.max_queue = 10;
    LakebaseHarness harness(options);
    start(harness);
    own.server.pause();
    std::vector<std::optional<StorageResult<bool>>> outcomes(40);
    std::vector<asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        auto call = harness.storage().is_served(make_thread("C" + std::to_string(i)), Deadline::after(500ms));
        tasks.push_back(test::storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    const auto full = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
        return outcome->has_error() && outcome->error().message.find("too many") != std::string::npos;
    });
    CHECK(full > 0);
    CHECK(full < 40);
    own.server.resume();
    CHECK_FALSE(StorageSession(harness).is_served(make_thread()));
}

TEST_CASE("a session that grew old is closed, and the next call has another one", "[postgres]") {
    OwnServer own;
    LakebaseOptions options = own.options();
    options.sessions = 1;
    options.session_life = 200ms;
    LakebaseHarness harness(options);
    start(harness);
    const std::string backend = "SELECT pid FROM pg_stat_activity WHERE usename = '" + std::string(kAppRole) + "'";
    // A login would wake a database that sleeps.
    const Deadline deadline = Deadline::after(20s);
    while (!own.server.query("postgres", backend).empty() && !deadline.expired())
        harness.pass(20ms);
    harness.pass(300ms);
    CHECK(own.server.query("postgres", backend).empty());
    CHECK_FALSE(StorageSession(harness).get_turn("x"));
    CHECK(own.server.query("postgres", backend).size() == 1);
}

TEST_CASE("a server for whose certificate nobody vouches gets no password, unless no proof is demanded",
          "[lakebase][postgres]") {
    const OwnServer own;
    LakebaseOptions options = own.options();
    options.database.sslrootcert = test::shared_postgres().ca_file();  // of another authority
    SECTION("proof is demanded, as for what the workspace issued") {
        LakebaseHarness harness(options);
        const auto started = StorageSession(harness).ask(harness.storage().start(Deadline::after(3s)));
        REQUIRE_FALSE(started);
        CHECK_THAT(started.error().message, test::contains("certificate verify failed"));
        CHECK_THAT(started.error().message, !test::contains(test::kAppPassword));
    }
    SECTION("DATABASE_TLS_UNVERIFIED leaves it at encryption") {
        options.database.sslrootcert.clear();
        options.database.sslmode = "require";
        LakebaseHarness harness(options);
        start(harness);
    }
}

}  // namespace lakebase_failures_test
