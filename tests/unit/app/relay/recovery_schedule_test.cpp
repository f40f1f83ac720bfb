#include "app/relay/recovery_schedule.hpp"

#include "tests/catch.hpp"

namespace recovery_schedule_test {

using namespace genie_slack;
using namespace genie_slack::relay;
using namespace std::chrono_literals;
using storage::Hearing;

const TimePoint kNow = TimePoint(100h);
constexpr Duration kInterval = 5s;

// Nothing has happened for an hour, and what begins elsewhere is told.
Outlook quiet() {
    Outlook outlook;
    outlook.hearing = Hearing::live;
    outlook.stirred_at = kNow - 1h;
    return outlook;
}

TEST_CASE("who hears of others and has nothing to do does not look again", "[recovery]") {
    CHECK(next_look(quiet(), kInterval, kNow) == TimePoint::max());
}

TEST_CASE("a storage that seems to sleep is asked once an hour", "[recovery]") {
    Outlook outlook = quiet();
    outlook.hearing = Hearing::asleep;
    CHECK(next_look(outlook, kInterval, kNow) == kNow + 1h);
}

TEST_CASE("who is not told of others looks from time to time", "[recovery]") {
    Outlook outlook = quiet();
    outlook.hearing = Hearing::none;
    CHECK(next_look(outlook, kInterval, kNow) == kNow + kInterval);
}

TEST_CASE("while anybody works, somebody looks", "[recovery]") {
    bool Outlook::* const sign =
        GENERATE(&Outlook::failed, &Outlook::found, &Outlook::is_leased, &Outlook::works, &Outlook::is_unsettled);
    Outlook outlook = quiet();
    outlook.*sign = true;
    CHECK(next_look(outlook, kInterval, kNow) == kNow + kInterval);
}

TEST_CASE("what has just begun may not be recorded yet", "[recovery]") {
    Outlook outlook = quiet();
    outlook.stirred_at = kNow - kSettleTime + 1ms;
    CHECK(next_look(outlook, kInterval, kNow) == kNow + kInterval);
    outlook.stirred_at = kNow - kSettleTime;
    CHECK(next_look(outlook, kInterval, kNow) == TimePoint::max());
}

TEST_CASE("a process whose death can be seen is watched closely", "[recovery]") {
    Outlook outlook = quiet();
    outlook.is_leased = true;
    outlook.is_watched = true;
    CHECK(next_look(outlook, kInterval, kNow) == kNow + kWatchInterval);
    CHECK(next_look(outlook, 100ms, kNow) == kNow + 100ms);
}

}  // namespace recovery_schedule_test
