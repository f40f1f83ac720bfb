#include "core/task_group.hpp"

#include "core/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <list>

namespace genie_slack {

namespace asio = boost::asio;

struct TaskGroup::Task {
    asio::cancellation_signal signal;
    // A coroutine that was spawned and has not run yet must not be cancelled, since asio lets the
    // exception escape (CONTRIBUTING, owned-tasks).
    bool started = false;
};

struct TaskGroup::State {
    State(asio::any_io_executor executor_, std::string name_)
        : executor(std::move(executor_)), name(std::move(name_)), ended(executor) {
        ended.expires_at(TimePoint::max());
    }
    asio::any_io_executor executor;
    std::string name;
    std::list<Task> tasks;
    Timer ended;
    bool cancelled = false;
};

namespace {

void report(const std::string& group, const std::string& task, std::exception_ptr failure) {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted)
            return;
        log::error("task.failed", {{"group", group}, {"task", task}, {"error", error.what()}});
    } catch (const std::exception& error) {
        log::error("task.failed", {{"group", group}, {"task", task}, {"error", error.what()}});
    }
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor, std::string name)
    : state_(std::make_shared<State>(std::move(executor), std::move(name))) {}

TaskGroup::~TaskGroup() = default;

asio::awaitable<void> TaskGroup::run(std::shared_ptr<State> state, Task& task, asio::awaitable<void> body) {
    task.started = true;
    if (!state->cancelled)
        co_await std::move(body);
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> body) {
    auto state = state_;
    const auto position = state->tasks.emplace(state->tasks.end());
    auto on_end = [state, position, name = std::move(name)](std::exception_ptr failure) {
        if (failure)
            report(state->name, name, failure);
        state->tasks.erase(position);
        if (state->tasks.empty())
            state->ended.cancel();
    };
    asio::co_spawn(state->executor, run(state, *position, std::move(body)),
                   asio::bind_cancellation_slot(position->signal.slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
    state_->cancelled = true;
    auto next = state_->tasks.begin();
    while (next != state_->tasks.end()) {
        auto current = next++;
        if (current->started)
            current->signal.emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<bool> TaskGroup::join(Deadline deadline) {
    auto state = state_;
    while (!state->tasks.empty() && !deadline.expired()) {
        state->ended.expires_at(deadline.time());
        VirtualWait wait(deadline.time());
        boost::system::error_code ignored;
        co_await state->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return state->tasks.empty();
}

std::size_t TaskGroup::size() const {
    return state_->tasks.size();
}

}  // namespace genie_slack
