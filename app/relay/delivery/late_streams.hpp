// Streams that come to stand after their answer: Slack did not say in time whether it began them, and began them late.
#pragma once

#include "app/relay/delivery/messenger.hpp"
#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "core/task_group.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

class LateStreams {
 public:
    // The references must outlive it. `storage_time` is that of one call.
    LateStreams(boost::asio::any_io_executor executor, Messenger& messenger, storage::Storage& storage,
                Duration storage_time)
        : messenger_(messenger), storage_(storage), storage_time_(storage_time), looking_(executor, "late streams") {}

    // `turn` is over. Looks some times within a minute, or later where Slack is busy, in the background, and takes away
    // what still comes.
    void watch(storage::Turn turn);
    // Looks a last time, and no more.
    boost::asio::awaitable<void> stop(Deadline deadline);

 private:
    boost::asio::awaitable<void> look_for(storage::Turn turn);
    // Whether the thread's turns are all over, and message `ts` is not the answer of one.
    boost::asio::awaitable<bool> is_nobodys(const storage::Turn& turn, std::string ts);

    Messenger& messenger_;
    storage::Storage& storage_;
    Duration storage_time_;
    net::Condition hurry_;  // the process ends
    bool is_ending_ = false;
    TaskGroup looking_;
};

}  // namespace genie_slack::relay
