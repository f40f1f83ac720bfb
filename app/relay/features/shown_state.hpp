// What was chosen in an answer's message, kept in storage: people who change one message at the same time, in whichever
// process, do not undo each other's choices.
#pragma once

#include "app/answer/message/shown_answer.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

class ShownState {
 public:
    // `message` tells the answer's own message ("") from a shared copy of it; `owner` is this change, unlike any other.
    ShownState(storage::Storage& storage, std::string turn_id, const std::string& message, std::string owner);

    // Waits until nobody else changes the message, for a while at most, and returns what was chosen in it last: `seen`,
    // what the message showed when the person pressed, where nothing was kept. keep() or release() ends it.
    boost::asio::awaitable<answer::ShownAnswer> hold(answer::ShownAnswer seen);
    // What the message shows from now on.
    boost::asio::awaitable<void> keep(answer::ShownAnswer shown);
    boost::asio::awaitable<void> release();

 private:
    storage::Storage& storage_;
    std::string turn_id_;
    std::string action_;
    std::string owner_;
};

}  // namespace genie_slack::relay
