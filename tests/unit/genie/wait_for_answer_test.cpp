#include "core/race.hpp"
#include "genie/client.hpp"
#include "genie/poll_schedule.hpp"
#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace wait_for_answer_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieWorld;
using test::ScriptedHttp;

ScriptedHttp::Reply status(const std::string& name, const std::string& progress = "") {
    std::string attachments;
    if (name == "COMPLETED")
        attachments = R"({"text":{"content":"42"}})";
    if (!progress.empty())
        attachments = R"({"text":{"phase":"RESPONSE_PHASE_THINKING","content":")" + progress + R"("}})";
    return ScriptedHttp::json(R"({"message_id":"m","status":")" + name + R"(","attachments":[)" + attachments + "]}");
}

struct Waiting {
    GenieResult<Message> wait(Duration limit) {
        begin = Clock::now();
        auto on_change = [this](const Message& message) {
            changes.push_back(message.status_text + progress_text(message));
        };
        AnswerWatch watch(on_change, [this] { ++signs; });
        watch.usual = usual;
        return world.run(world.client().wait_for_answer("s", "c", "m", std::move(watch), GenieWorld::in(limit)));
    }
    std::vector<Duration> polls() const {
        std::vector<Duration> times;
        for (const auto& sent : world.http.sent())
            times.push_back(sent.at - begin);
        return times;
    }

    GenieWorld world;
    std::optional<UsualTimes> usual;
    TimePoint begin{};
    std::vector<std::string> changes;
    std::size_t signs = 0;  // polls that were answered
};

using Names = std::vector<std::string>;

TEST_CASE("polls are at least a second apart, at most two in the first minute and five in the second",
          "[genie][poll]") {
    const double jitter = GENERATE(0.0, 0.15);
    Waiting w;
    w.usual = GENERATE(std::optional<UsualTimes>(), UsualTimes(2s, 4s), UsualTimes(14s, 16s), UsualTimes(10s, 50s),
                       UsualTimes(3min, 5min));
    w.world.options.poll_jitter = jitter;
    w.world.http.always("GET", status("ASKING_AI"));
    const auto message = w.wait(10min);
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::timeout);
    CHECK_THAT(message.error().message, test::contains("ASKING_AI"));
    const auto polls = w.polls();
    REQUIRE(polls.size() > 60);
    CHECK(polls.front() == Duration::zero());
    CHECK(polls.back() >= Duration(10min - 2s));
    for (std::size_t i = 1; i < polls.size(); ++i) {
        const Duration wait = polls[i] - polls[i - 1];
        INFO(std::chrono::duration<double>(polls[i]).count() << " s");
        CHECK((wait >= 1s || i + 1 == polls.size()));
        CHECK(wait <= (polls[i] <= 60s ? 2s : polls[i] <= 120s ? 5s : 15s));
    }
}

// How many polls there are up to a moment, and how long after it the next one is, in seconds.
std::pair<std::size_t, double> polls_until(const std::vector<Duration>& polls, Duration moment) {
    const auto later = std::lower_bound(polls.begin(), polls.end(), moment);
    REQUIRE(later != polls.end());
    return {static_cast<std::size_t>(later - polls.begin()), std::chrono::duration<double>(*later - moment).count()};
}

TEST_CASE("a question of 15 s takes at most a dozen polls before it is answered", "[genie][poll]") {
    for (const auto& usual : {std::optional<UsualTimes>(), std::optional(UsualTimes(14s, 17s))}) {
        Waiting w;
        w.usual = usual;
        w.world.http.always("GET", status("ASKING_AI"));
        w.wait(10min);
        CHECK(polls_until(w.polls(), 15s).first <= 12);
    }
}

TEST_CASE("an answer that comes when answers usually come is noticed within a second", "[genie][poll]") {
    const std::chrono::seconds usual = GENERATE(3s, 6s, 10s, 15s, 20s);
    Waiting w;
    w.usual = UsualTimes(usual - 1s, usual + 3s);
    w.world.http.always("GET", status("ASKING_AI"));
    w.wait(10min);
    const auto polls = w.polls();
    double all = 0;
    int moments = 0;
    for (Duration at = usual - 1s; at < usual + 3s; at += 10ms, ++moments) {
        const double late = polls_until(polls, at).second;
        CHECK(late <= 1.2);
        all += late;
    }
    CHECK(all / moments <= 0.6);
}

TEST_CASE("what is usual are the times of eight in ten answers", "[genie][poll]") {
    std::vector<Duration> took;
    for (int i = 20; i > 0; --i) {
        took.push_back(std::chrono::seconds(i));
        if (took.size() == 7)
            CHECK_FALSE(usual_times(took));
    }
    const auto usual = usual_times(took);
    REQUIRE(usual);
    CHECK(usual->early == 2s);
    CHECK(usual->late == 19s);
}

TEST_CASE("every terminal status ends the wait, an unknown one does not", "[genie][poll]") {
    for (const char* name : {"COMPLETED", "FAILED", "CANCELLED", "QUERY_RESULT_EXPIRED"}) {
        Waiting w;
        w.world.http.once("GET", status("IN_PROGRESS"));
        w.world.http.once("GET", status(name));
        const auto message = w.wait(1min);
        REQUIRE(message);
        CHECK(message->status_text == name);
        CHECK(w.polls().size() == 2);
    }
}

TEST_CASE("changes of status and of progress are told once each", "[genie][poll]") {
    Waiting w;
    for (const char* name : {"SUBMITTED", "SUBMITTED", "ASKING_AI"})
        w.world.http.once("GET", status(name));
    w.world.http.once("GET", status("ASKING_AI", "reading"));
    w.world.http.once("GET", status("ASKING_AI", "reading"));
    for (const char* name : {"EXECUTING_QUERY", "ASKING_AI", "COMPLETED"})
        w.world.http.once("GET", status(name));
    CHECK(w.wait(10min));
    CHECK(w.changes ==
          Names{"SUBMITTED", "ASKING_AI", "ASKING_AIreading", "EXECUTING_QUERY", "ASKING_AI", "COMPLETED"});
}

TEST_CASE("failed polls do not end the wait", "[genie][poll]") {
    Waiting w;
    w.world.http.once("GET", status("ASKING_AI"));
    for (int i = 0; i < 5; ++i)
        w.world.http.once("GET", ScriptedHttp::error(503, "X", "later"));
    w.world.http.once("GET", ScriptedHttp::broken(net::NetFault::io, true));
    w.world.http.once("GET", ScriptedHttp::broken(net::NetFault::connect, false));
    w.world.http.once("GET", ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "not yet"));
    w.world.http.once("GET", ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "not yet"));
    w.world.http.once("GET", ScriptedHttp::raw(200, "{\"cut", "application/json"));
    w.world.http.once("GET", ScriptedHttp::error(403, "PERMISSION_DENIED", "for a moment"));
    w.world.http.once("GET", status("COMPLETED"));
    CHECK(w.wait(10min));
    CHECK(w.changes == Names{"ASKING_AI", "COMPLETED"});
}

TEST_CASE("a poll waits as long as Retry-After says", "[genie][poll]") {
    Waiting w;
    w.world.http.once("GET", ScriptedHttp::error(429, "RESOURCE_EXHAUSTED", "slow down", "30"));
    w.world.http.once("GET", status("COMPLETED"));
    CHECK(w.wait(10min));
    CHECK(w.polls() == std::vector<Duration>{0s, 30s});
}

TEST_CASE("a refusal that repeats three times ends the wait", "[genie][poll]") {
    const std::vector<std::pair<ScriptedHttp::Reply, GenieFault>> table = {
        {ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "gone"), GenieFault::not_found},
        {ScriptedHttp::error(403, "PERMISSION_DENIED", "no"), GenieFault::permission},
        {ScriptedHttp::raw(200, "<html></html>", "text/html"), GenieFault::configuration},
    };
    for (const auto& [reply, kind] : table) {
        Waiting w;
        w.world.http.always("GET", reply);
        const auto message = w.wait(10min);
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == kind);
        CHECK(w.polls().size() == 3);
    }
    Waiting w;
    w.world.tokens.failure = TokenError(TokenFault::refused, "no");
    const auto message = w.wait(10min);
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::auth);
    CHECK(Clock::now() - w.begin == 2s);
}

TEST_CASE("an identity provider that is away for a while does not end the wait", "[genie][poll]") {
    Waiting w;
    w.world.tokens.failure = TokenError(TokenFault::unavailable, "away");
    const auto message = w.wait(5min);
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::timeout);
    CHECK_THAT(message.error().message, test::contains("away"));
}

TEST_CASE("a hanging poll is given up and repeated", "[genie][poll]") {
    Waiting w;
    w.world.options.call_timeout = 20s;
    w.world.http.once("GET", ScriptedHttp::late(status("COMPLETED"), 1h));
    w.world.http.once("GET", status("COMPLETED"));
    CHECK(w.wait(10min));
    CHECK(w.polls() == std::vector<Duration>{0s, 21s});
}

TEST_CASE("an answer in the last moments is still seen", "[genie][poll]") {
    Waiting w;
    w.world.options.poll_schedule = {1s, 1s, 13s};
    for (int i = 0; i < 4; ++i)
        w.world.http.once("GET", status("EXECUTING_QUERY"));
    w.world.http.once("GET", status("COMPLETED"));
    // The regular fifth poll would come at 30 s, too late for its answer.
    CHECK(w.wait(30s));
    CHECK(w.polls().back() == Duration(28s));
}

TEST_CASE("a wait whose time is over polls at most once", "[genie][poll]") {
    Waiting w;
    w.world.http.always("GET", status("ASKING_AI"));
    CHECK_FALSE(w.wait(0s));
    CHECK(w.polls().empty());
}

TEST_CASE("cancelling the wait ends it", "[genie][poll]") {
    Waiting w;
    w.world.http.always("GET", status("ASKING_AI"));
    const auto message = w.world.run(
        with_deadline(w.world.client().wait_for_answer("s", "c", "m", {}, GenieWorld::in(1h)), Deadline::after(90s)));
    REQUIRE(message.has_value());
    REQUIRE_FALSE(*message);
    CHECK(message->error().fault == GenieFault::cancelled);
}

TEST_CASE("jitter makes waits longer by its share at most, and never longer than the cap", "[genie][poll]") {
    Random random(3);
    for (int i = 0; i < 200; ++i) {
        PollSchedule schedule({1s, 10s}, 15s, 0.2);
        const Duration first = schedule.next(random);
        CHECK(first >= 1s);
        CHECK(first <= 1200ms);
        const Duration second = schedule.next(random);
        CHECK(second >= 10s);
        CHECK(second <= 12s);
        const Duration third = schedule.next(random);
        CHECK(third == Duration(15s));
    }
}

TEST_CASE("a schedule without waits polls at the cap", "[genie][poll]") {
    Random random(3);
    PollSchedule schedule({}, 4s, 0);
    CHECK(schedule.next(random) == Duration(4s));
    CHECK(schedule.next(random) == Duration(4s));
}

TEST_CASE("a completed message without an answer is read again, a few times", "[genie][poll]") {
    const auto empty =
        ScriptedHttp::json(R"({"message_id":"m","status":"COMPLETED","attachments":[{"suggested_questions":{}}]})");
    Waiting w;
    SECTION("until the answer is there") {
        w.world.http.once("GET", empty);
        w.world.http.once("GET", ScriptedHttp::json("{}", 503));
        w.world.http.always("GET", status("COMPLETED"));
        const auto message = w.wait(10min);
        REQUIRE(message);
        CHECK(message->attachments.size() == 1);
        CHECK(w.polls() == std::vector<Duration>{0s, 500ms, 1500ms});
    }
    SECTION("then it is taken as it is") {
        w.world.http.always("GET", empty);
        const auto message = w.wait(10min);
        REQUIRE(message);
        CHECK(message->status == MessageStatus::completed);
        CHECK(w.polls() == std::vector<Duration>{0s, 500ms, 1500ms, 3500ms});
    }
    SECTION("and not past the deadline") {
        w.world.http.always("GET", empty);
        CHECK(w.wait(1s));
        CHECK(w.polls().size() == 2);
    }
}

}  // namespace wait_for_answer_test
