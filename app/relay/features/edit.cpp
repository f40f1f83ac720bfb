#include "app/relay/features/edit.hpp"

#include "app/relay/features/young_message.hpp"
#include "app/relay/manners/remark.hpp"
#include "app/relay/question_words.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "slack/text/markup.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace edit_detail {

// Another edition, or "Ask again", may be faster; there are not many at one moment.
constexpr int kMostTimes = 5;
// What was written longer ago becomes no question any more.
constexpr Duration kStillNew = std::chrono::hours(1);

storage::Turn make_edition(const slack::Event& event, const slack::MessageEvent& message, const storage::Turn& last,
                           std::string question) {
    storage::Turn turn;
    turn.thread = last.thread;
    turn.question_ts = message.ts + "/edit/" + event.event_id;
    turn.message_ts = message.ts;
    turn.edited_ts = message.edited_ts;
    turn.origin = storage::Origin::edit;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = message.user;
    turn.channel_type = last.channel_type;
    turn.question = std::move(question);
    turn.replaces = last.id;
    turn.received_at = wall_now();
    return turn;
}

// Slack changes messages for reasons of its own too: a link's preview, a reply count. What a person did has another
// time of editing, or other words where Slack tells no times.
bool was_edited(const slack::MessageChanged& change) {
    if (!change.message.edited_ts.empty())
        return change.message.edited_ts != change.previous_edited_ts;
    return change.message.text != change.previous_text;
}

// The message as if it had been written like this.
slack::MessageEvent as_new(const slack::MessageEvent& message, const Self& self) {
    slack::MessageEvent fresh = message;
    fresh.edited = false;
    // A mention that an edit adds may come as an app_mention or not: here it counts as one.
    fresh.mention = names_us(message.text, self) && !message.is_direct();
    return fresh;
}

// Slack delivers edits in any order, each to another process perhaps.
bool is_older(const slack::MessageEvent& edited, const storage::Turn& last) {
    const auto time = [](const std::string& ts) { return std::pair(ts.size(), ts); };
    return !edited.edited_ts.empty() && !last.edited_ts.empty() && time(edited.edited_ts) < time(last.edited_ts);
}

bool is_by_somebody_else(const slack::MessageEvent& message) {
    return !message.edited_by.empty() && message.edited_by != message.user;
}

// Whether the words that were edited ask what `last` asks already. A mention that the edit added came as a question of
// its own, in which names stand for ids by now.
bool asks_the_same(const slack::MessageChanged& change, const std::string& question, const storage::Turn& last,
                   const Self& self) {
    if (question == last.question)
        return true;
    const bool adds_mention = !names_us(change.previous_text, self) && names_us(change.message.text, self);
    if (change.previous_text.empty() || adds_mention)
        return may_be_named_as(question, last.question);
    slack::MessageEvent before = change.message;
    before.text = change.previous_text;
    return kept_question(question_of(before, self)) == question;
}

}  // namespace edit_detail

asio::awaitable<Ack> Edit::edited(const slack::Event& event, const slack::MessageChanged& change) {
    const slack::MessageEvent& message = change.message;
    if (!message.bot_id.empty() || message.user.empty() || message.user == self_.user_id || event.event_id.empty())
        co_return Ack::plain();
    if (!edit_detail::was_edited(change))
        co_return Ack::plain();
    const storage::ThreadKey thread(team_of(event.team, self_), change.channel, change.message.root_ts());
    slack::MessageEvent before = message;
    before.edited = false;
    if (!change.previous_text.empty())
        before.text = change.previous_text;
    if (decide(event, before, self_).kind != IntakeDecision::Kind::ignore)
        co_await wait_until_taken_in(storage_, thread, message.ts);
    auto stopped = co_await stop(event, change);
    if (stopped)
        co_return *stopped;
    for (int time = 0; time < edit_detail::kMostTimes; ++time) {
        const std::optional<Ack> ack = co_await ask_anew(event, change);
        if (ack)
            co_return *ack;
    }
    co_return Ack::none();
}

asio::awaitable<std::optional<Ack>> Edit::stop(const slack::Event& event, const slack::MessageChanged& change) {
    const slack::MessageEvent& message = change.message;
    const slack::MessageEvent fresh = edit_detail::as_new(message, self_);
    std::optional<Ack> answered;
    if (edit_detail::is_by_somebody_else(message) || !says_stop(make_turn(event, fresh, self_).question))
        co_return answered;
    const storage::ThreadKey thread(team_of(event.team, self_), change.channel, message.root_ts());
    auto newest = co_await storage_.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    // At the channel's root the words would end all that the person asked in the channel.
    const bool is_its_own = *newest && is_question_of(**newest, message.ts) && (*newest)->user == message.user;
    if (is_its_own && message.ts == message.root_ts()) {
        const auto requested = co_await stop_.request(**newest, message.user);
        co_return requested ? Ack::plain() : Ack::none();
    }
    answered = co_await stop_.written(event, fresh);
    co_return answered;
}

asio::awaitable<std::optional<Ack>> Edit::ask_anew(const slack::Event& event, const slack::MessageChanged& change) {
    const slack::MessageEvent& message = change.message;
    const storage::ThreadKey thread(team_of(event.team, self_), change.channel, message.root_ts());
    auto newest = co_await storage_.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (!*newest || !is_question_of(**newest, message.ts))
        co_return co_await ask_first(event, change, newest->has_value());
    const storage::Turn& last = **newest;
    const std::string question = kept_question(question_of(message, self_));
    // Somebody else may have asked it again: it is the author's message all the same.
    const bool is_author = last.user == message.user || !last.replaces.empty();
    storage::Turn turn = edit_detail::make_edition(event, message, last, question);
    // It is delivered again: whoever recorded it may have died before the question before it was stopped.
    if (turn.id == last.id)
        co_return co_await stop_before(last);
    if (!is_author || question.empty() || takes_back(read_line(slack::escape(question), "")) ||
        edit_detail::asks_the_same(change, question, last, self_) || edit_detail::is_older(message, last))
        co_return Ack::plain();
    // What was a mention before is told of by no app_mention.
    const slack::MessageEvent fresh = edit_detail::as_new(message, self_);
    const bool is_turned_away = co_await intake_.turn_away(event, fresh);
    if (is_turned_away)
        co_return Ack::plain();
    storage::Turn spoken = make_turn(event, fresh, self_);
    const Said said = co_await intake_.press_in_words(event, fresh, std::move(spoken));
    if (said == Said::unknown)
        co_return Ack::none();
    if (said == Said::done) {
        const auto requested = co_await stop_.request(last, message.user);
        co_return requested ? Ack::plain() : Ack::none();
    }
    // Recorded first: a question that was stopped for an edition that is nowhere would be lost.
    const std::string id = turn.id;
    const Ack ack = co_await intake_.accept(std::move(turn), event.event_id);
    if (!ack.send)
        co_return ack;
    auto recorded = co_await storage_.get_turn(id, options_.ack_deadline());
    if (!recorded)
        co_return Ack::none();
    std::optional<Ack> answered;
    if (*recorded)
        answered = co_await stop_before(**recorded);
    co_return answered;
}

asio::awaitable<Ack> Edit::stop_before(storage::Turn edition) {
    auto before = co_await storage_.get_turn(edition.replaces, options_.ack_deadline());
    if (!before)
        co_return Ack::none();
    if (!*before)
        co_return Ack::plain();
    const auto requested = co_await stop_.request(**before, kStoppedByEdit);
    co_return requested ? Ack::plain() : Ack::none();
}

void Edit::tell_not_newest(const slack::MessageChanged& change, const storage::Turn& older, bool has_answers_below) {
    const std::string question = kept_question(question_of(change.message, self_));
    const bool is_author = older.user == change.message.user;
    // An edition before this one stopped its first words.
    const bool is_given_up = stop_cause(older) && *stop_cause(older) != StopCause::edit;
    if (!is_author || question.empty() || is_given_up || edit_detail::asks_the_same(change, question, older, self_))
        return;
    NotePlace place = note_place(change.message);
    if (place.thread_ts.empty() && has_answers_below)
        place.thread_ts = change.message.root_ts();
    if (told_.first(older.id))
        notes_.tell(older.user, place,
                    words::say(people_.language_of(older.thread.team, older.user), words::Word::not_newest));
}

asio::awaitable<std::optional<Ack>> Edit::ask_first(const slack::Event& event, const slack::MessageChanged& change,
                                                    bool has_answers_below) {
    const slack::MessageEvent& message = change.message;
    const slack::MessageEvent fresh = edit_detail::as_new(message, self_);
    if (edit_detail::is_by_somebody_else(message) || !is_younger_than(message.ts, edit_detail::kStillNew, wall_now()) ||
        decide(event, fresh, self_).kind == IntakeDecision::Kind::ignore)
        co_return Ack::plain();
    const storage::Turn turn = make_turn(event, fresh, self_);
    auto before = co_await storage_.get_turn(turn.id, options_.ack_deadline());
    if (!before)
        co_return Ack::none();
    // By now it is an older question of the thread.
    if (*before) {
        const bool is_turned_away = co_await intake_.turn_away(event, fresh);
        if (!is_turned_away)
            tell_not_newest(change, **before, has_answers_below);
        co_return Ack::plain();
    }
    auto ack = co_await intake_.take(event, fresh);
    if (!ack.send)
        co_return ack;
    auto recorded = co_await storage_.get_turn(turn.id, options_.ack_deadline());
    if (!recorded)
        co_return Ack::none();
    const std::string question = kept_question(turn.question);
    std::optional<Ack> answered;
    // Else its first words became a question meanwhile, and this edition follows.
    if (!*recorded || (*recorded)->question == question || may_be_named_as(question, (*recorded)->question))
        answered = std::move(ack);
    co_return answered;
}

}  // namespace genie_slack::relay
