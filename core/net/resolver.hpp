// Host name look-ups that never hold anything else up: getaddrinfo cannot be cancelled (CONTRIBUTING, hung-lookup).
#pragma once

#include "core/clock.hpp"
#include "core/net/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::net {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

// Looks names up on short-lived detached threads, at most a few at a time; a look-up that hangs is abandoned at the
// deadline and delays neither other look-ups nor the exit of the process. Same-name look-ups share one flight. Answers
// are kept for a short time, and the last good answer serves when a later look-up fails.
class Resolver {
 public:
    // The blocking look-up; tests replace it. Called on another thread.
    using Lookup = std::function<NetResult<Endpoints>(const std::string& host, std::uint16_t port)>;

    explicit Resolver(boost::asio::any_io_executor executor, Lookup lookup = {});
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // Addresses in the order to try. Literal addresses answer at once. NetFault::resolve, timeout or cancelled.
    boost::asio::awaitable<NetResult<Endpoints>> resolve(std::string host, std::uint16_t port, Deadline deadline);

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace genie_slack::net
