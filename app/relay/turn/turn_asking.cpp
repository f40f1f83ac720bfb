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

constexpr Duration kShortestSlotWait = std::chrono::milliseconds(50);
constexpr Duration kLongestSlotWait = std::chrono::seconds(5);  // then the place in the queue is shown anew
constexpr Duration kPauseOfAll = std::chrono::seconds(5);       // after a 429 without Retry-After

// A place in the queue for Genie; given up when the question goes another way.
struct QueuePlace {
    explicit QueuePlace(genie::QuestionLimiter& limiter_) : limiter(limiter_), ticket(limiter.enter()) {}
    ~QueuePlace() { limiter.leave(ticket); }
    QueuePlace(const QueuePlace&) = delete;
    QueuePlace& operator=(const QueuePlace&) = delete;
    genie::QuestionLimiter& limiter;
    genie::QuestionLimiter::Ticket ticket;
};

}  // namespace

// The process died between asking and recording: Genie may have the question.
asio::awaitable<bool> TurnRunner::find_asked(WorkPtr work) {
    auto found = co_await asker_.find(work->turn, work->deadline.sooner(kResultTime));
    if (!found && found.error().kind == ErrorKind::not_found)
        co_return co_await ask(work);
    if (!found) {
        co_await fail(work, failure_of(found.error()));
        co_return false;
    }
    log::info("genie.found_again", {{"turn", work->turn.id}, {"message", found->message_id}});
    co_return co_await record_asked(work, std::move(*found));
}

// Waits for this question's place in the rate limit, of this process and of all; false when the question's time does
// not suffice.
asio::awaitable<bool> TurnRunner::wait_for_slot(WorkPtr work) {
    const bool ours = co_await wait_for_our_slot(work);
    if (!ours)
        co_return false;
    for (;;) {
        const int per_minute = limiter_.rate(Clock::now()).value_or(0);
        auto wait = co_await storage_.take_permit(per_minute, Deadline::after(options_.storage_time));
        if (!wait)
            log::warn("question.permit_unknown", {{"turn", work->turn.id}, {"error", wait.error().message}});
        const Duration pause = wait ? *wait : kRecordPause;
        if (pause == Duration::zero())
            co_return true;
        if (work->deadline.remaining() <= pause)
            co_return false;
        work->queue_place.reset();
        work->expected_wait = pause;
        show_progress(*work);
        co_await this->pause(work, std::max(pause, kShortestSlotWait));
    }
}

asio::awaitable<bool> TurnRunner::wait_for_our_slot(WorkPtr work) {
    QueuePlace place(limiter_);
    while (!limiter_.take(place.ticket, Clock::now())) {
        const auto position = limiter_.position(place.ticket, Clock::now());
        const Duration pause =
            position ? std::max(position->go_at - Clock::now(), kShortestSlotWait) : kShortestSlotWait;
        if (work->deadline.remaining() <= pause)
            co_return false;
        if (position) {
            work->queue_place = position->ahead + 1;
            work->expected_wait = position->expected_wait;
            show_progress(*work);
        }
        co_await this->pause(work, std::min(pause, kLongestSlotWait));
    }
    co_return true;
}

asio::awaitable<bool> TurnRunner::ask(WorkPtr work) {
    storage::Turn& turn = work->turn;
    for (;;) {
        const bool go = co_await wait_for_slot(work);
        if (!go) {
            answer::FailureInput limited;
            limited.failure = Failure::genie_rate_limited;
            co_await fail(work, std::move(limited));
            co_return false;
        }
        // What is posted cannot be taken back: whoever winds down gives the turn to the next one instead.
        if (winding_down_) {
            co_await give_back(work);
            co_return false;
        }
        if (!turn.stopped_by.empty())
            throw StopWanted();
        work->queue_place.reset();
        work->expected_wait.reset();
        auto answered = co_await post(work);
        if (work->lease.is_lost())
            co_return false;
        if (answered)
            co_return co_await record_asked(work, std::move(*answered));
        if (answered.error().kind == ErrorKind::cancelled && !turn.stopped_by.empty())
            throw StopWanted();
        if (answered.error().kind == ErrorKind::cancelled && winding_down_) {
            co_await give_back(work);
            co_return false;
        }
        log_genie_error(turn, "genie.ask_failed", answered.error());
        if (answered.error().kind != ErrorKind::rate_limited) {
            co_await fail(work, failure_of(answered.error()));
            co_return false;
        }
        limiter_.on_rate_limited(Clock::now(), answered.error().retry_after);
        co_await storage_.pause_questions(answered.error().retry_after.value_or(kPauseOfAll),
                                          Deadline::after(options_.storage_time));
    }
}

asio::awaitable<genie::GenieResult<AskedQuestion>> TurnRunner::post(WorkPtr work) {
    struct Posting {
        explicit Posting(std::size_t& count_) : count(count_) { ++count; }
        ~Posting() { --count; }
        std::size_t& count;
    };
    const Posting posting(posting_);
    work->turn.state = TurnState::asking;
    work->turn.asked_at = wall_now();
    storage::ChatRows none;
    const bool kept = co_await record(work, std::move(none));
    if (!kept) {
        work->lease.lose();
        genie::GenieError lost(ErrorKind::cancelled, "the turn could not be recorded");
        co_return lost;
    }
    AskHooks hooks;
    hooks.record = [this, work](std::string conversation_id, WallTime asked_at) {
        return record_asking(work, std::move(conversation_id), asked_at);
    };
    hooks.is_wanted = [this, work] { return work->turn.stopped_by.empty() && !winding_down_; };
    auto asking = asker_.ask(work->turn, work->lease, std::move(hooks), work->deadline);
    co_return co_await std::move(asking);
}

asio::awaitable<bool> TurnRunner::record_asking(WorkPtr work, std::string conversation_id, WallTime asked_at) {
    work->turn.conversation_id = std::move(conversation_id);
    work->turn.asked_at = asked_at;
    storage::ChatRows none;
    const bool kept = co_await record(work, std::move(none));
    if (!kept)
        work->lease.lose();
    co_return kept;
}

asio::awaitable<bool> TurnRunner::record_asked(WorkPtr work, AskedQuestion asked) {
    storage::Turn& turn = work->turn;
    turn.conversation_id = asked.conversation_id;
    turn.message_id = asked.message_id;
    turn.state = TurnState::asked;
    log::info("genie.asked", {{"turn", turn.id},
                              {"space", turn.space_id},
                              {"conversation", turn.conversation_id},
                              {"message", turn.message_id}});
    if (asked.new_conversation) {
        auto updated = co_await storage_.update_conversation_id(turn.thread, turn.conversation_id,
                                                                Deadline::after(options_.storage_time));
        if (!updated)
            log::error("conversation.record_failed", {{"turn", turn.id}, {"error", updated.error().message}});
    }
    storage::ChatRows none;
    co_return co_await record(work, std::move(none));
}

answer::ProgressInput TurnRunner::progress_of(const Work& work) const {
    answer::ProgressInput input;
    input.language = language_of(work.turn);
    input.message = work.seen ? &*work.seen : nullptr;
    input.elapsed = Clock::now() - work.started;
    input.queue_place = work.queue_place;
    input.expected_wait = work.expected_wait;
    input.turn_id = work.turn.id;
    return input;
}

void TurnRunner::show_progress(Work& work) {
    work.live.show(work.turn, work.lease, progress_of(work));
}

asio::awaitable<void> TurnRunner::keep_showing(WorkPtr work) {
    for (;;) {
        co_await sleep_for(options_.progress_tick);
        show_progress(*work);
    }
}

asio::awaitable<void> TurnRunner::learn_person(WorkPtr work) {
    co_await people_.find(work->turn.thread.team, work->turn.user, work->deadline.sooner(kResultTime));
}

// Into `end`; wakes whoever waits for it.
asio::awaitable<void> TurnRunner::wait_for_genie(WorkPtr work, std::shared_ptr<GenieWait> end) {
    const storage::Turn& turn = work->turn;
    auto on_change = [this, work](const genie::Message& message) {
        work->seen = message;
        log::debug("genie.status", {{"turn", work->turn.id}, {"status", message.status_text}});
        show_progress(*work);
    };
    std::function<void(const genie::Message&)> listener = std::move(on_change);
    auto waiting = genie_.wait_for_answer(turn.space_id, turn.conversation_id, turn.message_id, std::move(listener),
                                          work->deadline);
    try {
        auto message = co_await std::move(waiting);
        end->message.emplace(std::move(message));
    } catch (const std::exception&) {
        end->broken = std::current_exception();
    }
    work->wake.notify_all();
}

// The terminal message; nothing when the turn has ended with a failure.
asio::awaitable<std::optional<genie::Message>> TurnRunner::wait(WorkPtr work) {
    const storage::Turn& turn = work->turn;
    const auto end = std::make_shared<GenieWait>();
    TaskGroup tasks(executor_, "waiting");
    tasks.spawn("answer to " + turn.id, wait_for_genie(work, end));
    tasks.spawn("progress of " + turn.id, keep_showing(work));
    tasks.spawn("person of " + turn.id, learn_person(work));
    std::exception_ptr broken;
    try {
        while (!end->message && !end->broken && turn.stopped_by.empty())
            co_await work->wake.wait(Deadline::never());
    } catch (const std::exception&) {
        broken = std::current_exception();
    }
    // However it ended: nothing may show progress any more.
    co_await asio::this_coro::throw_if_cancelled(false);
    tasks.cancel();
    co_await tasks.join(Deadline::after(kTickerJoin));
    co_await asio::this_coro::throw_if_cancelled(true);
    if (broken)
        std::rethrow_exception(broken);
    // An answer that came in the same moment is shown all the same.
    const bool answered = end->message && *end->message;
    if (!answered && !turn.stopped_by.empty())
        throw StopWanted();
    if (end->broken)
        std::rethrow_exception(end->broken);
    genie::GenieResult<genie::Message>& message = *end->message;
    if (message)
        co_return std::move(*message);
    log_genie_error(turn, "genie.wait_failed", message.error());
    co_await fail(work, failure_of(message.error()));
    co_return std::nullopt;
}

}  // namespace genie_slack::relay
