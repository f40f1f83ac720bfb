// Long because one machine decides every step of a turn: a reader sees in one place what follows from what.
#include "app/relay/turn/turn_machine.hpp"

#include "app/answer/message/failure.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/question_words.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "app/relay/turn_facts.hpp"

#include <algorithm>

namespace genie_slack::relay {

using answer::Failure;
using storage::TurnState;
using turn_action::Finish;
using turn_action::Leaving;
using turn_action::Note;
using turn_action::Says;

namespace turn_machine_detail {

// The first sign should not wait longer. What is not known then is asked for by the second gate, before data is shown:
// a shorter time would ask Slack twice, whose answers take a quarter of a second at times.
constexpr Duration kFirstGateTime = std::chrono::milliseconds(500);
constexpr Duration kGateTime = std::chrono::seconds(10);
constexpr Duration kAskingGateTime = std::chrono::seconds(2);       // the gate is asked once more before the answer
constexpr Duration kLastGateTime = std::chrono::milliseconds(500);  // the answer waits
constexpr Duration kFirstBusyPause = std::chrono::seconds(4);       // while a conversation works on another question
constexpr Duration kLongestBusyPause = std::chrono::seconds(30);
constexpr int kMostBusyTimes = 20;
constexpr Duration kFirstLimitPause = std::chrono::seconds(1);  // at least, after a 429; doubled with each one
constexpr Duration kLongestLimitPause = std::chrono::seconds(30);

template <class Event>
const Event* as(const TurnEvent& event) {
    return std::get_if<Event>(&event);
}

// Without its space and conversation the thread's next question would begin another one: rather later than that.
bool was_kept(const TurnEvent& event) {
    return !as<turn_event::NotRecorded>(event);
}

turn_action::Tell tell(Note note) {
    turn_action::Tell telling;
    telling.note = note;
    return telling;
}

// What is recorded as the reason why there is no answer.
const char* ending_code(StopCause cause) {
    switch (cause) {
        case StopCause::person:
            return "stopped";
        case StopCause::edit:
            return kStoppedByEdit;
        case StopCause::deletion:
            return kStoppedByDeletion;
    }
    return "stopped";
}

}  // namespace turn_machine_detail

using namespace turn_machine_detail;

TurnMachine::TurnMachine(storage::Turn turn, TurnRules rules) : turn_(std::move(turn)), rules_(rules) {}

void TurnMachine::want_stop(const std::string& by) {
    if (turn_.stopped_by.empty())
        turn_.stopped_by = by;
}

void TurnMachine::sign_stands(const std::string& ts) {
    if (turn_.progress_ts.empty())
        turn_.progress_ts = ts;
}

void TurnMachine::ask_again(std::string conversation_id, WallTime asked_at) {
    turn_.conversation_id = std::move(conversation_id);
    turn_.asked_at = asked_at;
}

TurnAction TurnMachine::resume(const TurnEvent& event, WallTime now) {
    now_ = now;
    if (as<turn_event::LeaseLost>(event) || as<turn_event::Cancelled>(event))
        return leave(Leaving::lost);
    if (as<turn_event::Claimed>(event))
        return begin();
    if (is_recording_) {
        is_recording_ = false;
        return as<turn_event::Recorded>(event) ? std::visit([this](auto point) { return enter(point); }, point_)
                                               : leave(Leaving::lost);
    }
    return std::visit([&](auto point) { return on(point, event); }, point_);
}

// The turn goes on from what is recorded of it.
TurnAction TurnMachine::begin() {
    if (!turn_.stopped_by.empty() && turn_.state != TurnState::answered)
        return end_stopped();
    // Processes die for many reasons: only a long row of deaths says that the question is one.
    if (turn_.tries > rules_.most_tries)
        return give_up("claimed " + std::to_string(turn_.tries) + " times");
    switch (turn_.state) {
        case TurnState::received:
            return enter(OpeningPoint::take_over);
        case TurnState::awaiting_space:
            // The choice makes the turn `received` again.
            leaving_ = Leaving::waiting;
            return enter(ClosingPoint::give_back);
        case TurnState::asking:
            return enter(AskingPoint::find);
        case TurnState::asked:
            // Its process may have died before the thread had the conversation.
            new_conversation_ = true;
            return enter(ClosingPoint::keep_conversation);
        case TurnState::answered:
            return enter(AskingPoint::wait);
        case TurnState::delivered:
        case TurnState::failed:
            return leave(Leaving::lost);
    }
    return leave(Leaving::lost);
}

TurnAction TurnMachine::record_then(Point point) {
    is_recording_ = true;
    point_ = point;
    return turn_action::Record();
}

// What is said to one person alone never stands in the thread, also when the turn ends before its place is known: its
// process may have died with the sign in the direct message.
bool TurnMachine::lacks_place(ClosingPoint point) const {
    const bool shows = point == ClosingPoint::failure || point == ClosingPoint::refusal ||
                       point == ClosingPoint::stopped || point == ClosingPoint::remove;
    const bool looks =
        had_owner_before(turn_) && (point == ClosingPoint::end_sign || point == ClosingPoint::end_progress);
    return (shows || looks) && turn_.audience == storage::Audience::person && turn_.answer_channel.empty();
}

// Each gives the point's action; or that of a later point, when there is nothing to do at this one.
TurnAction TurnMachine::enter(OpeningPoint point) {
    if (turn_.state != TurnState::answered && is_stop_wanted())
        return end_stopped();
    point_ = point;
    switch (point) {
        case OpeningPoint::take_over:
            if (turn_.replaces.empty() || !turn_.progress_ts.empty())
                return enter(OpeningPoint::gate);
            return turn_action::TakeOverMessage();
        case OpeningPoint::gate:
        case OpeningPoint::gate_again: {
            turn_action::CheckGate check;
            check.patience = point == OpeningPoint::gate && turn_.progress_ts.empty() ? kFirstGateTime
                             : turn_.audience == storage::Audience::channel           ? kAskingGateTime
                                                                                      : kGateTime;
            return check;
        }
        case OpeningPoint::place:
            if (turn_.audience != storage::Audience::person || !turn_.answer_channel.empty())
                return enter(OpeningPoint::question);
            return turn_action::OpenPlace();
        case OpeningPoint::question:
            if (!turn_.question.empty())
                return enter(OpeningPoint::early_sign);
            return turn_action::FindExamples();
        case OpeningPoint::early_sign:
            if (rules_.spaces_are_known || !turn_.progress_ts.empty())
                return enter(OpeningPoint::space);
            sign_comes_first_ = true;
            return turn_action::ShowSign();
        case OpeningPoint::space:
            return turn_action::DecideSpace();
        case OpeningPoint::keep_space:
            return turn_action::KeepSpace();
        case OpeningPoint::sign:
            sign_comes_first_ = false;
            return turn_action::ShowSign();
        case OpeningPoint::note_private:
            return tell(Note::answering_privately);
    }
    return leave(Leaving::lost);
}

TurnAction TurnMachine::enter(AskingPoint point) {
    if (turn_.state != TurnState::answered && is_stop_wanted())
        return end_stopped();
    point_ = point;
    switch (point) {
        case AskingPoint::names:
            if (ids_in(turn_.question).empty())
                return enter(AskingPoint::slot);
            return turn_action::NamePeople();
        case AskingPoint::busy: {
            turn_action::Pause pause;
            pause.duration = std::min(kFirstBusyPause * busy_times_, kLongestBusyPause);
            return pause;
        }
        case AskingPoint::slot:
            return turn_action::WaitForSlot();
        case AskingPoint::pause_asking: {
            turn_action::PauseAsking pause;
            pause.retry_after = retry_after_;
            return pause;
        }
        case AskingPoint::ask:
            return turn_action::Ask();
        case AskingPoint::find:
            return turn_action::Find();
        case AskingPoint::wait:
            return turn_action::Await();
    }
    return leave(Leaving::lost);
}

// Long because the switch is complete.
TurnAction TurnMachine::enter(ClosingPoint point) {
    if (lacks_place(point)) {
        after_place_ = point;
        point = ClosingPoint::late_place;
    }
    point_ = point;
    switch (point) {
        case ClosingPoint::late_place:
            return turn_action::OpenPlace();
        // Who reads along may have changed while the question ran.
        case ClosingPoint::gate_before_answer: {
            if (turn_.audience != storage::Audience::channel)
                return enter_answer();
            turn_action::CheckGate check;
            check.patience = kLastGateTime;
            check.anew = true;
            return check;
        }
        case ClosingPoint::keep_conversation:
            if (!new_conversation_)
                return enter(AskingPoint::wait);
            return turn_action::KeepConversation();
        case ClosingPoint::result:
            return turn_action::ReadResult();
        case ClosingPoint::answer:
            return turn_action::Deliver();
        case ClosingPoint::go_on:
            if (!text_goes_on_)
                return enter(ClosingPoint::announce);
            return turn_action::GoOn();
        case ClosingPoint::text_note:
            return tell(Note::text_failed);
        case ClosingPoint::announce:
            if (turn_.answer_channel.empty())
                return enter(ClosingPoint::file);
            return turn_action::Announce();
        case ClosingPoint::file: {
            if (!needs_file_)
                return finish(Finish::As::delivered, "");
            turn_action::ShareFile share;
            share.download = result_.is_cut;
            return share;
        }
        case ClosingPoint::file_note:
            return tell(Note::file_failed);
        case ClosingPoint::picker: {
            turn_action::Deliver picker;
            picker.says = Says::picker;
            return picker;
        }
        case ClosingPoint::picker_note:
            return tell(Note::choosing_privately);
        case ClosingPoint::failure:
        case ClosingPoint::refusal:
            return deliver_;
        case ClosingPoint::failure_told:
            return last_word_;
        case ClosingPoint::last_note:
            return note_;
        case ClosingPoint::not_understood:
            return tell(Note::not_understood);
        case ClosingPoint::asked_back:
            return tell(Note::asked_back);
        case ClosingPoint::bury:
            return bury_;
        case ClosingPoint::inherit:
            return turn_action::TakeOverMessage();
        case ClosingPoint::cancel_query:
            return turn_action::CancelQuery();
        case ClosingPoint::end_sign:
        case ClosingPoint::end_progress:
            return turn_action::EndProgress();
        case ClosingPoint::remove:
            return turn_action::RemoveMessage();
        case ClosingPoint::stopped: {
            turn_action::Deliver stopped;
            stopped.says = Says::stopped;
            return stopped;
        }
        case ClosingPoint::give_back:
            return turn_action::Release();
        case ClosingPoint::finish:
            turn_.state = ending_.as == Finish::As::delivered ? TurnState::delivered : TurnState::failed;
            turn_.was_stopped = ending_.as == Finish::As::stopped;
            turn_.failure = ending_.code;
            turn_.finished_at = now_;
            return ending_;
        case ClosingPoint::left: {
            turn_action::Leave leaving;
            leaving.how = leaving_;
            return leaving;
        }
    }
    return leave(Leaving::lost);
}

// This phase ends when the sign of life stands and the space that will be asked is known.
TurnAction TurnMachine::on(OpeningPoint point, const TurnEvent& event) {
    if (as<turn_event::StorageAway>(event))
        return leave(Leaving::lost);
    switch (point) {
        case OpeningPoint::take_over:
            take_over(event);
            return enter(OpeningPoint::gate);
        case OpeningPoint::gate:
            if (is_let_in(event))
                return enter(OpeningPoint::place);
            return had_owner_before(turn_) ? enter(ClosingPoint::end_sign) : refuse();
        case OpeningPoint::gate_again:
            if (!is_let_in(event))
                return enter(ClosingPoint::end_sign);
            return turn_.space_id.empty() ? enter(ClosingPoint::picker) : enter(AskingPoint::names);
        case OpeningPoint::place:
            if (const auto* opened = as<turn_event::PlaceOpened>(event)) {
                turn_.answer_channel = opened->channel;
                return enter(OpeningPoint::question);
            }
            ending_.code = answer::to_string(Failure::cannot_deliver);
            ending_.as = Finish::As::failed;
            note_.note = Note::no_direct_message;
            return enter(ClosingPoint::last_note);
        case OpeningPoint::question: {
            answer::FailureInput empty;
            empty.failure = Failure::empty_question;
            if (const auto* found = as<turn_event::ExamplesFound>(event))
                empty.suggested_questions = found->questions;
            return fail(std::move(empty));
        }
        case OpeningPoint::early_sign:
        case OpeningPoint::sign:
            return on_sign(event);
        case OpeningPoint::space:
            return on_space(event);
        case OpeningPoint::keep_space:
            return was_kept(event) ? enter(OpeningPoint::sign) : leave(Leaving::lost);
        case OpeningPoint::note_private:
            return enter(sign_comes_first_ ? OpeningPoint::space : OpeningPoint::gate_again);
    }
    return leave(Leaving::lost);
}

// What Slack did not tell in time before the first sign is asked once more, before anything is asked or offered.
bool TurnMachine::is_let_in(const TurnEvent& event) {
    const auto* answered = as<turn_event::GateAnswered>(event);
    if (!answered || !answered->refusal)
        return true;
    ending_.as = Finish::As::failed;
    ending_.code = std::string("refused:") + to_string(*answered->refusal);
    note_.note = Note::refused;
    note_.refusal = *answered->refusal;
    deliver_.says = Says::refusal;
    deliver_.refusal = *answered->refusal;
    return false;
}

// The person is told in the message that stands, else alone.
TurnAction TurnMachine::refuse() {
    return enter(turn_.progress_ts.empty() ? ClosingPoint::last_note : ClosingPoint::refusal);
}

TurnAction TurnMachine::on_space(const TurnEvent& event) {
    if (const auto* failed = as<turn_event::GenieFailed>(event)) {
        auto problem = failure_of(failed->error);
        if (problem.failure == Failure::genie_unreachable)
            problem.failure = Failure::spaces_unreachable;
        return fail(std::move(problem));
    }
    if (const auto* undecided = as<turn_event::SpaceUndecided>(event)) {
        if (!undecided->has_choice)
            return fail(Failure::no_spaces);
        turn_.conversation_id = undecided->conversation_id;
        turn_.space_id.clear();
        turn_.space_name.clear();
        return enter(OpeningPoint::gate_again);
    }
    if (const auto* decided = as<turn_event::SpaceDecided>(event)) {
        turn_.space_id = decided->space_id;
        turn_.space_name = decided->space_name;
        turn_.conversation_id = decided->conversation_id;
        return enter(OpeningPoint::keep_space);
    }
    return leave(Leaving::lost);
}

TurnAction TurnMachine::on_sign(const TurnEvent& event) {
    if (const auto* shown = as<turn_event::SignShown>(event)) {
        turn_.progress_ts = shown->ts;
        return record_then(is_news_elsewhere() ? OpeningPoint::note_private
                           : sign_comes_first_ ? OpeningPoint::space
                                               : OpeningPoint::gate_again);
    }
    const auto* failed = as<turn_event::SlackFailed>(event);
    if (failed && failed->code == kQuestionGone)
        return end_gone();
    if (failed && failed->fault == slack::ApiFault::not_permitted)
        return end_closed(failed->code);
    // It is on its way, or it stood already.
    return enter(sign_comes_first_ ? OpeningPoint::space : OpeningPoint::gate_again);
}

// This phase ends with the message of Genie that is the answer.
TurnAction TurnMachine::on(AskingPoint point, const TurnEvent& event) {
    switch (point) {
        case AskingPoint::names:
            if (const auto* named = as<turn_event::PeopleNamed>(event))
                turn_.question = named->question;
            return enter(AskingPoint::slot);
        case AskingPoint::busy:
            if (as<turn_event::StopWanted>(event))
                return end_stopped();
            return as<turn_event::NoSlotInTime>(event) ? fail(Failure::genie_timeout) : enter(AskingPoint::slot);
        case AskingPoint::pause_asking:
        case AskingPoint::slot:
            // Not told when, it queues.
            if (as<turn_event::Done>(event))
                return enter(AskingPoint::slot);
            if (as<turn_event::NoSlotInTime>(event))
                return fail(Failure::genie_rate_limited);
            if (as<turn_event::StopWanted>(event))
                return end_stopped();
            // What is posted cannot be taken back: whoever winds down gives the turn to the next one instead.
            if (is_winding_down_) {
                leaving_ = Leaving::given_back;
                return enter(ClosingPoint::give_back);
            }
            if (is_stop_wanted())
                return end_stopped();
            turn_.state = TurnState::asking;
            turn_.asked_at = now_;
            return record_then(AskingPoint::ask);
        case AskingPoint::ask:
        case AskingPoint::find:
            return on_asked(point, event);
        case AskingPoint::wait:
            return on_waited(event);
    }
    return leave(Leaving::lost);
}

TurnAction TurnMachine::on_asked(AskingPoint point, const TurnEvent& event) {
    if (const auto* asked = as<turn_event::Asked>(event)) {
        turn_.conversation_id = asked->question.conversation_id;
        turn_.message_id = asked->question.message_id;
        turn_.state = TurnState::asked;
        new_conversation_ = asked->question.new_conversation;
        return record_then(ClosingPoint::keep_conversation);
    }
    if (as<turn_event::NotAsked>(event))
        return enter(AskingPoint::slot);
    if (as<turn_event::StopWanted>(event))
        return end_stopped();
    const auto* failed = as<turn_event::GenieFailed>(event);
    if (!failed)
        return leave(Leaving::lost);
    if (point == AskingPoint::ask && failed->error.fault == genie::GenieFault::rate_limited) {
        retry_after_ = failed->error.retry_after;
        // Who says "at once" again and again is not asked without a pause.
        const Duration least = std::min(kFirstLimitPause * (1 << std::min(limited_times_, 5)), kLongestLimitPause);
        if (retry_after_ || limited_times_ > 0)
            retry_after_ = std::max(retry_after_.value_or(Duration::zero()), least);
        ++limited_times_;
        return enter(AskingPoint::pause_asking);
    }
    return fail(point == AskingPoint::ask ? failure_of(failed->error) : failure_after_asking(failed->error));
}

TurnAction TurnMachine::on_waited(const TurnEvent& event) {
    if (as<turn_event::StopWanted>(event))
        return end_stopped();
    if (const auto* failed = as<turn_event::GenieFailed>(event))
        return fail(failure_after_asking(failed->error));
    const auto* answered = as<turn_event::Answered>(event);
    if (!answered)
        return leave(Leaving::lost);
    const bool failed =
        answered->status == genie::MessageStatus::failed || answered->status == genie::MessageStatus::cancelled;
    if (failed && answered->failure.error_type == genie::kConversationBusy && busy_times_ < kMostBusyTimes)
        return ask_when_idle();
    return failed ? fail(answered->failure) : enter(ClosingPoint::result);
}

// The conversation still worked on a question that nobody waits for any more: Genie takes the next one, and fails it
// (databricks.md 1.6).
TurnAction TurnMachine::ask_when_idle() {
    ++busy_times_;
    turn_.message_id.clear();
    return enter(AskingPoint::busy);
}

// To the end, in whatever form. Long because the switch is complete.
TurnAction TurnMachine::on(ClosingPoint point, const TurnEvent& event) {
    if (const auto* failed = as<turn_event::SlackFailed>(event); failed && failed->code == kQuestionGone)
        return end_gone();
    switch (point) {
        case ClosingPoint::end_sign:
            return refuse();
        case ClosingPoint::keep_conversation:
            return was_kept(event) ? enter(AskingPoint::wait) : leave(Leaving::lost);
        case ClosingPoint::result:
            if (const auto* read = as<turn_event::ResultRead>(event)) {
                result_ = *read;
                answer::FailureInput nothing;
                nothing.failure = Failure::genie_failed;
                if (read->is_empty && may_fail_quietly(nothing))
                    return fail(std::move(nothing));
                turn_.state = TurnState::answered;
                return record_then(ClosingPoint::gate_before_answer);
            }
            return leave(Leaving::lost);
        case ClosingPoint::gate_before_answer:
            return is_let_in(event) ? enter_answer() : enter(ClosingPoint::end_sign);
        case ClosingPoint::answer:
            return on_answer(event);
        case ClosingPoint::go_on: {
            const auto* went_on = as<turn_event::TextWentOn>(event);
            const bool is_missing = went_on && !went_on->is_whole;
            // The message tells of a file that is not there.
            if (is_missing && only_in_file_)
                return fail(Failure::cannot_deliver);
            answer_stands_ = true;
            return enter(is_missing ? ClosingPoint::text_note : ClosingPoint::announce);
        }
        case ClosingPoint::text_note:
            return enter(ClosingPoint::announce);
        case ClosingPoint::announce:
            return enter(ClosingPoint::file);
        case ClosingPoint::file: {
            const auto* shared = as<turn_event::FileShared>(event);
            return shared && !shared->is_there ? enter(ClosingPoint::file_note) : finish(Finish::As::delivered, "");
        }
        case ClosingPoint::file_note:
            return finish(Finish::As::delivered, "");
        case ClosingPoint::picker:
            if (const auto* delivered = as<turn_event::Delivered>(event)) {
                const bool is_news = is_news_elsewhere() && turn_.progress_ts.empty();
                turn_.progress_ts = delivered->ts;
                turn_.state = TurnState::awaiting_space;
                turn_.space_id.clear();
                turn_.space_name.clear();
                leaving_ = Leaving::waiting;
                return record_then(is_news ? ClosingPoint::picker_note : ClosingPoint::give_back);
            }
            return not_delivered(event);
        case ClosingPoint::picker_note:
            return enter(ClosingPoint::give_back);
        case ClosingPoint::failure:
            if (const auto* delivered = as<turn_event::Delivered>(event)) {
                turn_.progress_ts = delivered->ts;
                return enter(ClosingPoint::finish);
            }
            last_word_.word = turn_action::LastWord::failure;
            return enter(ClosingPoint::failure_told);
        case ClosingPoint::bury:
            return fail(Failure::internal);
        case ClosingPoint::inherit:
            if (as<turn_event::StorageAway>(event))
                return leave(Leaving::lost);
            take_over(event);
            return enter(ClosingPoint::cancel_query);
        case ClosingPoint::late_place: {
            const auto* opened = as<turn_event::PlaceOpened>(event);
            if (!opened)
                return enter(ClosingPoint::finish);
            turn_.answer_channel = opened->channel;
            return enter(after_place_);
        }
        case ClosingPoint::cancel_query:
            return enter(stop_cause(turn_) == StopCause::person ? ClosingPoint::stopped : ClosingPoint::end_progress);
        case ClosingPoint::end_progress:
            // The message of an edited question waits for the edition that follows.
            return enter(stop_cause(turn_) == StopCause::deletion || (fails_quietly_ && !turn_.progress_ts.empty())
                             ? ClosingPoint::remove
                             : ClosingPoint::finish);
        case ClosingPoint::stopped:
        case ClosingPoint::refusal:
            if (const auto* delivered = as<turn_event::Delivered>(event))
                turn_.progress_ts = delivered->ts;
            return enter(ClosingPoint::finish);
        case ClosingPoint::not_understood:
            // What was not told stands in the thread like any other failure.
            fails_quietly_ = !as<turn_event::SlackFailed>(event);
            return enter(fails_quietly_ ? ClosingPoint::end_progress : ClosingPoint::failure);
        case ClosingPoint::asked_back:
            fails_quietly_ = !as<turn_event::SlackFailed>(event);
            return enter(fails_quietly_ ? ClosingPoint::end_progress : ClosingPoint::answer);
        case ClosingPoint::failure_told:
        case ClosingPoint::last_note:
        case ClosingPoint::remove:
            if (fails_quietly_)
                turn_.progress_ts.clear();
            return enter(ClosingPoint::finish);
        case ClosingPoint::give_back:
            return enter(ClosingPoint::left);
        case ClosingPoint::finish:
            return leave(as<turn_event::Recorded>(event) ? Leaving::ended : Leaving::lost);
        case ClosingPoint::left:
            break;
    }
    return leave(Leaving::lost);
}

// What Genie asks back of a reply that did not name the bot is for who wrote it, as is that it was not understood.
TurnAction TurnMachine::enter_answer() {
    answer::FailureInput nothing;
    nothing.failure = Failure::genie_failed;
    const bool quietly = result_.asks_back && may_fail_quietly(nothing);
    return enter(quietly ? ClosingPoint::asked_back : ClosingPoint::answer);
}

TurnAction TurnMachine::on_answer(const TurnEvent& event) {
    const auto* delivered = as<turn_event::Delivered>(event);
    if (!delivered)
        return not_delivered(event);
    const bool has_moved = turn_.progress_ts != delivered->ts;
    turn_.progress_ts = delivered->ts;
    only_in_file_ = delivered->only_in_file;
    answer_stands_ = !only_in_file_;
    needs_file_ = delivered->leaves_out_data && result_.has_rows;
    text_goes_on_ = delivered->text_goes_on;
    // What follows takes its time: whoever has to carry on meanwhile should know where the answer stands.
    return (needs_file_ || text_goes_on_) && has_moved ? record_then(ClosingPoint::go_on) : enter(ClosingPoint::go_on);
}

// Where the bot may not write any more, no other form helps.
TurnAction TurnMachine::not_delivered(const TurnEvent& event) {
    const auto* refused = as<turn_event::SlackFailed>(event);
    const bool is_closed = refused && refused->fault == slack::ApiFault::not_permitted;
    return is_closed ? end_closed(refused->code) : fail(Failure::cannot_deliver);
}

// What stands in the direct message is told where it was asked.
bool TurnMachine::is_news_elsewhere() const {
    return !turn_.answer_channel.empty() && !has_no_thread(turn_);
}

TurnAction TurnMachine::fail(Failure failure) {
    answer::FailureInput input;
    input.failure = failure;
    return fail(std::move(input));
}

TurnAction TurnMachine::fail(answer::FailureInput failure) {
    ending_.as = Finish::As::failed;
    ending_.code = answer::to_string(failure.failure);
    if (!failure.error_type.empty())
        ending_.code += ":" + failure.error_type;
    deliver_.says = Says::failure;
    const bool quietly = may_fail_quietly(failure);
    deliver_.failure = std::move(failure);
    return enter(quietly ? ClosingPoint::not_understood : ClosingPoint::failure);
}

// A reply that did not name the bot was perhaps not meant for it: a channel need not read that it was no question.
bool TurnMachine::may_fail_quietly(const answer::FailureInput& failure) const {
    if (turn_.origin != storage::Origin::thread_reply || turn_.audience != storage::Audience::channel)
        return false;
    const auto remedy = genie::remedy_for(failure.error_type);
    // What an admin has to mend is no matter of how it was asked.
    return failure.failure == Failure::genie_failed && !answer::admin_must_help(failure) &&
           (remedy == genie::Remedy::rephrase || remedy == genie::Remedy::other);
}

TurnAction TurnMachine::give_up(const std::string& why) {
    is_recording_ = false;
    bury_.reason = why + " while " + storage::to_string(turn_.state);
    return enter(ClosingPoint::bury);
}

TurnAction TurnMachine::interrupt(WallTime now) {
    now_ = now;
    is_recording_ = false;
    return answer_stands_ ? finish(Finish::As::delivered, "") : fail(Failure::interrupted);
}

// The thread is gone from Slack: whoever deleted the question wants no answer, and there is no place for one.
TurnAction TurnMachine::end_gone() {
    want_stop(kStoppedByDeletion);
    turn_.progress_ts.clear();
    return finish(Finish::As::stopped, ending_code(StopCause::deletion));
}

// The bot may not write where the question was asked: the person is told elsewhere.
TurnAction TurnMachine::end_closed(std::string code) {
    last_word_.word = turn_action::LastWord::channel_closed;
    last_word_.error = std::move(code);
    ending_.as = Finish::As::failed;
    ending_.code = answer::to_string(Failure::cannot_deliver);
    return enter(ClosingPoint::failure_told);
}

// Genie itself cannot be stopped; the statement on the warehouse can.
TurnAction TurnMachine::end_stopped() {
    if (sign_refused_)
        return *sign_refused_ == kQuestionGone ? end_gone() : end_closed(*sign_refused_);
    ending_.as = Finish::As::stopped;
    ending_.code = ending_code(stop_cause(turn_).value_or(StopCause::person));
    // An edition that never began has a message all the same: that of the edition before it. Another edition looks for
    // it by itself.
    const bool inherits = turn_.progress_ts.empty() && !turn_.replaces.empty() && stop_cause(turn_) != StopCause::edit;
    return enter(inherits ? ClosingPoint::inherit : ClosingPoint::cancel_query);
}

void TurnMachine::take_over(const TurnEvent& event) {
    const auto* taken = as<turn_event::MessageTakenOver>(event);
    if (!taken)
        return;
    turn_.progress_ts = taken->progress_ts;
    turn_.answer_channel = taken->answer_channel;
    turn_.answer_thread = taken->answer_thread;
}

TurnAction TurnMachine::finish(Finish::As as, std::string code) {
    ending_.as = as;
    ending_.code = std::move(code);
    return enter(ClosingPoint::finish);
}

TurnAction TurnMachine::leave(Leaving how) {
    leaving_ = how;
    return enter(ClosingPoint::left);
}

}  // namespace genie_slack::relay
