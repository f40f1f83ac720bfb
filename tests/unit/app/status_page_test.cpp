#include "app/ops/status_page.hpp"

#include "tests/catch.hpp"

namespace status_page_test {

using namespace genie_slack;
using namespace std::chrono_literals;

TEST_CASE("the page tells connections, questions, times and failures", "[status]") {
    ops::Status status;
    status.version = "0.1.0";
    status.age = 26h + 5min;
    status.connections = 1;
    status.wanted_connections = 2;
    status.working = 3;
    status.waiting = 4;
    status.day = {7, 2, 12'340ms, 60s};
    const std::string page = ops::status_page(status);
    for (const char* part :
         {"1 of 2 connections to Slack", "3 questions in work, 4 waiting", "<td>ended</td><td>0</td><td>7</td>",
          "<td>of them failed</td><td>0</td><td>2</td>", "<td>median time</td><td>–</td><td>12.3 s</td>",
          "<td>nine of ten within</td><td>–</td><td>60.0 s</td>", "running for 1 d 2 h 5 min"})
        CHECK_THAT(page, test::contains(part));
    CHECK(page.find("class=\"bad\"") == std::string::npos);
    status.connections = 0;
    CHECK_THAT(ops::status_page(status), test::contains("<p class=\"bad\">0 of 2"));
}

TEST_CASE("the page loads nothing from elsewhere and runs nothing", "[status]") {
    const std::string page = ops::status_page(ops::Status());
    for (const char* part : {"<script", "http://", "https://", "src=", "@import", "onload"})
        CHECK(page.find(part) == std::string::npos);
}

TEST_CASE("the page draws the hours of the day, failures apart, and nothing of a day without questions", "[status]") {
    ops::Status status;
    CHECK_THAT(ops::status_page(status), !test::contains("<svg"));
    status.hours[23].ended = 4;
    status.hours[23].failed = 1;
    status.hours[23].median = std::chrono::seconds(6);
    status.hours[0].ended = 2;
    status.hours[0].median = std::chrono::seconds(3);
    const std::string page = ops::status_page(status);
    CHECK_THAT(page,
               test::contains("Questions by hour, at most 4") && test::contains("Median time by hour, at most 6.0 s"));
    CHECK_THAT(page, test::contains(R"(class="failed" x="460" y="60.0" width="16" height="20.0")"));
    CHECK_THAT(page, test::contains(R"(class="done" x="460" y="0.0" width="16" height="60.0")"));
    CHECK_THAT(page,
               test::contains("23 to 24 hours ago: 2, 0 failed") && test::contains("in the last hour: 4, 1 failed"));
    CHECK_THAT(page, test::contains(R"(x="0" y="40.0" width="16" height="40.0"><title>23 to 24 hours ago: 3.0 s)"));
}

}  // namespace status_page_test
