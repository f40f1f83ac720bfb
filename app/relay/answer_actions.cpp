#include "app/relay/answer_actions.hpp"

#include "app/answer/answer.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace answer_actions_detail {

constexpr Duration kRatingTime = std::chrono::seconds(60);

// The turn in "up:TURN"; "" when there is none.
std::string turn_in(const std::string& value) {
    const std::size_t colon = value.find(':');
    return colon == std::string::npos ? std::string() : value.substr(colon + 1);
}

}  // namespace answer_actions_detail

RelayPart::Answer<Ack> AnswerActions::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions) {
        if (action.action_id.starts_with(answer::kFollowUpAction))
            co_return co_await ask_follow_up(actions, action);
        if (action.action_id == answer::kRateUpAction || action.action_id == answer::kRateDownAction ||
            action.action_id == answer::kRatingAction)
            co_return co_await rate(actions, action);
    }
    co_return std::nullopt;
}

// The button of a message asks once, however often it is pressed: the turn's id is made of message and button.
asio::awaitable<Ack> AnswerActions::ask_follow_up(const slack::BlockActions& actions, const slack::Action& action) {
    if (actions.channel.empty() || actions.message_ts.empty() || action.value.empty())
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = thread_of(actions, context_.self);
    turn.question_ts = actions.message_ts + "/" + action.action_id;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = actions.user;
    turn.question = action.value;
    turn.received_at = wall_now();
    co_return co_await context_.accept(std::move(turn), "");
}

asio::awaitable<Ack> AnswerActions::rate(const slack::BlockActions& actions, const slack::Action& action) {
    const bool positive = action.value.starts_with("up:");
    const std::string id = answer_actions_detail::turn_in(action.value);
    if (id.empty())
        co_return Ack::plain();
    auto found = co_await context_.storage.get_turn(id, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found) {
        const auto language = context_.language_of(context_.self.team, actions.user);
        context_.tell(actions.user, thread_of(actions, context_.self),
                      words::say(language, Word::answer_forgotten_rating));
        co_return Ack::plain();
    }
    storage::Turn turn = std::move(**found);
    storage::Feedback feedback;
    feedback.id = storage::feedback_id(turn.id, actions.user);
    feedback.for_id = storage::step_id(turn.id, "run");
    feedback.thread_id = storage::thread_id(turn.thread);
    feedback.value = positive ? 1 : 0;
    auto before = co_await context_.storage.set_feedback(std::move(feedback), context_.ack_deadline());
    // A thread that was deleted in Chainlit keeps no rating; Genie gets it all the same.
    if (!before && before.error().kind != storage::ErrorKind::invalid)
        co_return Ack::none();
    if (!before || !*before || **before != (positive ? 1 : 0))
        context_.spawn("rating", pass_rating_on(std::move(turn), actions.user, positive));
    co_return Ack::plain();
}

asio::awaitable<void> AnswerActions::pass_rating_on(storage::Turn turn, std::string user, bool positive) {
    const genie::Rating rating = positive ? genie::Rating::positive : genie::Rating::negative;
    auto sent = co_await context_.genie.send_feedback(turn.space_id, turn.conversation_id, turn.message_id, rating, "",
                                                      Deadline::after(answer_actions_detail::kRatingTime));
    if (sent)
        log::info("rating.passed_on", {{"turn", turn.id}, {"positive", positive}, {"user", user}});
    else
        log::warn("rating.failed", {{"turn", turn.id}, {"error", sent.error().message}});
    const auto language = context_.language_of(turn.thread.team, user);
    context_.tell(user, turn.thread, words::say(language, sent ? Word::rating_thanks : Word::rating_kept));
}

}  // namespace genie_slack::relay
