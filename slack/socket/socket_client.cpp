// Long because all that a socket, a handler or a timer reports is handed to the two machines here, in one place.
#include "slack/socket/socket_client.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"
#include "slack/socket/envelope.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace genie_slack::slack {

namespace asio = boost::asio;

namespace socket_client_detail {

const metrics::Counter kEnvelopes("genie_slack_envelopes_total", "Envelopes that Slack delivered, by their type",
                                  {"type"});
const metrics::Histogram kAckTimes("genie_slack_ack_seconds",
                                   "From the arrival of an envelope to its ack; Slack waits for 3 s",
                                   metrics::short_times());

constexpr std::uint16_t kNormalClosure = 1000;
constexpr const char* kPingPayload = "Ping from genie-slack";
// How often the log may say that there are too many envelopes.
constexpr Duration kFullLogInterval = std::chrono::seconds(10);
// What is left may take this long to end after it was cancelled; nothing of it waits for a peer.
constexpr Duration kTearDownTime = std::chrono::seconds(5);

SupervisorLimits supervisor_limits(const SocketModeOptions& options) {
    SupervisorLimits limits;
    limits.connections = options.connections;
    limits.healthy_after = options.healthy_after;
    limits.backoff_first = options.backoff_first;
    limits.backoff_cap = options.backoff_cap;
    limits.slow_retry = options.slow_retry;
    return limits;
}

SessionLimits session_limits(const SocketModeOptions& options) {
    SessionLimits limits;
    limits.hello_timeout = options.hello_timeout;
    limits.idle_timeout = options.idle_timeout;
    limits.ping_interval = options.ping_interval;
    limits.drain_time = options.drain_time;
    limits.ack_limit = options.ack_limit;
    return limits;
}

const char* type_of(const Envelope& envelope) {
    if (!envelope.payload)
        return "other";
    if (std::holds_alternative<Event>(*envelope.payload))
        return "events_api";
    return std::holds_alternative<SlashCommand>(*envelope.payload) ? "slash_commands" : "interactive";
}

std::int64_t milliseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace socket_client_detail

// Tells the session that a handler may still want to ack on it.
class SocketClient::OwedAck {
 public:
    OwedAck(SocketClient& client, const LinkPtr& link) : client_(client), link_(link) { link_->session.ack_owed(); }
    ~OwedAck() {
        if (link_->session.ack_settled(Clock::now()))
            client_.notify();
    }
    OwedAck(const OwedAck&) = delete;
    OwedAck& operator=(const OwedAck&) = delete;

 private:
    SocketClient& client_;
    LinkPtr link_;
};

SocketClient::SocketClient(asio::any_io_executor executor, SocketPorts ports, Random& random, SocketModeOptions options,
                           EnvelopeHandler handler, EnvelopeFilter is_for_nobody)
    : executor_(std::move(executor)),
      ports_(std::move(ports)),
      random_(random),
      options_(std::move(options)),
      handler_(std::move(handler)),
      is_for_nobody_(std::move(is_for_nobody)),
      supervisor_(socket_client_detail::supervisor_limits(options_), random_),
      attempts_(executor_, "slack.connect"),
      sockets_(executor_, "slack.socket"),
      handlers_(executor_) {}

asio::awaitable<Result<void>> SocketClient::run() {
    running_ = true;
    std::exception_ptr failure;
    try {
        co_await supervise();
        if (!stopping_)
            stop_deadline_ = Deadline::after(options_.ack_limit + options_.close_timeout);
        stopping_ = true;
        co_await shut_down(stop_deadline_);
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            failure = std::current_exception();
    } catch (...) {
        failure = std::current_exception();
    }
    // Cancelled or not, what was started has to end before this does.
    co_await asio::this_coro::reset_cancellation_state();
    co_await tear_down();
    running_ = false;
    ended_.notify_all();
    if (failure)
        std::rethrow_exception(failure);
    if (!fatal_.empty())
        co_return Error(fatal_);
    co_return Result<void>();
}

asio::awaitable<void> SocketClient::stop(Deadline deadline) {
    if (!running_)
        co_return;
    if (!stopping_) {
        stopping_ = true;
        stop_deadline_ = deadline;
        log::info("slack.stopping", {{"connections", links_.size()}, {"handlers", handlers_.size()}});
        notify();
    }
    while (running_ && !deadline.expired())
        co_await ended_.wait(deadline);
}

asio::awaitable<void> SocketClient::supervise() {
    while (!stopping_ && fatal_.empty()) {
        work_ = false;
        const TimePoint now = Clock::now();
        do_due_work(now);
        if (!work_)
            co_await work_came_.wait(Deadline::at(next_time()));
    }
}

void SocketClient::notify() {
    work_ = true;
    work_came_.notify_all();
}

void SocketClient::do_due_work(TimePoint now) {
    for (const LinkPtr& link : links())
        tick(link, now);
    give_up_late_handlers(now);
    for (;;) {
        const SocketSupervisor::Step step = supervisor_.step(now);
        if (step.kind == SocketSupervisor::Step::Kind::none)
            break;
        if (step.kind == SocketSupervisor::Step::Kind::open) {
            attempts_.spawn("attempt", connect(step.id));
        } else if (const auto found = links_.find(step.id); found != links_.end()) {
            const LinkPtr link = found->second;
            begin_close(link);
        }
    }
    update_status();
}

void SocketClient::tick(const LinkPtr& link, TimePoint now) {
    for (;;) {
        switch (link->session.tick(now)) {
            case SocketSession::Action::none:
                return;
            case SocketSession::Action::ping:
                link->socket->send_ping(socket_client_detail::kPingPayload);
                break;
            case SocketSession::Action::refresh:
                log::info("slack.refresh", {{"connection", link->id}, {"reason", "its time is almost over"}});
                supervisor_.on_disconnect(link->id, DisconnectReason::refresh_requested, now);
                break;
            case SocketSession::Action::no_hello:
                drop(link, "no hello in time");
                break;
            case SocketSession::Action::idle:
                drop(link, "nothing arrived for too long");
                break;
            case SocketSession::Action::drained:
                begin_close(link);
                break;
        }
    }
}

void SocketClient::give_up_late_handlers(TimePoint now) {
    if (!sweep_ || now < *sweep_)
        return;
    if (const std::size_t late = handlers_.give_up(now - options_.ack_limit)) {
        status_.unacked += late;
        log::warn("slack.handler_late",
                  {{"envelopes", late}, {"limit_ms", socket_client_detail::milliseconds(options_.ack_limit)}});
    }
    sweep_.reset();
    if (const std::optional<TimePoint> oldest = handlers_.oldest())
        sweep_ = *oldest + options_.ack_limit;
}

TimePoint SocketClient::next_time() const {
    TimePoint next = std::min(supervisor_.next_time(), sweep_.value_or(TimePoint::max()));
    for (const auto& [id, link] : links_)
        next = std::min(next, link->session.next_time());
    return next;
}

asio::awaitable<void> SocketClient::connect(int id) {
    // Whatever ends the attempt, the supervisor has to hear of it, or it would wait for it for ever.
    bool broken = true;
    std::string what = "cancelled";
    try {
        co_await open_link(id);
        broken = false;
    } catch (const std::exception& error) {
        what = error.what();
    }
    if (broken)
        attempt_failed(id, what, Duration::zero());
}

asio::awaitable<void> SocketClient::open_link(int id) {
    const TimePoint begun = Clock::now();
    // Awaitables are named before they are awaited throughout (CONTRIBUTING, gcc12-coroutine).
    auto opening = ports_.open(Deadline::after(options_.open_timeout));
    auto url = co_await std::move(opening);
    if (!url) {
        on_open_failed(id, url.error());
        co_return;
    }
    auto connecting = ports_.connect(url->reveal(), Deadline::after(options_.open_timeout));
    auto socket = co_await std::move(connecting);
    if (!socket) {
        on_connect_failed(id, socket.error());
        co_return;
    }
    const TimePoint now = Clock::now();
    log::debug("slack.upgraded", {{"connection", id}, {"ms", socket_client_detail::milliseconds(now - begun)}});
    SocketSession session(socket_client_detail::session_limits(options_), now);
    auto link = std::make_shared<Link>(id, std::move(*socket), session);
    links_.emplace(id, link);
    sockets_.spawn("read", read(link));
    notify();
}

asio::awaitable<void> SocketClient::read(LinkPtr link) {
    std::exception_ptr failure;
    try {
        co_await read_frames(link);
    } catch (...) {
        failure = std::current_exception();
    }
    if (link->open)
        on_read_end(link, net::NetError(net::NetFault::cancelled, "cancelled"));
    if (failure)
        std::rethrow_exception(failure);
}

asio::awaitable<void> SocketClient::read_frames(LinkPtr link) {
    for (;;) {
        auto reading = link->socket->read();
        auto frame = co_await std::move(reading);
        if (!frame) {
            on_read_end(link, frame.error());
            co_return;
        }
        on_frame(link, *frame);
    }
}

asio::awaitable<void> SocketClient::close(LinkPtr link, Deadline deadline) {
    auto closing = link->socket->close(socket_client_detail::kNormalClosure, deadline);
    co_await std::move(closing);
    // Its reader must end now, whatever the peer did.
    if (link->open)
        link->socket->abort();
}

void SocketClient::on_frame(const LinkPtr& link, const net::WebSocketFrame& frame) {
    const TimePoint now = Clock::now();
    link->session.on_frame(now);
    switch (frame.kind) {
        case net::WebSocketFrame::Kind::ping:
        case net::WebSocketFrame::Kind::pong:
            return;
        case net::WebSocketFrame::Kind::binary:
            on_odd(*link, "binary", frame.payload.size());
            return;
        case net::WebSocketFrame::Kind::text:
            break;
    }
    Frame parsed = parse_frame(frame.payload);
    if (auto* envelope = std::get_if<Envelope>(&parsed))
        on_envelope(link, std::move(*envelope), now);
    else if (const auto* hello = std::get_if<Hello>(&parsed))
        on_hello(link, *hello, now);
    else if (const auto* disconnect = std::get_if<Disconnect>(&parsed))
        on_disconnect(link, disconnect->reason, now);
    else if (const auto* odd = std::get_if<OddFrame>(&parsed))
        on_odd(*link, odd->why, frame.payload.size());
}

void SocketClient::on_hello(const LinkPtr& link, const Hello& hello, TimePoint now) {
    if (!link->session.on_hello(hello.connection_time, random_, now))
        return;
    ++hellos_;
    if (hellos_ > static_cast<std::uint64_t>(supervisor_.wanted()))
        ++status_.reconnects;
    if (hello.num_connections > 0)
        status_.num_connections = hello.num_connections;
    const std::optional<int> replaced = supervisor_.on_hello(link->id, now);
    log::info("slack.connected", {{"connection", link->id},
                                  {"hello_ms", socket_client_detail::milliseconds(now - link->session.started())},
                                  {"num_connections", hello.num_connections},
                                  {"replaces", replaced.value_or(0)}});
    if (hello.num_connections > static_cast<int>(links_.size()) && hello.num_connections > most_connections_) {
        most_connections_ = hello.num_connections;
        log::warn("slack.more_connections_than_ours",
                  {{"num_connections", hello.num_connections},
                   {"ours", links_.size()},
                   {"hint", "another process uses this app token and gets a share of the events"}});
    }
    if (replaced)
        if (const auto old = links_.find(*replaced); old != links_.end())
            old->second->session.retire(now);
    update_status();
    notify();
}

void SocketClient::on_disconnect(const LinkPtr& link, DisconnectReason reason, TimePoint now) {
    const SocketSupervisor::Leave leave = supervisor_.on_disconnect(link->id, reason, now);
    if (reason == DisconnectReason::link_disabled) {
        status_.last_error = "Socket Mode is switched off for the app (link_disabled)";
        log::error("slack.link_disabled",
                   {{"connection", link->id},
                    {"advice", "Socket Mode is switched off for the app: switch it on in the app's settings"},
                    {"retry_ms", socket_client_detail::milliseconds(options_.slow_retry)}});
    } else if (reason == DisconnectReason::too_many_websockets) {
        status_.last_error = "the app has too many open connections (too_many_websockets)";
        log::warn("slack.too_many_websockets",
                  {{"connection", link->id},
                   {"advice", "Slack allows 10 connections per app; other processes use this app token"}});
    } else {
        log::info("slack.disconnect", {{"connection", link->id}, {"reason", to_string(reason)}});
    }
    if (leave == SocketSupervisor::Leave::drain)
        link->session.retire(now);
    else if (leave == SocketSupervisor::Leave::close)
        begin_close(link);
    update_status();
    notify();
}

void SocketClient::on_envelope(const LinkPtr& link, Envelope envelope, TimePoint now) {
    ++status_.envelopes;
    socket_client_detail::kEnvelopes.add({socket_client_detail::type_of(envelope)});
    // Slack delivers it again, to another process or to the next one here.
    if (stopping_) {
        ++status_.unacked;
        return;
    }
    if (!envelope.known_type)
        ++status_.unknown;
    if (!envelope.payload) {
        if (envelope.known_type)
            on_odd(*link, "no usable payload", 0);
        send_ack(link, envelope.id, Ack::plain());
        return;
    }
    if (is_for_nobody_ && is_for_nobody_(*envelope.payload)) {
        send_ack(link, envelope.id, Ack::plain());
        socket_client_detail::kAckTimes.observe(Clock::now() - now);
        return;
    }
    if (handlers_.size() >= options_.max_in_flight) {
        ++status_.unacked;
        if (now - full_logged_ >= socket_client_detail::kFullLogInterval) {
            full_logged_ = now;
            log::warn("slack.too_many_envelopes", {{"in_flight", handlers_.size()}});
        }
        return;
    }
    handlers_.start(now, handle(link, std::move(envelope.id), std::move(*envelope.payload)));
    if (!sweep_) {
        sweep_ = now + options_.ack_limit;
        notify();
    }
}

asio::awaitable<void> SocketClient::handle(LinkPtr link, std::string envelope_id, Payload payload) {
    const OwedAck owed(*this, link);
    const TimePoint start = Clock::now();
    std::optional<Ack> answer;
    std::string failure;
    try {
        auto handling = handler_(std::move(payload));
        Ack ack = co_await std::move(handling);
        answer = std::move(ack);
    } catch (const std::exception& error) {
        failure = error.what();
    }
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    // It was given up, and whoever cancelled it has counted it.
    if (state.cancelled() != asio::cancellation_type::none)
        co_return;
    if (!failure.empty())
        log::error("slack.handler_failed", {{"error", failure}});
    if (!answer || !answer->send) {
        ++status_.unacked;
        co_return;
    }
    send_ack(link, envelope_id, *answer);
    socket_client_detail::kAckTimes.observe(Clock::now() - start);
}

void SocketClient::on_odd(const Link& link, const char* why, std::size_t bytes) {
    ++status_.malformed;
    if (log::enabled(log::Level::debug))
        log::debug("slack.odd_frame", {{"connection", link.id}, {"why", why}, {"bytes", bytes}});
}

// An ack belongs to the connection that delivered the envelope; when that one is gone, it goes out once on another
// (slack.md 1.5).
net::WebSocket* SocketClient::ack_socket(const LinkPtr& origin) const {
    if (origin->can_ack())
        return origin->socket.get();
    for (auto entry = links_.rbegin(); entry != links_.rend(); ++entry)
        if (entry->second->can_ack() && entry->second->session.got_hello())
            return entry->second->socket.get();
    return nullptr;
}

void SocketClient::send_ack(const LinkPtr& origin, const std::string& envelope_id, const Ack& ack) {
    net::WebSocket* socket = ack_socket(origin);
    if (!socket) {
        ++status_.unacked;
        log::warn("slack.ack_lost", {{"connection", origin->id}});
        return;
    }
    AckFrame frame = serialize_ack(envelope_id, ack.payload);
    if (frame.payload_dropped)
        log::warn("slack.ack_too_large", {{"connection", origin->id}, {"limit_bytes", kMaxAckBytes}});
    socket->send_text(std::move(frame.text));
    ++status_.acks;
    if (origin->can_ack())
        supervisor_.on_acked(origin->id);
}

void SocketClient::on_read_end(const LinkPtr& link, const net::NetError& error) {
    const bool asked = link->session.closing();
    link->open = false;
    links_.erase(link->id);
    supervisor_.on_end(link->id, Clock::now());
    // Whoever closed the connection knows why; our own error alone would be a guess.
    const net::WebSocketClose close = link->socket->close_reason();
    if (asked) {
        log::debug("slack.closed", {{"connection", link->id}});
    } else {
        status_.last_error = "connection lost: " + redact(error.message);
        log::info("slack.lost", {{"connection", link->id},
                                 {"error", error.message},
                                 {"code", close.code},
                                 {"reason", close.reason.substr(0, 200)}});
    }
    // Its waiting for a deadline must not keep the closing task alive, and nobody writes on it any more.
    link->session.close();
    update_status();
    notify();
}

void SocketClient::on_open_failed(int id, const ApiError& error) {
    if (error.fault != ApiFault::cancelled)
        fatal_ = fatal_open_error(error.code);
    attempt_failed(id, "apps.connections.open failed: " + error.code, error.retry_after.value_or(Duration::zero()));
}

void SocketClient::on_connect_failed(int id, const net::NetError& error) {
    std::string what = error.message;
    if (error.http_status != 0)
        what += " (HTTP " + std::to_string(error.http_status) + ")";
    const std::chrono::seconds retry_after(std::max(0, error.retry_after_seconds));
    attempt_failed(id, what, retry_after);
}

void SocketClient::attempt_failed(int id, const std::string& what, Duration retry_after) {
    const TimePoint now = Clock::now();
    supervisor_.on_end(id, now, retry_after);
    if (!stopping_ && fatal_.empty()) {
        status_.last_error = "connecting failed: " + redact(what);
        const TimePoint next = supervisor_.next_time();
        log::warn("slack.connect_failed",
                  {{"connection", id},
                   {"error", what},
                   {"retry_ms", next == TimePoint::max() ? 0 : socket_client_detail::milliseconds(next - now)}});
    }
    update_status();
    notify();
}

void SocketClient::drop(const LinkPtr& link, std::string_view why) {
    status_.last_error = "connection dropped: " + std::string(why);
    log::warn("slack.dropped", {{"connection", link->id}, {"why", why}});
    link->session.close();
    link->socket->abort();
}

void SocketClient::begin_close(const LinkPtr& link) {
    if (link->session.closing())
        return;
    link->session.close();
    // While stopping it gets what the deadline leaves, less a little for the end of the tasks themselves.
    Duration limit = options_.close_timeout;
    if (stopping_ && !stop_deadline_.is_never())
        limit = std::min(limit, stop_deadline_.remaining() * 9 / 10);
    sockets_.spawn("close", close(link, Deadline::after(limit)));
}

std::vector<SocketClient::LinkPtr> SocketClient::links() const {
    std::vector<LinkPtr> all;
    all.reserve(links_.size());
    for (const auto& [id, link] : links_)
        all.push_back(link);
    return all;
}

void SocketClient::update_status() {
    const bool was_connected = status_.connected > 0;
    status_.connected = supervisor_.serving();
    if (was_connected && status_.connected == 0) {
        status_.gap_from = Clock::now();
    } else if (status_.gap_from && status_.connected > 0) {
        status_.gaps += Clock::now() - *status_.gap_from;
        status_.gap_from.reset();
    }
    if (status_.connected >= supervisor_.wanted())
        status_.last_error.clear();
}

asio::awaitable<void> SocketClient::shut_down(Deadline deadline) {
    supervisor_.stop();
    attempts_.cancel();
    // Handlers may use most of the time, but never what the closing handshakes need.
    const Duration remaining = deadline.is_never() ? options_.ack_limit : deadline.remaining() * 2 / 3;
    const Deadline handlers_end = Deadline::after(std::min(options_.ack_limit, remaining));
    auto joining = handlers_.join(handlers_end);
    const bool finished = co_await std::move(joining);
    if (!finished)
        status_.unacked += handlers_.give_up(TimePoint::max());
    for (const LinkPtr& link : links())
        begin_close(link);
    auto closing = sockets_.join(deadline);
    co_await std::move(closing);
}

asio::awaitable<void> SocketClient::tear_down() {
    stopping_ = true;
    supervisor_.stop();
    handlers_.give_up(TimePoint::max());
    for (const LinkPtr& link : links()) {
        link->session.close();
        link->socket->abort();
    }
    attempts_.cancel();
    sockets_.cancel();
    const Deadline end = Deadline::after(socket_client_detail::kTearDownTime);
    auto attempts = attempts_.join(end);
    co_await std::move(attempts);
    auto sockets = sockets_.join(end);
    co_await std::move(sockets);
    auto handlers = handlers_.join(end);
    co_await std::move(handlers);
    update_status();
}

}  // namespace genie_slack::slack
