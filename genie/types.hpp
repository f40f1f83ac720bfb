// Genie's objects as plain values (databricks.md 1.3 to 1.7). Unknown members and enum values are tolerated; ids are
// opaque strings; cells stay the text that Databricks sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::genie {

struct Space {
    std::string id;
    std::string title;
    std::string description;
    std::string warehouse_id;
    std::vector<std::string> sample_questions;  // only when the caller may edit the space
};

enum class MessageStatus {
    submitted,
    fetching_metadata,
    filtering_context,
    asking_ai,
    pending_warehouse,
    executing_query,
    completed,
    failed,
    cancelled,
    query_result_expired,
    unknown,  // never terminal
};

MessageStatus parse_status(std::string_view text);
const char* to_string(MessageStatus status);
bool is_terminal(MessageStatus status);

struct QueryParameter {
    std::string keyword;
    std::string sql_type;
    std::string value;
};

struct Attachment {
    enum class Kind { text, query, suggested_questions, visualization, unknown };
    Kind kind = Kind::unknown;
    std::string id;

    std::string text;                 // text
    bool follow_up_question = false;  // text: Genie asks the person back
    std::string phase;                // text: "" for an answer, else a progress phase (thinking, verifying)

    std::string title;         // query, visualization
    std::string description;   // query
    std::string sql;           // query
    std::string statement_id;  // query
    std::optional<std::int64_t> row_count;
    bool truncated = false;
    std::vector<QueryParameter> parameters;

    std::vector<std::string> questions;  // suggested_questions
    std::string query_attachment_id;     // visualization
};

struct Message {
    std::string space_id;
    std::string conversation_id;
    std::string id;
    std::string content;  // the question
    MessageStatus status = MessageStatus::unknown;
    std::string status_text;  // as sent, for unknown ones
    std::vector<Attachment> attachments;
    std::string error_type;
    std::string error_text;  // raw backend text: truncate and escape before showing it
    std::int64_t created_ms = 0;
    std::string request_id;  // of the answer that told it, for the log and for Databricks' support
};

// What of a message's attachments is the answer (databricks.md 1.5).
struct AnswerParts {
    std::vector<std::string> texts;           // Markdown, in order, superseded ones left out
    std::string clarification;                // Genie's question back, "" when there is none
    std::optional<Attachment> query;          // the last one
    std::optional<Attachment> visualization;  // of that query
    std::vector<std::string> suggested_questions;
};
AnswerParts select_answer(const Message& message);
// The newest text with a phase: what Genie is doing now, "" when there is none.
std::string progress_text(const Message& message);

// Whom Databricks takes the caller for.
struct Identity {
    std::string user_name;     // e-mail address, or a service principal's application id
    std::string display_name;  // for people; may be empty

    const std::string& name() const { return display_name.empty() ? user_name : display_name; }
};

struct Conversation {
    std::string id;
    std::string title;
    std::int64_t created_ms = 0;
};

struct Column {
    std::string name;
    std::string type_name;  // DECIMAL, LONG, STRING, ...
    std::string type_text;  // DECIMAL(10,2)
};

struct ResultTable {
    std::vector<Column> columns;
    // nullopt is SQL NULL. As text, exactly as it came.
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::int64_t total_rows = 0;
    std::size_t left_out_columns = 0;  // behind these: they are too many
    bool truncated = false;            // there are more rows than these
    bool may_be_old = false;  // the query was to be run anew, and nobody knows whether these rows are from before that
};

// Gives `table`, whose columns a download perhaps only named, the types of another result of the same query. Nothing
// happens where the other has other columns.
void take_types(ResultTable& table, const std::vector<Column>& typed);

// The error type of a message, and the code of a refused POST, where its conversation works on another question.
inline constexpr std::string_view kConversationBusy = "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION";

// What helps against an error of Genie (databricks.md 1.6).
enum class Remedy { retry_later, admin, rephrase, wait_for_other, cancelled, other };
Remedy remedy_for(std::string_view error_type);

enum class Rating { positive, negative, none };

}  // namespace genie_slack::genie
