#include "slack/api/pacing.hpp"

#include "tests/catch.hpp"

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;

namespace pacing_test {
const TimePoint kStart(1000s);
const TimePoint kLate(9999s);
}  // namespace pacing_test
using namespace pacing_test;

TEST_CASE("a channel takes a burst, then one post per interval", "[pacing]") {
    ChannelPacer pacer(3, 1s);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart + 1s);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart + 2s);
    CHECK(pacer.reserve("C2", kStart, kLate) == kStart);
    CHECK(pacer.reserve("C1", kStart + 10s, kLate) == kStart + 10s);
    CHECK(pacer.reserve("C1", kStart + 10s, kLate) == kStart + 10s);
}

TEST_CASE("a post that would come too late takes no place", "[pacing]") {
    ChannelPacer pacer(1, 1s);
    CHECK(pacer.reserve("C1", kStart, kLate) == kStart);
    CHECK_FALSE(pacer.reserve("C1", kStart, kStart + 500ms).has_value());
    CHECK(pacer.next("C1", kStart) == kStart + 1s);
    CHECK(pacer.reserve("C1", kStart, kStart + 1s) == kStart + 1s);
}

TEST_CASE("quiet channels are forgotten", "[pacing]") {
    ChannelPacer pacer(1, 1s);
    for (int i = 0; i < 5000; ++i)
        pacer.reserve("C" + std::to_string(i), kStart + i * 1s, kLate);
    CHECK(pacer.size() <= 1000);
}

TEST_CASE("a pause stops one method and is never shortened", "[pacing]") {
    MethodPauses pauses;
    CHECK(pauses.ready_at("chat.update", kStart) == kStart);
    CHECK(pauses.refused("chat.update", 30s, kStart) == 30s);
    CHECK(pauses.refused("chat.update", 5s, kStart) == 5s);
    CHECK(pauses.ready_at("chat.update", kStart) == kStart + 30s);
    CHECK(pauses.ready_at("chat.update", kStart + 31s) == kStart + 31s);
    CHECK(pauses.ready_at("chat.postMessage", kStart) == kStart);
}

TEST_CASE("a refusal that names no time is waited for a second, doubled in a row", "[pacing]") {
    MethodPauses pauses;
    TimePoint now = kStart;
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        CHECK(pauses.refused("chat.update", std::nullopt, now) == wait);
        // One that was on its way at the same time counts as the same refusal.
        CHECK(pauses.refused("chat.update", std::nullopt, now) == wait);
        CHECK(pauses.ready_at("chat.update", now) == now + wait);
        now += wait;
    }
    pauses.not_refused("chat.update");
    CHECK(pauses.refused("chat.update", std::nullopt, now) == 1s);
}
