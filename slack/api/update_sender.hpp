// Sends what the coalescer says: one background task per message that has updates waiting.
#pragma once

#include "core/net/condition.hpp"
#include "core/task_group.hpp"
#include "slack/api/api_caller.hpp"
#include "slack/api/update_coalescer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace genie_slack::slack {

class UpdateSender {
 public:
    using Key = UpdateCoalescer::Key;

    // Shared with the tasks: whoever destroys the event loop may destroy their frames after the sender.
    struct State {
        explicit State(Duration interval) : coalescer(interval) {}
        UpdateCoalescer coalescer;
        net::Condition changed;
    };

    // An explicit update or deletion of a message is under way while this lives.
    class Claim {
     public:
        Claim(const UpdateSender& sender, Key key);
        ~Claim();
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;

     private:
        std::shared_ptr<State> state_;
        Key key_;
    };

    UpdateSender(boost::asio::any_io_executor executor, ApiCaller& caller, Duration interval);

    void offer(Key key, OutgoingMessage message);
    // Waits until no update of `key` is in flight; false when the deadline came first.
    boost::asio::awaitable<bool> landed(Key key, Deadline deadline);
    // Sends what waits without keeping the interval; what is left at the deadline is dropped.
    boost::asio::awaitable<void> flush(Deadline deadline);

 private:
    boost::asio::awaitable<void> run(std::shared_ptr<State> state, Key key);

    boost::asio::any_io_executor executor_;
    ApiCaller& caller_;
    std::shared_ptr<State> state_;
    std::unique_ptr<TaskGroup> tasks_;
};

}  // namespace genie_slack::slack
