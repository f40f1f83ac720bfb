// Turns wire JSON into Genie's values and tolerates every quirk of databricks.md 1.3, 1.7. Nothing here throws: what is
// missing or of an unexpected type is left empty, and the caller decides whether it can go on without.
#pragma once

#include "genie/types.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genie_slack::genie {

// With sample questions when `serialized_space` is there (databricks.md 1.8).
Space parse_space(const boost::json::value& value);
Message parse_message(const boost::json::value& value);
// The answer of start-conversation: the message, with the ids of the top level where the message lacks them.
Message parse_started(const boost::json::value& value);
Conversation parse_conversation(const boost::json::value& value);
Identity parse_identity(const boost::json::value& value);

std::vector<Space> parse_spaces(const boost::json::value& page);
std::vector<Message> parse_messages(const boost::json::value& page);
std::vector<Conversation> parse_conversations(const boost::json::value& page);
// "" on the last page.
std::string next_page_token(const boost::json::value& page);

using ResultRow = std::vector<std::optional<std::string>>;

struct ExternalLink {
    std::string url;  // presigned: never logged, never sent with our token
    std::vector<std::pair<std::string, std::string>> headers;
};

// One chunk of a statement's result.
struct ResultChunk {
    std::vector<ResultRow> rows;
    std::vector<ExternalLink> external_links;
    std::optional<std::int64_t> next_chunk;
};

struct Statement {
    // `missing`: the result is gone, there is no data, and perhaps not even a state.
    enum class State { pending, succeeded, failed, canceled, closed, missing };
    State state = State::missing;
    std::string statement_id;
    std::string error_code;
    std::string error_text;
    std::string format;  // "" or JSON_ARRAY is what we can read
    std::vector<Column> columns;
    std::size_t left_out_columns = 0;
    std::optional<std::int64_t> total_rows;
    std::optional<std::int64_t> total_chunks;
    bool truncated = false;
    ResultChunk first;
};

// `{"statement_response": {...}}`, or the statement itself.
Statement parse_statement(const boost::json::value& value);
// A `result` object: data_array, data_typed_array or external_links.
ResultChunk parse_chunk(const boost::json::value& value);
// An array of rows: what an external link holds in the JSON_ARRAY format.
std::vector<ResultRow> parse_rows(const boost::json::value& value);

// Reads a CSV result that comes in parts: RFC 4180, a bare `null` is NULL, only the first part has a header.
class CsvReader {
 public:
    // `columns` may be empty: then the header names them.
    explicit CsvReader(std::vector<Column> columns) : columns_(std::move(columns)) {}

    // At most `limit` rows are kept; false when more came, or the text is no CSV.
    bool read(std::string_view part, std::size_t limit);
    std::vector<Column>& columns() { return columns_; }
    std::vector<ResultRow>& rows() { return rows_; }

 private:
    void take_header(const ResultRow& row);

    std::vector<Column> columns_;
    std::vector<ResultRow> rows_;
    bool begun_ = false;
};

// Makes every row as wide as `columns` (which are named by number when there are none): short rows get NULLs.
void make_rectangular(std::vector<Column>& columns, std::vector<ResultRow>& rows);

}  // namespace genie_slack::genie
