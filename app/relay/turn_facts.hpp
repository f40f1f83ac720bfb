// What follows from a turn's recorded facts: where its messages stand, and who goes on from there.
#pragma once

#include "storage/types.hpp"

#include <optional>
#include <string>

namespace genie_slack::relay {

// Turn::channel_type of a direct message, as Slack has it.
inline constexpr const char* kDirectMessage = "im";
// What Turn::stopped_by says when nobody pressed Stop.
inline constexpr const char* kStoppedByDeletion = "deleted";
inline constexpr const char* kStoppedByEdit = "edited";

enum class StopCause {
    person,    // Stop was pressed
    edit,      // its words were changed, and are asked anew
    deletion,  // its message was deleted
};
// Why the turn is to stop, nothing as long as it is not.
std::optional<StopCause> stop_cause(const storage::Turn& turn);

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

// The answer stands in the direct message in which it was asked for.
bool is_direct(const storage::Turn& turn);
// Asked in a direct message, wherever the answer stands.
bool is_asked_directly(const storage::Turn& turn);
// Whether another process, or another try, may have shown something of the turn that it did not record.
bool had_owner_before(const storage::Turn& turn);

// Whether the question has no message of its own: it came from a pressed button, a command or a shortcut.
bool has_no_message(const storage::Turn& turn);
// Whether its answer shows the question: nothing else does, or other lines stand between the two.
bool shows_question(const storage::Turn& turn);
// Whether the message `ts` is the turn's question, in whatever edition.
bool is_asked_by(const storage::Turn& turn, const std::string& ts);
// A question that has no thread in Slack: its answer goes to the person, its notes to the channel.
bool has_no_thread(const storage::Turn& turn);
// For whom the answer is, by what is known when the question is taken in.
storage::Audience audience_of(const storage::Turn& turn, bool private_answers);

}  // namespace genie_slack::relay
