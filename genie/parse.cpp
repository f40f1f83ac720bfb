#include "genie/parse.hpp"

#include "genie/json_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace genie_slack::genie {

namespace json = boost::json;

namespace parse_detail {

// This is far above what Genie sends; a body full of tiny attachments must not become a huge message.
constexpr std::size_t kMaxAttachments = 500;
constexpr std::size_t kMaxQuestions = 50;
constexpr std::size_t kMaxColumns = 2000;

std::string first_text(const json::value& value, std::string_view key, std::string_view fallback) {
    std::string text = member_text(value, key);
    return text.empty() ? member_text(value, fallback) : text;
}

// The documentation shows seconds, production sends milliseconds (databricks.md 1.3).
std::int64_t to_milliseconds(const json::value& value, std::string_view key) {
    const std::int64_t stamp = member_integer(value, key).value_or(0);
    constexpr std::int64_t kSecondsBelow = 100'000'000'000;
    return stamp > 0 && stamp < kSecondsBelow ? stamp * 1000 : stamp;
}

// Which phases are progress (databricks.md 1.5). An unknown phase is shown as an answer rather than swallowed.
std::string progress_phase(const std::string& phase) {
    if (phase == "RESPONSE_PHASE_THINKING")
        return "thinking";
    if (phase == "RESPONSE_PHASE_VERIFYING")
        return "verifying";
    return "";
}

std::vector<std::string> text_list(const json::array* array, std::size_t limit) {
    std::vector<std::string> list;
    if (array)
        for (const json::value& element : *array)
            if (const json::string* text = element.if_string(); text && !text->empty() && list.size() < limit)
                list.emplace_back(text->data(), text->size());
    return list;
}

void read_query(const json::value& query, Attachment& out) {
    out.kind = Attachment::Kind::query;
    out.title = member_text(query, "title");
    out.description = member_text(query, "description");
    out.sql = member_text(query, "query");
    out.statement_id = member_text(query, "statement_id");
    if (const json::value* metadata = find_member(query, "query_result_metadata")) {
        out.row_count = member_integer(*metadata, "row_count");
        out.truncated = member_flag(*metadata, "is_truncated");
    }
    if (const json::array* parameters = member_array(query, "parameters"))
        for (const json::value& element : *parameters) {
            if (out.parameters.size() >= kMaxQuestions)
                break;
            QueryParameter parameter;
            parameter.keyword = member_text(element, "keyword");
            parameter.sql_type = member_text(element, "sql_type");
            parameter.value = member_text(element, "value");
            out.parameters.push_back(std::move(parameter));
        }
}

Attachment read_attachment(const json::value& value) {
    Attachment out;
    out.id = first_text(value, "attachment_id", "id");
    if (const json::value* query = find_member(value, "query")) {
        read_query(*query, out);
    } else if (const json::value* text = find_member(value, "text")) {
        out.kind = Attachment::Kind::text;
        out.text = text->is_string() ? member_text(value, "text") : member_text(*text, "content");
        out.follow_up_question = member_text(*text, "purpose") == "FOLLOW_UP_QUESTION";
        out.phase = progress_phase(member_text(*text, "phase"));
    } else if (const json::value* questions = find_member(value, "suggested_questions")) {
        out.kind = Attachment::Kind::suggested_questions;
        out.questions = text_list(member_array(*questions, "questions"), kMaxQuestions);
    } else if (const json::value* viz = find_member(value, "viz")) {
        out.kind = Attachment::Kind::visualization;
        out.title = member_text(*viz, "title");
        out.query_attachment_id = member_text(*viz, "query_attachment_id");
    }
    return out;
}

// `serialized_space` is a string that holds JSON; each question is a list of pieces of text
// (databricks.md 1.8).
std::vector<std::string> sample_questions(const std::string& serialized) {
    std::vector<std::string> questions;
    const auto space = parse_json(serialized);
    if (!space)
        return questions;
    const json::value* config = find_member(*space, "config");
    const json::array* samples = config ? member_array(*config, "sample_questions") : nullptr;
    if (!samples)
        return questions;
    for (const json::value& sample : *samples) {
        std::string question = member_text(sample, "question");
        for (const std::string& piece : text_list(member_array(sample, "question"), kMaxQuestions))
            question += piece;
        if (!question.empty() && questions.size() < kMaxQuestions)
            questions.push_back(std::move(question));
    }
    return questions;
}

std::optional<std::string> cell_text(const json::value& value) {
    if (value.is_null())
        return std::nullopt;
    if (const json::string* text = value.if_string())
        return std::string(text->data(), text->size());
    return json::serialize(value);
}

// {"str": "x"}, {"string_value": "x"}, {} or {"null_value": ...} for NULL; a plain cell is taken as it is.
std::optional<std::string> typed_cell(const json::value& value) {
    if (!value.is_object())
        return cell_text(value);
    for (const char* key : {"str", "string_value"})
        if (const json::value* text = find_member(value, key))
            return cell_text(*text);
    return std::nullopt;
}

ResultRow read_row(const json::array& cells) {
    ResultRow row;
    row.reserve(cells.size());
    for (const json::value& cell : cells)
        row.push_back(cell_text(cell));
    return row;
}

std::vector<Column> read_columns(const json::value& schema) {
    std::vector<Column> columns;
    const json::array* list = member_array(schema, "columns");
    if (!list)
        return columns;
    std::vector<std::pair<std::int64_t, std::size_t>> places;
    bool all_placed = true;
    for (const json::value& element : *list) {
        Column column;
        column.name = member_text(element, "name");
        column.type_name = member_text(element, "type_name");
        column.type_text = member_text(element, "type_text");
        const auto position = member_integer(element, "position");
        all_placed = all_placed && position.has_value();
        places.emplace_back(position.value_or(0), columns.size());
        columns.push_back(std::move(column));
    }
    if (!all_placed || std::is_sorted(places.begin(), places.end()))
        return columns;
    std::sort(places.begin(), places.end());
    std::vector<Column> placed;
    for (const auto& [position, index] : places)
        placed.push_back(std::move(columns[index]));
    return placed;
}

std::vector<ExternalLink> read_links(const json::value& result, std::optional<std::int64_t>& next_chunk) {
    std::vector<ExternalLink> links;
    const json::array* list = member_array(result, "external_links");
    if (!list)
        return links;
    for (const json::value& element : *list) {
        ExternalLink link;
        link.url = member_text(element, "external_link");
        if (const json::value* headers = find_member(element, "http_headers"))
            if (const json::object* object = headers->if_object())
                for (const auto& header : *object)
                    if (const json::string* text = header.value().if_string())
                        link.headers.emplace_back(std::string(header.key()), std::string(text->data(), text->size()));
        if (const auto next = member_integer(element, "next_chunk_index"))
            next_chunk = next;
        if (!link.url.empty())
            links.push_back(std::move(link));
    }
    return links;
}

Statement::State read_state(const std::string& state, bool has_data) {
    if (state == "SUCCEEDED")
        return Statement::State::succeeded;
    if (state == "FAILED")
        return Statement::State::failed;
    if (state == "CANCELED" || state == "CANCELLED")
        return Statement::State::canceled;
    if (state == "CLOSED")
        return Statement::State::closed;
    if (state == "PENDING" || state == "RUNNING")
        return Statement::State::pending;
    if (has_data)
        return Statement::State::succeeded;
    return state.empty() ? Statement::State::missing : Statement::State::pending;
}

}  // namespace parse_detail

Space parse_space(const json::value& value) {
    Space space;
    space.id = parse_detail::first_text(value, "space_id", "id");
    space.title = member_text(value, "title");
    space.description = member_text(value, "description");
    space.warehouse_id = member_text(value, "warehouse_id");
    const std::string serialized = member_text(value, "serialized_space");
    if (!serialized.empty())
        space.sample_questions = parse_detail::sample_questions(serialized);
    return space;
}

Message parse_message(const json::value& value) {
    Message message;
    message.space_id = member_text(value, "space_id");
    message.conversation_id = member_text(value, "conversation_id");
    message.id = parse_detail::first_text(value, "message_id", "id");
    message.content = member_text(value, "content");
    message.status_text = member_text(value, "status");
    message.status = parse_status(message.status_text);
    message.created_ms = parse_detail::to_milliseconds(value, "created_timestamp");
    if (const json::value* error = find_member(value, "error")) {
        message.error_type = member_text(*error, "type");
        message.error_text = error->is_string() ? member_text(value, "error") : member_text(*error, "error");
    }
    if (const json::array* attachments = member_array(value, "attachments"))
        for (const json::value& attachment : *attachments) {
            if (message.attachments.size() >= parse_detail::kMaxAttachments)
                break;
            message.attachments.push_back(parse_detail::read_attachment(attachment));
        }
    return message;
}

Message parse_started(const json::value& value) {
    const json::value* inner = find_member(value, "message");
    Message message = parse_message(inner ? *inner : value);
    if (message.id.empty())
        message.id = member_text(value, "message_id");
    if (message.conversation_id.empty())
        message.conversation_id = member_text(value, "conversation_id");
    if (const json::value* conversation = find_member(value, "conversation");
        conversation && message.conversation_id.empty())
        message.conversation_id = parse_detail::first_text(*conversation, "conversation_id", "id");
    return message;
}

Conversation parse_conversation(const json::value& value) {
    Conversation conversation;
    conversation.id = parse_detail::first_text(value, "conversation_id", "id");
    conversation.title = member_text(value, "title");
    conversation.created_ms = parse_detail::to_milliseconds(value, "created_timestamp");
    return conversation;
}

Identity parse_identity(const json::value& value) {
    Identity identity;
    identity.user_name = member_text(value, "userName");
    identity.display_name = member_text(value, "displayName");
    return identity;
}

std::vector<Space> parse_spaces(const json::value& page) {
    std::vector<Space> spaces;
    if (const json::array* list = member_array(page, "spaces"))
        for (const json::value& element : *list)
            if (Space space = parse_space(element); !space.id.empty())
                spaces.push_back(std::move(space));
    return spaces;
}

std::vector<Message> parse_messages(const json::value& page) {
    std::vector<Message> messages;
    if (const json::array* list = member_array(page, "messages"))
        for (const json::value& element : *list)
            if (Message message = parse_message(element); !message.id.empty())
                messages.push_back(std::move(message));
    return messages;
}

std::vector<Conversation> parse_conversations(const json::value& page) {
    std::vector<Conversation> conversations;
    if (const json::array* list = member_array(page, "conversations"))
        for (const json::value& element : *list)
            if (Conversation conversation = parse_conversation(element); !conversation.id.empty())
                conversations.push_back(std::move(conversation));
    return conversations;
}

std::string next_page_token(const json::value& page) {
    return member_text(page, "next_page_token");
}

std::vector<ResultRow> parse_rows(const json::value& value) {
    std::vector<ResultRow> rows;
    if (const json::array* list = value.if_array()) {
        rows.reserve(list->size());
        for (const json::value& element : *list)
            if (const json::array* cells = element.if_array())
                rows.push_back(parse_detail::read_row(*cells));
    }
    return rows;
}

ResultChunk parse_chunk(const json::value& value) {
    ResultChunk chunk;
    if (const json::value* rows = find_member(value, "data_array")) {
        chunk.rows = parse_rows(*rows);
    } else if (const json::array* typed = member_array(value, "data_typed_array")) {
        for (const json::value& element : *typed) {
            ResultRow row;
            if (const json::array* cells = member_array(element, "values"))
                for (const json::value& cell : *cells)
                    row.push_back(parse_detail::typed_cell(cell));
            chunk.rows.push_back(std::move(row));
        }
    }
    chunk.next_chunk = member_integer(value, "next_chunk_index");
    chunk.external_links = parse_detail::read_links(value, chunk.next_chunk);
    return chunk;
}

Statement parse_statement(const json::value& value) {
    Statement out;
    const json::value* wrapped = find_member(value, "statement_response");
    const json::value& statement = wrapped ? *wrapped : value;
    out.statement_id = member_text(statement, "statement_id");
    std::string state;
    if (const json::value* status = find_member(statement, "status")) {
        state = member_text(*status, "state");
        if (const json::value* error = find_member(*status, "error")) {
            out.error_code = member_text(*error, "error_code");
            out.error_text = error->is_string() ? member_text(*status, "error") : member_text(*error, "message");
        }
    }
    const json::value* manifest = find_member(statement, "manifest");
    if (manifest) {
        out.format = member_text(*manifest, "format");
        if (const json::value* schema = find_member(*manifest, "schema"))
            out.columns = parse_detail::read_columns(*schema);
        if (out.columns.size() > parse_detail::kMaxColumns) {
            out.left_out_columns = out.columns.size() - parse_detail::kMaxColumns;
            out.columns.resize(parse_detail::kMaxColumns);
        }
        out.total_rows = member_integer(*manifest, "total_row_count");
        out.total_chunks = member_integer(*manifest, "total_chunk_count");
        out.truncated = member_flag(*manifest, "truncated");
    }
    const json::value* result = find_member(statement, "result");
    if (result)
        out.first = parse_chunk(*result);
    out.state = parse_detail::read_state(state, manifest || result);
    // Rows that were there once are gone, and no empty result: that one has a manifest, which counts none.
    const bool has_no_rows = manifest && out.total_rows.value_or(0) == 0;
    if (out.state == Statement::State::succeeded && !result && !has_no_rows)
        out.state = Statement::State::missing;
    return out;
}

void make_rectangular(std::vector<Column>& columns, std::vector<ResultRow>& rows) {
    if (columns.empty()) {
        std::size_t width = 0;
        for (const ResultRow& row : rows)
            width = std::max(width, row.size());
        for (std::size_t i = 0; i < width; ++i) {
            Column column;
            column.name = "column_" + std::to_string(i + 1);
            column.type_name = column.type_text = "STRING";
            columns.push_back(std::move(column));
        }
    }
    for (ResultRow& row : rows)
        row.resize(columns.size());
}

}  // namespace genie_slack::genie
