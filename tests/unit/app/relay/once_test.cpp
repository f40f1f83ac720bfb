#include "app/relay/once.hpp"

#include "tests/catch.hpp"

#include <string>

namespace once_test {

using genie_slack::relay::Once;

TEST_CASE("each comes once for the first time, until too many have come", "[once]") {
    Once<std::string> once(2);
    CHECK(once.first("a"));
    CHECK_FALSE(once.first("a"));
    CHECK(once.first("b"));
    // Full: all is forgotten, and "b" with it, which is remembered anew.
    CHECK(once.first("b"));
    CHECK_FALSE(once.first("b"));
    CHECK(once.first("a"));
}

}  // namespace once_test
