// A question's message is deleted: nobody waits for its answer any more. One that is there stays, since others may go
// on with it, but the Home tab of its author lists the question no longer.
#pragma once

#include "app/relay/features/stop.hpp"

#include <string>

namespace genie_slack::relay {

class Deletion {
 public:
    // All references must outlive it.
    Deletion(storage::Storage& storage, Stop& stop, const Self& self, const RelayOptions& options)
        : storage_(storage), stop_(stop), self_(self), options_(options) {}

    boost::asio::awaitable<slack::Ack> deleted(const slack::Event& event, const slack::MessageDeleted& deletion);

 private:
    // That an answered question has no message any more; false when storage does not answer.
    boost::asio::awaitable<bool> keep_deleted(std::string turn_id);

    storage::Storage& storage_;
    Stop& stop_;
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
