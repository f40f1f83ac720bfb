#include "app/relay/turn/asking.hpp"

#include "app/answer/message/failure.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "core/log.hpp"
#include "core/task_group.hpp"
#include "genie/readable_error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using genie::GenieFault;

namespace asking_detail {

constexpr Duration kUnansweredTime = std::chrono::seconds(10);  // then the person reads that Databricks is silent
constexpr Duration kFindTime = std::chrono::minutes(2);
constexpr Duration kPersonTime = std::chrono::minutes(2);
constexpr Duration kUsualTime = std::chrono::milliseconds(300);  // for storage to tell how long answers take
constexpr Duration kShortestPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(5);  // then the place in the queue is shown anew
constexpr Duration kPauseOfAll = std::chrono::seconds(5);    // after a 429 without Retry-After
constexpr Duration kStorageAway = std::chrono::seconds(1);
constexpr Duration kJoinTime = std::chrono::seconds(5);

// A place in the queue for Genie; given up when the question goes another way.
struct QueuePlace {
    explicit QueuePlace(genie::QuestionLimiter& limiter_) : limiter(limiter_), ticket(limiter.enter()) {}
    ~QueuePlace() { limiter.leave(ticket); }
    QueuePlace(const QueuePlace&) = delete;
    QueuePlace& operator=(const QueuePlace&) = delete;
    genie::QuestionLimiter& limiter;
    genie::QuestionLimiter::Ticket ticket;
};

struct Posting {
    explicit Posting(std::size_t& count_) : count(count_) { ++count; }
    ~Posting() { --count; }
    Posting(const Posting&) = delete;
    Posting& operator=(const Posting&) = delete;
    std::size_t& count;
};

TurnEvent asked_event(AskedQuestion question) {
    turn_event::Asked asked;
    asked.question = std::move(question);
    return asked;
}

// Names only: what the error says may tell of the data.
std::string class_of(const std::string& error) {
    const std::string readable = genie::readable_error(error);
    return std::string(genie::error_class(readable));
}

TurnEvent answer_event(const genie::Message& message) {
    turn_event::Answered answered;
    answered.status = message.status;
    if (message.status == genie::MessageStatus::failed || message.status == genie::MessageStatus::cancelled) {
        answered.failure.failure = message.status == genie::MessageStatus::failed ? answer::Failure::genie_failed
                                                                                  : answer::Failure::genie_cancelled;
        answered.failure.error_type = message.error_type;
        answered.failure.error_text = message.error_text;
        answered.failure.suggested_questions = genie::select_answer(message).suggested_questions;
    }
    return answered;
}

}  // namespace asking_detail

asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::WaitForSlot) {
    Slot slot = co_await wait_for_our_slot(work);
    if (slot == Slot::had)
        slot = co_await wait_for_permit(work);
    work->queue_place.reset();
    work->expected_wait.reset();
    switch (slot) {
        case Slot::had:
            break;
        case Slot::not_in_time:
            co_return turn_event::NoSlotInTime();
        case Slot::stop_wanted:
            co_return turn_event::StopWanted();
    }
    co_return turn_event::SlotHad();
}

asio::awaitable<Asking::Slot> Asking::wait_for_our_slot(WorkPtr work) {
    using namespace asking_detail;
    QueuePlace place(services_.limiter);
    while (!services_.limiter.take(place.ticket, Clock::now())) {
        const auto position = services_.limiter.position(place.ticket, Clock::now());
        const Duration pause = position ? std::max(position->go_at - Clock::now(), kShortestPause) : kShortestPause;
        if (work->deadline.remaining() <= pause)
            co_return Slot::not_in_time;
        if (position) {
            work->queue_place = position->ahead + 1;
            work->expected_wait = position->expected_wait;
            work->show_progress();
        }
        const bool stopped = co_await work->pause(std::min(pause, kLongestPause));
        if (stopped)
            co_return Slot::stop_wanted;
    }
    co_return Slot::had;
}

// Takes a question of the budget that all processes share, and waits until there is one.
asio::awaitable<Asking::Slot> Asking::wait_for_permit(WorkPtr work) {
    using namespace asking_detail;
    for (;;) {
        const int per_minute = services_.limiter.rate(Clock::now()).value_or(0);
        auto wait = co_await services_.storage.take_permit(per_minute, Deadline::after(services_.options.storage_time));
        if (!wait)
            log::warn("question.permit_unknown", {{"turn", work->turn().id}, {"error", wait.error().message}});
        const Duration pause = wait ? *wait : kStorageAway;
        if (pause == Duration::zero())
            co_return Slot::had;
        if (work->deadline.remaining() <= pause)
            co_return Slot::not_in_time;
        work->queue_place.reset();
        work->expected_wait = pause;
        work->show_progress();
        const bool stopped = co_await work->pause(std::max(pause, kShortestPause));
        if (stopped)
            co_return Slot::stop_wanted;
    }
}

asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::Pause pause) {
    work->seen.reset();
    work->show_progress();
    if (work->deadline.remaining() <= pause.duration)
        co_return turn_event::NoSlotInTime();
    const bool stopped = co_await work->pause(pause.duration);
    if (stopped)
        co_return turn_event::StopWanted();
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::PauseAsking pause) {
    services_.limiter.on_rate_limited(Clock::now(), pause.retry_after);
    auto told = co_await services_.storage.pause_questions(pause.retry_after.value_or(asking_detail::kPauseOfAll),
                                                           Deadline::after(services_.options.storage_time));
    if (!told)
        log::warn("question.pause_not_shared", {{"turn", work->turn().id}, {"error", told.error().message}});
    // Databricks itself says when this one may come again. A crowd queues.
    const bool is_crowd = retrying_ > 0 || services_.limiter.waiting() > 0;
    if (!pause.retry_after || is_crowd)
        co_return turn_event::Done();
    if (work->deadline.remaining() <= *pause.retry_after)
        co_return turn_event::NoSlotInTime();
    const asking_detail::Posting retrying(retrying_);
    const Deadline until = Deadline::after(*pause.retry_after);
    bool is_stopped = false;
    while (!is_stopped && !until.expired()) {
        work->queue_place = 1;
        work->expected_wait = until.remaining();
        work->show_progress();
        is_stopped = co_await work->pause(std::min(until.remaining(), asking_detail::kLongestPause));
    }
    work->queue_place.reset();
    work->expected_wait.reset();
    if (is_stopped)
        co_return turn_event::StopWanted();
    co_return turn_event::SlotHad();
}

asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::Ask) {
    const asking_detail::Posting posting(posting_);
    const storage::Turn& turn = work->turn();
    TaskGroup telling(services_.executor, "asking");
    telling.spawn("silence of " + turn.id, say_unanswered(work));
    std::exception_ptr broken;
    std::optional<genie::GenieResult<AskedQuestion>> asked_or_not;
    try {
        AskHooks hooks;
        hooks.record = [this, work](std::string conversation_id, WallTime asked_at) {
            return record_asking(work, std::move(conversation_id), asked_at);
        };
        hooks.is_wanted = [work] { return !work->machine.is_stop_wanted() && !work->machine.is_winding_down(); };
        auto answer = co_await services_.asker.ask(turn, work->lease, std::move(hooks), work->deadline);
        asked_or_not.emplace(std::move(answer));
    } catch (const std::exception&) {
        broken = std::current_exception();
    }
    co_await asio::this_coro::throw_if_cancelled(false);
    telling.cancel();
    co_await telling.join(Deadline::after(asking_detail::kJoinTime));
    co_await asio::this_coro::throw_if_cancelled(true);
    work->is_unanswered = false;
    if (broken)
        std::rethrow_exception(broken);
    auto& asked = *asked_or_not;
    if (!asked) {
        if (asked.error().fault == GenieFault::cancelled && work->machine.is_stop_wanted())
            co_return turn_event::StopWanted();
        if (asked.error().fault == GenieFault::cancelled && work->machine.is_winding_down())
            co_return turn_event::NotAsked();
        log_genie_error(turn, "genie.ask_failed", asked.error());
        co_return genie_failed(asked.error());
    }
    log::info("genie.asked", {{"turn", turn.id},
                              {"space", turn.space_id},
                              {"conversation", asked->conversation_id},
                              {"message", asked->message_id},
                              {"request_id", asked->request_id}});
    co_return asking_detail::asked_event(std::move(*asked));
}

// Before a question is posted once more, or in a new conversation.
asio::awaitable<bool> Asking::record_asking(WorkPtr work, std::string conversation_id, WallTime asked_at) {
    work->machine.ask_again(std::move(conversation_id), asked_at);
    const Saved saved = co_await services_.store.record(work->lease, work->turn());
    co_return saved == Saved::yes;
}

// The process died between asking and recording: Genie may have the question.
asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::Find) {
    const storage::Turn& turn = work->turn();
    auto found = co_await services_.asker.find(turn, work->deadline.sooner(asking_detail::kFindTime));
    if (found) {
        log::info("genie.found_again", {{"turn", turn.id}, {"message", found->message_id}});
        co_return asking_detail::asked_event(std::move(*found));
    }
    if (found.error().fault == GenieFault::not_found)
        co_return turn_event::NotAsked();
    co_return genie_failed(found.error());
}

asio::awaitable<void> Asking::say_unanswered(WorkPtr work) {
    co_await sleep_for(asking_detail::kUnansweredTime);
    work->is_unanswered = true;
    work->show_progress();
    co_await keep_showing(std::move(work), nullptr);
}

asio::awaitable<void> Asking::keep_showing(WorkPtr work, std::shared_ptr<GenieWait> wait) {
    for (;;) {
        co_await sleep_for(services_.options.progress_tick);
        if (wait)
            work->is_unanswered = Clock::now() - wait->last_sign > asking_detail::kUnansweredTime;
        work->show_progress();
    }
}

asio::awaitable<void> Asking::learn_person(WorkPtr work) {
    const storage::Turn& turn = work->turn();
    co_await services_.people.find(turn.thread.team, turn.user, work->deadline.sooner(asking_detail::kPersonTime));
}

// Into `end`; wakes whoever waits for it.
asio::awaitable<void> Asking::wait_for_genie(WorkPtr work, std::shared_ptr<GenieWait> end) {
    const storage::Turn& turn = work->turn();
    auto on_change = [work](const genie::Message& message) {
        work->seen = message;
        log::debug("genie.status",
                   {{"turn", work->turn().id}, {"status", message.status_text}, {"request_id", message.request_id}});
        work->show_progress();
    };
    genie::AnswerWatch watch(std::move(on_change), [end] { end->last_sign = Clock::now(); });
    const Deadline soon = work->deadline.sooner(asking_detail::kUsualTime);
    try {
        auto usual = co_await services_.answer_times.of(turn.space_id, soon);
        watch.usual = usual;
        auto waiting = services_.genie.wait_for_answer(turn.space_id, turn.conversation_id, turn.message_id,
                                                       std::move(watch), work->deadline);
        auto message = co_await std::move(waiting);
        end->message.emplace(std::move(message));
    } catch (const std::exception&) {
        end->broken = std::current_exception();
    }
    work->wake.notify_all();
}

asio::awaitable<TurnEvent> Asking::perform(WorkPtr work, turn_action::Await) {
    const storage::Turn& turn = work->turn();
    const auto end = std::make_shared<GenieWait>();
    TaskGroup tasks(services_.executor, "waiting");
    tasks.spawn("answer to " + turn.id, wait_for_genie(work, end));
    tasks.spawn("progress of " + turn.id, keep_showing(work, end));
    tasks.spawn("person of " + turn.id, learn_person(work));
    std::exception_ptr broken;
    try {
        // What is wanted of an answer that stands at Genie already is not to be stopped.
        const bool may_stop = turn.state != storage::TurnState::answered;
        while (!end->is_over() && !(may_stop && work->machine.is_stop_wanted()))
            co_await work->wake.wait(Deadline::never());
    } catch (const std::exception&) {
        broken = std::current_exception();
    }
    // However it ended: nothing may show progress any more.
    co_await asio::this_coro::throw_if_cancelled(false);
    tasks.cancel();
    co_await tasks.join(Deadline::after(asking_detail::kJoinTime));
    co_await asio::this_coro::throw_if_cancelled(true);
    work->is_unanswered = false;
    if (broken)
        std::rethrow_exception(broken);
    if (end->message && *end->message) {
        work->seen = std::move(**end->message);
        if (work->seen->status == genie::MessageStatus::failed)
            log::warn("genie.failed", {{"turn", turn.id},
                                       {"type", work->seen->error_type},
                                       {"class", asking_detail::class_of(work->seen->error_text)},
                                       {"request_id", work->seen->request_id}});
        co_return asking_detail::answer_event(*work->seen);
    }
    if (work->machine.is_stop_wanted() && turn.state != storage::TurnState::answered)
        co_return turn_event::StopWanted();
    if (end->broken)
        std::rethrow_exception(end->broken);
    log_genie_error(turn, "genie.wait_failed", end->message->error());
    co_return genie_failed(end->message->error());
}

}  // namespace genie_slack::relay
