#include "app/relay/features/home.hpp"

#include "app/answer/message/text_pieces.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/directory/default_space.hpp"
#include "app/relay/manners/continuation.hpp"
#include "app/relay/manners/manners.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <set>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using storage::DefaultOf;
using words::Word;

namespace home_detail {

constexpr Duration kPersonTime = std::chrono::seconds(2);
constexpr Duration kGateTime = std::chrono::seconds(2);
constexpr Duration kLookUpTime = std::chrono::seconds(5);
constexpr Duration kPublishTime = std::chrono::seconds(15);
constexpr std::size_t kShownQuestion = 150;
constexpr std::size_t kLookedThrough = 4;  // for each question that is shown

// The person's questions that say by themselves what was asked, each once for its thread.
std::vector<storage::Turn> telling(const std::vector<storage::Turn>& turns) {
    std::set<std::string> replaced;
    std::set<std::pair<storage::ThreadKey, std::string>> seen;
    std::vector<storage::Turn> found;
    for (const storage::Turn& turn : turns) {
        if (!turn.replaces.empty())
            replaced.insert(turn.replaces);
        const bool is_first = has_no_thread(turn) || turn.message_ts == turn.thread.thread_ts;
        const bool leans = is_mere_continuation(turn.question) || (!is_first && leans_on_context(turn.question));
        const bool is_deleted = turn.is_deleted || turn.failure == kStoppedByDeletion;
        // Perhaps it was said to people: nobody but its writer read that it was no question.
        const bool is_quiet =
            turn.origin == storage::Origin::thread_reply && storage::is_final(turn.state) && turn.progress_ts.empty();
        // A mention without words says nothing either.
        if (!turn.question.empty() && !is_deleted && !is_quiet && !leans && !replaced.contains(turn.id) &&
            seen.emplace(turn.thread, turn.question).second && found.size() < answer::kRecentQuestions)
            found.push_back(turn);
    }
    return found;
}

std::string hash_of(const boost::json::object& view) {
    const auto* value = view.if_contains("hash");
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace home_detail

void Home::show_again(const Visit& visitor, std::string notice) {
    background_.spawn("home", publish(visitor, std::move(notice)));
}

asio::awaitable<Ack> Home::opened(const slack::Event& event, const slack::AppHomeOpened& opened) {
    if (opened.tab == "home")
        show_again(visit_of(event, opened.user, opened.channel, self_), "");
    co_return Ack::plain();
}

asio::awaitable<Ack> Home::ask(const Press& press) {
    using namespace home_detail;
    const Visit& visitor = press.visit;
    const std::string& question = press.action.value;
    const auto language = directory_.people.language_of(visitor.team, visitor.user);
    if (visitor.channel.empty() || question.empty()) {
        show_again(visitor, words::say(language, Word::home_not_asked));
        co_return Ack::plain();
    }
    const std::string trigger =
        press.actions.view_id + "/" + hash_of(press.actions.view) + "/" + press.action.action_id;
    storage::Turn turn = make_private_turn(storage::Origin::home, visitor, trigger, question);
    auto ack = co_await intake_.accept(std::move(turn), "");
    if (!ack.send)
        co_return ack;
    const std::string shown = answer::escape_within(question, kShownQuestion);
    show_again(visitor, words::say(language, Word::home_asked, {{"question", shown}}));
    co_return ack;
}

asio::awaitable<Ack> Home::set_space(const Press& press, std::string space_id) {
    const Visit& visitor = press.visit;
    const auto language = directory_.people.language_of(visitor.team, visitor.user);
    storage::SpaceDefault wanted;
    if (!space_id.empty()) {
        auto space = co_await directory_.spaces.find(space_id, options_.ack_deadline());
        if (!space || !*space) {
            log::warn("space.refused", {{"user", visitor.user}, {"space", space_id}});
            show_again(visitor, words::say(language, Word::space_refused));
            co_return Ack::plain();
        }
        wanted.space_id = (*space)->id;
        wanted.space_name = (*space)->title;
    }
    auto stored = co_await keep_default_space(services_.storage, DefaultOf::person, visitor.team, visitor.user,
                                              std::move(wanted), visitor.user, options_.ack_deadline());
    show_again(visitor, stored ? std::string() : words::say(language, Word::default_not_kept));
    co_return Ack::plain();
}

asio::awaitable<void> Home::publish(Visit visitor, std::string notice) {
    // Whose language may not be known yet.
    auto person =
        co_await directory_.people.find(visitor.team, visitor.user, Deadline::after(home_detail::kPersonTime));
    const auto refusal = co_await directory_.gate.check(visitor, Deadline::after(home_detail::kGateTime));
    answer::HomeInput input;
    input.language = directory_.people.language_of(visitor.team, visitor.user);
    input.private_metadata = visitor.channel;
    input.bot_user = self_.user_id;
    input.heard = heard_in_threads(options_.thread_replies);
    input.notice = std::move(notice);
    if (refusal)
        input.refusal = words::say(input.language, word_for(*refusal));
    else
        co_await look_up(visitor, input);
    co_await show(std::move(visitor.user), std::move(input));
}

// Reads what the tab shows. What cannot be had is left out.
asio::awaitable<void> Home::look_up(const Visit& visitor, answer::HomeInput& input) {
    using namespace home_detail;
    auto spaces = co_await directory_.spaces.list(Deadline::after(kLookUpTime));
    if (spaces)
        input.spaces = std::move(*spaces);
    auto kept = co_await services_.storage.get_default_space(DefaultOf::person, visitor.team, visitor.user,
                                                             Deadline::after(kLookUpTime));
    if (kept && *kept)
        input.space = std::move(**kept);
    Start start = co_await directory_.examples.find(visitor.team, "", visitor.user, Deadline::after(kLookUpTime));
    input.examples = std::move(start.examples);
    auto turns = co_await services_.storage.recent_turns(
        visitor.team, visitor.user, kLookedThrough * answer::kRecentQuestions, Deadline::after(kLookUpTime));
    if (turns) {
        input.recent.emplace();
        for (const storage::Turn& turn : telling(*turns)) {
            answer::HomeInput::Question question;
            question.text = turn.question;
            question.link = answer_link(self_.url, turn);
            question.space_title = turn.space_name;
            question.asked_at = turn.received_at;
            question.state = turn.state;
            input.recent->push_back(std::move(question));
        }
    }
    if (options_.admins.contains(visitor.user)) {
        auto usage = co_await services_.storage.usage(Deadline::after(kLookUpTime));
        if (usage)
            input.usage = *usage;
        else
            log::warn("usage.unknown", {{"error", usage.error().message}});
    }
}

asio::awaitable<void> Home::show(std::string user, answer::HomeInput input) {
    for (const bool is_searchable : {true, false}) {
        input.is_searchable = is_searchable;
        auto published = co_await services_.slack.publish_view(user, answer::render_home(input),
                                                               Deadline::after(home_detail::kPublishTime));
        if (published)
            co_return;
        log::warn("home.not_published", {{"user", user}, {"error", published.error().to_string()}});
        if (published.error().fault != slack::ApiFault::payload && !is_indigestible(published.error()))
            co_return;
    }
}

}  // namespace genie_slack::relay
