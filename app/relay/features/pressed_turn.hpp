// The question that a button names, as every feature looks it up.
#pragma once

#include "app/relay/directory/people.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/press.hpp"
#include "app/words/words.hpp"
#include "slack/socket/socket_mode.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace genie_slack::relay {

struct PressedTurn {
    std::optional<storage::Turn> turn;
    // What the press is answered with where there is no turn: storage is away, or the person was told `forgotten`.
    slack::Ack otherwise = slack::Ack::plain();
};
// Whether the button may stand where it was pressed.
using StandsThere = bool (*)(const Press& press, const storage::Turn& turn);
inline bool stands_at_answer_or_copy(const Press& press, const storage::Turn& turn) {
    return pressed_at(press, turn) != PressedAt::elsewhere;
}

boost::asio::awaitable<PressedTurn> find_pressed_turn(storage::Storage& storage, const People& people, Notes& notes,
                                                      const Press& press, std::string turn_id, StandsThere stands_there,
                                                      words::Word forgotten, Deadline deadline);

}  // namespace genie_slack::relay
