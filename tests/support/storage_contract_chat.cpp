// The contract of steps and ratings.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_chat {

// A thread with one accepted and claimed question.
struct Chat {
    explicit Chat(StorageHarness& harness) : session(harness), turn(make_turn(make_thread(), "101.000001")) {
        session.accept(turn);
        claim = session.claim(turn.id).value();
        thread = thread_id(turn.thread);
    }
    void write(std::vector<Step> steps) {
        ChatRows rows;
        rows.steps = std::move(steps);
        const bool is_stored = session.advance(claim.lease, claim.turn, std::move(rows));
        REQUIRE(is_stored);
    }
    StorageSession session;
    Turn turn;
    Claim claim;
    std::string thread;
};

std::vector<std::string> outputs(const std::vector<Step>& steps) {
    std::vector<std::string> texts;
    for (const Step& step : steps)
        texts.push_back(step.output);
    return texts;
}

Feedback make_feedback(const Chat& chat, const std::string& user, int value) {
    Feedback feedback;
    feedback.id = feedback_id(chat.turn.id, user);
    feedback.for_id = step_id(chat.turn.id, "run");
    feedback.thread_id = chat.thread;
    feedback.value = value;
    return feedback;
}

void a_step_keeps_every_field(StorageHarness& harness) {
    Chat chat(harness);
    Step step = make_step(chat.turn, "tool", "2026-01-02T00:00:01.000001Z", "SELECT 'a' -- ☃ \\ \"\n");
    step.parent_id = step_id(chat.turn.id, "run");
    step.is_error = true;
    step.input = "{\"a\": 1} ünd";
    step.end = "2026-01-02T00:00:02.000000Z";
    step.show_input = "json";
    step.language = "sql";
    step.metadata = {{"genie_space_id", "s"}, {"latency_ms", 1200}, {"nested", {{"list", {1, "zwei", nullptr, true}}}}};
    chat.write({step});
    const auto steps = chat.session.get_steps(chat.thread);
    REQUIRE(steps.size() == 2);
    CHECK(steps[1] == step);
}

void a_step_is_replaced_by_its_id(StorageHarness& harness) {
    Chat chat(harness);
    Step first = make_step(chat.turn, "run", "2026-01-02T00:00:01.000000Z", "first");
    first.language = "sql";
    Step second = make_step(chat.turn, "run", "2026-01-02T00:00:05.000000Z", "second");
    chat.write({first});
    chat.write({second});
    auto steps = chat.session.get_steps(chat.thread);
    REQUIRE(steps.size() == 2);
    CHECK(steps[1].output == "second");
    CHECK(steps[1].language.empty());
    CHECK(steps[1].start == second.start);
    CHECK(steps[1].created_at == first.created_at);

    Step third = second;
    third.output = "third";
    Step fourth = second;
    fourth.output = "fourth";
    chat.write({third, fourth});
    steps = chat.session.get_steps(chat.thread);
    REQUIRE(steps.size() == 2);
    CHECK(steps[1].output == "fourth");
}

void steps_come_in_order_of_creation(StorageHarness& harness) {
    Chat chat(harness);
    chat.write({make_step(chat.turn, "tool", "2026-01-02T00:00:03.000000Z", "c"),
                make_step(chat.turn, "run", "2026-01-02T00:00:02.000000Z", "b")});
    chat.write({make_step(chat.turn, "assistant_message", "2026-01-02T00:00:02.000001Z", "a microsecond later")});
    chat.write({make_step(chat.turn, "early", "2025-01-02T00:00:02.500000Z", "a")});
    CHECK(outputs(chat.session.get_steps(chat.thread)) ==
          std::vector<std::string>{"a", chat.turn.question, "b", "a microsecond later", "c"});
    CHECK(outputs(chat.session.get_steps(chat.thread, 2)) == std::vector<std::string>{"a microsecond later", "c"});
}

void steps_belong_to_one_thread(StorageHarness& harness) {
    Chat chat(harness);
    const Turn elsewhere = make_turn(make_thread("C2"), "101.000001");
    chat.session.accept(elsewhere);
    CHECK(chat.session.get_steps(chat.thread).size() == 1);
    CHECK(chat.session.get_steps(thread_id(elsewhere.thread)).size() == 1);
    CHECK(chat.session.get_steps("5a0f6d5e-0000-5000-8000-000000000000").empty());
}

void a_second_question_adds_to_its_thread(StorageHarness& harness) {
    Chat chat(harness);
    Turn second = make_turn(make_thread(), "102.000001");
    second.received_at = chat.turn.received_at + std::chrono::seconds(1);
    CHECK(chat.session.accept(second).first);
    CHECK(outputs(chat.session.get_steps(chat.thread)) ==
          std::vector<std::string>{chat.turn.question, second.question});
}

void a_rating_is_changed_in_place(StorageHarness& harness) {
    Chat chat(harness);
    chat.write({make_step(chat.turn, "run", "2026-01-02T00:00:01.000000Z", "")});
    CHECK(chat.session.set_feedback(make_feedback(chat, "U1", 1)) == std::nullopt);
    Feedback changed = make_feedback(chat, "U1", 0);
    changed.comment = "Wrong year: ’25 ≠ '26";
    CHECK(chat.session.set_feedback(changed) == 1);
    CHECK(chat.session.set_feedback(changed) == 0);
    const auto stored = chat.session.get_feedbacks(chat.thread);
    REQUIRE(stored.size() == 1);
    CHECK(stored[0].id == changed.id);
    CHECK(stored[0].for_id == changed.for_id);
    CHECK(stored[0].thread_id == chat.thread);
    CHECK(stored[0].value == 0);
    CHECK(stored[0].comment == changed.comment);
}

void each_person_rates_once(StorageHarness& harness) {
    Chat chat(harness);
    chat.write({make_step(chat.turn, "run", "2026-01-02T00:00:01.000000Z", "")});
    chat.session.set_feedback(make_feedback(chat, "U1", 1));
    chat.session.set_feedback(make_feedback(chat, "U2", 0));
    CHECK(chat.session.get_feedbacks(chat.thread).size() == 2);
    CHECK(chat.session.delete_feedback(feedback_id(chat.turn.id, "U1")));
    CHECK_FALSE(chat.session.delete_feedback(feedback_id(chat.turn.id, "U1")));
    const auto left = chat.session.get_feedbacks(chat.thread);
    REQUIRE(left.size() == 1);
    CHECK(left[0].value == 0);
    CHECK(chat.session.set_feedback(make_feedback(chat, "U1", 1)) == std::nullopt);
}

void a_rating_that_makes_no_sense_is_refused(StorageHarness& harness) {
    Chat chat(harness);
    CHECK(chat.session.refusal_of_feedback(make_feedback(chat, "U1", 5)) == StorageFault::invalid);
    CHECK(chat.session.refusal_of_feedback(make_feedback(chat, "U1", -1)) == StorageFault::invalid);
    CHECK(chat.session.get_feedbacks(chat.thread).empty());
    // Its thread was deleted in Chainlit.
    Feedback unknown = make_feedback(chat, "U1", 1);
    unknown.thread_id = thread_id(make_thread("C9"));
    CHECK(chat.session.set_feedback(unknown) == std::nullopt);
    CHECK(chat.session.set_feedback(unknown) == std::nullopt);
    CHECK(chat.session.get_feedbacks(unknown.thread_id).empty());
    CHECK_FALSE(chat.session.delete_feedback(unknown.id));
}

}  // namespace storage_contract_chat

std::vector<StorageCase> chat_cases() {
    using namespace storage_contract_chat;
    return {
        {"a step keeps every field", a_step_keeps_every_field},
        {"a step is replaced by its id", a_step_is_replaced_by_its_id},
        {"steps come in order of creation", steps_come_in_order_of_creation},
        {"steps belong to one thread", steps_belong_to_one_thread},
        {"a second question adds to its thread", a_second_question_adds_to_its_thread},
        {"a rating is changed in place", a_rating_is_changed_in_place},
        {"each person rates once", each_person_rates_once},
        {"a rating that makes no sense is refused", a_rating_that_makes_no_sense_is_refused},
    };
}

}  // namespace genie_slack::test
