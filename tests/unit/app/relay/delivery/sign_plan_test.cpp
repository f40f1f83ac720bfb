#include "app/relay/delivery/sign_plan.hpp"
#include "tests/catch.hpp"

#include <string>

namespace sign_plan_test {

using namespace genie_slack::relay;
using genie_slack::slack::ApiError;
using genie_slack::slack::ApiFault;
using Next = SignRefused::Next;

SignFacts thread(bool may_stream) {
    SignFacts facts;
    facts.may_stream = may_stream;
    facts.may_set_status = true;
    return facts;
}

SignPlan fresh() {
    return SignPlan(Seen::surely_not);
}

ApiError error(ApiFault fault, const std::string& code = "x") {
    return ApiError(fault, "chat.startStream", code);
}

TEST_CASE("a quiet workspace gets a stream, or a message where there are no streams", "[sign]") {
    CHECK(fresh().next(thread(true)) == Sign::stream);
    CHECK(fresh().next(thread(false)) == Sign::message);
}

TEST_CASE("whatever a stream or a message would need later and hardly gets makes the sign a status", "[sign]") {
    for (double SignFacts::* budget : {&SignFacts::start_stream, &SignFacts::stop_stream, &SignFacts::update}) {
        SignFacts facts = thread(true);
        facts.*budget = 0;
        CHECK(fresh().next(facts) == Sign::status);
    }
    for (double SignFacts::* budget : {&SignFacts::post, &SignFacts::update}) {
        SignFacts facts = thread(false);
        facts.*budget = 0.4;
        CHECK(fresh().next(facts) == Sign::status);
    }
}

TEST_CASE("a hushed turn shows its status alone, and a message only where there is no status", "[sign]") {
    for (const bool may_stream : {true, false}) {
        SignFacts facts = thread(may_stream);
        facts.is_hushed = true;
        CHECK(fresh().next(facts) == Sign::status);
        SignPlan refused = fresh();
        refused.status_refused(error(ApiFault::not_permitted));
        CHECK(refused.next(facts) != Sign::status);
        facts.may_set_status = false;
        CHECK(fresh().next(facts) == (may_stream ? Sign::stream : Sign::message));
    }
}

TEST_CASE("where no status can be shown a message is the sign as long as one may be posted", "[sign]") {
    SignFacts facts;
    facts.update = 0;
    facts.post = 0.1;
    CHECK(fresh().next(facts) == Sign::message);
    facts.post = 0;
    CHECK(fresh().next(facts) == Sign::nothing);
    SignFacts busy = thread(true);
    busy.start_stream = busy.status = 0;
    CHECK(fresh().next(busy) == Sign::message);
}

TEST_CASE("a message that may stand already is found when the answer comes: no stream begins beside it", "[sign]") {
    CHECK(SignPlan(Seen::perhaps).next(thread(true)) == Sign::status);
    CHECK(SignPlan(Seen::perhaps).next(thread(false)) == Sign::message);
}

TEST_CASE("a refused stream gives way to a status, and a refused status to a message", "[sign]") {
    for (const ApiFault fault : {ApiFault::auth, ApiFault::not_permitted, ApiFault::rate, ApiFault::payload,
                                 ApiFault::streaming, ApiFault::transient, ApiFault::ambiguous, ApiFault::expired}) {
        SignPlan plan = fresh();
        CHECK(plan.stream_refused(error(fault)).next == Next::another);
        CHECK(plan.next(thread(true)) == Sign::status);
        CHECK(plan.status_refused(error(fault)).next == Next::another);
        CHECK(plan.next(thread(true)) == Sign::message);
    }
}

TEST_CASE("behind a refused status no stream begins, whatever room there is by then", "[sign]") {
    SignPlan plan = fresh();
    CHECK(plan.status_refused(error(ApiFault::transient)).next == Next::another);
    CHECK(plan.next(thread(true)) == Sign::message);
}

TEST_CASE("where the question is gone, or the call was cancelled, no other sign follows", "[sign]") {
    for (const auto refuse : {&SignPlan::stream_refused, &SignPlan::status_refused}) {
        SignPlan plan = fresh();
        const SignRefused gone = (plan.*refuse)(error(ApiFault::not_permitted, "thread_not_found"));
        CHECK(gone.next == Next::none);
        REQUIRE(gone.told);
        CHECK(gone.told->code == kQuestionGone);
        CHECK(gone.set_aside == RefusedFor::this_one);
        const SignRefused cancelled = (plan.*refuse)(error(ApiFault::cancelled));
        CHECK(cancelled.next == Next::none);
        CHECK_FALSE(cancelled.told);
    }
}

TEST_CASE("a stream of which Slack did not tell whether it began may stand there", "[sign]") {
    SignPlan plan = fresh();
    const SignRefused refused = plan.stream_refused(error(ApiFault::ambiguous));
    REQUIRE(refused.told);
    CHECK(refused.told->fault == ApiFault::ambiguous);
    CHECK(plan.seen() == Seen::perhaps);
    CHECK(plan.is_start_unsure());
    SignPlan status = fresh();
    CHECK_FALSE(status.status_refused(error(ApiFault::ambiguous)).told);
    CHECK(status.seen() == Seen::surely_not);
    CHECK_FALSE(status.is_start_unsure());
}

TEST_CASE("what Slack refuses for a person, a channel or a workspace is not tried there again", "[sign]") {
    const auto stream = [](const char* code, ApiFault fault) {
        SignPlan plan = fresh();
        return plan.stream_refused(error(fault, code)).set_aside;
    };
    CHECK(stream("channel_type_not_supported", ApiFault::not_permitted) == RefusedFor::channel);
    CHECK(stream("missing_recipient_user_id", ApiFault::payload) == RefusedFor::person);
    CHECK(stream("feature_not_enabled", ApiFault::not_permitted) == RefusedFor::workspace);
    CHECK(stream("internal_error", ApiFault::expired) == RefusedFor::this_one);
    // Its budget knows already.
    CHECK(stream("channel_type_not_supported", ApiFault::rate) == RefusedFor::this_one);
    SignPlan plan = fresh();
    CHECK(plan.status_refused(error(ApiFault::not_permitted)).set_aside == RefusedFor::channel);
    CHECK(plan.status_refused(error(ApiFault::payload)).set_aside == RefusedFor::this_one);
}

TEST_CASE("a stream that may not grow is over, or grows later", "[sign]") {
    CHECK(SignPlan::growth_refused(error(ApiFault::rate)) == GrowthRefused::for_now);
    CHECK(SignPlan::growth_refused(error(ApiFault::streaming, "stopped_by_user")) == GrowthRefused::stopped);
    CHECK(SignPlan::growth_refused(error(ApiFault::streaming)) == GrowthRefused::ended);
    CHECK(SignPlan::growth_refused(error(ApiFault::not_permitted)) == GrowthRefused::ended);
    for (const ApiFault fault : {ApiFault::transient, ApiFault::ambiguous, ApiFault::payload, ApiFault::expired})
        CHECK(SignPlan::growth_refused(error(fault)) == GrowthRefused::once);
}

}  // namespace sign_plan_test
