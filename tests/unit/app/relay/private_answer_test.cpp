// ANSWERS_IN_CHANNELS=private: the answer goes to the person who asked, who may share it.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

namespace private_answer_test {

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

}  // namespace private_answer_test
using namespace private_answer_test;

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
    REQUIRE(world.slack.ephemerals.size() == 2);
    const std::string link = "https://acme.slack.com/archives/D-U1/p" + [&] {
        std::string digits = answer.ts;
        std::erase(digits, '.');
        return digits;
    }();
    for (const auto& [user, text] : world.slack.ephemerals) {
        CHECK(user == "U1");
        CHECK_THAT(text, test::contains(link));
    }
    CHECK_THAT(world.slack.ephemerals[1].second, test::contains("Answer to: revenue?"));
    CHECK_THAT(world.slack.ephemerals[1].second, !test::contains("```"));
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
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("/archives/C1/p"));
}

TEST_CASE("a process that takes a private answer over finds its message in the direct message", "[private]") {
    PrivateWorld world;
    world.slack.post_errors.emplace_back(slack::ErrorClass::ambiguous, "chat.postMessage", "timeout");
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
