// The client when Slack or the network misbehaves.
#include "tests/catch.hpp"
#include "tests/integration/slack/web_api_fixture.hpp"

#include <algorithm>

namespace web_api_faults_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
using test::WebApiFixture;

std::size_t messages_with(WebApiFixture& slack, const std::string& text) {
    const auto all = slack.server().messages(slack.channel);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& message) { return message.text == text; }));
}

TEST_CASE("a 429 is waited for, and the message is there once", "[web_api]") {
    WebApiFixture slack;
    slack.fail("chat.postMessage", 429).retry_after = 1;
    const TimePoint start = Clock::now();
    CHECK(slack.post("hello").has_value());
    CHECK(Clock::now() - start >= 1s);
    CHECK(messages_with(slack, "hello") == 1);
}

TEST_CASE("a 429 beyond the deadline comes back at once with its time", "[web_api]") {
    WebApiFixture slack;
    slack.fail("chat.postMessage", 429).retry_after = 100;
    const auto posted = slack.run(slack.api().post_message(slack.message("hello"), Deadline::after(5s)));
    REQUIRE(posted.has_error());
    CHECK(posted.error().fault == ApiFault::rate);
    CHECK(posted.error().retry_after == std::optional<Duration>(100s));
    CHECK(messages_with(slack, "hello") == 0);
}

TEST_CASE("a post whose answer is lost is ambiguous and stands once", "[web_api]") {
    WebApiFixture slack;
    slack.fail("chat.postMessage").reset_after = true;
    const auto posted = slack.post("hello");
    REQUIRE(posted.has_error());
    CHECK(posted.error().fault == ApiFault::ambiguous);
    CHECK(messages_with(slack, "hello") == 1);
    CHECK(slack.post("next").has_value());
}

TEST_CASE("a post that is answered too late is ambiguous and stands once", "[web_api]") {
    WebApiFixture slack;
    slack.fail("chat.postMessage").delay = 3s;
    const auto posted = slack.run(slack.api().post_message(slack.message("hello"), Deadline::after(300ms)));
    REQUIRE(posted.has_error());
    CHECK(posted.error().fault == ApiFault::ambiguous);
    CHECK(posted.error().code == "timeout");
}

TEST_CASE("an update is tried again after resets and 5xx", "[web_api]") {
    WebApiFixture slack;
    const auto posted = slack.post("one");
    REQUIRE(posted.has_value());
    slack.fail("chat.update", 503);
    slack.fail("chat.update").reset_after = true;
    CHECK(slack.run(slack.api().update_message(posted->ts, slack.message("two"), slack.soon())).has_value());
    CHECK(slack.server().find_message(slack.channel, posted->ts)->text == "two");
}

TEST_CASE("a refusal carries Slack's code and class", "[web_api]") {
    WebApiFixture slack;
    slack.fail("chat.postMessage").error = "is_archived";
    const auto archived = slack.post("hello");
    REQUIRE(archived.has_error());
    CHECK(archived.error().fault == ApiFault::not_permitted);
    CHECK(archived.error().code == "is_archived");
    slack.server().faults().refused_blocks = {"divider"};
    OutgoingMessage outgoing = slack.message("hello");
    outgoing.blocks.push_back(boost::json::object{{"type", "divider"}});
    const auto refused = slack.run(slack.api().post_message(outgoing, slack.soon()));
    REQUIRE(refused.has_error());
    CHECK(refused.error().fault == ApiFault::payload);
    CHECK_FALSE(refused.error().details.empty());
}

TEST_CASE("a missing scope is named", "[web_api]") {
    sandbox::SlackOptions options;
    options.bot_scopes = {"users:read"};
    WebApiFixture slack(options);
    const auto posted = slack.post("hello");
    REQUIRE(posted.has_error());
    CHECK(posted.error().code == "missing_scope");
    CHECK(posted.error().fault == ApiFault::not_permitted);
    CHECK(posted.error().needed == "chat:write");
}

TEST_CASE("live updates are coalesced, the final one stands", "[web_api]") {
    WebApiFixture slack;
    const auto posted = slack.post("start");
    REQUIRE(posted.has_value());
    slack.fail("chat.update").delay = 300ms;
    for (int i = 0; i < 50; ++i)
        slack.api().update_coalesced(posted->ts, slack.message("step " + std::to_string(i)));
    CHECK(slack.until([&] { return slack.server().calls_of("chat.update").size() == 1; }));
    slack.api().update_coalesced(posted->ts, slack.message("one more"));
    REQUIRE(slack.run(slack.api().update_message(posted->ts, slack.message("final"), slack.soon())).has_value());
    slack.run(slack.api().flush(slack.soon()));
    CHECK(slack.server().find_message(slack.channel, posted->ts)->text == "final");
    CHECK(slack.server().calls_of("chat.update").size() <= 3);
}

TEST_CASE("flush delivers the update that waits", "[web_api]") {
    WebApiOptions options = WebApiFixture::quick();
    options.update_interval = 1h;
    WebApiFixture slack({}, options);
    const auto posted = slack.post("start");
    REQUIRE(posted.has_value());
    slack.api().update_coalesced(posted->ts, slack.message("one"));
    CHECK(slack.until([&] { return slack.server().find_message(slack.channel, posted->ts)->text == "one"; }));
    slack.api().update_coalesced(posted->ts, slack.message("two"));
    slack.run(slack.api().flush(slack.soon()));
    CHECK(slack.server().find_message(slack.channel, posted->ts)->text == "two");
}

TEST_CASE("a Slack that is not there is a transient failure in time", "[web_api]") {
    WebApiOptions options = WebApiFixture::quick();
    WebApiFixture slack({}, options);
    net::Resolver resolver(slack.context.get_executor());
    auto http = net::create_http_client(slack.context.get_executor(), net::create_tls_context(), resolver);
    options.base_url = "http://127.0.0.1:1/api/";
    options.bot_token = Secret("xoxb-x");
    auto api = create_web_api(slack.context.get_executor(), *http, options);
    const auto posted = slack.run(api->post_message(slack.message("hello"), Deadline::after(1s)));
    REQUIRE(posted.has_error());
    CHECK(posted.error().fault == ApiFault::transient);
    CHECK(posted.error().code == "connect");
}

}  // namespace web_api_faults_test
