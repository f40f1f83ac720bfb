// Long because connections, their frames and the deliveries over them are one state: each changes the others.
#include "sandbox/slack/socket_hub.hpp"

#include "sandbox/slack/json_members.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <deque>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

namespace socket_hub_detail {

// Client frames of this many bytes are refused with 1009 (slack.md 1.5).
constexpr std::size_t kFrameLimit = 20480;
constexpr std::size_t kRememberedEnvelopes = 20000;
constexpr std::size_t kQueuedFrames = 20000;
// Enough to cut a frame's header and the begin of its payload everywhere.
constexpr std::size_t kSingleBytes = 2048;
constexpr Duration kCloseWait = std::chrono::seconds(2);
constexpr Duration kPongWait = std::chrono::seconds(20);

// Ends early when the timer is cancelled.
asio::awaitable<void> wait_on(Timer& timer, TimePoint until) {
    timer.expires_at(until);
    VirtualWait wait(until);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace socket_hub_detail

struct SocketHub::Connection {
    Connection(int id_, asio::ip::tcp::socket socket_)
        : id(id_),
          socket(std::move(socket_)),
          wake(socket.get_executor()),
          next_ping(socket.get_executor()),
          reader(socket_hub_detail::kFrameLimit) {}

    int id;
    asio::ip::tcp::socket socket;
    Timer wake;
    Timer next_ping;
    WsFrameReader reader;
    std::deque<std::string> out;
    bool usable = false;
    bool greeted = false;
    bool closing = false;            // our close frame was queued
    bool close_after_flush = false;  // the close handshake is complete once the queue is written
    bool ended = false;
    bool ignoring_fragments = false;
    TimePoint last_pong{};
    std::string hello_ping;  // its pong is waited for before hello
};

struct SocketHub::Delivery {
    explicit Delivery(const asio::any_io_executor& executor) : timer(executor) {}

    std::string type;
    json::value payload;
    bool accepts_payload = false;
    bool redeliver = false;
    int retry_attempt = 0;
    int connection = 0;  // asked for; 0: any
    std::string event_id;
    std::string first_id;
    std::string current_id;
    bool in_flight = false;
    bool answered = false;
    std::map<std::string, int> sends;
    std::map<std::string, int> acks;
    TimePoint sent_at{};
    AckHandler on_ack;
    Timer timer;
};

SocketHub::SocketHub(asio::any_io_executor executor, const SlackOptions& options, SlackFaults& faults, Random& random)
    : executor_(executor), options_(options), faults_(faults), random_(random), tasks_(executor, "slack.sockets") {}

SocketHub::~SocketHub() = default;

asio::awaitable<void> SocketHub::serve(asio::ip::tcp::socket socket, std::string early, std::string accept_key) {
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(++last_connection_, std::move(socket));
    connection->last_pong = Clock::now();
    connections_[connection->id] = connection;
    connection->out.push_back(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        accept_key + "\r\n\r\n");
    tasks_.spawn("write", write_loop(connection));
    tasks_.spawn("ping", ping_loop(connection));
    if (faults_.ping_before_hello) {
        connection->hello_ping = "Ping before hello " + std::to_string(connection->id);
        queue(connection, ws_frame(WsOpcode::ping, connection->hello_ping));
    } else {
        greet(connection);
    }
    std::exception_ptr failure;
    try {
        co_await read_loop(connection, std::move(early));
    } catch (...) {
        failure = std::current_exception();
    }
    end(connection);
    if (failure)
        std::rethrow_exception(failure);
}

asio::awaitable<void> SocketHub::stop() {
    const auto connections = connections_;
    for (const auto& [id, connection] : connections)
        end(connection);
    tasks_.cancel();
    co_await tasks_.join(Deadline::after(std::chrono::seconds(10)));
}

void SocketHub::greet(const ConnectionPtr& connection) {
    connection->hello_ping.clear();
    if (faults_.no_hello)
        return;
    const int open = open_connections();
    const std::string host = "applink-" + std::to_string(connection->id);
    if (open > options_.max_connections) {
        const json::object refusal{{"type", "disconnect"},
                                   {"reason", "too_many_websockets"},
                                   {"num_connections", open},
                                   {"debug_info", {{"host", host}}},
                                   {"connection_info", {{"app_id", options_.app_id}}}};
        queue_message(connection, WsOpcode::text, json::serialize(refusal));
        start_close(connection, 1000, "");
        return;
    }
    const json::object hello{
        {"type", "hello"},
        {"num_connections", open},
        {"debug_info",
         {{"host", host}, {"build_number", 10}, {"approximate_connection_time", options_.connection_life_seconds}}},
        {"connection_info", {{"app_id", options_.app_id}}}};
    queue_message(connection, WsOpcode::text, json::serialize(hello));
    connection->greeted = true;
    connection->usable = true;
    if (count_changed_)
        count_changed_();
}

void SocketHub::queue(const ConnectionPtr& connection, std::string bytes) {
    if (connection->ended || connection->close_after_flush || (faults_.silent && connection->greeted))
        return;
    if (connection->out.size() >= socket_hub_detail::kQueuedFrames) {
        drop_connection(connection->id, true);
        return;
    }
    connection->out.push_back(std::move(bytes));
    connection->wake.cancel();
}

void SocketHub::queue_message(const ConnectionPtr& connection, WsOpcode opcode, std::string_view payload) {
    if (connection->closing)
        return;
    if (!faults_.fragment_messages || payload.size() < 3) {
        queue(connection, ws_frame(opcode, payload));
        return;
    }
    const std::size_t first = random_.between(1, payload.size() - 2);
    const std::size_t second = random_.between(1, payload.size() - first - 1);
    queue(connection, ws_frame(opcode, payload.substr(0, first), false));
    queue(connection, ws_frame(WsOpcode::continuation, payload.substr(first, second), false));
    queue(connection, ws_frame(WsOpcode::continuation, payload.substr(first + second), true));
}

asio::awaitable<void> SocketHub::write_out(ConnectionPtr connection, std::string bytes) {
    // The upgrade answer is written whole: only messages are meant.
    if (!faults_.byte_by_byte || bytes.starts_with("HTTP/")) {
        co_await asio::async_write(connection->socket, asio::buffer(bytes), asio::use_awaitable);
        co_return;
    }
    const std::size_t singles = std::min(bytes.size(), socket_hub_detail::kSingleBytes);
    for (std::size_t at = 0; at < singles; ++at)
        co_await asio::async_write(connection->socket, asio::buffer(&bytes[at], 1), asio::use_awaitable);
    const auto rest = asio::buffer(bytes) + singles;
    co_await asio::async_write(connection->socket, rest, asio::use_awaitable);
}

asio::awaitable<void> SocketHub::write_loop(ConnectionPtr connection) {
    try {
        while (!connection->ended) {
            while (!connection->out.empty()) {
                std::string bytes = std::move(connection->out.front());
                connection->out.pop_front();
                co_await write_out(connection, std::move(bytes));
            }
            if (connection->close_after_flush)
                break;
            co_await socket_hub_detail::wait_on(connection->wake, TimePoint::max());
        }
    } catch (const boost::system::system_error&) {
        // The peer is gone, or we are stopping.
    }
    if (connection->close_after_flush)
        end(connection);
}

asio::awaitable<void> SocketHub::ping_loop(ConnectionPtr connection) {
    while (!connection->ended) {
        co_await socket_hub_detail::wait_on(connection->next_ping, Clock::now() + options_.ping_interval);
        if (connection->ended || connection->closing)
            co_return;
        if (faults_.silent) {
            connection->last_pong = Clock::now();
            continue;
        }
        const Duration limit = std::max<Duration>(4 * options_.ping_interval, socket_hub_detail::kPongWait);
        if (Clock::now() - connection->last_pong > limit) {
            violate("connection " + std::to_string(connection->id) + ": pings were not answered");
            drop_connection(connection->id, false);
            co_return;
        }
        if (connection->greeted)
            queue(connection, ws_frame(WsOpcode::ping, "Ping from applink-" + std::to_string(connection->id)));
    }
}

asio::awaitable<void> SocketHub::read_loop(ConnectionPtr connection, std::string early) {
    connection->reader.feed(early);
    std::string chunk(16384, '\0');
    while (!connection->ended) {
        while (auto frame = connection->reader.next()) {
            if (!take_frame(connection, std::move(*frame)))
                co_return;
        }
        if (const auto length = connection->reader.take_oversize()) {
            violate("connection " + std::to_string(connection->id) + ": frame of " + std::to_string(*length) +
                    " bytes");
            start_close(connection, 1009, "Max frame length of 20480 has been exceeded.");
        }
        boost::system::error_code failure;
        const std::size_t count = co_await connection->socket.async_read_some(
            asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, failure));
        if (failure)
            co_return;
        connection->reader.feed(std::string_view(chunk).substr(0, count));
    }
}

bool SocketHub::take_frame(const ConnectionPtr& connection, WsFrame frame) {
    if (faults_.silent && connection->greeted)
        return true;
    const std::string who = "connection " + std::to_string(connection->id) + ": ";
    if (!frame.masked || frame.reserved_bits) {
        violate(who + (frame.masked ? "frame with reserved bits" : "unmasked frame"));
        start_close(connection, 1002, "");
        return true;
    }
    switch (frame.opcode) {
        case WsOpcode::ping:
            if (!connection->closing)
                queue(connection, ws_frame(WsOpcode::pong, frame.payload));
            return true;
        case WsOpcode::pong:
            connection->last_pong = Clock::now();
            pongs_[connection->id].push_back(frame.payload);
            if (!connection->hello_ping.empty() && frame.payload == connection->hello_ping)
                greet(connection);
            return true;
        case WsOpcode::close:
            take_close(connection, frame);
            return !connection->ended;
        case WsOpcode::text:
            if (!frame.final) {
                violate(who + "fragmented message");
                connection->ignoring_fragments = true;
            } else {
                take_text(connection, frame.payload);
            }
            return true;
        case WsOpcode::continuation:
            // Slack does not put fragments together: the message is lost.
            if (!connection->ignoring_fragments)
                violate(who + "continuation without a beginning");
            connection->ignoring_fragments = !frame.final;
            return true;
        case WsOpcode::binary:
            violate(who + "binary message");
            return true;
    }
    violate(who + "unknown opcode");
    start_close(connection, 1002, "");
    return true;
}

void SocketHub::take_text(const ConnectionPtr& connection, const std::string& text) {
    const std::string who = "connection " + std::to_string(connection->id) + ": ";
    boost::system::error_code failure;
    const json::value message = json::parse(text, failure);
    const auto* object = failure ? nullptr : message.if_object();
    const std::string id = object ? text_member(*object, "envelope_id") : "";
    if (id.empty()) {
        violate(who + "a message that is no ack");
        return;
    }
    const auto found = envelopes_.find(id);
    if (found == envelopes_.end()) {
        violate(who + "ack of an unknown envelope " + id);
        return;
    }
    const DeliveryPtr delivery = found->second;
    if (++delivery->acks[id] > delivery->sends[id]) {
        violate(who + "second ack of envelope " + id);
        return;
    }
    SlackAck ack;
    ack.envelope_id = id;
    ack.connection = connection->id;
    if (const auto* payload = object->if_contains("payload"))
        ack.payload = *payload;
    ack.after = Clock::now() - delivery->sent_at;
    const bool in_time = delivery->in_flight && ack.after <= options_.ack_timeout;
    const json::value payload = ack.payload.value_or(json::value());
    if (acks_.size() >= socket_hub_detail::kRememberedEnvelopes)
        acks_.erase(acks_.begin(), acks_.begin() + static_cast<std::ptrdiff_t>(acks_.size() / 2));
    acks_.push_back(std::move(ack));
    // A late ack changes nothing: Slack has counted the delivery as failed.
    if (!in_time || delivery->answered)
        return;
    delivery->answered = true;
    delivery->timer.cancel();
    if (auto handler = std::exchange(delivery->on_ack, nullptr))
        handler(&payload);
}

void SocketHub::take_close(const ConnectionPtr& connection, const WsFrame& frame) {
    if (faults_.ignore_close)
        return;
    if (connection->closing) {
        end(connection);
        return;
    }
    const std::uint16_t code = frame.close_code();
    queue(connection, ws_frame(WsOpcode::close, code == 1005 ? std::string() : ws_close_payload(code, "")));
    connection->closing = true;
    connection->close_after_flush = true;
    connection->usable = false;
    connection->wake.cancel();
}

void SocketHub::start_close(const ConnectionPtr& connection, std::uint16_t code, std::string_view reason) {
    if (connection->closing || connection->ended)
        return;
    queue(connection, ws_frame(WsOpcode::close, ws_close_payload(code, reason)));
    connection->closing = true;
    connection->usable = false;
    tasks_.spawn("end", end_later(connection, socket_hub_detail::kCloseWait));
    if (count_changed_)
        count_changed_();
}

asio::awaitable<void> SocketHub::end_later(ConnectionPtr connection, Duration delay) {
    co_await sleep_for(delay);
    end(connection);
}

asio::awaitable<void> SocketHub::close_later(ConnectionPtr connection, Duration delay) {
    co_await sleep_for(delay);
    start_close(connection, 1000, "");
}

void SocketHub::end(const ConnectionPtr& connection) {
    if (connection->ended)
        return;
    connection->ended = true;
    connection->usable = false;
    boost::system::error_code ignored;
    connection->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    connection->socket.close(ignored);
    connection->wake.cancel();
    connection->next_ping.cancel();
    connections_.erase(connection->id);
    if (count_changed_)
        count_changed_();
}

int SocketHub::open_connections() const {
    return static_cast<int>(connection_ids().size());
}

std::vector<int> SocketHub::connection_ids() const {
    std::vector<int> ids;
    for (const auto& [id, connection] : connections_)
        if (!connection->closing)
            ids.push_back(id);
    return ids;
}

SocketHub::ConnectionPtr SocketHub::find(int id) const {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second;
}

SocketHub::ConnectionPtr SocketHub::pick(int id) {
    if (id != 0)
        return find(id);
    std::vector<ConnectionPtr> usable;
    for (const auto& [number, connection] : connections_)
        if (connection->usable)
            usable.push_back(connection);
    if (usable.empty())
        return nullptr;
    return usable[random_.between(0, usable.size() - 1)];
}

void SocketHub::send_raw(int connection, WsOpcode opcode, const std::string& payload) {
    const auto chosen = pick(connection);
    if (!chosen)
        return;
    if (opcode == WsOpcode::ping)
        queue(chosen, ws_frame(opcode, payload));
    else
        queue_message(chosen, opcode, payload);
}

void SocketHub::send_disconnect(int connection, const std::string& reason) {
    const auto chosen = pick(connection);
    if (!chosen)
        return;
    const json::object message{{"type", "disconnect"},
                               {"reason", reason},
                               {"debug_info", {{"host", "applink-" + std::to_string(chosen->id)}}}};
    queue_message(chosen, WsOpcode::text, json::serialize(message));
    const bool gentle = reason == "warning" || reason == "refresh_requested";
    if (gentle)
        tasks_.spawn("close", close_later(chosen, options_.disconnect_grace));
    else
        start_close(chosen, 1000, "");
}

void SocketHub::close_connection(int connection, std::uint16_t code) {
    // 1005 and 1006 are never on the wire: the connection just ends.
    if (code == 1005 || code == 1006)
        drop_connection(connection, false);
    else if (const auto chosen = pick(connection))
        start_close(chosen, code, "");
}

void SocketHub::drop_connection(int connection, bool reset) {
    const auto chosen = pick(connection);
    if (!chosen)
        return;
    boost::system::error_code ignored;
    if (reset) {
        chosen->socket.set_option(asio::socket_base::linger(true, 0), ignored);
        chosen->ended = true;
        chosen->usable = false;
        chosen->socket.close(ignored);
        chosen->wake.cancel();
        chosen->next_ping.cancel();
        connections_.erase(chosen->id);
    } else {
        chosen->usable = false;
        chosen->closing = true;
        chosen->out.clear();
        chosen->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        tasks_.spawn("end", end_later(chosen, socket_hub_detail::kCloseWait));
    }
    if (count_changed_)
        count_changed_();
}

std::string SocketHub::send_event(json::object payload, int connection, int retry_attempt) {
    auto delivery = std::make_shared<Delivery>(executor_);
    delivery->type = "events_api";
    delivery->event_id = text_member(payload, "event_id");
    delivery->payload = std::move(payload);
    delivery->redeliver = true;
    delivery->retry_attempt = retry_attempt;
    delivery->connection = connection;
    return begin(std::move(delivery));
}

std::string SocketHub::send_envelope(const std::string& type, json::value payload, bool accepts_payload, int connection,
                                     bool redeliver, AckHandler on_ack) {
    auto delivery = std::make_shared<Delivery>(executor_);
    delivery->type = type;
    if (const auto* object = payload.if_object())
        delivery->event_id = text_member(*object, "event_id");
    delivery->payload = std::move(payload);
    delivery->accepts_payload = accepts_payload;
    delivery->redeliver = redeliver;
    delivery->connection = connection;
    delivery->on_ack = std::move(on_ack);
    return begin(std::move(delivery));
}

std::string SocketHub::begin(DeliveryPtr delivery) {
    delivery->first_id = random_.uuid();
    delivery->current_id = delivery->first_id;
    attempt(delivery);
    tasks_.spawn("delivery", watch(delivery));
    return delivery->first_id;
}

bool SocketHub::attempt(const DeliveryPtr& delivery) {
    const std::string id = delivery->current_id;
    if (envelope_ids_.size() >= socket_hub_detail::kRememberedEnvelopes) {
        envelopes_.erase(envelope_ids_.front());
        envelope_ids_.pop_front();
    }
    if (envelopes_.insert_or_assign(id, delivery).second)
        envelope_ids_.push_back(id);
    auto connection = pick(delivery->connection);
    // The connection that was asked for may be gone when a redelivery is due.
    if (!connection && delivery->retry_attempt > 0)
        connection = pick(0);
    delivery->in_flight = connection != nullptr;
    delivery->sent_at = Clock::now();
    if (!connection)
        return false;
    json::object envelope{{"envelope_id", id},
                          {"payload", delivery->payload},
                          {"type", delivery->type},
                          {"accepts_response_payload", delivery->accepts_payload}};
    if (delivery->type == "events_api") {
        envelope["retry_attempt"] = delivery->retry_attempt;
        envelope["retry_reason"] = delivery->retry_attempt > 0 ? "timeout" : "";
    }
    const std::string text = serialize_as_slack(envelope);
    for (int copy = 0; copy < (faults_.duplicate_envelopes ? 2 : 1); ++copy) {
        queue_message(connection, WsOpcode::text, text);
        ++delivery->sends[id];
        if (!delivery->event_id.empty())
            ++deliveries_[delivery->event_id];
    }
    return true;
}

asio::awaitable<void> SocketHub::watch(DeliveryPtr delivery) {
    std::size_t failures = 0;
    for (;;) {
        const TimePoint limit = delivery->sent_at + options_.ack_timeout;
        while (delivery->in_flight && !delivery->answered && Clock::now() < limit)
            co_await socket_hub_detail::wait_on(delivery->timer, limit);
        delivery->in_flight = false;
        if (delivery->answered)
            co_return;
        if (!delivery->redeliver || failures >= options_.retry_after.size())
            break;
        co_await sleep_for(options_.retry_after[failures]);
        ++failures;
        ++delivery->retry_attempt;
        // Both were seen of the real service: a retry with a new envelope id, and later the first id again.
        delivery->current_id = failures % 2 == 1 ? random_.uuid() : delivery->first_id;
        attempt(delivery);
    }
    if (auto handler = std::exchange(delivery->on_ack, nullptr))
        handler(nullptr);
}

std::size_t SocketHub::deliveries(const std::string& event_id) const {
    const auto found = deliveries_.find(event_id);
    return found == deliveries_.end() ? 0 : found->second;
}

std::vector<std::string> SocketHub::pongs(int connection) const {
    const auto found = pongs_.find(connection);
    return found == pongs_.end() ? std::vector<std::string>() : found->second;
}

void SocketHub::violate(std::string what) {
    violations_.push_back(std::move(what));
}

}  // namespace genie_slack::sandbox
