// What is said in place of an answer when something went wrong: what happened, and what the person can do.
#pragma once

#include "app/answer/message/rendered.hpp"
#include "app/words/words.hpp"

#include <string>
#include <vector>

namespace genie_slack::answer {

// Everything that can go wrong with a question, each with its own sentence for the person who asked.
enum class Failure {
    genie_failed,  // with Genie's error type
    genie_cancelled,
    genie_timeout,  // GENIE_TIMEOUT_SECONDS passed
    genie_unreachable,
    genie_auth,
    genie_auth_lost,  // once Genie had the question, or may have had it
    genie_permission,
    genie_not_found,  // space gone, or no access
    genie_rate_limited,
    genie_configuration,
    outcome_unknown,  // asked, but the answer to the asking was lost and the question was not found
    no_spaces,
    spaces_unreachable,  // the list of spaces cannot be had
    cannot_deliver,      // every form of the answer was refused
    empty_question,
    interrupted,  // the bot was stopped while it worked on the question
    internal,
};
const char* to_string(Failure failure);

struct FailureInput {
    words::Language language = words::Language::english;
    Failure failure = Failure::internal;
    std::string error_type;    // Genie's, for genie_failed
    std::string error_text;    // Genie's raw text; truncated and escaped by render_failure
    bool hides_error = false;  // what the text says may tell of the data
    std::string space_title;
    std::string reference;  // correlation id that an admin finds in the log
    std::vector<std::string> suggested_questions;
    std::string turn_id;
    bool has_other_spaces = false;  // that might answer it
};
Rendered render_failure(const FailureInput& input);
// Whether no words of the person help: a table, a column, a permission or the set-up of the space is missing.
bool admin_must_help(const FailureInput& input);
// What Genie's error says that helps the person, on one line as it is; "" for nothing.
std::string failure_reason(const FailureInput& input);

}  // namespace genie_slack::answer
