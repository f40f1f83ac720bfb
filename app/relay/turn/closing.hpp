// The end of a turn, in whatever form: the answer with its file, a failure, a picker, a stop, and what is recorded.
#pragma once

#include "app/relay/notes.hpp"
#include "app/relay/turn/turn_work.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace genie_slack::relay {

// Performs what the machine decided and says what came of it. Each call ends by a deadline of its own; cancelled calls
// throw system_error(operation_aborted).
class Closing {
 public:
    explicit Closing(TurnServices& services) : services_(services) {}

    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::ReadResult action);
    // Puts the words in the place of progress.
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Deliver action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::GoOn action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Announce action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::ShareFile action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Tell action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::TellPrivately action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::CancelQuery action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::EndProgress action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::RemoveMessage action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Finish action);

 private:
    struct FileEnd;
    // Shares the file. Into `end`; wakes whoever waits for it.
    boost::asio::awaitable<void> share_file(WorkPtr work, turn_action::ShareFile share, std::shared_ptr<FileEnd> end);
    boost::asio::awaitable<TurnEvent> make_file(WorkPtr work, turn_action::ShareFile share);
    // Returns when the file has ended, or is to be given up since the thread's next question waits for it.
    boost::asio::awaitable<void> watch_file(WorkPtr work, std::shared_ptr<FileEnd> end);
    std::string asked_back_note(TurnWork& work) const;
    std::string note_text(TurnWork& work, const turn_action::Tell& tell) const;
    // False: Slack did not take it, which is in the log.
    boost::asio::awaitable<bool> tell_beside(WorkPtr work, NotePlace place, std::string text);
    boost::asio::awaitable<storage::ChatRows> last_rows(WorkPtr work);
    // Whether Genie asked back in the last turns of the thread, and offered the same questions (Outcome::offered).
    boost::asio::awaitable<bool> was_just_offered(const storage::Turn& turn, std::string offered);
    // What the words look like, richest first; what is recorded of them goes into the outcome.
    std::vector<answer::Rendered> ladder_of(TurnWork& work, turn_action::Deliver action);

    TurnServices& services_;
};

}  // namespace genie_slack::relay
