#include "app/relay/shared_above.hpp"

#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/manners/continuation.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace shared_above_detail {

constexpr std::size_t kMessagesLookedAt = 30;

}  // namespace shared_above_detail

asio::awaitable<std::optional<storage::Turn>> shared_above(slack::WebApi& slack, storage::Storage& storage,
                                                           storage::ThreadKey thread, Deadline soon) {
    using namespace shared_above_detail;
    std::optional<storage::Turn> above;
    // Such a thread has a space, and no conversation yet.
    auto conversation = co_await storage.get_conversation(thread, soon);
    if (!conversation || !*conversation || !(*conversation)->conversation_id.empty())
        co_return above;
    auto newest = co_await storage.newest_turn(thread, soon);
    if (!newest || *newest)
        co_return above;
    auto messages = co_await slack.conversation_replies(thread.channel, thread.thread_ts, kMessagesLookedAt, soon);
    if (!messages) {
        log::warn("thread.not_read", {{"channel", thread.channel}, {"error", messages.error().to_string()}});
        co_return above;
    }
    const auto root = std::find_if(messages->begin(), messages->end(), [&thread](const slack::ThreadMessage& each) {
        return each.ts == thread.thread_ts && each.metadata_type == kTurnMetadata;
    });
    if (root == messages->end())
        co_return above;
    auto turn = co_await storage.get_turn(metadata_of(*root, "turn"), soon);
    // Metadata is what anybody may write: the turn itself has to know its copy.
    const bool is_there = turn && *turn && has_no_thread(**turn) && (*turn)->shared_ts == thread.thread_ts &&
                          (*turn)->thread.channel == thread.channel && (*turn)->thread.team == thread.team;
    if (is_there)
        above = std::move(*turn);
    co_return above;
}

asio::awaitable<std::string> question_below_copy(slack::WebApi& slack, storage::Storage& storage, storage::Turn turn,
                                                 Deadline soon) {
    const bool is_below = turn.message_ts != turn.thread.thread_ts || turn.origin == storage::Origin::follow_up;
    if (has_no_thread(turn) || !is_below || is_asked_directly(turn) || !leans_on_context(turn.question))
        co_return turn.question;
    auto above = co_await shared_above(slack, storage, turn.thread, soon);
    co_return above ? with_context(turn.question, above->question) : turn.question;
}

}  // namespace genie_slack::relay
