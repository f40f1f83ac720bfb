// Owned background work: every coroutine that is not awaited directly belongs to one TaskGroup, whose owner joins it.
#pragma once

#include "core/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace genie_slack {

// Tasks run on the executor's single thread. A task that throws is logged (the group goes on); cancellation is not an
// error. The destructor requires that all tasks have ended: join() first, or destroy the io_context before.
class TaskGroup {
 public:
    TaskGroup(boost::asio::any_io_executor executor, std::string name);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    // Starts `body`; `name` is what the log calls it. After cancel() nothing is started any more.
    void spawn(std::string name, boost::asio::awaitable<void> body);
    // Asks all tasks to end (asio terminal cancellation). Returns at once.
    void cancel();
    // Waits until all tasks have ended or the deadline is over; true when all have ended.
    boost::asio::awaitable<bool> join(Deadline deadline);
    std::size_t size() const;

 private:
    struct Task;
    struct State;
    static boost::asio::awaitable<void> run(std::shared_ptr<State> state, Task& task,
                                            boost::asio::awaitable<void> body);

    std::shared_ptr<State> state_;
};

}  // namespace genie_slack
