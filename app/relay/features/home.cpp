#include "app/relay/features/home.hpp"

#include "app/answer/message/text_pieces.hpp"
#include "app/relay/features/command.hpp"
#include "app/relay/features/space_choice.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using storage::DefaultOf;
using words::Word;

namespace home_tab_detail {

constexpr Duration kPersonTime = std::chrono::seconds(2);
constexpr Duration kLookUpTime = std::chrono::seconds(5);
constexpr Duration kPublishTime = std::chrono::seconds(15);
constexpr std::size_t kShownQuestion = 150;

std::string text_of(const boost::json::object& view, const char* key) {
    const auto* value = view.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace home_tab_detail

RelayPart::Answer<Ack> HomeTab::on_event(const slack::Event& event) {
    const auto* opened = std::get_if<slack::AppHomeOpened>(&event.body);
    if (!opened || opened->tab != "home")
        co_return std::nullopt;
    Visitor visitor;
    visitor.team = event.team.empty() ? context_.self.team : event.team;
    visitor.user = opened->user;
    visitor.channel = opened->channel;
    context_.spawn("home", publish(std::move(visitor), ""));
    co_return Ack::plain();
}

HomeTab::Visitor HomeTab::visitor_of(const slack::BlockActions& actions) const {
    Visitor visitor;
    visitor.team = actions.team.empty() ? context_.self.team : actions.team;
    visitor.user = actions.user;
    visitor.channel = home_tab_detail::text_of(actions.view, "private_metadata");
    return visitor;
}

RelayPart::Answer<Ack> HomeTab::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions) {
        if (action.action_id.starts_with(answer::kHomeAskAction))
            co_return co_await ask(actions, action);
        if (action.action_id == answer::kHomeSpaceAction)
            co_return co_await set_space(actions, action.value);
        if (action.action_id == answer::kHomeNoSpaceAction)
            co_return co_await set_space(actions, "");
    }
    co_return std::nullopt;
}

// A button asks once in each view that was published: pressing it publishes the next one.
asio::awaitable<Ack> HomeTab::ask(const slack::BlockActions& actions, const slack::Action& action) {
    using namespace home_tab_detail;
    const Visitor visitor = visitor_of(actions);
    const auto language = context_.language_of(visitor.team, visitor.user);
    const auto refusal = context_.refusal(visitor.team, visitor.user, visitor.channel);
    if (refusal || visitor.channel.empty() || action.value.empty()) {
        log::info("question.refused", {{"user", visitor.user}, {"why", refusal ? to_string(*refusal) : "no place"}});
        context_.spawn("home",
                       publish(visitor, words::say(language, refusal ? word_for(*refusal) : Word::home_not_asked)));
        co_return Ack::plain();
    }
    const std::string trigger = actions.view_id + "/" + text_of(actions.view, "hash") + "/" + action.action_id;
    storage::Turn turn =
        make_private_turn(storage::Origin::home, visitor.team, visitor.channel, visitor.user, trigger, action.value);
    auto ack = co_await context_.accept(std::move(turn), "");
    if (!ack.send)
        co_return ack;
    const std::string question = answer::escape_within(action.value, kShownQuestion);
    context_.spawn("home", publish(visitor, words::say(language, Word::home_asked, {{"question", question}})));
    co_return ack;
}

asio::awaitable<Ack> HomeTab::set_space(const slack::BlockActions& actions, std::string space_id) {
    const Visitor visitor = visitor_of(actions);
    const auto language = context_.language_of(visitor.team, visitor.user);
    storage::SpaceDefault wanted;
    if (!space_id.empty()) {
        auto space = co_await context_.spaces.find(space_id, context_.ack_deadline());
        if (!space || !*space) {
            log::warn("space.refused", {{"user", visitor.user}, {"space", space_id}});
            context_.spawn("home", publish(visitor, words::say(language, Word::space_refused)));
            co_return Ack::plain();
        }
        wanted.space_id = (*space)->id;
        wanted.space_name = (*space)->title;
    }
    auto stored = co_await context_.storage.set_default_space(DefaultOf::person, visitor.team, visitor.user,
                                                              std::move(wanted), context_.ack_deadline());
    if (stored)
        log::info("space.default",
                  {{"kind", "person"}, {"id", visitor.user}, {"space", space_id}, {"user", visitor.user}});
    context_.spawn("home", publish(visitor, stored ? std::string() : words::say(language, Word::default_not_kept)));
    co_return Ack::plain();
}

asio::awaitable<void> HomeTab::publish(Visitor visitor, std::string notice) {
    using namespace home_tab_detail;
    auto person = co_await context_.people.find(visitor.team, visitor.user, Deadline::after(kPersonTime));
    answer::HomeInput input;
    input.language = context_.language_of(visitor.team, visitor.user);
    input.private_metadata = visitor.channel;
    input.bot_user = context_.self.user_id;
    input.notice = std::move(notice);
    const auto refusal = context_.refusal(visitor.team, visitor.user, visitor.channel);
    if (refusal) {
        input.refusal = words::say(input.language, word_for(*refusal));
        co_await show(std::move(visitor.user), std::move(input));
        co_return;
    }
    auto spaces = co_await context_.spaces.list(Deadline::after(kLookUpTime));
    if (spaces)
        input.spaces = std::move(*spaces);
    auto kept = co_await context_.storage.get_default_space(DefaultOf::person, visitor.team, visitor.user,
                                                            Deadline::after(kLookUpTime));
    if (kept && *kept)
        input.space = std::move(**kept);
    Start start = co_await examples_.find(visitor.team, "", visitor.user, Deadline::after(kLookUpTime));
    input.examples = std::move(start.examples);
    auto turns = co_await context_.storage.recent_turns(visitor.team, visitor.user, answer::kRecentQuestions,
                                                        Deadline::after(kLookUpTime));
    if (turns) {
        input.recent.emplace();
        for (const storage::Turn& turn : *turns) {
            answer::HomeInput::Question question;
            question.text = turn.question;
            question.link = message_link(context_.self.url, storage::answer_channel(turn), turn.progress_ts);
            question.space_title = turn.space_name;
            question.asked_at = turn.received_at;
            question.state = turn.state;
            input.recent->push_back(std::move(question));
        }
    }
    if (context_.options.admins.contains(visitor.user)) {
        auto usage = co_await context_.storage.usage(Deadline::after(kLookUpTime));
        if (usage)
            input.usage = *usage;
        else
            log::warn("usage.unknown", {{"error", usage.error().message}});
    }
    co_await show(std::move(visitor.user), std::move(input));
}

asio::awaitable<void> HomeTab::show(std::string user, answer::HomeInput input) {
    for (const bool is_searchable : {true, false}) {
        input.is_searchable = is_searchable;
        auto published = co_await context_.slack.publish_view(user, answer::render_home(input),
                                                              Deadline::after(home_tab_detail::kPublishTime));
        if (published)
            co_return;
        log::warn("home.not_published", {{"user", user}, {"error", published.error().to_string()}});
        if (published.error().error_class != slack::ErrorClass::payload)
            co_return;
    }
}

}  // namespace genie_slack::relay
