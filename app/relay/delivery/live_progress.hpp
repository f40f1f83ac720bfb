// What is shown of a turn while Genie works: a streamed message with a task card for each phase, or one message that is
// updated in place, or the status of its thread; SignPlan decides.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/answer/message/status.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "app/relay/delivery/refusals.hpp"
#include "app/relay/delivery/sign_plan.hpp"
#include "app/relay/delivery/task_cards.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/lease_keeper.hpp"
#include "core/clock.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::relay {

// Of all turns of the process.
struct SignCounts {
    std::size_t open_messages = 0;  // that will need an update
    // Held by each first sign that is on its way; progress gives way to them.
    std::shared_ptr<void> under_way = std::make_shared<char>();
    bool is_sign_under_way() const { return under_way.use_count() > 1; }
};

class LiveProgress {
 public:
    // Streams end by themselves after about five minutes; ours end before.
    static constexpr Duration kStreamLife = std::chrono::seconds(200);

    struct Listener {
        std::function<void()> stopped;                             // the stream was stopped in Slack itself
        std::function<void(std::string ts)> sign_stands;           // a message is there, which grows into the answer
        std::function<void(const slack::ApiError&)> sign_refused;  // there is none; ambiguous: perhaps there is
    };

    // The references must outlive it.
    LiveProgress(boost::asio::any_io_executor executor, slack::WebApi& api, Messenger& messenger, const People& people,
                 Refusals& refusals, std::shared_ptr<SignCounts> counts, bool may_stream, Listener listener);
    ~LiveProgress() { count_message(false); }
    LiveProgress(const LiveProgress&) = delete;
    LiveProgress& operator=(const LiveProgress&) = delete;

    // The first sign, in the background: nothing waits for it. A message that is `perhaps` there is found where there
    // is no other sign.
    void begin(const storage::Turn& turn, LeaseKeeper& lease, const answer::ProgressInput& input, Seen seen);
    // Shows how it is going, under a lease that is surely held; returns at once. Begins when nothing is shown yet.
    void show(const storage::Turn& turn, LeaseKeeper& lease, const answer::ProgressInput& input, Seen seen);
    // From here on the first sign is the status alone, where Slack takes one.
    void hush() { is_hushed_ = true; }
    // Somebody who may not stop the question pressed Stop in Slack itself, which ends the stream, and nothing else.
    void stopped_by_another() { is_anothers_stop_ = true; }
    // The first sign stands or was refused, and the listener knows; false when the deadline came first.
    boost::asio::awaitable<bool> sign_settled(Deadline deadline);
    // Sends nothing more, and leaves the message to whoever has the turn now.
    boost::asio::awaitable<void> abandon(Deadline deadline);
    // Nothing of the progress is shown after this returned true: the message can be replaced.
    boost::asio::awaitable<bool> end(storage::Turn turn, Deadline deadline);
    // A stream may still begin of which Slack did not tell in time.
    bool is_start_unsure() const { return start_is_unsure_; }
    // Takes the status away, which a new message does by itself. `seen`: whether a process that died may have set one.
    boost::asio::awaitable<void> clear_status(storage::Turn turn, Seen seen, Deadline deadline);

 private:
    // The first sign in each of its forms, as it is when it begins.
    struct Forms {
        slack::StreamStart cards;
        answer::Rendered line;
        std::string words;
    };
    bool may_stream(const storage::Turn& turn) const;
    bool may_set_status(const storage::Turn& turn) const;
    Sign choose(const storage::Turn& turn, const SignPlan& plan) const;
    slack::StreamStart first_cards(const storage::Turn& turn, const answer::ProgressInput& input);
    void set_streams_aside(const storage::Turn& turn, RefusedFor whom);
    boost::asio::awaitable<void> give_sign(storage::Turn turn, LeaseKeeper& lease, Forms forms, SignPlan plan,
                                           Sign first);
    // Nothing when the sign stands.
    boost::asio::awaitable<std::optional<SignRefused>> give_stream(const storage::Turn& turn, slack::StreamStart cards,
                                                                   SignPlan& plan);
    boost::asio::awaitable<std::optional<SignRefused>> give_status(const storage::Turn& turn, std::string words,
                                                                   SignPlan& plan);
    boost::asio::awaitable<void> give_message(const storage::Turn& turn, LeaseKeeper& lease, answer::Rendered line,
                                              Seen seen);
    void stands(std::string ts);
    void count_message(bool is_open);
    boost::asio::awaitable<void> send(std::string channel, std::function<bool()> may_send);
    boost::asio::awaitable<void> send_status(storage::Turn turn, std::function<bool()> may_send);
    boost::asio::awaitable<void> stop_stream(std::string channel, std::string title, Deadline deadline);

    slack::WebApi& api_;
    Messenger& messenger_;
    const People& people_;
    Refusals& refusals_;
    std::shared_ptr<SignCounts> counts_;
    bool is_counted_ = false;
    bool streams_;
    Listener listener_;
    TaskGroup sign_;
    TaskGroup sender_;
    std::string turn_id_;
    bool start_is_unsure_ = false;  // a stream may have begun of which we were not told
    std::string message_;           // ts, "" when no message stands
    std::string stream_;            // ts, "" when nothing streams
    TimePoint stream_until_{};
    TaskCards cards_;
    std::string line_;         // that the message shows or soon will
    bool has_status_ = false;  // shown in the thread
    std::string status_;       // as it should be
    TimePoint status_at_{};
    bool sending_ = false;
    bool is_anothers_stop_ = false;
    bool is_hushed_ = false;
    bool is_over_ = false;
};

}  // namespace genie_slack::relay
