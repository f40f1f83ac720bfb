#include "sandbox/page/page_feed.hpp"

#include "core/race.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace page_feed_detail {

constexpr Duration kWriteLimit = std::chrono::seconds(10);
constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream\r\n"
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
    "\r\n";

// Serialized JSON has no line ends, so that one data line is enough.
std::string event_text(std::string_view event, const boost::json::object& data) {
    std::string out = "event: ";
    out += event;
    out += "\ndata: ";
    out += boost::json::serialize(data);
    out += "\n\n";
    return out;
}

asio::awaitable<bool> write_all(tcp::socket& socket, std::string_view text) {
    boost::system::error_code error;
    auto write = asio::async_write(socket, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    const auto written = co_await with_deadline(std::move(write), Deadline::after(kWriteLimit));
    co_return written && !error;
}

}  // namespace page_feed_detail

PageFeed::PageFeed(asio::any_io_executor executor, Limits limits, Snapshot snapshot)
    : executor_(std::move(executor)), limits_(limits), snapshot_(std::move(snapshot)) {}

void PageFeed::broadcast(std::string_view event, const boost::json::object& data, std::string_view only_user) {
    if (clients_.empty())
        return;
    const std::string text = page_feed_detail::event_text(event, data);
    for (Client& client : clients_) {
        if (client.snapshot_due || (!only_user.empty() && client.user != only_user))
            continue;
        if (client.waiting.size() >= limits_.max_backlog) {
            client.waiting.clear();
            client.snapshot_due = true;
        } else {
            client.waiting.push_back(text);
        }
        client.wake.cancel();
    }
}

void PageFeed::resync() {
    for (Client& client : clients_) {
        client.snapshot_due = true;
        client.wake.cancel();
    }
}

std::string PageFeed::next_output(Client& client) {
    std::string out;
    if (client.snapshot_due) {
        client.snapshot_due = false;
        client.waiting.clear();
        return page_feed_detail::event_text("snapshot", snapshot_(client.user));
    }
    while (!client.waiting.empty()) {
        out += client.waiting.front();
        client.waiting.pop_front();
    }
    return out;
}

asio::awaitable<void> PageFeed::serve(tcp::socket socket, std::string user) {
    const auto position = clients_.emplace(clients_.end(), executor_, std::move(user));
    struct Leave {
        std::list<Client>& clients;
        std::list<Client>::iterator position;
        ~Leave() { clients.erase(position); }
    } leave{clients_, position};
    Client& client = *position;

    bool alive = co_await page_feed_detail::write_all(socket, page_feed_detail::kHead);
    while (alive) {
        std::string out = next_output(client);
        if (out.empty()) {
            client.wake.expires_after(limits_.heartbeat);
            boost::system::error_code woken;
            co_await client.wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            out = woken ? std::string() : ": still here\n\n";
        }
        if (!out.empty())
            alive = co_await page_feed_detail::write_all(socket, out);
    }
}

}  // namespace genie_slack::sandbox
