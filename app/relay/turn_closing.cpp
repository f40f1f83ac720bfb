#include "app/relay/turn_runner.hpp"
#include "app/relay/turn_runner_parts.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using answer::Failure;
using genie::ErrorKind;
using storage::TurnState;

namespace {

constexpr Duration kFileTime = std::chrono::minutes(1);

}  // namespace

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
                                    ? words::say(input.language, words::Word::query_failed)
                                    : words::say(input.language, words::Word::result_unreachable);
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
    for (answer::Rendered& rendered : ladder)
        answer::place_chart_file(rendered, "");
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
