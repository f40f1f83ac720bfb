// A question is deleted while it is asked, and afterwards.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace deletion_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

slack::Event deletion(World& world, const std::string& ts) {
    slack::MessageDeleted deleted;
    deleted.channel = "C1";
    deleted.deleted_ts = ts;
    deleted.user = "U1";
    return world.event_of(deleted, "EvDeleted" + ts);
}

TEST_CASE("a question that is deleted while it is asked takes its message with it", "[deletion]") {
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

TEST_CASE("a deletion that overtakes its question ends it", "[deletion]") {
    World world;
    const std::string ts = World::young_ts();
    world.begin(deletion(world, ts));
    world.settle(300ms);
    world.deliver(world.question("revenue?", ts));
    world.settle();
    CHECK(world.turn(ts).failure == "deleted");
    CHECK(world.slack.messages.empty());
}

TEST_CASE("the deletion of a message that nobody meant for us waits for nothing", "[deletion]") {
    World world;
    slack::Event event = deletion(world, World::young_ts());
    std::get<slack::MessageDeleted>(event.body).text = "lunch at one?";
    const TimePoint before = Clock::now();
    CHECK(world.deliver(event).send);
    CHECK(Clock::now() - before < 100ms);
}

TEST_CASE("deleting an answered question leaves the answer", "[deletion]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(deletion(world, "100.1"));
    world.settle(5s);
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("the Home tab lists no question whose message is gone, whenever that went", "[deletion][home]") {
    World world;
    world.deliver(world.question("revenue by region?", "100.1"));
    world.deliver(world.question("orders by month?", "200.1"));
    world.settle();
    world.genie.hang = true;
    world.deliver(world.question("costs by week?", "300.1"));
    world.settle(5s);
    for (const char* ts : {"100.1", "300.1"})
        world.deliver(deletion(world, ts));
    // Slack may say so again.
    world.deliver(deletion(world, "100.1"));
    world.settle(5s);
    slack::AppHomeOpened opened;
    opened.user = "U1";
    opened.channel = "D1";
    opened.tab = "home";
    world.deliver(world.event_of(opened, "EvHome"));
    world.settle(5s);
    REQUIRE_FALSE(world.slack.homes.empty());
    const std::string home = boost::json::serialize(world.slack.homes.back().view);
    CHECK_THAT(home, test::contains("orders by month?"));
    CHECK_THAT(home, !test::contains("revenue by region?") && !test::contains("costs by week?"));
}

TEST_CASE("an edition that is deleted behind another question of the thread ends as well", "[deletion]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(2s);
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue by month?", "100.1").body);
    change.message.edited = true;
    change.message.edited_ts = "101.1";
    world.deliver(world.event_of(change, "EvE1"));
    world.settle(2s);
    world.deliver(world.question("cost?", "100.2", "100.1"));
    world.settle(2s);
    world.deliver(deletion(world, "100.1"));
    world.settle(5s);
    const auto edition = storage::turn_id(storage::ThreadKey("T1", "C1", "100.1"), "100.1/edit/EvE1");
    const auto found = test::run(world.time, world.context, world.storage->get_turn(edition, Deadline::after(1s)));
    REQUIRE((found && *found));
    CHECK((*found)->failure == "deleted");
    CHECK_FALSE(storage::is_final(world.turn("100.2", "100.1").state));
    // No question may outlive the world.
    world.settle(3min);
    CHECK(storage::is_final(world.turn("100.2", "100.1").state));
}

}  // namespace deletion_test
