#include "app/relay/features/rating.hpp"

#include "app/answer/view/rating_view.hpp"
#include "app/relay/features/pressed_turn.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace rating_detail {

constexpr Duration kRatingTime = std::chrono::seconds(60);
constexpr Duration kLookTime = std::chrono::seconds(10);
constexpr Duration kTriggerTime = std::chrono::seconds(3);  // the life of a trigger_id
constexpr Duration kOfferTime = std::chrono::seconds(20);
constexpr std::size_t kCommentCharacters = 1'200;
constexpr std::size_t kMessagesLookedAt = 200;  // the newest ones of the answer's thread
constexpr std::string_view kGood = "+1";        // reactions
constexpr std::string_view kBad = "-1";

genie::Rating rating_of(bool positive) {
    return positive ? genie::Rating::positive : genie::Rating::negative;
}

// A private answer itself is seen by whoever asked alone; others rate what was shared of it.
NotePlace place_for(const storage::Turn& turn, const std::string& user) {
    return user == turn.user ? note_place_at_answer(turn) : note_place(turn);
}

std::string comment_of(const slack::ViewSubmission& submission, words::Language language) {
    std::string comment;
    for (const slack::Action& value : submission.values) {
        const std::string text =
            value.action_id == answer::kRatingReason ? answer::rating_reason(language, value.value) : value.value;
        if (!text.empty())
            comment += (comment.empty() ? "" : ": ") + text;
    }
    return slack::truncate(comment, kCommentCharacters);
}

// Whether Genie may take a rating another time that it did not take now.
bool may_come_later(const genie::GenieError& error) {
    switch (error.fault) {
        case genie::GenieFault::auth:
        case genie::GenieFault::rate_limited:
        case genie::GenieFault::unavailable:
        case genie::GenieFault::ambiguous:
        case genie::GenieFault::timeout:
        case genie::GenieFault::configuration:
        case genie::GenieFault::cancelled:
            return true;
        case genie::GenieFault::permission:
        case genie::GenieFault::not_found:
        case genie::GenieFault::invalid:
        case genie::GenieFault::result_expired:
        case genie::GenieFault::query_failed:
            return false;
    }
    return false;
}

}  // namespace rating_detail

asio::awaitable<std::optional<Rating::Kept>> Rating::keep(const storage::Turn& turn, const std::string& user,
                                                          bool positive, std::string comment) {
    storage::Feedback feedback;
    feedback.id = storage::feedback_id(turn.id, user);
    feedback.for_id = storage::step_id(turn.id, storage::kRunStep);
    feedback.thread_id = storage::thread_id(turn.thread);
    feedback.value = positive ? 1 : 0;
    feedback.comment = std::move(comment);
    auto before = co_await services_.storage.set_feedback(std::move(feedback), options_.ack_deadline());
    std::optional<Kept> kept;
    if (before)
        kept = Kept{*before};
    co_return kept;
}

asio::awaitable<Ack> Rating::press(const Press& press) {
    const auto rating = answer::parse_rating(press.action.value);
    if (!rating)
        co_return Ack::plain();
    auto found =
        co_await find_pressed_turn(services_.storage, directory_.people, notes_, press, rating->turn_id,
                                   stands_at_answer_or_copy, Word::answer_forgotten_rating, options_.ack_deadline());
    if (!found.turn)
        co_return found.otherwise;
    storage::Turn turn = std::move(*found.turn);
    const bool positive = rating->positive;
    const auto kept = co_await keep(turn, press.user(), positive, "");
    if (!kept)
        co_return Ack::none();
    // Pressed again on purpose: a reason may still be told.
    if (!positive && !press.actions.trigger_id.empty())
        background_.spawn("rating form", ask_why(turn, press.user(), press.actions.trigger_id));
    else if (!positive && press.is_spoken && kept->before != 0)
        background_.spawn("rating form", offer_form(turn, press.user()));
    if (kept->before != (positive ? 1 : 0))
        background_.spawn("rating",
                          pass_on(std::move(turn), press.user(), rating_detail::rating_of(positive), "", positive));
    else if (press.is_spoken)
        notes_.tell(press.user(), press.note_place,
                    words::say(directory_.people.language_of(press.team(), press.user()), Word::rating_thanks));
    co_return Ack::plain();
}

asio::awaitable<void> Rating::ask_why(storage::Turn turn, std::string user, std::string trigger_id) {
    auto view = answer::render_rating_view(directory_.people.language_of(turn.thread.team, user), turn.id);
    auto opened = co_await services_.slack.open_view(std::move(trigger_id), std::move(view),
                                                     Deadline::after(rating_detail::kTriggerTime));
    if (opened)
        co_return;
    log::info("rating.no_form", {{"turn", turn.id}, {"error", opened.error().to_string()}});
    co_await offer_form(std::move(turn), std::move(user));
}

asio::awaitable<void> Rating::offer_form(storage::Turn turn, std::string user) {
    if (!offered_.first(storage::feedback_id(turn.id, user)))
        co_return;
    auto offer = answer::render_rating_offer(directory_.people.language_of(turn.thread.team, user), turn.id);
    NotePlace place = rating_detail::place_for(turn, user);
    auto shown = co_await notes_.show(std::move(user), std::move(place), std::move(offer),
                                      Deadline::after(rating_detail::kOfferTime));
    if (!shown)
        log::info("rating.no_form", {{"turn", turn.id}, {"error", shown.error().to_string()}});
}

asio::awaitable<Ack> Rating::submit(const slack::ViewSubmission& submission, const Visit& visit) {
    auto found = co_await services_.storage.get_turn(submission.private_metadata, options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    storage::Turn turn = std::move(**found);
    const auto language = directory_.people.language_of(turn.thread.team, visit.user);
    // The form itself does not tell in which channel the answer stands.
    Visit at_answer = visit;
    at_answer.channel = storage::answer_channel(turn);
    at_answer.is_im = turn.audience != storage::Audience::channel;
    const auto refusal = of_what_shows_nothing(directory_.gate.check_known(at_answer));
    if (refusal) {
        notes_.tell(visit.user, rating_detail::place_for(turn, visit.user), words::say(language, word_for(*refusal)));
        co_return Ack::plain();
    }
    std::string comment = rating_detail::comment_of(submission, language);
    const auto kept = co_await keep(turn, visit.user, false, comment);
    if (!kept)
        co_return Ack::none();
    background_.spawn("rating",
                      pass_on(std::move(turn), visit.user, genie::Rating::negative, std::move(comment), true));
    co_return Ack::plain();
}

asio::awaitable<Ack> Rating::react(const slack::Event& event, const slack::ReactionChanged& reaction) {
    using rating_detail::kBad;
    using rating_detail::kGood;
    if (reaction.item_user != self_.user_id || (reaction.reaction != kGood && reaction.reaction != kBad))
        co_return Ack::plain();
    const Visit visit = visit_of(event, reaction.user, reaction.channel, self_);
    auto found = co_await services_.storage.find_turn_by_answer(visit.team, reaction.channel, reaction.ts,
                                                                options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found || (*found)->state != storage::TurnState::delivered)
        co_return Ack::plain();
    // A reaction is meant for those who read the thread: whoever may not rate hears nothing about it.
    const auto refusal = co_await directory_.gate.check(visit, options_.look_deadline());
    if (of_what_shows_nothing(refusal))
        co_return Ack::plain();
    storage::Turn turn = std::move(**found);
    const bool positive = reaction.reaction == kGood;
    if (!reaction.added)
        co_return co_await clear(std::move(turn), reaction);
    const auto kept = co_await keep(turn, reaction.user, positive, "");
    if (!kept)
        co_return Ack::none();
    // Who rated so before was offered the form, or has filled it in.
    if (!positive && kept->before != 0)
        background_.spawn("rating form", offer_form(turn, reaction.user));
    if (kept->before != (positive ? 1 : 0))
        background_.spawn("rating",
                          pass_on(std::move(turn), reaction.user, rating_detail::rating_of(positive), "", false));
    co_return Ack::plain();
}

// A rating that says something else by now stays.
asio::awaitable<Ack> Rating::clear(storage::Turn turn, slack::ReactionChanged taken) {
    auto ratings = co_await services_.storage.get_feedbacks(storage::thread_id(turn.thread), options_.ack_deadline());
    if (!ratings)
        co_return Ack::none();
    const bool positive = taken.reaction == rating_detail::kGood;
    const std::string id = storage::feedback_id(turn.id, taken.user);
    const bool is_said = std::any_of(ratings->begin(), ratings->end(), [&](const storage::Feedback& rating) {
        return rating.id == id && rating.value == (positive ? 1 : 0);
    });
    if (!is_said)
        co_return Ack::plain();
    genie::Rating now = genie::Rating::none;
    bool is_kept = false;
    const bool is_other = co_await stands_other(turn, taken);
    if (is_other) {
        const auto kept = co_await keep(turn, taken.user, !positive, "");
        is_kept = kept.has_value();
        now = rating_detail::rating_of(!positive);
    } else {
        auto deleted = co_await services_.storage.delete_feedback(id, options_.ack_deadline());
        is_kept = deleted.has_value();
    }
    if (!is_kept)
        co_return Ack::none();
    background_.spawn("rating", pass_on(std::move(turn), std::move(taken.user), now, "", false));
    co_return Ack::plain();
}

asio::awaitable<bool> Rating::stands_other(const storage::Turn& turn, slack::ReactionChanged taken) {
    using namespace rating_detail;
    const std::string_view other = taken.reaction == kGood ? kBad : kGood;
    // A shared copy stands in the thread of the question.
    std::string root = taken.ts;
    if (taken.ts == turn.progress_ts)
        root = below_answer(turn).thread_ts;
    else if (!has_no_thread(turn))
        root = turn.thread.thread_ts;
    auto messages = co_await services_.slack.conversation_replies(taken.channel, std::move(root), kMessagesLookedAt,
                                                                  options_.look_deadline());
    if (!messages)
        log::info("rating.not_looked_up", {{"turn", turn.id}, {"error", messages.error().to_string()}});
    if (!messages)
        co_return false;
    const auto found = std::find_if(messages->begin(), messages->end(),
                                    [&](const slack::ThreadMessage& message) { return message.ts == taken.ts; });
    const bool stands =
        found != messages->end() &&
        std::any_of(found->reactions.begin(), found->reactions.end(), [&](const slack::ReactionBy& reaction) {
            return reaction.name == other &&
                   std::find(reaction.users.begin(), reaction.users.end(), taken.user) != reaction.users.end();
        });
    co_return stands;
}

asio::awaitable<void> Rating::pass_on_elsewhere() {
    using namespace rating_detail;
    auto changed = co_await services_.storage.changed_ratings(Deadline::after(kLookTime));
    if (!changed) {
        log::warn("rating.not_looked_for", {{"error", changed.error().message}});
        co_return;
    }
    for (storage::ChangedRating& rating : *changed) {
        const bool is_settled = co_await tell_elsewhere(rating);
        if (!is_settled)
            continue;
        const std::string turn_id = rating.turn_id;
        auto noted = co_await services_.storage.note_told(std::move(rating), Deadline::after(kLookTime));
        if (!noted)
            log::warn("rating.not_noted", {{"turn", turn_id}, {"error", noted.error().message}});
    }
}

asio::awaitable<bool> Rating::tell_elsewhere(const storage::ChangedRating& rating) {
    using namespace rating_detail;
    auto turn = co_await services_.storage.get_turn(rating.turn_id, Deadline::after(kLookTime));
    if (!turn || !*turn) {
        log::warn("rating.failed", {{"turn", rating.turn_id}});
        co_return turn.has_value();
    }
    const auto said = !rating.value       ? genie::Rating::none
                      : *rating.value > 0 ? genie::Rating::positive
                                          : genie::Rating::negative;
    std::string comment = slack::truncate(rating.comment, kCommentCharacters);
    auto sent = co_await tell_genie(**turn, "", said, std::move(comment));
    co_return sent || !may_come_later(sent.error());
}

asio::awaitable<genie::GenieResult<void>> Rating::tell_genie(const storage::Turn& turn, const std::string& user,
                                                             genie::Rating rating, std::string comment) {
    auto sent = co_await services_.genie.send_feedback(turn.space_id, turn.conversation_id, turn.message_id, rating,
                                                       std::move(comment), Deadline::after(rating_detail::kRatingTime));
    if (sent)
        log::info("rating.passed_on", {{"turn", turn.id}, {"user", user}});
    else
        log::warn("rating.failed", {{"turn", turn.id}, {"error", sent.error().message}});
    co_return sent;
}

asio::awaitable<void> Rating::pass_on(storage::Turn turn, std::string user, genie::Rating rating, std::string comment,
                                      bool say_thanks) {
    auto sent = co_await tell_genie(turn, user, rating, std::move(comment));
    if (!say_thanks)
        co_return;
    const auto language = directory_.people.language_of(turn.thread.team, user);
    notes_.tell(user, rating_detail::place_for(turn, user),
                words::say(language, sent ? Word::rating_thanks : Word::rating_kept));
}

}  // namespace genie_slack::relay
