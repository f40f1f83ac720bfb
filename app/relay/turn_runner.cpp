#include "app/relay/turn_runner.hpp"

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

constexpr Duration kResultTime = std::chrono::minutes(2);
constexpr Duration kRecordTime = std::chrono::minutes(1);
constexpr Duration kFirstSignTime = std::chrono::seconds(60);
constexpr Duration kRecordPause = std::chrono::seconds(1);
constexpr Duration kAskTime = std::chrono::seconds(90);
constexpr Duration kShortestSlotWait = std::chrono::milliseconds(50);
constexpr Duration kPauseOfAll = std::chrono::seconds(5);  // after a 429 without Retry-After
constexpr int kMostDefects = 3;                            // at one point of a turn
constexpr Duration kWindDownPoll = std::chrono::milliseconds(20);
constexpr Duration kFileTime = std::chrono::minutes(1);
constexpr Duration kTickerJoin = std::chrono::seconds(5);

// The turn was cut off: by shutdown, or since its lease is lost. That is no failure of the question.
[[noreturn]] void leave() {
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

// A place in the queue for Genie; given up when the question goes another way.
struct QueuePlace {
    explicit QueuePlace(genie::QuestionLimiter& limiter_) : limiter(limiter_), ticket(limiter.enter()) {}
    ~QueuePlace() { limiter.leave(ticket); }
    QueuePlace(const QueuePlace&) = delete;
    QueuePlace& operator=(const QueuePlace&) = delete;
    genie::QuestionLimiter& limiter;
    genie::QuestionLimiter::Ticket ticket;
};

bool is_cancellation(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

std::string reference_of(const storage::Turn& turn) {
    return turn.id.substr(0, 8);
}

}  // namespace

TurnRunner::TurnRunner(asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie,
                       storage::Storage& storage, SpaceDirectory& spaces, People& people,
                       genie::QuestionLimiter& limiter, RunnerOptions options)
    : executor_(std::move(executor)),
      genie_(genie),
      storage_(storage),
      spaces_(spaces),
      people_(people),
      limiter_(limiter),
      options_(std::move(options)),
      messenger_(slack),
      files_(slack),
      asker_(genie, storage) {}

asio::awaitable<TurnRunner::End> TurnRunner::run(std::string turn_id) {
    WorkPtr work = co_await claim(turn_id, options_.lease_time, Deadline::after(options_.question_time));
    if (!work)
        co_return co_await why_not(std::move(turn_id));
    active_[turn_id] = work;
    TaskGroup keeper(executor_, "lease");
    keeper.spawn("lease of " + turn_id, work->lease.keep());
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
    co_return std::make_shared<Work>(storage_, std::move(**claimed), lease_time, asked_at, deadline);
}

asio::awaitable<TurnRunner::End> TurnRunner::why_not(std::string turn_id) {
    auto turn = co_await storage_.get_turn(turn_id, Deadline::after(options_.storage_time));
    if (!turn || !*turn || storage::is_final((*turn)->state))
        co_return End::not_ours;
    co_return End::held_elsewhere;
}

asio::awaitable<TurnRunner::End> TurnRunner::carry_on(WorkPtr work) {
    storage::Turn& turn = work->turn;
    // Processes die for many reasons: only a long row of deaths says that the question is one.
    if (turn.tries > options_.most_tries)
        co_return co_await give_up(work, options_.most_tries);
    if (turn.state == TurnState::awaiting_space) {
        // The choice makes the turn `received` again.
        co_await give_back(work);
        co_return End::waiting_for_space;
    }
    if (turn.question.empty()) {
        answer::FailureInput empty;
        empty.failure = Failure::empty_question;
        co_return co_await fail(work, std::move(empty));
    }
    if (turn.state == TurnState::received) {
        const Chosen chosen = co_await choose_space(work);
        if (chosen == Chosen::ask_person)
            co_return End::waiting_for_space;
        if (chosen == Chosen::failed)
            co_return End::finished;
        const bool visible = co_await show_first_sign(work);
        if (!visible)
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
                                                                 Deadline deadline) {
    auto delivered = co_await messenger_.deliver(work->turn, work->lease, std::move(ladder), deadline);
    if (!delivered && delivered.error().error_class == slack::ErrorClass::cancelled)
        leave();
    co_return delivered;
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

// What is stored at the end, with the person's name when it was not known in time for the question.
asio::awaitable<storage::ChatRows> TurnRunner::last_rows(WorkPtr work, Outcome outcome) {
    const storage::Turn& turn = work->turn;
    auto person = people_.known(turn.thread.team, turn.user);
    if (!work->in_a_hurry)
        person = co_await people_.find(turn.thread.team, turn.user, Deadline::after(options_.person_time));
    auto rows = answer_rows(turn, outcome);
    // Another process may have taken the question in.
    const bool stored_before = turn.attempts <= 1 && people_.known_since(turn.thread.team, turn.user, turn.received_at);
    if (person && !stored_before) {
        auto question = question_rows(turn, person);
        rows.users = std::move(question.users);
        rows.threads = std::move(question.threads);
        rows.steps.insert(rows.steps.begin(), question.steps.begin(), question.steps.end());
    }
    co_return rows;
}

asio::awaitable<bool> TurnRunner::finish(WorkPtr work, Outcome outcome) {
    outcome.finished_at = wall_now();
    work->turn.finished_at = outcome.finished_at;
    work->turn.failure = outcome.error_code;
    work->turn.state = outcome.is_error ? TurnState::failed : TurnState::delivered;
    auto rows = co_await last_rows(work, outcome);
    const Deadline give_up = Deadline::after(kRecordTime);
    for (;;) {
        auto kept =
            co_await storage_.finish(work->lease.lease(), work->turn, rows, Deadline::after(options_.storage_time));
        if (kept) {
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - work->started);
            (outcome.is_error ? status_.failed : status_.delivered) += 1;
            log::info(outcome.is_error ? "turn.failed" : "turn.delivered", {{"turn", work->turn.id},
                                                                            {"failure", outcome.error_code},
                                                                            {"channel", work->turn.thread.channel},
                                                                            {"ts", work->turn.progress_ts},
                                                                            {"ms", took.count()}});
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

asio::awaitable<TurnRunner::Chosen> TurnRunner::choose_space(WorkPtr work) {
    storage::Turn& turn = work->turn;
    std::string wanted = turn.space_id;
    if (wanted.empty()) {
        auto row = co_await storage_.get_conversation(turn.thread, Deadline::after(options_.storage_time));
        if (row && *row) {
            wanted = (*row)->genie_room_id;
            turn.conversation_id = (*row)->conversation_id;
        }
    }
    // A first look-up can take its time: let the person see something before it.
    if (!spaces_.known() && turn.progress_ts.empty()) {
        const bool visible = co_await show_first_sign(work);
        if (!visible)
            co_return Chosen::failed;
    }
    const Deadline deadline = work->deadline.sooner(std::chrono::minutes(1));
    answer::FailureInput problem;
    std::optional<genie::Space> space;
    if (!wanted.empty()) {
        auto found = co_await spaces_.find(wanted, deadline);
        if (found)
            space = std::move(*found);
        else
            problem = failure_of(found.error());
        if (!found && problem.failure == Failure::genie_unreachable)
            problem.failure = Failure::spaces_unreachable;
        if (!found) {
            co_await fail(work, std::move(problem));
            co_return Chosen::failed;
        }
        if (!space)
            turn.conversation_id.clear();
    }
    if (!space) {
        auto spaces = co_await spaces_.list(deadline);
        if (!spaces) {
            problem = failure_of(spaces.error());
            if (problem.failure == Failure::genie_unreachable)
                problem.failure = Failure::spaces_unreachable;
            co_await fail(work, std::move(problem));
            co_return Chosen::failed;
        }
        if (spaces->empty()) {
            problem.failure = Failure::no_spaces;
            co_await fail(work, std::move(problem));
            co_return Chosen::failed;
        }
        if (spaces->size() > 1) {
            std::vector<answer::Rendered> ladder;
            ladder.push_back(answer::render_picker(turn.id, *spaces));
            auto posted = co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time));
            if (!posted) {
                problem.failure = Failure::cannot_deliver;
                co_await fail(work, std::move(problem));
                co_return Chosen::failed;
            }
            turn.progress_ts = posted->ts;
            turn.state = TurnState::awaiting_space;
            log::info("turn.awaiting_space", {{"turn", turn.id}, {"spaces", spaces->size()}});
            storage::ChatRows none;
            const bool kept = co_await record(work, std::move(none));
            if (kept)
                co_await give_back(work);
            co_return Chosen::ask_person;
        }
        space = spaces->front();
    }
    turn.space_id = space->id;
    turn.space_name = space->title;
    auto stored = co_await storage_.set_conversation(turn.thread, space->id, space->title,
                                                     Deadline::after(options_.storage_time));
    if (!stored)
        log::error("conversation.record_failed", {{"turn", turn.id}, {"error", stored.error().message}});
    co_return Chosen::yes;
}

// The message that will grow into the answer. False when nothing can be shown in this channel at all: the turn has
// ended.
asio::awaitable<bool> TurnRunner::show_first_sign(WorkPtr work) {
    storage::Turn& turn = work->turn;
    auto sign = answer::render_progress(nullptr, Duration::zero());
    if (!turn.progress_ts.empty()) {
        show_progress(*work);
        co_return true;
    }
    std::vector<answer::Rendered> ladder;
    ladder.push_back(std::move(sign));
    auto posted = co_await deliver(work, std::move(ladder), Deadline::after(kFirstSignTime));
    if (posted) {
        turn.progress_ts = posted->ts;
        storage::ChatRows none;
        co_return co_await record(work, std::move(none));
    }
    const slack::ApiError& error = posted.error();
    if (error.error_class != slack::ErrorClass::config) {
        // Slack is out of reach; the answer may still get through later.
        log::warn("turn.no_first_sign", {{"turn", turn.id}, {"error", error.to_string()}});
        co_return true;
    }
    log::warn("turn.channel_closed",
              {{"turn", turn.id}, {"channel", turn.thread.channel}, {"error", error.to_string()}});
    std::string text = "I saw your question in <#" + turn.thread.channel +
                       ">, but Slack does not let me write there (" + error.code +
                       "). Invite me with `/invite`, or ask me here.";
    auto told = co_await messenger_.tell_privately(turn.user, text, Deadline::after(kFirstSignTime));
    if (!told)
        log::error("turn.cannot_tell", {{"turn", turn.id}, {"error", told.error().to_string()}});
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = std::move(text);
    outcome.error_code = answer::to_string(Failure::cannot_deliver);
    co_await finish(work, std::move(outcome));
    co_return false;
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
        co_await sleep_for(std::max(pause, kShortestSlotWait));
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
        co_await sleep_for(pause);
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
        auto answered = co_await post(work);
        if (work->lease.is_lost())
            co_return false;
        if (answered)
            co_return co_await record_asked(work, std::move(*answered));
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
    auto asking = asker_.ask(work->turn, work->lease, work->deadline.sooner(kAskTime));
    co_return co_await std::move(asking);
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

void TurnRunner::show_progress(const Work& work) {
    const genie::Message* seen = work.seen ? &*work.seen : nullptr;
    messenger_.show_progress(work.turn, work.lease, answer::render_progress(seen, Clock::now() - work.started));
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

// The terminal message; nothing when the turn has ended with a failure.
asio::awaitable<std::optional<genie::Message>> TurnRunner::wait(WorkPtr work) {
    const storage::Turn& turn = work->turn;
    TaskGroup ticker(executor_, "progress");
    ticker.spawn("progress of " + turn.id, keep_showing(work));
    ticker.spawn("person of " + turn.id, learn_person(work));
    auto on_change = [this, work](const genie::Message& message) {
        work->seen = message;
        log::debug("genie.status", {{"turn", work->turn.id}, {"status", message.status_text}});
        show_progress(*work);
    };
    std::function<void(const genie::Message&)> listener = std::move(on_change);
    auto waiting = genie_.wait_for_answer(turn.space_id, turn.conversation_id, turn.message_id, std::move(listener),
                                          work->deadline);
    std::exception_ptr broken;
    genie::GenieResult<genie::Message> message = genie::GenieError(ErrorKind::cancelled, "");
    try {
        message = co_await std::move(waiting);
    } catch (const std::exception&) {
        broken = std::current_exception();
    }
    // However it ended: nothing may show progress any more.
    co_await asio::this_coro::throw_if_cancelled(false);
    ticker.cancel();
    co_await ticker.join(Deadline::after(kTickerJoin));
    co_await asio::this_coro::throw_if_cancelled(true);
    if (broken)
        std::rethrow_exception(broken);
    if (message)
        co_return std::move(*message);
    log_genie_error(turn, "genie.wait_failed", message.error());
    co_await fail(work, failure_of(message.error()));
    co_return std::nullopt;
}

asio::awaitable<TurnRunner::End> TurnRunner::answer(WorkPtr work, genie::Message message) {
    storage::Turn& turn = work->turn;
    answer::AnswerInput input;
    Outcome outcome;
    outcome.genie_answered_at = wall_now();
    input.parts = genie::select_answer(message);
    if (message.status == genie::MessageStatus::failed || message.status == genie::MessageStatus::cancelled) {
        answer::FailureInput failure;
        failure.failure =
            message.status == genie::MessageStatus::failed ? Failure::genie_failed : Failure::genie_cancelled;
        failure.error_type = message.error_type;
        failure.error_text = message.error_text;
        failure.suggested_questions = std::move(input.parts.suggested_questions);
        log::warn("genie.failed", {{"turn", turn.id}, {"type", message.error_type}});
        co_return co_await fail(work, std::move(failure));
    }
    if (input.parts.query) {
        const std::string attachment = input.parts.query->id;
        const Deadline deadline = Deadline::after(kResultTime);
        bool expired = message.status == genie::MessageStatus::query_result_expired;
        genie::GenieResult<genie::ResultTable> table = genie::GenieError(ErrorKind::result_expired, "expired");
        if (!expired) {
            table = co_await genie_.query_result(turn.space_id, turn.conversation_id, turn.message_id, attachment,
                                                 deadline);
            expired = !table && table.error().kind == ErrorKind::result_expired;
        }
        if (expired)
            table = co_await genie_.execute_query(turn.space_id, turn.conversation_id, turn.message_id, attachment,
                                                  deadline);
        if (table) {
            outcome.result_read_at = wall_now();
            outcome.result.emplace();
            outcome.result->columns = table->columns;
            outcome.result->rows = table->total_rows;
            outcome.result->truncated = table->truncated;
            input.table = std::move(*table);
        } else {
            if (table.error().kind == ErrorKind::cancelled)
                leave();
            log_genie_error(turn, "genie.result_failed", table.error());
            input.result_note = table.error().kind == ErrorKind::query_failed
                                    ? "The query failed, so there is no table. The SQL below shows what was tried."
                                    : "The result could not be fetched. Ask again, or open the conversation in Genie.";
        }
    }
    turn.state = TurnState::answered;
    storage::ChatRows none;
    const bool kept = co_await record(work, std::move(none));
    if (!kept)
        co_return End::not_ours;

    input.turn_id = turn.id;
    input.space_title = turn.space_name;
    input.question = turn.question;
    input.conversation_url = genie_.conversation_url(turn.space_id, turn.conversation_id);
    auto ladder = answer::render_answer(input);
    outcome.text = ladder.empty() ? "" : ladder.back().text;
    outcome.query = input.parts.query;
    auto delivered = co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time));
    if (!delivered) {
        log::error("turn.cannot_deliver", {{"turn", turn.id}, {"error", delivered.error().to_string()}});
        answer::FailureInput failure;
        failure.failure = Failure::cannot_deliver;
        co_return co_await fail(work, std::move(failure));
    }
    const bool moved = turn.progress_ts != delivered->ts;
    turn.progress_ts = delivered->ts;
    work->answered = outcome;
    if (delivered->leaves_out_data && input.table) {
        // The upload takes its time: whoever has to carry on meanwhile should know where the answer stands.
        if (moved) {
            storage::ChatRows no_rows;
            const bool recorded = co_await record(work, std::move(no_rows));
            if (!recorded)
                co_return End::not_ours;
        }
        const std::string title = input.parts.query ? input.parts.query->title : std::string();
        outcome.file =
            co_await files_.share(turn, work->lease, std::move(*input.table), title, Deadline::after(kFileTime));
        if (work->lease.is_lost())
            co_return End::not_ours;
    }
    co_await finish(work, std::move(outcome));
    co_return End::finished;
}

asio::awaitable<TurnRunner::End> TurnRunner::fail(WorkPtr work, answer::FailureInput failure) {
    storage::Turn& turn = work->turn;
    failure.turn_id = turn.id;
    failure.reference = reference_of(turn);
    failure.space_title = turn.space_name;
    auto rendered = answer::render_failure(failure);
    std::vector<answer::Rendered> ladder;
    ladder.push_back(rendered);
    ladder.emplace_back();
    ladder.back().text = rendered.text;
    auto delivered = co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time));
    if (delivered) {
        turn.progress_ts = delivered->ts;
    } else {
        log::error("turn.cannot_deliver", {{"turn", turn.id}, {"error", delivered.error().to_string()}});
        auto told = co_await messenger_.tell_privately(turn.user, rendered.text, Deadline::after(kFirstSignTime));
        if (!told)
            log::error("turn.cannot_tell", {{"turn", turn.id}, {"error", told.error().to_string()}});
    }
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = rendered.text;
    outcome.error_code = answer::to_string(failure.failure);
    if (!failure.error_type.empty())
        outcome.error_code += ":" + failure.error_type;
    co_await finish(work, std::move(outcome));
    co_return End::finished;
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
        const bool quiet = co_await messenger_.end_progress(work->turn, deadline);
        if (!quiet) {
            log::warn("turn.not_handed_over", {{"turn", id}});
            continue;
        }
        auto released = co_await storage_.release(work->lease.lease(), deadline);
        log::info("turn.handed_over", {{"turn", id}, {"released", released.has_value()}});
    }
}

asio::awaitable<void> TurnRunner::apologise(std::vector<std::string> queued, Deadline deadline) {
    const auto interrupted = std::move(active_);
    active_.clear();
    for (const auto& [id, work] : interrupted)
        co_await apologise_for(work, deadline);
    for (const std::string& id : queued) {
        if (interrupted.contains(id))
            continue;
        WorkPtr work = co_await claim(id, options_.storage_time, deadline);
        if (work && work->turn.state != TurnState::awaiting_space)
            co_await apologise_for(work, deadline);
    }
}

asio::awaitable<void> TurnRunner::apologise_for(WorkPtr work, Deadline deadline) {
    if (deadline.expired()) {
        log::error("turn.lost", {{"turn", work->turn.id}});
        co_return;
    }
    work->in_a_hurry = true;
    if (work->answered) {
        co_await finish(work, std::move(*work->answered));
        co_return;
    }
    answer::FailureInput failure;
    failure.failure = Failure::interrupted;
    failure.reference = reference_of(work->turn);
    auto rendered = answer::render_failure(failure);
    std::vector<answer::Rendered> ladder;
    ladder.push_back(rendered);
    auto told = co_await messenger_.deliver(work->turn, work->lease, std::move(ladder), deadline);
    log::warn("turn.interrupted", {{"turn", work->turn.id}, {"told", told.has_value()}});
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = rendered.text;
    outcome.error_code = answer::to_string(Failure::interrupted);
    co_await finish(work, std::move(outcome));
}

}  // namespace genie_slack::relay
