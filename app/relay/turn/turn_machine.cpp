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

template <class Event>
const Event* as(const TurnEvent& event) {
    return std::get_if<Event>(&event);
}

// Without its space and conversation the thread's next question would begin another one: rather later than that.
bool was_kept(const TurnEvent& event) {
    return !as<turn_event::NotRecorded>(event);
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
        return as<turn_event::Recorded>(event) ? enter(point_) : leave(Leaving::lost);
    }
    switch (phase_of(point_)) {
        case Phase::opening:
            return on_opening(event);
        case Phase::asking:
            return on_asking(event);
        case Phase::closing:
            return on_closing(event);
    }
    return leave(Leaving::lost);
}

TurnMachine::Phase TurnMachine::phase_of(Point point) {
    switch (point) {
        case Point::take_over:
        case Point::gate:
        case Point::place:
        case Point::question:
        case Point::early_sign:
        case Point::space:
        case Point::keep_space:
        case Point::sign:
        case Point::note_private:
        case Point::gate_again:
            return Phase::opening;
        case Point::names:
        case Point::busy:
        case Point::slot:
        case Point::pause_asking:
        case Point::ask:
        case Point::find:
        case Point::wait:
            return Phase::asking;
        case Point::end_sign:
        case Point::keep_conversation:
        case Point::result:
        case Point::gate_before_answer:
        case Point::answer:
        case Point::go_on:
        case Point::text_note:
        case Point::announce:
        case Point::file:
        case Point::file_note:
        case Point::picker:
        case Point::picker_note:
        case Point::failure:
        case Point::failure_told:
        case Point::not_understood:
        case Point::asked_back:
        case Point::refusal:
        case Point::last_note:
        case Point::bury:
        case Point::inherit:
        case Point::late_place:
        case Point::cancel_query:
        case Point::end_progress:
        case Point::remove:
        case Point::stopped:
        case Point::give_back:
        case Point::finish:
        case Point::left:
            break;
    }
    return Phase::closing;
}

// The turn goes on from what is recorded of it.
TurnAction TurnMachine::begin() {
    if (!turn_.stopped_by.empty() && turn_.state != TurnState::answered)
        return end_stopped();
    // Processes die for many reasons: only a long row of deaths says that the question is one.
    if (turn_.tries > rules_.most_tries)
        return give_up(rules_.most_tries);
    switch (turn_.state) {
        case TurnState::received:
            return enter(Point::take_over);
        case TurnState::awaiting_space:
            // The choice makes the turn `received` again.
            leaving_ = Leaving::waiting;
            return enter(Point::give_back);
        case TurnState::asking:
            return enter(Point::find);
        case TurnState::asked:
            // Its process may have died before the thread had the conversation.
            new_conversation_ = true;
            return enter(Point::keep_conversation);
        case TurnState::answered:
            return enter(Point::wait);
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
bool TurnMachine::lacks_place(Point point) const {
    const bool shows =
        point == Point::failure || point == Point::refusal || point == Point::stopped || point == Point::remove;
    const bool looks = had_owner_before(turn_) && (point == Point::end_sign || point == Point::end_progress);
    return (shows || looks) && turn_.audience == storage::Audience::person && turn_.answer_channel.empty();
}

// The point's action; or that of a later point, when there is nothing to do at this one. Long because the switch is
// complete.
TurnAction TurnMachine::enter(Point point) {
    if (phase_of(point) != Phase::closing && turn_.state != TurnState::answered && is_stop_wanted())
        return end_stopped();
    if (lacks_place(point)) {
        after_place_ = point;
        point = Point::late_place;
    }
    point_ = point;
    switch (point) {
        case Point::late_place:
            return turn_action::OpenPlace();
        case Point::take_over:
            if (turn_.replaces.empty() || !turn_.progress_ts.empty())
                return enter(Point::gate);
            return turn_action::TakeOverMessage();
        case Point::gate:
        case Point::gate_again: {
            turn_action::CheckGate check;
            check.patience = point == Point::gate && turn_.progress_ts.empty() ? kFirstGateTime
                             : turn_.audience == storage::Audience::channel    ? kAskingGateTime
                                                                               : kGateTime;
            return check;
        }
        // Who reads along may have changed while the question ran.
        case Point::gate_before_answer: {
            if (turn_.audience != storage::Audience::channel)
                return enter_answer();
            turn_action::CheckGate check;
            check.patience = kLastGateTime;
            check.anew = true;
            return check;
        }
        case Point::place:
            if (turn_.audience != storage::Audience::person || !turn_.answer_channel.empty())
                return enter(Point::question);
            return turn_action::OpenPlace();
        case Point::question:
            if (!turn_.question.empty())
                return enter(Point::early_sign);
            return turn_action::FindExamples();
        case Point::early_sign:
            if (rules_.spaces_are_known || !turn_.progress_ts.empty())
                return enter(Point::space);
            sign_comes_first_ = true;
            return turn_action::ShowSign();
        case Point::space:
            return turn_action::DecideSpace();
        case Point::keep_space:
            return turn_action::KeepSpace();
        case Point::sign:
            sign_comes_first_ = false;
            return turn_action::ShowSign();
        case Point::names:
            if (ids_in(turn_.question).empty())
                return enter(Point::slot);
            return turn_action::NamePeople();
        case Point::busy: {
            turn_action::Pause pause;
            pause.duration = std::min(kFirstBusyPause * busy_times_, kLongestBusyPause);
            return pause;
        }
        case Point::slot:
            return turn_action::WaitForSlot();
        case Point::pause_asking: {
            turn_action::PauseAsking pause;
            pause.retry_after = retry_after_;
            return pause;
        }
        case Point::ask:
            return turn_action::Ask();
        case Point::find:
            return turn_action::Find();
        case Point::wait:
            return turn_action::Await();
        case Point::note_private: {
            turn_action::Tell tell;
            tell.note = Note::answering_privately;
            return tell;
        }
        case Point::keep_conversation:
            if (!new_conversation_)
                return enter(Point::wait);
            return turn_action::KeepConversation();
        case Point::result:
            return turn_action::ReadResult();
        case Point::answer:
            return turn_action::Deliver();
        case Point::go_on:
            if (!text_goes_on_)
                return enter(Point::announce);
            return turn_action::GoOn();
        case Point::text_note: {
            turn_action::Tell tell;
            tell.note = Note::text_failed;
            return tell;
        }
        case Point::announce:
            if (turn_.answer_channel.empty())
                return enter(Point::file);
            return turn_action::Announce();
        case Point::file: {
            if (!needs_file_)
                return finish(Finish::As::delivered, "");
            turn_action::ShareFile share;
            share.download = result_.is_cut;
            return share;
        }
        case Point::file_note: {
            turn_action::Tell tell;
            tell.note = Note::file_failed;
            return tell;
        }
        case Point::picker: {
            turn_action::Deliver picker;
            picker.says = Says::picker;
            return picker;
        }
        case Point::picker_note: {
            turn_action::Tell tell;
            tell.note = Note::choosing_privately;
            return tell;
        }
        case Point::failure:
        case Point::refusal:
            return deliver_;
        case Point::failure_told:
            return last_word_;
        case Point::last_note:
            return note_;
        case Point::not_understood: {
            turn_action::Tell tell;
            tell.note = Note::not_understood;
            return tell;
        }
        case Point::asked_back: {
            turn_action::Tell tell;
            tell.note = Note::asked_back;
            return tell;
        }
        case Point::bury:
            return bury_;
        case Point::inherit:
            return turn_action::TakeOverMessage();
        case Point::cancel_query:
            return turn_action::CancelQuery();
        case Point::end_sign:
        case Point::end_progress:
            return turn_action::EndProgress();
        case Point::remove:
            return turn_action::RemoveMessage();
        case Point::stopped: {
            turn_action::Deliver stopped;
            stopped.says = Says::stopped;
            return stopped;
        }
        case Point::give_back:
            return turn_action::Release();
        case Point::finish:
            turn_.state = ending_.as == Finish::As::delivered ? TurnState::delivered : TurnState::failed;
            turn_.failure = ending_.code;
            turn_.finished_at = now_;
            return ending_;
        case Point::left: {
            turn_action::Leave leaving;
            leaving.how = leaving_;
            return leaving;
        }
    }
    return leave(Leaving::lost);
}

// This phase ends when the sign of life stands and the space that will be asked is known.
TurnAction TurnMachine::on_opening(const TurnEvent& event) {
    if (as<turn_event::StorageAway>(event))
        return leave(Leaving::lost);
    switch (point_) {
        case Point::take_over:
            take_over(event);
            return enter(Point::gate);
        case Point::gate:
        case Point::gate_again:
            return on_gate(event);
        case Point::place:
            if (const auto* opened = as<turn_event::PlaceOpened>(event)) {
                turn_.answer_channel = opened->channel;
                return enter(Point::question);
            }
            ending_.code = answer::to_string(Failure::cannot_deliver);
            ending_.as = Finish::As::failed;
            note_.note = Note::no_direct_message;
            return enter(Point::last_note);
        case Point::question: {
            answer::FailureInput empty;
            empty.failure = Failure::empty_question;
            if (const auto* found = as<turn_event::ExamplesFound>(event))
                empty.suggested_questions = found->questions;
            return fail(std::move(empty));
        }
        case Point::early_sign:
        case Point::sign:
            return on_sign(event);
        case Point::space:
            return on_space(event);
        case Point::keep_space:
            return was_kept(event) ? enter(Point::sign) : leave(Leaving::lost);
        case Point::note_private:
            return enter(sign_comes_first_ ? Point::space : Point::gate_again);
        default:  // of another phase
            return leave(Leaving::lost);
    }
}

// What Slack did not tell in time before the first sign is asked once more, before anything is asked or offered.
TurnAction TurnMachine::on_gate(const TurnEvent& event) {
    const auto* answered = as<turn_event::GateAnswered>(event);
    if (!answered || !answered->refusal) {
        if (point_ == Point::gate)
            return enter(Point::place);
        const Point first = turn_.space_id.empty() ? Point::picker : Point::names;
        return point_ == Point::gate_again ? enter(first) : enter_answer();
    }
    ending_.as = Finish::As::failed;
    ending_.code = std::string("refused:") + to_string(*answered->refusal);
    note_.note = Note::refused;
    note_.refusal = *answered->refusal;
    deliver_.says = Says::refusal;
    deliver_.refusal = *answered->refusal;
    const bool has_sign = point_ != Point::gate || had_owner_before(turn_);
    return has_sign ? enter(Point::end_sign) : refuse();
}

// The person is told in the message that stands, else alone.
TurnAction TurnMachine::refuse() {
    return enter(turn_.progress_ts.empty() ? Point::last_note : Point::refusal);
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
        return enter(Point::gate_again);
    }
    if (const auto* decided = as<turn_event::SpaceDecided>(event)) {
        turn_.space_id = decided->space_id;
        turn_.space_name = decided->space_name;
        turn_.conversation_id = decided->conversation_id;
        return enter(Point::keep_space);
    }
    return leave(Leaving::lost);
}

TurnAction TurnMachine::on_sign(const TurnEvent& event) {
    if (const auto* shown = as<turn_event::SignShown>(event)) {
        turn_.progress_ts = shown->ts;
        return record_then(is_news_elsewhere() ? Point::note_private
                           : sign_comes_first_ ? Point::space
                                               : Point::gate_again);
    }
    const auto* failed = as<turn_event::SlackFailed>(event);
    if (failed && failed->code == kQuestionGone)
        return end_gone();
    if (failed && failed->fault == slack::ApiFault::not_permitted)
        return end_closed(failed->code);
    // It is on its way, or it stood already.
    return enter(sign_comes_first_ ? Point::space : Point::gate_again);
}

// This phase ends with the message of Genie that is the answer.
TurnAction TurnMachine::on_asking(const TurnEvent& event) {
    switch (point_) {
        case Point::names:
            if (const auto* named = as<turn_event::PeopleNamed>(event))
                turn_.question = named->question;
            return enter(Point::slot);
        case Point::busy:
            if (as<turn_event::StopWanted>(event))
                return end_stopped();
            return as<turn_event::NoSlotInTime>(event) ? fail(Failure::genie_timeout) : enter(Point::slot);
        case Point::slot:
            if (as<turn_event::NoSlotInTime>(event))
                return fail(Failure::genie_rate_limited);
            if (as<turn_event::StopWanted>(event))
                return end_stopped();
            // What is posted cannot be taken back: whoever winds down gives the turn to the next one instead.
            if (is_winding_down_) {
                leaving_ = Leaving::given_back;
                return enter(Point::give_back);
            }
            if (is_stop_wanted())
                return end_stopped();
            turn_.state = TurnState::asking;
            turn_.asked_at = now_;
            return record_then(Point::ask);
        case Point::pause_asking:
            return enter(Point::slot);
        case Point::ask:
        case Point::find:
            return on_asked(event);
        case Point::wait:
            return on_waited(event);
        default:  // of another phase
            return leave(Leaving::lost);
    }
}

TurnAction TurnMachine::on_asked(const TurnEvent& event) {
    if (const auto* asked = as<turn_event::Asked>(event)) {
        turn_.conversation_id = asked->question.conversation_id;
        turn_.message_id = asked->question.message_id;
        turn_.state = TurnState::asked;
        new_conversation_ = asked->question.new_conversation;
        return record_then(Point::keep_conversation);
    }
    if (as<turn_event::NotAsked>(event))
        return enter(Point::slot);
    if (as<turn_event::StopWanted>(event))
        return end_stopped();
    const auto* failed = as<turn_event::GenieFailed>(event);
    if (!failed)
        return leave(Leaving::lost);
    if (point_ == Point::ask && failed->error.fault == genie::GenieFault::rate_limited) {
        retry_after_ = failed->error.retry_after;
        return enter(Point::pause_asking);
    }
    return fail(failure_of(failed->error));
}

TurnAction TurnMachine::on_waited(const TurnEvent& event) {
    if (as<turn_event::StopWanted>(event))
        return end_stopped();
    if (const auto* failed = as<turn_event::GenieFailed>(event))
        return fail(failure_of(failed->error));
    const auto* answered = as<turn_event::Answered>(event);
    if (!answered)
        return leave(Leaving::lost);
    const bool failed =
        answered->status == genie::MessageStatus::failed || answered->status == genie::MessageStatus::cancelled;
    if (failed && answered->failure.error_type == genie::kConversationBusy && busy_times_ < kMostBusyTimes)
        return ask_when_idle();
    return failed ? fail(answered->failure) : enter(Point::result);
}

// The conversation still worked on a question that nobody waits for any more: Genie takes the next one, and fails it
// (databricks.md 1.6).
TurnAction TurnMachine::ask_when_idle() {
    ++busy_times_;
    turn_.message_id.clear();
    return enter(Point::busy);
}

// To the end, in whatever form. Long because the switch is complete.
TurnAction TurnMachine::on_closing(const TurnEvent& event) {
    if (const auto* failed = as<turn_event::SlackFailed>(event); failed && failed->code == kQuestionGone)
        return end_gone();
    switch (point_) {
        case Point::end_sign:
            return refuse();
        case Point::keep_conversation:
            return was_kept(event) ? enter(Point::wait) : leave(Leaving::lost);
        case Point::result:
            if (const auto* read = as<turn_event::ResultRead>(event)) {
                result_ = *read;
                answer::FailureInput nothing;
                nothing.failure = Failure::genie_failed;
                if (read->is_empty && may_fail_quietly(nothing))
                    return fail(std::move(nothing));
                turn_.state = TurnState::answered;
                return record_then(Point::gate_before_answer);
            }
            return leave(Leaving::lost);
        case Point::gate_before_answer:
            return on_gate(event);
        case Point::answer:
            return on_answer(event);
        case Point::go_on: {
            const auto* went_on = as<turn_event::TextWentOn>(event);
            return enter(went_on && !went_on->is_whole ? Point::text_note : Point::announce);
        }
        case Point::text_note:
            return enter(Point::announce);
        case Point::announce:
            return enter(Point::file);
        case Point::file: {
            const auto* shared = as<turn_event::FileShared>(event);
            return shared && !shared->is_there ? enter(Point::file_note) : finish(Finish::As::delivered, "");
        }
        case Point::file_note:
            return finish(Finish::As::delivered, "");
        case Point::picker:
            if (const auto* delivered = as<turn_event::Delivered>(event)) {
                const bool is_news = is_news_elsewhere() && turn_.progress_ts.empty();
                turn_.progress_ts = delivered->ts;
                turn_.state = TurnState::awaiting_space;
                turn_.space_id.clear();
                turn_.space_name.clear();
                leaving_ = Leaving::waiting;
                return record_then(is_news ? Point::picker_note : Point::give_back);
            }
            return fail(Failure::cannot_deliver);
        case Point::picker_note:
            return enter(Point::give_back);
        case Point::failure:
            if (const auto* delivered = as<turn_event::Delivered>(event)) {
                turn_.progress_ts = delivered->ts;
                return enter(Point::finish);
            }
            last_word_.word = turn_action::LastWord::failure;
            return enter(Point::failure_told);
        case Point::bury:
            return fail(Failure::internal);
        case Point::inherit:
            if (as<turn_event::StorageAway>(event))
                return leave(Leaving::lost);
            take_over(event);
            return enter(Point::cancel_query);
        case Point::late_place: {
            const auto* opened = as<turn_event::PlaceOpened>(event);
            if (!opened)
                return enter(Point::finish);
            turn_.answer_channel = opened->channel;
            return enter(after_place_);
        }
        case Point::cancel_query:
            return enter(stop_cause(turn_) == StopCause::person ? Point::stopped : Point::end_progress);
        case Point::end_progress:
            // The message of an edited question waits for the edition that follows.
            return enter(stop_cause(turn_) == StopCause::deletion || fails_quietly_ ? Point::remove : Point::finish);
        case Point::stopped:
        case Point::refusal:
            if (const auto* delivered = as<turn_event::Delivered>(event))
                turn_.progress_ts = delivered->ts;
            return enter(Point::finish);
        case Point::not_understood:
            // What was not told stands in the thread like any other failure.
            fails_quietly_ = !as<turn_event::SlackFailed>(event);
            return enter(fails_quietly_ ? Point::end_progress : Point::failure);
        case Point::asked_back:
            fails_quietly_ = !as<turn_event::SlackFailed>(event);
            return enter(fails_quietly_ ? Point::end_progress : Point::answer);
        case Point::failure_told:
        case Point::last_note:
        case Point::remove:
            if (fails_quietly_)
                turn_.progress_ts.clear();
            return enter(Point::finish);
        case Point::give_back:
            return enter(Point::left);
        case Point::finish:
            return leave(as<turn_event::Recorded>(event) ? Leaving::ended : Leaving::lost);
        default:  // of another phase, or after the end
            return leave(Leaving::lost);
    }
}

// What Genie asks back of a reply that did not name the bot is for who wrote it, as is that it was not understood.
TurnAction TurnMachine::enter_answer() {
    answer::FailureInput nothing;
    nothing.failure = Failure::genie_failed;
    const bool quietly = result_.asks_back && may_fail_quietly(nothing);
    return enter(quietly ? Point::asked_back : Point::answer);
}

TurnAction TurnMachine::on_answer(const TurnEvent& event) {
    const auto* delivered = as<turn_event::Delivered>(event);
    if (!delivered)
        return fail(Failure::cannot_deliver);
    const bool has_moved = turn_.progress_ts != delivered->ts;
    turn_.progress_ts = delivered->ts;
    answer_stands_ = true;
    needs_file_ = delivered->leaves_out_data && result_.has_rows;
    text_goes_on_ = delivered->text_goes_on;
    // What follows takes its time: whoever has to carry on meanwhile should know where the answer stands.
    return (needs_file_ || text_goes_on_) && has_moved ? record_then(Point::go_on) : enter(Point::go_on);
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
    return enter(quietly ? Point::not_understood : Point::failure);
}

// A reply that did not name the bot was perhaps not meant for it: a channel need not read that it was no question.
bool TurnMachine::may_fail_quietly(const answer::FailureInput& failure) const {
    if (turn_.origin != storage::Origin::thread_reply || turn_.audience != storage::Audience::channel)
        return false;
    const auto remedy = genie::remedy_for(failure.error_type);
    // What an admin has to mend is no matter of how it was asked.
    return failure.failure == Failure::genie_failed && !turn_.progress_ts.empty() &&
           !answer::admin_must_help(failure) && (remedy == genie::Remedy::rephrase || remedy == genie::Remedy::other);
}

TurnAction TurnMachine::give_up(int times) {
    is_recording_ = false;
    bury_.reason = "failed " + std::to_string(times) + " times while " + storage::to_string(turn_.state);
    return enter(Point::bury);
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
    return enter(Point::failure_told);
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
    return enter(inherits ? Point::inherit : Point::cancel_query);
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
    return enter(Point::finish);
}

TurnAction TurnMachine::leave(Leaving how) {
    leaving_ = how;
    return enter(Point::left);
}

}  // namespace genie_slack::relay
