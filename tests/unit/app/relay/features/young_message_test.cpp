#include "app/relay/features/young_message.hpp"

#include "tests/catch.hpp"

namespace young_message_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::is_younger_than;

const WallTime kNow = WallTime(1'767'225'600s);

TEST_CASE("a message is as old as the seconds of its ts say", "[young message]") {
    CHECK(is_younger_than("1767225600.000100", 10s, kNow));
    CHECK(is_younger_than("1767225591.000100", 10s, kNow));
    CHECK_FALSE(is_younger_than("1767225590.000100", 10s, kNow));
    CHECK_FALSE(is_younger_than("1767225589.999999", 10s, kNow));
    CHECK(is_younger_than("1767225589.999999", 12s, kNow));
    CHECK_FALSE(is_younger_than("100.1", 10s, kNow));
}

TEST_CASE("a message of a clock that goes ahead is young", "[young message]") {
    CHECK(is_younger_than("1767225660.000100", 10s, kNow));
}

TEST_CASE("what is no ts is not young", "[young message]") {
    for (const char* ts : {"", "then", ".000100", " 1767225600", "slash/1767225600.1", "99999999999999999999.1"}) {
        INFO(ts);
        CHECK_FALSE(is_younger_than(ts, 10s, kNow));
    }
}

}  // namespace young_message_test
