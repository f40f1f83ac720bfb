#include "app/relay/delivery/sign_choice.hpp"
#include "tests/catch.hpp"

namespace sign_choice_test {

using genie_slack::relay::choose_sign;
using genie_slack::relay::Sign;
using genie_slack::relay::SignFacts;

SignFacts thread(bool may_stream) {
    SignFacts facts;
    facts.may_stream = may_stream;
    facts.may_set_status = true;
    return facts;
}

TEST_CASE("a quiet workspace gets a stream, or a message where there are no streams", "[sign]") {
    CHECK(choose_sign(thread(true)) == Sign::stream);
    CHECK(choose_sign(thread(false)) == Sign::message);
}

TEST_CASE("whatever a stream or a message would need later and hardly gets makes the sign a status", "[sign]") {
    for (double SignFacts::* budget : {&SignFacts::start_stream, &SignFacts::stop_stream, &SignFacts::update}) {
        SignFacts facts = thread(true);
        facts.*budget = 0;
        CHECK(choose_sign(facts) == Sign::status);
    }
    for (double SignFacts::* budget : {&SignFacts::post, &SignFacts::update}) {
        SignFacts facts = thread(false);
        facts.*budget = 0.4;
        CHECK(choose_sign(facts) == Sign::status);
    }
}

TEST_CASE("where no status can be shown a message is the sign as long as one may be posted", "[sign]") {
    SignFacts facts;
    facts.update = 0;
    facts.post = 0.1;
    CHECK(choose_sign(facts) == Sign::message);
    facts.post = 0;
    CHECK(choose_sign(facts) == Sign::nothing);
    SignFacts busy = thread(true);
    busy.start_stream = busy.status = 0;
    CHECK(choose_sign(busy) == Sign::message);
}

}  // namespace sign_choice_test
