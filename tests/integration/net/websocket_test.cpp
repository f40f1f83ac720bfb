#include "core/net/websocket.hpp"

#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/websocket_peer.hpp"

#include <boost/asio/io_context.hpp>

namespace genie_slack::websocket_test {

using namespace std::chrono_literals;
using net::NetFault;
using test::Peer;
using test::RawFrame;
using Kind = net::WebSocketFrame::Kind;
namespace asio = boost::asio;

const test::Authority& authority() {
    static const test::Authority one;
    return one;
}

net::NetResult<net::Endpoints> lookup(const std::string&, std::uint16_t port) {
    return net::Endpoints{asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)};
}

struct Fixture {
    explicit Fixture(test::ScriptedServer::Script script, const test::Certificate* certificate = nullptr,
                     bool raw = false)
        : resolver(context.get_executor(), lookup),
          server(std::make_unique<test::ScriptedServer>(context.get_executor(), std::move(script), certificate, raw)) {}
    ~Fixture() {
        if (destroy_all_at_once)
            return;
        socket.reset();
        test::run(context, server->stop());
    }

    std::string url(const std::string& path = "/", const std::string& host = "ws://127.0.0.1") const {
        return host + ":" + std::to_string(server->port()) + path;
    }
    // Empty when it worked; `socket` is open then.
    std::optional<net::NetError> connect(std::string to, net::WebSocketOptions options = {}, Duration time = 10s) {
        auto result = test::run(context,
                                net::connect_websocket(net::create_tls_context(authority().file()), resolver,
                                                       std::move(to), options, Deadline::after(time)),
                                time + 10s);
        if (!result)
            return result.error();
        socket = std::move(*result);
        return std::nullopt;
    }
    void open(net::WebSocketOptions options = {}) { REQUIRE_FALSE(connect(url(), options)); }
    net::NetResult<net::WebSocketFrame> read() { return test::run(context, socket->read()); }
    void close(std::uint16_t code = 1000, Duration time = 10s) {
        test::run(context, socket->close(code, Deadline::after(time)), time + 10s);
    }
    template <class Condition>
    bool wait(Condition condition) {
        return test::run_until(context, condition);
    }

    asio::io_context context{1};
    net::Resolver resolver;
    std::unique_ptr<test::ScriptedServer> server;
    std::unique_ptr<net::WebSocket> socket;
    bool destroy_all_at_once = false;
};

// Sends every message back, answers a close frame, and notes all frames that came.
asio::awaitable<void> echo(std::vector<RawFrame>& seen, Peer& peer) {
    co_await test::accept_websocket(peer);
    for (;;) {
        RawFrame frame = co_await test::read_frame(peer);
        seen.push_back(frame);
        if (frame.opcode < 0)
            co_return;
        if (frame.opcode == test::kCloseFrame) {
            co_await test::write_frame(peer, test::kCloseFrame, frame.payload);
            co_await peer.close_cleanly();
            co_return;
        }
        if (frame.opcode == test::kPingFrame)
            co_await test::write_frame(peer, test::kPongFrame, frame.payload);
        else if (frame.opcode != test::kPongFrame)
            co_await test::write_frame(peer, frame.opcode, frame.payload);
    }
}

// Accepts, writes these bytes, and notes what the client sends.
asio::awaitable<void> say(std::string bytes, std::vector<RawFrame>& seen, Peer& peer) {
    co_await test::accept_websocket(peer);
    co_await peer.write(std::move(bytes));
    for (;;) {
        RawFrame frame = co_await test::read_frame(peer);
        seen.push_back(frame);
        if (frame.opcode < 0)
            co_return;
    }
}

asio::awaitable<void> refuse(std::string reply, Peer& peer) {
    co_await peer.read_request();
    co_await peer.write(std::move(reply));
    co_await peer.wait_for_close();
}

asio::awaitable<void> silent(Peer& peer, int) {
    co_await peer.wait_for_close();
}

TEST_CASE("the upgrade asks for the URL's path and query as they are", "[websocket]") {
    std::string request;
    Fixture f([&](Peer& peer, int) {
        return [](std::string& out, Peer& p) -> asio::awaitable<void> {
            out = co_await test::accept_websocket(p);
            co_await p.wait_for_close();
        }(request, peer);
    });
    REQUIRE_FALSE(f.connect(f.url("/link/?ticket=a%2Fb+c==&app_id=%7e'()*;:@!$,~|{}")));
    CHECK(request.starts_with("GET /link/?ticket=a%2Fb+c==&app_id=%7e'()*;:@!$,~|{} HTTP/1.1\r\n"));
    CHECK_THAT(request, test::contains("Host: 127.0.0.1:" + std::to_string(f.server->port()) + "\r\n"));
    CHECK_THAT(request, test::contains("User-Agent: genie-slack\r\n"));
    CHECK(request.find("Sec-WebSocket-Extensions") == std::string::npos);
}

TEST_CASE("messages go there and back in order", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); });
    f.open();
    for (const std::string text : {"one", "", "drei \xc3\xa9", "four"})
        f.socket->send_text(text);
    for (const std::string text : {"one", "", "drei \xc3\xa9", "four"}) {
        const auto frame = f.read();
        REQUIRE(frame);
        CHECK(frame->kind == Kind::text);
        CHECK(frame->payload == text);
    }
    CHECK(f.socket->unsent() == 0);
}

TEST_CASE("a message of any size is one frame", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); });
    f.open();
    for (const std::size_t size : {125u, 126u, 4096u, 4097u, 20479u, 65535u, 65536u, 70000u, 1u << 20}) {
        const std::string text(size, 'x');
        seen.clear();
        f.socket->send_text(text);
        const auto frame = f.read();
        REQUIRE(frame);
        CHECK((frame->payload == text));
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].final);
        CHECK(seen[0].masked);
        CHECK(seen[0].opcode == test::kTextFrame);
        CHECK(seen[0].payload.size() == size);
    }
}

TEST_CASE("messages that wait leave together", "[websocket]") {
    std::string received;
    Fixture f([&](Peer& peer, int) {
        return [](std::string& out, Peer& p) -> asio::awaitable<void> {
            co_await test::accept_websocket(p);
            out = co_await p.read_some();
            co_await p.wait_for_close();
        }(received, peer);
    });
    f.open();
    for (int i = 0; i < 100; ++i)
        f.socket->send_text("ack " + std::to_string(1000 + i));
    CHECK(f.socket->unsent() == 100);
    REQUIRE(f.wait([&] { return !received.empty(); }));
    // 100 frames of 2 bytes of head, 4 of mask and 8 of text, in the first thing the server reads.
    CHECK(received.size() == 1400);
    CHECK(f.wait([&] { return f.socket->unsent() == 0; }));
}

TEST_CASE("a ping is answered with its payload, also before any message, and reported", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) {
        return say(test::encode_frame(test::kPingFrame, "Ping from applink-1") +
                       test::encode_frame(test::kPingFrame, "") + test::encode_frame(test::kTextFrame, "hello") +
                       test::encode_frame(test::kPongFrame, "unasked"),
                   seen, peer);
    });
    f.open();
    CHECK(f.read()->kind == Kind::ping);
    CHECK(f.read()->kind == Kind::ping);
    CHECK(f.read()->payload == "hello");
    const auto pong = f.read();
    CHECK(pong->kind == Kind::pong);
    CHECK(pong->payload == "unasked");
    REQUIRE(f.wait([&] { return seen.size() == 2; }));
    CHECK(seen[0].opcode == test::kPongFrame);
    CHECK(seen[0].payload == "Ping from applink-1");
    CHECK(seen[1].opcode == test::kPongFrame);
    CHECK(seen[1].payload.empty());
}

TEST_CASE("our ping gets its pong", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); });
    f.open();
    f.socket->send_ping("are you there");
    const auto frame = f.read();
    CHECK(frame->kind == Kind::pong);
    CHECK(frame->payload == "are you there");
}

TEST_CASE("a fragmented message is put together, with control frames in between", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) {
        return say(test::encode_frame(test::kTextFrame, "frag", false) + test::encode_frame(test::kPingFrame, "p") +
                       test::encode_frame(0, "men", false) + test::encode_frame(0, "ted") +
                       test::encode_frame(test::kBinaryFrame, std::string("\0\1", 2)),
                   seen, peer);
    });
    f.open();
    CHECK(f.read()->kind == Kind::ping);
    CHECK(f.read()->payload == "fragmented");
    const auto binary = f.read();
    CHECK(binary->kind == Kind::binary);
    CHECK(binary->payload == std::string("\0\1", 2));
}

TEST_CASE("frames that arrive with the answer to the upgrade or byte by byte are not lost", "[websocket]") {
    Fixture f([](Peer& peer, int number) {
        return [](Peer& p, int n) -> asio::awaitable<void> {
            const std::string request = co_await p.read_request();
            const std::string all =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: " +
                test::websocket_accept_key(request) + "\r\n\r\n" + test::encode_frame(test::kTextFrame, "hello");
            if (n == 0)
                co_await p.write(all);
            else
                co_await p.write_slowly(all);
            co_await p.wait_for_close();
        }(peer, number);
    });
    f.open();
    CHECK(f.read()->payload == "hello");
    f.open();
    CHECK(f.read()->payload == "hello");
}

TEST_CASE("what is read ahead comes in order: many small messages, and a large one among them", "[websocket]") {
    const std::string large(100'000, 'x');
    std::string bytes;
    for (int i = 0; i < 500; ++i)
        bytes += test::encode_frame(test::kTextFrame, i == 250 ? large : "message " + std::to_string(i));
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return say(bytes, seen, peer); });
    f.open();
    for (int i = 0; i < 500; ++i) {
        const auto frame = f.read();
        REQUIRE(frame);
        REQUIRE((frame->payload == (i == 250 ? large : "message " + std::to_string(i))));
    }
}

TEST_CASE("after a drop nothing comes of what was read ahead", "[websocket]") {
    std::string bytes;
    for (int i = 0; i < 100; ++i)
        bytes += test::encode_frame(test::kTextFrame, "message " + std::to_string(i));
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return say(bytes, seen, peer); });
    f.open();
    REQUIRE(f.read());
    f.socket->abort();
    REQUIRE_FALSE(f.read());
    CHECK(f.wait([&] { return !seen.empty(); }));
    CHECK_FALSE(f.read());
}

TEST_CASE("a message beyond the limit ends the connection", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f(
        [&](Peer& peer, int) { return say(test::encode_frame(test::kTextFrame, std::string(1001, 'x')), seen, peer); });
    net::WebSocketOptions options;
    options.max_message_bytes = 1000;
    f.open(options);
    const auto frame = f.read();
    REQUIRE_FALSE(frame);
    CHECK(frame.error().fault == NetFault::too_large);
    REQUIRE(f.wait([&] { return seen.size() == 2; }));
    CHECK(seen[0].opcode == test::kCloseFrame);
    CHECK(seen[0].payload.substr(0, 2) == test::close_payload(1009));
    CHECK(seen[1].opcode == -1);
    CHECK_FALSE(f.read());
}

TEST_CASE("a peer that breaks the protocol is left", "[websocket]") {
    const std::string bytes =
        GENERATE(std::string(16, static_cast<char>(0xff)), test::encode_frame(test::kTextFrame, "\xff\xfe"),
                 test::encode_frame(0, "orphan"), test::encode_frame(test::kPingFrame, std::string(126, 'x')),
                 test::encode_frame(test::kCloseFrame, "x"), test::encode_frame(3, "reserved"));
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return say(bytes, seen, peer); });
    f.open();
    const auto frame = f.read();
    REQUIRE_FALSE(frame);
    CHECK(frame.error().fault == NetFault::protocol);
    CHECK(f.wait([&] { return !seen.empty() && seen.back().opcode == -1; }));
    CHECK(seen.front().opcode == test::kCloseFrame);
}

TEST_CASE("the peer's close is answered and its reason kept", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) {
        return say(test::encode_frame(test::kTextFrame, "last") +
                       test::encode_frame(test::kCloseFrame, test::close_payload(1001, "going away")),
                   seen, peer);
    });
    f.open();
    CHECK(f.read()->payload == "last");
    const auto end = f.read();
    REQUIRE_FALSE(end);
    CHECK(end.error().fault == NetFault::closed);
    CHECK(f.socket->close_reason().code == 1001);
    CHECK(f.socket->close_reason().reason == "going away");
    REQUIRE(f.wait([&] { return seen.size() == 2; }));
    CHECK(seen[0].opcode == test::kCloseFrame);
    CHECK(seen[0].payload.substr(0, 2) == test::close_payload(1001));
    CHECK(seen[1].opcode == -1);
    CHECK(f.read().error().fault == NetFault::closed);
    f.socket->send_text("late");
    CHECK(f.socket->unsent() == 0);
    f.close();
}

TEST_CASE("an end without close frame is an io error", "[websocket]") {
    for (const bool reset : {false, true}) {
        Fixture f([reset](Peer& peer, int) {
            return [](bool by_reset, Peer& p) -> asio::awaitable<void> {
                co_await test::accept_websocket(p);
                co_await p.read_exactly(1);
                if (by_reset)
                    p.reset();
                else
                    p.close();
            }(reset, peer);
        });
        f.open();
        f.socket->send_text("go");
        const auto end = f.read();
        REQUIRE_FALSE(end);
        CHECK(end.error().fault == NetFault::io);
        CHECK(f.socket->close_reason().code == 1006);
    }
}

asio::awaitable<void> keep_frame(net::WebSocket& socket, std::optional<net::NetResult<net::WebSocketFrame>>& out) {
    out = co_await socket.read();
}

TEST_CASE("close sends what waits, then shakes hands", "[websocket]") {
    for (const bool with_reader : {false, true}) {
        CAPTURE(with_reader);
        std::vector<RawFrame> seen;
        Fixture f([&](Peer& peer, int) {
            return [](std::vector<RawFrame>& out, Peer& p) -> asio::awaitable<void> {
                co_await test::accept_websocket(p);
                for (;;) {
                    RawFrame frame = co_await test::read_frame(p);
                    out.push_back(frame);
                    if (frame.opcode < 0)
                        co_return;
                    if (frame.opcode == test::kCloseFrame)
                        co_await test::write_frame(p, test::kCloseFrame, frame.payload);
                }
            }(seen, peer);
        });
        f.open();
        TaskGroup tasks(f.context.get_executor(), "test");
        std::optional<net::NetResult<net::WebSocketFrame>> read;
        if (with_reader)
            tasks.spawn("read", keep_frame(*f.socket, read));
        f.socket->send_text("a");
        f.socket->send_text(std::string(300000, 'b'));
        f.close(1000);
        REQUIRE(f.wait([&] { return seen.size() == 4; }));
        CHECK(seen[0].payload == "a");
        CHECK(seen[1].payload.size() == 300000);
        CHECK(seen[2].opcode == test::kCloseFrame);
        CHECK(seen[2].payload == test::close_payload(1000));
        CHECK(seen[3].opcode == -1);
        CHECK(f.socket->close_reason().code == 1000);
        CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
        const auto after = with_reader ? *read : f.read();
        REQUIRE_FALSE(after);
        CHECK(after.error().fault == NetFault::closed);
    }
}

TEST_CASE("close ends by its deadline when the peer does not answer", "[websocket]") {
    for (const bool with_reader : {false, true}) {
        CAPTURE(with_reader);
        std::vector<RawFrame> seen;
        Fixture f([&](Peer& peer, int) { return say("", seen, peer); });
        f.open();
        TaskGroup tasks(f.context.get_executor(), "test");
        std::optional<net::NetResult<net::WebSocketFrame>> read;
        if (with_reader)
            tasks.spawn("read", keep_frame(*f.socket, read));
        const auto start = Clock::now();
        f.close(1000, 50ms);
        CHECK(Clock::now() - start >= 50ms);
        CHECK(f.wait([&] { return seen.size() == 2; }));
        CHECK(seen.back().opcode == -1);
        CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
        CHECK(read.has_value() == with_reader);
    }
}

TEST_CASE("close ends by its deadline when the peer does not even read", "[websocket]") {
    Fixture f([](Peer& peer, int) {
        return [](Peer& p) -> asio::awaitable<void> {
            co_await test::accept_websocket(p);
            co_await sleep_for(1h);
        }(peer);
    });
    net::WebSocketOptions options;
    options.max_queued_bytes = 64u << 20;
    f.open(options);
    for (int i = 0; i < 20; ++i)
        f.socket->send_text(std::string(1u << 20, 'x'));
    f.close(1000, 100ms);
    CHECK_FALSE(f.read());
}

TEST_CASE("abort ends a pending read and drops the connection", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return say("", seen, peer); });
    f.open();
    TaskGroup tasks(f.context.get_executor(), "test");
    std::optional<net::NetResult<net::WebSocketFrame>> read;
    tasks.spawn("read", keep_frame(*f.socket, read));
    test::run(f.context, sleep_for(1ms));
    f.socket->abort();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    REQUIRE(read);
    CHECK(read->error().fault == NetFault::io);
    CHECK(f.wait([&] { return !seen.empty() && seen.back().opcode == -1; }));
    CHECK(seen.size() == 1);
}

TEST_CASE("a cancelled read loses nothing", "[websocket]") {
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); });
    f.open();
    TaskGroup tasks(f.context.get_executor(), "test");
    std::optional<net::NetResult<net::WebSocketFrame>> read;
    tasks.spawn("read", keep_frame(*f.socket, read));
    test::run(f.context, sleep_for(1ms));
    tasks.cancel();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    REQUIRE(read);
    CHECK(read->error().fault == NetFault::cancelled);
    f.socket->send_text("still here");
    CHECK(f.read()->payload == "still here");
}

TEST_CASE("a peer that does not read is left when too much waits", "[websocket]") {
    Fixture f([](Peer& peer, int) {
        return [](Peer& p) -> asio::awaitable<void> {
            co_await test::accept_websocket(p);
            co_await sleep_for(1h);
        }(peer);
    });
    net::WebSocketOptions options;
    options.max_queued_bytes = 100000;
    f.open(options);
    for (int i = 0; i < 11; ++i)
        f.socket->send_text(std::string(10000, 'x'));
    const auto end = f.read();
    REQUIRE_FALSE(end);
    CHECK(end.error().fault == NetFault::io);
    CHECK_THAT(end.error().message, test::contains("does not read"));
}

TEST_CASE("a refused upgrade tells status and Retry-After without waiting for the body", "[websocket]") {
    struct Row {
        std::string reply;
        int status;
        int retry_after;
    };
    const std::vector<Row> rows = {
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, 0},
        {"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}", 409, 0},
        {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 10\r\n\r\nhalf", 429, 30},
        {"HTTP/1.1 503 X\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\nno end", 503, 0},
        {"HTTP/1.1 302 Found\r\nLocation: /other\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 302, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, 0},
    };
    const auto certificate = authority().issue("DNS:good.example");
    for (const Row& row : rows)
        for (const bool tls : {false, true}) {
            CAPTURE(row.reply, tls);
            Fixture f([&](Peer& peer, int) { return refuse(row.reply, peer); }, tls ? &certificate : nullptr);
            const auto failure = f.connect(f.url("/?secret", tls ? "wss://good.example" : "ws://127.0.0.1"));
            REQUIRE(failure);
            CHECK(failure->fault == NetFault::upgrade);
            CHECK(failure->http_status == row.status);
            CHECK(failure->retry_after_seconds == row.retry_after);
            CHECK(failure->message.find("secret") == std::string::npos);
        }
}

TEST_CASE("a wrong answer to the upgrade is a protocol or io error", "[websocket]") {
    const std::pair<std::string, NetFault> row =
        GENERATE(std::make_pair(std::string("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            "Sec-WebSocket-Accept: wrong\r\n\r\n"),
                                NetFault::protocol),
                 std::make_pair(std::string("HTTP/1.1 101 X\r\nConnection: Upgrade\r\n\r\n"), NetFault::protocol),
                 std::make_pair(std::string("SSH-2.0-OpenSSH\r\n\r\n"), NetFault::protocol));
    Fixture f([&](Peer& peer, int) { return refuse(row.first, peer); });
    const auto failure = f.connect(f.url());
    REQUIRE(failure);
    CHECK(failure->fault == row.second);
}

TEST_CASE("a connection that ends within the upgrade is an io error", "[websocket]") {
    Fixture f([](Peer& peer, int) {
        return [](Peer& p) -> asio::awaitable<void> {
            co_await p.read_request();
            p.reset();
        }(peer);
    });
    const auto failure = f.connect(f.url());
    REQUIRE(failure);
    CHECK(failure->fault == NetFault::io);
}

TEST_CASE("the deadline ends connecting at every stage", "[websocket]") {
    Fixture f(silent);
    const auto upgrade = f.connect(f.url(), {}, 50ms);
    REQUIRE(upgrade);
    CHECK(upgrade->fault == NetFault::timeout);
    const auto handshake = f.connect(f.url("/", "wss://good.example"), {}, 50ms);
    REQUIRE(handshake);
    CHECK(handshake->fault == NetFault::timeout);
    CHECK_THAT(handshake->message, test::contains("TLS"));
    Fixture half([](Peer& peer, int) { return refuse("HTTP/1.1 101 X\r\nUpgr", peer); });
    CHECK(half.connect(half.url(), {}, 50ms)->fault == NetFault::timeout);
}

asio::awaitable<void> keep_failure(Fixture& f, std::string url, std::optional<NetFault>& out) {
    auto tls = net::create_tls_context(authority().file());
    auto opening = net::connect_websocket(std::move(tls), f.resolver, std::move(url), {}, Deadline::after(1h));
    auto result = co_await std::move(opening);
    out = result ? NetFault::io : result.error().fault;
}

TEST_CASE("connecting can be cancelled", "[websocket]") {
    int arrived = 0;
    Fixture f([&arrived](Peer& peer, int) {
        return [](int& count, Peer& p) -> asio::awaitable<void> {
            co_await p.read_exactly(1);
            ++count;
            co_await p.wait_for_close();
        }(arrived, peer);
    });
    for (const std::string host : {"ws://127.0.0.1", "wss://good.example"}) {
        const int before = arrived;
        TaskGroup tasks(f.context.get_executor(), "test");
        std::optional<NetFault> outcome;
        tasks.spawn("connect", keep_failure(f, f.url("/", host), outcome));
        REQUIRE(f.wait([&] { return arrived > before; }));
        tasks.cancel();
        CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
        CHECK(outcome == NetFault::cancelled);
    }
}

TEST_CASE("WebSockets over TLS work and verify the host", "[websocket]") {
    const auto certificate = authority().issue("DNS:good.example");
    std::vector<RawFrame> seen;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); }, &certificate);
    REQUIRE_FALSE(f.connect(f.url("/", "wss://good.example")));
    const std::string large(1u << 20, 'x');
    f.socket->send_text(large);
    f.socket->send_text("b");
    CHECK((f.read()->payload == large));
    CHECK(f.read()->payload == "b");
    f.close();
    CHECK(f.socket->close_reason().code == 1000);
    CHECK(seen.size() == 3);

    const auto failure = f.connect(f.url("/", "wss://other.example"));
    REQUIRE(failure);
    CHECK(failure->fault == NetFault::tls);
}

TEST_CASE("clear text WebSockets go to loopback only", "[websocket]") {
    Fixture f(silent);
    CHECK(f.connect("ws://example.com/")->fault == NetFault::not_allowed);
    CHECK(f.connect("http://127.0.0.1/")->fault == NetFault::not_allowed);
    CHECK(f.connect("nonsense")->fault == NetFault::not_allowed);
    CHECK(f.server->connections() == 0);
}

TEST_CASE("a connection may be dropped at any time, with everything under way", "[websocket]") {
    const bool loop_goes_too = GENERATE(false, true);
    std::vector<RawFrame> seen;
    std::optional<net::NetResult<net::WebSocketFrame>> read;
    Fixture f([&](Peer& peer, int) { return echo(seen, peer); });
    f.open();
    TaskGroup tasks(f.context.get_executor(), "test");
    tasks.spawn("read", keep_frame(*f.socket, read));
    for (int i = 0; i < 10; ++i)
        f.socket->send_text(std::string(100000, 'x'));
    test::run(f.context, sleep_for(1ms));
    if (loop_goes_too) {
        f.destroy_all_at_once = true;
    } else {
        f.socket.reset();
        CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
        CHECK(read);
    }
}

}  // namespace genie_slack::websocket_test
