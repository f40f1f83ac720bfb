// Time as the product sees it: one steady clock for waiting, one wall clock for recording, both replaceable by virtual
// time in tests (CONTRIBUTING, virtual-time).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <set>

namespace genie_slack {

// Steady clock of all timers and leases. It goes on while the machine is suspended (a timer that fell due meanwhile may
// fire late, never early). Reads the thread's VirtualTime while one exists.
struct Clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Clock>;
    static constexpr bool is_steady = true;
    static time_point now() noexcept;
};

using Duration = Clock::duration;
using TimePoint = Clock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

// The time of day, UTC, microseconds. Moves with VirtualTime while one exists on the thread.
WallTime wall_now() noexcept;

// "2026-01-31T10:00:00.000000Z": UTC, always six fraction digits, so that text order is time order (storage.md 1.4).
std::string format_utc(WallTime time);

// An absolute point in time by which something has to be done; handed down unchanged through calls.
class Deadline {
 public:
    static Deadline after(Duration duration) { return Deadline(Clock::now() + duration); }
    static Deadline at(TimePoint time) { return Deadline(time); }
    static Deadline never() { return Deadline(TimePoint::max()); }

    TimePoint time() const { return time_; }
    bool is_never() const { return time_ == TimePoint::max(); }
    bool expired() const { return Clock::now() >= time_; }
    // Never negative.
    Duration remaining() const;
    // The earlier of this deadline and `duration` from now.
    Deadline sooner(Duration duration) const;

    friend bool operator==(const Deadline&, const Deadline&) = default;

 private:
    explicit Deadline(TimePoint time) : time_(time) {}
    TimePoint time_;
};

}  // namespace genie_slack

// Virtual time never blocks the reactor: it makes every wait look due at once, and the timer queue is asked again.
template <>
struct boost::asio::wait_traits<genie_slack::Clock> {
    static genie_slack::Duration to_wait_duration(const genie_slack::Duration& duration);
    static genie_slack::Duration to_wait_duration(const genie_slack::TimePoint& time);
};

namespace genie_slack {

using Timer = boost::asio::basic_waitable_timer<Clock>;

// Waits; throws system_error(operation_aborted) when the coroutine is cancelled.
boost::asio::awaitable<void> sleep_until(TimePoint time);
boost::asio::awaitable<void> sleep_for(Duration duration);

// While it lives, the calling thread's Clock and wall clock stand still until the driver moves them. Tests only; at
// most one lives per thread, and it is created before any timer. Only waits made by sleep_until/sleep_for and Deadline
// helpers are known to it.
class VirtualTime {
 public:
    VirtualTime();
    ~VirtualTime();
    VirtualTime(const VirtualTime&) = delete;
    VirtualTime& operator=(const VirtualTime&) = delete;

    // Runs everything that is ready, then jumps to the next timer, until `done` or until nothing is left to wait for.
    // Returns whether `done` came true. Stops with false once more than `limit` of virtual time went by.
    bool run_until(boost::asio::io_context& context, const std::function<bool()>& done,
                   Duration limit = std::chrono::hours(24));
    // Runs everything that is ready or falls due in the next `duration`; afterwards the clock stands exactly there.
    void run_for(boost::asio::io_context& context, Duration duration);

 private:
    friend class VirtualWait;
    std::multiset<TimePoint> waits_;
};

// Registers a timer's expiry with the thread's VirtualTime, if there is one, for as long as it lives.
class VirtualWait {
 public:
    explicit VirtualWait(TimePoint time);
    ~VirtualWait();
    VirtualWait(const VirtualWait&) = delete;
    VirtualWait& operator=(const VirtualWait&) = delete;

 private:
    VirtualTime* owner_ = nullptr;
    std::multiset<TimePoint>::iterator position_;
};

}  // namespace genie_slack
