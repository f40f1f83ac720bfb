#include "slack/socket/socket_client.hpp"

#include "tests/catch.hpp"
#include "tests/unit/slack/socket_fake.hpp"

#include <algorithm>
#include <set>

namespace socket_client_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace genie_slack::slack::socket_test;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

ApiError api_error(ApiFault fault, std::string code) {
    return ApiError(fault, "apps.connections.open", std::move(code));
}

SocketModeOptions options_for(int connections) {
    SocketModeOptions options;
    options.connections = connections;
    return options;
}

TEST_CASE("a connection counts from its hello on", "[socket_client]") {
    FakeSlack slack;
    slack.start();
    slack.settle();
    REQUIRE(slack.peers.size() == 1);
    CHECK(slack.status().connected == 0);
    slack.peer(0).send(R"({"type":"hello","num_connections":4})");
    slack.settle();
    CHECK(slack.status().connected == 1);
    CHECK(slack.status().num_connections == 4);
    CHECK(slack.status().last_error.empty());
}

TEST_CASE("the connections start one after another, each with a URL of its own", "[socket_client]") {
    FakeSlack slack(options_for(3));
    slack.start();
    for (std::size_t i = 0; i < 3; ++i) {
        slack.wait(1s);
        REQUIRE(slack.peers.size() == i + 1);
        slack.peer(i).hello();
    }
    slack.wait(1s);
    CHECK(slack.peers.size() == 3);
    CHECK(slack.status().connected == 3);
    CHECK(std::set<std::string>(slack.urls.begin(), slack.urls.end()).size() == 3);
}

TEST_CASE("an envelope is handed up and acked on the connection that brought it", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.peer(0).command("e1");
    slack.peer(1).command("e2");
    slack.peer(1).command("e3");
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"e1"});
    CHECK(slack.peer(1).acked() == Strings{"e2", "e3"});
    CHECK(slack.handled.size() == 3);
    CHECK(slack.status().envelopes == 3);
    CHECK(slack.status().acks == 3);
    CHECK(slack.status().unacked == 0);
}

TEST_CASE("the same envelope twice is handed up and acked twice", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).command("e1");
    slack.peer(0).command("e1");
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"e1", "e1"});
    CHECK(slack.handled == Strings{"e1", "e1"});
}

TEST_CASE("an envelope before hello is served too", "[socket_client]") {
    FakeSlack slack;
    slack.start();
    slack.settle();
    slack.peer(0).command("e1");
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"e1"});
}

TEST_CASE("what cannot be handled is acked all the same, and odd frames close nothing", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    FakePeer& peer = slack.peer(0);
    peer.send("");
    peer.send("not json");
    peer.send("[1,2]");
    peer.send(R"({"type":"events_api"})");
    peer.push(net::WebSocketFrame::Kind::binary, std::string("\x01\x02", 2));
    peer.send(R"({"type":"hello"})");
    peer.send(R"({"envelope_id":"unknown","type":"brand_new","payload":{}})");
    peer.send(R"({"envelope_id":"bare","type":"events_api"})");
    peer.command("e1");
    slack.settle();
    CHECK(peer.acked() == Strings{"unknown", "bare", "e1"});
    CHECK(slack.handled == Strings{"e1"});
    CHECK(slack.status().malformed == 6);
    CHECK(slack.status().unknown == 1);
    CHECK(slack.status().connected == 1);
    CHECK_FALSE(peer.gone());
}

TEST_CASE("a disconnect message is never acked", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).send(R"({"type":"disconnect","reason":"warning","envelope_id":"e9"})");
    slack.settle();
    CHECK(slack.peer(0).sent.empty());
    CHECK(slack.handled.empty());
}

TEST_CASE("the handler's answer travels in the ack, a too large one does not", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.answer = [](const Payload&) { return Ack::with(boost::json::parse(R"({"text":"hi"})")); };
    slack.peer(0).command("e1");
    slack.settle();
    slack.answer = [](const Payload&) { return Ack::with(boost::json::value(std::string(30000, 'x'))); };
    slack.peer(0).command("e2");
    slack.settle();
    CHECK(slack.peer(0).sent == Strings{R"({"envelope_id":"e1","payload":{"text":"hi"}})", R"({"envelope_id":"e2"})"});
}

TEST_CASE("no ack when the handler could not record the envelope, or failed", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.answer = [](const Payload&) { return Ack::none(); };
    slack.peer(0).command("e1");
    slack.settle();
    slack.handler_throws = true;
    slack.peer(0).command("e2");
    slack.settle();
    CHECK(slack.peer(0).sent.empty());
    CHECK(slack.status().unacked == 2);
    slack.handler_throws = false;
    slack.answer = [](const Payload&) { return Ack::plain(); };
    slack.peer(0).command("e3");
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"e3"});
}

TEST_CASE("handlers run side by side", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.handler_delay = 2s;
    for (int i = 0; i < 200; ++i)
        slack.peer(0).command("e" + std::to_string(i));
    slack.settle();
    CHECK(slack.handling == 200);
    slack.wait(2s);
    CHECK(slack.peer(0).sent.size() == 200);
}

TEST_CASE("a handler that is too slow is given up and its envelope not acked", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.handler_delay = 10s;
    slack.peer(0).command("slow");
    slack.wait(1s);
    slack.handler_delay = 2s;
    slack.peer(0).command("fine");
    slack.wait(1400ms);
    CHECK(slack.handling == 2);
    slack.wait(200ms);
    CHECK(slack.handling == 1);
    CHECK(slack.status().unacked == 1);
    slack.wait(1min);
    CHECK(slack.peer(0).acked() == Strings{"fine"});
    CHECK(slack.status().unacked == 1);
    // And again after a quiet time.
    slack.handler_delay = 10s;
    slack.peer(0).command("slow again");
    slack.wait(2600ms);
    CHECK(slack.handling == 0);
    CHECK(slack.status().unacked == 2);
}

TEST_CASE("what is for nobody is acked at once, whatever is in flight, and not handled", "[socket_client]") {
    SocketModeOptions options = FakeSlack::one_connection();
    options.max_in_flight = 1;
    FakeSlack slack(options);
    slack.is_for_nobody = [](const Payload& payload) { return std::get<SlashCommand>(payload).text == "chatter"; };
    slack.start_usable();
    slack.handler_delay = 1s;
    for (const char* id : {"question", "chatter", "chatter"})
        slack.peer(0).command(id);
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"chatter", "chatter"});
    slack.wait(1s);
    CHECK(slack.peer(0).acked() == Strings{"chatter", "chatter", "question"});
    CHECK(slack.handled == Strings{"question"});
    CHECK(slack.status().acks == 3);
    CHECK(slack.status().unacked == 0);
}

TEST_CASE("more envelopes than may be in flight are left to be delivered again", "[socket_client]") {
    SocketModeOptions options = FakeSlack::one_connection();
    options.max_in_flight = 3;
    FakeSlack slack(options);
    slack.start_usable();
    slack.handler_delay = 1s;
    for (int i = 0; i < 5; ++i)
        slack.peer(0).command("e" + std::to_string(i));
    slack.wait(1s);
    Strings acked = slack.peer(0).acked();
    std::sort(acked.begin(), acked.end());
    CHECK(acked == Strings{"e0", "e1", "e2"});
    CHECK(slack.status().unacked == 2);
    slack.peer(0).command("e5");
    slack.wait(1s);
    CHECK(slack.peer(0).acked().back() == "e5");
}

TEST_CASE("a refresh leaves no deaf moment: the old socket is acked until it is drained", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.auto_hello = false;
    slack.peer(0).disconnect("warning");
    slack.settle();
    REQUIRE(slack.peers.size() == 2);
    CHECK(slack.status().connected == 1);
    slack.peer(0).command("before hello");
    slack.wait(1s);
    slack.peer(1).hello();
    slack.settle();
    CHECK(slack.status().connected == 1);
    slack.peer(0).command("after hello");
    slack.wait(14s);
    slack.peer(0).command("late");
    slack.settle();
    CHECK(slack.peer(0).acked() == Strings{"before hello", "after hello", "late"});
    CHECK_FALSE(slack.peer(0).close_code);
    slack.wait(1s);
    CHECK(slack.peer(0).close_code == 1000);
    CHECK(slack.peer(0).destroyed);
    slack.wait(1h);
    CHECK(slack.peers.size() == 2);
    CHECK(slack.status().connected == 1);
    CHECK(slack.status().reconnects == 1);
}

TEST_CASE("an old socket that the server closes is simply gone", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).disconnect("refresh_requested");
    slack.settle();
    REQUIRE(slack.peers.size() == 2);
    slack.peer(0).server_close(1000);
    slack.wait(2min);
    CHECK(slack.peers.size() == 2);
    CHECK(slack.status().connected == 1);
    CHECK(slack.peer(0).destroyed);
}

TEST_CASE("an ack whose connection has died goes out once on another", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.auto_hello = false;
    slack.handler_delay = 1s;
    slack.peer(0).command("e1");
    slack.settle();
    slack.peer(0).end(net::NetFault::io, "reset");
    slack.wait(1s);
    CHECK(slack.peer(0).sent.empty());
    CHECK(slack.peer(1).acked() == Strings{"e1"});
    CHECK(slack.status().acks == 1);
}

TEST_CASE("an ack with no connection left is counted", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.auto_hello = false;
    slack.handler_delay = 2s;
    slack.peer(0).command("e1");
    slack.settle();
    slack.peer(0).end(net::NetFault::io, "reset");
    slack.wait(3s);
    CHECK(slack.status().acks == 0);
    CHECK(slack.status().unacked == 1);
}

TEST_CASE("no hello in time: dropped and tried again", "[socket_client]") {
    FakeSlack slack;
    slack.start();
    slack.wait(14900ms);
    CHECK(slack.opens.size() == 1);
    CHECK_FALSE(slack.peer(0).aborted);
    slack.auto_hello = true;
    slack.wait(1200ms);
    CHECK(slack.peer(0).aborted);
    CHECK(slack.peer(0).destroyed);
    CHECK(slack.peers.size() == 2);
    CHECK(slack.status().connected == 1);
    CHECK(slack.status().last_error.empty());
}

TEST_CASE("a silent connection is pinged, then replaced within the idle limit", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).answers_pings = false;
    slack.wait(69s);
    CHECK(slack.peer(0).pings.size() == 3);
    CHECK_FALSE(slack.peer(0).pings[0].empty());
    CHECK(slack.peers.size() == 1);
    slack.wait(3s);
    CHECK(slack.peer(0).aborted);
    CHECK(slack.peers.size() == 2);
}

TEST_CASE("a connection on which only a ping comes every 30 seconds stays", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).answers_pings = false;
    for (int i = 0; i < 40; ++i) {
        slack.wait(30s);
        slack.peer(0).push(net::WebSocketFrame::Kind::ping, "Ping from applink-1");
        slack.settle();
    }
    CHECK(slack.peers.size() == 1);
    CHECK(slack.status().connected == 1);
}

TEST_CASE("failures of every kind are tried again with growing waits", "[socket_client]") {
    FakeSlack slack;
    slack.open_errors = {api_error(ApiFault::transient, "http_500"), api_error(ApiFault::transient, "internal_error"),
                         api_error(ApiFault::not_permitted, "something_new")};
    for (const int status : {404, 408, 409, 429}) {
        net::NetError error(net::NetFault::upgrade, "slack.test answered the upgrade with another status");
        error.http_status = status;
        slack.connect_errors.push_back(error);
    }
    slack.auto_hello = true;
    slack.start();
    slack.wait(1100ms);
    CHECK(slack.status().last_error != "");
    REQUIRE(slack.until([&] { return slack.status().connected == 1; }));
    REQUIRE(slack.opens.size() == 8);
    Duration step = 1s;
    for (std::size_t i = 1; i < slack.opens.size(); ++i, step = std::min<Duration>(2 * step, 60s)) {
        CHECK(slack.opens[i] - slack.opens[i - 1] >= step / 10);
        CHECK(slack.opens[i] - slack.opens[i - 1] <= step);
    }
}

TEST_CASE("Retry-After of an open or of an upgrade is waited for", "[socket_client]") {
    FakeSlack slack;
    ApiError limited = api_error(ApiFault::rate, "ratelimited");
    limited.retry_after = 30s;
    slack.open_errors.push_back(limited);
    net::NetError busy(net::NetFault::upgrade, "busy");
    busy.http_status = 429;
    busy.retry_after_seconds = 40;
    slack.connect_errors.push_back(busy);
    slack.auto_hello = true;
    slack.start();
    REQUIRE(slack.until([&] { return slack.status().connected == 1; }));
    REQUIRE(slack.opens.size() == 3);
    CHECK(slack.opens[1] - slack.opens[0] >= 30s);
    CHECK(slack.opens[2] - slack.opens[1] >= 40s);
}

TEST_CASE("an attempt that throws does not end the chain", "[socket_client]") {
    FakeSlack slack;
    slack.open_throws = true;
    slack.auto_hello = true;
    slack.start();
    slack.wait(10s);
    CHECK(slack.opens.size() > 1);
    slack.open_throws = false;
    CHECK(slack.until([&] { return slack.status().connected == 1; }));
}

TEST_CASE("a refused token ends the client with a text for the admin", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.open_errors.push_back(api_error(ApiFault::auth, "token_revoked"));
    slack.peer(0).disconnect("warning");
    REQUIRE(slack.until([&] { return slack.ended(); }, 10s));
    CHECK_THAT(slack.result(), test::contains("Slack refused SLACK_APP_TOKEN (token_revoked): "));
    CHECK(slack.peer(0).close_code == 1000);
    CHECK(slack.peer(1).close_code == 1000);
    CHECK(slack.opens.size() == 3);
}

TEST_CASE("link_disabled is logged as an error and tried again slowly", "[socket_client]") {
    log::Capture capture;
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).disconnect("link_disabled");
    slack.settle();
    CHECK(capture.contains("error slack.link_disabled"));
    CHECK(slack.status().connected == 0);
    CHECK_THAT(slack.status().last_error, test::contains("link_disabled"));
    slack.wait(119s);
    CHECK(slack.opens.size() == 1);
    slack.wait(15s);
    CHECK(slack.opens.size() == 2);
    CHECK(slack.status().connected == 1);
}

TEST_CASE("too many websockets: closed, and not tried again soon", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.peer(1).disconnect("too_many_websockets");
    slack.settle();
    CHECK(slack.peer(1).close_code == 1000);
    CHECK(slack.status().connected == 1);
    slack.wait(110s);
    CHECK(slack.opens.size() == 2);
}

TEST_CASE("the connection asks for its own replacement before its time is over", "[socket_client]") {
    FakeSlack slack;
    slack.on_peer = [](FakePeer& peer) {
        peer.send(R"({"type":"hello","debug_info":{"approximate_connection_time":360}})");
    };
    slack.start();
    slack.wait(360s);
    CHECK(slack.peers.size() == 2);
    CHECK(slack.peer(1).opened_at - slack.peer(0).opened_at >= 324s);
    CHECK(slack.status().connected == 1);
}

TEST_CASE("stop lets handlers ack, takes nothing new, and closes", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.handler_delay = 1s;
    slack.peer(0).command("running");
    slack.settle();
    const TimePoint begun = Clock::now();
    slack.peer(1).command("arrives with the stop");
    auto stopping = slack.client().stop(Deadline::after(10s));
    bool sent_late = false;
    slack.on_peer = [](FakePeer&) { FAIL("a new connection while stopping"); };
    asio::co_spawn(slack.context(), std::move(stopping), [&](std::exception_ptr) { sent_late = true; });
    slack.wait(500ms);
    slack.peer(1).command("too late");
    REQUIRE(slack.until([&] { return slack.ended() && sent_late; }, 10s));
    CHECK(Clock::now() - begun < 2s);
    CHECK(slack.result() == "");
    CHECK(slack.peer(0).acked() == Strings{"running"});
    CHECK(slack.peer(1).acked().size() <= 1);
    CHECK(std::find(slack.handled.begin(), slack.handled.end(), "too late") == slack.handled.end());
    CHECK(slack.peer(0).close_code == 1000);
    CHECK(slack.peer(1).close_code == 1000);
    CHECK(slack.peer(0).closed_at >= begun + 1s);
}

TEST_CASE("stop is over in time even when nothing answers", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.handler_delay = 1h;
    slack.peer(0).command("hangs");
    slack.settle();
    slack.peer(0).answers_close = false;
    slack.peer(1).answers_close = false;
    const TimePoint begun = Clock::now();
    slack.run(slack.client().stop(Deadline::after(4s)));
    CHECK(Clock::now() - begun <= 4s);
    CHECK(slack.ended());
    CHECK(slack.result() == "");
    CHECK(slack.status().unacked == 1);
    CHECK(slack.peer(0).sent.empty());
}

TEST_CASE("stop ends an attempt that hangs", "[socket_client]") {
    FakeSlack slack;
    slack.open_delay = 1h;
    slack.start();
    slack.settle();
    const TimePoint begun = Clock::now();
    slack.run(slack.client().stop(Deadline::after(5s)));
    CHECK(slack.ended());
    CHECK(Clock::now() - begun < 1s);
}

TEST_CASE("stop during a wait for the next attempt is immediate", "[socket_client]") {
    FakeSlack slack;
    slack.open_errors.assign(100, api_error(ApiFault::transient, "http_500"));
    slack.start();
    slack.wait(5min);
    const TimePoint begun = Clock::now();
    slack.run(slack.client().stop(Deadline::after(5s)));
    CHECK(slack.ended());
    CHECK(Clock::now() == begun);
}

TEST_CASE("stop before run and after it returns at once", "[socket_client]") {
    FakeSlack slack;
    slack.run(slack.client().stop(Deadline::after(5s)));
    slack.start_usable();
    slack.run(slack.client().stop(Deadline::after(5s)));
    CHECK(slack.ended());
    const TimePoint begun = Clock::now();
    slack.run(slack.client().stop(Deadline::after(5s)));
    CHECK(Clock::now() == begun);
}

TEST_CASE("two stops at the same time both return", "[socket_client]") {
    FakeSlack slack;
    slack.start_usable();
    slack.peer(0).answers_close = false;
    int returned = 0;
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(slack.context(), slack.client().stop(Deadline::after(5s)),
                       [&returned](std::exception_ptr) { ++returned; });
    REQUIRE(slack.until([&] { return returned == 2; }, 10s));
    CHECK(slack.ended());
}

TEST_CASE("a cancelled run leaves nothing behind", "[socket_client]") {
    FakeSlack slack(options_for(2));
    slack.start_usable();
    slack.handler_delay = 1h;
    slack.peer(0).command("e1");
    slack.peer(0).disconnect("warning");
    slack.wait(1s);
    slack.peer(1).answers_close = false;
    slack.cancel();
    REQUIRE(slack.until([&] { return slack.ended(); }, 10s));
    CHECK(slack.handling == 0);
    for (const auto& peer : slack.peers)
        CHECK(peer->destroyed);
}

TEST_CASE("tickets and contents never reach the log", "[socket_client]") {
    log::Capture capture(log::Level::trace);
    FakeSlack slack(options_for(2));
    slack.connect_errors.emplace_back(net::NetFault::io, "cannot reach wss://x/?ticket=secret-ticket-77");
    slack.start_usable();
    slack.until([&] { return slack.status().connected == 2; });
    slack.peer(0).command("private words");
    slack.peer(0).send("garbled private words");
    slack.peer(0).disconnect("warning");
    slack.wait(1min);
    CHECK_FALSE(capture.lines().empty());
    for (const std::string& line : capture.lines()) {
        CHECK(redact(line).find("secret-ticket") == std::string::npos);
        CHECK(line.find("private words") == std::string::npos);
    }
    CHECK(slack.status().last_error.find("secret-ticket") == std::string::npos);
}

// Slack on a bad day: random disconnects, losses, silences and envelopes on whatever is open.
struct BadDay {
    explicit BadDay(std::uint64_t seed)
        : dice(seed), connections(1 + static_cast<int>(seed % 4)), slack(options_for(connections), seed) {
        slack.auto_hello = true;
        slack.start();
    }

    FakePeer* any_open() {
        std::vector<FakePeer*> open;
        for (const auto& peer : slack.peers)
            if (!peer->gone() && !peer->close_code)
                open.push_back(peer.get());
        return open.empty() ? nullptr : open[dice.between(0, open.size() - 1)];
    }

    void happen() {
        slack.wait(std::chrono::milliseconds(dice.between(0, 4000)));
        slack.auto_hello = dice.between(0, 9) != 0;
        if (dice.between(0, 9) == 0)
            slack.open_errors.push_back(api_error(ApiFault::transient, "http_503"));
        FakePeer* peer = any_open();
        if (!peer)
            return;
        switch (dice.between(0, 11)) {
            case 0:
                peer->disconnect("warning");
                break;
            case 1:
                peer->disconnect("refresh_requested");
                break;
            case 2:
                peer->disconnect("another reason");
                break;
            case 3:
                peer->end(net::NetFault::io, "reset");
                break;
            case 4:
                peer->server_close(1011);
                break;
            case 5:
                peer->send("odd");
                break;
            case 6:
                peer->answers_close = false;
                peer->answers_pings = dice.between(0, 1) == 0;
                break;
            default:
                peer->command("e" + std::to_string(++sent));
                break;
        }
    }

    void check() {
        int held = 0;
        std::size_t acks = 0;
        for (const auto& peer : slack.peers) {
            held += !peer->destroyed;
            acks += peer->sent.size();
            for (const std::string& id : peer->acked())
                acked.insert(id);
        }
        REQUIRE(held <= kMaxSockets);
        REQUIRE(acked.size() == acks);
        REQUIRE(slack.status().acks == acks);
        REQUIRE(slack.status().connected <= held);
    }

    Random dice;
    int connections;
    FakeSlack slack;
    int sent = 0;
    std::set<std::string> acked;
};

TEST_CASE("on a bad day every envelope is acked once and the client comes back", "[socket_client]") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        INFO("seed " << seed);
        BadDay day(seed);
        for (int i = 0; i < 150; ++i) {
            day.happen();
            day.slack.settle();
            day.acked.clear();
            day.check();
        }
        CHECK(day.acked.size() == static_cast<std::size_t>(day.sent));

        day.slack.auto_hello = true;
        day.slack.open_errors.clear();
        CHECK(day.slack.until([&] { return day.slack.status().connected == day.connections; }, 10min));
        const TimePoint begun = Clock::now();
        day.slack.run(day.slack.client().stop(Deadline::after(10s)));
        CHECK(Clock::now() - begun <= 10s);
        CHECK(day.slack.ended());
        for (const auto& peer : day.slack.peers)
            CHECK(peer->destroyed);
    }
}

}  // namespace socket_client_test
