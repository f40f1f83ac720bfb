#include "app/relay/turn/genie_failure.hpp"

#include "tests/catch.hpp"

namespace genie_failure_test {

using namespace genie_slack;

TEST_CASE("the log quotes neither values nor SQL of failed statements", "[turn]") {
    genie::GenieError failed(genie::ErrorKind::query_failed, "[CAST_INVALID_INPUT] The value 'Ana Muster' ...");
    failed.error_code = "CAST_INVALID_INPUT";
    CHECK(relay::loggable(failed) == "CAST_INVALID_INPUT");
    const genie::GenieError away(genie::ErrorKind::unavailable, "connect: timeout");
    CHECK(relay::loggable(away) == "connect: timeout");
}

}  // namespace genie_failure_test
