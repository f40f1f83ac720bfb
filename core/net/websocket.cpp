// Long because the handlers of one connection share its state, and Beast's WebSocket is instantiated here alone.
#include "core/net/websocket.hpp"

#include "core/net/condition.hpp"
#include "core/net/resolver.hpp"
#include "core/net/url.hpp"
#include "core/net/websocket_layer.hpp"
#include "core/race.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <deque>

namespace genie_slack::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace websocket_detail {

// The last frames have this long to leave after the peer has closed.
constexpr auto kLingerTime = std::chrono::seconds(1);
// Pings and pongs that nobody reads are forgotten beyond this many.
constexpr std::size_t kMaxUnreadControl = 64;
// What has gathered is sent at this size although more messages wait.
constexpr std::size_t kMaxGathered = 256u << 10;
constexpr std::size_t kKeptReadBuffer = 256u << 10;

struct Outgoing {
    bool is_ping = false;
    std::string payload;
};

// The connection. Its operations are chains of handlers that share it: they end when the TCP connection is closed,
// which the WebSocket object's destructor sees to.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(std::unique_ptr<Stream> stream, WebSocketOptions options, std::string origin)
        : options_(std::move(options)),
          origin_(std::move(origin)),
          ws_(std::move(stream)),
          linger_timer_(ws_.get_executor()) {}

    asio::awaitable<NetResult<bool>> upgrade(std::string host, std::string target);

    static asio::awaitable<NetResult<WebSocketFrame>> read(std::shared_ptr<Connection> self);
    static asio::awaitable<void> close(std::shared_ptr<Connection> self, std::uint16_t code, Deadline deadline);
    void send(Outgoing message);
    std::size_t unsent() const { return queue_.size() + (writing_ && !current_.is_ping ? 1 : 0) + marks_.size(); }
    void abort();
    WebSocketClose close_reason() const { return reason_; }

 private:
    WebSocketLayer& layer() { return ws_.next_layer(); }
    bool is_dead() const { return failure_.has_value(); }

    NetError upgrade_failure(const error_code& error);
    void start_read();
    void on_read(const error_code& error);
    void on_control(websocket::frame_type kind, std::string payload);
    NetError read_failure(const error_code& error);
    void pump();
    void on_written(const error_code& error);
    void on_progress();
    void start_close(std::uint16_t code);
    void fail(NetError failure);
    void close_when_written();
    void linger();

    WebSocketOptions options_;
    std::string origin_;
    websocket::stream<WebSocketLayer, false> ws_;
    Condition arrived_;  // a frame, or the end
    Condition changed_;  // anything else
    Timer linger_timer_;

    beast::flat_buffer incoming_;
    std::deque<WebSocketFrame> inbox_;
    bool reading_ = false;

    std::deque<Outgoing> queue_;
    std::size_t queued_bytes_ = 0;
    Outgoing current_;
    bool writing_ = false;
    // Where in the byte stream each message ends that was taken by the layer and is not written yet.
    std::deque<std::uint64_t> marks_;

    std::optional<NetError> failure_;
    WebSocketClose reason_;
    bool closing_ = false;
    bool close_started_ = false;
    bool close_done_ = false;
    bool close_after_write_ = false;
    bool lingering_ = false;
};

asio::awaitable<NetResult<bool>> Connection::upgrade(std::string host, std::string target) {
    layer().attach(weak_from_this(), [this] { on_progress(); });
    ws_.set_option(
        websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
    ws_.set_option(websocket::stream_base::decorator([agent = options_.user_agent](websocket::request_type& request) {
        request.set(http::field::user_agent, agent);
    }));
    ws_.auto_fragment(false);  // slack.md 1.5
    ws_.read_message_max(options_.max_message_bytes);
    ws_.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
        on_control(kind, std::string(payload.data(), payload.size()));
    });
    auto [error] = co_await ws_.async_handshake(host, target, kAsTuple);
    throw_if_aborted(error);
    layer().end_upgrade();
    if (error)
        co_return upgrade_failure(error);
    co_return true;
}

NetError Connection::upgrade_failure(const error_code& error) {
    http::response_parser<http::empty_body> parser;
    parser.eager(false);
    error_code parse_error;
    parser.put(asio::buffer(layer().upgrade_head()), parse_error);
    if (parser.is_header_done() && parser.get().result_int() != 101) {
        const auto& head = parser.get();
        const int status = static_cast<int>(head.result_int());
        NetError failure(NetFault::upgrade,
                         origin_ + ": the WebSocket upgrade was refused with status " + std::to_string(status), true);
        failure.http_status = status;
        for (const char c : head[http::field::retry_after]) {
            if (c < '0' || c > '9') {
                failure.retry_after_seconds = 0;
                break;
            }
            failure.retry_after_seconds = std::min(failure.retry_after_seconds * 10 + (c - '0'), 86400);
        }
        return failure;
    }
    const bool malformed = error.category() == make_error_code(websocket::error::closed).category() ||
                           (error.category() == make_error_code(http::error::bad_version).category() &&
                            error != http::error::end_of_stream && error != http::error::partial_message);
    if (malformed)
        return NetError(NetFault::protocol, origin_ + ": wrong answer to the WebSocket upgrade: " + error.message(),
                        true);
    return NetError(NetFault::io, origin_ + ": the connection ended within the WebSocket upgrade: " + error.message(),
                    true);
}

asio::awaitable<NetResult<WebSocketFrame>> Connection::read(std::shared_ptr<Connection> self) {
    try {
        for (;;) {
            if (!self->inbox_.empty()) {
                WebSocketFrame frame = std::move(self->inbox_.front());
                self->inbox_.pop_front();
                co_return frame;
            }
            if (self->failure_)
                co_return *self->failure_;
            self->start_read();
            co_await self->arrived_.wait(Deadline::never());
        }
    } catch (const boost::system::system_error&) {
    }
    co_return NetError(NetFault::cancelled, self->origin_ + ": reading was cancelled");
}

void Connection::start_read() {
    if (reading_)
        return;
    reading_ = true;
    ws_.async_read(incoming_, [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
}

void Connection::on_read(const error_code& error) {
    reading_ = false;
    if (error) {
        // Our own close() aborts the read; how it went is for the end of the close to tell.
        if (!close_started_ || close_done_ || error != asio::error::operation_aborted)
            fail(read_failure(error));
        return;
    }
    WebSocketFrame frame;
    frame.kind = ws_.got_text() ? WebSocketFrame::Kind::text : WebSocketFrame::Kind::binary;
    const auto data = incoming_.data();
    frame.payload.assign(static_cast<const char*>(data.data()), data.size());
    incoming_.consume(data.size());
    if (incoming_.capacity() > kKeptReadBuffer)
        incoming_.shrink_to_fit();
    inbox_.push_back(std::move(frame));
    arrived_.notify_all();
}

void Connection::on_control(websocket::frame_type kind, std::string payload) {
    if (kind == websocket::frame_type::close || inbox_.size() >= kMaxUnreadControl)
        return;
    WebSocketFrame frame;
    frame.kind = kind == websocket::frame_type::ping ? WebSocketFrame::Kind::ping : WebSocketFrame::Kind::pong;
    frame.payload = std::move(payload);
    inbox_.push_back(std::move(frame));
    arrived_.notify_all();
}

NetError Connection::read_failure(const error_code& error) {
    const std::string where = origin_ + ": ";
    if (error == websocket::error::closed) {
        const auto& told = ws_.reason();
        reason_.code = told.code == websocket::close_code::none ? 1005 : told.code;
        reason_.reason = std::string(told.reason.data(), told.reason.size());
        return NetError(NetFault::closed, where + "closed with code " + std::to_string(reason_.code), true);
    }
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
        return NetError(NetFault::too_large,
                        where + "a message is larger than " + std::to_string(options_.max_message_bytes) + " bytes",
                        true);
    if (error.category() == make_error_code(websocket::error::closed).category())
        return NetError(NetFault::protocol, where + "broke the WebSocket protocol: " + error.message(), true);
    const error_code& cause = layer().write_error() ? layer().write_error() : error;
    return NetError(NetFault::io, where + "the connection ended: " + cause.message(), true);
}

void Connection::send(Outgoing message) {
    if (is_dead() || closing_)
        return;
    queued_bytes_ += message.payload.size();
    queue_.push_back(std::move(message));
    if (queued_bytes_ + layer().waiting() > options_.max_queued_bytes) {
        fail(NetError(NetFault::io,
                      origin_ + ": more than " + std::to_string(options_.max_queued_bytes) +
                          " bytes wait to be sent: the peer does not read",
                      true));
        abort();
        return;
    }
    pump();
}

void Connection::pump() {
    if (writing_)
        return;
    if (queue_.empty() || is_dead()) {
        layer().release();
        return;
    }
    if (layer().waiting() > kMaxGathered)
        layer().release();
    else
        layer().hold();
    writing_ = true;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    if (current_.is_ping) {
        const websocket::ping_data payload(
            beast::string_view(current_.payload.data(), std::min<std::size_t>(current_.payload.size(), 125)));
        ws_.async_ping(payload, [self = shared_from_this()](error_code error) { self->on_written(error); });
        return;
    }
    ws_.text(true);
    // Beast masks in pieces of this size; a small one is kept for good, a large one is given back by the next message.
    ws_.write_buffer_bytes(std::clamp<std::size_t>(current_.payload.size(), 4096, 65536));
    ws_.async_write(asio::buffer(current_.payload),
                    [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(const error_code& error) {
    writing_ = false;
    queued_bytes_ -= current_.payload.size();
    if (error) {
        // The read finds out why; what waits can't be sent any more.
        queue_.clear();
        queued_bytes_ = 0;
    } else if (!current_.is_ping) {
        marks_.push_back(layer().taken());
    }
    current_.payload.clear();
    changed_.notify_all();
    pump();
    on_progress();
}

void Connection::on_progress() {
    while (!marks_.empty() && marks_.front() <= layer().written())
        marks_.pop_front();
    changed_.notify_all();
    if (layer().write_error())
        linger();
    else if (close_after_write_ && layer().waiting() == 0)
        layer().close();
}

asio::awaitable<void> Connection::close(std::shared_ptr<Connection> self, std::uint16_t code, Deadline deadline) {
    struct AbortAtEnd {
        explicit AbortAtEnd(Connection& connection_) : connection(connection_) {}
        ~AbortAtEnd() { connection.abort(); }
        AbortAtEnd(const AbortAtEnd&) = delete;
        AbortAtEnd& operator=(const AbortAtEnd&) = delete;
        Connection& connection;
    };
    const AbortAtEnd abort_at_end(*self);
    self->closing_ = true;
    while (!self->is_dead() && (self->writing_ || !self->queue_.empty()) && !deadline.expired())
        co_await self->changed_.wait(deadline);
    if (!self->is_dead() && !deadline.expired())
        self->start_close(code);
    while (!self->is_dead() && !self->close_done_ && !deadline.expired())
        co_await self->changed_.wait(deadline);
    while (self->layer().waiting() > 0 && !self->layer().write_error() && !deadline.expired())
        co_await self->changed_.wait(deadline);
}

void Connection::start_close(std::uint16_t code) {
    if (close_started_)
        return;
    close_started_ = true;
    const websocket::close_reason reason(static_cast<websocket::close_code>(code));
    ws_.async_close(reason, [self = shared_from_this()](error_code error) {
        self->close_done_ = true;
        self->fail(self->read_failure(error ? error : make_error_code(websocket::error::closed)));
        self->changed_.notify_all();
    });
}

void Connection::fail(NetError failure) {
    if (!failure_)
        failure_ = std::move(failure);
    arrived_.notify_all();
    changed_.notify_all();
    close_when_written();
}

void Connection::close_when_written() {
    if (layer().waiting() == 0 || layer().write_error()) {
        layer().close();
        return;
    }
    close_after_write_ = true;
    layer().release();
    linger();
}

// The connection is of no use any more, but its last words, ours or the peer's, may still be on their way.
void Connection::linger() {
    if (lingering_)
        return;
    lingering_ = true;
    linger_timer_.expires_after(kLingerTime);
    linger_timer_.async_wait([self = shared_from_this()](error_code) { self->layer().close(); });
}

void Connection::abort() {
    if (!failure_)
        failure_ = NetError(NetFault::io, origin_ + ": the connection was dropped on our side", true);
    queue_.clear();
    marks_.clear();
    linger_timer_.cancel();
    layer().close();
    arrived_.notify_all();
    changed_.notify_all();
}

class Client final : public WebSocket {
 public:
    explicit Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    ~Client() override { connection_->abort(); }

    asio::awaitable<NetResult<WebSocketFrame>> read() override { return Connection::read(connection_); }
    void send_text(std::string text) override { queue(false, std::move(text)); }
    void send_ping(std::string payload) override { queue(true, std::move(payload)); }
    std::size_t unsent() const override { return connection_->unsent(); }
    asio::awaitable<void> close(std::uint16_t code, Deadline deadline) override {
        return Connection::close(connection_, code, deadline);
    }
    void abort() override { connection_->abort(); }
    WebSocketClose close_reason() const override { return connection_->close_reason(); }

 private:
    void queue(bool is_ping, std::string payload) {
        Outgoing message;
        message.is_ping = is_ping;
        message.payload = std::move(payload);
        connection_->send(std::move(message));
    }

    std::shared_ptr<Connection> connection_;
};

asio::awaitable<NetResult<std::unique_ptr<WebSocket>>> open(std::shared_ptr<asio::ssl::context> tls, Resolver& resolver,
                                                            Url url, WebSocketOptions options, Deadline deadline,
                                                            ConnectStage& stage) {
    const std::string proxy = proxy_for(options.proxy, url.host);
    auto opening = open_stream(std::move(tls), resolver, url, proxy, deadline, stage);
    auto stream = co_await std::move(opening);
    if (!stream)
        co_return stream.error();
    stage.doing = "waiting for the WebSocket upgrade";
    auto connection = std::make_shared<Connection>(std::move(*stream), std::move(options), url.origin());
    // Drops the connection on every way out but the good one.
    std::unique_ptr<WebSocket> client = std::make_unique<Client>(connection);
    auto upgraded = co_await connection->upgrade(url.authority(), url.target);
    if (!upgraded)
        co_return upgraded.error();
    co_return std::move(client);
}

}  // namespace websocket_detail

asio::awaitable<NetResult<std::unique_ptr<WebSocket>>> connect_websocket(std::shared_ptr<asio::ssl::context> tls,
                                                                         Resolver& resolver, std::string url,
                                                                         WebSocketOptions options, Deadline deadline) {
    auto parsed = parse_url(url);
    if (!parsed)
        co_return parsed.error();
    if (parsed->scheme != "wss" && parsed->scheme != "ws")
        co_return NetError(NetFault::not_allowed, "WebSockets go to wss:// or ws://, not to " + parsed->scheme + "://");
    const std::string origin = parsed->origin();
    ConnectStage stage;
    auto opening =
        websocket_detail::open(std::move(tls), resolver, std::move(*parsed), std::move(options), deadline, stage);
    try {
        auto opened = co_await with_deadline(std::move(opening), deadline);
        if (opened)
            co_return std::move(*opened);
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            co_return NetError(NetFault::io, origin + ": " + error.code().message());
        co_return NetError(NetFault::cancelled, origin + ": connecting was cancelled");
    }
    co_return NetError(NetFault::timeout, origin + ": out of time while " + stage.doing);
}

}  // namespace genie_slack::net
