// A Genie result -> what Slack shows. Pure functions without I/O, tested by table.
#pragma once

#include "core/clock.hpp"
#include "genie/types.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

// What a delivered message consists of: `text` is always complete enough to stand alone.
struct Rendered {
    std::string text;              // mrkdwn, at most 4,000 characters
    boost::json::array blocks;     // within all limits of slack.md 2.4; empty: text only
    bool leaves_out_data = false;  // rows, columns or parts of values of the result that came
};

struct AnswerInput {
    std::string turn_id;  // goes into button values
    std::string space_title;
    std::string question;
    genie::AnswerParts parts;
    std::optional<genie::ResultTable> table;
    std::string result_note;  // why there is no table although there is SQL, "" otherwise
    std::string conversation_url;
};

// Ids of the elements that people press; the relay dispatches on them.
inline constexpr const char* kFollowUpAction = "ask_follow_up";  // suffixed ":0", ":1", ...; value: the question
inline constexpr const char* kRatingAction = "rate_answer";  // feedback_buttons or buttons; value: up:TURN, down:TURN
inline constexpr const char* kRateUpAction = "rate_answer_up";  // the fallback buttons
inline constexpr const char* kRateDownAction = "rate_answer_down";
inline constexpr const char* kSpaceAction = "choose_space";     // static_select; value: the space id
inline constexpr const char* kSpaceBlock = "choose_space_for";  // block_id prefix: "choose_space_for:TURN"

// The ladder of one answer, richest first; each one within the limits. The last one is plain text.
std::vector<Rendered> render_answer(const AnswerInput& input);
// While Genie works: one line, e.g. "Running the query…", with Genie's own progress text if it has one.
Rendered render_progress(const genie::Message* message, Duration elapsed);
// The space picker under a question; at most 100 spaces (more are said).
Rendered render_picker(const std::string& turn_id, const std::vector<genie::Space>& spaces);

// Everything that can go wrong with a question, each with its own sentence for the person who asked.
enum class Failure {
    genie_failed,  // with Genie's error type
    genie_cancelled,
    genie_timeout,  // GENIE_TIMEOUT_SECONDS passed
    genie_unreachable,
    genie_auth,
    genie_permission,
    genie_not_found,  // space gone, or no access
    genie_rate_limited,
    genie_configuration,
    outcome_unknown,  // asked, but the answer to the asking was lost and the question was not found
    no_spaces,
    space_gone,          // the chosen space is not allowed or not visible any more
    spaces_unreachable,  // the list of spaces cannot be had
    storage,
    cannot_deliver,  // every form of the answer was refused
    empty_question,
    interrupted,  // the bot was stopped while it worked on the question
    internal,
};
const char* to_string(Failure failure);

struct FailureInput {
    Failure failure = Failure::internal;
    std::string error_type;  // Genie's, for genie_failed
    std::string error_text;  // Genie's raw text; truncated and escaped by render_failure
    std::string space_title;
    std::string reference;  // correlation id that an admin finds in the log
    std::vector<std::string> suggested_questions;
    std::string turn_id;
};
Rendered render_failure(const FailureInput& input);

}  // namespace genie_slack::answer
