// The HTTP client's connections: idle ones per origin, and how many are open at all.
#pragma once

#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "core/net/stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace genie_slack::net {

class HttpPool : public std::enable_shared_from_this<HttpPool> {
 public:
    HttpPool(boost::asio::any_io_executor executor, std::size_t max_idle, std::size_t max_open, Duration idle_timeout);

    // The right to one connection. Gives its place back when it goes, and its connection too after keep().
    class Lease {
     public:
        Lease(std::shared_ptr<HttpPool> pool, std::string origin, std::unique_ptr<Stream> stream)
            : pool_(std::move(pool)), origin_(std::move(origin)), stream_(std::move(stream)) {}
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        // It is null until adopt() when no idle connection was there.
        Stream* stream() { return stream_.get(); }
        void adopt(std::unique_ptr<Stream> stream) { stream_ = std::move(stream); }
        void keep() { keep_ = true; }

     private:
        std::shared_ptr<HttpPool> pool_;
        std::string origin_;
        std::unique_ptr<Stream> stream_;
        bool keep_ = false;
    };

    // Waits while `origin` has as many connections as it may have; who came first goes first. `fresh` refuses idle
    // ones, and drops them: where one turned out to be dead the others are likely to be.
    boost::asio::awaitable<Lease> acquire(std::string origin, bool fresh);
    void close_idle();

 private:
    struct Idle {
        std::unique_ptr<Stream> stream;
        TimePoint until;
    };
    struct Waiter {
        Condition called;
        bool has_place = false;
    };
    struct Origin {
        std::deque<Idle> idle;      // the newest last
        std::size_t leased = 0;     // also what a waiter has been given and not taken yet
        std::list<Waiter> waiting;  // the first one is the next
    };

    boost::asio::awaitable<void> take_place(Origin& origin);
    static void free_place(Origin& origin);
    void give_back(const std::string& origin, std::unique_ptr<Stream> stream);
    void sweep();
    void arm_sweep();

    std::size_t max_idle_;
    std::size_t max_open_;
    Duration idle_timeout_;
    std::map<std::string, Origin> origins_;
    Timer sweep_timer_;
    bool sweep_armed_ = false;
};

}  // namespace genie_slack::net
