#include "app/relay/lease_keeper.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace lease_keeper_detail {

constexpr Duration kRenewTime = std::chrono::seconds(5);
constexpr Duration kPause = std::chrono::milliseconds(500);

// What is left of a lease has to suffice for the effect that follows to begin.
Duration margin_of(Duration lease_time) {
    return lease_time / 8;
}

}  // namespace lease_keeper_detail

LeaseKeeper::LeaseKeeper(storage::Storage& storage, storage::Lease lease, Duration lease_time, TimePoint asked_at)
    : storage_(storage), lease_(std::move(lease)), lease_time_(lease_time), state_(std::make_shared<State>()) {
    state_->storage = &storage_;
    state_->confirmed_at = asked_at;
    state_->surely_until = asked_at + lease_time - lease_keeper_detail::margin_of(lease_time);
}

std::function<bool()> LeaseKeeper::guard() const {
    return [state = state_] { return state->surely_holds(); };
}

asio::awaitable<LeaseKeeper::Renewed> LeaseKeeper::renew(Deadline deadline) {
    const TimePoint asked_at = Clock::now();
    auto held = co_await storage_.renew(lease_, lease_time_, deadline.sooner(lease_keeper_detail::kRenewTime));
    if (!held) {
        log::warn("lease.not_renewed", {{"turn", lease_.turn_id}, {"error", held.error().message}});
        co_return Renewed::unknown;
    }
    if (!*held) {
        log::warn("turn.lease_lost", {{"turn", lease_.turn_id}});
        lose();
        co_return Renewed::lost;
    }
    state_->confirmed_at = std::max(state_->confirmed_at, asked_at);
    state_->surely_until =
        std::max(state_->surely_until, asked_at + lease_time_ - lease_keeper_detail::margin_of(lease_time_));
    co_return Renewed::yes;
}

asio::awaitable<void> LeaseKeeper::keep() {
    while (!is_lost()) {
        co_await sleep_for(lease_time_ / 3);
        co_await renew(Deadline::after(lease_time_));
    }
}

asio::awaitable<bool> LeaseKeeper::holds(Deadline deadline) {
    while (!is_lost() && !surely_holds()) {
        const Renewed renewed = co_await renew(deadline);
        if (renewed == Renewed::yes)
            break;
        if (renewed == Renewed::lost || deadline.remaining() <= lease_keeper_detail::kPause)
            co_return false;
        co_await sleep_for(lease_keeper_detail::kPause);
    }
    co_return !is_lost();
}

}  // namespace genie_slack::relay
