// Carries one question from acceptance to the delivered answer (DESIGN section 4). Every transition is recorded before
// the next outside effect.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/delivery/live_progress.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "app/relay/delivery/refusals.hpp"
#include "app/relay/delivery/result_files.hpp"
#include "app/relay/directory/examples.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/directory/space_decision.hpp"
#include "app/relay/directory/spaces.hpp"
#include "app/relay/intake.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "app/relay/turn/answer_reader.hpp"
#include "app/relay/turn/asker.hpp"
#include "app/relay/turn/lease_keeper.hpp"
#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "genie/client.hpp"
#include "genie/rate_limit.hpp"
#include "slack/api/web_api.hpp"
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
    Duration stop_interval = std::chrono::seconds(3);    // a stop asked for elsewhere is looked for so often
    bool links_only = false;
    bool streaming = true;
    std::size_t streams_per_minute = 15;
};

// What Turn::stopped_by says when nobody pressed Stop.
inline constexpr const char* kStoppedByDeletion = "deleted";
inline constexpr const char* kStoppedByEdit = "edited";

struct RunnerStatus {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
};

class TurnRunner {
 public:
    // All references must outlive the runner.
    TurnRunner(boost::asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
               storage::Storage& storage, SpaceDirectory& spaces, People& people, Examples& examples, Gate& gate,
               genie::QuestionLimiter& limiter, RunnerOptions options);

    // Who we are in Slack; before the first turn.
    void introduce(const Self& self);
    // A stop was asked for: when the turn runs here it is looked at now.
    void nudge(const std::string& turn_id);
    // For what people do with an answer later.
    AnswerReader& reader() { return reader_; }
    ResultFiles& files() { return files_; }
    // Puts an answer that was read anew in place of the turn's message; false when Slack takes it in no form.
    boost::asio::awaitable<bool> show_again(storage::Turn turn, answer::AnswerInput input, Deadline deadline);
    // The same where the turn says that its messages stand.
    boost::asio::awaitable<slack::ApiResult<Delivered>> post_again(storage::Turn turn, answer::AnswerInput input,
                                                                   Deadline deadline);

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
        Work(TurnRunner& runner, storage::Claim claim, Duration lease_time, TimePoint claimed_at, Deadline deadline_)
            : lease(runner.storage_, std::move(claim.lease), lease_time, claimed_at),
              turn(std::move(claim.turn)),
              live(runner.executor_, runner.slack_, runner.messenger_, runner.stream_budget_, runner.refusals_,
                   [this] { stop(turn.user); }),
              started(Clock::now()),
              deadline(deadline_) {}
        void stop(const std::string& by) {
            if (turn.stopped_by.empty())
                turn.stopped_by = by;
            wake.notify_all();
        }
        LeaseKeeper lease;
        storage::Turn turn;
        LiveProgress live;
        net::Condition wake;   // a stop was asked for, or what is waited for has come
        net::Condition nudge;  // look now whether a stop was asked for
        TimePoint started;
        Deadline deadline;                   // of the question
        std::optional<genie::Message> seen;  // what progress shows
        std::optional<std::size_t> queue_place;
        std::optional<Duration> expected_wait;
        std::optional<Outcome> answered;  // the answer stands in the thread
        bool in_a_hurry = false;          // the process ends
    };
    using WorkPtr = std::shared_ptr<Work>;

    boost::asio::awaitable<WorkPtr> claim(std::string turn_id, Duration lease_time, Deadline deadline);
    boost::asio::awaitable<End> why_not(std::string turn_id);
    boost::asio::awaitable<End> carry_on(WorkPtr work);
    boost::asio::awaitable<End> work_on(WorkPtr work);
    boost::asio::awaitable<End> end_stopped(WorkPtr work);
    boost::asio::awaitable<void> watch_for_stop(WorkPtr work);
    boost::asio::awaitable<void> pause(WorkPtr work, Duration duration);
    boost::asio::awaitable<void> take_over_message(WorkPtr work);
    boost::asio::awaitable<bool> choose_place(WorkPtr work);
    boost::asio::awaitable<bool> pass_gate(WorkPtr work);
    boost::asio::awaitable<void> tell_in_thread(WorkPtr work, std::string text, Deadline deadline);
    boost::asio::awaitable<void> end_progress(WorkPtr work, Deadline deadline);
    boost::asio::awaitable<void> after_defect(WorkPtr work);
    boost::asio::awaitable<End> give_up(WorkPtr work, int times);
    boost::asio::awaitable<bool> find_asked(WorkPtr work);
    boost::asio::awaitable<void> give_back(WorkPtr work);
    boost::asio::awaitable<slack::ApiResult<Delivered>> deliver(WorkPtr work, std::vector<answer::Rendered> ladder,
                                                                Deadline deadline, ChartFile chart = {});
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
    struct GenieWait {
        std::optional<genie::GenieResult<genie::Message>> message;
        std::exception_ptr broken;
    };
    boost::asio::awaitable<void> wait_for_genie(WorkPtr work, std::shared_ptr<GenieWait> end);
    boost::asio::awaitable<End> answer(WorkPtr work, genie::Message message);
    boost::asio::awaitable<void> announce(WorkPtr work, std::string text);
    boost::asio::awaitable<End> fail(WorkPtr work, answer::FailureInput failure);
    boost::asio::awaitable<void> keep_showing(WorkPtr work);
    boost::asio::awaitable<void> learn_person(WorkPtr work);
    boost::asio::awaitable<void> apologise_for(WorkPtr work, Deadline deadline);
    void show_progress(Work& work);
    answer::ProgressInput progress_of(const Work& work) const;
    words::Language language_of(const storage::Turn& turn) const;

    boost::asio::any_io_executor executor_;
    slack::WebApi& slack_;
    genie::Client& genie_;
    storage::Storage& storage_;
    SpaceDirectory& spaces_;
    People& people_;
    Examples& examples_;
    Gate& gate_;
    genie::QuestionLimiter& limiter_;
    RunnerOptions options_;
    std::string workspace_url_;  // "https://acme.slack.com/"
    Refusals refusals_;
    StreamBudget stream_budget_;
    Messenger messenger_;
    ResultFiles files_;
    AnswerReader reader_;
    Asker asker_;
    std::map<std::string, WorkPtr> active_;
    std::map<std::string, std::pair<storage::TurnState, int>> broken_;  // turns that met a defect here, and how often
    bool winding_down_ = false;
    std::size_t posting_ = 0;  // questions whose POST to Genie is under way
    RunnerStatus status_;
};

}  // namespace genie_slack::relay
