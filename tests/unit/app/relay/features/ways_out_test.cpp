// What a question that has no answer yet offers: waiting that is seen, another try, another space.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <algorithm>

namespace ways_out_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

struct FailedWorld : World {
    explicit FailedWorld(bool has_more_spaces = false) {
        if (has_more_spaces)
            genie.add_space("space2", "Support");
        genie.endings.push_back(genie::MessageStatus::failed);
        if (has_more_spaces) {
            run_choice();
            return;
        }
        deliver(question("revenue?", "100.1"));
        settle();
        failed = turn("100.1");
    }
    void run_choice() {
        test::run(
            time, context,
            storage->set_conversation(storage::ThreadKey("T1", "C1", "100.1"), "space1", "Sales", Deadline::after(1s)));
        deliver(question("revenue?", "100.1"));
        settle();
        failed = turn("100.1");
    }
    void press_below(const std::string& action_id, const std::string& value, const std::string& block = "") {
        deliver(press(failed.progress_ts, "100.1", action_id, value, block));
        settle();
    }
    storage::Turn failed;
};

TEST_CASE("a second question in a thread reads within a second that it is next", "[notes]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    world.deliver(world.question("by month?", "100.2", "100.1"));
    world.settle(900ms);
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("next"));
    CHECK(world.slack.ephemeral_messages[0].thread_ts == "100.1");
    world.deliver(world.question("by region?", "100.3", "100.1"));
    world.settle(900ms);
    REQUIRE(world.slack.ephemerals.size() == 2);
    CHECK_THAT(world.slack.ephemerals[1].second, test::contains("2 questions"));
    world.settle();
    CHECK(world.genie.asked.size() == 3);
    CHECK(world.slack.ephemerals.size() == 2);
}

TEST_CASE("whom the gate will turn away is not promised an answer before", "[notes][gate]") {
    World world;
    world.slack.users["U2"].is_guest = true;
    world.slack.user_time = 1s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(500ms);
    slack::Event of_guest = world.question("by month?", "100.2", "100.1");
    std::get<slack::MessageEvent>(of_guest.body).user = "U2";
    world.deliver(of_guest);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("members of this organisation"));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a guest of whom Slack tells late takes over nobody's failure and changes nobody's space", "[again][gate]") {
    FailedWorld world(true);
    world.slack.users["U2"].is_guest = true;
    world.slack.user_time = 2s;
    const std::string shown = world.shown(*world.slack.find(world.failed.progress_ts));
    SECTION("another try") {
        world.press_below(answer::kAskAgainAction, world.failed.id);
    }
    SECTION("another space") {
        world.press_below(answer::kSpaceAction, "space2", answer::picker_block({true, world.failed.id}));
    }
    CHECK(world.shown(*world.slack.find(world.failed.progress_ts)) == shown);
    CHECK(world.newest("100.1").id == world.failed.id);
    const auto row =
        test::run(world.time, world.context, world.storage->get_conversation(world.failed.thread, Deadline::after(1s)));
    CHECK((*row)->genie_room_id == "space1");
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("members of this organisation"));
}

TEST_CASE("a member of whom Slack tells late has another try a moment later", "[again][gate]") {
    FailedWorld world;
    world.slack.user_time = 2s;
    world.press_below(answer::kAskAgainAction, world.failed.id);
    CHECK(world.newest("100.1").user == "U2");
    CHECK(world.newest("100.1").state == TurnState::delivered);
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("a failure is tried again in its own message", "[again]") {
    FailedWorld world;
    REQUIRE(world.failed.state == TurnState::failed);
    const std::size_t before = world.slack.messages.size();
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), test::contains(answer::kAskAgainAction));
    world.press_below(answer::kAskAgainAction, world.failed.id);
    world.press_below(answer::kAskAgainAction, world.failed.id);
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == "revenue?");
    CHECK(world.slack.messages.size() == before);
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), test::contains("Answer to: revenue?"));
    CHECK(world.newest("100.1").state == TurnState::delivered);
    CHECK(world.newest("100.1").user == "U2");
}

TEST_CASE("what was stopped can be asked again", "[again]") {
    World world;
    world.genie.answer_time = 30s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    auto pressed = world.press(world.turn("100.1").progress_ts, "100.1", answer::kStopAction, world.turn("100.1").id);
    std::get<slack::BlockActions>(pressed).user = "U1";
    world.deliver(pressed);
    world.settle();
    const storage::Turn stopped = world.turn("100.1");
    REQUIRE(stopped.state == TurnState::failed);
    CHECK_THAT(world.shown(*world.slack.find(stopped.progress_ts)), test::contains("Ask again"));
    world.genie.answer_time = 4s;
    world.deliver(world.press(stopped.progress_ts, "100.1", answer::kAskAgainAction, stopped.id));
    world.settle();
    CHECK_THAT(world.shown(*world.slack.find(stopped.progress_ts)), test::contains("Answer to: revenue?"));
}

TEST_CASE("what somebody else asked again can still be edited by its author", "[again][edit]") {
    FailedWorld world;
    world.press_below(answer::kAskAgainAction, world.failed.id);
    REQUIRE(world.newest("100.1").user == "U2");
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue by month?", "100.1").body);
    change.message.edited = true;
    change.message.edited_ts = "200.1";
    world.deliver(world.event_of(change, "EvE1"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue by month?"));
}

TEST_CASE("a button for another try works only where it stands", "[again]") {
    FailedWorld world;
    world.deliver(world.press("999.1", "100.1", answer::kAskAgainAction, world.failed.id));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("a change of space asks the failed question there", "[again]") {
    FailedWorld world(true);
    REQUIRE(world.failed.state == TurnState::failed);
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), test::contains("Change space"));
    world.press_below(answer::kSpaceAction, "space2", answer::picker_block({true, world.failed.id}));
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].space_id == "space2");
    CHECK(world.genie.asked[1].content == "revenue?");
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), test::contains("Answer to: revenue?"));
}

TEST_CASE("a change of space asks there what Genie only asked back about", "[again]") {
    World world;
    world.genie.add_space("space2", "Support");
    world.spaces.allow({"space1"});
    world.genie.clarification = "Which numbers do you mean?";
    world.deliver(world.question("satisfaction by agent", "100.1"));
    world.settle();
    const storage::Turn asked = world.turn("100.1");
    REQUIRE(asked.state == TurnState::delivered);
    world.spaces.allow({});
    world.genie.clarification.clear();
    world.deliver(world.press(asked.progress_ts, "100.1", answer::kSpaceAction, "space2",
                              answer::picker_block({true, asked.id})));
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].space_id == "space2");
    CHECK(world.genie.asked[1].content == "satisfaction by agent");
    CHECK_THAT(world.shown(*world.slack.find(world.newest("100.1").progress_ts)),
               test::contains("Answer to: satisfaction by agent"));
    // An answer is one: then the space changes for what follows.
    world.deliver(world.press(world.newest("100.1").progress_ts, "100.1", answer::kSpaceAction, "space1",
                              answer::picker_block({true, world.newest("100.1").id})));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("with one space no other one is offered", "[again]") {
    FailedWorld world;
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), !test::contains("Change space"));
    world.press_below(answer::kAskAgainAction, world.failed.id);
    CHECK_THAT(world.shown(*world.slack.find(world.failed.progress_ts)), !test::contains("Change space"));
}

TEST_CASE("in private mode the thread learns that the picker waits in the direct message", "[private]") {
    relay::RelayOptions options;
    options.private_answers = true;
    World world({}, options);
    world.genie.add_space("space2", "Support");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].content.channel == "D-U1");
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK(world.slack.ephemeral_messages[0].channel == "C1");
}

}  // namespace ways_out_test
