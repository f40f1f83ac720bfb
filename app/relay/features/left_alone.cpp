#include "app/relay/features/left_alone.hpp"

#include "app/answer/actions.hpp"
#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace left_alone_detail {

constexpr std::size_t kMessagesLookedAt = 100;  // the newest ones of the thread

}  // namespace left_alone_detail

asio::awaitable<Ack> LeftAlone::press(const Press& press) {
    const auto line = answer::parse_line(press.action.value);
    if (!line || press.actions.channel.empty())
        co_return Ack::plain();
    auto message = co_await read(*line, press.actions.channel);
    if (!message) {
        notes_.tell(press.user(), press.note_place,
                    words::say(people_.language_of(press.team(), press.user()), words::Word::question_forgotten));
        co_return Ack::plain();
    }
    if (message->user != press.user())
        co_return Ack::plain();
    slack::Event event;
    event.team = press.team();
    auto ack = co_await intake_.take_after_all(event, *message);
    if (ack.send)
        notes_.take_back(press.actions.response_url);
    co_return ack;
}

asio::awaitable<std::optional<slack::MessageEvent>> LeftAlone::read(answer::LinePress line, std::string channel) {
    std::optional<slack::MessageEvent> message;
    auto messages = co_await services_.slack.conversation_replies(
        channel, line.thread_ts, left_alone_detail::kMessagesLookedAt, options_.look_deadline());
    if (!messages) {
        log::warn("line.not_read", {{"channel", channel}, {"error", messages.error().to_string()}});
        co_return message;
    }
    const auto found = std::find_if(messages->begin(), messages->end(), [&line](const slack::ThreadMessage& each) {
        return each.ts == line.message_ts && each.bot_id.empty();
    });
    if (found == messages->end())
        co_return message;
    message.emplace();
    message->channel = std::move(channel);
    message->thread_ts = std::move(line.thread_ts);
    message->ts = std::move(line.message_ts);
    message->user = found->user;
    message->text = found->text;
    co_return message;
}

}  // namespace genie_slack::relay
