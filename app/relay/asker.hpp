// Asks Genie exactly once: the rate limit before, and the look-up after a POST whose outcome nobody knows.
#pragma once

#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

struct AskedQuestion {
    std::string conversation_id;
    std::string message_id;
    bool new_conversation = false;  // the thread's former one is gone
};

class Asker {
 public:
    explicit Asker(genie::Client& client) : client_(client) {}

    // Posts the turn's question: into its conversation, or as a new one when it has none. An ambiguous POST is looked
    // up, and repeated only when Genie does not have the question. A conversation that was deleted is replaced by a new
    // one; one that is busy is tried again for a while.
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> ask(storage::Turn turn, Deadline deadline);

    // The question in Genie, when it is there: for a turn that was about to ask when its process died.
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> find(storage::Turn turn, Deadline deadline);

 private:
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> post(const storage::Turn& turn, Deadline deadline);

    genie::Client& client_;
};

}  // namespace genie_slack::relay
