// The switches of slack.md 7.2 that concern the Socket Mode client; the numbers in the tags are theirs.
#include "tests/catch.hpp"
#include "tests/integration/slack/socket_mode_rig.hpp"

#include <set>

namespace genie_slack::slack::socket_mode_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;

inline sandbox::SlackFaults::CallFault open_refused(const std::string& error, int times) {
    sandbox::SlackFaults::CallFault fault;
    fault.method = "apps.connections.open";
    fault.error = error;
    fault.times = times;
    return fault;
}

TEST_CASE("opens that fail twice, with HTTP 500 or with an error of Slack, are repeated", "[socket_mode][switch-1]") {
    Rig rig;
    SECTION("HTTP 500") {
        rig.slack->faults().open_http_500 = 2;
    }
    SECTION("internal_error") {
        rig.slack->faults().calls.push_back(open_refused("internal_error", 2));
    }
    rig.start();
    REQUIRE(rig.connected());
    CHECK(rig.opens().size() == 3);
    CHECK(rig.client->status().last_error.empty());
}

TEST_CASE("Retry-After of apps.connections.open is waited for", "[socket_mode][switch-2]") {
    Rig rig;
    rig.slack->faults().open_rate_limited = 1;
    rig.slack->faults().open_retry_after = 1;
    rig.start();
    REQUIRE(rig.connected());
    REQUIRE(rig.opens().size() == 2);
    CHECK(rig.opens()[1].at - rig.opens()[0].at >= 1s);
}

TEST_CASE("a refused token ends the client at once with one clear line", "[socket_mode][switch-3]") {
    Rig rig(quick(2));
    rig.slack->faults().open_error = "invalid_auth";
    rig.start();
    REQUIRE(rig.until([&] { return rig.outcome.has_value(); }));
    CHECK_THAT(*rig.outcome, test::contains("SLACK_APP_TOKEN (invalid_auth)"));
    CHECK(rig.opens().size() == 1);
}

TEST_CASE("a refused upgrade makes one serial chain of attempts", "[socket_mode][switch-4]") {
    for (const int status : {404, 408, 409, 429}) {
        INFO("status " << status);
        Rig rig(quick(2));
        rig.slack->faults().upgrade_status = status;
        rig.slack->faults().upgrade_failures = 3;
        rig.start();
        REQUIRE(rig.connected(2));
        const auto opens = rig.opens();
        REQUIRE(opens.size() == 5);
        for (std::size_t i = 1; i < 4; ++i)
            CHECK(opens[i].at - opens[i - 1].at >= 5ms);
        CHECK(rig.slack->open_connections() == 2);
        CHECK(rig.slack->violations().empty());
    }
}

TEST_CASE("an upgrade without hello is given up and tried again", "[socket_mode][switch-5]") {
    SocketModeOptions options = quick();
    options.hello_timeout = 200ms;
    Rig rig(options);
    rig.slack->faults().no_hello = true;
    rig.start();
    REQUIRE(rig.until([&] { return rig.opens().size() == 2; }));
    CHECK(rig.client->status().connected == 0);
    rig.slack->faults().no_hello = false;
    REQUIRE(rig.connected());
    CHECK(rig.until([&] { return rig.slack->open_connections() == 1; }));
}

TEST_CASE("a ping before hello is answered with its payload", "[socket_mode][switch-6]") {
    Rig rig;
    rig.slack->faults().ping_before_hello = true;
    rig.start();
    REQUIRE(rig.connected());
    CHECK(rig.slack->pongs(1) == std::vector<std::string>{"Ping before hello 1"});
    rig.slack->send_ping(1, "Ping from applink-1");
    CHECK(rig.until([&] { return rig.slack->pongs(1).size() == 2; }));
    CHECK(rig.slack->pongs(1).back() == "Ping from applink-1");
}

TEST_CASE("odd frames are ignored and close nothing", "[socket_mode][switch-7]") {
    Rig rig;
    rig.start();
    REQUIRE(rig.connected());
    rig.slack->send_raw_text(1, "");
    rig.slack->send_raw_text(1, "Goodbye, world");
    rig.slack->send_raw_text(1, "[]");
    rig.slack->send_raw_text(1, R"({"type":"events_api","payload":{}})");
    rig.slack->send_raw_text(1, std::string(5000, '['));
    rig.slack->send_raw_binary(1, std::string("\x00\x01\xff", 3));
    const std::string unknown = rig.slack->send_envelope("brand_new", {{"a", 1}});
    const std::string empty = rig.slack->send_envelope("interactive", {});
    CHECK(rig.acked(unknown));
    CHECK(rig.acked(empty));
    const std::string event = rig.say("still there");
    CHECK(rig.acked(event));
    CHECK(rig.heard("still there"));
    CHECK(rig.client->status().malformed == 6);
    CHECK(rig.client->status().unknown == 1);
    CHECK(rig.opens().size() == 1);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("a large envelope arrives whole, fragmented or byte by byte", "[socket_mode][switch-8]") {
    Rig rig;
    SECTION("in one piece") {}
    SECTION("fragmented") {
        rig.slack->faults().fragment_messages = true;
    }
    SECTION("byte by byte") {
        rig.slack->faults().fragment_messages = true;
        rig.slack->faults().byte_by_byte = true;
    }
    rig.start();
    REQUIRE(rig.connected());
    const std::string text = std::string(67 * 1024, 'x') + " end";
    const std::string id = rig.say(text);
    CHECK(rig.acked(id));
    CHECK(rig.heard(text));
    CHECK(rig.opens().size() == 1);
}

TEST_CASE("two hundred envelopes at once are all acked in time, each once", "[socket_mode][switch-9]") {
    Rig rig(quick(2));
    rig.handler_delay = 100ms;
    rig.start();
    REQUIRE(rig.connected(2));
    for (int i = 0; i < 200; ++i)
        rig.say("event " + std::to_string(i));
    REQUIRE(rig.until([&] { return rig.slack->acks().size() >= 200; }));
    std::set<std::string> ids;
    std::set<int> connections;
    for (const auto& ack : rig.slack->acks()) {
        ids.insert(ack.envelope_id);
        connections.insert(ack.connection);
        CHECK(ack.after < 3s);
    }
    CHECK(ids.size() == 200);
    CHECK(connections.size() == 2);
    CHECK(rig.texts.size() == 200);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("the same envelope twice is acked twice and handed up twice", "[socket_mode][switch-10]") {
    Rig rig;
    rig.slack->faults().duplicate_envelopes = true;
    rig.start();
    REQUIRE(rig.connected());
    const std::string id = rig.say("twice");
    CHECK(rig.until([&] { return rig.acks_of(id).size() == 2; }));
    CHECK(rig.texts.size() == 2);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("an envelope that was not acked comes again and says so", "[socket_mode][switch-10]") {
    sandbox::SlackOptions slack_options;
    slack_options.ack_timeout = 200ms;
    slack_options.retry_after = {50ms, 50ms, 50ms, 50ms, 50ms, 50ms};
    Rig rig(quick(), slack_options);
    rig.answer = Ack::none();
    rig.start();
    REQUIRE(rig.connected());
    rig.say("again", 0, "Ev0001");
    REQUIRE(rig.until([&] { return rig.texts.size() >= 2; }));
    rig.answer = Ack::plain();
    CHECK(rig.until([&] { return !rig.slack->acks().empty(); }));
    CHECK(rig.retries[0] == 0);
    CHECK(rig.retries[1] == 1);
    CHECK(rig.client->status().unacked >= 1);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("a retry of an event that was never seen is handed up", "[socket_mode][switch-12]") {
    Rig rig;
    rig.start();
    REQUIRE(rig.connected());
    const std::string id = rig.say("missed before", 0, "Ev0002", 1);
    CHECK(rig.acked(id));
    CHECK(rig.heard("missed before"));
    CHECK(rig.retries == std::vector<int>{1});
}

TEST_CASE("while a socket is replaced, the old one is still acked and none is missed", "[socket_mode][switch-13]") {
    sandbox::SlackOptions slack_options;
    slack_options.disconnect_grace = 1s;
    SocketModeOptions options = quick();
    options.drain_time = 10s;
    Rig rig(options, slack_options);
    rig.start();
    REQUIRE(rig.connected());
    const TimePoint asked = Clock::now();
    rig.slack->send_disconnect(1, "warning");
    bool deaf = false;
    REQUIRE(rig.until([&] {
        deaf = deaf || rig.client->status().connected == 0;
        return rig.slack->connection_ids().size() == 2;
    }));
    CHECK_FALSE(deaf);
    CHECK(Clock::now() - asked < test::patience(2s));
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(rig.say("on the old one", 1));
    for (const std::string& id : ids) {
        REQUIRE(rig.acked(id));
        CHECK(rig.acks_of(id)[0].connection == 1);
    }
    REQUIRE(rig.until([&] { return rig.slack->connection_ids() == std::vector<int>{2}; }));
    CHECK(Clock::now() - asked >= 1s);
    CHECK(rig.client->status().connected == 1);
    const std::string last = rig.say("on the new one");
    REQUIRE(rig.acked(last));
    CHECK(rig.acks_of(last)[0].connection == 2);
    CHECK(rig.opens().size() == 2);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("a replaced socket that the server leaves open is closed after the drain time", "[socket_mode][switch-13]") {
    sandbox::SlackOptions slack_options;
    slack_options.disconnect_grace = 1h;
    Rig rig(quick(), slack_options);
    rig.start();
    REQUIRE(rig.connected());
    rig.slack->send_disconnect(1, "warning");
    REQUIRE(rig.until([&] { return rig.client->status().reconnects == 1; }));
    const TimePoint replaced = Clock::now();
    REQUIRE(rig.until([&] { return rig.slack->connection_ids() == std::vector<int>{2}; }));
    CHECK(Clock::now() - replaced >= 300ms);
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("refresh_requested on every connection replaces each of them once", "[socket_mode][switch-14]") {
    Rig rig(quick(2));
    rig.start();
    REQUIRE(rig.connected(2));
    rig.slack->send_disconnect(1, "refresh_requested");
    rig.slack->send_disconnect(2, "refresh_requested");
    REQUIRE(rig.until([&] { return rig.slack->connection_ids() == std::vector<int>{3, 4}; }));
    CHECK(rig.client->status().connected == 2);
    CHECK(rig.client->status().reconnects == 2);
    CHECK(rig.opens().size() == 4);
}

TEST_CASE("too many websockets: the extra one waits, the other one serves on", "[socket_mode][switch-14]") {
    sandbox::SlackOptions slack_options;
    slack_options.max_connections = 1;
    SocketModeOptions options = quick(2);
    options.slow_retry = 1s;
    Rig rig(options, slack_options);
    rig.start();
    REQUIRE(rig.until([&] { return rig.opens().size() == 3; }));
    CHECK(rig.opens()[2].at - rig.opens()[1].at >= 1s);
    CHECK(rig.client->status().connected == 1);
    const std::string id = rig.say("hello");
    CHECK(rig.acked(id));
}

TEST_CASE("link_disabled is tried again slowly", "[socket_mode][switch-14]") {
    SocketModeOptions options = quick();
    options.slow_retry = 1s;
    Rig rig(options);
    rig.start();
    REQUIRE(rig.connected());
    const TimePoint disabled = Clock::now();
    rig.slack->send_disconnect(1, "link_disabled");
    REQUIRE(rig.until([&] { return rig.opens().size() == 2; }));
    CHECK(rig.opens()[1].at - disabled >= 1s);
    CHECK(rig.connected());
}

TEST_CASE("a connection that ends in any way is replaced", "[socket_mode][switch-15]") {
    Rig rig(quick(2));
    rig.start();
    REQUIRE(rig.connected(2));
    int last = 2;
    const auto replaced = [&] {
        ++last;
        return rig.until([&] {
            const auto ids = rig.slack->connection_ids();
            return ids.size() == 2 && ids.back() == last && rig.client->status().connected == 2;
        });
    };
    rig.slack->drop_connection(1, true);
    REQUIRE(replaced());
    rig.slack->drop_connection(2, false);
    REQUIRE(replaced());
    for (const int code : {1000, 1001, 1006, 1009, 1011}) {
        INFO("code " << code);
        rig.slack->close_connection(last - 1, static_cast<std::uint16_t>(code));
        REQUIRE(replaced());
    }
    const std::string id = rig.say("alive");
    CHECK(rig.acked(id));
    CHECK(rig.opens().size() == static_cast<std::size_t>(last));
    CHECK(rig.slack->violations().empty());
}

TEST_CASE("a server that falls silent is noticed within the idle limit", "[socket_mode][switch-16]") {
    SocketModeOptions options = quick();
    options.ping_interval = 200ms;
    options.idle_timeout = 800ms;
    Rig rig(options);
    rig.start();
    REQUIRE(rig.connected());
    rig.slack->faults().silent = true;
    const TimePoint begun = Clock::now();
    REQUIRE(rig.until([&] { return rig.client->status().connected == 0; }));
    CHECK(Clock::now() - begun >= 500ms);
    rig.slack->faults().silent = false;
    CHECK(rig.connected());
}

TEST_CASE("a server that only pings keeps its connection", "[socket_mode][switch-17]") {
    sandbox::SlackOptions slack_options;
    slack_options.ping_interval = 400ms;
    SocketModeOptions options = quick();
    options.ping_interval = 1h;
    options.idle_timeout = 1500ms;
    Rig rig(options, slack_options);
    rig.start();
    REQUIRE(rig.connected());
    CHECK(rig.stays([&] { return rig.client->status().connected != 1; }, 2500ms));
    CHECK(rig.opens().size() == 1);
}

TEST_CASE("our own pings keep a quiet connection", "[socket_mode][switch-17]") {
    sandbox::SlackOptions slack_options;
    slack_options.ping_interval = 1h;
    SocketModeOptions options = quick();
    options.ping_interval = 300ms;
    options.idle_timeout = 1500ms;
    Rig rig(options, slack_options);
    rig.start();
    REQUIRE(rig.connected());
    CHECK(rig.stays([&] { return rig.client->status().connected != 1; }, 2500ms));
    CHECK(rig.opens().size() == 1);
}

TEST_CASE("stop is over in time when the server never answers the close", "[socket_mode][switch-18]") {
    Rig rig(quick(2));
    rig.start();
    REQUIRE(rig.connected(2));
    rig.slack->faults().ignore_close = true;
    const TimePoint begun = Clock::now();
    rig.stop(600ms);
    CHECK(rig.until([&] { return rig.outcome.has_value(); }, test::patience(2s)));
    CHECK(Clock::now() - begun < test::patience(3s));
    CHECK(rig.outcome == "");
}

TEST_CASE("acks are single frames below Slack's limit, whatever the handler answers", "[socket_mode][switch-19]") {
    Rig rig;
    rig.start();
    REQUIRE(rig.connected());
    for (const std::size_t size : {100u, 4096u, 6000u, 20000u, 20479u, 60000u}) {
        INFO("size " << size);
        rig.answer = Ack::with(boost::json::value(std::string(size, 'x')));
        const std::string id = rig.slack->send_envelope("interactive", {{"type", "block_suggestion"}});
        REQUIRE(rig.acked(id));
        CHECK(rig.acks_of(id)[0].payload.has_value() == (size <= 20000));
    }
    CHECK(rig.slack->violations().empty());
    CHECK(rig.opens().size() == 1);
}

TEST_CASE("stop lets running handlers ack, takes nothing new and closes cleanly", "[socket_mode][switch-25]") {
    Rig rig(quick(2));
    rig.handler_delay = 300ms;
    rig.start();
    REQUIRE(rig.connected(2));
    const std::string id = rig.say("in flight");
    REQUIRE(rig.until([&] { return rig.heard("in flight"); }));
    const TimePoint begun = Clock::now();
    rig.stop(10s);
    REQUIRE(rig.until([&] { return rig.outcome.has_value(); }));
    CHECK(rig.outcome == "");
    CHECK(Clock::now() - begun < test::patience(5s));
    CHECK(rig.acks_of(id).size() == 1);
    CHECK(rig.until([&] { return rig.slack->open_connections() == 0; }));
    CHECK(rig.slack->violations().empty());
    CHECK(rig.client->status().connected == 0);
}

TEST_CASE("URLs reach the server as given: prefix, port, IPv6, ticket", "[socket_mode][switch-26]") {
    sandbox::SlackOptions slack_options;
    std::function<std::string(std::string)> base_url;
    SECTION("with a trailing slash") {}
    SECTION("without a trailing slash") {
        base_url = [](std::string url) { return url.substr(0, url.find_last_not_of('/') + 1); };
    }
    SECTION("IPv6 literal") {
        slack_options.address = "::1";
    }
    Rig rig(quick(), slack_options, base_url);
    rig.start();
    REQUIRE(rig.connected());
    const std::string id = rig.say("hello");
    CHECK(rig.acked(id));
    // The server compares the ticket of each upgrade with the one it gave out.
    CHECK(rig.slack->violations().empty());
}

}  // namespace genie_slack::slack::socket_mode_test
