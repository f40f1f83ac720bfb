// How long a person waits before the bot says what it waits for itself.
#include "tests/unit/app/relay/relay_world.hpp"

namespace waits_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

TEST_CASE("a POST that stays unanswered is said after ten seconds, and the answer still comes", "[turn][waits]") {
    World world;
    world.genie.posting_time = 40s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(9s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.shown(world.slack.messages[0]).find("Databricks does not answer") == std::string::npos);
    world.settle(3s);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Databricks does not answer"));
    world.settle(1min);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("polls that stay unanswered are said after ten seconds, until one is answered", "[turn][waits]") {
    World world;
    world.genie.answer_time = 80s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(15s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains("Databricks does not answer"));
    world.genie.is_silent = true;
    world.settle(20s);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Databricks does not answer"));
    world.genie.is_silent = false;
    world.settle(20s);
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains("Databricks does not answer"));
    world.settle(1min);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("Genie is asked while Slack does not tell yet who reads along", "[turn][waits]") {
    World world;
    world.slack.channel_time = 5s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(3s);
    CHECK(world.genie.asked.size() == 1);
    world.settle(20s);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue?"));
}

TEST_CASE("Genie's words are shown within fifteen seconds though their rows do not come", "[turn][waits]") {
    World world;
    world.genie.result_time = 90s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(4s + world.genie.answer_time + 15s);
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("Answer to: revenue?"));
    CHECK_THAT(shown, test::contains("The result could not be fetched"));
}

}  // namespace waits_test
