// LINKS_ONLY: nothing of the data is shown in Slack, wherever it might come from.
#include "app/answer/message/status.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace links_only_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

relay::RunnerOptions links_only() {
    relay::RunnerOptions options = World::runner_options();
    options.links_only = true;
    return options;
}

TEST_CASE("with LINKS_ONLY a failed query shows nothing of its text", "[links-only]") {
    World world({}, {}, links_only_test::links_only());
    world.genie.endings = {genie::MessageStatus::failed};
    world.genie.failed_suggestions = {"Why did Example Corp order less?"};
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.turn("100.1").failure.starts_with("genie_failed"));
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, !test::contains("nothing there") && !test::contains("Example Corp"));
}

TEST_CASE("without LINKS_ONLY a failed query shows Genie's suggestions", "[links-only]") {
    World world;
    world.genie.endings = {genie::MessageStatus::failed};
    world.genie.failed_suggestions = {"Why did Example Corp order less?"};
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Example Corp"));
}

TEST_CASE("with LINKS_ONLY progress tells none of Genie's thoughts", "[links-only]") {
    genie::Message message;
    message.status = genie::MessageStatus::executing_query;
    genie::Attachment thought;
    thought.kind = genie::Attachment::Kind::text;
    thought.text = "EMEA sold 1,200";
    thought.phase = "PLANNING";
    message.attachments.push_back(thought);
    answer::ProgressInput input;
    input.message = &message;
    CHECK_THAT(answer::progress_words(input), test::contains("EMEA"));
    input.hides_thoughts = true;
    CHECK_THAT(answer::progress_words(input), !test::contains("EMEA"));
}

TEST_CASE("Genie's thoughts are in the progress message, and with LINKS_ONLY they are not", "[links-only]") {
    const bool is_links_only = GENERATE(false, true);
    World world({}, {}, is_links_only ? links_only_test::links_only() : World::runner_options());
    world.genie.hang = true;
    // The second look at the question finds what Genie thought meanwhile.
    world.genie.defects = 1;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    REQUIRE(world.genie.asked.size() == 1);
    genie::Attachment thought;
    thought.kind = genie::Attachment::Kind::text;
    thought.text = "EMEA sold 1,200";
    thought.phase = "PLANNING";
    world.genie.asked[0].attachments.push_back(thought);
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.settle(30s);
    CHECK(world.genie.running == 1);
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Deadline::after(1min)));
    test::run(world.time, world.context, world.relay.stop(Deadline::after(10s)));
    CHECK_THAT(shown, test::contains("Running the query"));
    CHECK((shown.find("EMEA") == std::string::npos) == is_links_only);
}

}  // namespace links_only_test
