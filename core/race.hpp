// Runs an operation against the clock, or beside another. It awaits named awaitables only (CONTRIBUTING,
// gcc12-coroutine), and binds owning results by reference (CONTRIBUTING, binding-leak).
#pragma once

#include "core/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <type_traits>

namespace genie_slack {

namespace detail {
template <class T>
struct Timed {
    using type = std::optional<T>;
};
template <>
struct Timed<void> {
    using type = bool;
};
}  // namespace detail

// Runs `operation` until the deadline: its value, or nullopt (false for void) after it was cancelled because time was
// up. Exceptions of the operation pass through. T has to be default-constructible. The operation must answer to
// cancellation, since it is awaited even then. When the caller is cancelled the operation's own exception passes
// through: the timer then ends first as well, but with a failure.
template <class T>
boost::asio::awaitable<typename detail::Timed<T>::type> with_deadline(boost::asio::awaitable<T> operation,
                                                                      Deadline deadline) {
    namespace asio = boost::asio;
    if (deadline.is_never()) {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(operation);
            co_return true;
        } else {
            co_return std::optional<T>(co_await std::move(operation));
        }
    }
    const auto executor = co_await asio::this_coro::executor;
    auto timer = sleep_until(deadline.time());
    auto group = asio::experimental::make_parallel_group(co_spawn(executor, std::move(operation), asio::deferred),
                                                         co_spawn(executor, std::move(timer), asio::deferred));
    auto wait = group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if constexpr (std::is_void_v<T>) {
        auto result = co_await std::move(wait);
        auto& [order, failure, timer_failure] = result;
        if (order[0] == 1 && failure && !timer_failure)
            co_return false;
        if (failure)
            std::rethrow_exception(failure);
        co_return true;
    } else {
        auto result = co_await std::move(wait);
        auto& [order, failure, value, timer_failure] = result;
        if (order[0] == 1 && failure && !timer_failure)
            co_return std::nullopt;
        if (failure)
            std::rethrow_exception(failure);
        co_return std::optional<T>(std::move(value));
    }
}

// Runs two operations at the same time, and returns when both have ended. An exception passes through then, that of
// `one` first.
inline boost::asio::awaitable<void> both(boost::asio::awaitable<void> one, boost::asio::awaitable<void> other) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(co_spawn(executor, std::move(one), asio::deferred),
                                                         co_spawn(executor, std::move(other), asio::deferred));
    auto wait = group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    auto result = co_await std::move(wait);
    auto& [order, failure, other_failure] = result;
    if (failure)
        std::rethrow_exception(failure);
    if (other_failure)
        std::rethrow_exception(other_failure);
}

}  // namespace genie_slack
