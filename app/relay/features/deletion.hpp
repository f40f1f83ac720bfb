// A question's message is deleted: nobody waits for its answer any more.
#pragma once

#include "app/relay/features/stop.hpp"

namespace genie_slack::relay {

class Deletion {
 public:
    // All references must outlive it.
    Deletion(storage::Storage& storage, Stop& stop, const Self& self, const RelayOptions& options)
        : storage_(storage), stop_(stop), self_(self), options_(options) {}

    boost::asio::awaitable<slack::Ack> deleted(const slack::Event& event, const slack::MessageDeleted& deletion);

 private:
    storage::Storage& storage_;
    Stop& stop_;
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
