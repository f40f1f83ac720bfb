// A space that is chosen by its name, in a reply below the list.
#include "app/relay/directory/named_space.hpp"
#include "app/relay/features/space_choice.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace space_reply_detail {

constexpr std::size_t kTurnsLookedAt = 10;  // the person's newest ones

// Whether the message stands where the turn's picker does: in its thread, or anywhere in the direct message.
bool is_asked_where(const storage::Turn& turn, const slack::MessageEvent& message) {
    const storage::ThreadKey answered = thread_of_answer(turn);
    const bool is_reply = message.root_ts() != message.ts;
    const auto is_here = [&](const storage::ThreadKey& thread) {
        return thread.channel == message.channel &&
               (is_reply ? thread.thread_ts == message.root_ts() : message.is_direct());
    };
    return is_here(turn.thread) || is_here(answered);
}

}  // namespace space_reply_detail

asio::awaitable<std::optional<Ack>> SpaceChoice::written(const slack::Event& event,
                                                         const slack::MessageEvent& message) {
    using namespace space_reply_detail;
    std::optional<Ack> taken;
    const auto& known = directory_.spaces.known();
    if (!known || known->size() < 2 || decide(event, message, self_).kind == IntakeDecision::Kind::ignore)
        co_return taken;
    const storage::Turn spoken = make_turn(event, message, self_);
    auto space = named_space(*known, spoken.question);
    if (!space)
        co_return taken;
    // A mention comes as two events, each of which may come again.
    const std::string key = message.channel + '/' + message.ts;
    if (chosen_.has(key)) {
        taken = Ack::plain();
        co_return taken;
    }
    auto turns = co_await services_.storage.recent_turns(spoken.thread.team, message.user, kTurnsLookedAt,
                                                         options_.ack_deadline());
    if (!turns)
        co_return taken;
    const auto waiting = std::find_if(turns->begin(), turns->end(), [&](const storage::Turn& turn) {
        return is_asked_where(turn, message) && turn.state == storage::TurnState::awaiting_space;
    });
    const bool is_chosen = std::any_of(turns->begin(), turns->end(), [&](const storage::Turn& turn) {
        return is_asked_where(turn, message) && !storage::is_final(turn.state) && turn.space_id == space->id;
    });
    const Visit visit = visit_of(event, message, self_);
    const bool is_waiting = waiting != turns->end() && !directory_.gate.check_known(visit);
    // The other event of the mention has chosen it in another process.
    const bool is_twin = is_chosen && names_us(message.text, self_);
    if (!is_waiting && !is_twin)
        co_return taken;
    taken = lanes_.is_stopping() ? Ack::none() : Ack::plain();
    if (!is_waiting || lanes_.is_stopping())
        co_return taken;
    chosen_.first(key);
    Choice choice;
    choice.turn_id = waiting->id;
    choice.space = std::move(*space);
    choice.visit = visit;
    choice.note_place = note_place(message);
    const storage::Turn& turn = *waiting;
    co_await settle(std::move(choice), turn);
    co_return taken;
}

}  // namespace genie_slack::relay
