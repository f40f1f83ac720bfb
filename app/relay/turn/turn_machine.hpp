// Decides what happens to one question, from acceptance to its end; pure (docs/architecture.md, machines). It holds
// what is recorded of the turn: from that alone a new machine goes on, after a restart as after a take-over.
#pragma once

#include "app/answer/message/failure.hpp"
#include "app/relay/turn/turn_steps.hpp"
#include "core/clock.hpp"
#include "storage/types.hpp"

#include <optional>
#include <string>
#include <variant>

namespace genie_slack::relay {

struct TurnRules {
    int most_tries = 25;           // claims at one point of a turn before it is given up
    bool spaces_are_known = true;  // else deciding about the space takes its time
};

class TurnMachine {
 public:
    TurnMachine(storage::Turn turn, TurnRules rules);

    // What comes next, after what came of the last action (Claimed at first). `now` is stamped on what is recorded.
    TurnAction resume(const TurnEvent& event, WallTime now);
    // It comes to nothing again and again, of which `why` is for the dead letter: a clear end is better than a loop.
    TurnAction give_up(const std::string& why);
    // The process ends and nobody can go on: the person is told to ask again, unless the answer stands already.
    TurnAction interrupt(WallTime now);

    // Somebody wants it stopped: the first one stays. It counts until the answer is there.
    void want_stop(const std::string& by);
    // Also when nothing can be shown where the question was asked.
    bool is_stop_wanted() const { return !turn_.stopped_by.empty() || sign_refused_; }
    // What came of the first sign, which nothing waits for: its message, which the next Record stores; or the code with
    // which the place of the question refused it for good.
    void sign_stands(const std::string& ts);
    void sign_refused(std::string code) { sign_refused_ = std::move(code); }
    // From here on nothing is posted to Genie any more: what waits for that is given back.
    void wind_down() { is_winding_down_ = true; }
    bool is_winding_down() const { return is_winding_down_; }
    // The answer stands, and the file with all of its rows is under way.
    bool is_making_file() const { return point_ == Point(ClosingPoint::file); }
    // While it is being asked: the question will be posted once more, in that conversation ("": in a new one).
    void ask_again(std::string conversation_id, WallTime asked_at);

    // As the next Record or Finish stores it.
    const storage::Turn& turn() const { return turn_; }

 private:
    // Where the turn is within one claim: which action's outcome comes next.
    // Until the sign of life stands and the space is known. A stop ends the turn here and while it is asked.
    enum class OpeningPoint {
        take_over,
        gate,
        place,
        question,
        early_sign,
        space,
        keep_space,
        sign,
        note_private,
        gate_again,
    };
    // Until there is the message of Genie that is the answer.
    enum class AskingPoint {
        names,
        busy,
        slot,
        pause_asking,
        ask,
        find,
        wait,
    };
    // To the end, in whatever form.
    enum class ClosingPoint {
        end_sign,
        keep_conversation,
        result,
        gate_before_answer,
        answer,
        go_on,
        text_note,
        announce,
        file,
        file_note,
        picker,
        picker_note,
        failure,
        failure_told,
        not_understood,
        asked_back,
        refusal,
        last_note,
        bury,
        inherit,
        late_place,
        cancel_query,
        end_progress,
        remove,
        stopped,
        give_back,
        finish,
        left,
    };
    using Point = std::variant<OpeningPoint, AskingPoint, ClosingPoint>;
    TurnAction begin();
    TurnAction enter(OpeningPoint point);
    TurnAction enter(AskingPoint point);
    TurnAction enter(ClosingPoint point);
    TurnAction record_then(Point point);
    bool lacks_place(ClosingPoint point) const;
    TurnAction on(OpeningPoint point, const TurnEvent& event);
    TurnAction on(AskingPoint point, const TurnEvent& event);
    TurnAction on(ClosingPoint point, const TurnEvent& event);
    // Else what is said instead of an answer is ready.
    bool is_let_in(const TurnEvent& event);
    TurnAction on_space(const TurnEvent& event);
    TurnAction on_sign(const TurnEvent& event);
    TurnAction refuse();
    TurnAction on_asked(AskingPoint point, const TurnEvent& event);
    TurnAction on_waited(const TurnEvent& event);
    TurnAction enter_answer();
    TurnAction on_answer(const TurnEvent& event);
    TurnAction not_delivered(const TurnEvent& event);
    TurnAction fail(answer::FailureInput failure);
    TurnAction fail(answer::Failure failure);
    bool is_news_elsewhere() const;
    bool may_fail_quietly(const answer::FailureInput& failure) const;
    TurnAction end_gone();
    TurnAction end_closed(std::string code);
    TurnAction ask_when_idle();
    TurnAction end_stopped();
    void take_over(const TurnEvent& event);
    TurnAction finish(turn_action::Finish::As as, std::string code);
    TurnAction leave(turn_action::Leaving how);

    storage::Turn turn_;
    TurnRules rules_;
    Point point_ = OpeningPoint::take_over;
    ClosingPoint after_place_ = ClosingPoint::finish;
    bool is_recording_ = false;  // `point_` is entered when the turn is stored
    bool is_winding_down_ = false;
    bool answer_stands_ = false;  // in Slack, whether or not that is recorded
    bool needs_file_ = false;     // the message leaves out rows
    bool text_goes_on_ = false;   // it has no room in the message
    bool only_in_file_ = false;   // the message only says that a file holds the answer
    bool sign_comes_first_ = false;
    bool fails_quietly_ = false;     // only who wrote it has read that it was not understood
    int busy_times_ = 0;             // that the conversation still worked on another question
    int limited_times_ = 0;          // that Genie turned the question away
    bool new_conversation_ = false;  // of Genie, which the thread does not know yet
    WallTime now_{};
    std::optional<Duration> retry_after_;
    std::optional<std::string> sign_refused_;  // Slack's code
    turn_event::ResultRead result_;
    turn_action::Deliver deliver_;  // the failure or refusal that is under way
    turn_action::Tell note_;        // the last thing said before the end
    turn_action::TellPrivately last_word_;
    turn_action::Bury bury_;
    turn_action::Finish ending_;
    turn_action::Leaving leaving_ = turn_action::Leaving::ended;
};

}  // namespace genie_slack::relay
