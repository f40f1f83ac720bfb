#include "tests/unit/app/relay/relay_world.hpp"

namespace answer_times_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

TEST_CASE("how long a space's answers took places the polls of the next one", "[relay][poll]") {
    World world;
    world.genie.answer_time = 15s;
    for (int i = 0; i < 9; ++i) {
        world.deliver(world.question("revenue?", std::to_string(100 + i) + ".1", "", "Ev" + std::to_string(i)));
        world.settle(2min);
    }
    REQUIRE(world.genie.watched.size() == 9);
    CHECK_FALSE(world.genie.watched.front());
    const auto& usual = world.genie.watched.back();
    REQUIRE(usual);
    CHECK(usual->early >= 15s);
    CHECK(usual->late <= 20s);
}

TEST_CASE("a question does not wait for storage to tell how long answers take", "[relay][poll]") {
    World world;
    world.storage->fail("answer_times", 1);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.genie.watched.size() == 1);
    CHECK_FALSE(world.genie.watched.front());
    CHECK(world.turn("100.1").state == storage::TurnState::delivered);
}

}  // namespace answer_times_test
