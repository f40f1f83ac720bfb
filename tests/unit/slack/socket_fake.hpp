// Slack's side of Socket Mode without a socket, on virtual time: scripted answers to opens and upgrades, and peers that
// the test speaks for.
#pragma once

#include "core/log.hpp"
#include "slack/socket/socket_client.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::slack::socket_test {

namespace asio = boost::asio;

// One connection as Slack sees it.
struct FakePeer {
    explicit FakePeer(asio::any_io_executor executor) : arrival(executor) {}

    void send(std::string text) { push(net::WebSocketFrame::Kind::text, std::move(text)); }
    void hello() { send(R"({"type":"hello","num_connections":1})"); }
    void disconnect(const std::string& reason) { send(R"({"type":"disconnect","reason":")" + reason + "\"}"); }
    void command(const std::string& id) {
        send(R"({"envelope_id":")" + id + R"(","type":"slash_commands","payload":{"command":"/genie","text":")" + id +
             "\"}}");
    }
    void push(net::WebSocketFrame::Kind kind, std::string payload) {
        net::WebSocketFrame frame;
        frame.kind = kind;
        frame.payload = std::move(payload);
        inbox.emplace_back(std::move(frame));
        arrival.cancel();
    }
    // What the client's read sees from now on.
    void end(net::NetFault code, std::string message) {
        if (over)
            return;
        over = true;
        inbox.emplace_back(net::NetError(code, std::move(message)));
        arrival.cancel();
    }
    void server_close(std::uint16_t code) {
        close_reason.code = code;
        end(net::NetFault::closed, "closed by the peer");
    }
    std::vector<std::string> acked() const {
        std::vector<std::string> ids;
        for (const std::string& text : sent)
            ids.emplace_back(boost::json::parse(text).as_object().at("envelope_id").as_string());
        return ids;
    }
    // No frame of the client may come any more.
    bool gone() const { return over; }

    Timer arrival;
    std::deque<net::NetResult<net::WebSocketFrame>> inbox;
    net::WebSocketClose close_reason;
    std::vector<std::string> sent;
    std::vector<std::string> pings;
    std::optional<std::uint16_t> close_code;  // the client began the closing handshake
    TimePoint closed_at{};
    TimePoint opened_at = Clock::now();
    bool answers_close = true;
    bool answers_pings = true;
    bool aborted = false;
    bool over = false;
    bool destroyed = false;
};

class FakeSocket final : public net::WebSocket {
 public:
    explicit FakeSocket(std::shared_ptr<FakePeer> peer) : peer_(std::move(peer)) {}
    ~FakeSocket() override { peer_->destroyed = true; }

    asio::awaitable<net::NetResult<net::WebSocketFrame>> read() override {
        auto peer = peer_;
        while (peer->inbox.empty()) {
            peer->arrival.expires_at(TimePoint::max());
            boost::system::error_code ignored;
            co_await peer->arrival.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        auto next = std::move(peer->inbox.front());
        peer->inbox.pop_front();
        co_return next;
    }
    void send_text(std::string text) override {
        if (!peer_->over && !peer_->close_code)
            peer_->sent.push_back(std::move(text));
    }
    void send_ping(std::string payload) override {
        if (peer_->answers_pings && !peer_->over)
            peer_->push(net::WebSocketFrame::Kind::pong, payload);
        peer_->pings.push_back(std::move(payload));
    }
    std::size_t unsent() const override { return 0; }
    asio::awaitable<void> close(std::uint16_t code, Deadline deadline) override {
        auto peer = peer_;
        peer->close_code = code;
        peer->closed_at = Clock::now();
        if (!peer->answers_close)
            co_await sleep_until(deadline.time());
        peer->end(net::NetFault::closed, "closed");
    }
    void abort() override {
        peer_->aborted = true;
        peer_->end(net::NetFault::io, "aborted");
    }
    net::WebSocketClose close_reason() const override { return peer_->close_reason; }

 private:
    std::shared_ptr<FakePeer> peer_;
};

// A client against scripted ports, with its clock and loop.
class FakeSlack {
 public:
    explicit FakeSlack(SocketModeOptions options = one_connection(), std::uint64_t seed = 1) : random_(seed) {
        SocketPorts ports;
        ports.open = [this](Deadline deadline) { return open(deadline); };
        ports.connect = [this](std::string url, Deadline deadline) { return connect(std::move(url), deadline); };
        EnvelopeHandler handler = [this](Payload payload) { return handle(std::move(payload)); };
        EnvelopeFilter filter = [this](const Payload& payload) { return is_for_nobody && is_for_nobody(payload); };
        client_ = std::make_unique<SocketClient>(context_.get_executor(), std::move(ports), random_, options,
                                                 std::move(handler), std::move(filter));
    }
    ~FakeSlack() {
        // Ends what is left of the client, so that no task outlives it.
        if (outcome_ && !outcome_->ended) {
            cancel_.emit(asio::cancellation_type::terminal);
            time_.run_until(context_, [this] { return outcome_->ended; }, std::chrono::hours(1));
        }
    }

    static SocketModeOptions one_connection() {
        SocketModeOptions options;
        options.connections = 1;
        return options;
    }

    void start() {
        outcome_ = std::make_unique<Outcome>();
        auto running = client_->run();
        auto on_end = [outcome = outcome_.get()](std::exception_ptr failure, Result<void> result) {
            outcome->failure = failure;
            outcome->result = std::move(result);
            outcome->ended = true;
        };
        asio::co_spawn(context_, keep(std::move(running)),
                       asio::bind_cancellation_slot(
                           cancel_.slot(), [on_end](std::exception_ptr failure, std::optional<Result<void>> result) {
                               on_end(failure, result ? std::move(*result) : Result<void>(Error("none")));
                           }));
    }
    // Starts and lets all connections say hello.
    void start_usable() {
        auto_hello = true;
        start();
        settle();
    }
    bool until(const std::function<bool()>& done, Duration limit = std::chrono::minutes(30)) {
        return time_.run_until(context_, done, limit);
    }
    void wait(Duration duration) { time_.run_for(context_, duration); }
    // Runs what is ready without letting time pass.
    void settle() { wait(Duration::zero()); }
    void cancel() { cancel_.emit(asio::cancellation_type::terminal); }
    template <class T>
    T run(asio::awaitable<T> task) {
        return test::run(time_, context_, std::move(task));
    }

    bool ended() const { return outcome_ && outcome_->ended; }
    // After ended(): "" for success, else the error text.
    std::string result() const {
        if (outcome_->failure)
            return "exception";
        return outcome_->result->has_error() ? outcome_->result->error().message : "";
    }

    SocketClient& client() { return *client_; }
    const SocketModeStatus& status() const { return client_->status(); }
    FakePeer& peer(std::size_t index) { return *peers.at(index); }
    asio::io_context& context() { return context_; }

    // The script: what each open or upgrade answers; when it is empty they succeed.
    std::deque<ApiError> open_errors;
    std::deque<net::NetError> connect_errors;
    bool open_throws = false;
    Duration open_delay{};
    bool auto_hello = false;
    std::function<void(FakePeer&)> on_peer;
    EnvelopeFilter is_for_nobody;
    // What handlers do.
    Duration handler_delay{};
    bool handler_throws = false;
    std::function<Ack(const Payload&)> answer = [](const Payload&) { return Ack::plain(); };

    // What was seen.
    std::vector<TimePoint> opens;
    std::vector<std::string> urls;
    std::vector<std::shared_ptr<FakePeer>> peers;
    std::vector<std::string> handled;  // texts of the commands
    int handling = 0;

 private:
    struct Outcome {
        std::exception_ptr failure;
        std::optional<Result<void>> result;
        bool ended = false;
    };

    static asio::awaitable<std::optional<Result<void>>> keep(asio::awaitable<Result<void>> running) {
        Result<void> result = co_await std::move(running);
        co_return std::optional<Result<void>>(std::move(result));
    }

    asio::awaitable<ApiResult<Secret>> open(Deadline) {
        opens.push_back(Clock::now());
        if (open_delay > Duration::zero())
            co_await sleep_for(open_delay);
        if (open_throws)
            throw std::runtime_error("broken");
        if (!open_errors.empty()) {
            ApiError error = open_errors.front();
            open_errors.pop_front();
            co_return error;
        }
        co_return Secret("wss://slack.test/link/?ticket=secret-ticket-" + std::to_string(opens.size()));
    }

    asio::awaitable<net::NetResult<std::unique_ptr<net::WebSocket>>> connect(std::string url, Deadline) {
        urls.push_back(std::move(url));
        if (!connect_errors.empty()) {
            net::NetError error = connect_errors.front();
            connect_errors.pop_front();
            co_return error;
        }
        auto peer = std::make_shared<FakePeer>(context_.get_executor());
        peers.push_back(peer);
        if (auto_hello)
            peer->hello();
        if (on_peer)
            on_peer(*peer);
        std::unique_ptr<net::WebSocket> socket = std::make_unique<FakeSocket>(peer);
        co_return std::move(socket);
    }

    asio::awaitable<Ack> handle(Payload payload) {
        struct Count {
            explicit Count(int& value_) : value(value_) { ++value; }
            ~Count() { --value; }
            Count(const Count&) = delete;
            Count& operator=(const Count&) = delete;
            int& value;
        } count(handling);
        if (const auto* command = std::get_if<SlashCommand>(&payload))
            handled.push_back(command->text);
        if (handler_delay > Duration::zero())
            co_await sleep_for(handler_delay);
        if (handler_throws)
            throw std::runtime_error("no luck");
        co_return answer(payload);
    }

    VirtualTime time_;
    asio::io_context context_;
    Random random_;
    asio::cancellation_signal cancel_;
    std::unique_ptr<Outcome> outcome_;
    std::unique_ptr<SocketClient> client_;
};

}  // namespace genie_slack::slack::socket_test
