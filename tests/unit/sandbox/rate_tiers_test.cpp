// The local Slack's rate limits, in invented time.
#include "sandbox/slack/rate_tiers.hpp"
#include "tests/catch.hpp"

namespace rate_tiers_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
using namespace std::chrono_literals;

const TimePoint kStart(1000s);

// How many calls go at once.
int burst(RateTiers& tiers, std::string_view method, std::string_view channel, TimePoint now) {
    int count = 0;
    while (count < 10'000 && !tiers.take(method, channel, now))
        ++count;
    return count;
}

TEST_CASE("each method allows its tier's minute at once, then its rate", "[rates]") {
    const std::pair<const char*, int> expected[] = {{"chat.startStream", 20},
                                                    {"chat.stopStream", 20},
                                                    {"chat.update", 50},
                                                    {"conversations.replies", 50},
                                                    {"users.info", 100},
                                                    {"chat.appendStream", 100},
                                                    {"assistant.threads.setStatus", 600}};
    RateTiers tiers(1);
    for (const auto& [method, per_minute] : expected) {
        INFO(method);
        CHECK(burst(tiers, method, "C1", kStart) == per_minute);
        CHECK(burst(tiers, method, "C2", kStart) == 0);
        CHECK(burst(tiers, method, "C1", kStart + 6s) == per_minute / 10);
        CHECK(burst(tiers, method, "C1", kStart + 10min) == per_minute);
    }
}

TEST_CASE("posts are limited per channel, and for the workspace as a whole", "[rates]") {
    RateTiers tiers(1);
    CHECK(burst(tiers, "chat.postMessage", "C0", kStart) == 10);
    CHECK(burst(tiers, "chat.postMessage", "C1", kStart) == 10);
    CHECK(burst(tiers, "chat.postMessage", "C0", kStart + 3s) == 3);
    int posted = 0;
    for (int i = 0; i < 200; ++i)
        posted += burst(tiers, "chat.postMessage", "many-" + std::to_string(i), kStart + 1h);
    CHECK(posted == 600);
}

TEST_CASE("Retry-After is what it takes until the next call may go, in whole seconds", "[rates]") {
    RateTiers tiers(1);
    burst(tiers, "chat.startStream", "C1", kStart);
    CHECK(tiers.take("chat.startStream", "C1", kStart) == 3);
    CHECK(tiers.take("chat.startStream", "C1", kStart + 2500ms) == 1);
    // What was refused has cost nothing.
    CHECK_FALSE(tiers.take("chat.startStream", "C1", kStart + 3s));
}

TEST_CASE("a share makes the limits tighter, none lifts them", "[rates]") {
    RateTiers half(0.5);
    CHECK(burst(half, "chat.update", "C1", kStart) == 25);
    CHECK(burst(half, "chat.postMessage", "C1", kStart) == 5);
    RateTiers lifted(0);
    CHECK(burst(lifted, "chat.update", "C1", kStart) == 10'000);
}

}  // namespace rate_tiers_test
