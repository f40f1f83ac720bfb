// What only the tables show: rows for an admin, calls that are sent twice, time that has passed.
#include "storage/lakebase/session.hpp"
#include "storage/lakebase/turn_columns.hpp"

#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/storage_session.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <thread>

namespace lakebase_once_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;
using test::LakebaseHarness;
using test::make_thread;
using test::make_turn;
using test::StorageSession;

std::string ask(const LakebaseHarness& harness, const std::string& sql) {
    return test::shared_postgres().value(harness.database(), sql);
}

// What a statement answers to a batch.
std::string call(const LakebaseHarness& harness, const lakebase::Statement& statement, const std::string& batch) {
    Login login;
    login.password = Secret(test::kAppPassword);
    lakebase::Session session(test::database_settings(test::shared_postgres(), harness.database()), login);
    lakebase::BatchText text;
    text.calls = batch;
    return session.call(statement, text);
}

namespace statements = lakebase::statements;

TEST_CASE("a claim that is sent again counts once", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn);
    const std::string batch = R"([{"key": "k", "owner": "one", "lease_us": 0, "turn_id": ")" + turn.id + "\"}]";
    const std::string granted = call(harness, statements::claim_turns, batch);
    CHECK_THAT(granted, test::contains("\"tries\": 1"));
    CHECK(call(harness, statements::claim_turns, batch) == granted);
    CHECK(session.get_turn(turn.id)->tries == 1);
    CHECK(session.get_turn(turn.id)->attempts == 1);
}

TEST_CASE("of two turns that record one message in one batch the first has it", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    boost::json::array calls;
    for (const char* channel : {"C1", "C2", "C3"}) {
        Turn turn = make_turn(make_thread(channel), "101.000001");
        session.accept(turn);
        const auto token = session.claim(turn.id)->lease.token;
        turn.conversation_id = "conv";
        turn.message_id = "message";
        boost::json::object one;
        one["key"] = turn.id;
        // The first one's lease is lost.
        one["token"] = calls.empty() ? token + 1'000 : token;
        one["turn"] = lakebase::encode(turn);
        one["rows"] = boost::json::object();
        calls.push_back(std::move(one));
    }
    const std::string batch = boost::json::serialize(calls);
    CHECK(call(harness, statements::store_turns, batch) == R"(["lost", "held", "taken"])");
    CHECK(call(harness, statements::store_turns, batch) == R"(["lost", "held", "taken"])");
    CHECK(session.asked_messages("conv").size() == 1);
}

TEST_CASE("a message of another turn is no dead letter", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    std::vector<Claim> claims;
    for (const char* channel : {"C1", "C2"}) {
        const Turn turn = make_turn(make_thread(channel), "101.000001");
        session.accept(turn);
        claims.push_back(*session.claim(turn.id));
        claims.back().turn.conversation_id = "conv";
        claims.back().turn.message_id = "message";
    }
    CHECK(session.advance(claims[0].lease, claims[0].turn));
    const auto refused =
        session.ask(harness.storage().advance(claims[1].lease, claims[1].turn, ChatRows(), Deadline::after(20s)));
    REQUIRE(refused.has_error());
    CHECK(refused.error().message == "this Genie message belongs to another turn");
    CHECK(ask(harness, "SELECT count(*) FROM genie_app.dead_letters") == "0");
    // Whatever goes around the statement.
    CHECK_THROWS(
        ask(harness, "UPDATE genie_app.turns SET conversation_id = 'conv', message_id = 'message' RETURNING 1"));
}

TEST_CASE("a buried turn is one row for each reason", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.bury(turn, "failed three times while asking");
    other.bury(turn, "failed three times while asking");
    session.bury(turn, "failed three times while delivering");
    session.bury(make_turn(make_thread(), "102.000001"), std::string(20'000, 'x') + std::string(1, '\0'));
    const auto letters = test::shared_postgres().query(
        harness.database(), "SELECT kind, turn_id, sqlstate, detail FROM genie_app.dead_letters ORDER BY id");
    REQUIRE(letters.size() == 3);
    CHECK(letters[0] == std::vector<std::string>{"turn", turn.id, "", "failed three times while asking"});
    CHECK(letters[1][3] == "failed three times while delivering");
}

TEST_CASE("event ids are swept once Slack will not repeat them", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    session.accept(make_turn(make_thread(), "101.000001"), "EvNew");
    ask(harness,
        "WITH old AS (INSERT INTO genie_app.events SELECT 'T1', 'Ev' || n, 'turn', now() - interval '48 hours 1 "
        "second' "
        "FROM generate_series(1, 10010) n UNION ALL "
        "SELECT 'T1', 'EvLate', 'turn', now() - interval '47 hours' RETURNING 1) SELECT count(*) FROM old");
    session.sweep();
    CHECK(ask(harness, "SELECT count(*) FROM genie_app.events") == "12");
    session.sweep();
    CHECK(ask(harness, "SELECT string_agg(event_id, ' ' ORDER BY event_id) FROM genie_app.events") == "EvLate EvNew");
    session.sweep();
    CHECK_FALSE(session.accept(make_turn(make_thread(), "102.000001"), "EvNew").first);
}

TEST_CASE("a permit that is asked for again is the same one", "[postgres]") {
    LakebaseHarness harness;
    const auto take = [&](const std::string& key) {
        return call(harness, statements::take_permits, R"([{"key": ")" + key + R"(", "per_minute": 2}])");
    };
    CHECK(take("a") == "[0]");
    CHECK(take("a") == "[0]");
    CHECK(take("b") == "[0]");
    CHECK(take("c") != "[0]");
    CHECK(take("b") == "[0]");
    CHECK(ask(harness, "SELECT string_agg(call_key, ' ' ORDER BY call_key) FROM genie_app.question_permits") == "a b");
}

TEST_CASE("a permit counts for a minute", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    const auto age = [&](const std::string& interval) {
        ask(harness,
            "UPDATE genie_app.question_permits SET granted_at = granted_at - interval '" + interval + "' RETURNING 1");
    };
    CHECK(session.take_permit(2) == Duration::zero());
    age("40 seconds");
    CHECK(session.take_permit(2) == Duration::zero());
    const Duration wait = session.take_permit(2);
    CHECK(wait > Duration::zero());
    CHECK(wait <= 20s);
    age("20 seconds");
    CHECK(session.take_permit(2) == Duration::zero());
    CHECK(session.take_permit(2) > 20s);
    age("11 minutes");
    CHECK(session.take_permit(2) == Duration::zero());
    CHECK(ask(harness, "SELECT count(*) FROM genie_app.question_permits") == "1");
}

TEST_CASE("a process waits for the permit that another one is taking", "[postgres]") {
    LakebaseHarness harness;
    StorageSession session(harness);
    // One implicit transaction, which ends with the pause.
    std::jthread other([&] {
        test::shared_postgres().query(
            harness.database(),
            lakebase::statement_text("lock_question_budget", "genie_app") +
                "; INSERT INTO genie_app.question_permits VALUES ('other', clock_timestamp()); SELECT pg_sleep(1)");
    });
    const Deadline deadline = Deadline::after(20s);
    while (ask(harness,
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND "
               "datname = current_database()") == "0" &&
           !deadline.expired())
        harness.pass(10ms);
    CHECK(session.take_permit(1) > Duration::zero());
}

}  // namespace lakebase_once_test
