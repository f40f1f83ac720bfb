// Questions that a button asks: a follow-up question of an answer, and once more one that has no answer.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/press.hpp"
#include "slack/socket/socket_mode.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace genie_slack::relay {

// The same question once more, in the message of the one that ended without an answer; `spoken_ts` is that of the
// message with the words that wish it, "" for a button.
storage::Turn make_retry(const storage::Turn& ended, const std::string& user, const std::string& spoken_ts = "");
// What the retry that a message wishes has for its question_ts.
std::string spoken_retry(const std::string& spoken_ts);
// The turn's question with those of its thread that it leans on; nothing when storage does not tell. For where Genie's
// conversation does not end with them.
boost::asio::awaitable<std::optional<std::string>> question_in_full(storage::Storage& storage, storage::Turn turn,
                                                                    Deadline deadline);

class FollowUp {
 public:
    // All references must outlive it.
    FollowUp(storage::Storage& storage, const People& people, Intake& intake, Notes& notes, const RelayOptions& options)
        : storage_(storage), people_(people), intake_(intake), notes_(notes), options_(options) {}

    boost::asio::awaitable<slack::Ack> ask(const Press& press);
    boost::asio::awaitable<slack::Ack> ask_again(const Press& press);

 private:
    // The words to ask Genie with: a question below an older answer says to which one it belongs. Nothing when storage
    // does not tell.
    boost::asio::awaitable<std::optional<std::string>> words_to_ask(const Press& press);

    storage::Storage& storage_;
    const People& people_;
    Intake& intake_;
    Notes& notes_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
