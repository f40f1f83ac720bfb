// Long because it performs every step from the answer to the recorded end, one short function each.
#include "app/relay/turn/closing.hpp"

#include "app/answer/message/failure.hpp"
#include "app/answer/message/repeated_questions.hpp"
#include "app/answer/message/status.hpp"
#include "app/answer/view/space_picker.hpp"
#include "app/relay/delivery/further.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/mrkdwn_markdown.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <optional>

namespace genie_slack::relay {

namespace asio = boost::asio;
using turn_action::Finish;
using turn_action::Says;
using words::Word;

namespace closing_detail {

constexpr Duration kResultTime = std::chrono::seconds(14);   // then Genie's words are shown without their rows
constexpr Duration kDownloadTime = std::chrono::minutes(4);  // of a complete result
constexpr Duration kFileTime = std::chrono::minutes(1);
// A file may hold up the thread's next question for so long; so often is looked whether there is one.
constexpr Duration kFileHold = std::chrono::seconds(15);
constexpr Duration kNextLook = std::chrono::seconds(3);
constexpr Duration kJoinTime = std::chrono::seconds(5);
constexpr Duration kChartTime = std::chrono::seconds(10);  // then the answer comes without its picture
constexpr Duration kGateTime = std::chrono::seconds(5);
constexpr Duration kTellTime = std::chrono::seconds(20);
constexpr Duration kLastWordTime = std::chrono::seconds(60);
constexpr Duration kCancelTime = std::chrono::seconds(5);
constexpr Duration kRemoveTime = std::chrono::seconds(30);
constexpr Duration kSessionTime = std::chrono::seconds(2);
constexpr Duration kQuietTime = std::chrono::seconds(10);
constexpr std::size_t kReferenceCharacters = 8;
constexpr std::size_t kLongestAskedBack = 400;  // bytes
constexpr std::size_t kLastSteps = 12;          // of the thread's record: about three questions
constexpr const char* kTurnItself = "turn";     // begins an action, where no person does

// What the person reads now, in mrkdwn, is also what is recorded.
void say(TurnWork& work, std::string text) {
    work.outcome.markdown = slack::mrkdwn_to_markdown(text);
    work.last_words = std::move(text);
}

std::vector<answer::Rendered> text_only(std::string text) {
    std::vector<answer::Rendered> ladder(1);
    ladder.front().text = std::move(text);
    return ladder;
}

const char* event_of(Finish::As as) {
    switch (as) {
        case Finish::As::delivered:
            return "turn.delivered";
        case Finish::As::failed:
            return "turn.failed";
        case Finish::As::stopped:
            return "turn.ended_early";
    }
    return "turn.failed";
}

// "" for none.
std::string name_of(const std::vector<std::string>& questions) {
    std::string all;
    for (const std::string& question : questions)
        all += question + '\n';
    return all.empty() ? all : name_uuid(all);
}

}  // namespace closing_detail

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::ReadResult) {
    const storage::Turn& turn = work->turn();
    work->outcome.genie_answered_at = wall_now();
    auto read = co_await services_.reader.read(turn, *work->seen, services_.language_of(turn), false,
                                               Deadline::after(closing_detail::kResultTime));
    if (!read)
        co_return turn_event::Cancelled();
    work->input = std::move(*read);
    answer::AnswerInput& input = *work->input;
    input.full_result_below = input.table.has_value() && !services_.refusals.is_refused(kFilesRefused);
    work->outcome.query = input.parts.query;
    log::info("genie.answered", {{"turn", turn.id},
                                 {"message", turn.message_id},
                                 {"statement", input.parts.query ? input.parts.query->statement_id : ""},
                                 {"request_id", work->seen->request_id}});
    work->outcome.asks_back = !input.parts.clarification.empty();
    if (work->outcome.asks_back && !input.parts.query)
        work->outcome.offered = closing_detail::name_of(input.parts.suggested_questions);
    bool is_offered_again = false;
    if (!work->outcome.offered.empty())
        is_offered_again = co_await was_just_offered(turn, work->outcome.offered);
    // What helps stands above already.
    if (is_offered_again)
        input.parts.suggested_questions.clear();
    turn_event::ResultRead result;
    if (input.table) {
        work->outcome.result_read_at = wall_now();
        ResultShape& shape = work->outcome.result.emplace();
        shape.columns = input.table->columns;
        shape.rows = input.table->total_rows;
        shape.truncated = input.table->truncated;
        result.has_rows = true;
        result.is_cut = input.table->truncated;
    }
    result.is_empty =
        input.parts.texts.empty() && input.parts.clarification.empty() && !input.parts.query && !input.table;
    result.asks_back = work->outcome.asks_back && input.parts.texts.empty() && !input.parts.query && !input.table;
    co_return result;
}

asio::awaitable<bool> Closing::was_just_offered(const storage::Turn& turn, std::string offered) {
    auto steps = co_await services_.storage.get_steps(storage::thread_id(turn.thread), closing_detail::kLastSteps,
                                                      Deadline::after(services_.options.storage_time));
    if (!steps)
        co_return false;
    co_return std::any_of(steps->begin(), steps->end(), [&offered](const storage::Step& step) {
        return step.type == storage::kAnswerStep && offered_with(step) == offered;
    });
}

std::vector<answer::Rendered> Closing::ladder_of(TurnWork& work, turn_action::Deliver action) {
    const storage::Turn& turn = work.turn();
    const auto language = services_.language_of(turn);
    std::vector<answer::Rendered> ladder;
    switch (action.says) {
        case Says::answer:
            ladder = answer::render_answer(*work.input);
            // What Slack takes in no form may be taken as a file; with LINKS_ONLY there is nothing but a link.
            if (!work.input->links_only && !services_.refusals.is_refused(kFilesRefused))
                ladder.push_back(answer::render_in_file(language));
            work.outcome.markdown = answer::answer_record(*work.input);
            if (work.input->table && !work.input->links_only)
                work.outcome.elements =
                    result_elements(*work.input->table, work.input->parts.query ? work.input->parts.query->title : "");
            return ladder;
        case Says::picker: {
            answer::PickerInput picker;
            picker.language = language;
            picker.turn_id = turn.id;
            picker.gone = work.decision.gone;
            picker.spaces = work.decision.choice;
            picker.remember =
                turn.audience == storage::Audience::channel ? answer::Remember::channel : answer::Remember::person;
            log::info("turn.awaiting_space",
                      {{"turn", turn.id}, {"spaces", picker.spaces.size()}, {"gone", !picker.gone.empty()}});
            return answer::render_space_picker(picker);
        }
        case Says::failure: {
            answer::FailureInput failure = std::move(action.failure);
            failure.language = language;
            failure.turn_id = turn.id;
            failure.reference = turn.id.substr(0, closing_detail::kReferenceCharacters);
            failure.space_title = turn.space_name;
            failure.has_other_spaces = has_other_spaces(services_.spaces);
            // Both tell of the data.
            if (services_.options.links_only) {
                failure.hides_error = true;
                failure.suggested_questions.clear();
            }
            ladder.push_back(answer::render_failure(failure));
            ladder.emplace_back();
            ladder.back().text = ladder.front().text;
            closing_detail::say(work, ladder.front().text);
            const std::string reason = answer::failure_reason(failure);
            if (!reason.empty())
                work.outcome.markdown += "\n\n```\n" + reason + "\n```";
            return ladder;
        }
        case Says::refusal:
            ladder = closing_detail::text_only(words::say(language, word_for(action.refusal)));
            break;
        case Says::stopped:
            ladder.push_back(answer::render_stopped(language, turn.id));
            break;
    }
    closing_detail::say(work, ladder.front().text);
    return ladder;
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::Deliver action) {
    const storage::Turn& turn = work->turn();
    const Deadline deadline = work->within(services_.options.delivery_time);
    const bool is_answer = action.says == Says::answer;
    auto ladder = ladder_of(*work, std::move(action));
    std::vector<answer::Further> further;
    for (const answer::Rendered& rung : ladder)
        further.push_back(rung.further);
    const bool quiet = co_await work->live.end(turn, deadline);
    if (!quiet)
        log::warn("turn.progress_not_ended", {{"turn", turn.id}});
    ChartFile chart;
    if (is_answer)
        chart = [this, work] {
            return services_.files.upload_chart(work->turn(), *work->input,
                                                Deadline::after(closing_detail::kChartTime));
        };
    auto delivered = co_await services_.messenger.deliver(turn, work->lease, std::move(ladder), work->seen_before(),
                                                          deadline, std::move(chart));
    if (delivered) {
        turn_event::Delivered event;
        event.ts = delivered->ts;
        event.leaves_out_data = delivered->leaves_out_data;
        work->further = std::move(further[delivered->rung]);
        // What followed an earlier text goes.
        event.text_goes_on = is_answer && !work->further.is_empty();
        event.only_in_file = delivered->only_in_file;
        work->is_only_in_file = delivered->only_in_file;
        storage::Turn shown = turn;
        shown.progress_ts = event.ts;
        if (!turn.replaces.empty())
            co_await services_.messenger.remove_further(std::move(shown), &work->lease, Owned(), 0, deadline);
        // Perhaps what a dead process posted was found and grew into the answer, beside the status of another one.
        if (work->seen_before() == Seen::perhaps)
            co_await work->live.clear_status(turn, Seen::perhaps, work->within(closing_detail::kQuietTime));
        co_return event;
    }
    if (delivered.error().fault != slack::ApiFault::cancelled)
        log::error("turn.cannot_deliver", {{"turn", turn.id}, {"error", delivered.error().to_string()}});
    co_return slack_failed(delivered.error());
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::GoOn) {
    const answer::AnswerInput& input = *work->input;
    std::string markdown = work->is_only_in_file ? answer::answer_record(input) : answer::answer_markdown(input);
    turn_event::TextWentOn went_on;
    went_on.is_whole = co_await bring_further(services_.messenger, services_.files, work->turn(), &work->lease, Owned(),
                                              work->further, std::move(markdown), input.language, work->seen_before(),
                                              work->within(services_.options.delivery_time));
    if (work->lease.is_lost())
        co_return turn_event::LeaseLost();
    co_return went_on;
}

// The person may go on below a private answer; where it stands was told with the first sign.
asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::Announce) {
    const storage::Turn& turn = work->turn();
    const storage::ThreadKey below(turn.thread.team, turn.answer_channel, below_answer(turn).thread_ts);
    co_await services_.store.keep_space(turn.id, below, turn.space_id, turn.space_name);
    co_await services_.store.keep_conversation(turn.id, below, turn.conversation_id);
    co_return turn_event::Done();
}

struct Closing::FileEnd {
    std::optional<TurnEvent> event;
    std::exception_ptr broken;

    bool is_over() const { return event || broken; }
};

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::ShareFile share) {
    const storage::Turn& turn = work->turn();
    const auto end = std::make_shared<FileEnd>();
    TaskGroup tasks(services_.executor, "file");
    tasks.spawn("file of " + turn.id, share_file(work, share, end));
    std::exception_ptr broken;
    try {
        co_await watch_file(work, end);
    } catch (const std::exception&) {
        broken = std::current_exception();
    }
    const bool is_given_up = !broken && !end->is_over();
    co_await asio::this_coro::throw_if_cancelled(false);
    tasks.cancel();
    co_await tasks.join(Deadline::after(closing_detail::kJoinTime));
    co_await asio::this_coro::throw_if_cancelled(true);
    if (broken)
        std::rethrow_exception(broken);
    if (end->event)
        co_return *end->event;
    if (!is_given_up)
        std::rethrow_exception(end->broken);
    // The button makes it; what was recorded of this one is looked for then.
    log::warn("file.given_up", {{"turn", turn.id}});
    work->file_error = slack::ApiError(slack::ApiFault::transient, "files.completeUploadExternal", "given_up");
    co_await services_.storage.end_action(turn.id, storage::kFileAction, closing_detail::kTurnItself,
                                          Deadline::after(services_.options.storage_time));
    co_return turn_event::FileShared();
}

asio::awaitable<void> Closing::watch_file(WorkPtr work, std::shared_ptr<FileEnd> end) {
    using namespace closing_detail;
    const storage::Turn& turn = work->turn();
    const Deadline alone = Deadline::after(kFileHold);
    while (!end->is_over() && !alone.expired())
        co_await work->wake.wait(alone);
    while (!end->is_over()) {
        auto newest =
            co_await services_.storage.newest_turn(turn.thread, Deadline::after(services_.options.storage_time));
        const bool is_waited_for = newest && *newest && (*newest)->id != turn.id;
        if (is_waited_for || end->is_over())
            co_return;
        co_await work->wake.wait(Deadline::after(kNextLook));
    }
}

asio::awaitable<void> Closing::share_file(WorkPtr work, turn_action::ShareFile share, std::shared_ptr<FileEnd> end) {
    try {
        TurnEvent event = co_await make_file(work, share);
        end->event.emplace(std::move(event));
    } catch (const std::exception&) {
        end->broken = std::current_exception();
    }
    work->wake.notify_all();
}

asio::awaitable<TurnEvent> Closing::make_file(WorkPtr work, turn_action::ShareFile share) {
    using namespace closing_detail;
    const storage::Turn& turn = work->turn();
    answer::AnswerInput& input = *work->input;
    const std::string title = input.parts.query ? input.parts.query->title : std::string();
    if (share.download && input.parts.query) {
        genie::ResultTable part = std::move(*input.table);
        input.table = co_await services_.reader.download(turn, input.parts.query->id, std::move(part),
                                                         Deadline::after(kDownloadTime));
        // A download takes minutes: who reads along may have changed.
        const auto refusal = co_await services_.gate.check(visit_of(turn), Deadline::after(kGateTime), Gate::kAtOnce);
        if (refusal) {
            log::info("file.refused", {{"turn", turn.id}, {"why", to_string(*refusal)}});
            co_return turn_event::Done();
        }
    }
    // Whoever takes the turn over has the same name here: the lease tells them apart.
    auto begun = co_await services_.storage.begin_action(turn.id, storage::kFileAction, kTurnItself, kFileTime,
                                                         Deadline::after(services_.options.storage_time));
    turn_event::FileShared shared;
    // Somebody pressed the button meanwhile, and gets the file just now.
    shared.is_there = begun && !begun->granted;
    if (shared.is_there)
        co_return shared;
    RecordFile record = [this, id = turn.id](std::string file) {
        return keep_file(services_.storage, id, storage::kFileAction, closing_detail::kTurnItself, std::move(file));
    };
    std::string known = begun ? begun->result : std::string();
    auto file = co_await services_.files.share(turn, work->lease, std::move(*input.table), title, input.language,
                                               std::move(known), std::move(record), Deadline::after(kFileTime));
    shared.is_there = file.has_value();
    if (file)
        work->outcome.file = std::move(*file);
    else
        work->file_error = file.error();
    // The answers to come promise none.
    if (!file && are_files_refused(file.error()))
        services_.refusals.refuse(kFilesRefused);
    co_await services_.storage.end_action(turn.id, storage::kFileAction, kTurnItself,
                                          Deadline::after(services_.options.storage_time));
    co_return shared;
}

asio::awaitable<bool> Closing::tell_beside(WorkPtr work, NotePlace place, std::string text) {
    const storage::Turn& turn = work->turn();
    slack::OutgoingMessage message(std::move(place.channel), std::move(text));
    message.thread_ts = std::move(place.thread_ts);
    auto told =
        co_await services_.slack.post_ephemeral(turn.user, std::move(message), work->within(closing_detail::kTellTime));
    if (!told)
        log::warn("tell.failed", {{"turn", turn.id}, {"error", told.error().to_string()}});
    co_return told.has_value();
}

std::string Closing::asked_back_note(TurnWork& work) const {
    const answer::AnswerInput& input = *work.input;
    work.outcome.markdown = answer::answer_record(input);
    const words::Language language = services_.language_of(work.turn());
    if (input.links_only)
        return words::say(language, Word::not_understood);
    // Perhaps it was said to people: what Genie offers besides would only stand in their way.
    const std::string said =
        slack::markdown_to_mrkdwn(answer::without_questions(input.parts.clarification, input.parts.suggested_questions),
                                  closing_detail::kLongestAskedBack);
    return said + "\n_" + words::say(language, Word::asked_back_note) + "_";
}

std::string Closing::note_text(TurnWork& work, const turn_action::Tell& tell) const {
    using turn_action::Note;
    const storage::Turn& turn = work.turn();
    const auto language = services_.language_of(turn);
    std::string text;
    switch (tell.note) {
        case Note::answering_privately:
        case Note::choosing_privately: {
            const bool is_answer = tell.note == Note::answering_privately;
            const std::string link = answer_link(services_.workspace_url, turn);
            return words::say(language, is_answer ? Word::answering_privately : Word::choosing_privately,
                              {{"link", link}});
        }
        case Note::text_failed:
            return words::say(language, Word::text_not_shown);
        case Note::file_failed:
            return why_no_file(language, work.file_error);
        case Note::refused:
            text = words::say(language, word_for(tell.refusal));
            break;
        case Note::no_direct_message:
            text = words::say(language, Word::no_direct_message);
            break;
        case Note::not_understood:
            text = words::say(language, Word::not_understood);
            break;
        case Note::asked_back:
            return asked_back_note(work);
    }
    closing_detail::say(work, text);
    return text;
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::Tell tell) {
    using turn_action::Note;
    const storage::Turn& turn = work->turn();
    const std::string text = note_text(*work, tell);
    const bool is_about_answer = tell.note == Note::text_failed || tell.note == Note::file_failed;
    NotePlace place = note_place(turn);
    if (is_about_answer)
        place = note_place_at_answer(turn);
    const std::string about = place.channel;
    const bool is_told = co_await tell_beside(work, std::move(place), text);
    if (is_told)
        co_return turn_event::Done();
    if (tell.note == Note::not_understood || tell.note == Note::asked_back)
        co_return turn_event::SlackFailed();
    // What the other notes tell of stands in the direct message already, or could not be opened there.
    if (is_about_answer || tell.note == Note::refused) {
        auto told = co_await tell_privately(services_.slack, turn.user, about, text,
                                            work->within(closing_detail::kLastWordTime));
        if (!told)
            log::error("turn.cannot_tell", {{"turn", turn.id}, {"error", told.error().to_string()}});
    }
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::TellPrivately last) {
    const storage::Turn& turn = work->turn();
    if (last.word == turn_action::LastWord::channel_closed) {
        log::warn("turn.channel_closed", {{"turn", turn.id}, {"channel", turn.thread.channel}, {"error", last.error}});
        closing_detail::say(*work, words::say(services_.language_of(turn), Word::channel_closed,
                                              {{"channel", "<#" + turn.thread.channel + ">"}, {"error", last.error}}));
    }
    auto told = co_await tell_privately(services_.slack, turn.user, "", work->last_words,
                                        work->within(closing_detail::kLastWordTime));
    if (!told)
        log::error("turn.cannot_tell", {{"turn", turn.id}, {"error", told.error().to_string()}});
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::CancelQuery) {
    const storage::Turn& turn = work->turn();
    log::info("turn.stopped", {{"turn", turn.id}, {"by", turn.stopped_by}});
    if (!work->seen)
        co_return turn_event::Done();
    const auto answer = genie::select_answer(*work->seen);
    if (answer.query && !answer.query->statement_id.empty()) {
        auto cancelled = co_await services_.genie.cancel_statement(answer.query->statement_id,
                                                                   Deadline::after(closing_detail::kCancelTime));
        log::info("genie.statement_cancelled", {{"turn", turn.id}, {"done", cancelled.has_value()}});
    }
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::EndProgress) {
    const bool quiet = co_await work->live.end(work->turn(), work->within(closing_detail::kQuietTime));
    if (!quiet)
        log::warn("turn.progress_not_ended", {{"turn", work->turn().id}});
    // Nothing follows that would find what a dead process may have shown.
    const bool may_have_strays = work->turn().progress_ts.empty() && work->seen_before() == Seen::perhaps;
    if (may_have_strays)
        co_await services_.messenger.remove_strays(work->turn(), work->within(closing_detail::kRemoveTime));
    co_await work->live.clear_status(work->turn(), work->seen_before(), work->within(closing_detail::kQuietTime));
    co_return turn_event::Done();
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::RemoveMessage) {
    const storage::Turn& turn = work->turn();
    const bool ours = co_await work->lease.holds(work->within(closing_detail::kQuietTime));
    if (ours)
        co_await services_.messenger.remove(place_of(turn).channel, turn.progress_ts,
                                            work->within(closing_detail::kRemoveTime));
    co_return turn_event::Done();
}

// What is stored at the end, with the person's name when it was not known in time for the question.
asio::awaitable<storage::ChatRows> Closing::last_rows(WorkPtr work) {
    const storage::Turn& turn = work->turn();
    auto person = services_.people.known(turn.thread.team, turn.user);
    if (!work->last_deadline)
        person =
            co_await services_.people.find(turn.thread.team, turn.user, Deadline::after(services_.options.person_time));
    auto rows = answer_rows(turn, work->outcome);
    // Another process may have taken the question in.
    const bool stored_before = work->seen_before() == Seen::surely_not &&
                               services_.people.known_since(turn.thread.team, turn.user, turn.received_at);
    if (person && !stored_before) {
        auto question = question_rows(turn, person);
        rows.users = std::move(question.users);
        rows.threads = std::move(question.threads);
        rows.steps.insert(rows.steps.begin(), question.steps.begin(), question.steps.end());
    }
    co_return rows;
}

asio::awaitable<TurnEvent> Closing::perform(WorkPtr work, turn_action::Finish finish) {
    const storage::Turn& turn = work->turn();
    Outcome& outcome = work->outcome;
    outcome.is_error = finish.as == Finish::As::failed;
    outcome.is_over_early = finish.as == Finish::As::stopped;
    outcome.error_code = finish.code;
    outcome.finished_at = turn.finished_at;
    // Its question was deleted: nobody was told anything.
    if (outcome.is_over_early && outcome.markdown.empty())
        outcome.markdown = slack::mrkdwn_to_markdown(words::say(services_.language_of(turn), Word::stopped));
    auto rows = co_await last_rows(work);
    // Before the end is recorded, after which nobody would do it any more.
    if (work->lease.surely_holds())
        co_await work->session.end(turn, work->seen_before(), work->within(closing_detail::kSessionTime));
    const Saved saved = co_await services_.store.finish(work->lease, turn, std::move(rows));
    if (saved != Saved::yes)
        co_return recorded_event(saved);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - work->started);
    log::info(closing_detail::event_of(finish.as), {{"turn", turn.id},
                                                    {"failure", outcome.error_code},
                                                    {"channel", turn.thread.channel},
                                                    {"ts", turn.progress_ts},
                                                    {"ms", took.count()}});
    co_return turn_event::Recorded();
}

}  // namespace genie_slack::relay
