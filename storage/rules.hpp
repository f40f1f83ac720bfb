// What every implementation of Storage refuses before it looks at what is stored.
#pragma once

#include "storage/storage.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace genie_slack::storage {

inline constexpr Duration kLongestPause = std::chrono::hours(24);
inline constexpr std::size_t kMostAskedMessages = 100;
inline constexpr std::size_t kMostRecentTurns = 100;

inline Duration bounded_pause(Duration duration) {
    return std::clamp(duration, Duration::zero(), kLongestPause);
}

inline StorageError message_is_taken() {
    return StorageError(StorageFault::invalid, "this Genie message belongs to another turn");
}

inline std::optional<StorageError> problem_of(const ChatRows& rows, const std::string& thread_id) {
    for (const Step& step : rows.steps)
        if (step.id.empty() || step.thread_id != thread_id)
            return StorageError(StorageFault::invalid, "a step needs an id and belongs to the thread of its turn");
    return std::nullopt;
}

inline std::optional<StorageError> problem_of(const Feedback& feedback) {
    if (feedback.id.empty() || (feedback.value != 0 && feedback.value != 1))
        return StorageError(StorageFault::invalid, "a rating needs an id, and a value of 0 or 1");
    return std::nullopt;
}

}  // namespace genie_slack::storage
