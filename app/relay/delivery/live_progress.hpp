// What is shown in a turn's message while Genie works: a streamed message with a task card for each phase where the
// workspace has that, else one message that is updated in place.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "app/relay/delivery/refusals.hpp"
#include "app/relay/turn/lease_keeper.hpp"
#include "core/clock.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::relay {

// chat.startStream and chat.stopStream are Tier 2: 20 a minute for all of a workspace.
class StreamBudget {
 public:
    StreamBudget(bool enabled, std::size_t per_minute) : enabled_(enabled), per_minute_(per_minute) {}
    bool take();

 private:
    bool enabled_;
    std::size_t per_minute_;
    std::deque<TimePoint> started_;
};

class LiveProgress {
 public:
    // Streams end by themselves after about five minutes; ours end before.
    static constexpr Duration kStreamLife = std::chrono::seconds(200);

    // The references must outlive it. `on_stop` is called when the person stopped the stream in Slack itself.
    LiveProgress(boost::asio::any_io_executor executor, slack::WebApi& api, Messenger& messenger, StreamBudget& budget,
                 Refusals& refusals, std::function<void()> on_stop);

    // The first sign: posts the turn's message, in whatever form, or finds the one that is `perhaps` there. Fails like
    // Messenger::deliver.
    boost::asio::awaitable<slack::ApiResult<Delivered>> begin(storage::Turn turn, LeaseKeeper& lease,
                                                              answer::ProgressInput input, Seen seen,
                                                              Deadline deadline);
    // Shows how it is going, under a lease that is surely held; returns at once. `turn.progress_ts` is the message.
    void show(const storage::Turn& turn, const LeaseKeeper& lease, const answer::ProgressInput& input);
    // Sends nothing more, and leaves the message to whoever has the turn now.
    boost::asio::awaitable<void> abandon(Deadline deadline);
    // Nothing of the progress is shown after this returned true: the message can be replaced.
    boost::asio::awaitable<bool> end(storage::Turn turn, Deadline deadline);

 private:
    struct Task {
        std::string id;
        std::string title;
        bool done = false;
    };
    void note(const answer::ProgressInput& input);
    boost::json::array changes();
    bool may_stream(const storage::Turn& turn) const;
    slack::StreamStart first_cards(const storage::Turn& turn, const answer::ProgressInput& input);
    void set_aside(const storage::Turn& turn, const slack::ApiError& error);
    boost::asio::awaitable<void> send(std::string channel, std::function<bool()> may_send);
    boost::asio::awaitable<void> stop_stream(std::string channel, Deadline deadline);

    slack::WebApi& api_;
    Messenger& messenger_;
    StreamBudget& budget_;
    Refusals& refusals_;
    std::function<void()> on_stop_;
    TaskGroup sender_;
    std::string turn_id_;
    bool start_is_unsure_ = false;  // a stream may have begun of which we were not told
    std::string stream_;            // ts, "" when nothing streams
    TimePoint stream_until_{};
    std::string phase_;
    std::vector<Task> tasks_;
    std::vector<Task> sent_;
    bool sending_ = false;
};

}  // namespace genie_slack::relay
