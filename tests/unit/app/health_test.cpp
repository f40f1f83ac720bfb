#include "app/ops/health.hpp"

#include "tests/catch.hpp"

namespace health_test {

using namespace genie_slack;

TEST_CASE("readiness tells which part is missing and nothing about how to reach it", "[health]") {
    CHECK(ops::readiness_body({}) == R"({"ready":true})");
    const std::string body = ops::readiness_body(
        {{"storage", "database: connection to 10.1.2.3, port 5432 failed: role \"bot\""}, {"slack", "xapp refused"}});
    CHECK_THAT(body, test::contains(R"("part":"storage")"));
    CHECK_THAT(body, test::contains(R"("part":"slack")"));
    for (const char* hidden : {"10.1.2.3", "5432", "bot", "xapp"})
        CHECK(body.find(hidden) == std::string::npos);
}

}  // namespace health_test
