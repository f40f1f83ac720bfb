// Live progress as a stream with task cards, and what happens where that is not to be had.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace live_progress_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

relay::RunnerOptions with_streams() {
    relay::RunnerOptions options = World::runner_options();
    options.streaming = true;
    options.question_time = 900s;
    return options;
}

struct StreamWorld : World {
    StreamWorld() : World({}, {}, with_streams()) {
        runner.introduce(relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"});
    }
};

TEST_CASE("progress streams as task cards, and its message becomes the answer", "[stream]") {
    StreamWorld world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(3s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.streaming.size() == 1);
    const std::string cards = world.shown(world.slack.messages[0]);
    CHECK_THAT(cards, test::contains("\"title\":\"Asking Genie…\",\"status\":\"in_progress\""));
    CHECK_THAT(cards, test::contains("\"title\":\"Asking Genie…\",\"status\":\"complete\""));
    CHECK_THAT(cards, test::contains("Running the query"));
    CHECK_THAT(cards, test::contains(answer::kStopAction));
    world.settle();
    CHECK(world.slack.streaming.empty());
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    CHECK(world.slack.messages[0].content.metadata_type == "genie_slack_turn");
}

// Whether anything that only a question at work shows stands in a message.
bool shows_work(const World& world, const test::FakeSlackApi::Message& message) {
    const std::string shown = world.shown(message);
    return shown.find(answer::kStopAction) != std::string::npos || shown.find("in_progress") != std::string::npos;
}

TEST_CASE("where streams stay above what follows, the end of a question stands alone, and nothing streams after it",
          "[stream]") {
    StreamWorld world;
    world.slack.keeps_streamed = true;
    std::string end = "Answer to: revenue?";
    SECTION("an answer") {
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
    }
    SECTION("an answer after the stream was over") {
        world.genie.answer_time = 600s;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(700s);
        world.genie.answer_time = 4s;
    }
    SECTION("a stop") {
        world.genie.hang = true;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(5s);
        REQUIRE(shows_work(world, world.slack.messages.at(0)));
        auto stop = world.press(world.slack.messages[0].ts, "100.1", answer::kStopAction, world.turn("100.1").id);
        std::get<slack::BlockActions>(stop).user = "U1";
        world.deliver(stop);
        world.settle();
        world.genie.hang = false;
        end = "Stopped";
    }
    SECTION("a failure") {
        world.genie.hang = true;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(1000s);
        world.genie.hang = false;
        end = "took too long";
    }
    CHECK(world.slack.streaming.empty());
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains(end));
    CHECK_FALSE(shows_work(world, world.slack.messages[0]));
    CHECK(world.turn("100.1").progress_ts == world.slack.messages[0].ts);
    CHECK(world.slack.removed.size() == 1);
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.slack.stream_starts == 1);
    REQUIRE(world.slack.messages.size() == 2);
    CHECK_THAT(world.shown(world.slack.messages[1]), test::contains("Answer to: cost?"));
    CHECK_FALSE(shows_work(world, world.slack.messages[1]));
}

TEST_CASE("a stream names the team of the person, which may be a sister of ours", "[stream]") {
    StreamWorld world;
    world.slack.users["U1"].team = "T3";
    world.slack.users["U1"].enterprise = "E1";
    world.gate.introduce("T1", "E1");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(3s);
    CHECK(world.slack.stream_teams == std::vector<std::string>{"T3"});
    world.settle();
}

TEST_CASE("a message of progress is not updated with what it shows already", "[stream]") {
    World world;
    world.genie.answer_time = 20s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].updates > 1);
    CHECK(world.slack.empty_updates == 0);
}

TEST_CASE("a stream ends before Slack would end it, and its message is updated from then on", "[stream]") {
    StreamWorld world;
    world.genie.answer_time = 600s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(230s);
    CHECK(world.slack.streaming.empty());
    world.settle(60s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].updates > 0);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("min"));
    world.settle(600s);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

// A question whose answer stands after 8 seconds, and whose stream begins `after` its start, of which Slack did not
// tell.
void answer_before_stream(World& world, Duration after) {
    world.slack.stream_errors.emplace_back(slack::ApiFault::ambiguous, "chat.startStream", "timeout");
    world.slack.ambiguous_streams_arrive_after = after;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(8s);
    REQUIRE(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("a stream that began late, after nobody said so, does not stay beside the answer", "[stream]") {
    // The answer is there after 21 seconds.
    for (const Duration after : {Duration(0ms), Duration(500ms), Duration(4s), Duration(22s), Duration(35s)}) {
        INFO("after " << std::chrono::duration_cast<std::chrono::milliseconds>(after).count() << " ms");
        StreamWorld world;
        world.genie.answer_time = 20s;
        world.slack.stream_errors.emplace_back(slack::ApiFault::ambiguous, "chat.startStream", "timeout");
        world.slack.ambiguous_streams_arrive_after = after;
        world.deliver(world.question("revenue?", "100.1"));
        world.settle(2min);
        CHECK(world.slack.stream_starts == 1);
        CHECK(world.slack.streaming.empty());
        REQUIRE(world.slack.messages.size() == 1);
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
        CHECK(world.turn("100.1").progress_ts == world.slack.messages[0].ts);
    }
}

TEST_CASE("what a question of the thread streams now is not taken for what an earlier one's start left", "[stream]") {
    StreamWorld world;
    answer_before_stream(world, 10s);
    world.genie.answer_time = 25s;
    world.deliver(world.question("and cost?", "101.1", "100.1"));
    world.settle(20s);
    const storage::Turn next = world.newest("100.1");
    REQUIRE(next.state == TurnState::asked);
    CHECK(world.slack.streaming.contains(next.progress_ts));
    world.settle(2min);
    CHECK(world.slack.streaming.empty());
    CHECK(world.slack.messages.size() == 2);
    REQUIRE(world.slack.find(next.progress_ts));
    CHECK_THAT(world.shown(*world.slack.find(next.progress_ts)), test::contains("Answer to: and cost?"));
}

TEST_CASE("looking for late streams leaves room to look for answers", "[stream]") {
    StreamWorld world;
    answer_before_stream(world, 6s);
    world.slack.rooms["conversations.replies"] = 0.4;
    const int looks = world.slack.replies_calls;
    world.settle(30s);
    CHECK(world.slack.replies_calls == looks);
    CHECK(world.slack.streaming.size() == 1);
    world.slack.rooms.clear();
    world.settle(2min);
    CHECK(world.slack.streaming.empty());
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a process that ends looks a last time for what Slack began too late", "[stream]") {
    StreamWorld world;
    answer_before_stream(world, 6s);
    REQUIRE(world.slack.messages.size() == 2);
    test::run(world.time, world.context, world.relay.stop(Deadline::after(20s)));
    CHECK(world.slack.streaming.empty());
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a workspace without streams gets a message at once, and is not asked again for a while", "[stream]") {
    StreamWorld world;
    world.slack.stream_errors.emplace_back(slack::ApiFault::not_permitted, "chat.startStream", "unknown_method");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.slack.stream_starts == 1);
    CHECK(world.slack.messages.size() == 2);
    CHECK(world.turn("200.1").state == TurnState::delivered);
}

TEST_CASE("a stream that is refused for one person is offered to the others", "[stream]") {
    StreamWorld world;
    world.slack.stream_errors.emplace_back(slack::ApiFault::payload, "chat.startStream", "team_not_found");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.slack.stream_starts == 1);
    slack::Event other = world.question("profit?", "300.1");
    std::get<slack::MessageEvent>(other.body).user = "U2";
    world.deliver(other);
    world.settle();
    CHECK(world.slack.stream_starts == 2);
    CHECK(world.slack.messages.size() == 3);
}

TEST_CASE("a stream whose content is refused says nothing about the next one", "[stream]") {
    StreamWorld world;
    world.slack.stream_errors.emplace_back(slack::ApiFault::payload, "chat.startStream", "msg_too_long");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.slack.stream_starts == 2);
}

TEST_CASE("a stream in a thread that is gone puts no message into the channel", "[stream]") {
    StreamWorld world;
    world.genie.hang = true;
    const char* const code = GENERATE("thread_not_found", "invalid_thread_ts");
    world.slack.stream_errors.emplace_back(slack::ApiFault::not_permitted, "chat.startStream", code);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.in_thread("C1", "").empty());
    CHECK(world.slack.in_thread("C1", "100.1").empty());
    CHECK(world.turn("100.1").failure == "deleted");
    world.deliver(world.question("cost?", "200.1"));
    world.settle(3s);
    CHECK(world.slack.stream_starts == 2);
    world.settle(1000s);
}

TEST_CASE("a stream whose start nobody knows about is found again, and becomes the answer", "[stream]") {
    StreamWorld world;
    const bool was_asked_by_button = GENERATE(false, true);
    INFO("asked by a button: " << was_asked_by_button);
    if (was_asked_by_button) {
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
    }
    const std::size_t before = world.slack.messages.size();
    REQUIRE(before == (was_asked_by_button ? 1 : 0));
    world.genie.hang = true;
    if (was_asked_by_button)
        world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::numbered(answer::kFollowUpAction, 0),
                                  "revenue by month?"));
    else
        world.deliver(world.question("revenue by month?", "100.1"));
    world.settle(3s);
    // As if the process had died right after the start, before it could record the message.
    REQUIRE(world.slack.messages.size() == before + 1);
    const std::string streamed = world.slack.messages.back().ts;
    storage::Turn turn = world.newest("100.1");
    turn.progress_ts.clear();
    REQUIRE(turn.origin == (was_asked_by_button ? storage::Origin::follow_up : storage::Origin::mention));
    REQUIRE(turn.message_ts == (was_asked_by_button ? world.slack.messages[0].ts : "100.1"));
    relay::Refusals refusals;
    relay::Messenger messenger(world.slack, refusals);
    messenger.introduce("BBOT");
    std::vector<answer::Rendered> ladder(1);
    ladder[0].text = "the answer";
    auto put = test::run(world.time, world.context, messenger.replace(turn, ladder, Deadline::after(30s)));
    REQUIRE(put);
    CHECK(put->ts == streamed);
    CHECK(world.slack.messages.size() == before + 1);
    CHECK(world.slack.messages.back().content.text == "the answer");
    // Words that stand in no message of a person are said with their answer.
    const bool says_words = world.shown(world.slack.messages.back()).find("revenue by month?") != std::string::npos;
    CHECK(says_words == was_asked_by_button);
    CHECK(world.slack.streaming.empty());
    world.settle(1000s);  // until the question, which hangs, is over
}

TEST_CASE("Stop in Slack's own stream stops the question", "[stream]") {
    StreamWorld world;
    world.genie.hang = true;
    world.slack.append_errors.emplace_back(slack::ApiFault::streaming, "chat.appendStream", "stopped_by_user");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(30s);
    CHECK(world.turn("100.1").failure == "stopped");
}

TEST_CASE("Slack's own Stop, pressed by somebody else, ends the stream and not the question", "[stream][stop]") {
    StreamWorld world;
    const bool event_is_first = GENERATE(true, false);
    INFO("event first: " << event_is_first);
    slack::AgentSessionStopped stopped;
    stopped.user = "U2";
    stopped.channel = "C1";
    stopped.thread_ts = "100.1";
    if (!event_is_first)
        world.slack.append_errors.emplace_back(slack::ApiFault::streaming, "chat.appendStream", "stopped_by_user");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(event_is_first ? 500ms : 1500ms);
    if (event_is_first)
        world.slack.append_errors.emplace_back(slack::ApiFault::streaming, "chat.appendStream", "stopped_by_user");
    world.deliver(world.event_of(stopped));
    world.settle();
    CHECK(world.slack.append_errors.empty());
    CHECK(world.turn("100.1").state == TurnState::delivered);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0] ==
          std::pair<std::string, std::string>("U2", "Only <@U1>, who asked this question, can stop it."));
}

TEST_CASE("where a stream would find no room a status is the sign, and one post is the answer", "[stream]") {
    StreamWorld world;
    const char* const method = GENERATE("chat.startStream", "chat.stopStream", "chat.update");
    world.slack.rooms[method] = 0;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    REQUIRE_FALSE(world.slack.statuses.empty());
    CHECK(world.slack.statuses[0].channel == "C1");
    CHECK(world.slack.statuses[0].thread_ts == "100.1");
    CHECK(world.slack.statuses[0].status == "Asking Genie…");
    CHECK(world.slack.messages.empty());
    world.settle();
    CHECK(world.slack.stream_starts == 0);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].updates == 0);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    CHECK_THAT(world.slack.statuses.back().status, test::contains("Running the query"));
    CHECK(world.turn("100.1").state == TurnState::delivered);
}

TEST_CASE("a status tells of progress only while no first sign is under way", "[stream]") {
    StreamWorld world;
    world.slack.rooms["chat.startStream"] = 0;
    world.genie.answer_time = 30s;
    world.slack.slow_status = "200.1";
    world.deliver(world.question("revenue?", "100.1"));
    world.deliver(world.question("cost?", "200.1"));
    world.settle(7s);
    CHECK(world.slack.statuses.size() == 2);
    world.settle(10s);
    const auto in_first = [](const auto& status) { return status.thread_ts == "100.1"; };
    const auto last = std::find_if(world.slack.statuses.rbegin(), world.slack.statuses.rend(), in_first);
    REQUIRE(last != world.slack.statuses.rend());
    CHECK_THAT(last->status, test::contains("Running the query"));
    world.settle();
}

TEST_CASE("a channel without statuses gets a message, and is not asked again for a while", "[stream]") {
    StreamWorld world;
    world.slack.rooms["chat.startStream"] = 0;
    world.slack.status_errors.emplace_back(slack::ApiFault::not_permitted, "assistant.threads.setStatus",
                                           "unknown_method");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    CHECK(world.slack.messages.size() == 1);
    world.settle();
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    CHECK(world.slack.statuses.empty());
    CHECK(world.slack.messages.size() == 2);
}

TEST_CASE("without room for any sign the question is asked and answered all the same", "[stream]") {
    StreamWorld world;
    for (const char* method : {"chat.startStream", "assistant.threads.setStatus", "chat.postMessage"})
        world.slack.rooms[method] = 0;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.statuses.empty());
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
}

TEST_CASE("Genie is asked while the first sign is on its way, and the answer becomes of that sign", "[stream]") {
    StreamWorld world;
    world.slack.post_time = GENERATE(Duration(100ms), Duration(2s), Duration(8s));
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    CHECK(world.genie.asked.size() == 1);
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    CHECK(world.turn("100.1").progress_ts == world.slack.messages[0].ts);
}

TEST_CASE("a question that is deleted leaves no status behind", "[stream]") {
    StreamWorld world;
    world.slack.rooms["chat.startStream"] = 0;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    slack::MessageDeleted deleted;
    deleted.channel = "C1";
    deleted.deleted_ts = "100.1";
    deleted.user = "U1";
    world.deliver(world.event_of(deleted, "EvDeleted"));
    world.settle(30s);
    REQUIRE_FALSE(world.slack.statuses.empty());
    CHECK(world.slack.statuses.back().status.empty());
    CHECK(world.slack.messages.empty());
    world.settle(1000s);
}

}  // namespace live_progress_test
