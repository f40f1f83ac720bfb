// Puts a turn's message into its thread: one message that is posted once and then updated. LadderClimb decides what is
// done, whatever Slack refuses on the way; the messenger does it.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/delivery/ladder_climb.hpp"
#include "app/relay/delivery/refusals.hpp"
#include "app/relay/delivery/seen.hpp"
#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/lease_keeper.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace genie_slack::relay {

// Whether the message of a turn that is over is still this turn's: another question may have taken it over.
using Owned = std::function<boost::asio::awaitable<bool>()>;
// Records that a message of a turn that is over moved to `ts`; false when it is not this turn's to move any more, or
// nobody knows: what is not recorded does not stand.
using Moved = std::function<boost::asio::awaitable<bool>(std::string ts)>;
// Whether message `ts` may be taken away.
using MayRemove = std::function<boost::asio::awaitable<bool>(std::string ts)>;
// Uploads the drawn chart of an answer when a form with an image is tried; the file's id, "" when there is none.
using ChartFile = std::function<boost::asio::awaitable<std::string>()>;

class Messenger {
 public:
    // Both references must outlive it.
    Messenger(slack::WebApi& api, Refusals& refusals) : api_(api), refusals_(refusals) {}

    // The bot's id in Slack (auth.test), by which its streamed messages are known.
    void introduce(std::string bot_id) { bot_id_ = std::move(bot_id); }

    // Puts the first rung that Slack takes in place of the turn's message, or posts it when there is none (or it cannot
    // be updated). Where an unrecorded message of the turn is `perhaps` there, it is looked for in the thread first.
    // Waits out rate limits and outages until the deadline, and ends with `cancelled` when the lease is lost. The error
    // is the last one Slack gave, or kQuestionGone when the thread is not there any more.
    boost::asio::awaitable<slack::ApiResult<Delivered>> deliver(storage::Turn turn, LeaseKeeper& lease,
                                                                std::vector<answer::Rendered> ladder, Seen seen,
                                                                Deadline deadline, ChartFile chart = {});
    // A first sign of life as a new message, in the same way but without waiting: what does not go now ends with the
    // error that Slack, or its budget, gave.
    boost::asio::awaitable<slack::ApiResult<Delivered>> show_sign(storage::Turn turn, LeaseKeeper& lease,
                                                                  std::vector<answer::Rendered> ladder, Seen seen,
                                                                  Deadline deadline);
    // The same for a turn that is over, whose message perhaps moved. Before each message `owned` is asked, and the
    // error is `cancelled` when it says no. A new message is recorded by `moved` before the old one goes; where that
    // says no, the new one goes instead, and the error is `cancelled` too.
    boost::asio::awaitable<slack::ApiResult<Delivered>> replace(storage::Turn turn,
                                                                std::vector<answer::Rendered> ladder, Deadline deadline,
                                                                ChartFile chart = {}, Owned owned = {},
                                                                Moved moved = {});
    // Posts the further messages of the answer that stands at turn.progress_ts, one after the other below it. Those
    // that are `perhaps` there already are looked for and put anew, and superfluous ones go. `lease` is null for a turn
    // that is over; then `owned` is asked before each, as for replace(). The error is the last one of the message that
    // Slack did not take.
    boost::asio::awaitable<slack::ApiResult<void>> go_on(storage::Turn turn, LeaseKeeper* lease, Owned owned,
                                                         std::vector<std::string> texts, Seen seen, Deadline deadline);
    // Takes away the further messages that belong to an earlier text of the answer at turn.progress_ts, when `kept` of
    // them belong to this one.
    boost::asio::awaitable<void> remove_further(storage::Turn turn, LeaseKeeper* lease, Owned owned, std::size_t kept,
                                                Deadline deadline);
    // Live progress in the turn's message, under a lease that is surely held; returns at once.
    void show_progress(const storage::Turn& turn, const LeaseKeeper& lease, const answer::Rendered& progress);
    // Nothing of the turn's progress is shown after this returned true.
    boost::asio::awaitable<bool> end_progress(const storage::Turn& turn, Deadline deadline);
    // Takes a message of ours away, if it can be.
    boost::asio::awaitable<void> remove(std::string channel, std::string ts, Deadline deadline);
    // Takes away what a sign left whose outcome nobody learned: streams of ours in the turn's thread other than its
    // recorded message, and the turn's messages where none is recorded. The turn must be held.
    boost::asio::awaitable<void> remove_strays(storage::Turn turn, Deadline deadline);
    // Takes away what still streams in the thread of a turn that is over, other than its recorded message. False when
    // it did not look: Slack did not answer, or what is left of its budget is for answers.
    boost::asio::awaitable<bool> remove_late_streams(storage::Turn turn, MayRemove may_remove, Deadline deadline);

 private:
    using Action = LadderClimb::Action;
    struct Errand;  // one climb and what it needs

    static slack::OutgoingMessage make_further(const Errand& errand, const std::string& text);
    boost::asio::awaitable<slack::ApiResult<Delivered>> climb(Errand& errand);
    struct Performer;
    // Whether the step may be taken: it is seen by others, or asks what others have done.
    boost::asio::awaitable<bool> is_ours(Errand& errand, const Action& action);
    boost::asio::awaitable<Action> wait(Errand& errand, Duration duration);
    boost::asio::awaitable<Action> look(Errand& errand, std::vector<std::string> given_up);
    boost::asio::awaitable<Action> upload_chart(Errand& errand);
    boost::asio::awaitable<Action> put(Errand& errand, std::size_t rung, std::string ts);
    boost::asio::awaitable<Action> end_stream(Errand& errand, std::string ts);
    // The newest messages where the turn is answered.
    boost::asio::awaitable<slack::ApiResult<std::vector<slack::ThreadMessage>>> read_place(const storage::Turn& turn,
                                                                                           Deadline deadline);
    boost::asio::awaitable<slack::ApiResult<void>> call_stop_stream(const storage::Turn& turn, std::string ts,
                                                                    Deadline deadline);
    // Whether message `ts` streams no more.
    boost::asio::awaitable<bool> stop_stream(const storage::Turn& turn, std::string ts, Deadline deadline);
    boost::asio::awaitable<Action> remove_old(Errand& errand, std::string ts);
    bool is_our_stream(const storage::Turn& turn, const slack::ThreadMessage& message) const;

    slack::WebApi& api_;
    Refusals& refusals_;
    std::string bot_id_;
};

}  // namespace genie_slack::relay
