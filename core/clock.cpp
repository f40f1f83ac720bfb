#include "core/clock.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace genie_slack {

namespace {

struct VirtualClock {
    VirtualTime* owner = nullptr;
    TimePoint now{};
    WallTime wall_start{};
    TimePoint start{};
};

thread_local VirtualClock virtual_clock;

// CLOCK_MONOTONIC, which steady_clock reads, stands still while the machine is suspended, and a lease that somebody
// else has taken over meanwhile would still look like ours. CLOCK_BOOTTIME goes on.
Duration since_boot() noexcept {
    timespec time{};
    if (clock_gettime(CLOCK_BOOTTIME, &time) != 0)
        return std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Clock::time_point Clock::now() noexcept {
    if (virtual_clock.owner)
        return virtual_clock.now;
    return time_point(since_boot());
}

WallTime wall_now() noexcept {
    using std::chrono::microseconds;
    if (virtual_clock.owner)
        return virtual_clock.wall_start +
               std::chrono::duration_cast<microseconds>(virtual_clock.now - virtual_clock.start);
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string format_utc(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto micros = (time - seconds).count();
    const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
    std::tm parts{};
    gmtime_r(&whole, &parts);
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06lldZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<long long>(micros));
    return text;
}

Duration Deadline::remaining() const {
    if (is_never())
        return Duration::max();
    return std::max(Duration::zero(), time_ - Clock::now());
}

Deadline Deadline::sooner(Duration duration) const {
    return Deadline(std::min(time_, Clock::now() + duration));
}

}  // namespace genie_slack

genie_slack::Duration boost::asio::wait_traits<genie_slack::Clock>::to_wait_duration(
    const genie_slack::Duration& duration) {
    return genie_slack::virtual_clock.owner ? genie_slack::Duration::zero() : duration;
}

genie_slack::Duration boost::asio::wait_traits<genie_slack::Clock>::to_wait_duration(
    const genie_slack::TimePoint& time) {
    return to_wait_duration(time - genie_slack::Clock::now());
}

namespace genie_slack {

boost::asio::awaitable<void> sleep_until(TimePoint time) {
    Timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_at(time);
    VirtualWait wait(time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

boost::asio::awaitable<void> sleep_for(Duration duration) {
    return sleep_until(Clock::now() + duration);
}

VirtualTime::VirtualTime() {
    if (virtual_clock.owner)
        throw std::logic_error("a thread can have one VirtualTime only");
    virtual_clock.owner = this;
    // The origin is fixed and arbitrary, so that runs are alike: 2026-01-01T00:00:00Z.
    virtual_clock.start = virtual_clock.now = TimePoint(std::chrono::hours(1000));
    virtual_clock.wall_start = WallTime(std::chrono::seconds(1767225600));
}

VirtualTime::~VirtualTime() {
    virtual_clock = VirtualClock{};
}

bool VirtualTime::run_until(boost::asio::io_context& context, const std::function<bool()>& done, Duration limit) {
    const TimePoint end = virtual_clock.now + limit;
    for (;;) {
        context.restart();
        while (!done() && context.poll_one() > 0) {
        }
        if (done())
            return true;
        if (waits_.empty() || *waits_.begin() > end)
            return false;
        virtual_clock.now = std::max(virtual_clock.now, *waits_.begin());
        context.restart();
        if (context.poll_one() == 0 && !waits_.empty() && *waits_.begin() <= virtual_clock.now)
            throw std::logic_error("a virtual wait is due but nothing runs: its io_context is another one");
    }
}

void VirtualTime::run_for(boost::asio::io_context& context, Duration duration) {
    const TimePoint end = virtual_clock.now + duration;
    run_until(context, [] { return false; }, duration);
    virtual_clock.now = end;
}

VirtualWait::VirtualWait(TimePoint time) : owner_(virtual_clock.owner) {
    if (owner_)
        position_ = owner_->waits_.insert(time);
}

VirtualWait::~VirtualWait() {
    if (owner_ && owner_ == virtual_clock.owner)
        owner_->waits_.erase(position_);
}

}  // namespace genie_slack
