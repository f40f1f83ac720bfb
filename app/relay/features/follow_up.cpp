#include "app/relay/features/follow_up.hpp"

#include "core/random.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

storage::Turn make_retry(const storage::Turn& ended, const std::string& user) {
    storage::Turn turn;
    turn.thread = ended.thread;
    // Pressed twice it is one question: the message shows only the turn that ended last.
    turn.question_ts = ended.message_ts + "/again/" + ended.id;
    turn.message_ts = ended.message_ts;
    // A button is no reply that was perhaps meant for others.
    turn.origin = ended.origin == storage::Origin::thread_reply ? storage::Origin::mention : ended.origin;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = user;
    turn.channel_type = ended.channel_type;
    turn.question = ended.question;
    turn.replaces = ended.id;
    turn.received_at = wall_now();
    return turn;
}

asio::awaitable<Ack> FollowUp::ask_again(const Press& press) {
    auto found = co_await storage_.get_turn(press.action.value, options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    const bool is_there =
        *found && pressed_at(press, **found) == PressedAt::answer && press.actions.message_ts == (*found)->progress_ts;
    if (!is_there) {
        notes_.tell(press.user(), press.note_place,
                    words::say(people_.language_of(press.team(), press.user()), words::Word::question_forgotten));
        co_return Ack::plain();
    }
    if (!storage::is_final((*found)->state))
        co_return Ack::plain();
    storage::Turn turn = make_retry(**found, press.user());
    co_return co_await intake_.accept(std::move(turn), "");
}

asio::awaitable<Ack> FollowUp::ask(const Press& press) {
    const slack::BlockActions& actions = press.actions;
    if (actions.channel.empty() || actions.message_ts.empty() || press.action.value.empty())
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = press.thread;
    // The words count: the same button asks something else below an answer that took the message over.
    turn.question_ts = actions.message_ts + "/ask/" + name_uuid(press.action.value);
    turn.message_ts = actions.message_ts;
    turn.origin = storage::Origin::follow_up;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = press.user();
    turn.question = press.action.value;
    turn.received_at = wall_now();
    auto known = co_await storage_.get_turn(turn.id, options_.ack_deadline());
    if (!known)
        co_return Ack::none();
    if (*known) {
        notes_.tell(press.user(), press.note_place,
                    words::say(people_.language_of(press.team(), press.user()), words::Word::follow_up_asked));
        co_return Ack::plain();
    }
    co_return co_await intake_.accept(std::move(turn), "");
}

}  // namespace genie_slack::relay
