// Runs coroutines in tests, on virtual or on real time.
#pragma once

#include "core/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace genie_slack::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GENIE_SLACK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GENIE_SLACK_SANITIZED 1
#endif
#endif

// How long a test on real time waits for what takes at most `usual` on a busy machine: under a sanitizer, longer.
constexpr Duration patience(Duration usual) {
#ifdef GENIE_SLACK_SANITIZED
    return usual * 5;
#else
    return usual;
#endif
}

namespace detail {
template <class T>
struct Outcome {
    std::optional<T> value;
    std::exception_ptr failure;
    bool ended = false;
};
template <>
struct Outcome<void> {
    std::exception_ptr failure;
    bool ended = false;
};

template <class T>
T finish(Outcome<T>& outcome) {
    if (!outcome.ended)
        throw std::runtime_error("the coroutine did not end in time");
    if (outcome.failure)
        std::rethrow_exception(outcome.failure);
    if constexpr (!std::is_void_v<T>)
        return std::move(*outcome.value);
}

template <class T>
void start(boost::asio::io_context& context, boost::asio::awaitable<T> task, Outcome<T>& outcome) {
    if constexpr (std::is_void_v<T>)
        boost::asio::co_spawn(context, std::move(task), [&outcome](std::exception_ptr failure) {
            outcome.failure = failure;
            outcome.ended = true;
        });
    else
        boost::asio::co_spawn(context, std::move(task), [&outcome](std::exception_ptr failure, T value) {
            outcome.failure = failure;
            if (!failure)
                outcome.value = std::move(value);
            outcome.ended = true;
        });
}
}  // namespace detail

// Runs `task` to its end on real time; throws what it throws, or when `limit` is over.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> task,
      Duration limit = patience(std::chrono::seconds(20))) {
    detail::Outcome<T> outcome;
    detail::start(context, std::move(task), outcome);
    const Deadline deadline = Deadline::after(limit);
    context.restart();
    while (!outcome.ended && !deadline.expired())
        context.run_one_for(std::chrono::milliseconds(20));
    return detail::finish(outcome);
}

// The same on virtual time: no real waiting at all.
template <class T>
T run(VirtualTime& time, boost::asio::io_context& context, boost::asio::awaitable<T> task,
      Duration limit = std::chrono::hours(24)) {
    detail::Outcome<T> outcome;
    detail::start(context, std::move(task), outcome);
    time.run_until(context, [&outcome] { return outcome.ended; }, limit);
    return detail::finish(outcome);
}

// Runs the loop until `done`; false when `limit` is over first.
template <class Condition>
bool run_until(boost::asio::io_context& context, Condition done, Duration limit = patience(std::chrono::seconds(20))) {
    const Deadline deadline = Deadline::after(limit);
    context.restart();
    while (!done()) {
        if (deadline.expired())
            return false;
        context.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace genie_slack::test
