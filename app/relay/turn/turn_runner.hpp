// Carries questions from acceptance to the delivered answer: performs what each turn's machine decides, and feeds back
// what came of it. Every transition is recorded before the next outside effect.
#pragma once

#include "app/relay/delivery/late_streams.hpp"
#include "app/relay/once.hpp"
#include "app/relay/self.hpp"
#include "app/relay/turn/asking.hpp"
#include "app/relay/turn/closing.hpp"
#include "app/relay/turn/opening.hpp"
#include "app/relay/turn/recent_turns.hpp"
#include "app/relay/turn/shown_anew.hpp"
#include "app/relay/turn/turn_work.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::relay {

class TurnRunner {
 public:
    // All references must outlive the runner.
    TurnRunner(boost::asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
               storage::Storage& storage, SpaceDirectory& spaces, People& people, Examples& examples, Gate& gate,
               genie::QuestionLimiter& limiter, RunnerOptions options);

    // Who we are in Slack; before the first turn.
    void introduce(const Self& self);
    // The turn, which is accepted next, was perhaps said to people: nothing stands in the thread before Genie has
    // understood it. Known to this process alone: another one that takes the turn over shows it like any other.
    void hush(std::string turn_id) { hushed_.first(std::move(turn_id)); }
    // A stop was asked for: when the turn runs here it is looked at now.
    void nudge(const std::string& turn_id);
    // Slack ended what shows the turn's progress at the wish of somebody who may not stop it.
    void stopped_by_another(const std::string& turn_id);
    // For what people do with an answer later.
    AnswerReader& reader() { return services_.reader; }
    ResultFiles& files() { return services_.files; }
    // Puts an answer that was read anew in place of a message of the turn, see ShownAnew::put().
    boost::asio::awaitable<slack::ApiResult<Delivered>> show_again(storage::Turn turn, answer::AnswerInput input,
                                                                   ShownAs as, Deadline deadline);

    enum class End {
        finished,           // the answer, or a failure message, stands in the thread
        waiting_for_space,  // the picker stands in the thread; the lane waits for the choice
        held_elsewhere,     // another process works on it, or on an earlier question of its thread
        not_ours,           // it is over or unknown, given back, the lease was lost, or storage is away
    };
    // Claims the turn and carries it on from its recorded state. When it is cancelled, the turn stays as it was
    // recorded.
    boost::asio::awaitable<End> run(std::string turn_id);

    // Tidies up no more behind turns that are over.
    boost::asio::awaitable<void> stop_tidying(Deadline deadline);
    // From here on no turn takes a further step that Genie would see. Waits until no question is just being posted.
    boost::asio::awaitable<void> wind_down(Deadline deadline);
    // Gives the turns back that were cut off by shutdown, so that another process, or the next one, goes on at once.
    // Call after the tasks that run turns have ended.
    boost::asio::awaitable<void> hand_over(Deadline deadline);
    // Tells the people whose turns were cut off by shutdown, or stand in `queued` and never ran, that they have to ask
    // again. Call after the tasks that run turns have ended.
    boost::asio::awaitable<void> apologise(std::vector<std::string> queued, Deadline deadline);

    // How many turns are worked on here, by the state that they have reached.
    std::map<storage::TurnState, std::size_t> working() const;
    // The turn of the thread whose answer stands, and whose file is being made here now.
    std::optional<storage::Turn> making_file(const storage::ThreadKey& thread) const;
    const RecentTurns& recent() const { return recent_; }

 private:
    boost::asio::awaitable<WorkPtr> claim(std::string turn_id, Duration lease_time, Deadline deadline);
    boost::asio::awaitable<End> why_not(std::string turn_id);
    boost::asio::awaitable<turn_action::Leaving> drive(WorkPtr work, TurnAction action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, TurnAction action);
    boost::asio::awaitable<TurnEvent> record(WorkPtr work);
    boost::asio::awaitable<TurnEvent> keep(WorkPtr work, turn_action::KeepSpace);
    boost::asio::awaitable<TurnEvent> keep(WorkPtr work, turn_action::KeepConversation);
    boost::asio::awaitable<TurnEvent> bury(WorkPtr work, std::string reason);
    boost::asio::awaitable<TurnEvent> release(WorkPtr work);
    // drive() ends there.
    boost::asio::awaitable<TurnEvent> leave();
    boost::asio::awaitable<void> watch_for_stop(WorkPtr work);
    boost::asio::awaitable<void> after_defect(WorkPtr work);
    boost::asio::awaitable<void> hand_over(WorkPtr work, Deadline deadline);
    boost::asio::awaitable<void> apologise_for(WorkPtr work, Deadline deadline);

    TurnServices services_;
    Opening opening_;
    Asking asking_;
    Closing closing_;
    ShownAnew shown_anew_;
    LateStreams late_streams_;
    std::map<std::string, WorkPtr> active_;
    std::map<std::string, std::pair<storage::TurnState, int>> broken_;  // turns that met a defect here, and how often
    Once<std::string> hushed_{1'000};                                   // ids of turns
    bool is_winding_down_ = false;
    RecentTurns recent_;
};

}  // namespace genie_slack::relay
