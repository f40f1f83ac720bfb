// A question is stopped, deleted or edited while it is asked, and afterwards.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

namespace question_changes_test {

slack::Interaction press_stop(World& world, const std::string& turn_id, const std::string& user) {
    auto pressed = world.press(world.slack.messages.at(0).ts, "100.1", answer::kStopAction, turn_id);
    std::get<slack::BlockActions>(pressed).user = user;
    return pressed;
}

slack::Event edit(World& world, const std::string& ts, const std::string& text, const std::string& event_id,
                  const std::string& thread = "") {
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question(text, ts, thread).body);
    change.message.edited = true;
    return world.event_of(change, event_id);
}

slack::Event deletion(World& world, const std::string& ts) {
    slack::MessageDeleted deleted;
    deleted.channel = "C1";
    deleted.deleted_ts = ts;
    deleted.user = "U1";
    return world.event_of(deleted, "EvDeleted" + ts);
}

}  // namespace question_changes_test
using namespace question_changes_test;

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
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Stopped"));
    CHECK(world.genie.running == 0);

    // The thread goes on.
    world.genie.hang = false;
    world.deliver(world.question("cost?", "100.2", "100.1"));
    world.settle();
    CHECK(world.turn("100.2", "100.1").state == TurnState::delivered);
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

TEST_CASE("a question that is deleted while it is asked takes its message with it", "[stop]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    REQUIRE(world.slack.messages.size() == 1);
    world.deliver(deletion(world, "100.1"));
    world.settle(2s);
    CHECK(world.turn("100.1").failure == "deleted");
    CHECK(world.slack.messages.empty());
}

TEST_CASE("deleting an answered question leaves the answer", "[stop]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(deletion(world, "100.1"));
    world.settle(5s);
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("an edited question is asked again, and answered in the same message", "[edit]") {
    World world;
    const bool while_running = GENERATE(false, true);
    INFO("while running: " << while_running);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(while_running ? 2s : 60s);
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
    CHECK(world.newest("100.1").state == TurnState::delivered);
    CHECK(world.turn("100.1").state == (while_running ? TurnState::failed : TurnState::delivered));

    // Delivered again, or without a change of words: nothing new.
    const std::size_t asked = world.genie.asked.size();
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE2"));
    world.settle();
    CHECK(world.genie.asked.size() == asked);

    // And edited once more.
    world.deliver(edit(world, "100.1", "revenue by year?", "EvE3"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by year?"));
}

TEST_CASE("an edit of anything but the thread's last question asks nothing", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.deliver(world.question("cost?", "100.2", "100.1"));
    world.settle();
    world.deliver(edit(world, "100.1", "something else?", "EvE1"));
    auto by_someone_else = edit(world, "100.2", "something else?", "EvE2", "100.1");
    std::get<slack::MessageChanged>(by_someone_else.body).message.user = "U5";
    world.deliver(by_someone_else);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}
