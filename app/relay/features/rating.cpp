#include "app/relay/features/rating.hpp"

#include "app/answer/message/answer.hpp"
#include "app/answer/view/rating_view.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace ratings_detail {

constexpr Duration kRatingTime = std::chrono::seconds(60);
constexpr Duration kTriggerTime = std::chrono::seconds(3);  // the life of a trigger_id (slack.md 3.12)
constexpr std::size_t kCommentCharacters = 1'200;

// The turn in "up:TURN"; "" when there is none.
std::string turn_in(const std::string& value) {
    const std::size_t colon = value.find(':');
    return colon == std::string::npos ? std::string() : value.substr(colon + 1);
}

bool is_rating(const slack::Action& action) {
    return action.action_id == answer::kRateUpAction || action.action_id == answer::kRateDownAction ||
           action.action_id == answer::kRatingAction;
}

genie::Rating rating_of(bool positive) {
    return positive ? genie::Rating::positive : genie::Rating::negative;
}

}  // namespace ratings_detail

RelayPart::Answer<Ack> Ratings::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions)
        if (ratings_detail::is_rating(action))
            co_return co_await rate(actions, action);
    co_return std::nullopt;
}

asio::awaitable<std::optional<std::optional<int>>> Ratings::keep(const storage::Turn& turn, const std::string& user,
                                                                 bool positive, std::string comment) {
    storage::Feedback feedback;
    feedback.id = storage::feedback_id(turn.id, user);
    feedback.for_id = storage::step_id(turn.id, "run");
    feedback.thread_id = storage::thread_id(turn.thread);
    feedback.value = positive ? 1 : 0;
    feedback.comment = std::move(comment);
    auto before = co_await context_.storage.set_feedback(std::move(feedback), context_.ack_deadline());
    std::optional<std::optional<int>> kept;
    if (before)
        kept = *before;
    else if (before.error().kind == storage::ErrorKind::invalid)
        kept.emplace();  // a thread that was deleted in Chainlit keeps no rating; Genie gets it all the same
    co_return kept;
}

asio::awaitable<Ack> Ratings::rate(const slack::BlockActions& actions, const slack::Action& action) {
    const bool positive = action.value.starts_with("up:");
    const std::string id = ratings_detail::turn_in(action.value);
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
    const auto before = co_await keep(turn, actions.user, positive, "");
    if (!before)
        co_return Ack::none();
    // Pressed again on purpose: a reason may still be told.
    if (!positive && !actions.trigger_id.empty())
        context_.spawn("rating form", ask_why(turn, actions.user, actions.trigger_id));
    if (*before != (positive ? 1 : 0))
        context_.spawn("rating",
                       pass_on(std::move(turn), actions.user, ratings_detail::rating_of(positive), "", positive));
    co_return Ack::plain();
}

asio::awaitable<void> Ratings::ask_why(storage::Turn turn, std::string user, std::string trigger_id) {
    auto view = answer::render_rating_view(context_.language_of(turn.thread.team, user), turn.id);
    auto opened = co_await context_.slack.open_view(std::move(trigger_id), std::move(view),
                                                    Deadline::after(ratings_detail::kTriggerTime));
    if (!opened)
        log::info("rating.no_form", {{"turn", turn.id}, {"error", opened.error().to_string()}});
}

RelayPart::Answer<Ack> Ratings::on_submission(const slack::ViewSubmission& submission) {
    if (submission.callback_id != answer::kRatingView)
        co_return std::nullopt;
    if (submission.closed)
        co_return Ack::plain();
    auto found = co_await context_.storage.get_turn(submission.private_metadata, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    storage::Turn turn = std::move(**found);
    const auto language = context_.language_of(turn.thread.team, submission.user);
    std::string comment;
    for (const slack::Action& value : submission.values) {
        const std::string part =
            value.action_id == answer::kRatingReason ? answer::rating_reason(language, value.value) : value.value;
        if (!part.empty())
            comment += (comment.empty() ? "" : ": ") + part;
    }
    comment = slack::truncate(comment, ratings_detail::kCommentCharacters);
    const auto before = co_await keep(turn, submission.user, false, comment);
    if (!before)
        co_return Ack::none();
    context_.spawn("rating", pass_on(std::move(turn), submission.user, genie::Rating::negative, comment, true));
    co_return Ack::plain();
}

RelayPart::Answer<Ack> Ratings::on_event(const slack::Event& event) {
    const auto* reaction = std::get_if<slack::ReactionChanged>(&event.body);
    if (!reaction)
        co_return std::nullopt;
    if (reaction->item_user != context_.self.user_id || (reaction->reaction != "+1" && reaction->reaction != "-1"))
        co_return Ack::plain();
    std::string team = event.team.empty() ? context_.self.team : event.team;
    co_return co_await react(std::move(team), *reaction);
}

asio::awaitable<Ack> Ratings::react(std::string team, slack::ReactionChanged reaction) {
    auto found =
        co_await context_.storage.find_turn_by_answer(team, reaction.channel, reaction.ts, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found || (*found)->state != storage::TurnState::delivered)
        co_return Ack::plain();
    storage::Turn turn = std::move(**found);
    const bool positive = reaction.reaction == "+1";
    if (!reaction.added)
        co_return co_await clear(std::move(turn), reaction.user, positive);
    const auto before = co_await keep(turn, reaction.user, positive, "");
    if (!before)
        co_return Ack::none();
    if (*before != (positive ? 1 : 0))
        context_.spawn("rating",
                       pass_on(std::move(turn), reaction.user, ratings_detail::rating_of(positive), "", false));
    co_return Ack::plain();
}

// A rating that says something else by now stays.
asio::awaitable<Ack> Ratings::clear(storage::Turn turn, std::string user, bool positive) {
    auto ratings = co_await context_.storage.get_feedbacks(storage::thread_id(turn.thread), context_.ack_deadline());
    if (!ratings)
        co_return Ack::none();
    const std::string id = storage::feedback_id(turn.id, user);
    for (const storage::Feedback& rating : *ratings) {
        if (rating.id != id || rating.value != (positive ? 1 : 0))
            continue;
        auto deleted = co_await context_.storage.delete_feedback(id, context_.ack_deadline());
        if (!deleted)
            co_return Ack::none();
        context_.spawn("rating", pass_on(std::move(turn), std::move(user), genie::Rating::none, "", false));
        break;
    }
    co_return Ack::plain();
}

asio::awaitable<void> Ratings::pass_on(storage::Turn turn, std::string user, genie::Rating rating, std::string comment,
                                       bool say_thanks) {
    auto sent = co_await context_.genie.send_feedback(turn.space_id, turn.conversation_id, turn.message_id, rating,
                                                      std::move(comment), Deadline::after(ratings_detail::kRatingTime));
    if (sent)
        log::info("rating.passed_on", {{"turn", turn.id}, {"user", user}});
    else
        log::warn("rating.failed", {{"turn", turn.id}, {"error", sent.error().message}});
    if (!say_thanks)
        co_return;
    const Place place = below_answer(turn);
    const storage::ThreadKey thread(turn.thread.team, place.channel, place.thread_ts);
    context_.tell(
        user, thread,
        words::say(context_.language_of(turn.thread.team, user), sent ? Word::rating_thanks : Word::rating_kept));
}

}  // namespace genie_slack::relay
