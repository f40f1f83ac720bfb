#include "core/net/http_server.hpp"

#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/raw_tcp.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>

namespace genie_slack::http_server_test {

using namespace std::chrono_literals;
namespace asio = boost::asio;

asio::awaitable<net::ServerReply> echo(net::ServerRequest request) {
    if (request.path() == "/boom")
        throw std::runtime_error("broken");
    net::ServerReply reply(200, "text/plain", request.method + " " + request.target + "|" + request.body);
    reply.headers.emplace_back("X-Seen", std::string(request.header("x-test")));
    co_return reply;
}

// A server with its loop; stopped and joined at the end.
struct Fixture {
    explicit Fixture(net::HttpServerOptions options = {}, net::ServerHandler handler = echo)
        : server(net::create_http_server(context.get_executor(), options, std::move(handler))),
          tasks(context.get_executor(), "test") {
        tasks.spawn("server", server->run());
    }
    ~Fixture() {
        tasks.cancel();
        test::run(context, tasks.join(Deadline::after(10s)));
    }

    asio::awaitable<std::string> exchange(std::string request, std::string mark) {
        test::RawClient client(context.get_executor());
        co_await client.connect(server->port());
        co_await client.write(std::move(request));
        auto reply = co_await client.read_until(std::move(mark));
        co_return reply;
    }
    std::string ask(std::string request, std::string mark) {
        return test::run(context, exchange(std::move(request), std::move(mark)));
    }

    asio::io_context context{1};
    std::unique_ptr<net::HttpServer> server;
    TaskGroup tasks;
};

const std::string kEnd("\0never", 6);

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

TEST_CASE("the server hands over the target as sent and the body", "[http_server]") {
    Fixture f;
    const auto reply =
        f.ask("POST /a%2Fb%20c?x=%26+y HTTP/1.1\r\nHost: h\r\nX-Test: v\r\nContent-Length: 5\r\n\r\nhello", "|hello");
    CHECK_THAT(reply, test::contains("HTTP/1.1 200 OK\r\n"));
    CHECK_THAT(reply, test::contains("POST /a%2Fb%20c?x=%26+y|hello"));
    CHECK_THAT(reply, test::contains("X-Seen: v\r\n"));
    CHECK_THAT(reply, test::contains("Connection: keep-alive\r\n"));
    CHECK_THAT(reply, test::contains("\r\nDate: "));
}

TEST_CASE("a request's path and query are split at the first question mark", "[http_server]") {
    net::ServerRequest request;
    request.target = "/a%3F?b?c";
    CHECK(request.path() == "/a%3F");
    CHECK(request.query() == "b?c");
    request.target = "/a";
    CHECK(request.path() == "/a");
    CHECK(request.query().empty());
}

TEST_CASE("requests that arrive in one piece are all answered on one connection", "[http_server]") {
    Fixture f;
    const std::string get = "GET /n HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto reply = f.ask(get + get + "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", kEnd);
    CHECK(count(reply, "HTTP/1.1 200 OK") == 3);
    CHECK_THAT(reply, test::contains("Connection: close\r\n"));
    CHECK_THAT(reply, test::contains("GET /last|"));
}

TEST_CASE("a chunked body is put together", "[http_server]") {
    Fixture f;
    const auto reply = f.ask(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "|abcde");
    CHECK_THAT(reply, test::contains("|abcde"));
}

TEST_CASE("the answer to HEAD has no body", "[http_server]") {
    Fixture f;
    const auto reply = f.ask("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", kEnd);
    CHECK_THAT(reply, test::contains("Content-Length: 8\r\n"));
    CHECK(reply.ends_with("\r\n\r\n"));
}

asio::awaitable<std::pair<std::string, std::string>> ask_with_expect(Fixture& f) {
    test::RawClient client(f.context.get_executor());
    co_await client.connect(f.server->port());
    co_await client.write("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    std::pair<std::string, std::string> replies;
    replies.first = co_await client.read_until("\r\n\r\n");
    co_await client.write("body");
    replies.second = co_await client.read_until("|body");
    co_return replies;
}

TEST_CASE("a client that waits for 100 Continue gets it before it sends the body", "[http_server]") {
    Fixture f;
    const auto replies = test::run(f.context, ask_with_expect(f));
    CHECK(replies.first == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK_THAT(replies.second, test::contains("POST /e|body"));
}

TEST_CASE("what is malformed or too large is refused with a status", "[http_server]") {
    net::HttpServerOptions options;
    options.max_header_bytes = 1024;
    options.max_body_bytes = 1000;
    Fixture f(options);
    CHECK_THAT(f.ask("nonsense\r\n\r\n", kEnd), test::contains("HTTP/1.1 400 "));
    CHECK_THAT(f.ask("GET / HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n", kEnd),
               test::contains("HTTP/1.1 431 "));
    CHECK_THAT(f.ask("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'a'), kEnd),
               test::contains("HTTP/1.1 413 "));
    CHECK_THAT(f.ask("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'a'), "|a"),
               test::contains("HTTP/1.1 200 "));
    CHECK_THAT(
        f.ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'a') + "\r\n0\r\n\r\n",
              kEnd),
        test::contains("HTTP/1.1 413 "));
    const auto refused_early = f.ask("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n", kEnd);
    CHECK_THAT(refused_early, test::contains("HTTP/1.1 413 "));
    CHECK(refused_early.find("100 Continue") == std::string::npos);
}

TEST_CASE("a handler that throws becomes status 500 and the connection lives on", "[http_server]") {
    Fixture f;
    const auto reply =
        f.ask("GET /boom HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n", "GET /next|");
    CHECK_THAT(reply, test::contains("HTTP/1.1 500 "));
    CHECK(reply.find("broken") == std::string::npos);
    CHECK_THAT(reply, test::contains("GET /next|"));
}

TEST_CASE("a slow request and an idle connection are ended", "[http_server]") {
    net::HttpServerOptions options;
    options.idle_timeout = 50ms;
    options.request_timeout = 50ms;
    Fixture f(options);
    CHECK_THAT(f.ask("GET / HTTP/1.1\r\nHost:", kEnd), test::contains("HTTP/1.1 408 "));
    CHECK(f.ask("", kEnd).empty());
    const auto reply = f.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n", kEnd);
    CHECK(count(reply, "HTTP/1.1 ") == 1);
}

asio::awaitable<std::string> ask_beyond_limit(Fixture& f) {
    test::RawClient first(f.context.get_executor());
    co_await first.connect(f.server->port());
    co_await first.write("GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
    co_await first.read_until("GET /first|");
    test::RawClient second(f.context.get_executor());
    co_await second.connect(f.server->port());
    auto reply = co_await second.read_to_end();
    co_return reply;
}

asio::awaitable<void> shout(asio::ip::tcp::socket socket, std::string early) {
    const std::string text = "taken:" + early;
    co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
}

asio::awaitable<void> hold(bool& ended, asio::ip::tcp::socket socket, std::string) {
    try {
        co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
        ended = true;
    }
    socket.close();
}

asio::awaitable<net::ServerReply> hand_over(net::ServerRequest) {
    net::ServerReply reply;
    reply.take_over = shout;
    co_return reply;
}

TEST_CASE("connections beyond the limit are turned away", "[http_server]") {
    net::HttpServerOptions options;
    options.max_connections = 1;
    Fixture f(options);
    const auto reply = test::run(f.context, ask_beyond_limit(f));
    CHECK_THAT(reply, test::contains("HTTP/1.1 503 "));
}

TEST_CASE("a connection that is taken over comes with what was read beyond the request", "[http_server]") {
    Fixture f({}, hand_over);
    CHECK(f.ask("GET /ws HTTP/1.1\r\nHost: h\r\n\r\nEARLY", kEnd) == "taken:EARLY");
}

TEST_CASE("stopping the server ends handlers and taken connections and closes the port", "[http_server]") {
    bool taken_ended = false;
    auto started = std::make_shared<int>(0);
    auto fixture = std::make_unique<Fixture>(
        net::HttpServerOptions{},
        [&taken_ended, started](net::ServerRequest request) -> asio::awaitable<net::ServerReply> {
            return [](bool& ended, std::shared_ptr<int> counter,
                      net::ServerRequest r) -> asio::awaitable<net::ServerReply> {
                ++*counter;
                if (r.path() == "/slow")
                    co_await sleep_for(1h);
                net::ServerReply reply;
                reply.take_over = [&ended](asio::ip::tcp::socket socket, std::string early) {
                    return hold(ended, std::move(socket), std::move(early));
                };
                co_return reply;
            }(taken_ended, started, std::move(request));
        });
    asio::ip::tcp::socket slow(fixture->context), taken(fixture->context), idle(fixture->context);
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), fixture->server->port());
    slow.connect(endpoint);
    taken.connect(endpoint);
    idle.connect(endpoint);
    asio::write(slow, asio::buffer(std::string("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")));
    asio::write(taken, asio::buffer(std::string("GET /taken HTTP/1.1\r\nHost: h\r\n\r\n")));
    REQUIRE(test::run_until(fixture->context, [&] { return *started == 2; }));

    fixture->tasks.cancel();
    CHECK(test::run(fixture->context, fixture->tasks.join(Deadline::after(10s))));
    CHECK(taken_ended);
    boost::system::error_code error;
    asio::ip::tcp::socket late(fixture->context);
    late.connect(endpoint, error);
    CHECK(error == asio::error::connection_refused);
}

TEST_CASE("an address that is taken is an exception", "[http_server]") {
    Fixture f;
    net::HttpServerOptions options;
    options.port = f.server->port();
    CHECK_THROWS_AS(net::create_http_server(f.context.get_executor(), options, echo), boost::system::system_error);
}

}  // namespace genie_slack::http_server_test
