#include "app/answer/view/space_picker.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn/turn_runner_parts.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using answer::Failure;
using storage::TurnState;

asio::awaitable<TurnRunner::Chosen> TurnRunner::choose_space(WorkPtr work) {
    storage::Turn& turn = work->turn;
    // A first look-up can take its time: let the person see something before it.
    if (!spaces_.known() && turn.progress_ts.empty()) {
        const bool visible = co_await show_first_sign(work);
        if (!visible)
            co_return Chosen::failed;
    }
    SpaceDecision decision = co_await decide_space(turn, storage_, spaces_, options_.storage_time,
                                                   work->deadline.sooner(std::chrono::minutes(1)));
    if (decision.error || (!decision.space && decision.choice.empty())) {
        answer::FailureInput problem;
        problem.failure = Failure::no_spaces;
        if (decision.error)
            problem = failure_of(*decision.error);
        if (problem.failure == Failure::genie_unreachable)
            problem.failure = Failure::spaces_unreachable;
        co_await fail(work, std::move(problem));
        co_return Chosen::failed;
    }
    turn.conversation_id = decision.conversation_id;
    if (!decision.space)
        co_return co_await let_choose(work, std::move(decision));
    turn.space_id = decision.space->id;
    turn.space_name = decision.space->title;
    auto stored = co_await storage_.set_conversation(turn.thread, turn.space_id, turn.space_name,
                                                     Deadline::after(options_.storage_time));
    if (!stored)
        log::error("conversation.record_failed", {{"turn", turn.id}, {"error", stored.error().message}});
    co_return Chosen::yes;
}

// The question waits, with a picker in place of its answer.
asio::awaitable<TurnRunner::Chosen> TurnRunner::let_choose(WorkPtr work, SpaceDecision decision) {
    storage::Turn& turn = work->turn;
    answer::PickerInput input;
    input.language = people_.language_of(turn.thread.team, turn.user);
    input.turn_id = turn.id;
    input.gone = decision.gone;
    input.spaces = std::move(decision.choice);
    const bool is_private = is_direct(turn) || !turn.answer_channel.empty();
    input.remember = is_private ? answer::Remember::person : answer::Remember::channel;
    const std::size_t offered = input.spaces.size();
    auto posted = co_await deliver(work, answer::render_space_picker(input), Deadline::after(options_.delivery_time));
    if (!posted) {
        answer::FailureInput problem;
        problem.failure = Failure::cannot_deliver;
        co_await fail(work, std::move(problem));
        co_return Chosen::failed;
    }
    turn.progress_ts = posted->ts;
    turn.state = TurnState::awaiting_space;
    turn.space_id.clear();
    turn.space_name.clear();
    log::info("turn.awaiting_space", {{"turn", turn.id}, {"spaces", offered}, {"gone", !decision.gone.empty()}});
    storage::ChatRows none;
    const bool kept = co_await record(work, std::move(none));
    if (kept)
        co_await give_back(work);
    co_return Chosen::ask_person;
}

}  // namespace genie_slack::relay
