// WebSocket client connection (RFC 6455), as Slack's Socket Mode needs it.
#pragma once

#include "core/clock.hpp"
#include "core/net/error.hpp"
#include "core/net/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace genie_slack::net {

// What a read brings. Pings are answered with their payload inside read(), at all times, and reported so that the
// caller can count them as life.
struct WebSocketFrame {
    enum class Kind { text, binary, ping, pong };
    Kind kind = Kind::text;
    std::string payload;
};

struct WebSocketClose {
    std::uint16_t code = 1006;
    std::string reason;
};

// One reader and any number of writers, all on the executor's thread.
class WebSocket {
 public:
    virtual ~WebSocket() = default;

    // The next message or control frame. Keep one read pending all the time: pongs are sent by it. NetFault::closed
    // after the peer's close frame (close_reason() tells), io, protocol or too_large: the connection is dead then.
    // cancelled: nothing is lost, the next read goes on. While nobody reads, only the first few pings and pongs are
    // kept.
    virtual boost::asio::awaitable<NetResult<WebSocketFrame>> read() = 0;
    // Queues one text message, sent as a single unfragmented frame, in the order of the calls; several that wait leave
    // in one TCP write. Never blocks; a failure shows in read().
    virtual void send_text(std::string text) = 0;
    virtual void send_ping(std::string payload) = 0;
    // Messages queued and not yet written to the TCP connection.
    virtual std::size_t unsent() const = 0;
    // Sends what is queued, then the closing handshake; ends by the deadline, then the TCP connection is gone.
    virtual boost::asio::awaitable<void> close(std::uint16_t code, Deadline deadline) = 0;
    // Drops the TCP connection; a pending read ends.
    virtual void abort() = 0;
    virtual WebSocketClose close_reason() const = 0;
};

struct WebSocketOptions {
    std::string user_agent = "genie-slack";
    std::size_t max_message_bytes = 16u << 20;
    std::size_t max_queued_bytes = 4u << 20;  // more unsent than this aborts the connection
    ProxySettings proxy;
};

class Resolver;

// Does look-up, TCP, proxy, TLS (SNI, host name verified) and upgrade within the deadline. The URL's path and query are
// sent as given. ws:// goes to loopback only. No compression is offered.
boost::asio::awaitable<NetResult<std::unique_ptr<WebSocket>>> connect_websocket(
    std::shared_ptr<boost::asio::ssl::context> tls, Resolver& resolver, std::string url, WebSocketOptions options,
    Deadline deadline);

}  // namespace genie_slack::net
