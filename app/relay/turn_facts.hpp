// What follows from a turn's recorded facts: where its messages stand, and who goes on from there.
#pragma once

#include "storage/types.hpp"

#include <string>

namespace genie_slack::relay {

// Where a turn's messages stand.
struct Place {
    std::string channel;
    std::string thread_ts;  // "": root messages
};
Place place_of(const storage::Turn& turn);
// The thread in which what belongs to the answer follows, once there is the message that grows into it.
Place below_answer(const storage::Turn& turn);

// The thread in which people go on from the turn's answer.
storage::ThreadKey thread_of_answer(const storage::Turn& turn);

// A direct message between the bot and one person.
bool is_direct(const storage::Turn& turn);

// Whether the question has no message of its own: it came from a pressed button, a command or a shortcut.
bool has_no_message(const storage::Turn& turn);
// Whether the message `ts` is the turn's question, in whatever edition.
bool is_asked_by(const storage::Turn& turn, const std::string& ts);
// A question that has no thread in Slack: its answer goes to the person, its notes to the channel.
bool has_no_thread(const storage::Turn& turn);
// For whom the answer is, by what is known when the question is taken in.
storage::Audience audience_of(const storage::Turn& turn, bool private_answers);

}  // namespace genie_slack::relay
