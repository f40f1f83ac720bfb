// The shell around the decisions of SocketSession and SocketSupervisor: it opens, reads, acks, closes and waits, and
// does nothing that they did not say. Its outside world comes in as functions, so that tests can take its place.
#pragma once

#include "core/net/condition.hpp"
#include "core/net/websocket.hpp"
#include "core/secret.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "slack/socket/in_flight.hpp"
#include "slack/socket/socket_mode.hpp"
#include "slack/socket/socket_session.hpp"
#include "slack/socket/socket_supervisor.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

struct SocketPorts {
    // apps.connections.open: the URL with its ticket, good for one connection.
    std::function<boost::asio::awaitable<ApiResult<Secret>>(Deadline)> open;
    std::function<boost::asio::awaitable<net::NetResult<std::unique_ptr<net::WebSocket>>>(std::string url, Deadline)>
        connect;
};

class SocketClient final : public SocketMode {
 public:
    SocketClient(boost::asio::any_io_executor executor, SocketPorts ports, Random& random, SocketModeOptions options,
                 EnvelopeHandler handler, EnvelopeFilter is_for_nobody = {});

    boost::asio::awaitable<Result<void>> run() override;
    boost::asio::awaitable<void> stop(Deadline deadline) override;
    const SocketModeStatus& status() const override { return status_; }

 private:
    struct Link {
        Link(int id_, std::unique_ptr<net::WebSocket> socket_, SocketSession session_)
            : id(id_), socket(std::move(socket_)), session(session_) {}
        bool can_ack() const { return open && !session.closing(); }

        int id;
        std::unique_ptr<net::WebSocket> socket;
        SocketSession session;
        bool open = true;  // until its reader has ended
    };
    using LinkPtr = std::shared_ptr<Link>;
    class OwedAck;

    boost::asio::awaitable<void> supervise();
    boost::asio::awaitable<void> shut_down(Deadline deadline);
    boost::asio::awaitable<void> tear_down();

    boost::asio::awaitable<void> connect(int id);
    boost::asio::awaitable<void> open_link(int id);
    boost::asio::awaitable<void> read(LinkPtr link);
    boost::asio::awaitable<void> read_frames(LinkPtr link);
    boost::asio::awaitable<void> close(LinkPtr link, Deadline deadline);
    boost::asio::awaitable<void> handle(LinkPtr link, std::string envelope_id, Payload payload);

    void notify();
    void do_due_work(TimePoint now);
    void tick(const LinkPtr& link, TimePoint now);
    void give_up_late_handlers(TimePoint now);
    TimePoint next_time() const;

    void on_frame(const LinkPtr& link, const net::WebSocketFrame& frame);
    void on_hello(const LinkPtr& link, const Hello& hello, TimePoint now);
    void on_disconnect(const LinkPtr& link, DisconnectReason reason, TimePoint now);
    void on_envelope(const LinkPtr& link, Envelope envelope, TimePoint now);
    void on_odd(const Link& link, const char* why, std::size_t bytes);
    void on_read_end(const LinkPtr& link, const net::NetError& error);
    void on_open_failed(int id, const ApiError& error);
    void on_connect_failed(int id, const net::NetError& error);
    void attempt_failed(int id, const std::string& what, Duration retry_after);

    void send_ack(const LinkPtr& origin, const std::string& envelope_id, const Ack& ack);
    net::WebSocket* ack_socket(const LinkPtr& origin) const;
    void drop(const LinkPtr& link, std::string_view why);
    void begin_close(const LinkPtr& link);
    std::vector<LinkPtr> links() const;
    void update_status();

    boost::asio::any_io_executor executor_;
    SocketPorts ports_;
    Random& random_;
    SocketModeOptions options_;
    EnvelopeHandler handler_;
    EnvelopeFilter is_for_nobody_;

    SocketModeStatus status_;
    SocketSupervisor supervisor_;
    std::map<int, LinkPtr> links_;
    std::uint64_t hellos_ = 0;
    TimePoint full_logged_{};
    int most_connections_ = 0;

    TaskGroup attempts_;
    TaskGroup sockets_;
    InFlight handlers_;
    // When to look for handlers that are past their limit; none while no handler has run for a while.
    std::optional<TimePoint> sweep_;

    net::Condition work_came_;
    bool work_ = false;
    bool running_ = false;
    bool stopping_ = false;
    Deadline stop_deadline_ = Deadline::never();
    std::string fatal_;
    net::Condition ended_;
};

}  // namespace genie_slack::slack
