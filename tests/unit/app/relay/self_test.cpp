#include "app/relay/self.hpp"

#include "tests/catch.hpp"

namespace self_test {

using genie_slack::relay::message_link;

TEST_CASE("a link to a message names the thread it is a reply in", "[self]") {
    CHECK(message_link("https://acme.slack.com/", "C1", "100.1") == "https://acme.slack.com/archives/C1/p1001");
    CHECK(message_link("https://acme.slack.com", "C1", "100.1", "") == "https://acme.slack.com/archives/C1/p1001");
    CHECK(message_link("https://acme.slack.com/", "C1", "100.1", "100.1") ==
          "https://acme.slack.com/archives/C1/p1001");
    CHECK(message_link("https://acme.slack.com/", "C1", "1500.2", "100.1") ==
          "https://acme.slack.com/archives/C1/p15002?thread_ts=100.1&cid=C1");
    CHECK(message_link("", "C1", "1500.2", "100.1").empty());
    CHECK(message_link("https://acme.slack.com/", "C1", "", "100.1").empty());
}

}  // namespace self_test
