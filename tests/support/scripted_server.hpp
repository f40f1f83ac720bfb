// A TCP or TLS server whose every connection is one scripted conversation, for what real servers do only on bad days.
#pragma once

#include "core/task_group.hpp"
#include "tests/support/certificates.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace genie_slack::test {

// The server's end of one connection. Its operations throw system_error when the client is gone.
class Peer {
 public:
    Peer(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

    // TLS server handshake; nothing without TLS.
    boost::asio::awaitable<void> handshake();
    boost::asio::awaitable<void> write(std::string text);
    // One byte per TCP segment.
    boost::asio::awaitable<void> write_slowly(std::string text);
    // What is received up to the end of `mark`; what is behind it stays for the next read.
    boost::asio::awaitable<std::string> read_until(std::string mark);
    // What is there, at least one byte unless the client closed.
    boost::asio::awaitable<std::string> read_some();
    boost::asio::awaitable<std::string> read_exactly(std::size_t size);
    // Header and body (by Content-Length) of the next request; empty when the client closed.
    boost::asio::awaitable<std::string> read_request();
    // Returns when the client has closed the connection.
    boost::asio::awaitable<void> wait_for_close();
    // Closes with a TCP reset.
    void reset();
    void close();
    // Ends TLS as it should be ended, then TCP.
    boost::asio::awaitable<void> close_cleanly();
    // The name in the client's hello.
    std::string server_name() const;

 private:
    boost::asio::awaitable<bool> fill();
    boost::asio::awaitable<void> shut_down_tls();

    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    std::string received_;
};

class ScriptedServer {
 public:
    // `number` counts the connections from 0. An exception ends the conversation quietly.
    using Script = std::function<boost::asio::awaitable<void>(Peer& peer, int number)>;

    // Without a certificate: plain TCP. The handshake is made before the script starts unless `raw` is set.
    ScriptedServer(boost::asio::any_io_executor executor, Script script, const Certificate* certificate = nullptr,
                   bool raw = false, const std::string& address = "127.0.0.1");
    ~ScriptedServer();

    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }
    // Ends all conversations; to be awaited before the end of the test.
    boost::asio::awaitable<void> stop();

 private:
    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> converse(boost::asio::ip::tcp::socket socket, int number);

    Script script_;
    std::optional<boost::asio::ssl::context> tls_;
    bool raw_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    int connections_ = 0;
    TaskGroup tasks_;
};

}  // namespace genie_slack::test
