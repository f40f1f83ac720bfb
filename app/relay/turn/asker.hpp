// Asks Genie exactly once: the rate limit before, and the look-up after a POST whose outcome nobody knows.
#pragma once

#include "app/relay/turn/lease_keeper.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace genie_slack::relay {

struct AskedQuestion {
    std::string conversation_id;
    std::string message_id;
    bool new_conversation = false;  // the thread's former one is gone
};

class Asker {
 public:
    // Both references must outlive the asker.
    Asker(genie::Client& client, storage::Storage& storage) : client_(client), storage_(storage) {}

    // Posts the turn's question: into its conversation, or as a new one when it has none. An ambiguous POST is looked
    // up, and repeated only when Genie does not have the question. A conversation that was deleted is replaced by a new
    // one; one that is busy is tried again for a while. Nothing is posted once the lease is lost (`cancelled`).
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> ask(storage::Turn turn, LeaseKeeper& lease,
                                                                  Deadline deadline);

    // The question in Genie, when it is there: for a turn that was about to ask when its process died. Looks again
    // until a POST of asked_at cannot be under way any more.
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> find(storage::Turn turn, Deadline deadline);

 private:
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> post(const storage::Turn& turn, Deadline deadline);
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> look_up(const storage::Turn& turn, Deadline deadline);
    boost::asio::awaitable<std::string> find_question(const storage::Turn& turn, const std::string& conversation,
                                                      const std::vector<genie::Message>& messages, Deadline deadline);

    genie::Client& client_;
    storage::Storage& storage_;
};

}  // namespace genie_slack::relay
