// One TCP connection, in clear or under TLS: what HTTP and WebSocket run on.
#pragma once

#include "core/clock.hpp"
#include "core/net/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace genie_slack::net {

class Resolver;
struct Url;

inline constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

// An operation that ended because it was cancelled ends its coroutine too, so that with_deadline sees it as such.
void throw_if_aborted(const boost::system::error_code& error);

// It is a stream of Asio's kind (AsyncReadStream, AsyncWriteStream). Cancelling an operation makes a TLS stream useless
// (CONTRIBUTING, dead-stream).
class Stream {
 public:
    using executor_type = boost::asio::any_io_executor;
    using Socket = boost::asio::ip::tcp::socket;

    explicit Stream(Socket socket) : socket_(std::move(socket)) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    executor_type get_executor() { return socket_.get_executor(); }
    Socket& socket() { return socket_; }

    // Does the client's handshake; the name of the host is sent (unless it is an address) and verified.
    boost::asio::awaitable<NetResult<bool>> start_tls(boost::asio::ssl::context& context, std::string host);

    // Whether the connection has nothing to say: neither data nor its end is waiting. False on a connection that the
    // peer closed, or that should not be used again for what it sent unasked.
    bool is_quiet();
    void close();

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        const auto initiate = [this](auto inner, const Buffers& to) {
            if (tls_)
                tls_->async_read_some(to, std::move(inner));
            else
                socket_.async_read_some(to, std::move(inner));
        };
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(initiate, handler,
                                                                                                  buffers);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        const auto initiate = [this](auto inner, const Buffers& from) {
            if (tls_)
                tls_->async_write_some(from, std::move(inner));
            else
                socket_.async_write_some(from, std::move(inner));
        };
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(initiate, handler,
                                                                                                  buffers);
    }

 private:
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

// What a connection attempt was doing last, for the text of a time-out.
struct ConnectStage {
    const char* doing = "starting";
};

// Does look-up, TCP, proxy ("" for none, else the value of HTTPS_PROXY) and TLS. Every address is tried in turn with a
// fair share of what is left until the deadline; the caller puts the deadline itself around it. Throws when cancelled.
boost::asio::awaitable<NetResult<std::unique_ptr<Stream>>> open_stream(std::shared_ptr<boost::asio::ssl::context> tls,
                                                                       Resolver& resolver, Url url, std::string proxy,
                                                                       Deadline deadline, ConnectStage& stage);

}  // namespace genie_slack::net
