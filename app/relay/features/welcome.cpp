#include "app/relay/features/welcome.hpp"
#include "app/relay/delivery/messenger.hpp"

#include "app/answer/message/help.hpp"
#include "core/log.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <utility>
#include <vector>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using slack::ErrorClass;
using words::Word;

namespace welcome_detail {

constexpr Duration kWelcomeTime = std::chrono::seconds(15);
constexpr Duration kClosedTime = std::chrono::hours(1);
constexpr std::size_t kPromptTitle = 60;  // characters that the pane shows without cutting
constexpr std::size_t kThreadTitle = 80;
constexpr std::size_t kMostGreeted = 10'000;

}  // namespace welcome_detail

void Welcome::Feature::close_on(const slack::ApiError& error) {
    switch (error.error_class) {
        case ErrorClass::auth:
        case ErrorClass::config:
        case ErrorClass::payload:
        case ErrorClass::expired:
        case ErrorClass::streaming:
            closed_until = Clock::now() + welcome_detail::kClosedTime;
            break;
        case ErrorClass::rate:
        case ErrorClass::transient:
        case ErrorClass::ambiguous:
        case ErrorClass::cancelled:
            break;
    }
}

RelayPart::Answer<Ack> Welcome::on_event(const slack::Event& event) {
    const std::string team = event.team.empty() ? context_.self.team : event.team;
    if (const auto* opened = std::get_if<slack::AppHomeOpened>(&event.body)) {
        if (opened->tab != "messages")
            co_return std::nullopt;
        context_.spawn("prompts", offer_prompts(team, opened->user, opened->channel, "", ""));
        co_return Ack::plain();
    }
    if (const auto* started = std::get_if<slack::AssistantThreadStarted>(&event.body)) {
        context_.spawn("prompts", offer_prompts(team, started->user, started->channel, started->thread_ts,
                                                started->context_channel));
        co_return Ack::plain();
    }
    if (const auto* looked = std::get_if<slack::AppContextChanged>(&event.body)) {
        context_.spawn("prompts", offer_prompts(team, looked->user, looked->channel, "", looked->context_channel));
        co_return Ack::plain();
    }
    if (const auto* joined = std::get_if<slack::MemberJoinedChannel>(&event.body)) {
        if (joined->user == context_.self.user_id)
            greet_channel(team, joined->channel);
        co_return Ack::plain();
    }
    const auto* message = std::get_if<slack::MessageEvent>(&event.body);
    if (message && message->channel_type == "im" &&
        decide(event, *message, context_.self).kind == IntakeDecision::Kind::question) {
        storage::Turn turn = make_turn(event, *message, context_.self);
        if (!turn.question.empty() && titles_.is_open())
            context_.spawn("title", set_title(turn.thread, turn.question_ts, turn.question));
    }
    co_return std::nullopt;
}

asio::awaitable<void> Welcome::offer_prompts(std::string team, std::string user, std::string channel,
                                             std::string thread_ts, std::string context_channel) {
    using namespace welcome_detail;
    if (!prompts_.is_open())
        co_return;
    // Whose language is not known yet.
    auto person = co_await context_.people.find(team, user, Deadline::after(kWelcomeTime));
    if (context_.refusal(team, user, channel))
        co_return;
    Start start = co_await examples_.find(team, context_channel, user, Deadline::after(kWelcomeTime));
    std::vector<slack::WebApi::Prompt> prompts;
    for (const std::string& example : start.examples) {
        slack::WebApi::Prompt prompt;
        prompt.title = slack::truncate(example, kPromptTitle);
        prompt.message = example;
        prompts.push_back(std::move(prompt));
    }
    std::string title = words::say(context_.language_of(team, user), Word::prompts_title);
    auto offered = co_await context_.slack.set_suggested_prompts(channel, thread_ts, std::move(title),
                                                                 std::move(prompts), Deadline::after(kWelcomeTime));
    if (offered)
        co_return;
    log::info("prompts.refused", {{"error", offered.error().to_string()}});
    prompts_.close_on(offered.error());
}

// The first question names its thread.
asio::awaitable<void> Welcome::set_title(storage::ThreadKey thread, std::string question_ts, std::string question) {
    using namespace welcome_detail;
    auto newest = co_await context_.storage.newest_turn(thread, Deadline::after(kWelcomeTime));
    if (!newest || (*newest && (*newest)->question_ts != question_ts))
        co_return;
    auto titled = co_await context_.slack.set_title(
        thread.channel, thread.thread_ts, slack::truncate(question, kThreadTitle), Deadline::after(kWelcomeTime));
    if (titled)
        co_return;
    log::info("title.refused", {{"error", titled.error().to_string()}});
    titles_.close_on(titled.error());
}

void Welcome::greet_channel(const std::string& team, const std::string& channel) {
    if (greeted_.size() >= welcome_detail::kMostGreeted)
        greeted_.clear();
    if (greeted_.insert(channel).second)
        context_.spawn("hello", say_hello(team, channel));
}

asio::awaitable<void> Welcome::say_hello(std::string team, std::string channel) {
    using namespace welcome_detail;
    Start start = co_await examples_.find(team, channel, "", Deadline::after(kWelcomeTime));
    answer::HelpInput input;
    input.language = context_.language_of(team, "");
    input.reason = answer::HelpReason::joined;
    input.bot_user = context_.self.user_id;
    input.examples = std::move(start.examples);
    if (start.space)
        input.space_title = start.space->title;
    answer::Rendered hello = answer::render_help(input);
    slack::OutgoingMessage message(channel, std::move(hello.text));
    message.blocks = std::move(hello.blocks);
    message.metadata_type = kNoteMetadata;
    auto posted = co_await context_.slack.post_message(std::move(message), Deadline::after(kWelcomeTime));
    if (!posted)
        log::warn("hello.not_said", {{"channel", channel}, {"error", posted.error().to_string()}});
}

}  // namespace genie_slack::relay
