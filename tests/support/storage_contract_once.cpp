// The contract of what keeps a question from being asked twice, or for ever.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

#include <algorithm>

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_once {

constexpr Duration kOver = Duration::zero();  // a lease that is over at once
constexpr Duration kLong = std::chrono::hours(1);

using Ids = std::vector<std::string>;

// Claimed; the n-th in a thread of its own.
Claim claimed(StorageSession& session, std::size_t n = 1) {
    const Turn turn = make_turn(make_thread("C" + std::to_string(n)), "101.000001");
    session.accept(turn);
    auto claim = session.claim(turn.id);
    REQUIRE(claim);
    return *claim;
}

Turn asked(Turn turn, const std::string& conversation_id, const std::string& message_id) {
    turn.state = TurnState::asked;
    turn.conversation_id = conversation_id;
    turn.message_id = message_id;
    return turn;
}

int tries_of(StorageSession& session, const std::string& turn_id) {
    return session.get_turn(turn_id)->tries;
}

void claims_in_one_state_are_tries(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.tries = 9;
    CHECK(session.accept(turn).turn.tries == 0);
    for (int i = 1; i <= 3; ++i) {
        const auto claim = (i % 2 == 0 ? session : other).claim(turn.id, "one", kOver);
        REQUIRE(claim);
        CHECK(claim->turn.tries == i);
        CHECK(claim->turn.attempts == i);
    }
    CHECK(tries_of(session, turn.id) == 3);
    REQUIRE(session.claim(turn.id, "one", kLong));
    CHECK_FALSE(session.claim(turn.id, "two"));
    CHECK(tries_of(session, turn.id) == 4);
}

void another_state_begins_without_tries(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn);
    session.claim(turn.id, "one", kOver);
    auto claim = session.claim(turn.id, "one", kOver);
    REQUIRE(claim);
    Turn next = claim->turn;
    next.progress_ts = "200.000001";
    next.tries = 0;
    CHECK(session.advance(claim->lease, next));
    CHECK(tries_of(session, turn.id) == 2);
    next.state = TurnState::asking;
    next.tries = 7;
    CHECK(session.advance(claim->lease, next));
    CHECK(tries_of(session, turn.id) == 0);
    CHECK(session.get_turn(turn.id)->attempts == 2);

    claim = session.claim(turn.id, "one", kLong);
    REQUIRE(claim);
    CHECK(claim->turn.tries == 1);
    CHECK(claim->turn.attempts == 3);
    CHECK(session.finish(claim->lease, claim->turn));
    CHECK(tries_of(session, turn.id) == 0);
}

void handing_over_is_no_try(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn);
    session.claim(turn.id, "one", kOver);
    for (int i = 0; i < 3; ++i) {
        const auto claim = session.claim(turn.id);
        REQUIRE(claim);
        CHECK(claim->turn.tries == 2);
        session.release(claim->lease);
        session.release(claim->lease);
        CHECK(tries_of(session, turn.id) == 1);
    }
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    Lease stale = claim->lease;
    --stale.token;
    session.release(stale);
    CHECK(tries_of(session, turn.id) == 2);
    Turn next = claim->turn;
    next.state = TurnState::asking;
    REQUIRE(session.advance(claim->lease, next));
    session.release(claim->lease);
    CHECK(tries_of(session, turn.id) == 0);
    CHECK(session.get_turn(turn.id)->attempts == 5);
}

void a_message_of_another_turn_is_refused(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const Claim first = claimed(session, 1);
    const Claim second = claimed(session, 2);
    REQUIRE(session.advance(first.lease, asked(first.turn, "conv", "message")));
    const Turn before = *session.get_turn(second.turn.id);
    ChatRows rows;
    rows.steps.push_back(make_step(second.turn, "run", "2026-01-01T00:00:01.000000Z", ""));
    CHECK(other.refusal_of_advance(second.lease, asked(second.turn, "conv", "message"), rows) == StorageFault::invalid);
    Turn delivered = asked(second.turn, "conv", "message");
    delivered.state = TurnState::delivered;
    CHECK(other.refusal_of_finish(second.lease, delivered) == StorageFault::invalid);
    CHECK(session.get_turn(second.turn.id) == before);
    CHECK(session.get_steps(thread_id(second.turn.thread)).size() == 1);

    // The lease is still good, for a message of its own.
    CHECK(session.renew(second.lease, kLong));
    CHECK(session.advance(second.lease, asked(second.turn, "conv", "other message")));
    CHECK(session.advance(first.lease, asked(first.turn, "conv", "message")));
    CHECK(session.finish(first.lease, asked(first.turn, "conv", "message")));
    // Also when its turn is over.
    CHECK(session.refusal_of_advance(second.lease, asked(second.turn, "conv", "message")) == StorageFault::invalid);
    CHECK(session.get_turn(second.turn.id)->message_id == "other message");
}

void messages_are_told_apart_by_conversation(StorageHarness& harness) {
    StorageSession session(harness);
    const Claim first = claimed(session, 1);
    const Claim second = claimed(session, 2);
    const Claim third = claimed(session, 3);
    CHECK(session.advance(first.lease, asked(first.turn, "conv", "message")));
    CHECK(session.advance(second.lease, asked(second.turn, "conv 2", "message")));
    // Without a message there is nothing that could belong to another turn.
    CHECK(session.advance(third.lease, asked(third.turn, "conv", "")));
    CHECK(session.advance(second.lease, asked(second.turn, "conv", "")));
    // Given up: free for another one.
    CHECK(session.advance(first.lease, asked(first.turn, "conv", "message 2")));
    CHECK(session.advance(third.lease, asked(third.turn, "conv", "message")));
    Turn lost = asked(second.turn, "conv", "message");
    Lease stale = second.lease;
    stale.token += 1'000;
    CHECK_FALSE(session.advance(stale, lost));
}

void one_of_many_gets_a_message(StorageHarness& harness) {
    StorageSession session(harness);
    constexpr std::size_t kTurns = 24;
    std::vector<Claim> claims;
    for (std::size_t i = 0; i < kTurns; ++i)
        claims.push_back(claimed(session, i));
    // One that lost its lease must not win it from those that hold theirs.
    claims[0].lease.token += 1'000;
    // Two of three want a message that others want too; the third one has a message of its own.
    std::vector<std::optional<StorageResult<bool>>> outcomes(kTurns);
    std::vector<boost::asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < kTurns; ++i) {
        Storage& storage = i % 2 == 0 ? harness.storage() : harness.other_process();
        const std::string message = i % 3 == 2 ? "own " + std::to_string(i) : i % 3 == 1 ? "one" : "zero";
        auto call = storage.advance(claims[i].lease, asked(claims[i].turn, "conv", message), ChatRows(),
                                    Deadline::after(std::chrono::seconds(20)));
        tasks.push_back(storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    std::size_t won[3] = {0, 0, 0};
    for (std::size_t i = 0; i < kTurns; ++i) {
        INFO(i);
        const StorageResult<bool>& outcome = *outcomes[i];
        if (i == 0) {
            CHECK((outcome.has_value() && !*outcome));
            continue;
        }
        if (outcome.has_error())
            CHECK(outcome.error().fault == StorageFault::invalid);
        else
            CHECK(*outcome);
        won[i % 3] += outcome.has_value() ? 1u : 0u;
        CHECK(session.get_turn(claims[i].turn.id)->message_id.empty() == outcome.has_error());
    }
    CHECK(won[0] == 1);
    CHECK(won[1] == 1);
    CHECK(won[2] == kTurns / 3);
}

void the_messages_of_a_conversation_are_listed(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.asked_messages("conv").empty());
    const Claim first = claimed(session, 1);
    const Claim second = claimed(session, 2);
    const Claim third = claimed(session, 3);
    const Claim fourth = claimed(session, 4);
    REQUIRE(session.advance(second.lease, asked(second.turn, "conv", "b")));
    REQUIRE(session.advance(first.lease, asked(first.turn, "conv", "z")));
    REQUIRE(session.advance(third.lease, asked(third.turn, "conv 2", "c")));
    REQUIRE(session.advance(fourth.lease, asked(fourth.turn, "conv", "")));
    CHECK(session.asked_messages("conv") == Ids{"b", "z"});
    CHECK(session.asked_messages("conv 2") == Ids{"c"});
    CHECK(session.asked_messages("con").empty());
    CHECK(session.asked_messages("").empty());
    REQUIRE(session.finish(first.lease, asked(first.turn, "conv", "z")));
    CHECK(session.asked_messages("conv") == Ids{"b", "z"});
    REQUIRE(session.advance(second.lease, asked(second.turn, "conv 2", "b")));
    CHECK(session.asked_messages("conv") == Ids{"z"});
}

void only_the_newest_messages_are_listed(StorageHarness& harness) {
    StorageSession session(harness);
    Ids expected;
    for (std::size_t i = 100; i < 205; ++i) {
        const Claim claim = claimed(session, i);
        REQUIRE(session.finish(claim.lease, asked(claim.turn, "conv", std::to_string(i))));
        if (i >= 105)
            expected.insert(expected.begin(), std::to_string(i));
    }
    CHECK(session.asked_messages("conv") == expected);
}

void burying_and_sweeping_leave_everything_else(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn, "Ev1");
    session.bury(turn, "failed three times");
    session.bury(turn, "failed three times");
    session.sweep();
    CHECK(session.get_turn(turn.id) == turn);
    CHECK(session.recoverable() == Ids{turn.id});
    CHECK_FALSE(session.accept(turn, "Ev1").first);
    const Acceptance other = session.accept(make_turn(make_thread(), "102.000001"), "Ev1");
    CHECK_FALSE(other.first);
    CHECK(other.turn.id == turn.id);
}

void what_is_replaced_is_replaced_once(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn question = make_turn(make_thread(), "101.000001");
    session.accept(question, "Ev1");
    Turn edition = make_turn(make_thread(), "101.000001/edit/Ev2");
    edition.replaces = question.id;
    Turn late = make_turn(make_thread(), "101.000001/edit/Ev3");
    late.replaces = question.id;
    CHECK(session.accept(edition, "Ev2").first);
    const Acceptance refused = session.accept(late, "Ev3");
    CHECK_FALSE(refused.first);
    CHECK(refused.turn.id == edition.id);
    CHECK_FALSE(session.get_turn(late.id));
    // It may come again, for what is there now.
    late.replaces = edition.id;
    const Acceptance again = session.accept(late, "Ev3");
    CHECK(again.first);
    CHECK(again.turn.id == late.id);
    CHECK_FALSE(session.accept(edition, "Ev2").first);
}

}  // namespace storage_contract_once

std::vector<StorageCase> once_cases() {
    using namespace storage_contract_once;
    return {
        {"claims in one state are tries", claims_in_one_state_are_tries},
        {"another state begins without tries", another_state_begins_without_tries},
        {"handing over is no try", handing_over_is_no_try},
        {"a message of another turn is refused", a_message_of_another_turn_is_refused},
        {"messages are told apart by conversation", messages_are_told_apart_by_conversation},
        {"one of many gets a message", one_of_many_gets_a_message},
        {"the messages of a conversation are listed", the_messages_of_a_conversation_are_listed},
        {"only the newest messages are listed", only_the_newest_messages_are_listed},
        {"what is replaced is replaced once", what_is_replaced_is_replaced_once},
        {"burying and sweeping leave everything else", burying_and_sweeping_leave_everything_else},
    };
}

}  // namespace genie_slack::test
