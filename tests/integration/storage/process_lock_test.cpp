// A process that dies is noticed by its lock, at once; a session that is cut is no death (storage.md 4.4).
#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/storage_session.hpp"

namespace process_lock_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;

using test::LakebaseHarness;
using test::make_thread;
using test::make_turn;
using test::shared_postgres;
using test::StorageSession;

constexpr const char* kFirst = "11111111-0000-4000-8000-000000000001";
constexpr const char* kSecond = "11111111-0000-4000-8000-000000000002";

// A process with its lock, on a database that others may share.
struct Process {
    Process(const std::string& database, std::string name) {
        LakebaseOptions options = test::lakebase_options(shared_postgres(), database);
        options.sessions = 2;
        options.process = std::move(name);
        harness = std::make_unique<LakebaseHarness>(options);
        REQUIRE(StorageSession(*harness).ask(harness->storage().start(Deadline::after(30s))));
        REQUIRE(wait([&] { return harness->storage().hearing() == Hearing::live; }));
    }
    template <class Condition>
    bool wait(Condition condition, Duration limit = 10s) {
        const Deadline deadline = Deadline::after(limit);
        while (!condition()) {
            if (deadline.expired())
                return false;
            harness->pass(20ms);
        }
        return true;
    }
    StorageSession session() { return StorageSession(*harness); }
    Recoverable look() { return session().ask(harness->storage().recoverable(10, Deadline::after(10s))).value(); }
    // As a kill does: the server sees the end of the connections, and nothing else.
    void die() { harness.reset(); }

    std::unique_ptr<LakebaseHarness> harness;
};

// Nobody is judged while a server is young.
std::string old_servers_database() {
    const std::string database = test::create_migrated_database();
    const std::string age = "SELECT clock_timestamp() - pg_postmaster_start_time() > interval '5 seconds'";
    const Deadline deadline = Deadline::after(20s);
    while (shared_postgres().value("postgres", age) != "t" && !deadline.expired())
        shared_postgres().query("postgres", "SELECT pg_sleep(0.2)");
    return database;
}

Turn accepted_by(Process& process) {
    const Turn turn = make_turn(make_thread(), "100.000001");
    process.session().accept(turn);
    return turn;
}

void cut_locks(const std::string& database) {
    shared_postgres().query(
        "postgres",
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE l.locktype = 'advisory' AND d.datname = '" +
            database + "'");
}

TEST_CASE("a dead process's question is taken over within two seconds", "[postgres][process_lock]") {
    const std::string database = old_servers_database();
    Process second(database, kSecond);
    Process first(database, kFirst);
    const Turn turn = accepted_by(first);
    REQUIRE(first.session().claim(turn.id, kFirst));
    CHECK_FALSE(second.session().claim(turn.id, kSecond));
    CHECK(second.look().is_watched);
    CHECK_FALSE(first.look().is_watched);
    CHECK(first.look().is_leased);

    first.die();
    const TimePoint died_at = Clock::now();
    REQUIRE(second.wait([&] { return !second.look().turn_ids.empty(); }));
    CHECK(Clock::now() - died_at < 2s);
    CHECK(second.session().claim(turn.id, kSecond));
}

TEST_CASE("the successor of a dead process takes its question over as soon", "[postgres][process_lock]") {
    const std::string database = old_servers_database();
    Process first(database, kFirst);
    const Turn turn = accepted_by(first);
    REQUIRE(first.session().claim(turn.id, kFirst));
    first.die();
    Process next(database, kSecond);
    CHECK(next.wait([&] { return !next.look().turn_ids.empty(); }, 2s));
}

TEST_CASE("a process without a lock, as the version before it, counts by its lease", "[postgres][process_lock]") {
    const std::string database = old_servers_database();
    Process second(database, kSecond);
    Process first(database, kFirst);
    const Turn turn = accepted_by(first);
    // The owner of its leases has no lock: that is what the version before recorded.
    REQUIRE(first.session().claim(turn.id, "an older process", 4s));
    first.die();
    CHECK_FALSE(second.wait([&] { return !second.look().turn_ids.empty(); }, 2500ms));
    CHECK(second.wait([&] { return !second.look().turn_ids.empty(); }));
}

TEST_CASE("a cut session is nobody's death: the lock is taken again at once", "[postgres][process_lock]") {
    const std::string database = old_servers_database();
    Process second(database, kSecond);
    Process first(database, kFirst);
    const Turn turn = accepted_by(first);
    REQUIRE(first.session().claim(turn.id, kFirst));
    const bool all_at_once = GENERATE(true, false);
    const TimePoint cut_at = Clock::now();
    if (all_at_once)
        cut_locks(database);
    else
        shared_postgres().query("postgres",
                                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = "
                                "'advisory' AND objid = (hashtextextended('" +
                                    std::string(kFirst) + "', 4) & 4294967295)::oid");
    const auto lost = [&] { return first.harness->storage().presence_lost_at() >= cut_at; };
    REQUIRE(first.wait(lost));
    CHECK(first.wait([&] { return first.harness->storage().hearing() == Hearing::live; }, 1s));
    CHECK_FALSE(second.wait([&] { return !second.look().turn_ids.empty(); }, 2500ms));
}

TEST_CASE("others are told when a process begins to work", "[postgres][process_lock]") {
    const std::string database = test::create_migrated_database();
    Process second(database, kSecond);
    Process first(database, kFirst);
    bool told = false;
    second.harness->pass(200ms);
    second.harness->storage().on_others([&] { told = true; });
    second.harness->pass(200ms);
    CHECK_FALSE(told);
    accepted_by(first);
    CHECK(second.wait([&] { return told; }, 3s));
}

TEST_CASE("what a dead process did with an answer may be begun again", "[postgres][process_lock]") {
    const std::string database = old_servers_database();
    Process second(database, kSecond);
    Process first(database, kFirst);
    const Turn turn = accepted_by(first);
    REQUIRE(first.session().begin_action(turn.id, "again", "a press", 3min).granted);
    CHECK_FALSE(second.session().begin_action(turn.id, "again", "another press", 3min).granted);
    first.die();
    // The server may take a moment to see the end of the connections.
    CHECK(second.wait([&] { return second.session().begin_action(turn.id, "again", "another press", 3min).granted; },
                      4s));
}

}  // namespace process_lock_test
