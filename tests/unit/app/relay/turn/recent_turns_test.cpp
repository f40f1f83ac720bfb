#include "app/relay/turn/recent_turns.hpp"

#include "tests/catch.hpp"

namespace recent_turns_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::RecentTurns;

const TimePoint kStart = TimePoint(1000h);

TEST_CASE("a period's questions are counted with their times and failures", "[recent]") {
    RecentTurns recent;
    CHECK(recent.summary(kStart, 1h) == RecentTurns::Summary());
    for (int i = 1; i <= 10; ++i)
        recent.add(kStart + i * 1min, i * 1s, i > 8);
    const auto hour = recent.summary(kStart + 11min, 1h);
    CHECK(hour.ended == 10);
    CHECK(hour.failed == 2);
    CHECK(hour.median == 5s);
    CHECK(hour.p90 == 9s);
    const auto later = recent.summary(kStart + 69min, 1h);
    CHECK(later.ended == 1);
    CHECK(later.median == 10s);
    CHECK(recent.summary(kStart + 69min, 24h).ended == 10);
}

TEST_CASE("a day is told hour by hour", "[recent]") {
    RecentTurns recent;
    recent.add(kStart, 3s, false);
    recent.add(kStart + 22h + 59min, 1s, false);
    recent.add(kStart + 23h, 1s, true);
    recent.add(kStart + 23h + 30min, 5s, false);
    const auto hours = recent.by_hour(kStart + 23h + 59min);
    CHECK(hours.front().ended == 1);
    CHECK(hours.front().median == 3s);
    CHECK(hours[22].ended == 1);
    CHECK(hours[23].ended == 2);
    CHECK(hours[23].failed == 1);
    std::size_t all = 0;
    for (const auto& hour : hours)
        all += hour.ended;
    CHECK(all == 4);
}

TEST_CASE("what ended more than a day ago is forgotten, and so are the oldest of very many", "[recent]") {
    RecentTurns recent;
    recent.add(kStart, 1s, false);
    recent.add(kStart + 25h, 1s, false);
    CHECK(recent.summary(kStart + 25h, 100h).ended == 1);
    for (int i = 0; i < 20'000; ++i)
        recent.add(kStart + 25h, 1s, false);
    CHECK(recent.summary(kStart + 25h, 1h).ended == 10'000);
}

}  // namespace recent_turns_test
