#include "core/metrics.hpp"

#include "tests/catch.hpp"

namespace metrics_test {

using namespace genie_slack;
using namespace std::chrono_literals;

TEST_CASE("a series shows what it is and what was counted for each of its labels", "[metrics]") {
    static const metrics::Counter kCalls("test_calls_total", "Calls, counted.", {"method", "result"});
    static const metrics::Gauge kOpen("test_open", "Open ones.");
    kCalls.add({"chat.update", "ok"});
    kCalls.add({"chat.update", "ok"});
    kCalls.add({"chat.update", "rate"}, 3);
    kOpen.set(4);
    kOpen.add(-1);
    const std::string text = metrics::text();
    for (const char* line :
         {"# HELP test_calls_total Calls, counted.\n", "# TYPE test_calls_total counter\n",
          "test_calls_total{method=\"chat.update\",result=\"ok\"} 2\n",
          "test_calls_total{method=\"chat.update\",result=\"rate\"} 3\n", "# TYPE test_open gauge\n", "test_open 3\n"})
        CHECK_THAT(text, test::contains(line));
}

TEST_CASE("a series that nobody counted yet is described already, and zero when it has no labels", "[metrics]") {
    static const metrics::Counter kLabelled("test_never_total", "Never counted.", {"why"});
    static const metrics::Counter kPlain("test_zero_total", "Not counted yet.");
    const std::string text = metrics::text();
    CHECK_THAT(text, test::contains("# TYPE test_never_total counter\n"));
    CHECK(text.find("\ntest_never_total{") == std::string::npos);
    CHECK_THAT(text, test::contains("\ntest_zero_total 0\n"));
}

TEST_CASE("a duration is observed in seconds", "[metrics]") {
    static const metrics::Histogram kTimes("test_seconds", "Times.", metrics::short_times(), {"what"});
    kTimes.observe(300ms, {"a"});
    kTimes.observe(7s, {"a"});
    const std::string text = metrics::text();
    for (const char* line :
         {"test_seconds_bucket{what=\"a\",le=\"0.25\"} 0\n", "test_seconds_bucket{what=\"a\",le=\"0.5\"} 1\n",
          "test_seconds_bucket{what=\"a\",le=\"+Inf\"} 2\n", "test_seconds_count{what=\"a\"} 2\n",
          "test_seconds_sum{what=\"a\"} 7.3"})
        CHECK_THAT(text, test::contains(line));
}

TEST_CASE("what a label says cannot break a line", "[metrics]") {
    static const metrics::Counter kOdd("test_odd_total", "Odd values.", {"value"});
    kOdd.add({"a\"b\\c\nd"});
    CHECK_THAT(metrics::text(), test::contains("test_odd_total{value=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST_CASE("a total that is counted elsewhere never goes back", "[metrics]") {
    static const metrics::Counter kTotal("test_elsewhere_total", "Counted elsewhere.");
    kTotal.set_total(5);
    kTotal.set_total(3);
    CHECK_THAT(metrics::text(), test::contains("\ntest_elsewhere_total 5\n"));
    kTotal.set_total(6);
    CHECK_THAT(metrics::text(), test::contains("\ntest_elsewhere_total 6\n"));
}

}  // namespace metrics_test
