// Carries one question from acceptance to the delivered answer (DESIGN section 4). Every transition is recorded before
// the next outside effect.
#pragma once

#include "app/answer/answer.hpp"
#include "app/relay/asker.hpp"
#include "app/relay/chat_rows.hpp"
#include "app/relay/lease_keeper.hpp"
#include "app/relay/messenger.hpp"
#include "app/relay/people.hpp"
#include "app/relay/result_files.hpp"
#include "app/relay/space_choice.hpp"
#include "app/relay/space_directory.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "genie/rate_limit.hpp"
#include "slack/web_api.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

struct RunnerOptions {
    std::string owner = "local";                         // of the leases
    Duration lease_time = std::chrono::seconds(20);      // after this much silence another process takes a turn over
    int most_tries = 25;                                 // at one point of a turn, by processes that died there
    Duration question_time = std::chrono::seconds(600);  // GENIE_TIMEOUT_SECONDS
    Duration delivery_time = std::chrono::minutes(5);    // for bringing an answer to Slack
    Duration storage_time = std::chrono::seconds(10);    // of one storage call
    Duration person_time = std::chrono::seconds(1);      // waited for the person's name before an answer is recorded
    Duration progress_tick = std::chrono::seconds(15);   // elapsed time is shown so often
};

struct RunnerStatus {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
};

class TurnRunner {
 public:
    // All references must outlive the runner.
    TurnRunner(boost::asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
               storage::Storage& storage, SpaceDirectory& spaces, People& people, genie::QuestionLimiter& limiter,
               RunnerOptions options);

    enum class End {
        finished,           // the answer, or a failure message, stands in the thread
        waiting_for_space,  // the picker stands in the thread; the lane waits for the choice
        held_elsewhere,     // another process works on it, or on an earlier question of its thread
        not_ours,           // it is over or unknown, the lease was lost, or storage is away
    };
    // Claims the turn and carries it on from its recorded state. When it is cancelled, the turn stays as it was
    // recorded.
    boost::asio::awaitable<End> run(std::string turn_id);

    // From here on no turn takes a further step that Genie would see. Waits until no question is just being posted.
    boost::asio::awaitable<void> wind_down(Deadline deadline);
    // Gives the turns back that were cut off by shutdown, so that another process, or the next one, goes on at once.
    // Call after the tasks that run turns have ended.
    boost::asio::awaitable<void> hand_over(Deadline deadline);

    // Tells the people whose turns were cut off by shutdown, or stand in `queued` and never ran, that they have to ask
    // again. Call after the tasks that run turns have ended.
    boost::asio::awaitable<void> apologise(std::vector<std::string> queued, Deadline deadline);

    const RunnerStatus& status() const { return status_; }

 private:
    // A turn in work.
    struct Work {
        Work(storage::Storage& storage, storage::Claim claim, Duration lease_time, TimePoint claimed_at,
             Deadline deadline_)
            : lease(storage, std::move(claim.lease), lease_time, claimed_at),
              turn(std::move(claim.turn)),
              started(Clock::now()),
              deadline(deadline_) {}
        LeaseKeeper lease;
        storage::Turn turn;
        TimePoint started;
        Deadline deadline;                   // of the question
        std::optional<genie::Message> seen;  // what progress shows
        std::optional<Outcome> answered;     // the answer stands in the thread
        bool in_a_hurry = false;             // the process ends
    };
    using WorkPtr = std::shared_ptr<Work>;

    boost::asio::awaitable<WorkPtr> claim(std::string turn_id, Duration lease_time, Deadline deadline);
    boost::asio::awaitable<End> why_not(std::string turn_id);
    boost::asio::awaitable<End> carry_on(WorkPtr work);
    boost::asio::awaitable<void> after_defect(WorkPtr work);
    boost::asio::awaitable<End> give_up(WorkPtr work, int times);
    boost::asio::awaitable<bool> find_asked(WorkPtr work);
    boost::asio::awaitable<void> give_back(WorkPtr work);
    boost::asio::awaitable<slack::ApiResult<Delivered>> deliver(WorkPtr work, std::vector<answer::Rendered> ladder,
                                                                Deadline deadline);
    boost::asio::awaitable<bool> record(WorkPtr work, storage::ChatRows rows);
    boost::asio::awaitable<bool> finish(WorkPtr work, Outcome outcome);
    boost::asio::awaitable<storage::ChatRows> last_rows(WorkPtr work, Outcome outcome);

    boost::asio::awaitable<bool> show_first_sign(WorkPtr work);
    enum class Chosen { yes, ask_person, failed };
    boost::asio::awaitable<Chosen> choose_space(WorkPtr work);
    boost::asio::awaitable<Chosen> let_choose(WorkPtr work, SpaceDecision decision);
    boost::asio::awaitable<bool> wait_for_slot(WorkPtr work);
    boost::asio::awaitable<bool> wait_for_our_slot(WorkPtr work);
    boost::asio::awaitable<bool> ask(WorkPtr work);
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> post(WorkPtr work);
    boost::asio::awaitable<bool> record_asked(WorkPtr work, AskedQuestion asked);
    boost::asio::awaitable<std::optional<genie::Message>> wait(WorkPtr work);
    boost::asio::awaitable<End> answer(WorkPtr work, genie::Message message);
    boost::asio::awaitable<End> fail(WorkPtr work, answer::FailureInput failure);
    boost::asio::awaitable<void> keep_showing(WorkPtr work);
    boost::asio::awaitable<void> learn_person(WorkPtr work);
    boost::asio::awaitable<void> apologise_for(WorkPtr work, Deadline deadline);
    void show_progress(const Work& work);

    boost::asio::any_io_executor executor_;
    genie::Client& genie_;
    storage::Storage& storage_;
    SpaceDirectory& spaces_;
    People& people_;
    genie::QuestionLimiter& limiter_;
    RunnerOptions options_;
    Messenger messenger_;
    ResultFiles files_;
    Asker asker_;
    std::map<std::string, WorkPtr> active_;
    std::map<std::string, std::pair<storage::TurnState, int>> broken_;  // turns that met a defect here, and how often
    bool winding_down_ = false;
    std::size_t posting_ = 0;  // questions whose POST to Genie is under way
    RunnerStatus status_;
};

}  // namespace genie_slack::relay
