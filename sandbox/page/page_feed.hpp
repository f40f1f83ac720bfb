// The live line to the browsers: server-sent events with a bounded backlog per browser.
#pragma once

#include "core/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/object.hpp>

#include <deque>
#include <functional>
#include <list>
#include <string>
#include <string_view>

namespace genie_slack::sandbox {

// A browser first gets a "snapshot", then the events in order. One that is too slow loses them and gets a new snapshot.
class PageFeed {
 public:
    struct Limits {
        std::size_t max_backlog = 256;
        Duration heartbeat = std::chrono::seconds(10);
        std::size_t max_clients = 64;
    };
    using Snapshot = std::function<boost::json::object(const std::string& user)>;

    PageFeed(boost::asio::any_io_executor executor, Limits limits, Snapshot snapshot);

    // Queues an event for the browsers of `only_user`, or for all when it is "".
    void broadcast(std::string_view event, const boost::json::object& data, std::string_view only_user = {});
    // Every browser gets a new snapshot instead of what waits for it.
    void resync();
    bool full() const { return clients_.size() >= limits_.max_clients; }
    std::size_t size() const { return clients_.size(); }
    // Serves one browser until it is gone or the coroutine is cancelled.
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, std::string user);

 private:
    struct Client {
        Client(const boost::asio::any_io_executor& executor, std::string user_)
            : user(std::move(user_)), wake(executor) {}
        std::string user;
        std::deque<std::string> waiting;
        bool snapshot_due = true;
        Timer wake;
    };

    std::string next_output(Client& client);

    boost::asio::any_io_executor executor_;
    Limits limits_;
    Snapshot snapshot_;
    std::list<Client> clients_;
};

}  // namespace genie_slack::sandbox
