#include "slack/api/update_coalescer.hpp"

#include "tests/catch.hpp"

namespace update_coalescer_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;

using Offer = UpdateCoalescer::Offer;
using Kind = UpdateCoalescer::Step::Kind;

const TimePoint kStart(1000s);
const UpdateCoalescer::Key kKey("C1", "1.2");

OutgoingMessage text(std::string value) {
    return OutgoingMessage("C1", std::move(value));
}

TEST_CASE("the first update goes at once, of later ones the last wins after the interval", "[coalescer]") {
    UpdateCoalescer coalescer(3s);
    CHECK(coalescer.offer(kKey, text("one"), kStart) == Offer::start);
    CHECK(coalescer.next(kKey, kStart).message.text == "one");
    CHECK(coalescer.in_flight(kKey));
    CHECK(coalescer.offer(kKey, text("two"), kStart) == Offer::waits);
    CHECK(coalescer.offer(kKey, text("three"), kStart + 1s) == Offer::waits);
    coalescer.sent(kKey);
    CHECK_FALSE(coalescer.in_flight(kKey));

    const auto wait = coalescer.next(kKey, kStart + 1s);
    CHECK(wait.kind == Kind::wait);
    CHECK(wait.until == kStart + 3s);
    const auto send = coalescer.next(kKey, kStart + 3s);
    CHECK(send.kind == Kind::send);
    CHECK(send.message.text == "three");
    coalescer.sent(kKey);
    CHECK(coalescer.next(kKey, kStart + 3s).kind == Kind::end);
    // The next one still keeps the interval.
    CHECK(coalescer.offer(kKey, text("four"), kStart + 4s) == Offer::start);
    CHECK(coalescer.next(kKey, kStart + 4s).until == kStart + 6s);
}

TEST_CASE("an explicit update drops what waits, and what is offered meanwhile comes after it", "[coalescer]") {
    UpdateCoalescer coalescer(3s);
    coalescer.offer(kKey, text("one"), kStart);
    coalescer.next(kKey, kStart);
    coalescer.offer(kKey, text("two"), kStart);
    coalescer.claim(kKey);
    CHECK(coalescer.in_flight(kKey));
    coalescer.sent(kKey);
    CHECK(coalescer.next(kKey, kStart + 9s).kind == Kind::end);
    CHECK(coalescer.offer(kKey, text("three"), kStart) == Offer::start);
    CHECK(coalescer.offer(kKey, text("four"), kStart) == Offer::waits);
    CHECK(coalescer.next(kKey, kStart + 9s).kind == Kind::wait);
    coalescer.release(kKey, kStart + 1s);

    CHECK(coalescer.next(kKey, kStart + 1s).until == kStart + 1250ms);
    const auto step = coalescer.next(kKey, kStart + 1250ms);
    CHECK(step.kind == Kind::send);
    CHECK(step.message.text == "four");
}

TEST_CASE("a refused update is sent again unless there is a newer one or an explicit one", "[coalescer]") {
    UpdateCoalescer coalescer(1s);
    coalescer.offer(kKey, text("one"), kStart);
    auto step = coalescer.next(kKey, kStart);
    coalescer.again(kKey, step.message, kStart + 10s);
    CHECK(coalescer.next(kKey, kStart).until == kStart + 10s);
    step = coalescer.next(kKey, kStart + 10s);
    CHECK(step.message.text == "one");

    coalescer.offer(kKey, text("two"), kStart + 10s);
    coalescer.again(kKey, step.message, kStart + 20s);
    step = coalescer.next(kKey, kStart + 20s);
    CHECK(step.message.text == "two");

    coalescer.claim(kKey);
    coalescer.again(kKey, step.message, kStart + 30s);
    CHECK(coalescer.next(kKey, kStart + 40s).kind == Kind::end);
}

TEST_CASE("in a hurry the interval is ignored, the wait after a failure is not", "[coalescer]") {
    UpdateCoalescer coalescer(3s);
    coalescer.offer(kKey, text("one"), kStart);
    coalescer.next(kKey, kStart);
    coalescer.again(kKey, text("one"), kStart + 2s);
    coalescer.hurry(true);
    CHECK(coalescer.next(kKey, kStart).until == kStart + 2s);
    CHECK(coalescer.next(kKey, kStart + 2s).message.text == "one");
}

TEST_CASE("a sender that ends early leaves nothing behind", "[coalescer]") {
    UpdateCoalescer coalescer(3s);
    coalescer.offer(kKey, text("one"), kStart);
    coalescer.next(kKey, kStart);
    coalescer.stopped(kKey);
    CHECK_FALSE(coalescer.in_flight(kKey));
    CHECK(coalescer.offer(kKey, text("two"), kStart) == Offer::start);
    coalescer.all_stopped();
    CHECK(coalescer.offer(kKey, text("three"), kStart) == Offer::start);
}

TEST_CASE("messages at rest are forgotten, and the number of messages is bounded", "[coalescer]") {
    UpdateCoalescer coalescer(3s);
    for (int i = 0; i < 5000; ++i) {
        const UpdateCoalescer::Key key("C1", std::to_string(i));
        const TimePoint now = kStart + i * 1s;
        REQUIRE(coalescer.offer(key, text("x"), now) == Offer::start);
        coalescer.next(key, now);
        coalescer.sent(key);
        coalescer.next(key, now);
    }
    CHECK(coalescer.size() < 10);
    for (int i = 0; i < 1000; ++i)
        coalescer.offer(UpdateCoalescer::Key("C2", std::to_string(i)), text("x"), kStart + 9000s);
    CHECK(coalescer.offer(UpdateCoalescer::Key("C3", "1"), text("x"), kStart + 9000s) == Offer::dropped);
}

}  // namespace update_coalescer_test
