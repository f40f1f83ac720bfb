// Socket Mode client (slack.md 1): keeps connections open, acks, and hands typed payloads up.
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/websocket.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "slack/events/events.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::slack {

class WebApi;

// What the handler decided about an envelope.
struct Ack {
    static Ack plain() { return Ack(true, std::nullopt); }
    // Acks with an answer for Slack (options of an external_select, errors of a view), which stays far below 20,480
    // bytes: a larger one is replaced by a plain ack and logged.
    static Ack with(boost::json::value payload) { return Ack(true, std::move(payload)); }
    // Sends no ack, so that Slack delivers again. Only for an envelope that could not be recorded.
    static Ack none() { return Ack(false, std::nullopt); }

    bool send;
    std::optional<boost::json::value> payload;

 private:
    Ack(bool send_, std::optional<boost::json::value> payload_) : send(send_), payload(std::move(payload_)) {}
};

// Called once per envelope on the event loop; the ack is written when it returns. Several run at the same time. It must
// not wait for anything but one durable insert; after 2.5 s the socket mode client gives up on it and sends no ack.
using EnvelopeHandler = std::function<boost::asio::awaitable<Ack>(Payload)>;

// Asked before the handler, on the event loop: whether nothing of the envelope is for us. Then it is acked at once, and
// the handler is not called, which is most of the work in a busy channel. Must not throw.
using EnvelopeFilter = std::function<bool(const Payload&)>;

struct SocketModeOptions {
    int connections = 2;  // 1-10
    Duration hello_timeout = std::chrono::seconds(15);
    Duration open_timeout = std::chrono::seconds(15);   // apps.connections.open, and the upgrade
    Duration idle_timeout = std::chrono::seconds(70);   // no inbound frame for so long: dead (slack.md 1.8)
    Duration ping_interval = std::chrono::seconds(20);  // of our own pings
    Duration drain_time = std::chrono::seconds(15);     // an old socket stays open this long after its replacement
    Duration healthy_after = std::chrono::seconds(60);  // backoff resets only after so long a life
    Duration backoff_first = std::chrono::seconds(1);
    Duration backoff_cap = std::chrono::seconds(60);
    Duration slow_retry = std::chrono::seconds(120);  // link_disabled, too_many_websockets
    Duration ack_limit = std::chrono::milliseconds(2500);
    Duration close_timeout = std::chrono::seconds(3);  // of a closing handshake
    std::size_t max_in_flight = 2000;                  // envelopes being handled; more are not acked
    std::string user_agent = "genie-slack";
    net::ProxySettings proxy;
};

struct SocketModeStatus {
    int connected = 0;        // connections past hello, draining ones not counted
    int num_connections = 0;  // what Slack said last: all sockets of the app
    std::uint64_t envelopes = 0;
    std::uint64_t acks = 0;
    std::uint64_t unacked = 0;    // handler said none, was too slow, or the queue was full
    std::uint64_t malformed = 0;  // frames that were tolerated
    std::uint64_t unknown = 0;    // envelopes of a type we do not know (acked)
    std::uint64_t reconnects = 0;
    Duration gaps{};                    // without any connection, after the first one; those that are over
    std::optional<TimePoint> gap_from;  // the one of now
    std::string last_error;             // why a connection is missing, for /readyz; "" while all is well
};

class SocketMode {
 public:
    virtual ~SocketMode() = default;
    // Connects and serves until cancelled or stopped (no value), or until Slack says that the tokens are of no use: an
    // error text for the admin, the process should end with exit code 1.
    virtual boost::asio::awaitable<Result<void>> run() = 0;
    // Stops taking envelopes, lets running handlers finish their acks, closes all sockets; run() returns. By the
    // deadline at the latest.
    virtual boost::asio::awaitable<void> stop(Deadline deadline) = 0;
    virtual const SocketModeStatus& status() const = 0;
};

// `api` makes the apps.connections.open calls; all references must outlive the client. Without `is_for_nobody` the
// handler is called for every envelope.
std::unique_ptr<SocketMode> create_socket_mode(boost::asio::any_io_executor executor, WebApi& api,
                                               std::shared_ptr<boost::asio::ssl::context> tls, net::Resolver& resolver,
                                               Random& random, SocketModeOptions options, EnvelopeHandler handler,
                                               EnvelopeFilter is_for_nobody = {});

}  // namespace genie_slack::slack
