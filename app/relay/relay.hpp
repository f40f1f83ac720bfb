// What happens to everything that Slack delivers: questions are recorded and queued by thread, buttons are carried out,
// the rest is acked and dropped.
#pragma once

#include "app/relay/directory/examples.hpp"
#include "app/relay/features/answer_actions.hpp"
#include "app/relay/features/command.hpp"
#include "app/relay/features/help.hpp"
#include "app/relay/features/home.hpp"
#include "app/relay/features/question_changes.hpp"
#include "app/relay/features/rating.hpp"
#include "app/relay/features/shortcut.hpp"
#include "app/relay/features/space_choice.hpp"
#include "app/relay/features/welcome.hpp"
#include "app/relay/relay_context.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "slack/socket/socket_mode.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::relay {

struct RelayStatus {
    std::uint64_t questions = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t ignored = 0;
    std::uint64_t not_recorded = 0;  // not acked, since storage failed
    std::size_t threads_running = 0;
};

class Relay {
 public:
    // All references must outlive the relay.
    Relay(boost::asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie, storage::Storage& storage,
          SpaceDirectory& spaces, People& people, Gate& gate, TurnRunner& runner, Self self, RelayOptions options = {});

    // The EnvelopeHandler of Socket Mode: returns when the ack may be sent.
    boost::asio::awaitable<slack::Ack> handle(slack::Payload payload);
    // Takes up turns that nobody works on, now and from time to time, until cancelled.
    boost::asio::awaitable<void> recover();
    // Takes no more questions. Running ones are handed over within seconds where storage outlives the process; else
    // they get until shortly before the deadline, and then end with a message to the person.
    boost::asio::awaitable<void> stop(Deadline deadline);

    const RelayStatus& status() const { return status_; }

 private:
    boost::asio::awaitable<slack::Ack> on_event(slack::Event event);
    boost::asio::awaitable<slack::Ack> on_message(const slack::Event& event, const slack::MessageEvent& message);
    boost::asio::awaitable<slack::Ack> on_interaction(slack::Interaction interaction);
    boost::asio::awaitable<void> say_to(std::string user, storage::ThreadKey thread, std::string text);
    void tell(const std::string& user, const storage::ThreadKey& thread, std::string text);
    void tell_not_recorded(const storage::Turn& turn);

    boost::asio::awaitable<slack::Ack> accept(storage::Turn turn, std::string event_id);

    // Turns of a thread in order; one task runs them one after another. A lane that does not run waits for a space to
    // be chosen.
    struct Lane {
        std::deque<std::string> turns;
        bool running = false;
    };
    void enqueue(const storage::ThreadKey& thread, const std::string& turn_id, bool first = false);
    boost::asio::awaitable<TurnRunner::End> run_turn(std::string turn_id);
    boost::asio::awaitable<void> take_up(std::vector<std::string> turn_ids);
    boost::asio::awaitable<void> end_lanes(Deadline deadline);
    boost::asio::awaitable<void> run_lane(storage::ThreadKey thread);

    RelayContext context_;
    TurnRunner& runner_;
    Examples examples_;
    SpaceChoice space_choice_;
    SlashCommands slash_commands_;
    MessageShortcut message_shortcut_;
    Welcome welcome_;
    HomeTab home_tab_;
    HelpDesk help_desk_;
    AnswerActions answer_actions_;
    Ratings ratings_;
    QuestionChanges question_changes_;
    std::vector<RelayPart*> parts_;  // asked in this order
    std::map<storage::ThreadKey, Lane> lanes_;
    TaskGroup lane_tasks_;
    std::set<std::string> told_not_recorded_;  // turn ids
    TaskGroup side_tasks_;
    RelayStatus status_;
    Random random_;
    WallTime last_received_{};
    bool stopping_ = false;
};

}  // namespace genie_slack::relay
