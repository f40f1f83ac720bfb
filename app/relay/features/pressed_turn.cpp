#include "app/relay/features/pressed_turn.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

asio::awaitable<PressedTurn> find_pressed_turn(storage::Storage& storage, const People& people, Notes& notes,
                                               const Press& press, std::string turn_id, StandsThere stands_there,
                                               words::Word forgotten, Deadline deadline) {
    PressedTurn pressed;
    auto found = co_await storage.get_turn(std::move(turn_id), deadline);
    if (!found) {
        pressed.otherwise = slack::Ack::none();
        co_return pressed;
    }
    if (*found && stands_there(press, **found))
        pressed.turn = std::move(**found);
    else
        notes.tell(press.user(), press.note_place,
                   words::say(people.language_of(press.team(), press.user()), forgotten));
    co_return pressed;
}

}  // namespace genie_slack::relay
