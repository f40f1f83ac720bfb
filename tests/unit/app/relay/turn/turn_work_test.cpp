#include "app/relay/turn/turn_work.hpp"

#include "tests/catch.hpp"

#include <variant>

namespace turn_work_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::Saved;
using relay::TurnEvent;
namespace ev = relay::turn_event;

template <class Event>
bool is(const TurnEvent& event) {
    return std::holds_alternative<Event>(event);
}

TEST_CASE("the machine learns how recording went", "[turn work]") {
    CHECK(is<ev::Recorded>(relay::recorded_event(Saved::yes)));
    CHECK(is<ev::LeaseLost>(relay::recorded_event(Saved::lease_lost)));
    CHECK(is<ev::NotRecorded>(relay::recorded_event(Saved::away)));
    CHECK(is<ev::NotRecorded>(relay::recorded_event(Saved::refused)));
    CHECK(is<ev::Cancelled>(relay::recorded_event(Saved::cancelled)));
}

TEST_CASE("an error of Slack comes to the machine with its fault and code", "[turn work]") {
    using slack::ApiFault;
    for (const ApiFault fault : {ApiFault::not_permitted, ApiFault::payload, ApiFault::rate, ApiFault::transient,
                                 ApiFault::ambiguous, ApiFault::streaming, ApiFault::expired}) {
        INFO(slack::to_string(fault));
        const TurnEvent event = relay::slack_failed(slack::ApiError(fault, "chat.update", "told_by_the_test"));
        REQUIRE(is<ev::SlackFailed>(event));
        CHECK(std::get<ev::SlackFailed>(event).fault == fault);
        CHECK(std::get<ev::SlackFailed>(event).code == "told_by_the_test");
    }
}

TEST_CASE("a call that was cut off, or whose token Slack refuses, says nothing about the turn", "[turn work]") {
    using slack::ApiFault;
    for (const ApiFault fault : {ApiFault::cancelled, ApiFault::auth})
        CHECK(is<ev::Cancelled>(relay::slack_failed(slack::ApiError(fault, "chat.update", "token_revoked"))));
}

TEST_CASE("an error of Genie comes to the machine whole", "[turn work]") {
    using genie::GenieFault;
    for (const GenieFault fault :
         {GenieFault::auth, GenieFault::permission, GenieFault::not_found, GenieFault::invalid,
          GenieFault::rate_limited, GenieFault::unavailable, GenieFault::ambiguous, GenieFault::result_expired,
          GenieFault::query_failed, GenieFault::timeout, GenieFault::configuration}) {
        INFO(genie::to_string(fault));
        genie::GenieError error(fault, "told by the test");
        error.error_code = "BAD_REQUEST";
        error.retry_after = 7s;
        const TurnEvent event = relay::genie_failed(error);
        REQUIRE(is<ev::GenieFailed>(event));
        const genie::GenieError& told = std::get<ev::GenieFailed>(event).error;
        CHECK(told.fault == fault);
        CHECK(told.message == "told by the test");
        CHECK(told.error_code == "BAD_REQUEST");
        CHECK(told.retry_after == std::optional<Duration>(7s));
    }
    CHECK(is<ev::Cancelled>(relay::genie_failed(genie::GenieError(GenieFault::cancelled, "cut off"))));
}

}  // namespace turn_work_test
