// The contract of what people do beside asking: stop, read elsewhere, edit, choose defaults, look back.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_people {

Claim claimed(StorageSession& session, const Turn& turn) {
    session.accept(turn);
    auto claim = session.claim(turn.id);
    REQUIRE(claim);
    return *claim;
}

void a_stop_is_kept_whatever_is_stored(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.stopped_by = "U9";
    CHECK(session.accept(turn).turn.stopped_by.empty());
    auto claim = session.claim(turn.id);
    REQUIRE(claim);
    const auto stopped = other.request_stop(turn.id, "U2");
    REQUIRE(stopped);
    CHECK(stopped->stopped_by == "U2");
    CHECK(stopped->attempts == 1);

    claim->turn.state = TurnState::asking;
    REQUIRE(session.advance(claim->lease, claim->turn));
    CHECK(session.get_turn(turn.id)->stopped_by == "U2");
    CHECK(session.request_stop(turn.id, "U3")->stopped_by == "U2");
    claim->turn.stopped_by = "U7";
    REQUIRE(session.finish(claim->lease, claim->turn));
    CHECK(session.get_turn(turn.id)->stopped_by == "U2");
}

// Whoever wanted it to stop may have died before it ended.
void a_question_to_be_stopped_waits_for_no_choice(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    Claim claim = claimed(session, make_turn(make_thread(), "101.000001"));
    claim.turn.state = TurnState::awaiting_space;
    REQUIRE(session.advance(claim.lease, claim.turn));
    session.release(claim.lease);
    CHECK(session.recoverable().empty());
    CHECK(other.request_stop(claim.turn.id, "U2")->state == TurnState::awaiting_space);
    CHECK(session.recoverable() == std::vector<std::string>{claim.turn.id});
}

void a_finished_or_unknown_turn_is_not_stopped(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn);
    session.deliver(turn.id);
    const auto unchanged = session.request_stop(turn.id, "U2");
    REQUIRE(unchanged);
    CHECK(unchanged->stopped_by.empty());
    CHECK(unchanged == session.get_turn(turn.id));
    CHECK_FALSE(session.request_stop("no-such-turn", "U2"));
}

void an_answer_that_moves_is_found_where_it_stands(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    Claim claim = claimed(session, make_turn(make_thread("C1"), "101.000001"));
    const std::string id = claim.turn.id;
    claim.turn.progress_ts = "200.1";
    REQUIRE(session.advance(claim.lease, claim.turn));
    // One that is not over yet belongs to whoever works on it.
    CHECK_FALSE(other.move_answer(id, "200.1", "300.1"));
    claim.turn.state = TurnState::delivered;
    REQUIRE(session.finish(claim.lease, claim.turn));

    CHECK(session.move_answer(id, "200.1", "300.1"));
    CHECK(session.get_turn(id)->progress_ts == "300.1");
    REQUIRE(other.find_turn_by_answer("T1", "C1", "300.1"));
    CHECK_FALSE(other.find_turn_by_answer("T1", "C1", "200.1"));
    // Sent again, and by somebody who comes too late.
    CHECK(session.move_answer(id, "200.1", "300.1"));
    CHECK_FALSE(other.move_answer(id, "200.1", "400.1"));
    CHECK_FALSE(other.move_answer("no-such-turn", "200.1", "400.1"));
    CHECK(other.get_turn(id)->progress_ts == "300.1");
}

void an_answer_that_a_newer_turn_has_does_not_move(StorageHarness& harness) {
    StorageSession session(harness);
    std::string first;
    for (const char* ts : {"101.000001", "102.000001"}) {
        Claim claim = claimed(session, make_turn(make_thread("C1"), ts));
        first = first.empty() ? claim.turn.id : first;
        claim.turn.progress_ts = "200.1";
        claim.turn.state = TurnState::delivered;
        REQUIRE(session.finish(claim.lease, claim.turn));
    }
    CHECK_FALSE(session.move_answer(first, "200.1", "300.1"));
    CHECK(session.get_turn(first)->progress_ts == "200.1");
}

void an_action_is_done_once_at_a_time(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const Turn turn = make_turn(make_thread(), "101.000001");
    CHECK_FALSE(session.begin_action(turn.id, "csv", "one").granted);
    session.accept(turn);
    session.deliver(turn.id);
    CHECK(session.begin_action(turn.id, "csv", "one").granted);
    CHECK(session.begin_action(turn.id, "csv", "one").granted);
    CHECK_FALSE(other.begin_action(turn.id, "csv", "two").granted);
    CHECK(other.begin_action(turn.id, "again", "two").granted);
    // Only its owner may write or end it.
    CHECK_FALSE(other.keep_result(turn.id, "csv", "two", "F2"));
    other.end_action(turn.id, "csv", "two");
    CHECK(session.keep_result(turn.id, "csv", "one", "F1"));
    session.end_action(turn.id, "csv", "one");
    CHECK_FALSE(session.keep_result(turn.id, "csv", "one", "F3"));
    const auto next = other.begin_action(turn.id, "csv", "two");
    CHECK(next.granted);
    CHECK(next.result == "F1");
    CHECK(session.get_turn(turn.id)->state == TurnState::delivered);
    // The copy that was shared belongs to the turn.
    CHECK(session.get_turn(turn.id)->shared_ts.empty());
    CHECK(session.begin_action(turn.id, kShareAction, "one").granted);
    CHECK(session.keep_result(turn.id, kShareAction, "one", "300.000001"));
    CHECK(session.get_turn(turn.id)->shared_ts == "300.000001");
    // And so does the end of the question's message.
    CHECK_FALSE(session.get_turn(turn.id)->is_deleted);
    CHECK(session.begin_action(turn.id, kDeletedAction, "one").granted);
    CHECK_FALSE(session.get_turn(turn.id)->is_deleted);
    CHECK(session.keep_result(turn.id, kDeletedAction, "one", "yes"));
    CHECK(session.recent_turns("T1", turn.user, 1).at(0).is_deleted);
    CHECK(session.get_turn(turn.id)->shared_ts == "300.000001");
}

void an_action_whose_owner_died_may_be_begun_again(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn);
    session.deliver(turn.id);
    CHECK(session.begin_action(turn.id, "csv", "one", std::chrono::milliseconds(50)).granted);
    harness.pass(std::chrono::milliseconds(60));
    CHECK(session.begin_action(turn.id, "csv", "two").granted);
    CHECK_FALSE(session.keep_result(turn.id, "csv", "one", "F1"));
}

void an_answer_elsewhere_is_found_there(StorageHarness& harness) {
    StorageSession session(harness);
    Turn turn = make_turn(make_thread("C1"), "101.000001");
    turn.answer_channel = "D1";
    turn.answer_thread = "300.000001";
    turn.replaces = "another-turn";
    Claim claim = claimed(session, turn);
    CHECK(claim.turn.answer_channel == "D1");
    CHECK(claim.turn.answer_thread == "300.000001");
    CHECK(claim.turn.replaces == "another-turn");
    claim.turn.progress_ts = "200.000001";
    REQUIRE(session.advance(claim.lease, claim.turn));
    CHECK(session.find_turn_by_answer("T1", "D1", "200.000001") == claim.turn);
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", "200.000001"));
    CHECK_FALSE(session.find_turn_by_answer("T2", "D1", "200.000001"));

    claim.turn.answer_channel = "";
    claim.turn.answer_thread = "";
    REQUIRE(session.advance(claim.lease, claim.turn));
    CHECK(session.find_turn_by_answer("T1", "C1", "200.000001") == claim.turn);
    CHECK_FALSE(session.find_turn_by_answer("T1", "D1", "200.000001"));
}

void a_message_taken_over_belongs_to_the_last_turn(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn first = make_turn(make_thread(), "101.000001");
    Claim old = claimed(session, first);
    old.turn.progress_ts = "200.000001";
    REQUIRE(session.finish(old.lease, old.turn));
    Turn second = make_turn(make_thread(), "101.000001/edit");
    second.replaces = first.id;
    second.progress_ts = "200.000001";
    session.accept(second);
    CHECK(session.find_turn_by_answer("T1", "C1", "200.000001")->id == second.id);
}

void the_newest_turn_of_a_thread_is_the_last_accepted(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK_FALSE(session.newest_turn(make_thread()));
    const Turn first = make_turn(make_thread(), "102.000001");
    const Turn second = make_turn(make_thread(), "101.000001");
    session.accept(first);
    CHECK(session.newest_turn(make_thread()) == first);
    session.accept(second);
    session.accept(make_turn(make_thread("C2"), "103.000001"));
    CHECK(session.newest_turn(make_thread()) == second);
    session.deliver(first.id);
    session.deliver(second.id);
    CHECK(session.newest_turn(make_thread())->id == second.id);
}

void recent_turns_are_one_persons_newest_first(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.recent_turns("T1", "U1", 10).empty());
    const Turn first = make_turn(make_thread("C2"), "103.000001");
    const Turn second = make_turn(make_thread("C1"), "101.000001");
    const Turn third = make_turn(make_thread("C1"), "102.000001");
    Turn of_another = make_turn(make_thread("C1"), "104.000001");
    of_another.user = "U2";
    const Turn elsewhere = make_turn(make_thread("C1", "100.000001", "T2"), "105.000001");
    for (const Turn& turn : {first, second, third, of_another, elsewhere})
        session.accept(turn);
    CHECK(session.recent_turns("T1", "U1", 10) == std::vector<Turn>{third, second, first});
    CHECK(session.recent_turns("T1", "U1", 2) == std::vector<Turn>{third, second});
    CHECK(session.recent_turns("T1", "U1", 0).empty());
}

void answer_times_are_one_spaces_newest_first(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.answer_times("space1").empty());
    const auto answered = [&session](const std::string& ts, const std::string& space, TurnState state, int seconds) {
        Turn turn = make_turn(make_thread("C1", ts), ts);
        turn.received_at = wall_now();
        Claim claim = claimed(session, turn);
        claim.turn.space_id = space;
        claim.turn.state = state;
        claim.turn.asked_at = turn.received_at;
        claim.turn.finished_at = turn.received_at + std::chrono::seconds(seconds);
        REQUIRE(session.finish(claim.lease, claim.turn));
    };
    answered("101.000001", "space1", TurnState::delivered, 12);
    answered("102.000001", "space1", TurnState::delivered, 7);
    answered("103.000001", "space2", TurnState::delivered, 3);
    answered("104.000001", "space1", TurnState::failed, 600);
    session.accept(make_turn(make_thread("C1", "105.000001"), "105.000001"));
    using namespace std::chrono_literals;
    CHECK(session.answer_times("space1") == std::vector<Duration>{7s, 12s});
    CHECK(session.answer_times("space2") == std::vector<Duration>{3s});
}

boost::asio::awaitable<void> accept_all(Storage& storage, std::vector<Turn> turns) {
    for (const Turn& turn : turns) {
        ChatRows none;
        auto accepted = co_await storage.accept(turn, "", std::move(none), Deadline::after(std::chrono::seconds(20)));
        CHECK(accepted.has_value());
    }
}

// `count` questions that nobody answered, received one each millisecond from `first` on.
void accept_questions(StorageHarness& harness, std::size_t count, WallTime first, const std::string& channel) {
    constexpr std::size_t kSideBySide = 20;
    std::vector<std::vector<Turn>> shares(kSideBySide);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string ts = std::to_string(1'000 + i) + ".000001";
        Turn turn = make_turn(make_thread(channel, ts), ts);
        turn.received_at = first + std::chrono::milliseconds(i);
        shares[i % kSideBySide].push_back(std::move(turn));
    }
    std::vector<boost::asio::awaitable<void>> tasks;
    tasks.reserve(kSideBySide);
    for (std::vector<Turn>& share : shares)
        tasks.push_back(accept_all(harness.storage(), std::move(share)));
    harness.run(std::move(tasks));
}

void answer_times_are_of_the_newest_thousand_questions(StorageHarness& harness) {
    using namespace std::chrono_literals;
    StorageSession session(harness);
    const WallTime began = wall_now() - 1h;
    const auto answered = [&session](const std::string& ts, WallTime received, std::chrono::seconds took) {
        Turn turn = make_turn(make_thread("C1", ts), ts);
        turn.received_at = received;
        Claim claim = claimed(session, turn);
        claim.turn.space_id = "space1";
        claim.turn.state = TurnState::delivered;
        claim.turn.asked_at = received;
        claim.turn.finished_at = received + took;
        REQUIRE(session.finish(claim.lease, claim.turn));
    };
    answered("101.000001", began, 12s);
    answered("102.000001", began + 1min, 7s);
    accept_questions(harness, 998, began + 2min, "C2");
    CHECK(session.answer_times("space1") == std::vector<Duration>{7s, 12s});
    accept_questions(harness, 1, began + 3min, "C3");
    CHECK(session.answer_times("space1") == std::vector<Duration>{7s});
    accept_questions(harness, 1, began + 3min, "C4");
    CHECK(session.answer_times("space1").empty());
}

void default_spaces_are_remembered_and_removed(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    const SpaceDefault sales{"space1", "Sales & <Ops> \"€\""};
    const SpaceDefault costs{"space2", "Costs"};
    CHECK_FALSE(session.get_default_space(DefaultOf::channel, "T1", "X1"));
    session.set_default_space(DefaultOf::channel, "T1", "X1", sales);
    session.set_default_space(DefaultOf::person, "T1", "X1", costs);
    CHECK(other.get_default_space(DefaultOf::channel, "T1", "X1") == sales);
    CHECK(other.get_default_space(DefaultOf::person, "T1", "X1") == costs);
    CHECK_FALSE(session.get_default_space(DefaultOf::channel, "T2", "X1"));
    CHECK_FALSE(session.get_default_space(DefaultOf::channel, "T1", "X2"));

    other.set_default_space(DefaultOf::channel, "T1", "X1", costs);
    CHECK(session.get_default_space(DefaultOf::channel, "T1", "X1") == costs);
    session.set_default_space(DefaultOf::channel, "T1", "X1", {});
    CHECK_FALSE(session.get_default_space(DefaultOf::channel, "T1", "X1"));
    CHECK(session.get_default_space(DefaultOf::person, "T1", "X1") == costs);
}

// `seconds` from question to answer, received `age` ago.
Turn past_turn(StorageSession& session, const std::string& channel, const std::string& user, Duration age,
               TurnState state, int seconds, bool was_stopped = false) {
    Turn turn = make_turn(make_thread(channel), std::to_string(age.count() + seconds) + user);
    turn.user = user;
    turn.received_at = wall_now() - std::chrono::duration_cast<std::chrono::microseconds>(age);
    Claim claim = claimed(session, turn);
    claim.turn.state = state;
    claim.turn.was_stopped = was_stopped;
    claim.turn.finished_at = turn.received_at + std::chrono::seconds(seconds);
    REQUIRE(session.finish(claim.lease, claim.turn));
    return turn;
}

void rate(StorageSession& session, const Turn& turn, const std::string& user, int value) {
    Feedback feedback;
    feedback.id = feedback_id(turn.id, user);
    feedback.for_id = step_id(turn.id, "user_message");
    feedback.thread_id = thread_id(turn.thread);
    feedback.value = value;
    session.set_feedback(feedback);
}

void usage_counts_days(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.usage() == Usage());
    constexpr auto kDay = std::chrono::hours(24);
    const auto day = [] { return format_utc(wall_now()).substr(0, 10); };
    const std::string first_day = day();
    const Turn quick = past_turn(session, "C1", "U1", Duration::zero(), TurnState::delivered, 2);
    past_turn(session, "C1", "U2", Duration::zero(), TurnState::delivered, 12);
    past_turn(session, "C2", "U1", Duration::zero(), TurnState::failed, 500);
    past_turn(session, "C2", "U1", Duration::zero(), TurnState::failed, 501, true);
    past_turn(session, "C3", "U1", 5 * kDay, TurnState::delivered, 7);
    past_turn(session, "C4", "U3", 20 * kDay, TurnState::delivered, 7);
    past_turn(session, "C5", "U4", 40 * kDay, TurnState::delivered, 7);
    rate(session, quick, "U1", 1);
    rate(session, quick, "U2", 0);
    rate(session, quick, "U3", 0);
    const Usage usage = session.usage();
    if (day() != first_day)
        return;  // midnight came between

    const auto numbers = [](const UsagePeriod& period) {
        return std::vector<std::size_t>{period.conversations, period.questions,  period.people,      period.failed,
                                        period.stopped,       period.ratings_up, period.ratings_down};
    };
    CHECK(numbers(usage.today) == std::vector<std::size_t>{2, 4, 2, 1, 1, 1, 2});
    CHECK(numbers(usage.week) == std::vector<std::size_t>{3, 5, 2, 1, 1, 1, 2});
    CHECK(numbers(usage.month) == std::vector<std::size_t>{4, 6, 3, 1, 1, 1, 2});
    CHECK(usage.today.average_seconds == Approx(7));
    CHECK(usage.today.p95_seconds == Approx(11.5));
    CHECK(usage.week.p95_seconds == Approx(11.5));
    CHECK(usage.month.average_seconds == Approx(7));
}

}  // namespace storage_contract_people

std::vector<StorageCase> people_cases() {
    using namespace storage_contract_people;
    return {
        {"a stop is kept whatever is stored", a_stop_is_kept_whatever_is_stored},
        {"a question to be stopped waits for no choice", a_question_to_be_stopped_waits_for_no_choice},
        {"a finished or unknown turn is not stopped", a_finished_or_unknown_turn_is_not_stopped},
        {"an answer that moves is found where it stands", an_answer_that_moves_is_found_where_it_stands},
        {"an answer that a newer turn has does not move", an_answer_that_a_newer_turn_has_does_not_move},
        {"an action is done once at a time", an_action_is_done_once_at_a_time},
        {"an action whose owner died may be begun again", an_action_whose_owner_died_may_be_begun_again},
        {"an answer elsewhere is found there", an_answer_elsewhere_is_found_there},
        {"a message taken over belongs to the last turn", a_message_taken_over_belongs_to_the_last_turn},
        {"the newest turn of a thread is the last accepted", the_newest_turn_of_a_thread_is_the_last_accepted},
        {"recent turns are one person's, newest first", recent_turns_are_one_persons_newest_first},
        {"times of answers are one space's, newest first", answer_times_are_one_spaces_newest_first},
        {"times of answers are of the newest thousand questions", answer_times_are_of_the_newest_thousand_questions},
        {"default spaces are remembered and removed", default_spaces_are_remembered_and_removed},
        {"usage counts days", usage_counts_days},
    };
}

}  // namespace genie_slack::test
