// Where a note to one person stands: Slack shows none in a thread without replies.
#include "app/relay/notes.hpp"

#include "app/answer/actions.hpp"
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
    world.slack.view_errors.emplace_back(slack::ApiFault::not_permitted, "views.open", "expired_trigger_id");
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

slack::ApiError refused(const char* code) {
    return slack::ApiError(slack::ApiFault::not_permitted, "chat.postEphemeral", code);
}

TEST_CASE("whoever uses the shortcut where the bot is no member is told by the shortcut itself", "[notes]") {
    World world;
    world.slack.ephemeral_errors.push_back(refused("not_in_channel"));
    world.slack.users["U3"].is_guest = true;
    slack::Shortcut shortcut;
    shortcut.on_message = true;
    shortcut.team = "T1";
    shortcut.user = "U3";
    shortcut.callback_id = answer::kAskShortcut;
    shortcut.channel = "C1";
    shortcut.message_ts = "100.5";
    shortcut.thread_ts = "100.1";
    shortcut.response_url = "https://hooks.slack.com/app/1";
    world.deliver(slack::Interaction(shortcut));
    world.settle();
    REQUIRE(world.slack.responses.size() == 1);
    CHECK(world.slack.responses[0].first == shortcut.response_url);
    CHECK(world.slack.responses[0].second.text == words::say(words::Language::english, words::Word::refused_guest));
    CHECK(world.slack.responses[0].second.thread_ts == "100.1");
    CHECK_FALSE(world.slack.responses[0].second.replace_original);
    CHECK(world.slack.messages.empty());
}

TEST_CASE("what Slack shows in no other way is told in the direct message, with the channel that it is about",
          "[notes]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::size_t before = world.slack.messages.size();
    const bool has_url = GENERATE(false, true);
    world.slack.ephemeral_errors.push_back(refused("user_not_in_channel"));
    if (has_url)
        world.slack.respond_errors.emplace_back(slack::ApiFault::not_permitted, "response_url", "expired_url");
    auto pressed = world.press(world.slack.messages[0].ts, "100.1", answer::kSqlAction, "no such turn");
    if (has_url)
        std::get<slack::BlockActions>(pressed).response_url = "https://hooks.slack.com/actions/1";
    world.deliver(pressed);
    world.settle();
    CHECK(world.slack.ephemerals.empty());
    CHECK(world.slack.responses.empty());
    REQUIRE(world.slack.messages.size() == before + 1);
    const auto& told = world.slack.messages.back().content;
    CHECK(told.channel == "D-U2");
    CHECK(told.text == "<#C1>: " + words::say(words::Language::english, words::Word::answer_forgotten));
    CHECK(told.metadata_type == "genie_slack_note");
}

TEST_CASE("a note that perhaps stands there is told once", "[notes]") {
    World world;
    world.slack.ephemeral_errors.emplace_back(slack::ApiFault::ambiguous, "chat.postEphemeral", "timeout");
    auto pressed = world.press("100.5", "100.1", answer::kSqlAction, "no such turn");
    std::get<slack::BlockActions>(pressed).response_url = "https://hooks.slack.com/actions/1";
    world.deliver(pressed);
    world.settle();
    CHECK(world.slack.responses.empty());
    CHECK(world.slack.messages.empty());
}

TEST_CASE("a reader who is no member gets the picker of another space by the press itself", "[notes][space]") {
    World world;
    world.genie.add_space("space2", "Support");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.slack.ephemeral_errors.push_back(refused("user_not_in_channel"));
    const storage::Turn turn = world.turn("100.1");
    auto pressed = world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction,
                               answer::more_value({answer::MoreChoice::space, turn.id}));
    std::get<slack::BlockActions>(pressed).response_url = "https://hooks.slack.com/actions/1";
    world.deliver(pressed);
    world.settle();
    REQUIRE(world.slack.responses.size() == 1);
    CHECK_FALSE(world.slack.responses[0].second.blocks.empty());
}

struct NoFileWorld : World {
    NoFileWorld() {
        genie.result.total_rows = 300;
        for (int row = 0; row < 298; ++row)
            genie.result.rows.push_back(genie.result.rows.front());
        slack.upload_errors.emplace_back(slack::ApiFault::not_permitted, "files.getUploadURLExternal", "missing_scope");
    }
    std::string word() const {
        return words::say(words::Language::english, words::Word::file_refused, {{"error", "missing_scope"}});
    }
};

TEST_CASE("that a file did not come is told beside the answer, also of a command", "[notes]") {
    NoFileWorld world;
    slack::SlashCommand command;
    command.team = "T1";
    command.channel = "C9";
    command.user = "U1";
    command.command = "/genie";
    command.text = "revenue by region";
    command.trigger_id = "1.2.a";
    world.deliver(command);
    world.settle();
    REQUIRE(world.slack.upload_calls == 1);
    REQUIRE_FALSE(world.slack.ephemeral_messages.empty());
    CHECK(world.slack.ephemeral_messages.back().text == world.word());
    CHECK(world.slack.ephemeral_messages.back().channel == "D-U1");
    CHECK(world.slack.lost_ephemerals == 0);
}

TEST_CASE("where Slack takes no files the next answers promise none", "[notes]") {
    NoFileWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.back()), test::contains("everything follows in a file"));
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    REQUIRE(world.turn("200.1").state == storage::TurnState::delivered);
    CHECK_THAT(world.shown(*world.slack.find(world.turn("200.1").progress_ts)),
               !test::contains("everything follows in a file"));
    // Where an admin has changed that meanwhile, it is there all the same.
    CHECK(world.slack.upload_calls == 2);
}

TEST_CASE("a file that Slack did not take this time may be tried again", "[notes]") {
    NoFileWorld world;
    world.slack.upload_errors.clear();
    world.slack.upload_errors.emplace_back(slack::ApiFault::transient, "files.getUploadURLExternal", "http_503");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].second == words::say(words::Language::english, words::Word::file_failed));
}

TEST_CASE("what a question ends with and Slack does not show beside it is told in the direct message", "[notes]") {
    NoFileWorld world;
    world.slack.ephemeral_errors.push_back(refused("user_not_in_channel"));
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.upload_calls == 1);
    REQUIRE(world.slack.in_thread("D-U1", "").size() == 1);
    CHECK(world.slack.in_thread("D-U1", "")[0]->content.text == "<#C1>: " + world.word());
}

TEST_CASE("a refusal that Slack does not show where the question was asked is told in the direct message", "[notes]") {
    World world;
    world.slack.users["U1"].is_guest = true;
    world.slack.ephemeral_errors.push_back(refused("not_in_channel"));
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.in_thread("D-U1", "").size() == 1);
    CHECK_THAT(world.slack.in_thread("D-U1", "")[0]->content.text, test::contains("only answer members"));
}

}  // namespace notes_test
