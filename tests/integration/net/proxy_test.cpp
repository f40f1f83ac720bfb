#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/net/websocket.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/websocket_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace genie_slack::proxy_test {

using namespace std::chrono_literals;
using net::NetFault;
using test::Peer;
namespace asio = boost::asio;
using asio::ip::tcp;

const test::Authority& authority() {
    static const test::Authority one;
    return one;
}

// Only the proxy has an address: whoever tries to reach a host directly fails.
net::NetResult<net::Endpoints> lookup(const std::string& host, std::uint16_t port) {
    if (host != "proxy.example" && host != "direct.example")
        return net::NetError(NetFault::resolve, "only the proxy has an address");
    return net::Endpoints{tcp::endpoint(asio::ip::address_v4::loopback(), port)};
}

asio::awaitable<void> answer(Peer& peer) {
    for (;;) {
        const std::string request = co_await peer.read_request();
        if (request.empty())
            co_return;
        co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
}

asio::awaitable<void> greet(Peer& peer) {
    co_await test::accept_websocket(peer);
    co_await test::write_frame(peer, test::kTextFrame, "hello");
    co_await peer.wait_for_close();
}

asio::awaitable<void> pump(Peer& from, tcp::socket& to) {
    for (;;) {
        std::string bytes = co_await from.read_some();
        if (bytes.empty())
            break;
        co_await asio::async_write(to, asio::buffer(bytes), asio::use_awaitable);
    }
    boost::system::error_code ignored;
    to.shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> pump_back(tcp::socket& from, Peer& to) {
    std::array<char, 4096> chunk;
    for (;;) {
        auto [error, size] = co_await from.async_read_some(asio::buffer(chunk), asio::as_tuple(asio::use_awaitable));
        if (error)
            co_return;
        co_await to.write(std::string(chunk.data(), size));
    }
}

// A proxy that tunnels every CONNECT to one port of this machine, or gives a fixed answer.
struct ProxyScript {
    std::uint16_t target = 0;
    std::string fixed_answer;
    std::vector<std::string> requests;
};

asio::awaitable<void> run_proxy(ProxyScript& script, Peer& peer) {
    std::string request = co_await peer.read_until("\r\n\r\n");
    if (request.empty())
        co_return;
    script.requests.push_back(std::move(request));
    if (!script.fixed_answer.empty()) {
        co_await peer.write(script.fixed_answer);
        co_await peer.wait_for_close();
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    tcp::socket upstream(executor);
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), script.target);
    co_await upstream.async_connect(endpoint, asio::use_awaitable);
    co_await peer.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
    TaskGroup back(executor, "proxy");
    back.spawn("back", pump_back(upstream, peer));
    try {
        co_await pump(peer, upstream);
    } catch (const boost::system::system_error&) {
    }
    co_await asio::this_coro::reset_cancellation_state();
    upstream.close();
    co_await back.join(Deadline::after(10s));
}

struct Fixture {
    explicit Fixture(test::ScriptedServer::Script host_script, const std::string& names = "DNS:slack.example")
        : certificate(authority().issue(names)),
          resolver(context.get_executor(), lookup),
          host(context.get_executor(), std::move(host_script), &certificate),
          proxy(context.get_executor(), [this](Peer& peer, int) { return run_proxy(script, peer); }) {
        script.target = host.port();
    }
    ~Fixture() {
        client.reset();
        test::run(context, proxy.stop());
        test::run(context, host.stop());
    }

    net::ProxySettings settings(const std::string& login = "", const std::string& no_proxy = "") const {
        net::ProxySettings result;
        result.https_proxy = "http://" + login + "proxy.example:" + std::to_string(proxy.port());
        result.no_proxy = no_proxy;
        return result;
    }
    net::NetResult<net::HttpResponse> get(const std::string& name, net::ProxySettings proxy_settings,
                                          Duration time = 10s) {
        net::HttpClientOptions options;
        options.proxy = std::move(proxy_settings);
        client = net::create_http_client(context.get_executor(), net::create_tls_context(authority().file()), resolver,
                                         options);
        net::HttpRequest request("GET", "https://" + name + ":" + std::to_string(host.port()) + "/");
        return test::run(context, client->send(std::move(request), Deadline::after(time)), time + 10s);
    }

    asio::io_context context{1};
    test::Certificate certificate;
    net::Resolver resolver;
    ProxyScript script;
    test::ScriptedServer host;
    test::ScriptedServer proxy;
    std::unique_ptr<net::HttpClient> client;
};

TEST_CASE("HTTPS goes through the proxy's tunnel, encrypted end to end", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); });
    const auto response = f.get("slack.example", f.settings("me:p%40ss@"));
    REQUIRE(response);
    CHECK(response->body == "ok");
    const std::string target = "slack.example:" + std::to_string(f.host.port());
    REQUIRE(f.script.requests.size() == 1);
    CHECK(f.script.requests[0] ==
          "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n\r\n");
}

TEST_CASE("a tunnel is kept like any connection", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); });
    REQUIRE(f.get("slack.example", f.settings()));
    net::HttpRequest request("GET", "https://slack.example:" + std::to_string(f.host.port()) + "/again");
    CHECK(test::run(f.context, f.client->send(std::move(request), Deadline::after(10s))));
    CHECK(f.script.requests.size() == 1);
    CHECK(f.host.connections() == 1);
}

TEST_CASE("WebSockets go through the proxy as well", "[proxy]") {
    Fixture f([](Peer& peer, int) { return greet(peer); });
    net::WebSocketOptions options;
    options.proxy = f.settings();
    auto connecting = net::connect_websocket(net::create_tls_context(authority().file()), f.resolver,
                                             "wss://slack.example:" + std::to_string(f.host.port()) + "/link", options,
                                             Deadline::after(10s));
    auto socket = test::run(f.context, std::move(connecting));
    REQUIRE(socket);
    CHECK(test::run(f.context, (*socket)->read())->payload == "hello");
    CHECK(f.script.requests.size() == 1);
}

TEST_CASE("NO_PROXY and loopback are spoken to directly", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); }, "DNS:direct.example,DNS:localhost,IP:127.0.0.1");
    CHECK(f.get("direct.example", f.settings("", "direct.example")));
    CHECK(f.get("localhost", f.settings()));
    CHECK(f.get("127.0.0.1", f.settings()));
    CHECK(f.script.requests.empty());
    CHECK(f.get("direct.example", f.settings()));
    CHECK(f.script.requests.size() == 1);
}

TEST_CASE("a proxy that refuses is an error of connecting that says so without the login", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); });
    const auto check = [&f](const std::string& reply, const std::string& cause) {
        f.script.fixed_answer = reply;
        const auto response = f.get("slack.example", f.settings("me:secret@"));
        REQUIRE_FALSE(response);
        CHECK(response.error().fault == NetFault::connect);
        CHECK_FALSE(response.error().sent);
        CHECK_THAT(response.error().message, test::contains(cause));
        CHECK_THAT(response.error().message, test::contains("proxy.example"));
        CHECK(response.error().message.find("secret") == std::string::npos);
    };
    check("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407");
    check("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno", "403");
    check("SSH-2.0-OpenSSH\r\n\r\n", "does not speak HTTP");
    check("HTTP/1.1 200 OK\r\n\r\nearly", "before the tunnel");
    check("HTTP/1.1 200 OK\r\nX: " + std::string(40000, 'x'), "too large");
    CHECK(f.host.connections() == 0);
}

TEST_CASE("a silent proxy is ended by the deadline", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); });
    f.script.fixed_answer = "HTTP/1.1 ";
    const auto response = f.get("slack.example", f.settings(), 50ms);
    REQUIRE_FALSE(response);
    CHECK(response.error().fault == NetFault::timeout);
    CHECK_FALSE(response.error().sent);
    CHECK_THAT(response.error().message, test::contains("proxy"));
}

TEST_CASE("a malformed HTTPS_PROXY is refused and clear text never goes to a proxy", "[proxy]") {
    Fixture f([](Peer& peer, int) { return answer(peer); });
    net::ProxySettings wrong;
    wrong.https_proxy = "socks5://proxy.example:1080";
    CHECK(f.get("slack.example", wrong).error().fault == NetFault::not_allowed);
    net::HttpClientOptions options;
    options.proxy = f.settings();
    f.client = net::create_http_client(f.context.get_executor(), net::create_tls_context(authority().file()),
                                       f.resolver, options);
    net::HttpRequest request("GET", "http://slack.example/");
    CHECK(test::run(f.context, f.client->send(std::move(request), Deadline::after(10s))).error().fault ==
          NetFault::not_allowed);
    CHECK(f.script.requests.empty());
}

}  // namespace genie_slack::proxy_test
