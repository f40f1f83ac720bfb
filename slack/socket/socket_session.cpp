#include "slack/socket/socket_session.hpp"

#include <algorithm>

namespace genie_slack::slack {

namespace socket_session_detail {
// Shorter lives than this are not worth a refresh of our own: Slack's disconnect message will do.
constexpr Duration kShortestRefreshedLife = std::chrono::seconds(60);
// Spread over this part of the allowed life, so that connections of one start do not all refresh at once.
constexpr double kEarliestRefresh = 0.90;
constexpr double kLatestRefresh = 0.97;
}  // namespace socket_session_detail

SocketSession::SocketSession(SessionLimits limits, TimePoint now)
    : limits_(limits), started_(now), last_frame_(now), last_ping_(now) {}

bool SocketSession::on_hello(Duration connection_time, Random& random, TimePoint now) {
    namespace detail = socket_session_detail;
    if (hello_)
        return false;
    hello_ = now;
    if (connection_time > detail::kShortestRefreshedLife) {
        const double share =
            detail::kEarliestRefresh + (detail::kLatestRefresh - detail::kEarliestRefresh) * random.unit();
        refresh_ = now + std::chrono::duration_cast<Duration>(connection_time * share);
    }
    return true;
}

void SocketSession::retire(TimePoint now) {
    if (phase_ != Phase::serving)
        return;
    phase_ = Phase::retired;
    retired_ = now;
    refresh_.reset();
}

void SocketSession::close() {
    phase_ = Phase::closing;
}

bool SocketSession::ack_settled(TimePoint now) {
    --acks_owed_;
    return acks_owed_ == 0 && phase_ == Phase::retired && now >= retired_ + limits_.drain_time;
}

TimePoint SocketSession::silence_start() const {
    return std::max(last_frame_, last_ping_);
}

TimePoint SocketSession::drain_end() const {
    return retired_ + limits_.drain_time + (acks_owed_ > 0 ? limits_.ack_limit : Duration::zero());
}

SocketSession::Action SocketSession::tick(TimePoint now) {
    if (phase_ == Phase::closing)
        return Action::none;
    if (now >= last_frame_ + limits_.idle_timeout)
        return Action::idle;
    if (phase_ == Phase::retired && now >= drain_end())
        return Action::drained;
    if (phase_ == Phase::serving && !hello_ && now >= started_ + limits_.hello_timeout)
        return Action::no_hello;
    if (refresh_ && now >= *refresh_) {
        refresh_.reset();
        return Action::refresh;
    }
    if (now >= silence_start() + limits_.ping_interval) {
        last_ping_ = now;
        return Action::ping;
    }
    return Action::none;
}

TimePoint SocketSession::next_time() const {
    if (phase_ == Phase::closing)
        return TimePoint::max();
    TimePoint next = std::min(last_frame_ + limits_.idle_timeout, silence_start() + limits_.ping_interval);
    if (phase_ == Phase::retired)
        next = std::min(next, drain_end());
    if (phase_ == Phase::serving && !hello_)
        next = std::min(next, started_ + limits_.hello_timeout);
    if (refresh_)
        next = std::min(next, *refresh_);
    return next;
}

}  // namespace genie_slack::slack
