// What happens to a question whose process, lease or luck went away (promise 1 of the design).
#include "core/metrics.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/parse.hpp>

namespace recovery_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::TurnRunner;
using storage::TurnState;
using test::World;

relay::RelayOptions durable() {
    relay::RelayOptions options;
    options.hand_over = true;
    return options;
}

// A question that another process accepted and claimed, as that process left it.
struct Left {
    explicit Left(World& world_, const std::string& channel = "C1") : world(world_) {
        turn.thread = storage::ThreadKey("T1", channel, "100.1");
        if (channel.front() == 'D')
            turn.audience = storage::Audience::direct_message;
        turn.question_ts = "100.1";
        turn.id = storage::turn_id(turn.thread, turn.question_ts);
        turn.user = "U1";
        turn.question = "revenue?";
        turn.space_id = "space1";
        turn.received_at = wall_now();
        run(world.storage->accept(turn, "", relay::question_rows(turn), soon()));
        claim();
    }
    static Deadline soon() { return Deadline::after(1min); }
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(world.time, world.context, std::move(task));
    }
    void claim(Duration lease_time = 20s) {
        auto claimed = run(world.storage->claim(turn.id, "other", lease_time, soon()));
        REQUIRE((claimed && *claimed));
        lease = (*claimed)->lease;
        turn = (*claimed)->turn;
    }
    void record(TurnState state) {
        turn.state = state;
        REQUIRE(*run(world.storage->advance(lease, turn, {}, soon())));
    }
    void die() { run(world.storage->renew(lease, Duration::zero(), soon())); }
    void ask_genie() {
        turn.asked_at = wall_now();
        auto asked = run(world.genie.start_conversation("space1", "revenue?", soon()));
        REQUIRE(asked);
    }
    void post(const std::string& text, const std::string& channel = "C1") {
        slack::OutgoingMessage message(channel, text);
        message.thread_ts = channel == "C1" ? "100.1" : "";
        message.metadata_type = "genie_slack_turn";
        message.metadata_payload["turn"] = turn.id;
        run(world.slack.post_message(message, soon()));
    }

    World& world;
    storage::Turn turn;
    storage::Lease lease;
};

TEST_CASE("a first sign that nobody recorded is found, not posted twice", "[recovery]") {
    World world;
    Left left(world);
    left.post("Asking Genie…");
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

// Only a new message takes a status away by itself.
TEST_CASE("a status goes when what a dead process posted becomes the answer", "[recovery]") {
    World world;
    Left left(world);
    left.post("Asking Genie…");
    // Its own one, or that of a process that died after the one that posted.
    const bool is_left = GENERATE(false, true);
    INFO("left: " << is_left);
    if (is_left)
        left.run(world.slack.set_status("C1", "100.1", "Preparing the answer…", Left::soon()));
    else
        world.slack.rooms["chat.update"] = 0;
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    REQUIRE_FALSE(world.slack.statuses.empty());
    CHECK(world.slack.statuses.back().status == "");
}

TEST_CASE("a first sign that nobody recorded goes with a question that was deleted or edited since", "[recovery]") {
    World world;
    world.runner.introduce(relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"});
    Left left(world);
    const bool is_stream = GENERATE(false, true);
    const bool is_deleted = GENERATE(false, true);
    INFO("stream: " << is_stream << ", deleted: " << is_deleted);
    if (is_stream) {
        slack::StreamStart stream;
        stream.channel = "C1";
        stream.thread_ts = "100.1";
        left.run(world.slack.start_stream(stream, Left::soon()));
    } else {
        left.post("Asking Genie…");
    }
    REQUIRE(world.slack.messages.size() == 1);
    left.run(world.storage->request_stop(left.turn.id, is_deleted ? "deleted" : "edited", Left::soon()));
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.turn("100.1").state == TurnState::failed);
    CHECK(world.slack.messages.empty());
}

TEST_CASE("a dead process's stream goes where it would stay above the answer", "[recovery]") {
    World world;
    world.slack.keeps_streamed = true;
    world.runner.introduce(relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"});
    Left left(world);
    const bool is_recorded = GENERATE(false, true);
    const bool had_moved = GENERATE(false, true);
    INFO("recorded: " << is_recorded << ", moved: " << had_moved);
    slack::StreamStart stream;
    stream.channel = "C1";
    stream.thread_ts = "100.1";
    stream.chunks = boost::json::parse(R"([{"type":"task_update","id":"t1","title":"Asking","status":"in_progress"},
        {"type":"blocks","blocks":[{"type":"actions","elements":[{"type":"button","action_id":"stop_turn"}]}]}])")
                        .as_array();
    auto started = left.run(world.slack.start_stream(stream, Left::soon()));
    REQUIRE(started);
    if (is_recorded)
        left.turn.progress_ts = started->ts;
    left.ask_genie();
    left.record(TurnState::asking);
    // The process died after it had posted the answer anew, before it had recorded where.
    if (had_moved) {
        slack::StreamStop stop;
        stop.channel = "C1";
        stop.ts = started->ts;
        stop.metadata_type = "genie_slack_turn";
        stop.metadata_payload["turn"] = left.turn.id;
        left.run(world.slack.stop_stream(stop, Left::soon()));
        left.post("Answer to: revenue?");
    }
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    world.settle();
    CHECK(world.slack.streaming.empty());
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("Answer to: revenue?"));
    CHECK_THAT(shown, !test::contains("stop_turn") && !test::contains("in_progress"));
    CHECK(world.turn("100.1").progress_ts == world.slack.messages[0].ts);
}

TEST_CASE("a first sign at the root of a direct message goes with its question as well", "[recovery]") {
    World world;
    Left left(world);
    left.turn.audience = storage::Audience::person;
    left.turn.answer_channel = "D1";
    left.record(TurnState::received);
    slack::OutgoingMessage sign("D1", "Asking Genie…");
    sign.metadata_type = "genie_slack_turn";
    sign.metadata_payload["turn"] = left.turn.id;
    left.run(world.slack.post_message(sign, Left::soon()));
    left.run(world.storage->request_stop(left.turn.id, "deleted", Left::soon()));
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.slack.messages.empty());
}

TEST_CASE("a first sign that nobody recorded goes with a question that is refused since", "[recovery]") {
    World world;
    Left left(world);
    const bool is_private = GENERATE(false, true);
    INFO("private: " << is_private);
    if (is_private) {
        left.turn.audience = storage::Audience::person;
        left.record(TurnState::received);
    }
    left.post("Asking Genie…", is_private ? "D-U1" : "C1");
    left.die();
    world.slack.channels["C1"].is_ext_shared = true;
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.turn("100.1").failure == "refused:shared_channel");
    CHECK(world.slack.messages.empty());
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("Slack's sign of work that a dead process left in a direct message goes with its question", "[recovery]") {
    World world;
    Left left(world, "D1");
    left.run(world.slack.set_session_status("D1", "100.1", "processing", "", Left::soon()));
    left.run(world.storage->request_stop(left.turn.id, "U1", Left::soon()));
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.slack.sessions.back() == "D1/100.1 active");
}

TEST_CASE("a status that a dead process left goes with a question that was deleted since", "[recovery]") {
    World world;
    Left left(world);
    left.run(world.slack.set_status("C1", "100.1", "Asking Genie…", Left::soon()));
    left.run(world.storage->request_stop(left.turn.id, "deleted", Left::soon()));
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.slack.statuses.back().status == "");
}

TEST_CASE("a reply without a mention is recorded when it is acknowledged", "[recovery]") {
    World world({}, durable());
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.deliver(world.reply("and by month?", "100.2", "100.1")).send);
    CHECK(world.turn("100.2", "100.1").question == "and by month?");
    world.settle();
}

TEST_CASE("a question that reached Genie before its process died is not asked again", "[recovery]") {
    World world;
    Left left(world);
    left.ask_genie();
    left.record(TurnState::asking);
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.turn("100.1").message_id == world.genie.asked[0].id);
}

TEST_CASE("the same question of another thread is not taken for this one", "[recovery]") {
    World world;
    world.deliver(world.question("revenue?", "200.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    Left left(world);
    left.turn.asked_at = wall_now();
    left.record(TurnState::asking);
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.turn("100.1").conversation_id != world.turn("200.1").conversation_id);
}

TEST_CASE("a question that another process works on is left to it until its lease is over", "[recovery]") {
    World world;
    Left left(world);
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::held_elsewhere);
    CHECK(world.slack.messages.empty());

    // A later question of the thread waits as well, and both are answered in their order when the other one died.
    world.deliver(world.reply("and costs?", "100.2", "100.1"));
    world.settle(10s);
    CHECK(world.genie.asked.empty());
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    // Soon after the lease, whatever the later one waits for.
    world.settle(40s);
    tasks.cancel();
    left.run(tasks.join(left.soon()));
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[0].content == "revenue?");
    CHECK(world.genie.asked[1].content == "and costs?");
}

TEST_CASE("a process that lost its lease neither posts nor asks", "[recovery]") {
    World world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    REQUIRE(world.slack.messages.size() == 1);
    const auto shown = world.shown(world.slack.messages[0]);
    // It slept: its lease ran out, and somebody else finished the question.
    const storage::Turn before = world.turn("100.1");
    storage::Lease lease;
    lease.turn_id = before.id;
    for (lease.token = 1; lease.token < 10; ++lease.token)
        test::run(world.time, world.context, world.storage->renew(lease, Duration::zero(), Deadline::after(1min)));
    auto taken =
        test::run(world.time, world.context, world.storage->claim(before.id, "other", 1h, Deadline::after(1min)));
    REQUIRE((taken && *taken));
    world.genie.hang = false;
    world.settle(10min);
    CHECK(world.slack.messages.size() == 1);
    CHECK(world.shown(world.slack.messages[0]) == shown);
    CHECK(world.turn("100.1").state == before.state);
}

TEST_CASE("shutdown gives running questions back where storage outlives the process", "[recovery]") {
    World world({}, durable());
    world.genie.hang = true;
    world.deliver(world.question("slow", "100.1"));
    world.settle(1s);
    const TimePoint start = Clock::now();
    test::run(world.time, world.context, world.relay.stop(Deadline::after(13s)));
    CHECK(Clock::now() - start < 5s);
    const storage::Turn turn = world.turn("100.1");
    CHECK(turn.state == TurnState::asked);
    CHECK(turn.tries == 0);
    auto next = test::run(world.time, world.context, world.storage->claim(turn.id, "next", 20s, Deadline::after(1min)));
    CHECK((next && *next));
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a question that cannot be handed over keeps no other one", "[recovery]") {
    World world({}, durable());
    world.genie.hang = true;
    world.deliver(world.question("slow", "100.1"));
    world.deliver(world.question("slow too", "200.1"));
    world.settle(1s);
    world.storage->break_off("release", 1);
    test::run(world.time, world.context, world.relay.stop(Deadline::after(13s)));
    int free = 0;
    for (const char* ts : {"100.1", "200.1"}) {
        const storage::Turn turn = world.turn(ts);
        auto next =
            test::run(world.time, world.context, world.storage->claim(turn.id, "next", 20s, Deadline::after(1min)));
        REQUIRE(next);
        free += *next ? 1 : 0;
    }
    CHECK(free == 1);
}

TEST_CASE("a look for questions that breaks off is not the last one", "[recovery]") {
    World world;
    Left first(world);
    Left second(world, "C2");
    first.die();
    second.die();
    SECTION("while storage is asked for them") {
        world.storage->break_off("recoverable", 2);
    }
    SECTION("at a question that cannot be read") {
        world.storage->break_off("get_turn", 1);
    }
    SECTION("while the database is swept") {
        world.storage->break_off("sweep", 1);
    }
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.settle(1min);
    const std::size_t left = tasks.size();
    tasks.cancel();
    first.run(tasks.join(Left::soon()));
    CHECK(left == 1);
    CHECK(tasks.size() == 0);
    CHECK(world.genie.asked.size() == 2);
    for (const std::string& id : {first.turn.id, second.turn.id}) {
        auto turn = first.run(world.storage->get_turn(id, Left::soon()));
        REQUIRE((turn && *turn));
        CHECK((*turn)->state == TurnState::delivered);
    }
}

TEST_CASE("a question that was recorded when nobody waited for it any more is answered", "[recovery]") {
    World world;
    world.storage->heard = storage::Hearing::live;
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.settle(1min);
    world.storage->fail("accept", 1);
    const slack::Event event = world.question("revenue?", "100.1");
    CHECK_FALSE(world.deliver(event).send);
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.question_ts = "100.1";
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = "U1";
    turn.question = "revenue?";
    turn.received_at = wall_now();
    const auto record_late = [&] {
        auto accept = world.storage->accept(turn, event.event_id, relay::question_rows(turn), Left::soon());
        return test::run(world.time, world.context, std::move(accept)).has_value();
    };
    SECTION("after a while") {
        world.settle(1min);
        REQUIRE(record_late());
        world.settle(30s);
    }
    SECTION("long after, and Slack delivers it once more") {
        world.settle(1h);
        REQUIRE(record_late());
        world.settle(1min);
        CHECK(world.genie.asked.empty());
        CHECK(world.deliver(event).send);
        world.settle(10s);
    }
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Left::soon()));
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("a question that meets the same defect three times ends with a message", "[recovery]") {
    World world;
    world.genie.defects = 100;
    world.deliver(world.question("revenue?", "100.1"));
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.settle(5min);
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Deadline::after(1min)));
    CHECK(world.genie.defects == 97);
    CHECK(world.turn("100.1").state == TurnState::failed);
    CHECK(world.turn("100.1").failure == "internal");
    CHECK_THAT(metrics::text(), test::contains("genie_slack_dead_letters_total{what=\"turn\"} "));
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Something went wrong on my side"));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a defect that passes costs a few seconds and nothing else", "[recovery]") {
    World world;
    world.genie.defects = 2;
    world.deliver(world.question("revenue?", "100.1"));
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.settle(1min);
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Deadline::after(1min)));
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a question at whose point process after process died ends with a message", "[recovery]") {
    World world;
    Left left(world);
    for (int i = 0; i < 24; ++i) {
        left.die();
        left.claim();
    }
    left.die();
    CHECK(left.run(world.runner.run(left.turn.id)) == TurnRunner::End::finished);
    CHECK(world.turn("100.1").state == TurnState::failed);
    CHECK(world.genie.asked.empty());
}

TEST_CASE("a storage that is away at any call for a moment costs no thread its conversation", "[relay][recovery]") {
    for (const std::string method : {"get_conversation", "set_conversation", "update_conversation_id", "advance",
                                     "finish", "get_default_space", "take_permit", "asked_messages"}) {
        for (const bool at_first : {true, false}) {
            INFO(method << (at_first ? " at the first question" : " at the second one"));
            World world;
            if (at_first)
                world.storage->fail(method, 3);
            world.deliver(world.question("revenue?", "100.1"));
            world.settle(2min);
            if (!at_first)
                world.storage->fail(method, 3);
            world.deliver(world.question("and by region?", "100.2", "100.1"));
            world.settle(2min);
            CHECK(world.turn("100.1").state == TurnState::delivered);
            CHECK(world.turn("100.2", "100.1").state == TurnState::delivered);
            CHECK(world.genie.asked.size() == 2);
            CHECK(world.genie.started.size() == 1);
        }
    }
}

}  // namespace recovery_test
