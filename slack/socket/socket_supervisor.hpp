// How many Socket Mode connections there are, and when the next one is opened: start, make-before-break refresh,
// backoff, slow retry, limits. Pure: it is told what happened and what time it is, and never waits.
#pragma once

#include "core/clock.hpp"
#include "core/net/backoff.hpp"
#include "core/random.hpp"
#include "slack/socket/envelope.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::slack {

// Slack's limit per app (slack.md 1.7).
constexpr int kMaxSockets = 10;

struct SupervisorLimits {
    int connections = 2;
    Duration healthy_after = std::chrono::seconds(60);
    Duration healthy_after_ack = std::chrono::seconds(10);  // of a connection over which an event was acked
    Duration backoff_first = std::chrono::seconds(1);
    Duration backoff_cap = std::chrono::seconds(60);
    Duration slow_retry = std::chrono::seconds(120);
};

// One attempt runs at a time, from apps.connections.open to hello, so that failures of any kind make one serial retry
// chain. A connection is `starting`, then `usable`; asked by Slack to go it is `leaving` (it serves until a replacement
// is there), then `draining` until it ends.
class SocketSupervisor {
 public:
    SocketSupervisor(SupervisorLimits limits, Random& random);

    struct Step {
        enum class Kind {
            none,
            open,   // start an attempt under the new id; it ends with on_hello or on_end
            close,  // close this one, to make room below kMaxSockets
        };
        Kind kind = Kind::none;
        int id = 0;
    };
    // What is due now; called again until `none`. At next_time() at the latest, and after every event, it has to be
    // asked again.
    Step step(TimePoint now);
    TimePoint next_time() const;

    // Returns the connection that this one replaces, which drains from now on.
    std::optional<int> on_hello(int id, TimePoint now);

    enum class Leave {
        stay,   // go on as before: a replacement will come
        drain,  // retire it without a replacement
        close,  // close it now
    };
    Leave on_disconnect(int id, DisconnectReason reason, TimePoint now);

    // Events came over it, and were acked: it does what it is for.
    void on_acked(int id);

    // The attempt failed or the connection is gone, whatever the cause. `retry_after` is what the peer asked for.
    void on_end(int id, TimePoint now, Duration retry_after = Duration::zero());

    // Makes no more attempts.
    void stop() { stopped_ = true; }

    // Counts connections that are past hello and not draining.
    int serving() const;
    // Counts all that have a socket or are about to get one.
    int sockets() const { return static_cast<int>(links_.size()); }
    int wanted() const { return limits_.connections; }

 private:
    enum class State { starting, usable, leaving, draining, closing };
    struct Link {
        explicit Link(State state_) : state(state_) {}
        State state;
        TimePoint hello{};
        bool counted_healthy = false;
        bool has_acked = false;
    };

    int count(State state) const;
    std::optional<int> oldest(State state) const;
    int missing() const;
    TimePoint due() const;
    bool is_healthy(const Link& link, TimePoint now) const;
    void note_health(TimePoint now);
    void want_soon(TimePoint at);
    void want_after(TimePoint now, Duration wait);
    bool may_hurry(const Link& link, TimePoint now);
    Duration crowded_wait();

    SupervisorLimits limits_;
    Random& random_;
    std::map<int, Link> links_;
    int last_id_ = 0;
    bool stopped_ = false;
    net::Backoff backoff_;
    net::Backoff crowded_;
    // Nothing is opened before this, whatever happens: Slack said Retry-After, or Socket Mode is switched off.
    TimePoint hold_{};
    // When the retry chain goes on.
    TimePoint retry_{};
    // So many replacements do not wait for the retry chain, from `soon_` on.
    int urgent_ = 0;
    TimePoint soon_{};
    // How many young connections may be replaced without backoff until one has proven healthy.
    int credit_;
};

// What to tell the admin when apps.connections.open answers with one of the codes that no retry can mend
// (slack.md 1.11); "" for all others.
std::string fatal_open_error(std::string_view code);

}  // namespace genie_slack::slack
