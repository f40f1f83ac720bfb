// The sandbox's chat page: serves the page's files, does what people do in it, and tells it live what changes.
#pragma once

#include "core/clock.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::sandbox {

// A file of the page, compiled in; nothing when there is none of that name.
std::optional<std::string_view> page_file(std::string_view name);

struct PageOptions {
    std::uint16_t port = 0;  // 0: any free one
    // Changes that wait for one slow browser; beyond it they are dropped and a full snapshot is sent instead.
    std::size_t max_backlog = 256;
    // How often the log and the state of the controls are looked at.
    Duration watch_interval = std::chrono::milliseconds(250);
    Duration heartbeat = std::chrono::seconds(10);
    std::size_t max_clients = 64;
};

// Listens on 127.0.0.1 from create_page_server on; serves while run() runs. All methods on the executor's thread.
class PageServer {
 public:
    virtual ~PageServer() = default;
    virtual std::uint16_t port() const = 0;
    virtual std::string url() const = 0;  // http://127.0.0.1:PORT
    virtual boost::asio::awaitable<void> run() = 0;
    // Browsers that listen for changes.
    virtual std::size_t clients() const = 0;
};

// The two servers must outlive it; it takes SlackServer::on_change for itself. Throws boost::system::system_error when
// the port cannot be bound.
std::unique_ptr<PageServer> create_page_server(boost::asio::any_io_executor executor, PageOptions options,
                                               SlackServer& slack, GenieServer& genie);

}  // namespace genie_slack::sandbox
