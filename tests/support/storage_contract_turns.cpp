// The contract of conversations and of accepting questions.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_turns {

void an_unknown_thread_has_no_conversation(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK_FALSE(session.get_conversation(make_thread()));
    CHECK_FALSE(session.is_served(make_thread()));
    CHECK_FALSE(session.update_conversation_id(make_thread(), "conv"));
    CHECK_FALSE(session.delete_conversation(make_thread()));
    CHECK(session.clear_all_conversations() == 0);
}

void a_conversation_is_remembered(StorageHarness& harness) {
    StorageSession session(harness);
    session.set_conversation(make_thread(), "room", "Sales ünd <Ops>");
    const auto created = session.get_conversation(make_thread());
    REQUIRE(created);
    CHECK(created->genie_room_id == "room");
    CHECK(created->genie_room_name == "Sales ünd <Ops>");
    CHECK(created->conversation_id.empty());
    CHECK(created->created_at <= created->updated_at);
    CHECK(session.is_served(make_thread()));

    harness.pass(std::chrono::milliseconds(2));
    CHECK(session.update_conversation_id(make_thread(), "conv"));
    const auto updated = session.get_conversation(make_thread());
    REQUIRE(updated);
    CHECK(updated->conversation_id == "conv");
    CHECK(updated->genie_room_id == "room");
    CHECK(updated->created_at == created->created_at);
    CHECK(updated->updated_at > created->updated_at);
}

void the_same_room_keeps_its_conversation(StorageHarness& harness) {
    StorageSession session(harness);
    session.set_conversation(make_thread(), "room", "Sales");
    session.update_conversation_id(make_thread(), "conv");
    session.set_conversation(make_thread(), "room", "Sales 2");
    const auto conversation = session.get_conversation(make_thread());
    REQUIRE(conversation);
    CHECK(conversation->conversation_id == "conv");
    CHECK(conversation->genie_room_name == "Sales 2");
}

void another_room_starts_another_conversation(StorageHarness& harness) {
    StorageSession session(harness);
    session.set_conversation(make_thread(), "room", "Sales");
    session.update_conversation_id(make_thread(), "conv");
    session.set_conversation(make_thread(), "other", "Stock");
    const auto conversation = session.get_conversation(make_thread());
    REQUIRE(conversation);
    CHECK(conversation->genie_room_id == "other");
    CHECK(conversation->conversation_id.empty());
}

void threads_with_the_same_ts_are_separate(StorageHarness& harness) {
    StorageSession session(harness);
    const auto here = make_thread("C1", "1.000001", "T1");
    const auto other_channel = make_thread("C2", "1.000001", "T1");
    const auto other_team = make_thread("C1", "1.000001", "T2");
    session.set_conversation(here, "room", "Sales");
    session.set_conversation(other_team, "room", "Sales");
    session.update_conversation_id(here, "conv");
    CHECK_FALSE(session.get_conversation(other_channel));
    CHECK(session.get_conversation(other_team)->conversation_id.empty());
    CHECK_FALSE(session.is_served(other_channel));
}

void conversations_are_deleted_one_by_one_or_all(StorageHarness& harness) {
    StorageSession session(harness);
    for (const char* channel : {"C1", "C2", "C3"})
        session.set_conversation(make_thread(channel), "room", "Sales");
    CHECK(session.delete_conversation(make_thread("C1")));
    CHECK_FALSE(session.delete_conversation(make_thread("C1")));
    CHECK_FALSE(session.get_conversation(make_thread("C1")));
    CHECK(session.clear_all_conversations() == 2);
    CHECK_FALSE(session.get_conversation(make_thread("C2")));
    CHECK_FALSE(session.is_served(make_thread("C2")));
}

void a_thread_is_served_once_a_question_was_accepted(StorageHarness& harness) {
    StorageSession session(harness);
    session.accept(make_turn(make_thread(), "101.000001"));
    CHECK(session.is_served(make_thread()));
    CHECK_FALSE(session.get_conversation(make_thread()));
    session.set_conversation(make_thread(), "room", "Sales");
    CHECK(session.delete_conversation(make_thread()));
    CHECK(session.is_served(make_thread()));
    CHECK(session.clear_all_conversations() == 0);
    CHECK(session.get_turn(make_turn(make_thread(), "101.000001").id));
}

void an_accepted_question_is_stored_as_it_is(StorageHarness& harness) {
    StorageSession session(harness);
    Turn turn = make_turn(make_thread(), "101.000001");
    turn.question = "O'Brien \"quoted\" \\ ; DROP TABLE -- \n\t€ 数据 \U0001F600 " + std::string(20'000, 'x');
    turn.space_id = "space";
    turn.space_name = "Sales & <Ops>";
    turn.channel_type = "im";
    const Acceptance accepted = session.accept(turn, "Ev1");
    CHECK(accepted.first);
    CHECK(accepted.turn == turn);
    CHECK(session.get_turn(turn.id) == turn);
    CHECK(session.get_steps(thread_id(turn.thread)) == question_rows(turn).steps);
    CHECK_FALSE(session.get_turn("no-such-turn"));
}

// As a turn may look at its birth, with something in each field that accept() takes.
Turn full_turn() {
    Turn turn = make_turn(make_thread(), "101.000001/edit/3");
    turn.message_ts = "101.000001";
    turn.edited_ts = "102.000001";
    turn.origin = Origin::edit;
    turn.audience = Audience::person;
    turn.user = "U7";
    turn.channel_type = "mpim";
    turn.space_id = "space";
    turn.space_name = "Sales";
    turn.conversation_id = "conv";
    turn.message_id = "message";
    turn.progress_ts = "102.000001";
    turn.answer_channel = "D7";
    turn.answer_thread = "103.000001";
    turn.replaces = "another turn";
    turn.was_stopped = true;
    turn.failure = "code";
    turn.asked_at = turn.received_at + std::chrono::microseconds(1);
    turn.finished_at = turn.received_at + std::chrono::microseconds(2);
    return turn;
}

void every_field_of_a_turn_is_kept(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = full_turn();
    CHECK(session.accept(turn).turn == turn);
    CHECK(session.get_turn(turn.id) == turn);

    auto claim = session.claim(turn.id);
    REQUIRE(claim);
    Turn changed = claim->turn;
    changed.message_ts = "201.000001";
    changed.edited_ts = "202.000001";
    changed.origin = Origin::home;
    changed.audience = Audience::direct_message;
    changed.user = "U8";
    changed.channel_type = "im";
    changed.question = "Another one?";
    changed.state = TurnState::answered;
    changed.was_stopped = false;
    for (std::string* text :
         {&changed.space_id, &changed.space_name, &changed.conversation_id, &changed.message_id, &changed.progress_ts,
          &changed.answer_channel, &changed.answer_thread, &changed.replaces, &changed.failure})
        *text += "2";
    changed.received_at += std::chrono::microseconds(3);
    changed.asked_at += std::chrono::microseconds(4);
    changed.finished_at += std::chrono::microseconds(5);
    CHECK(session.advance(claim->lease, changed));
    changed.tries = 0;
    CHECK(session.get_turn(turn.id) == changed);
    CHECK(session.newest_turn(turn.thread) == changed);
    CHECK(session.find_turn_by_answer("T1", "D72", "102.0000012") == changed);
}

void every_origin_and_audience_is_kept(StorageHarness& harness) {
    StorageSession session(harness);
    int number = 0;
    const auto check = [&](Origin origin, Audience audience) {
        Turn turn = make_turn(make_thread("C" + std::to_string(++number)), "101.000001");
        turn.origin = origin;
        turn.audience = audience;
        session.accept(turn);
        const auto stored = session.get_turn(turn.id);
        REQUIRE(stored);
        CHECK(std::string(to_string(stored->origin)) == to_string(origin));
        CHECK(std::string(to_string(stored->audience)) == to_string(audience));
        CHECK(stored->message_ts.empty());
    };
    for (const Origin origin : {Origin::mention, Origin::thread_reply, Origin::direct_message, Origin::command,
                                Origin::home, Origin::shortcut, Origin::follow_up, Origin::edit, Origin::after_all})
        for (const Audience audience : {Audience::channel, Audience::direct_message, Audience::person})
            check(origin, audience);
}

void a_redelivered_event_is_not_accepted_again(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn, "Ev1");
    auto claim = session.claim(turn.id);
    REQUIRE(claim);
    claim->turn.state = TurnState::asked;
    claim->turn.conversation_id = "conv";
    claim->turn.tries = 0;
    REQUIRE(session.advance(claim->lease, claim->turn));

    Turn again = turn;
    again.question = "something else";
    const Acceptance repeated = session.accept(again, "Ev1");
    CHECK_FALSE(repeated.first);
    CHECK(repeated.turn == claim->turn);
    CHECK(session.get_turn(turn.id) == claim->turn);
    // The very same rows were stored once; the second delivery wrote nothing.
    CHECK(session.get_steps(thread_id(turn.thread)) == question_rows(turn).steps);
}

void two_events_about_one_message_are_one_question(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    CHECK(session.accept(turn, "EvMention").first);
    const Acceptance second = session.accept(turn, "EvMessage");
    CHECK_FALSE(second.first);
    CHECK(second.turn.id == turn.id);
    CHECK_FALSE(session.accept(turn, "EvMessage").first);
    CHECK_FALSE(session.accept(turn).first);
    CHECK(session.recoverable() == std::vector<std::string>{turn.id});
}

void one_event_id_is_one_question_whatever_it_carries(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    const Turn other = make_turn(make_thread(), "102.000001");
    session.accept(turn, "Ev1");
    const Acceptance repeated = session.accept(other, "Ev1");
    CHECK_FALSE(repeated.first);
    CHECK(repeated.turn.id == turn.id);
    CHECK_FALSE(session.get_turn(other.id));
}

void an_empty_event_id_matches_nothing(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.accept(make_turn(make_thread(), "101.000001"), "").first);
    CHECK(session.accept(make_turn(make_thread(), "102.000001"), "").first);
    CHECK_FALSE(session.accept(make_turn(make_thread(), "102.000001"), "").first);
}

void the_same_ts_elsewhere_is_another_question(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.accept(make_turn(make_thread("C1"), "101.000001")).first);
    CHECK(session.accept(make_turn(make_thread("C2"), "101.000001")).first);
    CHECK(session.accept(make_turn(make_thread("C1", "100.000001", "T2"), "101.000001")).first);
}

void a_finished_question_stays_known(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    session.accept(turn, "Ev1");
    session.deliver(turn.id);
    const Acceptance repeated = session.accept(turn, "Ev2");
    CHECK_FALSE(repeated.first);
    CHECK(repeated.turn.state == TurnState::delivered);
    CHECK(session.recoverable().empty());
}

void many_deliveries_at_once_are_accepted_once(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    constexpr std::size_t kDeliveries = 8;
    std::vector<std::optional<StorageResult<Acceptance>>> outcomes(kDeliveries);
    std::vector<boost::asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < kDeliveries; ++i) {
        Storage& storage = i % 2 == 0 ? harness.storage() : harness.other_process();
        auto call = storage.accept(turn, "Ev" + std::to_string(i / 3), question_rows(turn),
                                   Deadline::after(std::chrono::seconds(20)));
        tasks.push_back(storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    int first = 0;
    for (auto& outcome : outcomes) {
        REQUIRE(outcome->has_value());
        first += outcome->value().first ? 1 : 0;
        CHECK(outcome->value().turn.id == turn.id);
    }
    CHECK(first == 1);
}

void a_refused_question_leaves_nothing(StorageHarness& harness) {
    StorageSession session(harness);
    const Turn turn = make_turn(make_thread(), "101.000001");
    ChatRows foreign = question_rows(turn);
    foreign.steps[0].thread_id = thread_id(make_thread("C2"));
    CHECK(session.refusal_of_accept(turn, foreign) == StorageFault::invalid);
    CHECK_FALSE(session.get_turn(turn.id));
    CHECK_FALSE(session.is_served(turn.thread));
    CHECK(session.accept(turn).first);
}

}  // namespace storage_contract_turns

std::vector<StorageCase> conversation_cases() {
    using namespace storage_contract_turns;
    return {
        {"an unknown thread has no conversation", an_unknown_thread_has_no_conversation},
        {"a conversation is remembered", a_conversation_is_remembered},
        {"the same room keeps its conversation", the_same_room_keeps_its_conversation},
        {"another room starts another conversation", another_room_starts_another_conversation},
        {"threads with the same ts are separate", threads_with_the_same_ts_are_separate},
        {"conversations are deleted one by one or all", conversations_are_deleted_one_by_one_or_all},
        {"a thread is served once a question was accepted", a_thread_is_served_once_a_question_was_accepted},
    };
}

std::vector<StorageCase> turn_cases() {
    using namespace storage_contract_turns;
    return {
        {"an accepted question is stored as it is", an_accepted_question_is_stored_as_it_is},
        {"every field of a turn is kept", every_field_of_a_turn_is_kept},
        {"every origin and audience is kept", every_origin_and_audience_is_kept},
        {"a redelivered event is not accepted again", a_redelivered_event_is_not_accepted_again},
        {"two events about one message are one question", two_events_about_one_message_are_one_question},
        {"one event id is one question whatever it carries", one_event_id_is_one_question_whatever_it_carries},
        {"an empty event id matches nothing", an_empty_event_id_matches_nothing},
        {"the same ts elsewhere is another question", the_same_ts_elsewhere_is_another_question},
        {"a finished question stays known", a_finished_question_stays_known},
        {"many deliveries at once are accepted once", many_deliveries_at_once_are_accepted_once},
        {"a refused question leaves nothing", a_refused_question_leaves_nothing},
    };
}

}  // namespace genie_slack::test
