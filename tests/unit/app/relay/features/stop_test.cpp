// A question is stopped while it is asked.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace stop_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

slack::Interaction press_stop(World& world, const std::string& turn_id, const std::string& user) {
    auto pressed = world.press(world.slack.messages.at(0).ts, "100.1", answer::kStopAction, turn_id);
    std::get<slack::BlockActions>(pressed).user = user;
    return pressed;
}

TEST_CASE("Stop ends a running question at once, in its message", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    const std::string id = world.turn("100.1").id;
    CHECK(world.turn("100.1").state == TurnState::asked);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains(answer::kStopAction));

    world.deliver(press_stop(world, id, "U1"));
    world.settle(2s);
    CHECK(world.turn("100.1").state == TurnState::failed);
    CHECK(world.turn("100.1").failure == "stopped");
    CHECK(world.turn("100.1").was_stopped);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Stopped"));
    CHECK(world.genie.running == 0);

    // The thread goes on.
    world.genie.hang = false;
    world.deliver(world.question("cost?", "100.2", "100.1"));
    world.settle();
    CHECK(world.turn("100.2", "100.1").state == TurnState::delivered);
}

TEST_CASE("whoever presses while storage is away reads that it may not have been done", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    const std::string id = world.turn("100.1").id;
    world.storage->fail("get_turn", 1);
    CHECK_FALSE(world.deliver(press_stop(world, id, "U1")).send);
    world.settle(2s);
    CHECK(world.turn("100.1").state == TurnState::asked);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("press again"));
}

TEST_CASE("the word stops what its writer asked, in the thread or where it was asked", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    SECTION("in the thread") {
        auto reply = world.question("stop", "100.2", "100.1");
        std::get<slack::MessageEvent>(reply.body).mention = false;
        world.deliver(reply);
    }
    SECTION("by a mention at the root") {
        world.deliver(world.question("<@UBOT> please stop!", "100.2"));
    }
    world.settle(2s);
    CHECK(world.turn("100.1").failure == "stopped");
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("the word of somebody else stops nothing, and where nothing runs it is answered by a note", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    auto other = world.question("<@UBOT> stop", "100.2", "100.1");
    std::get<slack::MessageEvent>(other.body).user = "U2";
    world.deliver(other);
    world.settle(2s);
    CHECK(world.turn("100.1").state == TurnState::asked);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U2");
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("not working on any question of yours"));
    CHECK(world.genie.asked.size() == 1);
    world.deliver(press_stop(world, world.turn("100.1").id, "U1"));
    world.settle(2s);
}

TEST_CASE("the word without a mention, where nothing runs, is no question", "[stop]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    auto word = world.question("stop", "100.2", "100.1");
    auto& message = std::get<slack::MessageEvent>(word.body);
    message.mention = false;
    message.channel_type = "channel";
    message.text = "stop";
    world.deliver(word);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("only the word alone stops", "[stop]") {
    for (const char* line : {"stop", "Stopp!", "please stop", "stop, please.", "Abbrechen bitte", "cancel", "arrête",
                             "¡para!", "stop :octagonal_sign:", "\xF0\x9F\x9B\x91 stop"})
        CHECK(relay::says_stop(line));
    for (const char* line :
         {"stop losses by month", "bus stops per city", "", "please", "cancelled orders", "how do I stop?", ":stop:"})
        CHECK_FALSE(relay::says_stop(line));
}

TEST_CASE("only the person who asked may stop a question, or an admin", "[stop]") {
    relay::RelayOptions options;
    options.admins = {"U7"};
    World world({}, options);
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    const std::string id = world.turn("100.1").id;
    world.deliver(press_stop(world, id, "U2"));
    world.settle(5s);
    CHECK(world.turn("100.1").state == TurnState::asked);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U2");
    world.deliver(press_stop(world, id, "U7"));
    world.settle(2s);
    CHECK(world.turn("100.1").failure == "stopped");
}

TEST_CASE("a stop that another process took is found in storage", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    test::run(world.time, world.context,
              world.storage->request_stop(world.turn("100.1").id, "U1", Deadline::after(1s)));
    world.settle(5s);
    CHECK(world.turn("100.1").failure == "stopped");
}

TEST_CASE("Stop in Slack's agent pane stops the thread's question", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    slack::AgentSessionStopped stopped;
    stopped.user = "U1";
    stopped.channel = "C1";
    stopped.thread_ts = "100.1";
    world.deliver(world.event_of(stopped));
    world.settle(2s);
    CHECK(world.turn("100.1").failure == "stopped");
}

TEST_CASE("a question that waits for the rate limit can be stopped, and is never asked", "[stop]") {
    World world;
    world.limiter.on_rate_limited(Clock::now(), 40s);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(3s);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Waiting for Genie"));
    world.deliver(press_stop(world, world.turn("100.1").id, "U1"));
    world.settle(1s);
    CHECK(world.turn("100.1").failure == "stopped");
    world.settle();
    CHECK(world.genie.asked.empty());
}

}  // namespace stop_test
