#include "tests/support/scripted_server.hpp"

#include "core/race.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace genie_slack::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace scripted_server_detail {
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
}  // namespace scripted_server_detail

Peer::Peer(tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls)
        tls_.emplace(socket_, *tls);
}

asio::awaitable<void> Peer::handshake() {
    if (tls_)
        co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
}

asio::awaitable<void> Peer::write(std::string text) {
    if (tls_)
        co_await asio::async_write(*tls_, asio::buffer(text), asio::use_awaitable);
    else
        co_await asio::async_write(socket_, asio::buffer(text), asio::use_awaitable);
}

asio::awaitable<void> Peer::write_slowly(std::string text) {
    for (const char c : text)
        co_await write(std::string(1, c));
}

asio::awaitable<bool> Peer::fill() {
    std::array<char, 16384> chunk;
    std::size_t size = 0;
    boost::system::error_code error;
    if (tls_) {
        auto [e, n] = co_await tls_->async_read_some(asio::buffer(chunk), scripted_server_detail::kToken);
        error = e;
        size = n;
    } else {
        auto [e, n] = co_await socket_.async_read_some(asio::buffer(chunk), scripted_server_detail::kToken);
        error = e;
        size = n;
    }
    received_.append(chunk.data(), size);
    co_return !error;
}

asio::awaitable<std::string> Peer::read_until(std::string mark) {
    std::size_t at = 0;
    while ((at = received_.find(mark)) == std::string::npos) {
        const bool more = co_await fill();
        if (!more)
            co_return std::exchange(received_, {});
    }
    std::string result = received_.substr(0, at + mark.size());
    received_.erase(0, at + mark.size());
    co_return result;
}

asio::awaitable<std::string> Peer::read_some() {
    if (received_.empty())
        co_await fill();
    co_return std::exchange(received_, {});
}

asio::awaitable<std::string> Peer::read_exactly(std::size_t size) {
    while (received_.size() < size) {
        const bool more = co_await fill();
        if (!more)
            break;
    }
    std::string result = received_.substr(0, size);
    received_.erase(0, result.size());
    co_return result;
}

asio::awaitable<std::string> Peer::read_request() {
    std::string request = co_await read_until("\r\n\r\n");
    const std::string name = "Content-Length: ";
    if (const auto at = request.find(name); at != std::string::npos) {
        const auto size = std::strtoul(request.c_str() + at + name.size(), nullptr, 10);
        request += co_await read_exactly(size);
    }
    co_return request;
}

asio::awaitable<void> Peer::wait_for_close() {
    bool more = true;
    while (more)
        more = co_await fill();
}

void Peer::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

void Peer::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> Peer::shut_down_tls() {
    co_await tls_->async_shutdown(scripted_server_detail::kToken);
}

asio::awaitable<void> Peer::close_cleanly() {
    if (tls_) {
        // The notice goes out at once; not every client answers it.
        auto shutdown = shut_down_tls();
        co_await with_deadline(std::move(shutdown), Deadline::after(std::chrono::milliseconds(20)));
    }
    close();
}

std::string Peer::server_name() const {
    auto& tls = const_cast<Peer*>(this)->tls_;
    const char* name = tls ? SSL_get_servername(tls->native_handle(), TLSEXT_NAMETYPE_host_name) : nullptr;
    return name ? name : "";
}

ScriptedServer::ScriptedServer(asio::any_io_executor executor, Script script, const Certificate* certificate, bool raw,
                               const std::string& address)
    : script_(std::move(script)),
      raw_(raw),
      acceptor_(executor, tcp::endpoint(asio::ip::make_address(address), 0)),
      port_(acceptor_.local_endpoint().port()),
      tasks_(executor, "scripted_server") {
    if (certificate) {
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->use_certificate_chain(asio::buffer(certificate->certificate_pem));
        tls_->use_private_key(asio::buffer(certificate->key_pem), asio::ssl::context::pem);
    }
    tasks_.spawn("accept", accept_all());
}

ScriptedServer::~ScriptedServer() = default;

asio::awaitable<void> ScriptedServer::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    tasks_.cancel();
    co_await tasks_.join(Deadline::after(std::chrono::seconds(10)));
}

asio::awaitable<void> ScriptedServer::accept_all() {
    for (;;) {
        auto accepted = co_await acceptor_.async_accept(scripted_server_detail::kToken);
        auto& [error, socket] = accepted;
        if (error)
            co_return;
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        tasks_.spawn("conversation", converse(std::move(socket), connections_++));
    }
}

asio::awaitable<void> ScriptedServer::converse(tcp::socket socket, int number) {
    Peer peer(std::move(socket), tls_ ? &*tls_ : nullptr);
    try {
        if (!raw_)
            co_await peer.handshake();
        co_await script_(peer, number);
    } catch (const std::exception&) {
    }
}

}  // namespace genie_slack::test
