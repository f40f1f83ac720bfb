#include "tests/unit/app/relay/relay_world.hpp"

#include "app/answer/result/csv.hpp"
#include "slack/text/markup.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace relay_test {

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;

genie::ResultTable numbered_rows(int count) {
    genie::ResultTable table;
    table.columns.resize(2);
    table.columns[0].name = "region";
    table.columns[0].type_name = "STRING";
    table.columns[1].name = "revenue";
    table.columns[1].type_name = "LONG";
    for (int i = 1; i <= count; ++i)
        table.rows.push_back({"region " + std::to_string(i), std::to_string(i)});
    table.total_rows = count;
    return table;
}

using test::World;

TEST_CASE("a question becomes one message that grows into the answer", "[relay]") {
    World world;
    const TimePoint start = Clock::now();
    CHECK(world.deliver(world.question("revenue by region?", "100.1")).send);
    CHECK(Clock::now() - start < 100ms);

    world.settle(1s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].content.thread_ts == "100.1");

    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("Answer to: revenue by region?"));
    CHECK_THAT(shown, test::contains("EMEA"));
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "revenue by region?");
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("the same question is asked once however it is delivered", "[relay]") {
    World world;
    world.deliver(world.question("revenue?", "100.1", "", "Ev1"));
    CHECK(world.deliver(world.question("revenue?", "100.1", "", "Ev1")).send);
    // app_mention and message.channels of one ts have different event ids.
    auto as_message = world.question("revenue?", "100.1", "", "Ev2");
    std::get<slack::MessageEvent>(as_message.body).mention = false;
    CHECK(world.deliver(as_message).send);
    world.settle();
    CHECK(world.deliver(world.question("revenue?", "100.1", "", "Ev1")).send);
    world.settle();

    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.relay.status().intake.duplicates == 3);
}

TEST_CASE("a thread keeps its conversation, and its questions run one after another", "[relay]") {
    World world;
    world.deliver(world.question("first", "100.1"));
    world.deliver(world.reply("second", "100.2", "100.1"));
    world.deliver(world.reply("third", "100.3", "100.1"));
    world.settle();

    REQUIRE(world.genie.asked.size() == 3);
    CHECK(world.genie.asked[0].content == "first");
    CHECK(world.genie.asked[1].content == "second");
    CHECK(world.genie.asked[2].content == "third");
    CHECK(world.genie.started.size() == 1);
    CHECK(world.genie.most_running == 1);
    CHECK_FALSE(world.genie.overlapped);
}

TEST_CASE("different threads run side by side, each in its own conversation", "[relay]") {
    World world;
    world.deliver(world.question("a", "100.1"));
    world.deliver(world.question("b", "100.2"));
    auto other_channel = world.question("c", "100.1");
    std::get<slack::MessageEvent>(other_channel.body).channel = "C2";
    other_channel.event_id = "EvC2";
    world.deliver(other_channel);
    world.settle();

    CHECK(world.genie.started.size() == 3);
    CHECK(world.genie.most_running == 3);
}

TEST_CASE("replies in threads that are not ours are ignored", "[relay]") {
    World world;
    CHECK(world.deliver(world.reply("what do you think?", "100.2", "100.1")).send);
    world.settle();
    CHECK(world.slack.messages.empty());
    CHECK(world.genie.asked.empty());
    CHECK(world.relay.status().intake.ignored == 1);
}

TEST_CASE("chatter and events without a route are dropped before they are handled, and chatter is counted", "[relay]") {
    World world;
    slack::Event chatter = world.reply("lunch?", "100.1", "");
    CHECK(world.relay.drop(chatter));
    CHECK(world.relay.status().intake.ignored == 1);
    CHECK(world.relay.drop(world.event_of(slack::UnknownEvent("user_change"))));
    CHECK(world.relay.drop(world.event_of(slack::AppRateLimited())));
    CHECK(world.relay.status().intake.ignored == 1);

    CHECK_FALSE(world.relay.drop(world.question("revenue?", "100.2")));
    CHECK_FALSE(world.relay.drop(world.reply("and by month?", "100.4", "100.3")));
    CHECK_FALSE(world.relay.drop(world.event_of(slack::MemberJoinedChannel())));
    CHECK_FALSE(world.relay.drop(slack::SlashCommand()));
    CHECK_FALSE(world.relay.drop(world.press("100.1", "", "unknown", "")));
    CHECK(world.relay.status().intake.ignored == 1);
}

TEST_CASE("with several spaces the person chooses, then the question is answered in the same message", "[relay]") {
    World world;
    world.genie.add_space("space2", "Support");
    world.deliver(world.question("open tickets?", "100.1"));
    world.settle();
    world.deliver(world.reply("and last week?", "100.2", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Which Genie space"));
    slack::BlockSuggestion typed;
    typed.action_id = answer::kSpaceAction;
    const slack::Ack offered = world.deliver(typed);
    REQUIRE(offered.payload);
    CHECK_THAT(boost::json::serialize(*offered.payload), test::contains("Support"));
    CHECK(world.genie.asked.empty());
    // The second question is not met by silence.
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("choose a Genie space"));

    const std::string turn = world.turn("100.1").id;
    const std::string block = answer::picker_block({false, turn});
    const auto choice = world.press(world.slack.messages[0].ts, "100.1", answer::kSpaceAction, "space2", block);
    CHECK(world.deliver(choice).send);
    CHECK(world.deliver(choice).send);  // a second click
    world.settle();

    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[0].space_id == "space2");
    CHECK(world.genie.asked[0].content == "open tickets?");
    CHECK(world.genie.asked[1].content == "and last week?");
    CHECK(world.slack.messages.size() == 2);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: open tickets?"));

    // The thread has its space now.
    world.deliver(world.reply("more?", "100.3", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 3);
    CHECK(world.genie.asked[2].space_id == "space2");
}

TEST_CASE("a forged space is refused and the picker stays", "[relay]") {
    World world({"space1", "space2"});
    world.genie.add_space("space2", "Support");
    world.genie.add_space("space3", "Payroll");
    world.deliver(world.question("salaries?", "100.1"));
    world.settle();
    const std::string block = answer::picker_block({false, world.turn("100.1").id});
    world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::kSpaceAction, "space3", block));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.turn("100.1").state == storage::TurnState::awaiting_space);
}

TEST_CASE("a follow-up button asks in the same thread, once however often it is pressed", "[relay]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const auto press =
        world.press(world.slack.messages[0].ts, "100.1", std::string(answer::kFollowUpAction) + ":0", "And by month?");
    world.deliver(press);
    world.deliver(press);
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == "And by month?");
    CHECK(world.genie.asked[1].conversation_id == world.genie.asked[0].conversation_id);
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages[1].content.thread_ts == "100.1");
    CHECK_THAT(world.shown(world.slack.messages[1]), test::contains("<@U2>: *And by month?*"));
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U2");
    CHECK(world.slack.ephemerals[0].second == words::say(words::Language::english, words::Word::follow_up_asked));
}

TEST_CASE("the same button below the answer that took a message over asks what it says now", "[relay]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string button = std::string(answer::kFollowUpAction) + ":0";
    const std::string answer_ts = world.slack.messages.at(0).ts;
    world.deliver(world.press(answer_ts, "100.1", button, "And by month?"));
    world.settle();
    world.deliver(world.press(answer_ts, "100.1", button, "And by year?"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 3);
    CHECK(world.genie.asked[2].content == "And by year? (revenue?)");
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("a rating reaches Genie and storage, and changing it replaces it", "[relay]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const storage::Turn turn = world.turn("100.1");
    world.deliver(world.press(turn.progress_ts, "100.1", answer::kRatingAction, "up:" + turn.id));
    world.settle();
    world.deliver(world.press(turn.progress_ts, "100.1", answer::kRatingAction, "up:" + turn.id));
    world.settle();
    world.deliver(world.press(turn.progress_ts, "100.1", answer::kRatingAction, "down:" + turn.id));
    world.settle();
    CHECK(world.genie.ratings == std::vector<genie::Rating>{genie::Rating::positive, genie::Rating::negative});
    auto stored = test::run(world.time, world.context,
                            world.storage->get_feedbacks(storage::thread_id(turn.thread), Deadline::after(1s)));
    REQUIRE(stored);
    REQUIRE(stored->size() == 1);
    CHECK(stored->front().value == 0);
    CHECK(stored->front().for_id == storage::step_id(turn.id, "run"));
}

TEST_CASE("every way in which Genie fails ends in a message of its own", "[relay]") {
    struct Case {
        std::function<void(World&)> arrange;
        std::string failure;
    };
    const auto ask_error = [](genie::GenieFault kind) {
        return [kind](World& world) { world.genie.ask_errors.emplace_back(kind, "broken"); };
    };
    const std::vector<Case> cases = {
        {[](World& world) { world.genie.endings = {genie::MessageStatus::failed}; },
         "genie_failed:SQL_EXECUTION_EXCEPTION"},
        {[](World& world) { world.genie.endings = {genie::MessageStatus::cancelled}; }, "genie_cancelled"},
        {[](World& world) { world.genie.hang = true; }, "genie_timeout"},
        {ask_error(genie::GenieFault::auth), "genie_auth"},
        {[](World& world) { world.genie.wait_error = genie::GenieError(genie::GenieFault::auth, "broken"); },
         "genie_auth_lost"},
        {ask_error(genie::GenieFault::permission), "genie_permission"},
        {[](World& world) {
             world.genie.ask_errors.assign(50, genie::GenieError(genie::GenieFault::unavailable, "broken"));
         },
         "genie_unreachable"},
        {ask_error(genie::GenieFault::configuration), "genie_configuration"},
        {[](World& world) { world.genie.spaces.clear(); }, "no_spaces"},
        {[](World& world) { world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "broken"); },
         "spaces_unreachable"},
    };
    std::vector<std::string> texts;
    for (const Case& example : cases) {
        World world;
        example.arrange(world);
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(10min);
        INFO(example.failure);
        REQUIRE(world.slack.messages.size() == 1);
        CHECK(world.turn("100.1").state == storage::TurnState::failed);
        CHECK(world.turn("100.1").failure == example.failure);
        const std::string text = world.slack.messages[0].content.text;
        CHECK_FALSE(text.empty());
        CHECK(std::find(texts.begin(), texts.end(), text) == texts.end());
        texts.push_back(text);
    }
}

TEST_CASE("a POST to Genie with unknown outcome is looked up, not repeated", "[relay]") {
    for (const bool in_conversation : {false, true}) {
        World world;
        if (in_conversation) {
            world.deliver(world.question("before", "100.1"));
            world.settle();
        }
        world.genie.ask_errors.emplace_back(genie::GenieFault::ambiguous, "reset");
        world.genie.ambiguous_questions_arrive = true;
        world.deliver(world.question("revenue?", "100.2", "100.1"));
        world.settle();
        CHECK(world.genie.asked.size() == (in_conversation ? 2u : 1u));
        CHECK(world.turn("100.2", "100.1").state == storage::TurnState::delivered);
    }
}

TEST_CASE("a question that Genie never got is asked again, once", "[relay]") {
    World world;
    world.genie.ask_errors.emplace_back(genie::GenieFault::ambiguous, "reset");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);

    for (int i = 0; i < 5; ++i)
        world.genie.ask_errors.emplace_back(genie::GenieFault::ambiguous, "reset");
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.turn("200.1").failure == "outcome_unknown");
}

TEST_CASE("a deleted Genie conversation is replaced by a new one", "[relay]") {
    World world;
    world.deliver(world.question("first", "100.1"));
    world.settle();
    world.genie.ask_errors.emplace_back(genie::GenieFault::not_found, "gone");
    world.deliver(world.reply("second", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.started.size() == 2);
    CHECK(world.turn("100.2", "100.1").state == storage::TurnState::delivered);
    world.deliver(world.reply("third", "100.3", "100.1"));
    world.settle();
    CHECK(world.genie.asked.back().conversation_id == "conversation2");
}

TEST_CASE("a post to Slack with unknown outcome is found again instead of posted twice", "[relay]") {
    World world;
    world.slack.post_errors.emplace_back(slack::ApiFault::ambiguous, "chat.postMessage", "timeout");
    world.slack.ambiguous_posts_arrive = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.slack.replies_calls >= 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("an answer that Slack refuses comes in a simpler form", "[relay]") {
    World world;
    for (int i = 0; i < 2; ++i)
        world.slack.update_errors.emplace_back(slack::ApiFault::payload, "chat.update", "invalid_blocks");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("an answer whose message was deleted is posted anew", "[relay]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    world.slack.messages.clear();
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("a person whose channel is closed to the bot is told in a direct message", "[relay]") {
    World world;
    world.slack.post_errors.emplace_back(slack::ApiFault::not_permitted, "chat.postMessage", "not_in_channel");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].content.channel == "D-U1");
    CHECK_THAT(world.slack.messages[0].content.text, test::contains("not_in_channel"));
    CHECK(world.genie.asked.empty());
}

TEST_CASE("an expired result is fetched by running the query again", "[relay]") {
    World world;
    world.genie.endings = {genie::MessageStatus::query_result_expired};
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.genie.executed_again == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("EMEA"));
}

TEST_CASE("who asks more than is kept of a question is told so, once", "[relay]") {
    World world;
    const std::string longest(10'000, 'a');
    world.deliver(world.question(longest, "100.1"));
    world.settle();
    CHECK(world.slack.ephemerals.empty());
    const auto too_long = world.question(longest + " and that?", "200.1");
    world.deliver(too_long);
    world.deliver(too_long);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U1");
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("only its first 10,000 characters were asked"));
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content.find("and that?") == std::string::npos);
}

TEST_CASE("a result that is not shown whole is shared as a file, once, below its answer", "[relay][csv]") {
    World world;
    world.genie.query_title = "Revenue by region";
    world.genie.result = relay_test::numbered_rows(300);
    SECTION("complete") {
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        REQUIRE(world.slack.uploads.size() == 1);
        CHECK(world.slack.uploads[0].file.title == "Revenue by region · 300 rows");
        CHECK(world.slack.uploads[0].file.content == answer::write_csv(world.genie.result, 10'000));
    }
    SECTION("as far as Genie gave it") {
        world.genie.result.truncated = true;
        world.genie.result.total_rows = 5000;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        REQUIRE(world.slack.uploads.size() == 1);
        CHECK(world.slack.uploads[0].file.title == "Revenue by region · first 300 rows");
    }
    const auto& file = world.slack.uploads[0].file;
    CHECK(file.filename == "Revenue_by_region.csv");
    CHECK(file.channel == "C1");
    CHECK(file.thread_ts == "100.1");
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.slack.upload_calls == 1);
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("what decides about the file is the form of the answer that Slack took", "[relay][csv]") {
    World world;
    world.genie.result = relay_test::numbered_rows(15);
    world.deliver(world.question("all shown", "100.1"));
    world.settle();
    CHECK(world.slack.upload_calls == 0);
    // Every form in blocks is refused; plain text shows ten rows.
    for (int i = 0; i < 4; ++i)
        world.slack.update_errors.emplace_back(slack::ApiFault::payload, "chat.update", "invalid_blocks");
    world.deliver(world.question("ten shown", "200.1"));
    world.settle();
    // The drawn chart is a file without a message of its own.
    REQUIRE(world.slack.uploads.size() == 2);
    CHECK(world.slack.uploads[0].file.channel.empty());
    CHECK(world.slack.uploads[1].file.filename == "result.csv");
    CHECK(world.slack.uploads[1].file.thread_ts == "200.1");
}

TEST_CASE("an answer stands whatever becomes of its file", "[relay][csv]") {
    World world;
    world.genie.result = relay_test::numbered_rows(300);
    SECTION("refused") {
        world.slack.upload_errors.emplace_back(slack::ApiFault::not_permitted, "files.getUploadURLExternal",
                                               "missing_scope");
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        CHECK(world.slack.uploads.empty());
    }
    SECTION("shared, nobody knows") {
        world.slack.upload_errors.emplace_back(slack::ApiFault::ambiguous, "files.completeUploadExternal", "timeout");
        world.slack.ambiguous_uploads_arrive = true;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        CHECK(world.slack.uploads.size() == 1);
        CHECK(world.slack.replies_calls == 1);
    }
    SECTION("still on its way at shutdown") {
        world.slack.upload_time = 50s;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(10s);
        REQUIRE(world.slack.upload_calls == 1);
        test::run(world.time, world.context, world.relay.stop(Deadline::after(10s)));
        CHECK(world.slack.uploads.empty());
    }
    SECTION("too large") {
        world.genie.result.rows.resize(60);
        for (auto& row : world.genie.result.rows)
            row.at(0) = std::string(400'000, 'x');
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        CHECK(world.slack.upload_calls == 0);
    }
    CHECK(world.slack.upload_calls <= 1);
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("a file that takes long holds up the next question of its thread for a moment only", "[relay][csv]") {
    World world;
    world.genie.result = relay_test::numbered_rows(300);
    world.slack.upload_time = 50s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.turn("100.1").state == storage::TurnState::answered);
    SECTION("while nobody waits it goes on") {
        world.settle();
        CHECK(world.slack.uploads.size() == 1);
        CHECK(world.slack.ephemerals.empty());
    }
    SECTION("then it is left to the button") {
        world.deliver(world.reply("and costs?", "100.2", "100.1"));
        world.settle(8s);
        CHECK(world.genie.asked.size() == 1);
        world.genie.result = relay_test::numbered_rows(3);
        world.settle(20s);
        CHECK(world.turn("100.2", "100.1").state == storage::TurnState::delivered);
        CHECK(world.slack.uploads.empty());
        // After the note that it waits.
        REQUIRE(world.slack.ephemerals.size() == 2);
        CHECK_THAT(world.slack.ephemerals[1].second, test::contains("Complete result as a file"));
        auto begun = test::run(world.time, world.context,
                               world.storage->begin_action(world.turn("100.1").id, storage::kFileAction, "button", 1min,
                                                           Deadline::after(1min)));
        REQUIRE(begun);
        CHECK(begun->granted);
    }
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("a question that is carried on after a crash looks for its file first", "[relay][csv]") {
    World world;
    world.genie.result = relay_test::numbered_rows(300);
    world.genie.query_title = "Revenue";
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.question_ts = "100.1";
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = "U1";
    turn.question = "revenue?";
    turn.received_at = wall_now();
    const Deadline soon = Deadline::after(1min);
    REQUIRE(test::run(world.time, world.context, world.storage->accept(turn, "", relay::question_rows(turn), soon)));
    // A process had it, shared the file or not, and gave it up before that was recorded.
    auto claim = test::run(world.time, world.context, world.storage->claim(turn.id, "gone", 1s, soon));
    REQUIRE((claim && *claim));
    turn = (*claim)->turn;
    slack::OutgoingMessage shown("C1", "Answer to: revenue?");
    shown.thread_ts = "100.1";
    turn.progress_ts = test::run(world.time, world.context, world.slack.post_message(shown, soon))->ts;
    auto asked = test::run(world.time, world.context, world.genie.start_conversation("space1", "revenue?", soon));
    REQUIRE(asked);
    turn.space_id = "space1";
    turn.conversation_id = asked->conversation_id;
    turn.message_id = asked->id;
    turn.state = storage::TurnState::answered;
    REQUIRE(test::run(world.time, world.context, world.storage->advance((*claim)->lease, turn, {}, soon)));
    REQUIRE(test::run(world.time, world.context, world.storage->release((*claim)->lease, soon)));
    std::size_t files = 1;
    slack::FileUpload file;
    file.channel = "C1";
    file.thread_ts = "100.1";
    file.filename = "Revenue.csv";
    SECTION("and finds it") {
        const auto shared = test::run(world.time, world.context, world.slack.upload_file(file, soon));
        const auto begun = test::run(world.time, world.context,
                                     world.storage->begin_action(turn.id, storage::kFileAction, "turn", 1min, soon));
        REQUIRE((begun && begun->granted));
        REQUIRE(*test::run(world.time, world.context,
                           world.storage->keep_result(turn.id, storage::kFileAction, "turn", shared->id, soon)));
    }
    SECTION("and shares it when there is none") {}
    SECTION("and takes no other one for it") {
        files = 2;
        // The same name as that of another answer.
        test::run(world.time, world.context, world.slack.upload_file(file, soon));
    }
    const auto end = test::run(world.time, world.context, world.runner.run(turn.id));
    CHECK(end == relay::TurnRunner::End::finished);
    CHECK(world.slack.uploads.size() == files);
    CHECK(world.slack.uploads.back().file.filename == "Revenue.csv");
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("a failed result keeps the text and says why there is no table", "[relay]") {
    World world;
    world.genie.result_error = genie::GenieError(genie::GenieFault::query_failed, "division by zero");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("Answer to: revenue?"));
    CHECK_THAT(shown, test::contains(answer::kSqlAction));
    CHECK_THAT(shown, test::contains("The query failed"));
}

TEST_CASE("a mention without a question gets help instead of silence", "[relay]") {
    World world;
    world.deliver(world.question("", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.genie.asked.empty());
    CHECK(world.turn("100.1").failure == "empty_question");
}

TEST_CASE("shutdown lets running questions finish and takes no new ones", "[relay]") {
    World world;
    world.deliver(world.question("quick", "100.1"));
    world.settle(1s);
    test::run(world.time, world.context, world.relay.stop(Deadline::after(10s)));
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
    CHECK_FALSE(world.deliver(world.question("late", "300.1")).send);
}

TEST_CASE("shutdown tells the people whose questions cannot finish that they have to ask again", "[relay]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("slow", "100.1"));
    world.deliver(world.reply("queued", "100.2", "100.1"));
    world.settle(1s);
    const TimePoint start = Clock::now();
    test::run(world.time, world.context, world.relay.stop(Deadline::after(10s)));
    CHECK(Clock::now() - start <= 10s);
    CHECK(world.turn("100.1").failure == "interrupted");
    CHECK(world.turn("100.2", "100.1").failure == "interrupted");
    CHECK(world.slack.messages.size() == 2);
}

TEST_CASE("shutdown tells the person also while the question is being posted, or waits to be", "[relay]") {
    World world;
    SECTION("the POST hangs") {
        world.genie.posting_time = 5min;
    }
    SECTION("Genie takes none now") {
        world.genie.ask_errors.assign(1, genie::GenieError(genie::GenieFault::rate_limited, "slow down"));
        world.genie.ask_errors.back().retry_after = 40s;
    }
    SECTION("Databricks cannot be reached") {
        world.genie.ask_errors.assign(50, genie::GenieError(genie::GenieFault::unavailable, "away"));
    }
    world.deliver(world.question("slow", "100.1"));
    world.settle(3s);
    test::run(world.time, world.context, world.relay.stop(Deadline::after(10s)));
    CHECK(world.turn("100.1").failure == "interrupted");
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("restarted") && !test::contains("stop_turn"));
}

TEST_CASE("a question that is told when to come again comes then, whatever was asked before", "[relay]") {
    World world;
    world.deliver(world.question("one?", "100.1"));
    world.settle(20s);
    REQUIRE(world.genie.asked.size() == 1);
    for (int i = 0; i < 2; ++i) {
        world.genie.ask_errors.emplace_back(genie::GenieFault::rate_limited, "slow down");
        world.genie.ask_errors.back().retry_after = 10s;
    }
    world.deliver(world.question("two?", "200.1"));
    world.settle(19s);
    CHECK(world.genie.asked.size() == 1);
    world.settle(3s);
    CHECK(world.genie.asked.size() == 2);
    world.settle();
}

TEST_CASE("who is told to come again at once, time after time, comes at longer and longer intervals", "[relay]") {
    const std::optional<Duration> told = GENERATE(std::optional<Duration>(0s), std::optional<Duration>());
    World world;
    for (int i = 0; i < 5'000; ++i) {
        world.genie.ask_errors.emplace_back(genie::GenieFault::rate_limited, "slow down");
        world.genie.ask_errors.back().retry_after = told;
    }
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(2min);
    const std::size_t posts = 5'000 - world.genie.ask_errors.size();
    CHECK(posts >= 4);
    CHECK(posts <= 10);
}

TEST_CASE("a question that waits as it was told to is stopped at once", "[relay]") {
    World world;
    world.genie.ask_errors.emplace_back(genie::GenieFault::rate_limited, "slow down");
    world.genie.ask_errors.back().retry_after = 30s;
    world.deliver(world.question("one?", "100.1"));
    world.settle(2s);
    auto pressed = world.press(world.turn("100.1").progress_ts, "100.1", answer::kStopAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(pressed).user = "U1";
    world.deliver(pressed);
    world.settle(2s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Stopped"));
    world.settle(2min);
    CHECK(world.genie.asked.empty());
}

TEST_CASE("the rate limit of Genie delays questions instead of failing them", "[relay]") {
    World world;
    world.genie.ask_errors.emplace_back(genie::GenieFault::rate_limited, "slow down");
    world.genie.ask_errors.back().retry_after = 20s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(15s);
    CHECK(world.genie.asked.empty());
    world.settle(1min);
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("an endless question is cut between characters, visibly", "[relay]") {
    World world;
    std::string endless = "x";
    for (int i = 0; i < 12'000; ++i)
        endless += "\xc3\xa9";
    world.deliver(world.question(endless, "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    const std::string& asked = world.genie.asked[0].content;
    CHECK(slack::count_characters(asked) == 10'000);
    CHECK(asked.substr(asked.size() - 5) == "\xc3\xa9\xe2\x80\xa6");
}

TEST_CASE("names of people are looked up while Genie works and never hold up the ack", "[relay][people]") {
    World world;
    world.slack.users["U1"].name = "Ada";
    world.slack.users["U1"].email = "ada@example.com";
    world.slack.user_time = 500ms;
    const TimePoint start = Clock::now();
    CHECK(world.deliver(world.question("revenue by region?", "100.1")).send);
    CHECK(Clock::now() - start < 100ms);
    const storage::ThreadKey thread("T1", "C1", "100.1");
    const auto steps = [&] {
        auto found = test::run(world.time, world.context,
                               world.storage->get_steps(storage::thread_id(thread), 100, Deadline::after(1s)));
        REQUIRE(found);
        REQUIRE_FALSE(found->empty());
        return *found;
    };
    CHECK(steps().at(0).name == "U1");
    world.settle();
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
    CHECK(steps().at(0).name == "Ada");
    CHECK(world.slack.user_calls.size() == 1);

    CHECK(world.deliver(world.question("and by month?", "100.2", "100.1")).send);
    CHECK(steps().back().name == "Ada");
    world.settle();
    CHECK(world.slack.user_calls.size() == 1);
}

TEST_CASE("the first sign is there within 600 ms where Slack does not tell who asks, and data only when it has",
          "[relay]") {
    World world;
    world.slack.user_time = 1900ms;
    SECTION("somebody who may ask") {
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(600ms);
        REQUIRE(world.slack.messages.size() == 1);
        world.settle();
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    }
    SECTION("a guest") {
        world.slack.users["U1"].is_guest = true;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(600ms);
        REQUIRE(world.slack.messages.size() == 1);
        world.settle();
        for (const auto& message : world.slack.messages)
            CHECK_THAT(world.shown(message), !test::contains("Answer to"));
    }
}

TEST_CASE("an answer is recorded although Slack does not tell who asked", "[relay][people]") {
    World world;
    SECTION("since it is slow") {
        world.slack.user_time = 10min;
    }
    SECTION("since the app lacks the scope") {
        world.slack.user_errors.emplace_back(slack::ApiFault::not_permitted, "users.info", "missing_scope");
    }
    CHECK(world.deliver(world.question("revenue by region?", "100.1")).send);
    world.settle();
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("questions of one instant have times that differ", "[relay]") {
    World world;
    std::vector<WallTime> times;
    for (int i = 1; i <= 5; ++i) {
        const std::string ts = "100." + std::to_string(i);
        CHECK(world.deliver(world.question("revenue?", ts)).send);
        times.push_back(world.turn(ts).received_at);
    }
    for (std::size_t i = 1; i < times.size(); ++i)
        CHECK(times[i] - times[i - 1] >= std::chrono::microseconds(10));
    world.settle();
}

TEST_CASE("a file without words is told that only text works", "[relay]") {
    World world;
    slack::Event event = world.question("", "100.1");
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.mention = false;
    message.subtype = "file_share";
    message.channel = "D1";
    message.channel_type = "im";
    message.text = "";
    message.has_files = true;
    message.file_count = 1;
    world.deliver(event);
    world.deliver(event);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("text only"));
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
}

TEST_CASE("what was forwarded without words is told not to be readable, and the words beside it are asked", "[relay]") {
    World world;
    const bool has_words = GENERATE(false, true);
    INFO("has words: " << has_words);
    slack::Event mention = world.question(has_words ? "revenue by month?" : "", "100.1");
    std::get<slack::MessageEvent>(mention.body).forwarded.emplace_back();
    slack::Event plain = mention;
    plain.event_id = "EvPlain";
    std::get<slack::MessageEvent>(plain.body).mention = false;
    world.deliver(plain);
    world.deliver(mention);
    world.deliver(mention);
    world.settle();
    const std::string word = words::say(words::Language::english, words::Word::forward_unreadable);
    CHECK(std::count(world.slack.ephemerals.begin(), world.slack.ephemerals.end(),
                     std::pair{std::string("U1"), word}) == 1);
    CHECK(world.genie.asked.size() == (has_words ? 1u : 0u));
    CHECK(world.slack.messages.size() == (has_words ? 1u : 0u));
}

TEST_CASE("of a long clip the beginning is asked, and the person is told so", "[relay]") {
    for (const bool is_written : {false, true}) {
        INFO("with words of its own: " << is_written);
        World world;
        slack::Event event = world.reply(is_written ? "revenue by year?" : "", "100.1", "");
        auto& message = std::get<slack::MessageEvent>(event.body);
        message.subtype = "file_share";
        message.channel = "D-U1";
        message.channel_type = "im";
        message.has_files = true;
        message.file_count = 1;
        slack::Clip clip;
        clip.status = "complete";
        clip.text = "revenue by month, but only for";
        clip.has_more = true;
        message.clips.push_back(clip);
        world.deliver(event);
        world.deliver(event);
        world.settle();
        REQUIRE(world.genie.asked.size() == 1);
        CHECK(world.genie.asked[0].content == (is_written ? "revenue by year?" : clip.text));
        REQUIRE(world.slack.ephemerals.size() == (is_written ? 0u : 1u));
        if (!is_written)
            CHECK(world.slack.ephemerals[0].second == words::say(words::Language::english, words::Word::clip_is_cut));
    }
}

}  // namespace relay_test
