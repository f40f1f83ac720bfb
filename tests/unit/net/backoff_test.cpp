#include "core/net/backoff.hpp"

#include "tests/catch.hpp"

namespace backoff_test {

using namespace genie_slack;
using namespace std::chrono_literals;

TEST_CASE("waits double up to the cap and keep within their jitter", "[backoff]") {
    Random random(42);
    net::BackoffLimits limits;
    limits.first = 1s;
    limits.cap = 10s;
    limits.floor_share = 0.1;
    for (int round = 0; round < 200; ++round) {
        net::Backoff backoff(limits);
        for (const Duration step :
             {Duration(1s), Duration(2s), Duration(4s), Duration(8s), Duration(10s), Duration(10s)}) {
            const Duration wait = backoff.next(random);
            CHECK(wait >= step / 10);
            CHECK(wait <= step);
        }
        CHECK(backoff.failures() == 6);
    }
}

TEST_CASE("a wait is spread over its whole range", "[backoff]") {
    Random random(7);
    net::BackoffLimits limits;
    limits.first = 100s;
    limits.cap = 100s;
    Duration least = 1000s;
    Duration most = 0s;
    for (int i = 0; i < 1000; ++i) {
        net::Backoff backoff(limits);
        const Duration wait = backoff.next(random);
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    CHECK(least < 15s);
    CHECK(most > 95s);
}

TEST_CASE("a server's Retry-After is the least wait", "[backoff]") {
    Random random(1);
    net::Backoff backoff;
    CHECK(backoff.next(random, 30s) == 30s);
    CHECK(backoff.next(random, 1ns) > 1ns);
}

TEST_CASE("success starts the steps again", "[backoff]") {
    Random random(1);
    net::Backoff backoff;
    for (int i = 0; i < 100000; ++i)
        CHECK(backoff.next(random) <= 60s);
    backoff.reset();
    CHECK(backoff.failures() == 0);
    CHECK(backoff.next(random) <= 1s);
}

}  // namespace backoff_test
