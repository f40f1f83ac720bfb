// What is shown while there is no answer yet, or none any more.
#pragma once

#include "app/answer/message/rendered.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "genie/types.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace genie_slack::answer {

// What is going on with a question that is not answered yet.
struct ProgressInput {
    words::Language language = words::Language::english;
    const genie::Message* message = nullptr;  // nothing before Genie has taken the question
    Duration elapsed = Duration::zero();
    std::optional<std::size_t> queue_place;  // waits for the rate limit; 1: next
    std::optional<Duration> expected_wait;   // in that queue
    bool hides_thoughts = false;             // of Genie, which tell of the data
    bool is_unanswered = false;              // Databricks does not answer to the asking; it is tried on
    std::string turn_id;                     // "": no Stop button
};
// One line with a Stop button: "Running the query… (25 s)", with Genie's own progress text if it has one.
Rendered render_progress(const ProgressInput& input);
// The same line as plain text, neither escaped nor mrkdwn: for task cards and the status of a thread.
std::string progress_words(const ProgressInput& input);
// In place of the answer, after Stop. `turn_id` "": it cannot be asked again by a button.
Rendered render_stopped(words::Language language, const std::string& turn_id = {});

}  // namespace genie_slack::answer
