// How a message of a turn is made, and known again in its thread. Pure.
#pragma once

#include "app/answer/message/rendered.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <string>

namespace genie_slack::relay {

// event_type of the metadata of every message that belongs to a turn; its payload has "turn".
inline constexpr const char* kTurnMetadata = "genie_slack_turn";
// Of the messages in which an answer's text goes on; their payload has "turn", "part" (1, 2, ...) and "answer", the ts
// of the answer.
inline constexpr const char* kFurtherMetadata = "genie_slack_further";
// Of messages that belong to no turn, so that nobody takes them for one.
inline constexpr const char* kNoteMetadata = "genie_slack_note";

// The message as it is sent: a question that has no message of its own, or one far above, is shown above the answer,
// and metadata tells whose turn it is, so that it can be found again.
slack::OutgoingMessage make_message(const storage::Turn& turn, const answer::Rendered& rendered);

// What the metadata of a message has under `key`, "" for nothing.
std::string metadata_of(const slack::ThreadMessage& message, const char* key);
// Which of an answer's further messages it is; 0: none of them.
std::size_t part_of(const slack::ThreadMessage& message);
// Whether it is that part of the turn's answer; `part` 0 is the turn's message itself.
bool is_of_turn(const slack::ThreadMessage& message, const std::string& turn_id, std::size_t part);

}  // namespace genie_slack::relay
