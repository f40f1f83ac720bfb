#include "app/relay/turn/genie_failure.hpp"

#include "tests/catch.hpp"

namespace genie_failure_test {

using namespace genie_slack;

TEST_CASE("each error of Genie has its failure, and only what Genie says of a query is quoted", "[turn]") {
    using answer::Failure;
    using genie::GenieFault;
    struct Row {
        GenieFault fault;
        Failure failure;
        bool is_quoted = false;
    };
    const Row rows[] = {
        {GenieFault::auth, Failure::genie_auth},
        {GenieFault::permission, Failure::genie_permission},
        {GenieFault::not_found, Failure::genie_not_found},
        {GenieFault::invalid, Failure::genie_failed, true},
        {GenieFault::rate_limited, Failure::genie_rate_limited},
        {GenieFault::unavailable, Failure::genie_unreachable},
        {GenieFault::ambiguous, Failure::outcome_unknown},
        {GenieFault::result_expired, Failure::genie_failed, true},
        {GenieFault::query_failed, Failure::genie_failed, true},
        {GenieFault::timeout, Failure::genie_timeout},
        {GenieFault::configuration, Failure::genie_configuration},
        {GenieFault::cancelled, Failure::interrupted},
    };
    for (const Row& row : rows) {
        INFO(genie::to_string(row.fault));
        genie::GenieError error(row.fault, "no such column");
        error.error_code = "BAD_REQUEST";
        const answer::FailureInput told = relay::failure_of(error);
        CHECK(told.failure == row.failure);
        CHECK(told.error_type == (row.is_quoted ? "BAD_REQUEST" : ""));
        CHECK(told.error_text == (row.is_quoted ? "no such column" : ""));
    }
}

}  // namespace genie_failure_test
