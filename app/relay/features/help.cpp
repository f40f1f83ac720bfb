#include "app/relay/features/help.hpp"
#include "app/relay/delivery/messenger.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace help_desk_detail {

constexpr Duration kExampleTime = std::chrono::seconds(5);
constexpr Duration kPostTime = std::chrono::seconds(30);
constexpr std::size_t kMostHelped = 1'000;

}  // namespace help_desk_detail

RelayPart::Answer<Ack> HelpDesk::on_event(const slack::Event& event) {
    const auto* message = std::get_if<slack::MessageEvent>(&event.body);
    if (!message || message->has_files || decide(event, *message, context_.self).kind != IntakeDecision::Kind::question)
        co_return std::nullopt;
    const storage::Turn turn = make_turn(event, *message, context_.self);
    const bool wants_help = answer::is_call_for_help(turn.question);
    // Within a thread thanks and the like are part of a conversation.
    const bool is_small_talk = message->root_ts() == message->ts && answer::is_small_talk(turn.question);
    if (!wants_help && !is_small_talk)
        co_return std::nullopt;
    Visit visit;
    visit.team = turn.thread.team;
    visit.user = turn.user;
    visit.user_team = message->user_team;
    visit.channel = turn.thread.channel;
    visit.is_im = message->channel_type == "im";
    visit.is_ext_shared = event.ext_shared_channel;
    if (context_.gate.check_known(visit))
        co_return std::nullopt;
    if (helped_.size() >= help_desk_detail::kMostHelped)
        helped_.clear();
    // A mention comes as two events, each of which may come again.
    if (helped_.emplace(turn.thread.channel, turn.question_ts).second)
        context_.spawn(
            "help", help(turn.thread, turn.user, wants_help ? answer::HelpReason::asked : answer::HelpReason::hello));
    co_return Ack::plain();
}

asio::awaitable<void> HelpDesk::help(storage::ThreadKey thread, std::string user, answer::HelpReason reason) {
    using namespace help_desk_detail;
    Start start = co_await examples_.find(thread.team, thread.channel, user, Deadline::after(kExampleTime));
    answer::HelpInput input;
    input.language = context_.language_of(thread.team, user);
    input.reason = reason;
    input.bot_user = context_.self.user_id;
    input.examples = std::move(start.examples);
    if (start.space)
        input.space_title = start.space->title;
    answer::Rendered rendered = answer::render_help(input);
    slack::OutgoingMessage message(thread.channel, std::move(rendered.text));
    message.thread_ts = thread.thread_ts;
    message.blocks = std::move(rendered.blocks);
    message.metadata_type = kNoteMetadata;
    auto posted = co_await context_.slack.post_message(std::move(message), Deadline::after(kPostTime));
    if (!posted)
        log::warn("help.not_posted", {{"channel", thread.channel}, {"error", posted.error().to_string()}});
}

}  // namespace genie_slack::relay
