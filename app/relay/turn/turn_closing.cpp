#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn/turn_runner_parts.hpp"

#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using answer::Failure;
using genie::ErrorKind;
using storage::TurnState;

namespace {

constexpr Duration kFileTime = std::chrono::minutes(1);
constexpr Duration kDownloadTime = std::chrono::minutes(4);
constexpr Duration kAnnounceTime = std::chrono::seconds(20);
constexpr std::size_t kAnnouncedCharacters = 600;

}  // namespace

asio::awaitable<TurnRunner::End> TurnRunner::answer(WorkPtr work, genie::Message message) {
    storage::Turn& turn = work->turn;
    Outcome outcome;
    outcome.genie_answered_at = wall_now();
    if (message.status == genie::MessageStatus::failed || message.status == genie::MessageStatus::cancelled) {
        answer::FailureInput failure;
        failure.failure =
            message.status == genie::MessageStatus::failed ? Failure::genie_failed : Failure::genie_cancelled;
        failure.error_type = message.error_type;
        failure.error_text = message.error_text;
        failure.suggested_questions = genie::select_answer(message).suggested_questions;
        log::warn("genie.failed", {{"turn", turn.id}, {"type", message.error_type}});
        co_return co_await fail(work, std::move(failure));
    }
    auto read = co_await reader_.read(turn, std::move(message), language_of(turn), false, Deadline::after(kResultTime));
    if (!read)
        leave();
    answer::AnswerInput& input = *read;
    input.full_result_below = input.table.has_value();
    if (input.table) {
        outcome.result_read_at = wall_now();
        outcome.result.emplace();
        outcome.result->columns = input.table->columns;
        outcome.result->rows = input.table->total_rows;
        outcome.result->truncated = input.table->truncated;
    }
    turn.state = TurnState::answered;
    storage::ChatRows none;
    const bool kept = co_await record(work, std::move(none));
    if (!kept)
        co_return End::not_ours;

    auto ladder = answer::render_answer(input);
    outcome.text = ladder.empty() ? "" : ladder.back().text;
    // Genie's words without the data: what notifications show.
    std::string summary = ladder.empty() ? "" : ladder.front().text;
    outcome.query = input.parts.query;
    ChartFile chart = [this, &turn, &input] { return files_.upload_chart(turn, input, Deadline::after(kFileTime)); };
    auto delivered =
        co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time), std::move(chart));
    if (!delivered) {
        log::error("turn.cannot_deliver", {{"turn", turn.id}, {"error", delivered.error().to_string()}});
        answer::FailureInput failure;
        failure.failure = Failure::cannot_deliver;
        co_return co_await fail(work, std::move(failure));
    }
    const bool moved = turn.progress_ts != delivered->ts;
    turn.progress_ts = delivered->ts;
    work->answered = outcome;
    if (!turn.answer_channel.empty())
        co_await announce(work, std::move(summary));
    if (delivered->leaves_out_data && input.table) {
        // The upload takes its time: whoever has to carry on meanwhile should know where the answer stands.
        if (moved) {
            storage::ChatRows no_rows;
            const bool recorded = co_await record(work, std::move(no_rows));
            if (!recorded)
                co_return End::not_ours;
        }
        if (input.table->truncated) {
            auto whole = co_await genie_.download_result(turn.space_id, turn.conversation_id, turn.message_id,
                                                         input.parts.query->id, Deadline::after(kDownloadTime));
            if (whole)
                input.table = std::move(*whole);
            else
                log_genie_error(turn, "genie.download_failed", whole.error());
        }
        const std::string title = input.parts.query ? input.parts.query->title : std::string();
        outcome.file = co_await files_.share(turn, work->lease, std::move(*input.table), title, input.language,
                                             seen_before(turn), "", Deadline::after(kFileTime));
        if (work->lease.is_lost())
            co_return End::not_ours;
        std::string problem = words::say(input.language, words::Word::csv_failed);
        if (!outcome.file)
            co_await tell_in_thread(work, std::move(problem), Deadline::after(kAnnounceTime));
    }
    co_await finish(work, std::move(outcome));
    co_return End::finished;
}

asio::awaitable<slack::ApiResult<Delivered>> TurnRunner::post_again(storage::Turn turn, answer::AnswerInput input,
                                                                    Deadline deadline) {
    auto ladder = answer::render_answer(input);
    ChartFile chart = [this, &turn, &input] { return files_.upload_chart(turn, input, Deadline::after(kFileTime)); };
    auto posted = co_await messenger_.replace(turn, std::move(ladder), deadline, std::move(chart));
    if (!posted)
        log::error("answer.not_shown", {{"turn", turn.id}, {"error", posted.error().to_string()}});
    co_return posted;
}

asio::awaitable<bool> TurnRunner::show_again(storage::Turn turn, answer::AnswerInput input, Deadline deadline) {
    auto shown = co_await post_again(std::move(turn), std::move(input), deadline);
    co_return shown.has_value();
}

// A private answer: the person learns of it where the question stands, and may go on below the answer.
asio::awaitable<void> TurnRunner::announce(WorkPtr work, std::string text) {
    const storage::Turn& turn = work->turn;
    const storage::ThreadKey below(turn.thread.team, turn.answer_channel, below_answer(turn).thread_ts);
    auto stored = co_await storage_.set_conversation(below, turn.space_id, turn.space_name,
                                                     Deadline::after(options_.storage_time));
    if (stored)
        co_await storage_.update_conversation_id(below, turn.conversation_id, Deadline::after(options_.storage_time));
    else
        log::error("conversation.record_failed", {{"turn", turn.id}, {"error", stored.error().message}});
    const std::string link = message_link(workspace_url_, turn.answer_channel, turn.progress_ts);
    const auto parts = slack::split_text(text, kAnnouncedCharacters);
    std::string note = words::say(language_of(turn), words::Word::answered_privately, {{"link", link}});
    if (!options_.links_only && !parts.empty())
        note.insert(0, parts[0] + (parts.size() > 1 ? " …\n" : "\n"));
    co_await tell_in_thread(work, std::move(note), Deadline::after(kAnnounceTime));
}

asio::awaitable<TurnRunner::End> TurnRunner::fail(WorkPtr work, answer::FailureInput failure) {
    storage::Turn& turn = work->turn;
    failure.language = language_of(turn);
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
    work->turn.state = outcome.is_error || outcome.is_over_early ? TurnState::failed : TurnState::delivered;
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
    failure.language = language_of(work->turn);
    failure.failure = Failure::interrupted;
    failure.reference = reference_of(work->turn);
    auto rendered = answer::render_failure(failure);
    std::vector<answer::Rendered> ladder;
    ladder.push_back(rendered);
    co_await end_progress(work, deadline);
    auto told =
        co_await messenger_.deliver(work->turn, work->lease, std::move(ladder), seen_before(work->turn), deadline);
    log::warn("turn.interrupted", {{"turn", work->turn.id}, {"told", told.has_value()}});
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = rendered.text;
    outcome.error_code = answer::to_string(Failure::interrupted);
    co_await finish(work, std::move(outcome));
}

}  // namespace genie_slack::relay
