#include "app/relay/features/follow_up.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

asio::awaitable<Ack> FollowUp::ask(const Press& press) {
    const slack::BlockActions& actions = press.actions;
    if (actions.channel.empty() || actions.message_ts.empty() || press.action.value.empty())
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = press.thread;
    // Message and button together make the turn's id.
    turn.question_ts = actions.message_ts + "/" + press.action.action_id;
    turn.message_ts = actions.message_ts;
    turn.origin = storage::Origin::follow_up;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = press.user();
    turn.question = press.action.value;
    turn.received_at = wall_now();
    co_return co_await intake_.accept(std::move(turn), "");
}

}  // namespace genie_slack::relay
