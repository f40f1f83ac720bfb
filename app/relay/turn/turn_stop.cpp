// A person wants a question stopped: by button, in Slack's own pane, by deleting or by editing it.
#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn/turn_runner_parts.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace turn_stop_detail {

constexpr Duration kCancelTime = std::chrono::seconds(5);
constexpr Duration kRemoveTime = std::chrono::seconds(30);

}  // namespace turn_stop_detail

void TurnRunner::nudge(const std::string& turn_id) {
    const auto found = active_.find(turn_id);
    if (found != active_.end())
        found->second->nudge.notify_all();
}

// The wish may have been taken by another process: storage knows of it.
asio::awaitable<void> TurnRunner::watch_for_stop(WorkPtr work) {
    while (work->turn.stopped_by.empty()) {
        co_await work->nudge.wait(Deadline::after(options_.stop_interval));
        auto stored = co_await storage_.get_turn(work->turn.id, Deadline::after(options_.storage_time));
        if (stored && *stored && !(*stored)->stopped_by.empty())
            work->stop((*stored)->stopped_by);
    }
}

asio::awaitable<void> TurnRunner::pause(WorkPtr work, Duration duration) {
    const Deadline until = Deadline::after(duration);
    while (work->turn.stopped_by.empty() && !until.expired())
        co_await work->wake.wait(until);
    if (!work->turn.stopped_by.empty())
        throw StopWanted();
}

asio::awaitable<TurnRunner::End> TurnRunner::end_stopped(WorkPtr work) {
    storage::Turn& turn = work->turn;
    log::info("turn.stopped", {{"turn", turn.id}, {"by", turn.stopped_by}});
    if (work->seen) {
        const auto parts = genie::select_answer(*work->seen);
        if (parts.query && !parts.query->statement_id.empty()) {
            auto cancelled = co_await genie_.cancel_statement(parts.query->statement_id,
                                                              Deadline::after(turn_stop_detail::kCancelTime));
            log::info("genie.statement_cancelled", {{"turn", turn.id}, {"done", cancelled.has_value()}});
        }
    }
    Outcome outcome;
    outcome.is_over_early = true;
    outcome.error_code = "stopped";
    if (turn.stopped_by == kStoppedByEdit) {
        // The message waits for the edited question.
        outcome.error_code = "edited";
        co_await end_progress(work, Deadline::after(options_.storage_time));
    } else if (turn.stopped_by == kStoppedByDeletion) {
        outcome.error_code = "deleted";
        co_await end_progress(work, Deadline::after(options_.storage_time));
        const bool ours = co_await work->lease.holds(Deadline::after(options_.storage_time));
        if (ours)
            co_await messenger_.remove(place_of(turn).channel, turn.progress_ts,
                                       Deadline::after(turn_stop_detail::kRemoveTime));
    } else {
        std::vector<answer::Rendered> ladder;
        ladder.push_back(answer::render_stopped(language_of(turn)));
        outcome.text = ladder.front().text;
        auto delivered = co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time));
        if (delivered)
            turn.progress_ts = delivered->ts;
        else
            log::error("turn.cannot_deliver", {{"turn", turn.id}, {"error", delivered.error().to_string()}});
    }
    co_await finish(work, std::move(outcome));
    co_return End::finished;
}

}  // namespace genie_slack::relay
