// A client that writes bytes as they are, to ask servers what real clients never would.
#pragma once

#include "core/race.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <string>

namespace genie_slack::test {

class RawClient {
 public:
    explicit RawClient(boost::asio::any_io_executor executor) : socket_(executor) {}

    boost::asio::awaitable<void> connect(std::uint16_t port) {
        const boost::asio::ip::tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), port);
        co_await socket_.async_connect(endpoint, boost::asio::use_awaitable);
        socket_.set_option(boost::asio::ip::tcp::no_delay(true));
    }

    boost::asio::awaitable<void> write(std::string text) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(text), boost::asio::use_awaitable);
    }

    // What was read so far once it contains `mark`; everything up to the end of the stream when it never does.
    boost::asio::awaitable<std::string> read_until(std::string mark, Duration limit = std::chrono::seconds(10)) {
        auto reading = read_on(std::move(mark));
        co_await with_deadline(std::move(reading), Deadline::after(limit));
        co_return std::exchange(received_, {});
    }

    boost::asio::awaitable<std::string> read_to_end(Duration limit = std::chrono::seconds(10)) {
        return read_until(std::string("\0never", 6), limit);
    }

    bool at_end() const { return at_end_; }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
    boost::asio::awaitable<void> read_on(std::string mark) {
        std::array<char, 4096> chunk;
        while (received_.find(mark) == std::string::npos) {
            auto [error, size] = co_await socket_.async_read_some(boost::asio::buffer(chunk),
                                                                  boost::asio::as_tuple(boost::asio::use_awaitable));
            received_.append(chunk.data(), size);
            if (error) {
                at_end_ = true;
                co_return;
            }
        }
    }

    boost::asio::ip::tcp::socket socket_;
    std::string received_;
    bool at_end_ = false;
};

}  // namespace genie_slack::test
