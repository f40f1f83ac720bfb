// Which call may go when, in invented time.
#include "slack/api/call_budget.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

namespace call_budget_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
using Kind = CallBudget::Pass::Kind;
using Ticket = CallBudget::Ticket;

const TimePoint kStart(1000s);
const TimePoint kLate(99'999s);

struct Budget : CallBudget {
    Ticket wants(const ApiMethod& method, Urgency urgency, TimePoint now = kStart, const std::string& channel = "C1") {
        return enter(method, channel, urgency, now, kLate);
    }
    bool goes(const ApiMethod& method, Urgency urgency, TimePoint now = kStart, const std::string& channel = "C1") {
        const Ticket ticket = wants(method, urgency, now, channel);
        const bool gone = ask(ticket, now).kind == Kind::go;
        leave(ticket);
        return gone;
    }
    int go_at_once(const ApiMethod& method, Urgency urgency, TimePoint now = kStart,
                   const std::string& channel = "C1") {
        int count = 0;
        while (count < 2'000 && goes(method, urgency, now, channel))
            ++count;
        return count;
    }
    void use_up(const ApiMethod& method, TimePoint now = kStart) { go_at_once(method, Urgency::answer, now); }
};

TEST_CASE("a method's minute goes at once, then it is as fast as Slack allows", "[budget]") {
    Budget budget;
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer) == 50);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 1199ms) == 0);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 12s) == 10);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 1h) == 50);
    CHECK(budget.go_at_once(methods::kDelete, Urgency::tidying) == 50);
}

TEST_CASE("posts have a pace for each channel", "[budget]") {
    Budget budget;
    CHECK(budget.go_at_once(methods::kPostMessage, Urgency::answer) == 10);
    CHECK(budget.go_at_once(methods::kPostMessage, Urgency::answer, kStart, "C2") == 10);
    CHECK(budget.go_at_once(methods::kPostMessage, Urgency::answer, kStart + 3s) == 3);
}

TEST_CASE("exactly as many go as there are tokens, the most urgent first, then the first that came", "[budget]") {
    Budget budget;
    budget.use_up(methods::kUpdate);
    const Ticket tidying = budget.wants(methods::kUpdate, Urgency::tidying);
    const Ticket click = budget.wants(methods::kUpdate, Urgency::click);
    const Ticket first = budget.wants(methods::kUpdate, Urgency::answer);
    const Ticket second = budget.wants(methods::kUpdate, Urgency::answer);
    std::vector<Ticket> left = {tidying, click, first, second};
    std::vector<Ticket> gone;
    for (TimePoint now = kStart; gone.size() < 4 && now < kStart + 1min; now += 100ms) {
        int at_once = 0;
        for (const Ticket ticket : std::vector<Ticket>(left))
            if (budget.ask(ticket, now).kind == Kind::go) {
                gone.push_back(ticket);
                std::erase(left, ticket);
                ++at_once;
            }
        CHECK(at_once <= 1);
    }
    CHECK(gone == std::vector<Ticket>{first, second, click, tidying});
    CHECK(budget.counts()[Urgency::answer].waited == 2);
    CHECK(budget.counts()[Urgency::tidying].longest_wait >= 4800ms);
    CHECK(budget.waiting() == 0);
}

TEST_CASE("each waiter knows when its pass comes, and earlier when somebody leaves", "[budget]") {
    Budget budget;
    budget.use_up(methods::kUpdate);
    const Ticket first = budget.wants(methods::kUpdate, Urgency::answer);
    const Ticket second = budget.wants(methods::kUpdate, Urgency::answer);
    CHECK(budget.ask(first, kStart).at == kStart + 1200ms);
    CHECK(budget.ask(second, kStart).at == kStart + 2400ms);
    CHECK(budget.leave(first));
    CHECK_FALSE(budget.leave(first));
    CHECK(budget.ask(second, kStart).at == kStart + 1200ms);
}

TEST_CASE("signs and progress go at once or not at all, a look-up waits for a moment", "[budget]") {
    Budget budget;
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::progress) == 22);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer) == 28);
    CHECK(budget.ask(budget.wants(methods::kUpdate, Urgency::sign), kStart).kind == Kind::refused);
    budget.use_up(methods::kConversationInfo);
    const Ticket refused = budget.wants(methods::kConversationInfo, Urgency::courtesy);
    CHECK(budget.ask(refused, kStart).kind == Kind::refused);
    budget.use_up(methods::kUserInfo);
    const Ticket waits = budget.wants(methods::kUserInfo, Urgency::courtesy);
    CHECK(budget.ask(waits, kStart).kind == Kind::wait);
    CHECK(budget.ask(waits, kStart + 600ms).kind == Kind::go);
    CHECK(budget.counts()[Urgency::courtesy].not_sent == 1);
}

TEST_CASE("what can be done without uses half of a budget at most, however long it goes on", "[budget]") {
    Budget budget;
    int gone = 0;
    for (TimePoint now = kStart; now < kStart + 10min; now += 100ms)
        if (budget.may_spare(methods::kAppendStream, now))
            gone += budget.goes(methods::kAppendStream, Urgency::progress, now) ? 1 : 0;
    CHECK(gone >= 460);
    CHECK(gone <= 500);
}

TEST_CASE("of streams, instead of which there are other signs, half as many begin as Slack allows", "[budget]") {
    Budget budget;
    CHECK(budget.go_at_once(methods::kStartStream, Urgency::sign) == 9);
    CHECK_FALSE(budget.may_spare(methods::kStartStream, kStart));
    CHECK(budget.may_spare(methods::kStartStream, kStart + 10s));
    CHECK(budget.go_at_once(methods::kSetStatus, Urgency::sign) == 600);
}

TEST_CASE("what others use of a budget is not there for what can be done without", "[budget]") {
    Budget budget;
    int answers = 0;
    int progress = 0;
    for (TimePoint now = kStart; now < kStart + 10min; now += 2s) {
        answers += budget.goes(methods::kUpdate, Urgency::answer, now) ? 1 : 0;
        progress += budget.goes(methods::kUpdate, Urgency::progress, now) ? 1 : 0;
    }
    CHECK(answers == 300);
    CHECK(progress < 30);
    CHECK_FALSE(budget.may_spare(methods::kUpdate, kStart + 10min));
    // A minute later nothing of it is held against anybody.
    CHECK(budget.may_spare(methods::kUpdate, kStart + 11min));
}

TEST_CASE("a call whose pass comes after its deadline is refused at once, and takes nothing", "[budget]") {
    Budget budget;
    budget.use_up(methods::kStopStream);
    const Ticket late = budget.enter(methods::kStopStream, "", Urgency::answer, kStart, kStart + 2s);
    const auto pass = budget.ask(late, kStart);
    CHECK(pass.kind == Kind::refused);
    CHECK(pass.at == kStart + 3s);
    CHECK(budget.goes(methods::kStopStream, Urgency::answer, kStart + 3s));
}

TEST_CASE("a 429 empties the bucket of its method, and one goes when Slack says", "[budget]") {
    Budget budget;
    CHECK(budget.refused(methods::kUpdate, "", Duration(30s), kStart) == 30s);
    CHECK(budget.refused(methods::kUpdate, "", Duration(5s), kStart) == 5s);
    CHECK(budget.room(methods::kUpdate, "", kStart + 29s) == 0);
    CHECK(budget.ready_at(methods::kUpdate, "", kStart) == kStart + 30s);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 29s) == 0);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 30s) == 1);
    CHECK(budget.go_at_once(methods::kUpdate, Urgency::answer, kStart + 42s) == 10);
    CHECK(budget.room(methods::kDelete, "", kStart) == 1);
    CHECK(budget.counts().refused == 2);
}

TEST_CASE("a refused call comes back before those that came later", "[budget]") {
    Budget budget;
    const Ticket refused = budget.wants(methods::kUpdate, Urgency::answer);
    CHECK(budget.ask(refused, kStart).kind == Kind::go);
    budget.refused(methods::kUpdate, "", Duration(3s), kStart);
    const Ticket later = budget.wants(methods::kUpdate, Urgency::answer);
    CHECK(budget.enter(methods::kUpdate, "", Urgency::answer, kStart, kLate, refused) == refused);
    CHECK(budget.ask(later, kStart + 3s).kind == Kind::wait);
    CHECK(budget.ask(refused, kStart + 3s).kind == Kind::go);
}

TEST_CASE("a refused post speaks for its channel, two channels speak for the workspace", "[budget]") {
    Budget budget;
    budget.refused(methods::kPostMessage, "C1", Duration(5s), kStart);
    CHECK_FALSE(budget.goes(methods::kPostMessage, Urgency::answer, kStart, "C1"));
    CHECK(budget.goes(methods::kPostMessage, Urgency::answer, kStart, "C2"));
    budget.refused(methods::kPostMessage, "C2", Duration(5s), kStart + 1s);
    CHECK_FALSE(budget.goes(methods::kPostMessage, Urgency::answer, kStart + 1s, "C3"));
    // Many channels wait then, and they share what the workspace allows.
    int gone = 0;
    for (int i = 3; i < 60; ++i)
        gone += budget.goes(methods::kPostMessage, Urgency::answer, kStart + 6s, "C" + std::to_string(i)) ? 1 : 0;
    CHECK(gone == 1);
}

TEST_CASE("who waits for a channel is in no other channel's way", "[budget]") {
    Budget budget;
    budget.refused(methods::kPostMessage, "C1", Duration(1s), kStart);
    budget.refused(methods::kPostMessage, "C2", Duration(1s), kStart);
    budget.refused(methods::kPostMessage, "C1", Duration(1min), kStart);
    for (int i = 0; i < 20; ++i) {
        const Ticket waits = budget.wants(methods::kPostMessage, Urgency::answer, kStart, "C1");
        CHECK(budget.ask(waits, kStart).kind == Kind::wait);
    }
    CHECK(budget.goes(methods::kPostMessage, Urgency::answer, kStart + 61s, "C3"));
}

TEST_CASE("a refusal that names no time is waited for a second, doubled in a row", "[budget]") {
    Budget budget;
    TimePoint now = kStart;
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        CHECK(budget.refused(methods::kUpdate, "", std::nullopt, now) == wait);
        // One that was on its way at the same time counts as the same refusal.
        CHECK(budget.refused(methods::kUpdate, "", std::nullopt, now) == wait);
        CHECK(budget.ready_at(methods::kUpdate, "", now) == now + wait);
        now += wait;
    }
    budget.accepted(methods::kUpdate);
    CHECK(budget.refused(methods::kUpdate, "", std::nullopt, now) == 1s);
}

TEST_CASE("channels that were quiet for long are forgotten", "[budget]") {
    Budget budget;
    for (int i = 0; i < 5'000; ++i)
        budget.goes(methods::kPostMessage, Urgency::answer, kStart + i * 1s, "C" + std::to_string(i));
    CHECK(budget.buckets() <= 1'001);
}

}  // namespace call_budget_test
