#include "app/relay/features/welcome.hpp"

#include "app/answer/message/help.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/manners/manners.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <utility>
#include <vector>

namespace genie_slack::relay {

namespace asio = boost::asio;
using words::Word;

namespace welcome_detail {

constexpr Duration kWelcomeTime = std::chrono::seconds(15);
constexpr Duration kClosedTime = std::chrono::hours(1);
constexpr std::size_t kPromptTitle = 60;  // characters that the pane shows without cutting
constexpr std::size_t kThreadTitle = 80;

// Nobody may ask there, so a hello would promise what does not come.
bool is_about_channel(Refusal refusal) {
    switch (refusal) {
        case Refusal::team:
        case Refusal::channel:
        case Refusal::shared_channel:
            return true;
        case Refusal::user:
        case Refusal::foreigner:
        case Refusal::guest:
            return false;
    }
    return true;
}

}  // namespace welcome_detail

void Welcome::SetAside::close_on(const slack::ApiError& error) {
    if (refused_for(error) == RefusedFor::workspace)
        closed_until = Clock::now() + welcome_detail::kClosedTime;
}

void Welcome::opened(const slack::Event& event, const slack::AppHomeOpened& opened) {
    if (opened.tab == "messages")
        offer(visit_of(event, opened.user, opened.channel, self_), "", "");
}

void Welcome::started(const slack::Event& event, const slack::AssistantThreadStarted& started) {
    offer(visit_of(event, started.user, started.channel, self_), started.thread_ts, started.context_channel);
}

void Welcome::looked(const slack::Event& event, const slack::AppContextChanged& looked) {
    offer(visit_of(event, looked.user, looked.channel, self_), "", looked.context_channel);
}

void Welcome::joined(const slack::Event& event, const slack::MemberJoinedChannel& joined) {
    if (joined.user != self_.user_id)
        return;
    if (greeted_.first(joined.channel))
        background_.spawn("hello", say_hello(visit_of(event, joined.inviter, joined.channel, self_)));
}

void Welcome::written(const slack::Event& event, const slack::MessageEvent& message) {
    if (!titles_.is_open() || decide(event, message, self_).kind != IntakeDecision::Kind::question)
        return;
    storage::Turn turn = make_turn(event, message, self_);
    if (turn.origin == storage::Origin::direct_message && !turn.question.empty())
        background_.spawn("title", set_title(turn.thread, turn.question_ts, turn.question));
}

void Welcome::offer(Visit visit, std::string thread_ts, std::string context_channel) {
    background_.spawn("prompts", offer_prompts(std::move(visit), std::move(thread_ts), std::move(context_channel)));
}

asio::awaitable<void> Welcome::offer_prompts(Visit visit, std::string thread_ts, std::string context_channel) {
    using namespace welcome_detail;
    if (!prompts_.is_open())
        co_return;
    // Whose language may not be known yet.
    auto person = co_await directory_.people.find(visit.team, visit.user, Deadline::after(kWelcomeTime));
    const auto refusal = co_await directory_.gate.check(visit, Deadline::after(kWelcomeTime));
    if (refusal)
        co_return;
    Start start = co_await directory_.examples.find(visit.team, std::move(context_channel), visit.user,
                                                    Deadline::after(kWelcomeTime));
    std::vector<slack::WebApi::Prompt> prompts;
    for (const std::string& example : start.examples) {
        slack::WebApi::Prompt prompt;
        prompt.title = slack::truncate(example, kPromptTitle);
        prompt.message = example;
        prompts.push_back(std::move(prompt));
    }
    std::string title = words::say(directory_.people.language_of(visit.team, visit.user), Word::prompts_title);
    auto offered = co_await services_.slack.set_suggested_prompts(visit.channel, std::move(thread_ts), std::move(title),
                                                                  std::move(prompts), Deadline::after(kWelcomeTime));
    if (offered)
        co_return;
    log::info("prompts.refused", {{"error", offered.error().to_string()}});
    prompts_.close_on(offered.error());
}

// The first question names its thread.
asio::awaitable<void> Welcome::set_title(storage::ThreadKey thread, std::string question_ts, std::string question) {
    using namespace welcome_detail;
    auto newest = co_await services_.storage.newest_turn(thread, Deadline::after(kWelcomeTime));
    if (!newest || (*newest && (*newest)->question_ts != question_ts))
        co_return;
    auto titled = co_await services_.slack.set_title(
        thread.channel, thread.thread_ts, slack::truncate(question, kThreadTitle), Deadline::after(kWelcomeTime));
    if (titled)
        co_return;
    log::info("title.refused", {{"error", titled.error().to_string()}});
    titles_.close_on(titled.error());
}

asio::awaitable<void> Welcome::say_hello(Visit visit) {
    using namespace welcome_detail;
    const std::string channel = visit.channel;
    const auto refusal = co_await directory_.gate.check(visit, Deadline::after(kWelcomeTime), Gate::kAtOnce);
    if (refusal && is_about_channel(*refusal)) {
        log::info("hello.left_out", {{"channel", channel}, {"why", to_string(*refusal)}});
        co_return;
    }
    answer::HelpInput input;
    input.language = directory_.people.language_of(visit.team, "");
    input.reason = answer::HelpReason::joined;
    input.bot_user = self_.user_id;
    input.heard = heard_in_threads(options_.thread_replies);
    // Whoever may not ask is shown nothing of a space, also where others may.
    if (!refusal) {
        Start start = co_await directory_.examples.find(visit.team, channel, "", Deadline::after(kWelcomeTime));
        input.examples = std::move(start.examples);
        if (start.space)
            input.space_title = start.space->title;
    }
    answer::Rendered hello = answer::render_help(input);
    slack::OutgoingMessage message(channel, std::move(hello.text));
    message.blocks = std::move(hello.blocks);
    message.metadata_type = kNoteMetadata;
    auto posted = co_await post_note(services_.slack, std::move(message), Deadline::after(kWelcomeTime));
    if (!posted)
        log::warn("hello.not_said", {{"channel", channel}, {"error", posted.error().to_string()}});
}

}  // namespace genie_slack::relay
