// Puts a turn's message into its thread: one message that is posted once and then updated, whatever Slack refuses on
// the way (the delivery ladder, DESIGN promise 2).
#pragma once

#include "app/answer/answer.hpp"
#include "app/relay/lease_keeper.hpp"
#include "slack/web_api.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace genie_slack::relay {

struct Delivered {
    std::string ts;
    bool leaves_out_data = false;  // of the rung that Slack took
};

class Messenger {
 public:
    explicit Messenger(slack::WebApi& api) : api_(api) {}

    // Puts the first rung that Slack takes in place of the turn's message, or posts it when there is none (or it is
    // gone). A turn that was claimed before may have a message that nobody recorded: it is looked for in the thread
    // first. Waits out rate limits and outages until the deadline, and ends with `cancelled` when the lease is lost.
    // The error is the last one Slack gave.
    boost::asio::awaitable<slack::ApiResult<Delivered>> deliver(storage::Turn turn, LeaseKeeper& lease,
                                                                std::vector<answer::Rendered> ladder,
                                                                Deadline deadline);
    // Live progress in the turn's message, under a lease that is surely held; returns at once.
    void show_progress(const storage::Turn& turn, const LeaseKeeper& lease, const answer::Rendered& progress);
    // Nothing of the turn's progress is shown after this returned true.
    boost::asio::awaitable<bool> end_progress(const storage::Turn& turn, Deadline deadline);
    // A message to the person alone: the last resort when the bot may not write in the channel.
    boost::asio::awaitable<slack::ApiResult<void>> tell_privately(std::string user, std::string text,
                                                                  Deadline deadline);

 private:
    boost::asio::awaitable<slack::ApiResult<std::string>> put(const storage::Turn& turn, const LeaseKeeper& lease,
                                                              std::string ts, const answer::Rendered& rendered,
                                                              Deadline deadline);
    boost::asio::awaitable<slack::ApiResult<std::string>> find_posted(const storage::Turn& turn, Deadline deadline);

    slack::WebApi& api_;
};

// The message as it is sent: the question of a pressed button is shown above the answer, and metadata tells whose turn
// it is, so that it can be found again.
slack::OutgoingMessage make_message(const storage::Turn& turn, const answer::Rendered& rendered);

// Whether the question came from a pressed follow-up button: such a question has no message of its own.
bool is_click(const storage::Turn& turn);

}  // namespace genie_slack::relay
