// Sends what the coalescer says: one background task per message that has updates waiting.
#pragma once

#include "core/net/condition.hpp"
#include "core/task_group.hpp"
#include "slack/api_caller.hpp"
#include "slack/update_coalescer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace genie_slack::slack {

class UpdateSender {
 public:
    using Key = UpdateCoalescer::Key;

    // An explicit update or deletion of a message is under way while this lives.
    class Claim {
     public:
        Claim(UpdateSender& sender, Key key);
        ~Claim();
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;

     private:
        UpdateSender& sender_;
        Key key_;
    };

    UpdateSender(boost::asio::any_io_executor executor, ApiCaller& caller, Duration interval);

    void offer(Key key, OutgoingMessage message);
    // Waits until no update of `key` is in flight; false when the deadline came first.
    boost::asio::awaitable<bool> landed(Key key, Deadline deadline);
    // Sends what waits without keeping the interval; what is left at the deadline is dropped.
    boost::asio::awaitable<void> flush(Deadline deadline);

 private:
    // Its tasks tell the coalescer however they end.
    class Running {
     public:
        Running(UpdateSender& sender, const Key& key) : sender_(sender), key_(key) {}
        ~Running();
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

     private:
        UpdateSender& sender_;
        const Key& key_;
    };

    boost::asio::awaitable<void> run(Key key);

    boost::asio::any_io_executor executor_;
    ApiCaller& caller_;
    UpdateCoalescer coalescer_;
    net::Condition changed_;
    std::unique_ptr<TaskGroup> tasks_;
};

}  // namespace genie_slack::slack
