// A small HTTP/1.1 server on the event loop: the operations endpoint, and the ground of the local look-alikes.
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace genie_slack::net {

struct ServerRequest {
    std::string method;
    std::string target;  // path and query as sent
    Headers headers;
    std::string body;
    boost::asio::ip::tcp::endpoint peer;

    std::string_view header(std::string_view name) const { return find_header(headers, name); }
    std::string_view path() const;   // target up to '?', still percent-encoded
    std::string_view query() const;  // target after '?', still percent-encoded
};

struct ServerReply {
    ServerReply() = default;
    ServerReply(int status_, std::string content_type, std::string body_);
    static ServerReply json(int status, std::string body);

    int status = 200;
    Headers headers;  // Content-Length and Connection are added, and Date unless it is given
    std::string body;
    // When set, no reply is written: the connection is handed over, with what was read beyond the request (a WebSocket
    // upgrade, an event stream, a reset). The connection ends when this returns; cancelled when the server stops.
    std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket socket, std::string early)> take_over;
};

// "Wed, 21 Oct 2015 07:28:00 GMT", as the header Date writes it.
std::string http_date(WallTime time);

// Called per request on the event loop; may suspend. An exception becomes status 500 and a log line.
using ServerHandler = std::function<boost::asio::awaitable<ServerReply>(ServerRequest)>;

struct HttpServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::size_t max_header_bytes = 32u << 10;
    std::size_t max_body_bytes = 64u << 20;
    std::size_t max_connections = 512;
    Duration idle_timeout = std::chrono::seconds(75);
    Duration request_timeout = std::chrono::seconds(30);  // from the first byte to the last of a request
};

// Listens from create_http_server on; serves while run() runs.
class HttpServer {
 public:
    virtual ~HttpServer() = default;
    virtual std::uint16_t port() const = 0;
    // Accepts connections until it is cancelled, then closes all connections and returns when their handlers have
    // ended.
    virtual boost::asio::awaitable<void> run() = 0;
};

// Throws boost::system::system_error when the address cannot be bound.
std::unique_ptr<HttpServer> create_http_server(boost::asio::any_io_executor executor, HttpServerOptions options,
                                               ServerHandler handler);

}  // namespace genie_slack::net
