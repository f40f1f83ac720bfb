// A thread that waits for a choice of space: wherever and whenever the choice is made, the question is answered.
#include "app/answer/actions.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace lanes_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

Deadline soon() {
    return Deadline::after(1min);
}

// Two spaces, and a question that waits for one of them. Other processes work on the same storage.
struct Waiting : World {
    Waiting() {
        genie.add_space("space2", "Support");
        deliver(question("tickets?", "100.1"));
        settle();
        waiting = turn("100.1");
        REQUIRE(waiting.state == TurnState::awaiting_space);
    }
    template <class T>
    T now(boost::asio::awaitable<T> task) {
        return test::run(time, context, std::move(task));
    }
    storage::Lease claim(const std::string& owner, Duration lease = 20s) {
        auto claimed = now(storage->claim(waiting.id, owner, lease, soon()));
        REQUIRE((claimed && *claimed));
        waiting = (*claimed)->turn;
        return (*claimed)->lease;
    }
    // Another process records the choice, and does no more.
    storage::Lease choose_elsewhere(Duration lease = 20s) {
        const storage::Lease held = claim("other", lease);
        waiting.space_id = "space2";
        waiting.space_name = "Support";
        waiting.state = TurnState::received;
        REQUIRE(*now(storage->advance(held, waiting, {}, soon())));
        return held;
    }
    slack::Interaction choose(const std::string& space) {
        return press(slack.messages.at(0).ts, "100.1", answer::kSpaceAction, space,
                     answer::picker_block({false, waiting.id}));
    }
    void recover(Duration duration) {
        TaskGroup tasks(context.get_executor(), "recovery");
        tasks.spawn("recovery", relay.recover());
        settle(duration);
        tasks.cancel();
        now(tasks.join(soon()));
    }

    storage::Turn waiting;
};

TEST_CASE("a question is taken over whose space was chosen in a process that died then", "[lanes]") {
    Waiting world;
    const storage::Lease held = world.choose_elsewhere();
    SECTION("before it asked Genie") {}
    SECTION("after it asked Genie") {
        world.waiting.state = TurnState::asking;
        world.waiting.asked_at = wall_now();
        REQUIRE(*world.now(world.storage->advance(held, world.waiting, {}, soon())));
        auto asked = world.now(world.genie.start_conversation("space2", "tickets?", soon()));
        world.waiting.conversation_id = asked->conversation_id;
        world.waiting.message_id = asked->id;
        world.waiting.state = TurnState::asked;
        REQUIRE(*world.now(world.storage->advance(held, world.waiting, {}, soon())));
    }
    world.recover(2min);
    CHECK(world.turn("100.1").state == TurnState::delivered);
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].space_id == "space2");
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a choice whose write came through after its time is not lost", "[lanes]") {
    Waiting world;
    world.choose_elsewhere(1500ms);
    SECTION("recovery finds it") {
        world.recover(1min);
    }
    SECTION("pressing again finds it") {
        CHECK(world.deliver(world.choose("space2")).send);
        world.settle();
    }
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a press while the turn is held is recorded as soon as it is free", "[lanes]") {
    Waiting world;
    SECTION("the record of the picker is still being written") {
        const storage::Lease held = world.claim("other", 10s);
        world.waiting.state = TurnState::received;
        REQUIRE(*world.now(world.storage->advance(held, world.waiting, {}, soon())));
    }
    SECTION("somebody looks whether it may go on") {
        world.claim("other", 10s);
    }
    CHECK(world.deliver(world.choose("space2")).send);
    world.settle(5s);
    CHECK(world.genie.asked.empty());
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].space_id == "space2");
    CHECK(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("a choice that cannot be recorded is said to be lost", "[lanes]") {
    Waiting world;
    world.claim("other", 10min);
    CHECK(world.deliver(world.choose("space2")).send);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("choose a Genie space again"));
}

TEST_CASE("another choice than the one that counts is answered with a word", "[lanes]") {
    Waiting world;
    world.genie.hang = true;
    world.deliver(world.choose("space2"));
    world.settle(5s);
    CHECK(world.deliver(world.choose("space1")).send);
    world.settle(2s);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("*Support* was chosen already"));
    CHECK(world.genie.asked.size() == 1);
    world.genie.hang = false;
    world.settle(5min);
}

TEST_CASE("nobody is asked to choose what was chosen in another process", "[lanes]") {
    Waiting world;
    const storage::Lease held = world.choose_elsewhere();
    world.waiting.state = TurnState::delivered;
    REQUIRE(*world.now(world.storage->finish(held, world.waiting, {}, soon())));
    REQUIRE(world.now(world.storage->set_conversation(world.waiting.thread, "space2", "Support", soon())));
    world.deliver(world.reply("and last week?", "100.2", "100.1"));
    world.settle();
    CHECK(world.slack.ephemerals.empty());
    CHECK(world.turn("100.2", "100.1").state == TurnState::delivered);
}

TEST_CASE("recovery leaves a question alone that still waits for its choice", "[lanes]") {
    Waiting world;
    world.recover(5min);
    CHECK(world.turn("100.1").state == TurnState::awaiting_space);
    CHECK(world.turn("100.1").attempts == world.waiting.attempts);
    CHECK(world.slack.messages.size() == 1);
}

}  // namespace lanes_test
