// Slack's end of Socket Mode: the open connections of the app, the envelopes that wait for an ack, their redelivery,
// and everything that can go wrong on a socket (slack.md 1.2 to 1.8).
#pragma once

#include "core/task_group.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "sandbox/slack/ws_frames.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::sandbox {

// Told once per envelope: the ack's payload (null when it had none), or nothing when no ack came in time.
using AckHandler = std::function<void(const boost::json::value* payload)>;

class SocketHub {
 public:
    SocketHub(boost::asio::any_io_executor executor, const SlackOptions& options, SlackFaults& faults, Random& random);
    ~SocketHub();

    // One accepted upgrade, from its 101 answer to its end. Cancellable.
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, std::string early, std::string accept_key);
    // Ends all connections and waits for their tasks.
    boost::asio::awaitable<void> stop();

    // Delivers an events_api payload, again when no ack comes, and returns the first envelope id.
    std::string send_event(boost::json::object payload, int connection, int retry_attempt);
    // Delivers any envelope. The handler may be empty.
    std::string send_envelope(const std::string& type, boost::json::value payload, bool accepts_payload, int connection,
                              bool redeliver, AckHandler on_ack);

    int open_connections() const;
    std::vector<int> connection_ids() const;
    void send_raw(int connection, WsOpcode opcode, const std::string& payload);
    void send_disconnect(int connection, const std::string& reason);
    void close_connection(int connection, std::uint16_t code);
    void drop_connection(int connection, bool reset);

    const std::vector<SlackAck>& acks() const { return acks_; }
    std::size_t deliveries(const std::string& event_id) const;
    std::vector<std::string> pongs(int connection) const;
    std::vector<std::string>& violations() { return violations_; }
    const std::vector<std::string>& violations() const { return violations_; }
    void on_count_change(std::function<void()> listener) { count_changed_ = std::move(listener); }

 private:
    struct Connection;
    struct Delivery;
    using ConnectionPtr = std::shared_ptr<Connection>;
    using DeliveryPtr = std::shared_ptr<Delivery>;

    boost::asio::awaitable<void> write_loop(ConnectionPtr connection);
    boost::asio::awaitable<void> write_out(ConnectionPtr connection, std::string bytes);
    boost::asio::awaitable<void> ping_loop(ConnectionPtr connection);
    boost::asio::awaitable<void> read_loop(ConnectionPtr connection, std::string early);
    boost::asio::awaitable<void> end_later(ConnectionPtr connection, Duration delay);
    boost::asio::awaitable<void> close_later(ConnectionPtr connection, Duration delay);
    boost::asio::awaitable<void> watch(DeliveryPtr delivery);

    void greet(const ConnectionPtr& connection);
    // False when nothing more is to be read.
    bool take_frame(const ConnectionPtr& connection, WsFrame frame);
    void take_text(const ConnectionPtr& connection, const std::string& text);
    void take_close(const ConnectionPtr& connection, const WsFrame& frame);
    void start_close(const ConnectionPtr& connection, std::uint16_t code, std::string_view reason);
    void end(const ConnectionPtr& connection);
    void queue(const ConnectionPtr& connection, std::string bytes);
    void queue_message(const ConnectionPtr& connection, WsOpcode opcode, std::string_view payload);
    ConnectionPtr find(int id) const;
    ConnectionPtr pick(int id);
    // Sends the delivery's envelope once; false when no connection could take it.
    bool attempt(const DeliveryPtr& delivery);
    std::string begin(DeliveryPtr delivery);
    void violate(std::string what);

    boost::asio::any_io_executor executor_;
    const SlackOptions& options_;
    SlackFaults& faults_;
    Random& random_;
    std::map<int, ConnectionPtr> connections_;
    std::map<int, std::vector<std::string>> pongs_;
    int last_connection_ = 0;
    std::map<std::string, DeliveryPtr> envelopes_;  // by every envelope id used
    std::deque<std::string> envelope_ids_;          // the same, oldest first
    std::map<std::string, std::size_t> deliveries_;
    std::vector<SlackAck> acks_;
    std::vector<std::string> violations_;
    std::function<void()> count_changed_;
    TaskGroup tasks_;
};

}  // namespace genie_slack::sandbox
