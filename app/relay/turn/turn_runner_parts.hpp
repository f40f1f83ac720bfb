// What the parts of TurnRunner share: turn_runner.cpp (a turn's way and its record), turn_opening.cpp (up to the first
// sign), turn_asking.cpp (Genie), turn_closing.cpp (the end, in whatever form).
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/delivery/seen.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/types.hpp"

#include <string>

namespace genie_slack::relay {

inline constexpr Duration kResultTime = std::chrono::minutes(2);
inline constexpr Duration kRecordTime = std::chrono::minutes(1);
inline constexpr Duration kFirstSignTime = std::chrono::seconds(60);
inline constexpr Duration kRecordPause = std::chrono::seconds(1);
inline constexpr Duration kTickerJoin = std::chrono::seconds(5);

// Thrown out of a turn's work when the person wants it stopped.
struct StopWanted {};

// The turn was cut off: by shutdown, or since its lease is lost. That is no failure of the question. Throws
// system_error(operation_aborted).
[[noreturn]] void leave();

// What a person is told about it. Leaves when it is a cancellation.
answer::FailureInput failure_of(const genie::GenieError& error);
void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error);
// Whether a process that had the turn before may have posted what is not recorded.
inline Seen seen_before(const storage::Turn& turn) {
    return turn.attempts > 1 ? Seen::perhaps : Seen::surely_not;
}
// What people and admins call a turn.
std::string reference_of(const storage::Turn& turn);

}  // namespace genie_slack::relay
