#include "tests/catch.hpp"
#include "tests/unit/sandbox/local_slack.hpp"

#include <set>

namespace slack_sockets_test {

using namespace local_slack_test;
using namespace std::chrono_literals;

json::object plain_event(const std::string& text) {
    return {
        {"type", "message"}, {"channel", "C0SALES"}, {"channel_type", "channel"}, {"user", "U0ANA"}, {"text", text}};
}

std::string envelope_id(const json::object& envelope) {
    return text_member(envelope, "envelope_id");
}

TEST_CASE("a socket greets with hello and delivers both events of a mention") {
    Local local;
    const auto bot = open_bot(local);
    REQUIRE(bot);
    const auto hello = bot->messages("hello");
    REQUIRE(hello.size() == 1);
    CHECK(hello[0].at("num_connections") == 1);
    CHECK(hello[0].at("connection_info").at("app_id") == "A0GENIE");

    const std::string ts = local.slack->say("U0ANA", "C0SALES", "<@U0GENIE> revenue &amp; cost?");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 2; }));
    const auto envelopes = bot->messages("events_api");
    const auto& first = envelopes[0].at("payload").at("event").as_object();
    const auto& second = envelopes[1].at("payload").at("event").as_object();
    CHECK(first.at("type") == "app_mention");
    CHECK_FALSE(first.contains("channel_type"));
    CHECK(second.at("type") == "message");
    CHECK(second.at("channel_type") == "channel");
    CHECK(text_member(first, "ts") == ts);
    CHECK(text_member(second, "ts") == ts);
    CHECK(first.at("client_msg_id") == second.at("client_msg_id"));
    CHECK(envelopes[0].at("payload").at("event_id") != envelopes[1].at("payload").at("event_id"));
    CHECK(envelopes[0].at("retry_attempt") == 0);
    CHECK(envelopes[0].at("accepts_response_payload") == false);
    const auto& elements = first.at("blocks").at(0).at("elements").at(0).at("elements").as_array();
    CHECK(elements.at(0).at("user_id") == "U0GENIE");
    CHECK(elements.at(1).at("text") == " revenue & cost?");
    REQUIRE(local.until([&] { return local.slack->acks().size() == 2; }));
    CHECK(local.slack->violations().empty());
}

TEST_CASE("a switch puts the message event before the mention") {
    Local local;
    local.slack->faults().both_mention_events = true;
    const auto bot = open_bot(local);
    local.slack->say("U0ANA", "C0SALES", "<@U0GENIE> hi");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 2; }));
    CHECK(bot->messages("events_api")[0].at("payload").at("event").at("type") == "message");
}

TEST_CASE("an event without an ack comes again with the same event id and retry fields") {
    SlackOptions options;
    options.ack_timeout = 60ms;
    options.retry_after = {10ms, 10ms, 10ms};
    Local local(options);
    const auto bot = open_bot(local, false);
    local.slack->send_event(plain_event("x"), 0, "Ev1");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 4; }));
    const auto envelopes = bot->messages("events_api");
    for (int attempt = 0; attempt < 4; ++attempt) {
        CHECK(envelopes[static_cast<std::size_t>(attempt)].at("retry_attempt") == attempt);
        CHECK(envelopes[static_cast<std::size_t>(attempt)].at("payload").at("event_id") == "Ev1");
    }
    CHECK(envelopes[0].at("retry_reason") == "");
    CHECK(envelopes[1].at("retry_reason") == "timeout");
    CHECK(envelope_id(envelopes[1]) != envelope_id(envelopes[0]));
    CHECK(envelope_id(envelopes[2]) == envelope_id(envelopes[0]));
    local.wait(200ms);
    CHECK(local.slack->deliveries("Ev1") == 4);
}

TEST_CASE("an ack in time ends the delivery") {
    SlackOptions options;
    options.ack_timeout = 400ms;
    options.retry_after = {1ms};
    Local local(options);
    const auto bot = open_bot(local);
    local.slack->send_event(plain_event("x"), 0, "Ev2");
    REQUIRE(local.until([&] { return local.slack->acks().size() == 1; }));
    local.wait(600ms);
    CHECK(local.slack->deliveries("Ev2") == 1);
    CHECK(local.slack->acks()[0].envelope_id == envelope_id(bot->messages("events_api")[0]));
}

TEST_CASE("an event that found no socket comes with the first retry") {
    SlackOptions options;
    options.retry_after = {50ms, 100ms, 500ms, 2s, 2s};
    Local local(options);
    local.slack->send_event(plain_event("x"), 0, "Ev3");
    const auto bot = open_bot(local);
    REQUIRE(bot);
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    CHECK(bot->messages("events_api")[0].at("retry_attempt").as_int64() >= 1);
}

TEST_CASE("a ticket opens one socket, and a changed request line is noticed") {
    Local local;
    const std::string target = socket_target(local);
    Bot stranger(local, true);
    CHECK(test::contains("404").match(stranger.upgrade("/link/?ticket=guessed")));
    CHECK(local.slack->violations().size() == 1);
    Bot right(local, true);
    CHECK(right.upgrade(target).empty());
    CHECK(local.slack->violations().size() == 1);
    Bot again(local, true);
    CHECK(test::contains("404").match(again.upgrade(target)));
    CHECK(local.slack->violations().size() == 2);
    std::string decoded = socket_target(local);
    decoded.replace(decoded.find("%2F"), 3, "/");
    Bot careless(local, true);
    CHECK(careless.upgrade(decoded).empty());
    CHECK(local.slack->violations().size() == 3);
}

TEST_CASE("a client frame of 20480 bytes closes the socket with 1009, one byte less is taken") {
    Local local;
    const auto bot = open_bot(local, false);
    local.slack->send_event(plain_event("x"));
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    const std::string head =
        R"({"envelope_id":")" + envelope_id(bot->messages("events_api")[0]) + R"(","payload":{"x":")";
    bot->send(WsOpcode::text, head + std::string(20479 - head.size() - 3, 'x') + "\"}}");
    REQUIRE(local.until([&] { return local.slack->acks().size() == 1; }));
    CHECK(local.slack->violations().empty());

    bot->send(WsOpcode::text, std::string(20480, ' '));
    REQUIRE(local.until([&] { return bot->close_code.has_value(); }));
    CHECK(*bot->close_code == 1009);
    CHECK(local.slack->violations().size() == 1);
    bot->send(WsOpcode::close, ws_close_payload(1009, ""));
    CHECK(local.until([&] { return bot->ended; }));
}

TEST_CASE("a fragmented ack is lost and noticed") {
    SlackOptions options;
    options.ack_timeout = 100ms;
    options.retry_after = {10ms};
    Local local(options);
    const auto bot = open_bot(local, false);
    local.slack->send_event(plain_event("x"), 0, "Ev4");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    const std::string ack = R"({"envelope_id":")" + envelope_id(bot->messages("events_api")[0]) + R"("})";
    bot->send(WsOpcode::text, ack.substr(0, 10), true, false);
    bot->send(WsOpcode::continuation, ack.substr(10), true, true);
    REQUIRE(local.until([&] { return local.slack->deliveries("Ev4") == 2; }));
    CHECK(local.slack->acks().empty());
    CHECK(local.slack->violations().size() == 1);
    CHECK_FALSE(bot->close_code);
}

TEST_CASE("an unmasked frame closes the socket") {
    Local local;
    const auto bot = open_bot(local);
    bot->send(WsOpcode::text, R"({"envelope_id":"x"})", false);
    REQUIRE(local.until([&] { return bot->close_code.has_value(); }));
    CHECK(*bot->close_code == 1002);
    CHECK(local.slack->violations().size() == 1);
}

TEST_CASE("acks of unknown envelopes, second acks and other messages are violations, late ones are not") {
    SlackOptions options;
    options.ack_timeout = 50ms;
    options.retry_after = {};
    Local local(options);
    const auto bot = open_bot(local, false);
    bot->ack("nothing");
    bot->send(WsOpcode::text, "{}");
    REQUIRE(local.until([&] { return local.slack->violations().size() == 2; }));
    local.slack->send_event(plain_event("x"));
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    local.wait(100ms);
    const std::string id = envelope_id(bot->messages("events_api")[0]);
    bot->ack(id);
    REQUIRE(local.until([&] { return local.slack->acks().size() == 1; }));
    CHECK(local.slack->violations().size() == 2);
    bot->ack(id);
    CHECK(local.until([&] { return local.slack->violations().size() == 3; }));
}

TEST_CASE("the eleventh socket is told too_many_websockets and closed") {
    Local local;
    std::vector<std::shared_ptr<Bot>> bots;
    for (int i = 0; i < 10; ++i)
        bots.push_back(open_bot(local));
    CHECK(bots.back()->messages("hello").at(0).at("num_connections") == 10);
    const auto extra = open_bot(local);
    REQUIRE(extra->messages().size() == 1);
    CHECK(extra->messages()[0].at("reason") == "too_many_websockets");
    REQUIRE(local.until([&] { return extra->close_code.has_value(); }));
    CHECK(local.slack->open_connections() == 10);
}

TEST_CASE("events go to any of the open sockets") {
    Local local;
    const auto one = open_bot(local);
    const auto two = open_bot(local);
    for (int i = 0; i < 40; ++i)
        local.slack->send_event(plain_event("x"));
    REQUIRE(local.until([&] { return local.slack->acks().size() == 40; }));
    CHECK(one->messages("events_api").size() > 5);
    CHECK(two->messages("events_api").size() > 5);
}

TEST_CASE("pings are answered and sent, and counted") {
    SlackOptions options;
    options.ping_interval = 20ms;
    Local local(options);
    const auto bot = open_bot(local);
    bot->send(WsOpcode::ping, "mine 123");
    CHECK(local.until([&] { return bot->pongs == std::vector<std::string>{"mine 123"} && bot->pings.size() >= 2; }));
    CHECK(bot->pings[0] == "Ping from applink-1");
    local.slack->send_ping(1, "special");
    CHECK(local.until([&] { return !bot->pings.empty() && bot->pings.back() == "special"; }));
    bot->send(WsOpcode::pong, "special");
    CHECK(local.until([&] { return local.slack->pongs(1) == std::vector<std::string>{"special"}; }));
}

TEST_CASE("with a ping before hello, hello waits for the pong") {
    Local local;
    local.slack->faults().ping_before_hello = true;
    const auto bot = open_bot(local, true, false);
    REQUIRE(local.until([&] { return bot->pings.size() == 1; }));
    CHECK(bot->texts.empty());
    bot->send(WsOpcode::pong, bot->pings[0]);
    CHECK(local.until([&] { return bot->messages("hello").size() == 1; }));
}

TEST_CASE("after a warning the socket still delivers, then it is closed properly") {
    SlackOptions options;
    options.disconnect_grace = 150ms;
    Local local(options);
    const auto bot = open_bot(local);
    local.slack->send_disconnect(1, "warning");
    REQUIRE(local.until([&] { return bot->messages("disconnect").size() == 1; }));
    local.slack->send_event(plain_event("late"), 1);
    REQUIRE(local.until([&] { return local.slack->acks().size() == 1; }));
    CHECK_FALSE(bot->close_code);
    REQUIRE(local.until([&] { return bot->close_code.has_value(); }));
    CHECK(*bot->close_code == 1000);
    bot->send(WsOpcode::close, ws_close_payload(1000, ""));
    CHECK(local.until([&] { return bot->ended && local.slack->connection_ids().empty(); }));
}

TEST_CASE("a client that closes gets its close code back and the end of the stream") {
    Local local;
    const auto bot = open_bot(local);
    bot->send(WsOpcode::close, ws_close_payload(1001, "bye"));
    REQUIRE(local.until([&] { return bot->ended; }));
    CHECK(bot->close_code == std::uint16_t(1001));
    CHECK(local.slack->open_connections() == 0);
}

TEST_CASE("a server that ignores close frames keeps the connection") {
    Local local;
    local.slack->faults().ignore_close = true;
    const auto bot = open_bot(local);
    bot->send(WsOpcode::close, ws_close_payload(1000, ""));
    bot->send(WsOpcode::ping, "still");
    REQUIRE(local.until([&] { return !bot->pongs.empty(); }));
    CHECK_FALSE(bot->ended);
}

TEST_CASE("a silent server keeps TCP open and says nothing") {
    SlackOptions options;
    options.ping_interval = 10ms;
    Local local(options);
    const auto bot = open_bot(local);
    local.slack->faults().silent = true;
    local.wait(30ms);
    const auto before = bot->pings.size();
    bot->send(WsOpcode::ping, "hello?");
    local.slack->send_event(plain_event("x"));
    local.wait(100ms);
    CHECK(bot->pings.size() <= before + 1);
    CHECK(bot->pongs.empty());
    CHECK(bot->messages("events_api").empty());
    CHECK_FALSE(bot->ended);
}

TEST_CASE("large envelopes arrive whole in fragments and single bytes") {
    Local local;
    local.slack->faults().fragment_messages = true;
    local.slack->faults().byte_by_byte = true;
    const auto bot = open_bot(local);
    json::object event = plain_event(std::string(67 * 1024, 'y'));
    local.slack->send_event(event);
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    CHECK(bot->messages("events_api")[0].at("payload").at("event") == json::value(event));
    CHECK(bot->fragments >= 4);
}

TEST_CASE("the duplicates switch sends each envelope twice and takes two acks") {
    Local local;
    local.slack->faults().duplicate_envelopes = true;
    const auto bot = open_bot(local);
    local.slack->send_event(plain_event("x"), 0, "Ev5");
    REQUIRE(local.until([&] { return local.slack->acks().size() == 2; }));
    CHECK(local.slack->deliveries("Ev5") == 2);
    CHECK(local.slack->violations().empty());
}

TEST_CASE("a dropped connection ends without a close frame") {
    const bool reset = GENERATE(true, false);
    Local local;
    const auto bot = open_bot(local);
    local.slack->drop_connection(1, reset);
    REQUIRE(local.until([&] { return bot->ended; }));
    CHECK_FALSE(bot->close_code);
    CHECK(local.slack->open_connections() == 0);
}

TEST_CASE("upgrades fail as often as the switch says") {
    Local local;
    local.slack->faults().upgrade_failures = 2;
    local.slack->faults().upgrade_status = 409;
    for (int i = 0; i < 2; ++i) {
        Bot bot(local, true);
        CHECK(test::contains("409").match(bot.upgrade(socket_target(local))));
    }
    Bot bot(local, true);
    CHECK(bot.upgrade(socket_target(local)).empty());
}

TEST_CASE("odd messages are sent as they are") {
    Local local;
    const auto bot = open_bot(local);
    local.slack->send_raw_text(0, "");
    local.slack->send_raw_text(0, "no json");
    CHECK(local.until([&] { return bot->texts.size() == 3; }));
    CHECK(bot->texts[1].empty());
    CHECK(bot->texts[2] == "no json");
}

TEST_CASE("two hundred envelopes at once are delivered and acked once each") {
    Local local;
    const auto bot = open_bot(local);
    for (int i = 0; i < 200; ++i)
        local.slack->send_event(plain_event("x"));
    REQUIRE(local.until([&] { return local.slack->acks().size() == 200; }));
    std::set<std::string> ids;
    for (const auto& ack : local.slack->acks())
        ids.insert(ack.envelope_id);
    CHECK(ids.size() == 200);
    CHECK(local.slack->violations().empty());
}

}  // namespace slack_sockets_test
