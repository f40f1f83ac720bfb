#include "app/relay/turn/turn_runner.hpp"

#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/task_group.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using turn_action::Leaving;

namespace turn_runner_detail {

const metrics::Counter kFinished("genie_slack_turns_finished_total",
                                 "Questions that ended, by outcome: delivered, failed, stopped", {"outcome"});
const metrics::Histogram kTurnTimes("genie_slack_turn_seconds", "From the question to its answer or failure message",
                                    metrics::long_times());
const metrics::Histogram kWaits("genie_slack_turn_wait_seconds",
                                "From a question's acceptance to the first work on it: it waits for others of its "
                                "thread, or for a process",
                                metrics::long_times());
const metrics::Histogram kGenieTimes("genie_slack_genie_seconds",
                                     "Genie's part of a question, by phase: ask, wait for the answer, read the result",
                                     metrics::long_times(), {"phase"});

constexpr int kMostDefects = 3;  // at one point of a turn
constexpr Duration kWindDownPoll = std::chrono::milliseconds(20);
constexpr Duration kJoinTime = std::chrono::seconds(5);

bool is_cancellation(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

TurnRunner::End end_of(Leaving how) {
    switch (how) {
        case Leaving::ended:
            return TurnRunner::End::finished;
        case Leaving::waiting:
            return TurnRunner::End::waiting_for_space;
        case Leaving::given_back:
        case Leaving::lost:
            return TurnRunner::End::not_ours;
    }
    return TurnRunner::End::not_ours;
}

// "" for what is not Genie's.
std::string_view genie_phase(const TurnAction& action) {
    if (std::holds_alternative<turn_action::Ask>(action))
        return "ask";
    if (std::holds_alternative<turn_action::Await>(action))
        return "wait";
    return std::holds_alternative<turn_action::ReadResult>(action) ? "result" : "";
}

void count_end(const storage::Turn& turn, const Outcome& outcome, RecentTurns& recent) {
    const auto took = std::chrono::duration_cast<Duration>(wall_now() - turn.received_at);
    kFinished.add({outcome.is_error ? "failed" : outcome.is_over_early ? "stopped" : "delivered"});
    kTurnTimes.observe(took);
    recent.add(Clock::now(), took, outcome.is_error);
}

// Of what is the thread's: a row that is refused today is refused tomorrow, and the question can be answered without.
TurnEvent kept_event(Saved saved) {
    return saved == Saved::refused ? turn_event::Done() : recorded_event(saved);
}

}  // namespace turn_runner_detail

TurnRunner::TurnRunner(asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
                       storage::Storage& storage, SpaceDirectory& spaces, People& people, Examples& examples,
                       Gate& gate, genie::QuestionLimiter& limiter, RunnerOptions options)
    : services_(std::move(executor), slack, genie, storage, spaces, people, examples, gate, limiter,
                std::move(options)),
      opening_(services_),
      asking_(services_),
      closing_(services_),
      shown_anew_(services_),
      late_streams_(services_.executor, services_.messenger, services_.storage, services_.options.storage_time) {}

void TurnRunner::introduce(const Self& self) {
    services_.workspace_url = self.url;
    services_.messenger.introduce(self.bot_id);
}

std::map<storage::TurnState, std::size_t> TurnRunner::working() const {
    std::map<storage::TurnState, std::size_t> states;
    for (const auto& [id, work] : active_)
        ++states[work->turn().state];
    return states;
}

std::optional<storage::Turn> TurnRunner::making_file(const storage::ThreadKey& thread) const {
    for (const auto& [id, work] : active_)
        if (work->turn().thread == thread && work->machine.is_making_file())
            return work->turn();
    return std::nullopt;
}

void TurnRunner::nudge(const std::string& turn_id) {
    const auto found = active_.find(turn_id);
    if (found != active_.end())
        found->second->nudge.notify_all();
}

void TurnRunner::stopped_by_another(const std::string& turn_id) {
    const auto found = active_.find(turn_id);
    if (found != active_.end())
        found->second->live.stopped_by_another();
}

asio::awaitable<slack::ApiResult<Delivered>> TurnRunner::show_again(storage::Turn turn, answer::AnswerInput input,
                                                                    ShownAs as, Deadline deadline) {
    co_return co_await shown_anew_.put(std::move(turn), std::move(input), as, deadline);
}

asio::awaitable<TurnRunner::End> TurnRunner::run(std::string turn_id) {
    using namespace turn_runner_detail;
    WorkPtr work =
        co_await claim(turn_id, services_.options.lease_time, Deadline::after(services_.options.question_time));
    if (!work)
        co_return co_await why_not(std::move(turn_id));
    active_[turn_id] = work;
    if (!had_owner_before(work->turn()))
        kWaits.observe(std::chrono::duration_cast<Duration>(wall_now() - work->turn().received_at));
    TaskGroup keeper(services_.executor, "lease");
    keeper.spawn("lease of " + turn_id, work->lease.keep());
    keeper.spawn("stop of " + turn_id, watch_for_stop(work));
    std::exception_ptr failure;
    Leaving how = Leaving::lost;
    try {
        TurnAction first = work->machine.resume(turn_event::Claimed(), wall_now());
        how = co_await drive(work, std::move(first));
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    co_await asio::this_coro::throw_if_cancelled(false);
    keeper.cancel();
    co_await keeper.join(Deadline::after(kJoinTime));
    co_await work->live.abandon(Deadline::after(kJoinTime));
    co_await work->session.abandon(Deadline::after(kJoinTime));
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const bool was_cut_off = cancellation.cancelled() != asio::cancellation_type::none;
    const bool is_defect = failure && !is_cancellation(failure);
    // What was cut off stays among the active ones: it is handed over, or the person is told.
    if (was_cut_off && !is_defect && how == Leaving::lost && !work->lease.is_lost())
        throw boost::system::system_error(asio::error::operation_aborted);
    active_.erase(turn_id);
    if (is_defect && !work->lease.is_lost()) {
        co_await after_defect(work);
        std::rethrow_exception(failure);
    }
    if (how != Leaving::lost)
        broken_.erase(turn_id);
    if (how == Leaving::ended && work->live.is_start_unsure())
        late_streams_.watch(work->turn());
    work->lease.lose();
    co_return end_of(how);
}

asio::awaitable<Leaving> TurnRunner::drive(WorkPtr work, TurnAction action) {
    for (;;) {
        if (const auto* leave = std::get_if<turn_action::Leave>(&action))
            co_return leave->how;
        log::debug("turn.step", {{"turn", work->turn().id}, {"action", name_of(action)}});
        TurnEvent event = co_await perform(work, action);
        if (work->lease.is_lost())
            event = turn_event::LeaseLost();
        action = work->machine.resume(event, wall_now());
    }
}

asio::awaitable<TurnEvent> TurnRunner::perform(WorkPtr work, TurnAction action) {
    struct Performer {
        TurnRunner& runner;
        WorkPtr work;

        using Event = asio::awaitable<TurnEvent>;
        Event operator()(turn_action::TakeOverMessage a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::CheckGate a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::OpenPlace a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::FindExamples a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::DecideSpace a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::ShowSign a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::NamePeople a) { return runner.opening_.perform(work, a); }
        Event operator()(turn_action::Pause a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::WaitForSlot a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::PauseAsking a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::Ask a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::Find a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::Await a) { return runner.asking_.perform(work, a); }
        Event operator()(turn_action::ReadResult a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::Deliver a) { return runner.closing_.perform(work, std::move(a)); }
        Event operator()(turn_action::GoOn a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::Announce a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::ShareFile a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::Tell a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::TellPrivately a) { return runner.closing_.perform(work, std::move(a)); }
        Event operator()(turn_action::CancelQuery a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::EndProgress a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::RemoveMessage a) { return runner.closing_.perform(work, a); }
        Event operator()(turn_action::Finish a) { return runner.closing_.perform(work, std::move(a)); }
        Event operator()(turn_action::Record) { return runner.record(work); }
        Event operator()(turn_action::KeepSpace a) { return runner.keep(work, a); }
        Event operator()(turn_action::KeepConversation a) { return runner.keep(work, a); }
        Event operator()(turn_action::Bury a) { return runner.bury(work, std::move(a.reason)); }
        Event operator()(turn_action::Release) { return runner.release(work); }
        Event operator()(turn_action::Leave) { return runner.leave(); }
    };
    Performer performer{*this, work};
    const bool is_end = std::holds_alternative<turn_action::Finish>(action);
    const std::string_view phase = turn_runner_detail::genie_phase(action);
    const TimePoint start = Clock::now();
    auto performing = std::visit(performer, std::move(action));
    TurnEvent event = co_await std::move(performing);
    if (!phase.empty())
        turn_runner_detail::kGenieTimes.observe(Clock::now() - start, {phase});
    if (is_end && std::holds_alternative<turn_event::Recorded>(event))
        turn_runner_detail::count_end(work->turn(), work->outcome, recent_);
    co_return event;
}

asio::awaitable<TurnEvent> TurnRunner::record(WorkPtr work) {
    const Saved saved = co_await services_.store.record(work->lease, work->turn());
    co_return recorded_event(saved);
}

// The thread's: without them its next question would not find its conversation.
asio::awaitable<TurnEvent> TurnRunner::keep(WorkPtr work, turn_action::KeepSpace) {
    const storage::Turn& turn = work->turn();
    const Saved saved = co_await services_.store.keep_space(turn.id, turn.thread, turn.space_id, turn.space_name);
    co_return turn_runner_detail::kept_event(saved);
}

asio::awaitable<TurnEvent> TurnRunner::keep(WorkPtr work, turn_action::KeepConversation) {
    const storage::Turn& turn = work->turn();
    const Saved saved = co_await services_.store.keep_conversation(turn.id, turn.thread, turn.conversation_id);
    co_return turn_runner_detail::kept_event(saved);
}

asio::awaitable<TurnEvent> TurnRunner::bury(WorkPtr work, std::string reason) {
    co_await services_.store.bury(work->turn(), std::move(reason));
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> TurnRunner::release(WorkPtr work) {
    co_await services_.store.release(work->lease.lease(), Deadline::after(services_.options.storage_time));
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> TurnRunner::leave() {
    co_return turn_event::Done();
}

// Nothing when the turn is not to be had.
asio::awaitable<WorkPtr> TurnRunner::claim(std::string turn_id, Duration lease_time, Deadline deadline) {
    const TimePoint asked_at = Clock::now();
    auto claimed = co_await services_.store.claim(std::move(turn_id), services_.options.owner, lease_time, deadline);
    if (!claimed)
        co_return nullptr;
    auto work = std::make_shared<TurnWork>(services_, std::move(*claimed), lease_time, asked_at, deadline);
    if (is_winding_down_)
        work->machine.wind_down();
    if (hushed_.has(work->turn().id))
        work->live.hush();
    co_return work;
}

asio::awaitable<TurnRunner::End> TurnRunner::why_not(std::string turn_id) {
    auto turn = co_await services_.store.read(std::move(turn_id));
    co_return !turn || storage::is_final(turn->state) ? End::not_ours : End::held_elsewhere;
}

// The wish may have been taken by another process: storage knows of it.
asio::awaitable<void> TurnRunner::watch_for_stop(WorkPtr work) {
    while (!work->machine.is_stop_wanted()) {
        co_await work->nudge.wait(Deadline::after(services_.options.stop_interval));
        auto stored = co_await services_.store.read(work->turn().id);
        if (stored && !stored->stopped_by.empty())
            work->want_stop(stored->stopped_by);
    }
}

// The turn is free at once to be tried again, or ends here when it failed like this before.
asio::awaitable<void> TurnRunner::after_defect(WorkPtr work) {
    using turn_runner_detail::kMostDefects;
    const std::string id = work->turn().id;
    auto& [state, times] = broken_[id];
    times = state == work->turn().state ? times + 1 : 1;
    state = work->turn().state;
    if (times < kMostDefects) {
        co_await services_.store.free_after_defect(work->lease.lease());
        co_return;
    }
    broken_.erase(id);
    TurnAction end = work->machine.give_up("failed " + std::to_string(kMostDefects) + " times");
    co_await drive(work, std::move(end));
}

asio::awaitable<void> TurnRunner::stop_tidying(Deadline deadline) {
    return late_streams_.stop(deadline);
}

asio::awaitable<void> TurnRunner::wind_down(Deadline deadline) {
    is_winding_down_ = true;
    for (const auto& [id, work] : active_)
        work->machine.wind_down();
    while (asking_.posting() > 0 && !deadline.expired())
        co_await sleep_for(std::min(turn_runner_detail::kWindDownPoll, deadline.remaining()));
}

asio::awaitable<void> TurnRunner::hand_over(Deadline deadline) {
    const auto interrupted = std::move(active_);
    active_.clear();
    for (const auto& [id, work] : interrupted) {
        // A defect with one of them is no reason to keep the others until their leases are over.
        try {
            co_await hand_over(work, deadline);
        } catch (const std::exception& error) {
            log::error("turn.not_handed_over", {{"turn", id}, {"error", error.what()}});
        }
    }
}

asio::awaitable<void> TurnRunner::hand_over(WorkPtr work, Deadline deadline) {
    // Else our progress might be seen in place of the other's answer.
    work->lease.lose();
    const bool quiet = co_await work->live.end(work->turn(), deadline);
    if (!quiet) {
        log::warn("turn.not_handed_over", {{"turn", work->turn().id}});
        co_return;
    }
    log::info("turn.handed_over", {{"turn", work->turn().id}});
    co_await services_.store.release(work->lease.lease(), deadline);
}

asio::awaitable<void> TurnRunner::apologise(std::vector<std::string> queued, Deadline deadline) {
    const auto interrupted = std::move(active_);
    active_.clear();
    for (const auto& [id, work] : interrupted)
        co_await apologise_for(work, deadline);
    for (const std::string& id : queued) {
        if (interrupted.contains(id))
            continue;
        WorkPtr work = co_await claim(id, services_.options.storage_time, deadline);
        if (work && work->turn().state != storage::TurnState::awaiting_space)
            co_await apologise_for(work, deadline);
    }
}

asio::awaitable<void> TurnRunner::apologise_for(WorkPtr work, Deadline deadline) {
    if (deadline.expired()) {
        log::error("turn.lost", {{"turn", work->turn().id}});
        co_return;
    }
    log::warn("turn.interrupted", {{"turn", work->turn().id}});
    work->last_deadline = deadline;
    TurnAction end = work->machine.interrupt(wall_now());
    // A defect with one of them is no reason to tell the others nothing.
    try {
        co_await drive(work, std::move(end));
    } catch (const std::exception& error) {
        log::error("turn.lost", {{"turn", work->turn().id}, {"error", error.what()}});
    }
}

}  // namespace genie_slack::relay
