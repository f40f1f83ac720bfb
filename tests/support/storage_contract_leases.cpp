// The contract of claims, leases and recovery.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_leases {

constexpr Duration kOver = Duration::zero();  // a lease that is over at once
constexpr Duration kLong = std::chrono::hours(1);

using Ids = std::vector<std::string>;

Turn accepted(StorageSession& session, const std::string& question_ts, const ThreadKey& thread = make_thread()) {
    return session.accept(make_turn(thread, question_ts), "Ev" + thread.channel + question_ts).turn;
}

void a_claim_keeps_others_away(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id, "one");
    REQUIRE(claim);
    CHECK(claim->lease.turn_id == turn.id);
    CHECK(claim->lease.owner == "one");
    CHECK(claim->lease.token > 0);
    turn.attempts = 1;
    turn.tries = 1;
    CHECK(claim->turn == turn);
    CHECK(session.get_turn(turn.id) == turn);
    CHECK_FALSE(other.claim(turn.id, "two"));
    CHECK_FALSE(session.claim(turn.id, "one"));
    CHECK_FALSE(session.claim("no-such-turn", "one"));
    CHECK(session.get_turn(turn.id)->attempts == 1);
}

void many_claims_at_once_one_wins(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    std::vector<std::optional<StorageResult<std::optional<Claim>>>> outcomes(8);
    std::vector<boost::asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        Storage& storage = i % 2 == 0 ? harness.storage() : harness.other_process();
        auto call = storage.claim(turn.id, std::to_string(i), kLong, Deadline::after(std::chrono::seconds(20)));
        tasks.push_back(storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    int won = 0;
    for (auto& outcome : outcomes)
        won += outcome->value().has_value() ? 1 : 0;
    CHECK(won == 1);
}

void a_thread_works_on_its_oldest_question(StorageHarness& harness) {
    StorageSession session(harness);
    // Accepted first is older, whatever the ts says: it may run already when an earlier message arrives late.
    const Turn first = accepted(session, "105.000001");
    const Turn second = accepted(session, "101.000001");
    const Turn elsewhere = accepted(session, "103.000001", make_thread("C2"));
    CHECK_FALSE(session.claim(second.id));
    CHECK(session.recoverable() == Ids{first.id, elsewhere.id});
    const auto claim = session.claim(first.id);
    REQUIRE(claim);
    CHECK_FALSE(session.claim(second.id));
    CHECK(session.claim(elsewhere.id));
    CHECK(session.finish(claim->lease, claim->turn));
    CHECK(session.recoverable() == Ids{second.id});
    CHECK(session.claim(second.id));
}

void tokens_only_grow(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const Turn turn = accepted(session, "101.000001");
    std::uint64_t last = 0;
    for (int i = 0; i < 6; ++i) {
        const auto claim = (i % 2 == 0 ? session : other).claim(turn.id, "owner", i < 3 ? kOver : kLong);
        REQUIRE(claim);
        CHECK(claim->lease.token > last);
        CHECK(claim->turn.attempts == i + 1);
        last = claim->lease.token;
        if (i >= 3)
            session.release(claim->lease);
    }
}

void a_lease_that_is_over_can_be_taken(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const Turn turn = accepted(session, "101.000001");
    REQUIRE(session.claim(turn.id, "one", harness.short_lease()));
    CHECK_FALSE(other.claim(turn.id, "two"));
    CHECK(session.recoverable().empty());
    harness.pass(harness.short_lease() * 2);
    CHECK(session.recoverable() == Ids{turn.id});
    const auto taken = other.claim(turn.id, "two");
    REQUIRE(taken);
    CHECK(taken->turn.attempts == 2);
}

void a_stale_owner_writes_nothing(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto stale = session.claim(turn.id, "one", kOver);
    const auto current = session.claim(turn.id, "two", kLong);
    REQUIRE(stale);
    REQUIRE(current);
    const Turn before = *session.get_turn(turn.id);
    const auto steps = session.get_steps(thread_id(turn.thread));

    Turn changed = stale->turn;
    changed.state = TurnState::answered;
    changed.progress_ts = "200.000001";
    ChatRows rows;
    rows.steps.push_back(make_step(turn, "assistant_message", "2026-01-01T00:00:09.000000Z", "late"));
    CHECK_FALSE(session.advance(stale->lease, changed, rows));
    CHECK_FALSE(session.finish(stale->lease, changed, rows));
    CHECK_FALSE(session.renew(stale->lease, kOver));
    session.release(stale->lease);

    CHECK(session.get_turn(turn.id) == before);
    CHECK(session.get_steps(thread_id(turn.thread)) == steps);
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", "200.000001"));
    CHECK_FALSE(session.claim(turn.id, "three"));
    CHECK(session.renew(current->lease, kLong));
    CHECK(session.finish(current->lease, current->turn));
}

void a_guessed_token_opens_nothing(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    Lease guess;
    guess.turn_id = turn.id;
    guess.owner = "one";
    CHECK_FALSE(session.renew(guess, kLong));
    CHECK_FALSE(session.advance(guess, turn));
    const auto claim = session.claim(turn.id, "one", kLong);
    REQUIRE(claim);
    guess.token = claim->lease.token + 1;
    CHECK_FALSE(session.advance(guess, claim->turn));
    guess.turn_id = "no-such-turn";
    CHECK_FALSE(session.finish(guess, claim->turn));
    session.release(guess);
    CHECK(session.renew(claim->lease, kLong));
}

void renewing_keeps_a_lease_alive(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id, "one", harness.short_lease());
    REQUIRE(claim);
    CHECK(session.renew(claim->lease, kLong));
    harness.pass(harness.short_lease() * 2);
    CHECK_FALSE(session.claim(turn.id, "two"));
    CHECK(session.renew(claim->lease, kOver));
    // Over, but nobody took it: the work of its owner still counts.
    CHECK(session.advance(claim->lease, claim->turn));
    CHECK(session.renew(claim->lease, kLong));
    CHECK_FALSE(session.claim(turn.id, "two"));
}

void a_released_turn_is_free_at_once(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id, "one");
    REQUIRE(claim);
    session.release(claim->lease);
    session.release(claim->lease);
    CHECK_FALSE(session.renew(claim->lease, kLong));
    CHECK_FALSE(session.advance(claim->lease, claim->turn));
    CHECK(session.recoverable() == Ids{turn.id});
    CHECK(session.claim(turn.id, "two"));
}

void a_step_forward_is_stored_with_its_rows(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    Turn asked = claim->turn;
    asked.state = TurnState::asked;
    asked.space_id = "space";
    asked.space_name = "Sales";
    asked.conversation_id = "conv";
    asked.message_id = "message";
    asked.progress_ts = "200.000001";
    asked.asked_at = WallTime(std::chrono::microseconds(1'767'225'601'000'001));
    asked.tries = 0;
    ChatRows rows;
    rows.steps.push_back(make_step(turn, "run", "2026-01-01T00:00:01.000000Z", ""));
    CHECK(session.advance(claim->lease, asked, rows));
    CHECK(session.get_turn(turn.id) == asked);
    CHECK(session.get_steps(thread_id(turn.thread)).size() == 2);
    CHECK_FALSE(session.claim(turn.id, "two"));
}

void attempts_are_counted_by_claims_alone(StorageHarness& harness) {
    StorageSession session(harness);
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.attempts = 9;
    CHECK(session.accept(turn).turn.attempts == 0);
    session.claim(turn.id, "one", kOver);
    const auto claim = session.claim(turn.id, "one", kLong);
    REQUIRE(claim);
    Turn reset = claim->turn;
    reset.attempts = 0;
    CHECK(session.advance(claim->lease, reset));
    CHECK(session.get_turn(turn.id)->attempts == 2);
}

void a_finished_turn_is_over(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    Turn failed = claim->turn;
    failed.state = TurnState::failed;
    failed.failure = "genie_timeout";
    failed.finished_at = WallTime(std::chrono::microseconds(1'767'225'609'000'000));
    failed.tries = 0;
    ChatRows rows;
    rows.steps.push_back(make_step(turn, "assistant_message", "2026-01-01T00:00:09.000000Z", "Sorry"));
    rows.steps.back().is_error = true;
    CHECK(session.finish(claim->lease, failed, rows));
    CHECK(session.get_turn(turn.id) == failed);
    CHECK(session.get_steps(thread_id(turn.thread)).back().is_error);
    CHECK_FALSE(session.claim(turn.id));
    CHECK_FALSE(session.renew(claim->lease, kLong));
    CHECK_FALSE(session.advance(claim->lease, claim->turn));
    CHECK_FALSE(session.finish(claim->lease, failed));
    session.release(claim->lease);
    CHECK(session.recoverable().empty());
}

void what_a_lease_may_not_write_is_refused(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    const Turn before = *session.get_turn(turn.id);
    Turn final_one = claim->turn;
    final_one.state = TurnState::delivered;
    CHECK(session.refusal_of_advance(claim->lease, final_one) == StorageFault::invalid);
    CHECK(session.refusal_of_finish(claim->lease, claim->turn) == StorageFault::invalid);
    Turn other_question = claim->turn;
    other_question.question_ts = "999.000001";
    CHECK(session.refusal_of_advance(claim->lease, other_question) == StorageFault::invalid);
    Turn other_thread = claim->turn;
    other_thread.thread = make_thread("C2");
    CHECK(session.refusal_of_advance(claim->lease, other_thread) == StorageFault::invalid);

    Turn changed = claim->turn;
    changed.state = TurnState::asked;
    ChatRows rows;
    rows.steps.push_back(make_step(turn, "run", "2026-01-01T00:00:01.000000Z", ""));
    rows.steps.push_back(make_step(make_turn(make_thread("C2"), "1.000001"), "run", "2026-01-01T00:00:01.000000Z", ""));
    CHECK(session.refusal_of_advance(claim->lease, changed, rows) == StorageFault::invalid);
    CHECK(session.get_turn(turn.id) == before);
    CHECK(session.get_steps(thread_id(turn.thread)).size() == 1);
}

void recoverable_turns_come_oldest_first(StorageHarness& harness) {
    StorageSession session(harness);
    Ids ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(accepted(session, "101.000001", make_thread("C" + std::to_string(5 - i))).id);
    CHECK(session.recoverable() == ids);
    CHECK(session.recoverable(2) == Ids{ids[0], ids[1]});
    CHECK(session.recoverable(0).empty());
    session.deliver(ids[0]);
    CHECK(session.claim(ids[1], "one", kLong));
    CHECK(session.claim(ids[3], "one", kOver));
    CHECK(session.recoverable() == Ids{ids[2], ids[3], ids[4]});
}

void a_turn_that_waits_for_a_person_is_not_recovered(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn waiting = accepted(session, "101.000001");
    const Turn behind = accepted(session, "102.000001");
    const auto claim = session.claim(waiting.id);
    REQUIRE(claim);
    Turn turn = claim->turn;
    turn.state = TurnState::awaiting_space;
    REQUIRE(session.advance(claim->lease, turn));
    session.release(claim->lease);
    CHECK(session.recoverable().empty());
    CHECK_FALSE(session.claim(behind.id));

    const auto chosen = session.claim(waiting.id);
    REQUIRE(chosen);
    turn = chosen->turn;
    turn.state = TurnState::received;
    REQUIRE(session.advance(chosen->lease, turn));
    session.release(chosen->lease);
    CHECK(session.recoverable() == Ids{waiting.id});
}

void an_answer_leads_to_its_turn(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = accepted(session, "101.000001");
    const auto claim = session.claim(turn.id);
    REQUIRE(claim);
    Turn posted = claim->turn;
    posted.progress_ts = "200.000001";
    CHECK(session.advance(claim->lease, posted));
    CHECK(session.find_turn_by_answer("T1", "C1", "200.000001") == posted);
    CHECK_FALSE(session.find_turn_by_answer("T1", "C2", "200.000001"));
    CHECK_FALSE(session.find_turn_by_answer("T2", "C1", "200.000001"));
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", "101.000001"));
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", ""));
    posted.progress_ts = "300.000001";
    posted.state = TurnState::delivered;
    posted.tries = 0;
    CHECK(session.finish(claim->lease, posted));
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", "200.000001"));
    CHECK(session.find_turn_by_answer("T1", "C1", "300.000001") == posted);
}

}  // namespace storage_contract_leases

std::vector<StorageCase> lease_cases() {
    using namespace storage_contract_leases;
    return {
        {"a claim keeps others away", a_claim_keeps_others_away},
        {"many claims at once, one wins", many_claims_at_once_one_wins},
        {"a thread works on its oldest question", a_thread_works_on_its_oldest_question},
        {"tokens only grow", tokens_only_grow},
        {"a lease that is over can be taken", a_lease_that_is_over_can_be_taken},
        {"a stale owner writes nothing", a_stale_owner_writes_nothing},
        {"a guessed token opens nothing", a_guessed_token_opens_nothing},
        {"renewing keeps a lease alive", renewing_keeps_a_lease_alive},
        {"a released turn is free at once", a_released_turn_is_free_at_once},
        {"a step forward is stored with its rows", a_step_forward_is_stored_with_its_rows},
        {"attempts are counted by claims alone", attempts_are_counted_by_claims_alone},
        {"a finished turn is over", a_finished_turn_is_over},
        {"what a lease may not write is refused", what_a_lease_may_not_write_is_refused},
        {"recoverable turns come oldest first", recoverable_turns_come_oldest_first},
        {"a turn that waits for a person is not recovered", a_turn_that_waits_for_a_person_is_not_recovered},
        {"an answer leads to its turn", an_answer_leads_to_its_turn},
    };
}

}  // namespace genie_slack::test
