#include "app/relay/features/follow_up.hpp"

#include "app/relay/features/pressed_turn.hpp"
#include "app/relay/manners/continuation.hpp"
#include "core/random.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace follow_up_detail {

constexpr Duration kContextTime = std::chrono::milliseconds(800);  // of what is left until the ack
constexpr std::size_t kStepsBefore = 40;                           // of the thread's record: about ten questions

bool stands_at_answer(const Press& press, const storage::Turn& turn) {
    return pressed_at(press, turn) == PressedAt::answer && press.actions.message_ts == turn.progress_ts;
}

}  // namespace follow_up_detail

std::string spoken_retry(const std::string& spoken_ts) {
    return spoken_ts + "/again";
}

storage::Turn make_retry(const storage::Turn& ended, const std::string& user, const std::string& spoken_ts) {
    storage::Turn turn;
    turn.thread = ended.thread;
    // Pressed twice it is one question: the message shows only the turn that ended last.
    turn.question_ts = ended.message_ts + "/again/" + ended.id;
    // Words that are delivered again may find another turn that has ended by now.
    if (!spoken_ts.empty())
        turn.question_ts = spoken_retry(spoken_ts);
    turn.message_ts = ended.message_ts;
    turn.edited_ts = ended.edited_ts;
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

asio::awaitable<std::optional<std::string>> question_in_full(storage::Storage& storage, storage::Turn turn,
                                                             Deadline deadline) {
    std::optional<std::string> question = turn.question;
    if (!leans_on_context(turn.question))
        co_return question;
    auto steps = co_await storage.get_steps(storage::thread_id(turn.thread), follow_up_detail::kStepsBefore, deadline);
    question.reset();
    if (steps)
        question = asked_in_full(turn, *steps);
    co_return question;
}

asio::awaitable<std::optional<std::string>> FollowUp::words_to_ask(const Press& press) {
    const Deadline deadline = Deadline::after(follow_up_detail::kContextTime);
    std::optional<std::string> words = press.action.value;
    if (!leans_on_context(*words))
        co_return words;
    auto newest = co_await storage_.newest_turn(press.thread, deadline);
    auto above =
        co_await storage_.find_turn_by_answer(press.team(), press.actions.channel, press.actions.message_ts, deadline);
    if (!newest || !above) {
        words.reset();
        co_return words;
    }
    if (!*above)
        co_return words;
    bool is_newest = !*newest || (*newest)->id == (*above)->id;
    // A private answer stands in another thread than its question; both go on with one conversation.
    if (is_newest && (*above)->thread != press.thread) {
        auto newest_there = co_await storage_.newest_turn((*above)->thread, deadline);
        is_newest = !newest_there || !*newest_there || (*newest_there)->id == (*above)->id;
    }
    if (is_newest)
        co_return words;
    // With what the one who presses may read.
    storage::Turn asked = **above;
    asked.user = press.user();
    auto before = co_await question_in_full(storage_, std::move(asked), deadline);
    words.reset();
    if (before)
        words = with_context(press.action.value, *before);
    co_return words;
}

asio::awaitable<Ack> FollowUp::ask_again(const Press& press) {
    auto found = co_await find_pressed_turn(storage_, people_, notes_, press, press.action.value,
                                            follow_up_detail::stands_at_answer, words::Word::question_forgotten,
                                            options_.ack_deadline());
    if (!found.turn)
        co_return found.otherwise;
    if (!storage::is_final(found.turn->state))
        co_return Ack::plain();
    storage::Turn turn = make_retry(*found.turn, press.user(), press.spoken_ts);
    const Deadline deadline = Deadline::after(follow_up_detail::kContextTime);
    auto newest = co_await storage_.newest_turn(turn.thread, deadline);
    if (!newest)
        co_return Ack::none();
    if (*newest && (*newest)->id != turn.replaces) {
        storage::Turn asked = std::move(*found.turn);
        asked.user = press.user();
        auto question = co_await question_in_full(storage_, std::move(asked), deadline);
        if (!question)
            co_return Ack::none();
        turn.question = std::move(*question);
    }
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
    // An answer for one person alone is nobody else's.
    if (options_.private_answers)
        turn.question_ts += '/' + press.user();
    turn.message_ts = actions.message_ts;
    turn.origin = storage::Origin::follow_up;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = press.user();
    turn.received_at = wall_now();
    auto known = co_await storage_.get_turn(turn.id, options_.ack_deadline());
    if (!known)
        co_return Ack::none();
    if (*known) {
        notes_.tell(press.user(), press.note_place,
                    words::say(people_.language_of(press.team(), press.user()), words::Word::follow_up_asked));
        co_return Ack::plain();
    }
    auto words = co_await words_to_ask(press);
    if (!words)
        co_return Ack::none();
    turn.question = std::move(*words);
    co_return co_await intake_.accept(std::move(turn), "");
}

}  // namespace genie_slack::relay
