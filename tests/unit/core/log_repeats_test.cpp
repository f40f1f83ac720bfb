#include "core/log_repeats.hpp"

#include "tests/catch.hpp"

namespace log_repeats_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using log::Level;
using log::Repeats;

const TimePoint kStart = TimePoint(1000s);

int admitted(Repeats& repeats, int times, const log::Fields& fields, TimePoint now) {
    int count = 0;
    for (int i = 0; i < times; ++i)
        count += repeats.admit(Level::warn, "slack.api_error", fields, now) ? 1 : 0;
    return count;
}

TEST_CASE("a burst of equal lines becomes ten, and one with the number of the others at the end of the minute",
          "[log]") {
    Repeats repeats;
    for (int i = 0; i < 5700; ++i) {
        const log::Fields fields{{"method", "chat.update"}, {"code", "ratelimited"}, {"request_id", i}};
        CHECK(repeats.admit(Level::warn, "slack.api_error", fields, kStart + i * 1ms) == (i < 10));
    }
    CHECK(repeats.ended(kStart + 59s).empty());
    const auto lines = repeats.ended(kStart + 60s);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].level == Level::warn);
    CHECK(log::format_text(lines[0].event, lines[0].fields) ==
          "slack.api_error method=chat.update code=ratelimited repeated=5690");
    // Then a new minute begins.
    CHECK(repeats.ended(kStart + 200s).empty());
    CHECK(admitted(repeats, 12, {{"method", "chat.update"}, {"code", "ratelimited"}}, kStart + 61s) == 10);
}

TEST_CASE("lines about different methods, errors, turns or levels are not equal", "[log]") {
    Repeats repeats;
    CHECK(admitted(repeats, 20, {{"method", "chat.update"}, {"code", "ratelimited"}}, kStart) == 10);
    CHECK(admitted(repeats, 20, {{"method", "chat.delete"}, {"code", "ratelimited"}}, kStart) == 10);
    CHECK(admitted(repeats, 20, {{"method", "chat.update"}, {"code", "not_in_channel"}}, kStart) == 10);
    CHECK(repeats.admit(Level::error, "slack.api_error", {{"method", "chat.update"}, {"code", "ratelimited"}}, kStart));
    for (int turn = 0; turn < 1000; ++turn)
        CHECK(repeats.admit(Level::warn, "turn.lease_lost", {{"turn", "t" + std::to_string(turn)}}, kStart));
    CHECK(repeats.take().size() == 3);
}

TEST_CASE("a value beside what a line is about does not make it another one", "[log]") {
    Repeats repeats;
    int count = 0;
    for (int i = 0; i < 30; ++i)
        count +=
            repeats.admit(Level::info, "genie.retry", {{"error", "try " + std::to_string(i)}, {"wait_ms", i}}, kStart)
                ? 1
                : 0;
    CHECK(count == 10);
    const auto lines = repeats.take();
    REQUIRE(lines.size() == 1);
    CHECK(log::format_text(lines[0].event, lines[0].fields) == "genie.retry repeated=20");
}

TEST_CASE("lines for debugging are all written", "[log]") {
    Repeats repeats;
    for (int i = 0; i < 100; ++i)
        CHECK(repeats.admit(Level::debug, "turn.step", {}, kStart));
    CHECK(repeats.take().empty());
}

TEST_CASE("so many kinds of line that they cannot be kept apart are written", "[log]") {
    Repeats repeats;
    for (int turn = 0; turn < 10'000; ++turn)
        CHECK(repeats.admit(Level::warn, "a", {{"turn", std::to_string(turn)}}, kStart));
    for (int i = 0; i < 20; ++i)
        CHECK(repeats.admit(Level::warn, "one.more", {}, kStart));
}

}  // namespace log_repeats_test
