#include "app/relay/help.hpp"

#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/notes.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace help_detail {

constexpr Duration kExampleTime = std::chrono::seconds(5);
constexpr Duration kPostTime = std::chrono::seconds(30);

}  // namespace help_detail

std::optional<answer::HelpReason> Help::reason_for(const slack::MessageEvent& message, const storage::Turn& turn) {
    if (message.has_files)
        return std::nullopt;
    if (answer::is_call_for_help(turn.question))
        return answer::HelpReason::asked;
    // Within a thread a greeting is part of a conversation.
    if (message.root_ts() == message.ts && answer::is_greeting(turn.question))
        return answer::HelpReason::hello;
    return std::nullopt;
}

// A mention comes as two events, each of which may come again.
bool Help::begin(const slack::MessageEvent& message) {
    return helped_.first({message.channel, message.ts});
}

asio::awaitable<void> Help::post(storage::ThreadKey thread, std::string user, answer::HelpReason reason) {
    using namespace help_detail;
    Start start = co_await directory_.examples.find(thread.team, thread.channel, user, Deadline::after(kExampleTime));
    answer::HelpInput input;
    input.language = directory_.people.language_of(thread.team, user);
    input.reason = reason;
    input.bot_user = self_.user_id;
    input.heard = heard_in_threads(options_.thread_replies);
    input.examples = std::move(start.examples);
    if (start.space)
        input.space_title = start.space->title;
    answer::Rendered rendered = answer::render_help(input);
    slack::OutgoingMessage message(thread.channel, std::move(rendered.text));
    message.thread_ts = thread.thread_ts;
    message.blocks = std::move(rendered.blocks);
    message.metadata_type = kNoteMetadata;
    const std::string text = message.text;
    auto posted = co_await post_note(slack_, std::move(message), Deadline::after(kPostTime));
    // The message that called is gone from Slack: help at the channel's root is for nobody.
    if (posted && posted->thread_ts != thread.thread_ts) {
        auto removed = co_await slack_.delete_message(thread.channel, posted->ts, Deadline::after(kPostTime));
        if (!removed)
            log::warn("help.not_removed", {{"channel", thread.channel}, {"error", removed.error().to_string()}});
    }
    if (posted)
        co_return;
    log::warn("help.not_posted", {{"channel", thread.channel}, {"error", posted.error().to_string()}});
    // What Slack may have taken is not said twice.
    if (posted.error().fault == slack::ApiFault::ambiguous)
        co_return;
    auto told = co_await tell_privately(slack_, std::move(user), thread.channel, text, Deadline::after(kPostTime));
    if (!told)
        log::warn("help.not_told", {{"channel", thread.channel}, {"error", told.error().to_string()}});
}

}  // namespace genie_slack::relay
