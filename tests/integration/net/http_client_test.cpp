#include "core/net/http_client.hpp"

#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"

#include <boost/asio/io_context.hpp>

#include <openssl/ssl.h>

namespace genie_slack::http_client_test {

using namespace std::chrono_literals;
using net::NetFault;
namespace asio = boost::asio;

const test::Authority& authority() {
    static const test::Authority one;
    return one;
}

// Names of the tests resolve to the loopback; "nowhere.example" has no address.
net::NetResult<net::Endpoints> lookup(const std::string& host, std::uint16_t port) {
    if (host == "nowhere.example")
        return net::NetError(NetFault::resolve, "no such name");
    return net::Endpoints{asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)};
}

struct Fixture {
    explicit Fixture(test::ScriptedServer::Script script, net::HttpClientOptions options = {},
                     const test::Certificate* certificate = nullptr, bool raw = false,
                     const std::string& address = "127.0.0.1")
        : resolver(context.get_executor(), lookup),
          server(std::make_unique<test::ScriptedServer>(context.get_executor(), std::move(script), certificate, raw,
                                                        address)),
          client(net::create_http_client(context.get_executor(), net::create_tls_context(authority().file()), resolver,
                                         options)) {}
    ~Fixture() {
        client.reset();
        test::run(context, server->stop());
    }

    std::string url(const std::string& path = "/", const std::string& host = "http://127.0.0.1") const {
        return host + ":" + std::to_string(server->port()) + path;
    }
    net::NetResult<net::HttpResponse> send(net::HttpRequest request, Duration time = 10s) {
        return test::run(context, client->send(std::move(request), Deadline::after(time)), time + 10s);
    }
    net::NetResult<net::HttpResponse> get(const std::string& path = "/") {
        return send(net::HttpRequest("GET", url(path)));
    }
    net::NetResult<net::HttpResponse> get_tls(const std::string& host, Duration time = 10s) {
        return send(net::HttpRequest("GET", url("/", "https://" + host)), time);
    }
    net::NetResult<net::HttpResponse> post(std::string body, Duration time = 10s) {
        net::HttpRequest request("POST", url("/post"));
        request.body = std::move(body);
        return send(std::move(request), time);
    }

    asio::io_context context{1};
    net::Resolver resolver;
    std::unique_ptr<test::ScriptedServer> server;
    std::unique_ptr<net::HttpClient> client;
};

using test::Peer;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Answers every request with the same text.
asio::awaitable<void> always(std::string reply, std::vector<std::string>& requests, Peer& peer) {
    for (;;) {
        std::string request = co_await peer.read_request();
        if (request.empty())
            co_return;
        requests.push_back(std::move(request));
        co_await peer.write(reply);
    }
}

// Answers one request, then does nothing until the client goes.
asio::awaitable<void> answer_once(std::string reply, Peer& peer) {
    co_await peer.read_request();
    co_await peer.write(std::move(reply));
    co_await peer.wait_for_close();
}

asio::awaitable<void> answer_slowly(std::string reply, Peer& peer) {
    co_await peer.read_request();
    co_await peer.write_slowly(std::move(reply));
    co_await peer.wait_for_close();
}

asio::awaitable<void> answer_and_close(std::string reply, Peer& peer) {
    co_await peer.read_request();
    co_await peer.write(std::move(reply));
    co_await peer.close_cleanly();
}

asio::awaitable<void> answer_and_reset(std::string reply, Peer& peer) {
    co_await peer.read_request();
    co_await peer.write(std::move(reply));
    peer.reset();
}

asio::awaitable<void> silent(Peer& peer, int) {
    co_await peer.wait_for_close();
}

test::ScriptedServer::Script once(std::string reply) {
    return [reply](Peer& peer, int) { return answer_once(reply, peer); };
}

TEST_CASE("a request is sent as asked and its response comes back", "[http_client]") {
    std::vector<std::string> requests;
    Fixture f([&](Peer& peer, int) {
        return always("HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello", requests, peer);
    });
    net::HttpRequest request("POST", f.url("/a%2Fb?x=%26+y#fragment"));
    request.headers.emplace_back("Authorization", "Bearer token");
    request.headers.emplace_back("host", "other");
    request.body = "the body";
    const auto response = f.send(std::move(request));
    REQUIRE(response);
    CHECK(response->status == 201);
    CHECK(response->header("x-a") == "1");
    CHECK(response->body == "hello");
    REQUIRE(requests.size() == 1);
    CHECK(requests[0] == "POST /a%2Fb?x=%26+y HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(f.server->port()) +
                             "\r\nUser-Agent: genie-slack\r\nConnection: keep-alive\r\nAuthorization: Bearer token\r\n"
                             "Content-Length: 8\r\n\r\nthe body");
}

TEST_CASE("every status but a redirect is a response", "[http_client]") {
    for (const int status : {200, 404, 429, 500, 503, 304}) {
        Fixture f(once("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n"));
        const auto response = f.get();
        REQUIRE(response);
        CHECK(response->status == status);
    }
}

TEST_CASE("a redirect is an error and is not followed", "[http_client]") {
    std::vector<std::string> requests;
    Fixture f([&](Peer& peer, int) {
        return always("HTTP/1.1 302 Found\r\nLocation: /secret\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
                      requests, peer);
    });
    const auto response = f.get();
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::redirect);
    CHECK(response.error().http_status == 302);
    CHECK(response.error().retry_after_seconds == 7);
    CHECK(response.error().sent);
    CHECK(response.error().message.find("secret") == std::string::npos);
    CHECK(requests.size() == 1);
}

TEST_CASE("requests share a kept connection", "[http_client]") {
    std::vector<std::string> requests;
    Fixture f([&](Peer& peer, int) { return always(kOk, requests, peer); });
    for (int i = 0; i < 5; ++i)
        REQUIRE(f.get());
    CHECK(requests.size() == 5);
    CHECK(f.server->connections() == 1);
    f.client->close_idle();
    REQUIRE(f.get());
    CHECK(f.server->connections() == 2);
}

TEST_CASE("a connection is not kept when the response says so", "[http_client]") {
    Fixture f(once("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    REQUIRE(f.get());
    REQUIRE(f.get());
    CHECK(f.server->connections() == 2);
}

TEST_CASE("a connection on which more came than was asked for is not used again", "[http_client]") {
    Fixture f(once(kOk + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"));
    CHECK(f.get()->body == "ok");
    CHECK(f.get()->body == "ok");
    CHECK(f.server->connections() == 2);
}

TEST_CASE("idle connections are closed after their time", "[http_client]") {
    net::HttpClientOptions options;
    options.idle_timeout = 30ms;
    bool closed = false;
    Fixture f(
        [&closed](Peer& peer, int) {
            return [](bool& done, Peer& p) -> asio::awaitable<void> {
                co_await answer_once(kOk, p);
                done = true;
            }(closed, peer);
        },
        options);
    REQUIRE(f.get());
    CHECK(test::run_until(f.context, [&] { return closed; }));
}

TEST_CASE("bodies come whole in every way that HTTP delimits them", "[http_client]") {
    CHECK(Fixture(
              once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n"))
              .get()
              ->body == "abcde");
    CHECK(Fixture([](Peer& p, int) { return answer_and_close("HTTP/1.1 200 OK\r\n\r\nto the end", p); }).get()->body ==
          "to the end");
    CHECK(Fixture([](Peer& p, int) { return answer_slowly("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow", p); })
              .get()
              ->body == "slow");
    CHECK(Fixture([](Peer& p, int) {
              return answer_slowly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n0\r\n\r\n", p);
          })
              .get()
              ->body == "slow");
    CHECK(Fixture(once("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + kOk)).get()->body ==
          "ok");
    CHECK(Fixture(once("HTTP/1.1 204 No Content\r\n\r\n")).get()->status == 204);
    const std::string large(3u << 20, 'x');
    CHECK(Fixture(once("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large))
              .get()
              ->body == large);
}

TEST_CASE("the response to HEAD has no body", "[http_client]") {
    std::vector<std::string> requests;
    Fixture f([&](Peer& peer, int) {
        return always("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", requests, peer);
    });
    for (int i = 0; i < 2; ++i)
        CHECK(f.send(net::HttpRequest("HEAD", f.url()))->body.empty());
    CHECK(f.server->connections() == 1);
}

TEST_CASE("a response beyond the limit is refused", "[http_client]") {
    const std::string large(1001, 'x');
    const std::string reply = GENERATE_COPY(
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + large + "\r\n0\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\n\r\n" + large),
        std::string("HTTP/1.1 200 OK\r\nX-Large: " + std::string(100000, 'x') + "\r\nContent-Length: 0\r\n\r\n"));
    Fixture f(once(reply));
    net::HttpRequest request("GET", f.url());
    request.max_response_bytes = 1000;
    const auto response = f.send(std::move(request));
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::too_large);
    CHECK(response.error().sent);
}

TEST_CASE("what is not HTTP is a protocol error", "[http_client]") {
    const std::string reply = GENERATE(std::string("SSH-2.0-OpenSSH\r\n\r\n"), std::string("HTTP/1.1 abc\r\n\r\n"),
                                       std::string("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
                                       std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                                       std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
    Fixture f(once(reply));
    const auto response = f.get();
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::protocol);
    CHECK(response.error().sent);
}

TEST_CASE("a connection that ends within the response is an error", "[http_client]") {
    const std::string part = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    {
        Fixture f([&](Peer& peer, int) { return answer_and_reset(part, peer); });
        const auto response = f.get();
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::io);
        CHECK(response.error().sent);
        CHECK(f.server->connections() == 1);
    }
    {
        Fixture f([&](Peer& peer, int) { return answer_and_close(part, peer); });
        CHECK(f.get().error().fault == NetFault::io);
    }
    {
        Fixture f([&](Peer& peer, int) { return answer_and_close("HTTP/1.1 200 O", peer); });
        CHECK(f.get().error().fault == NetFault::io);
    }
}

// The first connection answers once and is closed by the server as soon as the next request begins to arrive.
asio::awaitable<void> die_at_second_request(int& requests, Peer& peer, int number) {
    co_await peer.read_request();
    ++requests;
    co_await peer.write(kOk);
    if (number == 0) {
        co_await peer.read_exactly(1);
        ++requests;
        peer.reset();
        co_return;
    }
    co_await peer.wait_for_close();
}

asio::awaitable<void> answer_then_close(bool& closed, Peer& peer, int number) {
    co_await peer.read_request();
    co_await peer.write(kOk);
    if (number == 0) {
        co_await peer.close_cleanly();
        closed = true;
        co_return;
    }
    co_await peer.wait_for_close();
}

TEST_CASE("a GET on a kept connection that dies is repeated once, a POST is reported as sent", "[http_client]") {
    int requests = 0;
    Fixture get([&](Peer& peer, int number) { return die_at_second_request(requests, peer, number); });
    REQUIRE(get.get());
    const auto repeated = get.get();
    REQUIRE(repeated);
    CHECK(repeated->body == "ok");
    CHECK(get.server->connections() == 2);
    CHECK(requests == 3);

    requests = 0;
    Fixture post([&](Peer& peer, int number) { return die_at_second_request(requests, peer, number); });
    REQUIRE(post.post("1"));
    const auto lost = post.post("2");
    REQUIRE_FALSE(lost);
    CHECK(lost.error().fault == NetFault::io);
    CHECK(lost.error().sent);
    CHECK(post.server->connections() == 1);
}

TEST_CASE("a kept connection that the server closed meanwhile is not used for a POST", "[http_client]") {
    bool closed = false;
    Fixture f([&](Peer& peer, int number) { return answer_then_close(closed, peer, number); });
    REQUIRE(f.post("1"));
    REQUIRE(test::run_until(f.context, [&] { return closed; }));
    REQUIRE(f.post("2"));
    CHECK(f.server->connections() == 2);
}

TEST_CASE("a kept TLS connection that the server closed meanwhile is not used for a POST", "[http_client]") {
    bool closed = false;
    const auto certificate = authority().issue("DNS:good.example");
    Fixture f([&](Peer& peer, int number) { return answer_then_close(closed, peer, number); }, {}, &certificate);
    const auto post = [&f] { return net::HttpRequest("POST", f.url("/", "https://good.example")); };
    REQUIRE(f.send(post()));
    REQUIRE(test::run_until(f.context, [&] { return closed; }));
    REQUIRE(f.send(post()));
    CHECK(f.server->connections() == 2);
}

TEST_CASE("a first connection that dies is not tried again", "[http_client]") {
    Fixture f([](Peer& peer, int) { return answer_and_reset("", peer); });
    const auto response = f.get();
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::io);
    CHECK(response.error().sent);
    CHECK(f.server->connections() == 1);
}

TEST_CASE("a request that cannot start was not sent", "[http_client]") {
    Fixture f(once(kOk));
    const auto check = [&f](net::HttpRequest request, NetFault code) {
        const auto response = f.send(std::move(request));
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == code);
        CHECK_FALSE(response.error().sent);
    };
    check(net::HttpRequest("GET", "http://example.com/"), NetFault::not_allowed);
    check(net::HttpRequest("GET", "http://10.0.0.1/"), NetFault::not_allowed);
    check(net::HttpRequest("GET", "wss://example.com/"), NetFault::not_allowed);
    check(net::HttpRequest("GET", "https://nowhere.example/"), NetFault::resolve);
    check(net::HttpRequest("GET\r\nX: y", f.url()), NetFault::not_allowed);
    net::HttpRequest split("GET", f.url());
    split.headers.emplace_back("X", "a\r\nY: b");
    check(split, NetFault::not_allowed);
    split.headers = {net::Header("X:", "a")};
    check(split, NetFault::not_allowed);

    const auto port = std::to_string(f.server->port());
    test::run(f.context, f.server->stop());
    check(net::HttpRequest("POST", "http://127.0.0.1:" + port + "/"), NetFault::connect);
    CHECK(f.server->connections() == 0);
}

TEST_CASE("an IPv6 literal is connected to", "[http_client]") {
    std::vector<std::string> requests;
    try {
        Fixture f([&](Peer& peer, int) { return always(kOk, requests, peer); }, {}, nullptr, false, "::1");
        REQUIRE(f.send(net::HttpRequest("GET", f.url("/", "http://[::1]"))));
        CHECK_THAT(requests.at(0), test::contains("Host: [::1]:" + std::to_string(f.server->port()) + "\r\n"));
    } catch (const boost::system::system_error&) {
        WARN("this machine has no IPv6 loopback");
    }
}

TEST_CASE("localhost falls back to the address that answers", "[http_client]") {
    Fixture f(once(kOk));
    CHECK(f.send(net::HttpRequest("GET", f.url("/", "http://localhost"))));
    CHECK(f.send(net::HttpRequest("GET", f.url("/", "http://api.localhost"))));
}

TEST_CASE("TLS is spoken with the host that the URL names", "[http_client]") {
    const auto certificate = authority().issue("DNS:good.example,IP:127.0.0.1");
    std::string name;
    std::vector<std::string> requests;
    Fixture f(
        [&](Peer& peer, int) {
            name = peer.server_name();
            return always(kOk, requests, peer);
        },
        {}, &certificate);
    REQUIRE(f.get_tls("good.example"));
    CHECK(name == "good.example");
    REQUIRE(f.get_tls("good.example"));
    CHECK(f.server->connections() == 1);
    REQUIRE(f.get_tls("127.0.0.1"));
    CHECK(name.empty());
}

TEST_CASE("a certificate that does not fit is refused before anything is sent", "[http_client]") {
    const test::Authority stranger;
    std::vector<std::string> requests;
    const auto check = [&](const test::Certificate& certificate, const std::string& host, const std::string& cause) {
        Fixture f([&](Peer& peer, int) { return always(kOk, requests, peer); }, {}, &certificate);
        const auto response = f.get_tls(host);
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::tls);
        CHECK_FALSE(response.error().sent);
        CHECK_THAT(response.error().message, test::contains(cause));
        CHECK_THAT(response.error().message, test::contains(host));
    };
    check(authority().issue("DNS:other.example"), "good.example", "hostname mismatch");
    check(authority().issue("DNS:*.example"), "good.sub.example", "hostname mismatch");
    check(authority().issue("DNS:good.example"), "127.0.0.1", "IP address mismatch");
    check(authority().issue("DNS:good.example", true), "good.example", "expired");
    check(stranger.issue("DNS:good.example"), "good.example", "unable to get");
    CHECK(requests.empty());
}

TEST_CASE("a server that speaks no TLS is an error of TLS", "[http_client]") {
    Fixture f([](Peer& peer, int) { return peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    const auto response = f.get_tls("good.example");
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::tls);
}

TEST_CASE("a TLS response that is cut off is not taken for a whole one", "[http_client]") {
    const auto certificate = authority().issue("DNS:good.example");
    Fixture f(
        [](Peer& peer, int) {
            return [](Peer& p) -> asio::awaitable<void> {
                co_await p.read_request();
                co_await p.write("HTTP/1.1 200 OK\r\n\r\ncut o");
                p.close();
            }(peer);
        },
        {}, &certificate);
    const auto response = f.get_tls("good.example");
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::io);
}

TEST_CASE("a CA file that cannot be read is named", "[tls]") {
    CHECK_THROWS_WITH(net::create_tls_context("/nonexistent/ca.pem"), test::contains("/nonexistent/ca.pem"));
    CHECK(net::create_tls_context("") != nullptr);
}

TEST_CASE("old TLS versions are not spoken and private authorities not trusted unasked", "[tls]") {
    const auto context = net::create_tls_context("");
    CHECK(SSL_CTX_get_min_proto_version(context->native_handle()) == TLS1_2_VERSION);
    const auto certificate = authority().issue("DNS:good.example");
    Fixture f(once(kOk), {}, &certificate);
    f.client = net::create_http_client(f.context.get_executor(), context, f.resolver);
    const auto response = f.get_tls("good.example");
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::tls);
}

TEST_CASE("the deadline ends a request at every stage", "[http_client]") {
    const auto certificate = authority().issue("DNS:good.example");
    {
        INFO("TLS handshake");
        Fixture f(silent, {}, nullptr);
        // Long enough for the look-up and the connection on a busy machine.
        const auto response = f.get_tls("good.example", 1s);
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::timeout);
        CHECK_FALSE(response.error().sent);
        CHECK_THAT(response.error().message, test::contains("TLS"));
    }
    {
        INFO("connect_timeout is shorter than the deadline");
        net::HttpClientOptions options;
        options.connect_timeout = 50ms;
        Fixture f(silent, options, nullptr);
        const auto response = f.get_tls("good.example", 20s);
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::timeout);
        CHECK_FALSE(response.error().sent);
    }
    {
        INFO("no response");
        Fixture f(silent);
        const auto response = f.post("x", 50ms);
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::timeout);
        CHECK(response.error().sent);
    }
    {
        INFO("half a response");
        Fixture f(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
        CHECK(f.post("x", 50ms).error().fault == NetFault::timeout);
    }
    {
        INFO("a deadline that is over already");
        Fixture f(once(kOk));
        CHECK(f.post("x", 0ms).error().fault == NetFault::timeout);
    }
    {
        INFO("a server that does not read");
        Fixture f([](Peer&, int) { return sleep_for(1h); });
        const auto response = f.post(std::string(30u << 20, 'x'), 100ms);
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::timeout);
        CHECK(response.error().sent);
    }
}

asio::awaitable<void> keep_outcome(net::HttpClient& client, std::string url,
                                   std::optional<net::NetResult<net::HttpResponse>>& outcome, Duration time = 1h) {
    net::HttpRequest request("POST", std::move(url));
    outcome = co_await client.send(std::move(request), Deadline::after(time));
}

TEST_CASE("a cancelled request ends at once and says whether it was sent", "[http_client]") {
    int arrived = 0;
    Fixture f([&arrived](Peer& peer, int) {
        return [](int& count, Peer& p) -> asio::awaitable<void> {
            co_await p.read_exactly(1);
            ++count;
            co_await p.wait_for_close();
        }(arrived, peer);
    });
    for (const bool tls : {false, true}) {
        TaskGroup tasks(f.context.get_executor(), "test");
        std::optional<net::NetResult<net::HttpResponse>> outcome;
        const int before = arrived;
        tasks.spawn("send",
                    keep_outcome(*f.client, f.url("/", tls ? "https://good.example" : "http://127.0.0.1"), outcome));
        REQUIRE(test::run_until(f.context, [&] { return arrived > before; }));
        tasks.cancel();
        CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
        REQUIRE(outcome);
        REQUIRE_FALSE(*outcome);
        CHECK(outcome->error().fault == NetFault::cancelled);
        // Under TLS only the handshake had begun.
        CHECK(outcome->error().sent == !tls);
    }
}

TEST_CASE("a host gets no more connections at once than allowed", "[http_client]") {
    net::HttpClientOptions options;
    options.max_connections_per_host = 2;
    std::vector<std::string> requests;
    Fixture f([&](Peer& peer, int) { return always(kOk, requests, peer); }, options);
    TaskGroup tasks(f.context.get_executor(), "test");
    std::vector<std::optional<net::NetResult<net::HttpResponse>>> outcomes(20);
    for (auto& outcome : outcomes)
        tasks.spawn("send", keep_outcome(*f.client, f.url(), outcome));
    CHECK(test::run(f.context, tasks.join(Deadline::after(20s))));
    for (const auto& outcome : outcomes)
        CHECK((outcome && *outcome));
    CHECK(f.server->connections() == 2);
    CHECK(requests.size() == 20);
}

TEST_CASE("waiting for a free connection is bounded by the deadline", "[http_client]") {
    net::HttpClientOptions options;
    options.max_connections_per_host = 1;
    Fixture f(silent, options);
    TaskGroup tasks(f.context.get_executor(), "test");
    std::optional<net::NetResult<net::HttpResponse>> first;
    tasks.spawn("send", keep_outcome(*f.client, f.url(), first));
    REQUIRE(test::run_until(f.context, [&] { return f.server->connections() == 1; }));
    const auto second = f.post("x", 50ms);
    REQUIRE_FALSE(second);
    CHECK(second.error().fault == NetFault::timeout);
    CHECK_FALSE(second.error().sent);
    tasks.cancel();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    CHECK(f.server->connections() == 1);
}

}  // namespace genie_slack::http_client_test
