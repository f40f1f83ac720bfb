#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn/turn_runner_parts.hpp"

#include "core/log.hpp"
#include "core/task_group.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using answer::Failure;
using genie::ErrorKind;
using storage::TurnState;

namespace {

constexpr int kMostDefects = 3;  // at one point of a turn
constexpr Duration kExampleTime = std::chrono::seconds(5);
constexpr Duration kWindDownPoll = std::chrono::milliseconds(20);

bool is_cancellation(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

void leave() {
    throw boost::system::system_error(asio::error::operation_aborted);
}

answer::FailureInput failure_of(const genie::GenieError& error) {
    answer::FailureInput input;
    switch (error.kind) {
        case ErrorKind::auth:
            input.failure = Failure::genie_auth;
            break;
        case ErrorKind::permission:
            input.failure = Failure::genie_permission;
            break;
        case ErrorKind::not_found:
            input.failure = Failure::genie_not_found;
            break;
        case ErrorKind::rate_limited:
            input.failure = Failure::genie_rate_limited;
            break;
        case ErrorKind::unavailable:
            input.failure = Failure::genie_unreachable;
            break;
        case ErrorKind::ambiguous:
            input.failure = Failure::outcome_unknown;
            break;
        case ErrorKind::timeout:
            input.failure = Failure::genie_timeout;
            break;
        case ErrorKind::configuration:
            input.failure = Failure::genie_configuration;
            break;
        case ErrorKind::invalid:
        case ErrorKind::result_expired:
        case ErrorKind::query_failed:
            input.failure = Failure::genie_failed;
            input.error_type = error.error_code;
            input.error_text = error.message;
            break;
        case ErrorKind::cancelled:
            leave();
    }
    return input;
}

void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error) {
    log::warn(event, {{"turn", turn.id},
                      {"kind", genie::to_string(error.kind)},
                      {"error", error.message},
                      {"status", error.http_status},
                      {"request_id", error.request_id}});
}

std::string reference_of(const storage::Turn& turn) {
    return turn.id.substr(0, 8);
}

TurnRunner::TurnRunner(asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
                       storage::Storage& storage, SpaceDirectory& spaces, People& people, Examples& examples,
                       Gate& gate, genie::QuestionLimiter& limiter, RunnerOptions options)
    : executor_(std::move(executor)),
      slack_(slack),
      genie_(genie),
      storage_(storage),
      spaces_(spaces),
      people_(people),
      examples_(examples),
      gate_(gate),
      limiter_(limiter),
      options_(std::move(options)),
      stream_budget_(options_.streaming, options_.streams_per_minute),
      messenger_(slack, refusals_),
      files_(slack, genie),
      reader_(genie, options_.links_only),
      asker_(genie, storage) {}

void TurnRunner::introduce(const Self& self) {
    workspace_url_ = self.url;
    messenger_.introduce(self.bot_id);
}

words::Language TurnRunner::language_of(const storage::Turn& turn) const {
    return people_.language_of(turn.thread.team, turn.user);
}

asio::awaitable<TurnRunner::End> TurnRunner::run(std::string turn_id) {
    WorkPtr work = co_await claim(turn_id, options_.lease_time, Deadline::after(options_.question_time));
    if (!work)
        co_return co_await why_not(std::move(turn_id));
    active_[turn_id] = work;
    TaskGroup keeper(executor_, "lease");
    keeper.spawn("lease of " + turn_id, work->lease.keep());
    keeper.spawn("stop of " + turn_id, watch_for_stop(work));
    std::exception_ptr failure;
    End end = End::not_ours;
    try {
        end = co_await carry_on(work);
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    co_await asio::this_coro::throw_if_cancelled(false);
    keeper.cancel();
    co_await keeper.join(Deadline::after(kTickerJoin));
    co_await work->live.abandon(Deadline::after(kTickerJoin));
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const bool was_cut_off = cancellation.cancelled() != asio::cancellation_type::none;
    if (work->lease.is_lost() || (failure && is_cancellation(failure) && !was_cut_off)) {
        // Somebody else has it, or will have it when the lease is over.
        active_.erase(turn_id);
        co_return End::not_ours;
    }
    if (failure && !is_cancellation(failure)) {
        active_.erase(turn_id);
        co_await after_defect(work);
    }
    if (failure)
        std::rethrow_exception(failure);
    active_.erase(turn_id);
    broken_.erase(turn_id);
    work->lease.lose();
    co_return end;
}

// The turn is free at once to be tried again, or ends here when it failed like this before.
asio::awaitable<void> TurnRunner::after_defect(WorkPtr work) {
    auto& [state, times] = broken_[work->turn.id];
    times = state == work->turn.state ? times + 1 : 1;
    state = work->turn.state;
    if (times < kMostDefects) {
        co_await storage_.renew(work->lease.lease(), Duration::zero(), Deadline::after(options_.storage_time));
        co_return;
    }
    broken_.erase(work->turn.id);
    co_await give_up(work, kMostDefects);
}

// Nothing when the turn is not to be had.
asio::awaitable<TurnRunner::WorkPtr> TurnRunner::claim(std::string turn_id, Duration lease_time, Deadline deadline) {
    const TimePoint asked_at = Clock::now();
    auto claimed = co_await storage_.claim(turn_id, options_.owner, lease_time, deadline.sooner(options_.storage_time));
    if (!claimed)
        log::error("turn.claim_failed", {{"turn", turn_id}, {"error", claimed.error().message}});
    if (!claimed || !*claimed)
        co_return nullptr;
    co_return std::make_shared<Work>(*this, std::move(**claimed), lease_time, asked_at, deadline);
}

asio::awaitable<TurnRunner::End> TurnRunner::why_not(std::string turn_id) {
    auto turn = co_await storage_.get_turn(turn_id, Deadline::after(options_.storage_time));
    if (!turn || !*turn || storage::is_final((*turn)->state))
        co_return End::not_ours;
    co_return End::held_elsewhere;
}

asio::awaitable<TurnRunner::End> TurnRunner::carry_on(WorkPtr work) {
    const TurnState state = work->turn.state;
    bool stopped = !work->turn.stopped_by.empty() && state != TurnState::answered;
    if (!stopped) {
        try {
            co_return co_await work_on(work);
        } catch (const StopWanted&) {
            stopped = true;
        }
    }
    co_return co_await end_stopped(work);
}

asio::awaitable<TurnRunner::End> TurnRunner::work_on(WorkPtr work) {
    storage::Turn& turn = work->turn;
    // Processes die for many reasons: only a long row of deaths says that the question is one.
    if (turn.tries > options_.most_tries)
        co_return co_await give_up(work, options_.most_tries);
    if (turn.state == TurnState::awaiting_space) {
        // The choice makes the turn `received` again.
        co_await give_back(work);
        co_return End::waiting_for_space;
    }
    if (turn.state == TurnState::received) {
        co_await take_over_message(work);
        bool allowed = co_await pass_gate(work);
        if (!allowed)
            co_return End::finished;
        const bool placed = co_await choose_place(work);
        if (!placed)
            co_return End::finished;
        if (turn.question.empty()) {
            answer::FailureInput empty;
            empty.failure = Failure::empty_question;
            Start start = co_await examples_.find(turn.thread.team, turn.thread.channel, turn.user,
                                                  Deadline::after(kExampleTime));
            empty.suggested_questions = std::move(start.examples);
            co_return co_await fail(work, std::move(empty));
        }
        const Chosen chosen = co_await choose_space(work);
        if (chosen == Chosen::ask_person)
            co_return End::waiting_for_space;
        if (chosen == Chosen::failed)
            co_return End::finished;
        const bool visible = co_await show_first_sign(work);
        if (!visible)
            co_return End::finished;
        // What Slack did not tell in time before the first sign.
        allowed = co_await pass_gate(work);
        if (!allowed)
            co_return End::finished;
        const bool asked = co_await ask(work);
        if (!asked)
            co_return End::finished;
    } else if (turn.state == TurnState::asking) {
        const bool asked = co_await find_asked(work);
        if (!asked)
            co_return End::finished;
    }
    auto message = co_await wait(work);
    if (!message)
        co_return End::finished;
    co_return co_await answer(work, std::move(*message));
}

// Something fails at this point of this question again and again: better a clear end than a loop.
asio::awaitable<TurnRunner::End> TurnRunner::give_up(WorkPtr work, int times) {
    const std::string reason =
        "failed " + std::to_string(times) + " times while " + storage::to_string(work->turn.state);
    log::error("turn.given_up", {{"turn", work->turn.id}, {"reason", reason}});
    auto buried = co_await storage_.bury(work->turn, reason, Deadline::after(options_.storage_time));
    if (!buried)
        log::error("turn.not_buried", {{"turn", work->turn.id}, {"error", buried.error().message}});
    answer::FailureInput failure;
    failure.failure = Failure::internal;
    co_return co_await fail(work, std::move(failure));
}

asio::awaitable<void> TurnRunner::give_back(WorkPtr work) {
    auto released = co_await storage_.release(work->lease.lease(), Deadline::after(options_.storage_time));
    if (!released)
        log::error("turn.release_failed", {{"turn", work->turn.id}, {"error", released.error().message}});
}

asio::awaitable<slack::ApiResult<Delivered>> TurnRunner::deliver(WorkPtr work, std::vector<answer::Rendered> ladder,
                                                                 Deadline deadline, ChartFile chart) {
    co_await end_progress(work, deadline);
    auto delivered =
        co_await messenger_.deliver(work->turn, work->lease, std::move(ladder), deadline, std::move(chart));
    if (!delivered && delivered.error().error_class == slack::ErrorClass::cancelled)
        leave();
    co_return delivered;
}

asio::awaitable<void> TurnRunner::end_progress(WorkPtr work, Deadline deadline) {
    const bool quiet = co_await work->live.end(work->turn, deadline);
    if (!quiet)
        log::warn("turn.progress_not_ended", {{"turn", work->turn.id}});
}

// Stores the turn; tries again while storage is out of reach. False when the lease is lost or storage stays away.
asio::awaitable<bool> TurnRunner::record(WorkPtr work, storage::ChatRows rows) {
    const Deadline give_up = Deadline::after(kRecordTime);
    for (;;) {
        auto kept =
            co_await storage_.advance(work->lease.lease(), work->turn, rows, Deadline::after(options_.storage_time));
        if (kept) {
            if (!*kept) {
                log::warn("turn.lease_lost", {{"turn", work->turn.id}});
                work->lease.lose();
            }
            co_return *kept;
        }
        log::error("turn.record_failed", {{"turn", work->turn.id}, {"error", kept.error().message}});
        if (kept.error().kind == storage::ErrorKind::cancelled)
            leave();
        if (kept.error().kind == storage::ErrorKind::invalid || give_up.expired())
            co_return false;
        co_await sleep_for(kRecordPause);
    }
}

asio::awaitable<void> TurnRunner::wind_down(Deadline deadline) {
    winding_down_ = true;
    while (posting_ > 0 && !deadline.expired())
        co_await sleep_for(std::min(kWindDownPoll, deadline.remaining()));
}

asio::awaitable<void> TurnRunner::hand_over(Deadline deadline) {
    const auto interrupted = std::move(active_);
    active_.clear();
    for (const auto& [id, work] : interrupted) {
        // Else our progress might be seen in place of the other's answer.
        work->lease.lose();
        const bool quiet = co_await work->live.end(work->turn, deadline);
        if (!quiet) {
            log::warn("turn.not_handed_over", {{"turn", id}});
            continue;
        }
        auto released = co_await storage_.release(work->lease.lease(), deadline);
        log::info("turn.handed_over", {{"turn", id}, {"released", released.has_value()}});
    }
}

}  // namespace genie_slack::relay
