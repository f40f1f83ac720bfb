#include "core/net/stream.hpp"

#include "core/net/proxy.hpp"
#include "core/net/resolver.hpp"
#include "core/net/url.hpp"
#include "core/race.hpp"

#include <boost/asio/write.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace genie_slack::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace stream_detail {

constexpr std::size_t kMaxProxyReply = 16u << 10;

bool is_address(const std::string& host) {
    error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

// Tells OpenSSL whom we expect. Returns false when it is out of memory.
bool expect_host(SSL* ssl, const std::string& host) {
    X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

asio::awaitable<error_code> connect_one(tcp::socket& socket, tcp::endpoint endpoint) {
    auto [error] = co_await socket.async_connect(endpoint, kAsTuple);
    throw_if_aborted(error);
    co_return error;
}

asio::awaitable<NetResult<tcp::socket>> connect_any(Endpoints endpoints, std::string host, Deadline deadline) {
    const auto executor = co_await asio::this_coro::executor;
    std::string cause = "no address";
    bool timed_out = false;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        tcp::socket socket(executor);
        Deadline share = deadline;
        if (!deadline.is_never())
            share = deadline.sooner(deadline.remaining() / static_cast<Duration::rep>(endpoints.size() - i));
        const auto result = co_await with_deadline(connect_one(socket, endpoints[i]), share);
        timed_out = !result;
        if (result && !*result) {
            error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            socket.set_option(asio::socket_base::keep_alive(true), ignored);
            co_return std::move(socket);
        }
        cause = result ? result->message() : "no answer in time";
    }
    co_return NetError(timed_out ? NetFault::timeout : NetFault::connect, "cannot connect to " + host + ": " + cause);
}

// Makes `socket`, which is connected to the proxy, a tunnel to the URL's host.
asio::awaitable<NetResult<bool>> open_tunnel(tcp::socket& socket, Proxy proxy, Url url) {
    const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    const std::string target = host + ":" + std::to_string(url.port);
    std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy.authorization.empty())
        request += "Proxy-Authorization: " + proxy.authorization + "\r\n";
    request += "\r\n";
    const std::string who = "the proxy " + proxy.host;
    auto [write_error, written] = co_await asio::async_write(socket, asio::buffer(request), kAsTuple);
    throw_if_aborted(write_error);
    if (write_error)
        co_return NetError(NetFault::connect, who + " broke the connection: " + write_error.message());

    std::string reply;
    std::array<char, 1024> chunk;
    std::size_t end = std::string::npos;
    while ((end = reply.find("\r\n\r\n")) == std::string::npos) {
        if (reply.size() > stream_detail::kMaxProxyReply)
            co_return NetError(NetFault::connect, who + " answered with too large a header");
        auto [error, size] = co_await socket.async_read_some(asio::buffer(chunk), kAsTuple);
        throw_if_aborted(error);
        if (error)
            co_return NetError(NetFault::connect, who + " closed the connection: " + error.message());
        reply.append(chunk.data(), size);
    }
    const bool is_http = reply.size() > 12 && reply.starts_with("HTTP/1.") && reply[8] == ' ';
    const std::string status = is_http ? reply.substr(9, 3) : "";
    if (!is_http || status.find_first_not_of("0123456789") != std::string::npos)
        co_return NetError(NetFault::connect, who + " does not speak HTTP");
    if (status[0] != '2') {
        const bool wants_login = status == "407";
        co_return NetError(NetFault::connect, who + " refused the tunnel to " + url.host + " with status " + status +
                                                  (wants_login ? ": HTTPS_PROXY needs user:password@" : ""));
    }
    // A TLS server stays silent until it is greeted; anything behind the header would be lost or forged.
    if (end + 4 != reply.size())
        co_return NetError(NetFault::connect, who + " sent data before the tunnel was used");
    co_return true;
}

}  // namespace stream_detail

void throw_if_aborted(const error_code& error) {
    if (error == asio::error::operation_aborted)
        throw boost::system::system_error(error);
}

asio::awaitable<NetResult<bool>> Stream::start_tls(asio::ssl::context& context, std::string host) {
    tls_.emplace(socket_, context);
    if (!stream_detail::expect_host(tls_->native_handle(), host))
        co_return NetError(NetFault::tls, "TLS with " + host + ": the host name can't be used");
    auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kAsTuple);
    throw_if_aborted(error);
    if (!error)
        co_return true;
    const long verdict = SSL_get_verify_result(tls_->native_handle());
    const std::string cause =
        verdict != X509_V_OK ? std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict)
                             : error.message();
    co_return NetError(NetFault::tls, "TLS with " + host + ": " + cause);
}

bool Stream::is_quiet() {
    char byte = 0;
    const auto size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Stream::close() {
    error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<NetResult<std::unique_ptr<Stream>>> open_stream(std::shared_ptr<asio::ssl::context> tls,
                                                                Resolver& resolver, Url url, std::string proxy,
                                                                Deadline deadline, ConnectStage& stage) {
    Proxy via;
    if (!proxy.empty() && url.is_tls()) {
        auto parsed = parse_proxy(proxy);
        if (!parsed)
            co_return parsed.error();
        via = std::move(*parsed);
    }
    const std::string host = via.host.empty() ? url.host : via.host;
    const std::uint16_t port = via.host.empty() ? url.port : via.port;

    stage.doing = "looking the name up";
    auto endpoints = co_await resolver.resolve(host, port, deadline);
    if (!endpoints) {
        // A cancelled look-up is the caller's doing: it has to see an exception.
        if (endpoints.error().fault == NetFault::cancelled)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return endpoints.error();
    }
    stage.doing = "connecting";
    auto socket = co_await stream_detail::connect_any(std::move(*endpoints), host, deadline);
    if (!socket)
        co_return socket.error();
    auto stream = std::make_unique<Stream>(std::move(*socket));
    if (!via.host.empty()) {
        stage.doing = "waiting for the proxy";
        auto tunnel = co_await stream_detail::open_tunnel(stream->socket(), via, url);
        if (!tunnel)
            co_return tunnel.error();
    }
    if (url.is_tls()) {
        stage.doing = "in the TLS handshake";
        auto secured = co_await stream->start_tls(*tls, url.host);
        if (!secured)
            co_return secured.error();
    }
    co_return std::move(stream);
}

}  // namespace genie_slack::net
