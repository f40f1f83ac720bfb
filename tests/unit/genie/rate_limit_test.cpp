#include "genie/rate_limit.hpp"

#include "core/random.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <vector>

namespace rate_limit_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;

const TimePoint kStart = TimePoint(std::chrono::hours(1000));

QuestionLimiter fixed(int per_minute) {
    RateLimitOptions options;
    options.per_minute = per_minute;
    return QuestionLimiter(options);
}

// One question that asks at `now`: whether it may go.
bool ask(QuestionLimiter& limiter, TimePoint now) {
    const auto ticket = limiter.enter();
    if (limiter.take(ticket, now))
        return true;
    limiter.leave(ticket);
    return false;
}

// How many of many questions may go in the minute from `from`.
int asked_in_a_minute(QuestionLimiter& limiter, TimePoint from) {
    int count = 0;
    for (Duration at{}; at < 60s; at += 100ms)
        while (count < 1000 && ask(limiter, from + at))
            ++count;
    return count;
}

TEST_CASE("without a limit every question goes at once", "[genie][rate]") {
    QuestionLimiter limiter;
    for (int i = 0; i < 100; ++i)
        CHECK(ask(limiter, kStart));
    CHECK_FALSE(limiter.rate(kStart));
}

TEST_CASE("a fixed rate holds in every minute, however questions arrive", "[genie][rate]") {
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
        Random random(seed);
        QuestionLimiter limiter = fixed(5);
        std::vector<TimePoint> gone;
        TimePoint now = kStart;
        for (int i = 0; i < 2000; ++i) {
            now += std::chrono::milliseconds(random.between(0, 8000));
            if (ask(limiter, now))
                gone.push_back(now);
        }
        REQUIRE(gone.size() > 100);
        for (std::size_t i = 5; i < gone.size(); ++i)
            CHECK(gone[i] - gone[i - 5] >= 60s);
    }
}

TEST_CASE("the queue tells who is ahead and how long it takes", "[genie][rate]") {
    QuestionLimiter limiter = fixed(2);
    CHECK(ask(limiter, kStart));
    CHECK(ask(limiter, kStart + 20s));
    const TimePoint now = kStart + 30s;
    std::vector<QuestionLimiter::Ticket> tickets;
    for (int i = 0; i < 6; ++i)
        tickets.push_back(limiter.enter());
    const std::vector<Duration> waits = {30s, 50s, 90s, 110s, 150s, 170s};
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        const auto position = limiter.position(tickets[i], now);
        REQUIRE(position);
        CHECK(position->ahead == i);
        CHECK(position->expected_wait == waits[i]);
        CHECK(position->go_at == now + waits[i]);
    }
    CHECK(limiter.waiting() == 6);
}

TEST_CASE("questions go in order, each at the time that it was told", "[genie][rate]") {
    QuestionLimiter limiter = fixed(3);
    std::vector<QuestionLimiter::Ticket> tickets;
    std::vector<TimePoint> told;
    for (int i = 0; i < 10; ++i) {
        tickets.push_back(limiter.enter());
        told.push_back(limiter.position(tickets.back(), kStart)->go_at);
    }
    CHECK_FALSE(limiter.take(tickets[1], kStart));
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        if (i > 0 && told[i] > told[i - 1])
            CHECK_FALSE(limiter.take(tickets[i], told[i] - 1ns));
        CHECK(limiter.take(tickets[i], told[i]));
        CHECK_FALSE(limiter.position(tickets[i], told[i]));
    }
}

TEST_CASE("who gives up makes room", "[genie][rate]") {
    QuestionLimiter limiter = fixed(1);
    CHECK(ask(limiter, kStart));
    const auto first = limiter.enter();
    const auto second = limiter.enter();
    CHECK(limiter.position(second, kStart)->expected_wait == 2min);
    limiter.leave(first);
    CHECK(limiter.position(second, kStart)->ahead == 0);
    CHECK(limiter.position(second, kStart)->expected_wait == 1min);
    CHECK(limiter.take(second, kStart + 1min));
}

TEST_CASE("after a 429 nothing goes before Retry-After is over", "[genie][rate]") {
    for (const int per_minute : {0, 100}) {
        QuestionLimiter limiter = fixed(per_minute);
        CHECK(ask(limiter, kStart));
        limiter.on_rate_limited(kStart, Duration(30s));
        CHECK_FALSE(ask(limiter, kStart + 29s));
        const auto ticket = limiter.enter();
        CHECK(limiter.position(ticket, kStart + 10s)->go_at >= kStart + 30s);
        limiter.leave(ticket);
        CHECK(ask(limiter, kStart + 60s));
    }
}

TEST_CASE("a question that is refused as the only one teaches no rate", "[genie][rate]") {
    QuestionLimiter limiter;
    for (int i = 0; i < 3; ++i) {
        const TimePoint now = kStart + i * 10s;
        REQUIRE(ask(limiter, now));
        limiter.on_rate_limited(now, Duration(10s));
        CHECK_FALSE(limiter.rate(now));
        CHECK_FALSE(ask(limiter, now + 9s));
    }
    CHECK(ask(limiter, kStart + 30s));
    CHECK(ask(limiter, kStart + 31s));
}

TEST_CASE("a fixed rate learns nothing", "[genie][rate]") {
    QuestionLimiter limiter = fixed(7);
    limiter.on_rate_limited(kStart, std::nullopt);
    CHECK(limiter.rate(kStart) == 7);
}

TEST_CASE("an absurd Retry-After does not stop questions for ever", "[genie][rate]") {
    QuestionLimiter limiter = fixed(7);
    limiter.on_rate_limited(kStart, Duration(24h * 365));
    CHECK(ask(limiter, kStart + 10min));
}

TEST_CASE("a 429 teaches the rate that went well, and it is forgotten slowly", "[genie][rate]") {
    QuestionLimiter limiter;
    for (int i = 0; i < 6; ++i)
        CHECK(ask(limiter, kStart + i * 1s));
    const TimePoint refused = kStart + 6s;
    limiter.on_rate_limited(refused, std::nullopt);
    CHECK(limiter.rate(refused) == 5);
    CHECK(limiter.rate(refused + 5min) == 5);
    CHECK(limiter.rate(refused + 6min) == 6);
    CHECK(limiter.rate(refused + 9min) == 10);
    int before = 0;
    for (int minute = 0; minute < 30; ++minute) {
        const auto rate = limiter.rate(refused + minute * 1min);
        REQUIRE(rate);
        CHECK(*rate >= before);
        before = *rate;
    }
    CHECK_FALSE(limiter.rate(refused + 30min));
    CHECK(asked_in_a_minute(limiter, refused + 2min) == 5);
}

TEST_CASE("several 429s at once are one lesson, later ones lower the rate further", "[genie][rate]") {
    QuestionLimiter limiter;
    for (int i = 0; i < 21; ++i)
        CHECK(ask(limiter, kStart));
    limiter.on_rate_limited(kStart, std::nullopt);
    limiter.on_rate_limited(kStart + 1s, std::nullopt);
    limiter.on_rate_limited(kStart + 5s, std::nullopt);
    CHECK(limiter.rate(kStart + 5s) == 20);
    // Much is asked again, and refused again.
    CHECK(asked_in_a_minute(limiter, kStart + 70s) == 20);
    limiter.on_rate_limited(kStart + 129s, std::nullopt);
    CHECK(limiter.rate(kStart + 129s) == 15);
    for (int i = 0; i < 20; ++i)
        limiter.on_rate_limited(kStart + 200s + i * 1min, std::nullopt);
    CHECK(limiter.rate(kStart + 200s + 19min) == 1);
}

TEST_CASE("a question always gets its turn in the end", "[genie][rate]") {
    // Against a server that takes three a minute and answers 429 without a word about when.
    QuestionLimiter limiter;
    std::vector<TimePoint> accepted;
    TimePoint now = kStart;
    int refused = 0;
    for (int question = 0; question < 60; ++question) {
        const auto ticket = limiter.enter();
        while (!limiter.take(ticket, now))
            now = std::max(now + 1ms, limiter.position(ticket, now)->go_at);
        const auto in_window =
            std::count_if(accepted.begin(), accepted.end(), [&](TimePoint at) { return at > now - 60s; });
        if (in_window >= 3) {
            ++refused;
            limiter.on_rate_limited(now, std::nullopt);
        } else {
            accepted.push_back(now);
        }
        now += 1s;
    }
    CHECK(accepted.size() >= 45);
    CHECK(refused <= 15);
    CHECK(now - kStart < 40min);
}

}  // namespace rate_limit_test
