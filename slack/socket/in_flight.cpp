#include "slack/socket/in_flight.hpp"

#include "core/net/condition.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <list>

namespace genie_slack::slack {

namespace asio = boost::asio;

struct InFlight::State {
    struct Task {
        explicit Task(TimePoint started_) : started(started_) {}
        asio::cancellation_signal signal;
        TimePoint started;
        bool given_up = false;
    };

    explicit State(asio::any_io_executor executor_) : executor(std::move(executor_)) {}

    asio::any_io_executor executor;
    // Both lists are in the order of their start.
    std::list<Task> running;
    std::list<Task> given_up;
    net::Condition ended;
};

InFlight::InFlight(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

InFlight::~InFlight() = default;

void InFlight::start(TimePoint now, asio::awaitable<void> task) {
    auto state = state_;
    const auto position = state->running.emplace(state->running.end(), now);
    auto on_end = [state, position](std::exception_ptr) {
        (position->given_up ? state->given_up : state->running).erase(position);
        if (state->running.empty() && state->given_up.empty())
            state->ended.notify_all();
    };
    asio::co_spawn(state->executor, std::move(task),
                   asio::bind_cancellation_slot(position->signal.slot(), std::move(on_end)));
}

std::size_t InFlight::size() const {
    return state_->running.size() + state_->given_up.size();
}

std::optional<TimePoint> InFlight::oldest() const {
    if (state_->running.empty())
        return std::nullopt;
    return state_->running.front().started;
}

std::size_t InFlight::give_up(TimePoint time) {
    auto state = state_;
    std::size_t count = 0;
    while (!state->running.empty() && state->running.front().started <= time) {
        const auto task = state->running.begin();
        task->given_up = true;
        state->given_up.splice(state->given_up.end(), state->running, task);
        task->signal.emit(asio::cancellation_type::terminal);
        ++count;
    }
    return count;
}

asio::awaitable<bool> InFlight::join(Deadline deadline) {
    auto state = state_;
    while (!(state->running.empty() && state->given_up.empty()) && !deadline.expired())
        co_await state->ended.wait(deadline);
    co_return state->running.empty() && state->given_up.empty();
}

}  // namespace genie_slack::slack
