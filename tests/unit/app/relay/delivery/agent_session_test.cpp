// Slack's own sign that the bot works in a direct message.
#include "tests/unit/app/relay/relay_world.hpp"

namespace agent_session_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

slack::Event asked_in_private(World& world, const std::string& text, const std::string& ts) {
    slack::Event event = world.reply(text, ts, "");
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.channel = "D1";
    message.channel_type = "im";
    return event;
}

TEST_CASE("a direct message is at work while its question is, and free again afterwards", "[session]") {
    World world;
    world.genie.answer_time = 20s;
    world.deliver(asked_in_private(world, "revenue?", "100.1"));
    world.settle(5s);
    CHECK(world.slack.sessions == std::vector<std::string>{"D1/100.1 processing"});
    world.settle();
    CHECK(world.slack.sessions == std::vector<std::string>{"D1/100.1 processing", "D1/100.1 active"});
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("Slack's own Stop ends the question and the work", "[session]") {
    World world;
    world.genie.hang = true;
    world.deliver(asked_in_private(world, "revenue?", "100.1"));
    world.settle(5s);
    slack::AgentSessionStopped stopped;
    stopped.channel = "D1";
    stopped.thread_ts = "100.1";
    stopped.user = "U1";
    world.deliver(world.event_of(stopped, "EvStopped"));
    world.settle(5s);
    REQUIRE(world.slack.sessions.size() == 2);
    CHECK(world.slack.sessions.back() == "D1/100.1 active");
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Stopped"));
}

TEST_CASE("an app without agent sessions is not asked again for a while, and channels have none", "[session]") {
    World world;
    world.slack.session_errors.emplace_back(slack::ApiFault::not_permitted, "agents.sessions.setStatus",
                                            "unknown_method");
    world.deliver(asked_in_private(world, "revenue?", "100.1"));
    world.settle();
    world.deliver(asked_in_private(world, "cost?", "200.1"));
    world.deliver(world.question("profit?", "300.1"));
    world.settle();
    CHECK(world.slack.sessions == std::vector<std::string>{"D1/100.1 processing"});
    CHECK(world.slack.messages.size() == 3);
}

TEST_CASE("what Slack refuses of one direct message says nothing about the others", "[session]") {
    World world;
    world.slack.session_errors.emplace_back(slack::ApiFault::not_permitted, "agents.sessions.setStatus",
                                            "invalid_thread_ts");
    world.deliver(asked_in_private(world, "revenue?", "100.1"));
    world.settle();
    world.deliver(asked_in_private(world, "cost?", "200.1"));
    world.settle();
    CHECK(world.slack.sessions ==
          std::vector<std::string>{"D1/100.1 processing", "D1/200.1 processing", "D1/200.1 active"});
}

}  // namespace agent_session_test
