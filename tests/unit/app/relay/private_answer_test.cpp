// ANSWERS_IN_CHANNELS=private: the answer goes to the person who asked, who may share it.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <algorithm>

namespace private_answer_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

relay::RelayOptions private_answers() {
    relay::RelayOptions options;
    options.private_answers = true;
    return options;
}

struct PrivateWorld : World {
    PrivateWorld() : World({}, private_answers()) {
        runner.introduce(relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"});
    }
};

TEST_CASE("a private answer stands in the direct message, and the thread learns where, visible to one person only",
          "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    const auto& answer = world.slack.messages[0];
    CHECK(answer.content.channel == "D-U1");
    CHECK(answer.content.thread_ts.empty());
    CHECK_THAT(world.shown(answer), test::contains("Answer to: revenue?"));
    CHECK_THAT(world.shown(answer), test::contains(answer::kShareAction));
    REQUIRE(world.slack.ephemerals.size() == 1);
    const std::string link = "https://acme.slack.com/archives/D-U1/p" + [&] {
        std::string digits = answer.ts;
        std::erase(digits, '.');
        return digits;
    }();
    for (const auto& [user, text] : world.slack.ephemerals) {
        CHECK(user == "U1");
        CHECK_THAT(text, test::contains(link));
    }
    CHECK(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("below a private answer the conversation goes on in the direct message", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string root = world.slack.messages.at(0).ts;
    slack::Event reply = world.question("by month?", "200.1", root);
    auto& message = std::get<slack::MessageEvent>(reply.body);
    message.mention = false;
    message.channel = "D-U1";
    message.channel_type = "im";
    world.deliver(reply);
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].conversation_id == world.genie.asked[0].conversation_id);
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages[1].content.channel == "D-U1");
    CHECK(world.slack.messages[1].content.thread_ts == root);
}

TEST_CASE("where answers are private, people of one thread have a conversation each", "[private]") {
    PrivateWorld world;
    int number = 1;
    for (const char* user : {"U1", "U2", "U1", "U2"}) {
        slack::Event asked = world.question("revenue?", "100." + std::to_string(number++), "100.1");
        std::get<slack::MessageEvent>(asked.body).user = user;
        world.deliver(asked);
        world.settle();
    }
    REQUIRE(world.genie.asked.size() == 4);
    const auto conversation = [&world](std::size_t at) { return world.genie.asked[at].conversation_id; };
    CHECK(conversation(1) != conversation(0));
    CHECK(conversation(2) == conversation(0));
    CHECK(conversation(3) == conversation(1));
}

TEST_CASE("where answers are private, a space that the thread has stays, its conversation does not", "[private]") {
    PrivateWorld world;
    world.genie.add_space("space2", "Support");
    const storage::ThreadKey thread("T1", "C1", "100.1");
    const auto soon = Deadline::after(1s);
    REQUIRE(test::run(world.time, world.context, world.storage->set_conversation(thread, "space2", "Support", soon)));
    REQUIRE(test::run(world.time, world.context, world.storage->update_conversation_id(thread, "others", soon)));
    world.deliver(world.question("revenue?", "100.2", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].space_id == "space2");
    CHECK(world.genie.asked[0].conversation_id != "others");
}

TEST_CASE("a private answer is shared once, however often the button is pressed", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    auto pressed = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, world.turn("100.1").id);
    auto& actions = std::get<slack::BlockActions>(pressed);
    actions.channel = "D-U1";
    actions.user = "U1";
    world.deliver(pressed);
    world.settle();
    world.deliver(pressed);
    world.settle();
    const auto shared = world.slack.in_thread("C1", "100.1");
    REQUIRE(shared.size() == 1);
    CHECK_THAT(world.shown(*shared[0]), test::contains("Answer to: revenue?"));
    CHECK_THAT(world.shown(*shared[0]), !test::contains(answer::kShareAction));
    // The answer itself says so, in place of the button; no note does.
    const std::string source = world.shown(world.slack.messages.at(0));
    CHECK_THAT(source, test::contains("/archives/C1/p") && test::contains("?thread_ts=100.1&amp;cid=C1|"));
    CHECK_THAT(source, !test::contains(answer::kShareAction) && !test::contains("Only you can see this answer"));
    for (const auto& note : world.slack.ephemerals)
        CHECK_THAT(note.second, !test::contains("/archives/C1/p"));
}

TEST_CASE("a shared answer says where it was shared in every later form", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string id = world.turn("100.1").id;
    for (const auto& [action, value] :
         {std::pair<std::string, std::string>{answer::kShareAction, id}, {answer::kChartAction, "pie:" + id}}) {
        auto pressed = world.press(world.slack.messages.at(0).ts, "", action, value);
        std::get<slack::BlockActions>(pressed).channel = "D-U1";
        std::get<slack::BlockActions>(pressed).user = "U1";
        world.deliver(pressed);
        world.settle();
    }
    const std::string source = world.shown(world.slack.messages.at(0));
    CHECK_THAT(source, test::contains("\"type\":\"pie\"") && test::contains("/archives/C1/p"));
    CHECK_THAT(source, !test::contains(answer::kShareAction));
}

TEST_CASE("a private answer whose button is pressed twice at once is shared once, and the second press is told so",
          "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.genie.result_time = 5s;
    auto pressed = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(pressed).channel = "D-U1";
    std::get<slack::BlockActions>(pressed).user = "U1";
    world.slack.ephemerals.clear();
    world.begin(pressed);
    world.begin(pressed);
    world.settle();
    CHECK(world.slack.in_thread("C1", "100.1").size() == 1);
    const auto told = [&world](const std::string& text) {
        return std::count_if(world.slack.ephemerals.begin(), world.slack.ephemerals.end(),
                             [&](const auto& note) { return note.second.find(text) != std::string::npos; });
    };
    CHECK(told("already on it") == 1);
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("what is pressed below the shared copy of a private answer happens there", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string id = world.turn("100.1").id;
    auto share = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, id);
    std::get<slack::BlockActions>(share).channel = "D-U1";
    std::get<slack::BlockActions>(share).user = "U1";
    world.deliver(share);
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    const std::string own = world.shown(world.slack.messages[0]);
    const std::string copy = world.slack.messages[1].ts;

    world.deliver(world.press(copy, "100.1", answer::kMoreAction, answer::more_value({answer::MoreChoice::csv, id})));
    world.settle();
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK(world.slack.uploads[0].file.channel == "C1");
    CHECK(world.slack.uploads[0].file.thread_ts == "100.1");
    world.deliver(world.press(copy, "100.1", answer::kChartAction, answer::chart_value({"pie", id})));
    world.settle();
    CHECK(world.slack.messages.size() == 2);
    CHECK(world.shown(world.slack.messages[0]) == own);
    CHECK_THAT(world.shown(world.slack.messages[1]),
               test::contains("\"type\":\"pie\"") && !test::contains(answer::kShareAction));
}

TEST_CASE("a shared copy that moved through a button is recorded where it stands", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string id = world.turn("100.1").id;
    auto share = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, id);
    std::get<slack::BlockActions>(share).channel = "D-U1";
    std::get<slack::BlockActions>(share).user = "U1";
    world.deliver(share);
    world.settle();
    const std::string old = world.slack.in_thread("C1", "100.1").at(0)->ts;
    world.slack.update_errors.emplace_back(slack::ApiFault::not_permitted, "chat.update", "edit_window_closed");
    world.deliver(world.press(old, "100.1", answer::kChartAction, answer::chart_value({"pie", id})));
    world.settle();
    REQUIRE(world.slack.in_thread("C1", "100.1").size() == 1);
    const std::string now = world.slack.in_thread("C1", "100.1")[0]->ts;
    CHECK(now != old);
    CHECK(world.turn("100.1").shared_ts == now);
    world.deliver(world.press(now, "100.1", answer::kChartAction, answer::chart_value({"none", id})));
    world.settle();
    CHECK_THAT(world.shown(*world.slack.in_thread("C1", "100.1").at(0)), !test::contains("data_visualization"));
}

TEST_CASE("what is asked and rated below a shared copy is each person's own", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string id = world.turn("100.1").id;
    auto share = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, id);
    std::get<slack::BlockActions>(share).channel = "D-U1";
    std::get<slack::BlockActions>(share).user = "U1";
    world.deliver(share);
    world.settle();
    const std::string copy = world.slack.in_thread("C1", "100.1").at(0)->ts;
    for (const char* user : {"U2", "U1"}) {
        auto next = world.press(copy, "100.1", answer::numbered(answer::kFollowUpAction, 0), "What are the returns?");
        std::get<slack::BlockActions>(next).user = user;
        world.deliver(next);
        world.settle();
    }
    CHECK(world.genie.asked.size() == 3);
    world.slack.ephemerals.clear();
    auto rated = world.press(copy, "100.1", answer::kRateUpAction, answer::rating_value({true, id}));
    std::get<slack::BlockActions>(rated).user = "U2";
    world.deliver(rated);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemeral_messages.back().channel == "C1");
}

TEST_CASE("a private answer is not shared where people of another organisation read along by now", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const bool is_told = GENERATE(false, true);
    if (is_told)
        world.deliver(world.event_of(slack::ChannelShared{"C1", true}));
    else
        world.slack.channels["C1"].is_ext_shared = true;
    auto share = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(share).channel = "D-U1";
    std::get<slack::BlockActions>(share).user = "U1";
    world.deliver(share);
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.slack.ephemeral_messages.back().channel == "D-U1");
    CHECK_THAT(world.slack.ephemerals.back().second,
               test::contains("another organisation") && test::contains("<#C1>") && !test::contains("this channel"));
}

TEST_CASE("a private answer that was shared empty offers to try again only where that does something", "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.genie.asked.at(0).attachments.clear();
    auto share = world.press(world.slack.messages.at(0).ts, "", answer::kShareAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(share).channel = "D-U1";
    std::get<slack::BlockActions>(share).user = "U1";
    world.deliver(share);
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains(answer::kAskAgainAction));
    REQUIRE(world.slack.in_thread("C1", "100.1").size() == 1);
    CHECK_THAT(world.shown(*world.slack.in_thread("C1", "100.1")[0]),
               test::contains("without an answer") && !test::contains(answer::kAskAgainAction));
}

TEST_CASE("a button with the id of somebody's private answer gives nothing elsewhere, nor to anybody else",
          "[private]") {
    PrivateWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string channel = GENERATE("C7", "C1", "D-U1");  // C1: where it was asked and never shared
    INFO(channel);
    auto press = world.press(world.slack.messages.at(0).ts, "", answer::kSqlAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(press).channel = channel;
    std::get<slack::BlockActions>(press).trigger_id = "1.2.abc";
    world.deliver(press);
    world.settle();
    CHECK(world.slack.opened_views.empty());
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("do not remember"));

    for (const auto& [action, value] :
         {std::pair(answer::kShareAction, world.turn("100.1").id),
          std::pair(answer::kRateUpAction, answer::rating_value({true, world.turn("100.1").id})),
          std::pair(answer::kMoreAction, answer::more_value({answer::MoreChoice::csv, world.turn("100.1").id})),
          std::pair(answer::kMoreAction, answer::more_value({answer::MoreChoice::again, world.turn("100.1").id}))}) {
        auto other = world.press(world.slack.messages.at(0).ts, "", action, value);
        std::get<slack::BlockActions>(other).channel = channel;
        world.deliver(other);
        world.settle();
    }
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.slack.uploads.empty());
    CHECK(world.genie.executed_again == 0);
    CHECK(world.genie.ratings.empty());
}

TEST_CASE("a channel that another organisation joins while a question runs gets no answer", "[private]") {
    World world;
    world.genie.answer_time = 20s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    world.slack.channels["C1"].is_ext_shared = true;
    world.settle();
    CHECK(world.turn("100.1").state == TurnState::failed);
    CHECK(world.turn("100.1").failure == "refused:shared_channel");
    for (const auto& message : world.slack.messages)
        CHECK_THAT(world.shown(message), !test::contains("Answer to: revenue?"));
}

TEST_CASE("a channel of which Slack tells late that others read along gets no answer", "[private]") {
    World world;
    world.slack.channel_time = 5s;
    world.slack.channels["C1"].is_ext_shared = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.turn("100.1").failure == "refused:shared_channel");
    for (const auto& message : world.slack.messages)
        CHECK_THAT(world.shown(message), !test::contains("Answer to: revenue?"));
}

TEST_CASE("a channel that another organisation joins while the whole result is fetched gets no file", "[private]") {
    World world;
    world.genie.result.truncated = true;
    world.genie.result.total_rows = 5000;
    world.deliver(world.question("revenue?", "100.1"));
    while (world.genie.downloads == 0)
        world.settle(100ms);
    world.slack.channels["C1"].is_ext_shared = true;
    world.time.run_for(world.context, 3s);
    world.settle();
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK(world.slack.uploads.empty());
}

TEST_CASE("a process that takes a private answer over finds its message in the direct message", "[private]") {
    PrivateWorld world;
    world.slack.post_errors.emplace_back(slack::ApiFault::ambiguous, "chat.postMessage", "timeout");
    world.slack.ambiguous_posts_arrive = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("links only: nothing of the data reaches Slack", "[private]") {
    relay::RunnerOptions options = World::runner_options();
    options.links_only = true;
    World world({}, {}, options);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("example.databricks.com"));
    CHECK_THAT(shown, !test::contains("Answer to"));
    CHECK_THAT(shown, !test::contains("EMEA"));
    CHECK(world.slack.uploads.empty());
}

}  // namespace private_answer_test
