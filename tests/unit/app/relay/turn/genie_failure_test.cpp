#include "app/relay/turn/genie_failure.hpp"

#include "tests/catch.hpp"

namespace genie_failure_test {

using namespace genie_slack;

TEST_CASE("the log may quote neither values nor SQL of failed statements", "[turn]") {
    genie::GenieError failed(genie::GenieFault::query_failed, "[CAST_INVALID_INPUT] The value 'Ana Muster' ...");
    failed.error_code = "CAST_INVALID_INPUT";
    CHECK(genie::loggable(failed) == "CAST_INVALID_INPUT");
    genie::GenieError told(genie::GenieFault::unavailable, "GET /messages: HTTP 500: The value 'Ana Muster' ...");
    told.loggable = "GET /messages: HTTP 500";
    CHECK(genie::loggable(told) == "GET /messages: HTTP 500");
    const genie::GenieError away(genie::GenieFault::unavailable, "connect: timeout");
    CHECK(genie::loggable(away) == "connect: timeout");
}

}  // namespace genie_failure_test
