// What the steps of a turn share: the services they call, and the turn in work with what was brought for it so far.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/answer/message/status.hpp"
#include "app/relay/delivery/agent_session.hpp"
#include "app/relay/delivery/live_progress.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "app/relay/delivery/refusals.hpp"
#include "app/relay/delivery/result_files.hpp"
#include "app/relay/delivery/seen.hpp"
#include "app/relay/directory/answer_times.hpp"
#include "app/relay/directory/examples.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/directory/space_decision.hpp"
#include "app/relay/directory/spaces.hpp"
#include "app/relay/lease_keeper.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "app/relay/turn/answer_reader.hpp"
#include "app/relay/turn/asker.hpp"
#include "app/relay/turn/turn_machine.hpp"
#include "app/relay/turn/turn_store.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "genie/rate_limit.hpp"
#include "slack/api/web_api.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

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
    ResultFileSettings files;
    answer::AnswerStyle answer_style = answer::AnswerStyle::full;
};

// Owned by the runner; on the event loop's thread.
struct TurnServices {
    TurnServices(boost::asio::any_io_executor executor_, slack::WebApi& slack_, genie::Client& genie_,
                 storage::Storage& storage_, SpaceDirectory& spaces_, People& people_, Examples& examples_, Gate& gate_,
                 genie::QuestionLimiter& limiter_, RunnerOptions options_)
        : executor(std::move(executor_)),
          slack(slack_),
          genie(genie_),
          storage(storage_),
          spaces(spaces_),
          people(people_),
          examples(examples_),
          gate(gate_),
          limiter(limiter_),
          options(std::move(options_)),
          answer_times(storage_),
          store(storage_, options.storage_time),
          messenger(slack_, refusals),
          files(slack_, genie_, people_, options.files),
          reader(genie_, spaces_, people_, options.links_only, options.answer_style),
          asker(genie_, storage_) {}

    words::Language language_of(const storage::Turn& turn) const {
        return people.language_of(turn.thread.team, turn.user);
    }

    boost::asio::any_io_executor executor;
    slack::WebApi& slack;
    genie::Client& genie;
    storage::Storage& storage;
    SpaceDirectory& spaces;
    People& people;
    Examples& examples;
    Gate& gate;
    genie::QuestionLimiter& limiter;
    RunnerOptions options;
    std::string workspace_url;  // "https://acme.slack.com/"
    AnswerTimes answer_times;
    TurnStore store;
    Refusals refusals;
    std::shared_ptr<SignCounts> sign_counts = std::make_shared<SignCounts>();
    Messenger messenger;
    ResultFiles files;
    AnswerReader reader;
    Asker asker;
};

// What the machine is told of how recording went, and of a call that failed; both failures may be a cancellation.
TurnEvent recorded_event(Saved saved);
TurnEvent slack_failed(const slack::ApiError& error);
TurnEvent genie_failed(const genie::GenieError& error);

// A turn in work: its machine, and the material that its steps bring and use.
struct TurnWork {
    TurnWork(TurnServices& services_, storage::Claim claim, Duration lease_time, TimePoint claimed_at,
             Deadline deadline_);

    const storage::Turn& turn() const { return machine.turn(); }
    // Whether whoever had the turn before may have done more than it recorded.
    Seen seen_before() const { return had_owner_before(turn()) || sign_is_unknown ? Seen::perhaps : Seen::surely_not; }
    void want_stop(const std::string& by);
    // Returns true as soon as a stop is wanted, false when the time is over.
    boost::asio::awaitable<bool> pause(Duration duration);
    answer::ProgressInput progress() const;
    void show_progress();
    // The end of an effect that may take `duration`: sooner when the process is about to end.
    Deadline within(Duration duration) const;
    // What Slack made of the first sign.
    void sign_refused(const slack::ApiError& error);

    TurnServices& services;
    LeaseKeeper lease;
    TurnMachine machine;
    LiveProgress live;
    AgentSession session;
    net::Condition wake;   // a stop was asked for, or what is waited for has come
    net::Condition nudge;  // look now whether a stop was asked for
    TimePoint started;
    Deadline deadline;                       // of the question
    std::optional<Deadline> last_deadline;   // the process ends
    std::optional<genie::Message> seen;      // what progress shows, in the end the answer
    std::optional<std::size_t> queue_place;  // in the rate limit
    std::optional<Duration> expected_wait;
    bool sign_is_unknown = false;  // Slack did not say whether it took the first sign
    bool is_unanswered = false;    // by Databricks, for longer than a person would guess
    SpaceDecision decision;
    std::optional<answer::AnswerInput> input;  // the answer with its rows
    answer::Further further;                   // what of the answer's text follows below it
    bool is_only_in_file = false;              // its table too: Slack took no form of the answer
    std::string last_words;                    // in place of an answer; mrkdwn
    Outcome outcome;                           // what will be recorded of the end
    slack::ApiError file_error;                // why the file with the result is not there
};
using WorkPtr = std::shared_ptr<TurnWork>;

}  // namespace genie_slack::relay
