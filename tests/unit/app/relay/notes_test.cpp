// Where a note to one person stands: Slack shows none in a thread without replies.
#include "app/relay/notes.hpp"

#include "tests/unit/app/relay/relay_world.hpp"

namespace notes_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::note_place;
using relay::note_place_at_answer;
using storage::Origin;
using test::World;

storage::Turn asked(const std::string& message_ts, Origin origin = Origin::mention) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.message_ts = message_ts;
    turn.origin = origin;
    return turn;
}

TEST_CASE("a note about a message goes into its thread only when that has a reply", "[notes]") {
    slack::MessageEvent message;
    message.channel = "C1";
    message.ts = "100.1";
    CHECK(note_place(message).channel == "C1");
    CHECK(note_place(message).thread_ts.empty());
    message.thread_ts = "100.1";
    CHECK(note_place(message).thread_ts.empty());
    message.ts = "100.2";
    CHECK(note_place(message).thread_ts == "100.1");
}

TEST_CASE("a note about a press or a shortcut goes to where that was", "[notes]") {
    slack::BlockActions actions;
    actions.channel = "C1";
    actions.message_ts = "100.1";
    CHECK(note_place(actions).thread_ts.empty());
    actions.thread_ts = "90.1";
    CHECK(note_place(actions).thread_ts == "90.1");
    slack::Shortcut shortcut;
    shortcut.channel = "C1";
    shortcut.message_ts = "100.1";
    CHECK(note_place(shortcut).thread_ts.empty());
    shortcut.thread_ts = "90.1";
    CHECK(note_place(shortcut).thread_ts == "90.1");
}

TEST_CASE("a note about a question goes into its thread once somebody has written there", "[notes]") {
    CHECK(note_place(asked("100.1")).thread_ts.empty());
    CHECK(note_place(asked("100.2", Origin::thread_reply)).thread_ts == "100.1");
    storage::Turn answered = asked("100.1");
    answered.progress_ts = "100.5";
    CHECK(note_place(answered).thread_ts == "100.1");
    // Its answer stands elsewhere.
    answered.answer_channel = "D1";
    CHECK(note_place(answered).thread_ts.empty());
    CHECK(note_place_at_answer(answered).channel == "D1");
    CHECK(note_place_at_answer(answered).thread_ts.empty());
    storage::Turn command = asked("", Origin::command);
    command.thread.thread_ts = "slash/1";
    CHECK(note_place(command).channel == "C1");
    CHECK(note_place(command).thread_ts.empty());
}

TEST_CASE("whoever asks privately in a channel sees the note with the link", "[notes]") {
    relay::RelayOptions options;
    options.private_answers = true;
    World world({}, options);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.lost_ephemerals == 0);
    REQUIRE_FALSE(world.slack.ephemeral_messages.empty());
    for (const auto& note : world.slack.ephemeral_messages) {
        CHECK(note.channel == "C1");
        CHECK(note.thread_ts.empty());
    }
}

TEST_CASE("whoever uses the shortcut on a message without replies hears that no form opened", "[notes]") {
    World world;
    world.slack.view_errors.emplace_back(slack::ErrorClass::config, "views.open", "expired_trigger_id");
    slack::Shortcut shortcut;
    shortcut.on_message = true;
    shortcut.team = "T1";
    shortcut.user = "U3";
    shortcut.callback_id = answer::kAskShortcut;
    shortcut.channel = "C1";
    shortcut.message_ts = "100.5";
    world.deliver(slack::Interaction(shortcut));
    world.settle();
    CHECK(world.slack.lost_ephemerals == 0);
    CHECK(world.slack.ephemerals.size() == 1);
}

}  // namespace notes_test
