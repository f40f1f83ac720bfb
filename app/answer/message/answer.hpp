// Turns a Genie result into what Slack shows. The functions are pure and tested by table. What people read comes from
// app/words, in their language.
#pragma once

#include "app/answer/actions.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "genie/types.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

// What follows below an answer whose text has no room in one message: each sentence stands in one message only; where
// they are too many, or a table had to be narrowed, a file holds the whole text.
struct Further {
    std::vector<std::string> messages;  // mrkdwn, at most 4,000 characters each
    bool in_file = false;               // answer_markdown() is to be shared

    bool is_empty() const { return messages.empty() && !in_file; }
    friend bool operator==(const Further&, const Further&) = default;
};

// What a delivered message consists of: `text` is always complete enough to stand alone.
struct Rendered {
    std::string text;              // mrkdwn, at most 4,000 characters
    boost::json::array blocks;     // within all limits of slack.md 2.4; empty: text only
    bool needs_chart = false;      // the drawn chart stands in place of the table
    bool leaves_out_data = false;  // rows, columns or parts of values; also rows of the result that did not come
    Further further;
};

// Stands in image blocks, as {"slack_file":{"id":"chart"}}, for the drawn chart that is uploaded only when its rung is
// tried.
inline constexpr const char* kChartFile = "chart";

// What the block_id of a drawn chart begins with; its kind follows.
inline constexpr const char* kChartBlock = "chart/";

// ANSWER_STYLE.
enum class AnswerStyle {
    compact,  // at one glance: chart or table, the other one tap away
    full,     // all of it at once
};

struct AnswerInput {
    words::Language language = words::Language::english;
    std::string turn_id;  // goes into button values; "": no buttons that need it
    std::string space_title;
    std::string question;
    genie::AnswerParts parts;
    std::optional<genie::ResultTable> table;
    std::string result_note;  // why there is no table although there is SQL, "" otherwise
    std::string conversation_url;
    std::string identity;                            // as whom Genie was asked, "" unknown
    WallTime answered_at{};                          // of the rows; shown in the reader's time zone; zero: not shown
    std::optional<std::chrono::seconds> utc_offset;  // of the clock of who asked
    WallTime text_at{};                              // when the words were written, where the rows are newer; else zero
    bool links_only = false;                         // nothing of the answer, only where it stands
    std::string chart;            // what the person wants: "" automatic, "none", "line", "bar", "area", "pie"
    std::string chart_before;     // the kind that was shown last, which comes back after the table; "" for none
    bool may_share = false;       // the answer is private to the person, who may share it in the thread
    std::string share_channel;    // into which it would go, or went; its id
    bool shares_at_root = false;  // of the channel, for all to see, and not in the thread that asked
    std::string shared_link;      // where everybody reads the copy of the private answer, "" for none
    AnswerStyle style = AnswerStyle::full;
    bool has_other_spaces = true;    // that the thread could ask
    bool has_newer = false;          // an answer that follows it: next questions are asked there
    bool may_ask_again = true;       // where it stands; below a shared copy nobody may
    bool full_result_below = false;  // a file with all rows follows
};
// The ladder of one answer, richest first; each one within the limits. The last one is plain text. Forms that would be
// equal to the one before are left out.
std::vector<Rendered> render_answer(const AnswerInput& input);
// What is recorded of an answer, for readers outside of Slack: the whole of Genie's text and the rows that Slack shows,
// as Markdown.
std::string answer_record(const AnswerInput& input);
// All that Genie says in words, as Markdown.
std::string answer_markdown(const AnswerInput& input);
// Whether a drawn chart stands in it, as kChartFile.
bool wants_chart_file(const Rendered& rendered);
// Puts the uploaded file in the place of kChartFile; "": takes the chart out.
void place_chart_file(Rendered& rendered, const std::string& file_id);

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

// How an answer came to be, on demand.
struct SqlViewInput {
    words::Language language = words::Language::english;
    std::string title;  // of the query
    std::string description;
    std::string sql;
    std::vector<genie::QueryParameter> parameters;
    std::optional<std::int64_t> rows;  // of the result
    bool more_rows = false;            // than `rows`, nobody knows how many
    std::string space_title;
    std::string identity;  // as whom Genie was asked, "" unknown
    std::string conversation_url;
};
// A modal within all limits of views; what is cut is said in it.
boost::json::object render_sql_view(const SqlViewInput& input);

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
