// Envelope handlers that run at the same time, each against the same time limit. One sweep watches over all of them:
// thousands start in a second, and a timer for each would cost more than the handler (slack.md 8).
#pragma once

#include "core/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace genie_slack::slack {

// Tasks run on the executor's single thread and must not throw. The destructor requires that all have ended, or that
// the io_context is gone.
class InFlight {
 public:
    explicit InFlight(boost::asio::any_io_executor executor);
    ~InFlight();
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

    // `now` never goes back from one call to the next.
    void start(TimePoint now, boost::asio::awaitable<void> task);
    // All that have not ended, given up or not.
    std::size_t size() const;
    // Start of the oldest one that is not given up.
    std::optional<TimePoint> oldest() const;
    // Cancels those that started at `time` or before; how many there were.
    std::size_t give_up(TimePoint time);
    // Waits until all have ended or the deadline is over; true when all have ended.
    boost::asio::awaitable<bool> join(Deadline deadline);

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace genie_slack::slack
