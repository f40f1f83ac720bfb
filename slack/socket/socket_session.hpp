// What one Socket Mode connection has to do, and when: hello gate, pings, idle limit, own refresh, drain. Pure: it is
// told what happened and what time it is, and never waits.
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

#include <optional>

namespace genie_slack::slack {

struct SessionLimits {
    Duration hello_timeout = std::chrono::seconds(15);
    Duration idle_timeout = std::chrono::seconds(70);
    Duration ping_interval = std::chrono::seconds(20);
    Duration drain_time = std::chrono::seconds(15);
    // How long a drained connection still waits for handlers that owe it an ack.
    Duration ack_limit = std::chrono::milliseconds(2500);
};

class SocketSession {
 public:
    enum class Action {
        none,
        ping,      // send one; it counts as sent
        refresh,   // its time is almost over (slack.md 1.11): ask for a replacement; said once
        no_hello,  // drop it
        idle,      // dead: drop it
        drained,   // replaced long enough ago, and nothing is owed: close it
    };

    // `now` is when the upgrade was done.
    SocketSession(SessionLimits limits, TimePoint now);

    // Any inbound frame, pings and pongs too: the peer lives.
    void on_frame(TimePoint now) { last_frame_ = now; }
    // Whether it is the first one; others mean nothing. `connection_time`: how long Slack lets it live, zero: unknown.
    bool on_hello(Duration connection_time, Random& random, TimePoint now);
    // A replacement has taken over, or none is wanted: go on reading and acking for the drain time.
    void retire(TimePoint now);
    // The closing handshake has begun: there is nothing to decide any more.
    void close();

    // Handlers that will want to ack on this connection.
    void ack_owed() { ++acks_owed_; }
    // True when the connection only waited for that.
    bool ack_settled(TimePoint now);

    // What to do now; called again until `none`. At next_time() at the latest it has to be asked again.
    Action tick(TimePoint now);
    TimePoint next_time() const;

    bool got_hello() const { return hello_.has_value(); }
    bool closing() const { return phase_ == Phase::closing; }
    TimePoint started() const { return started_; }

 private:
    enum class Phase { serving, retired, closing };

    TimePoint silence_start() const;
    TimePoint drain_end() const;

    SessionLimits limits_;
    Phase phase_ = Phase::serving;
    TimePoint started_;
    TimePoint last_frame_;
    TimePoint last_ping_;
    std::optional<TimePoint> hello_;
    std::optional<TimePoint> refresh_;
    TimePoint retired_{};
    int acks_owed_ = 0;
};

}  // namespace genie_slack::slack
