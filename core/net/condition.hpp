// Waiting for something that happens on the same event loop.
#pragma once

#include "core/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <list>

namespace genie_slack::net {

// A condition variable for coroutines of one thread: check, wait, check again. Must outlive its waiters.
class Condition {
 public:
    Condition() = default;
    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;

    // Returns after notify_all or at the deadline; throws system_error(operation_aborted) when the caller is cancelled.
    boost::asio::awaitable<void> wait(Deadline deadline) {
        Timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_at(deadline.time());
        VirtualWait virtual_wait(deadline.time());
        const Registration registration(waiting_, timer);
        boost::system::error_code ignored;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }

    void notify_all() {
        for (Timer* timer : waiting_)
            timer->cancel();
    }

 private:
    struct Registration {
        Registration(std::list<Timer*>& list_, Timer& timer) : list(list_), position(list.insert(list.end(), &timer)) {}
        ~Registration() { list.erase(position); }
        Registration(const Registration&) = delete;
        Registration& operator=(const Registration&) = delete;
        std::list<Timer*>& list;
        std::list<Timer*>::iterator position;
    };

    std::list<Timer*> waiting_;
};

}  // namespace genie_slack::net
