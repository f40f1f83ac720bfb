#include "app/relay/turn_facts.hpp"

#include "tests/catch.hpp"

#include <utility>

namespace turn_facts_test {

using namespace genie_slack;
using storage::Audience;
using storage::Origin;

storage::Turn turn_of(Origin origin) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.message_ts = "100.2";
    turn.origin = origin;
    return turn;
}

TEST_CASE("what has a message of its own, and what has a thread, follows from where it came from", "[turn facts]") {
    struct Row {
        Origin origin;
        bool has_message;
        bool has_thread;
    };
    const Row rows[] = {
        {Origin::mention, true, true},    {Origin::thread_reply, true, true}, {Origin::direct_message, true, true},
        {Origin::edit, true, true},       {Origin::after_all, true, true},    {Origin::shortcut, false, true},
        {Origin::follow_up, false, true}, {Origin::command, false, false},    {Origin::home, false, false},
    };
    for (const Row& row : rows) {
        INFO(storage::to_string(row.origin));
        const storage::Turn turn = turn_of(row.origin);
        CHECK(relay::has_no_message(turn) != row.has_message);
        CHECK(relay::has_no_thread(turn) != row.has_thread);
        CHECK(relay::is_asked_by(turn, "100.2") == row.has_message);
        CHECK_FALSE(relay::is_asked_by(turn, "100.1"));
        // Without a thread there is nobody who could read along.
        CHECK(relay::audience_of(turn, false) == (row.has_thread ? Audience::channel : Audience::person));
        CHECK(relay::audience_of(turn, true) == Audience::person);
    }
}

TEST_CASE("a direct message is answered where it was written, also with private answers", "[turn facts]") {
    storage::Turn turn = turn_of(Origin::direct_message);
    turn.channel_type = relay::kDirectMessage;
    for (const bool is_private : {false, true})
        CHECK(relay::audience_of(turn, is_private) == Audience::direct_message);
}

TEST_CASE("an answer stands in the question's thread, or where a private one was opened", "[turn facts]") {
    storage::Turn turn = turn_of(Origin::mention);
    turn.progress_ts = "100.3";
    CHECK(relay::place_of(turn).channel == "C1");
    CHECK(relay::place_of(turn).thread_ts == "100.1");
    CHECK(relay::below_answer(turn).thread_ts == "100.1");
    CHECK(relay::thread_of_answer(turn) == turn.thread);
    turn.answer_channel = "D1";
    CHECK(relay::place_of(turn).channel == "D1");
    CHECK(relay::place_of(turn).thread_ts.empty());
    // What follows a root message stands in its thread, and people go on from there.
    CHECK(relay::below_answer(turn).thread_ts == "100.3");
    CHECK(relay::thread_of_answer(turn) == storage::ThreadKey("T1", "D1", "100.3"));
    turn.answer_thread = "90.1";
    CHECK(relay::place_of(turn).thread_ts == "90.1");
    CHECK(relay::thread_of_answer(turn) == storage::ThreadKey("T1", "D1", "90.1"));
}

TEST_CASE("why a turn is to stop", "[turn facts]") {
    storage::Turn turn = turn_of(Origin::mention);
    CHECK_FALSE(relay::stop_cause(turn));
    const std::pair<const char*, relay::StopCause> causes[] = {
        {"U1", relay::StopCause::person},
        {relay::kStoppedByEdit, relay::StopCause::edit},
        {relay::kStoppedByDeletion, relay::StopCause::deletion},
    };
    for (const auto& [by, cause] : causes) {
        turn.stopped_by = by;
        CHECK(relay::stop_cause(turn) == cause);
    }
}

TEST_CASE("only who is not the first may find something that is not recorded", "[turn facts]") {
    storage::Turn turn = turn_of(Origin::mention);
    turn.attempts = 1;
    CHECK_FALSE(relay::had_owner_before(turn));
    turn.attempts = 2;
    CHECK(relay::had_owner_before(turn));
}

}  // namespace turn_facts_test
