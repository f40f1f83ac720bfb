#include "sandbox/genie/wire.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace json = boost::json;

namespace wire_detail {

json::object attachment(const std::string& id) {
    json::object object;
    object["attachment_id"] = id;
    return object;
}

json::object query_attachment(const StoredMessage& message, std::int64_t updated_ms) {
    const Answer& answer = message.answer;
    json::object query;
    query["title"] = answer.title;
    query["description"] = answer.description;
    query["query"] = answer.sql;
    query["statement_id"] = message.statement_id;
    json::object& metadata = query["query_result_metadata"].emplace_object();
    metadata["row_count"] = answer.row_count;
    if (answer.truncated)
        metadata["is_truncated"] = true;
    if (!answer.parameters.empty()) {
        json::array& parameters = query["parameters"].emplace_array();
        for (const SqlParameter& parameter : answer.parameters) {
            json::object entry;
            entry["keyword"] = parameter.name;
            entry["sql_type"] = parameter.type;
            entry["value"] = parameter.value;
            parameters.push_back(std::move(entry));
        }
    }
    json::array& thoughts = query["thoughts"].emplace_array();
    for (const Thought& thought : answer.thoughts) {
        json::object entry;
        entry["thought_type"] = thought.type;
        entry["content"] = thought.content;
        thoughts.push_back(std::move(entry));
    }
    query["last_updated_timestamp"] = updated_ms;
    query["id"] = message.query_id;
    json::object object = attachment(message.query_id);
    object["query"] = std::move(query);
    return object;
}

json::object text_attachment(const std::string& id, const std::string& content, const char* purpose,
                             const char* phase = nullptr) {
    json::object text;
    text["content"] = content;
    text["id"] = id;
    if (purpose)
        text["purpose"] = purpose;
    if (phase)
        text["phase"] = phase;
    json::object object = attachment(id);
    object["text"] = std::move(text);
    return object;
}

json::object suggestions_attachment(const StoredMessage& message) {
    json::array questions;
    for (const std::string& question : message.answer.suggestions)
        questions.emplace_back(question);
    json::object object = attachment(message.suggestions_id);
    object["suggested_questions"].emplace_object()["questions"] = std::move(questions);
    return object;
}

// The attempt that did not work, as Genie leaves it in the message.
json::object first_attempt(const StoredMessage& message, std::int64_t updated_ms) {
    json::object query;
    query["title"] = message.answer.title;
    query["description"] = "A first attempt";
    query["query"] = "SELECT * FROM a_table_that_is_not_there";
    query["statement_id"] = message.first_try_id;
    query["last_updated_timestamp"] = updated_ms;
    json::object object = attachment(message.first_try_id);
    object["query"] = std::move(query);
    return object;
}

json::array attachments(const StoredMessage& message, Visible visible, std::int64_t updated_ms) {
    json::array list;
    const Answer& answer = message.answer;
    const bool everything = visible == Visible::everything;
    if (message.outcome == "THINKING" && visible != Visible::nothing)
        list.push_back(text_attachment(message.interim_id, "Looking at the tables of this space", nullptr,
                                       "RESPONSE_PHASE_THINKING"));
    if (message.outcome == "SELF_CORRECTION" && visible != Visible::nothing) {
        list.push_back(first_attempt(message, updated_ms));
        if (visible != Visible::first_attempt)
            list.push_back(text_attachment(message.interim_id, "The first query failed, so I tried another one.",
                                           "TEXT_ATTACHMENT_PURPOSE_ANSWER"));
    }
    if (answer.has_query() && (visible == Visible::query || everything))
        list.push_back(query_attachment(message, updated_ms));
    if (!everything)
        return list;
    if (message.visualize && answer.row_count > 1) {
        json::object chart = attachment(message.chart_id);
        json::object& content = chart["viz"].emplace_object();
        content["title"] = answer.title;
        content["query_attachment_id"] = message.query_id;
        list.push_back(std::move(chart));
    }
    if (!answer.text.empty())
        list.push_back(text_attachment(message.text_id, answer.text,
                                       answer.clarification ? "FOLLOW_UP_QUESTION" : "TEXT_ATTACHMENT_PURPOSE_ANSWER"));
    if (!answer.suggestions.empty())
        list.push_back(suggestions_attachment(message));
    return list;
}

std::size_t chunk_count(const StatementView& view) {
    const std::size_t rows = view.table->rows.size();
    if (view.form != ResultForm::chunked && view.form != ResultForm::external)
        return rows == 0 ? 0 : 1;
    return (rows + kChunkRows - 1) / kChunkRows;
}

std::size_t chunk_size(const StatementView& view) {
    return view.form == ResultForm::chunked || view.form == ResultForm::external ? kChunkRows : view.table->rows.size();
}

json::object typed_row(const std::vector<Cell>& row) {
    json::array values;
    for (const Cell& cell : row) {
        json::object value;
        if (cell)
            value["str"] = *cell;
        values.push_back(std::move(value));
    }
    json::object object;
    object["values"] = std::move(values);
    return object;
}

json::object manifest(const StatementView& view) {
    const Table& table = *view.table;
    json::array columns;
    for (std::size_t position = 0; position < table.columns.size(); ++position) {
        const ResultColumn& column = table.columns[position];
        json::object entry;
        entry["name"] = column.name;
        entry["position"] = position;
        entry["type_name"] = column.type.name;
        entry["type_text"] = column.type.text;
        if (column.type.name == "DECIMAL") {
            entry["type_precision"] = column.type.precision;
            entry["type_scale"] = column.type.scale;
        }
        columns.push_back(std::move(entry));
    }
    json::object object;
    object["format"] = "JSON_ARRAY";
    json::object& schema = object["schema"].emplace_object();
    schema["column_count"] = table.columns.size();
    schema["columns"] = std::move(columns);
    object["total_row_count"] = table.rows.size();
    object["total_chunk_count"] = chunk_count(view);
    object["truncated"] = table.truncated;
    json::array& chunks = object["chunks"].emplace_array();
    for (std::size_t index = 0; index < chunk_count(view); ++index) {
        json::object chunk;
        chunk["chunk_index"] = index;
        chunk["row_offset"] = index * chunk_size(view);
        chunk["row_count"] = std::min(chunk_size(view), table.rows.size() - index * chunk_size(view));
        chunks.push_back(std::move(chunk));
    }
    return object;
}

}  // namespace wire_detail

std::string usual_error_code(int status) {
    switch (status) {
        case 400:
            return "BAD_REQUEST";
        case 401:
            return "UNAUTHENTICATED";
        case 403:
            return "PERMISSION_DENIED";
        case 404:
            return "RESOURCE_DOES_NOT_EXIST";
        case 409:
            return "RESOURCE_CONFLICT";
        case 429:
            return "REQUEST_LIMIT_EXCEEDED";
        case 501:
            return "NOT_IMPLEMENTED";
        case 503:
            return "TEMPORARILY_UNAVAILABLE";
        case 504:
            return "DEADLINE_EXCEEDED";
        default:
            return "INTERNAL_ERROR";
    }
}

net::ServerReply error_reply(const ApiError& error, const std::string& request_id) {
    json::object info;
    info["@type"] = "type.googleapis.com/google.rpc.RequestInfo";
    info["request_id"] = request_id;
    info["serving_data"] = "";
    json::object body;
    body["error_code"] = error.code;
    body["message"] = error.message;
    body["details"].emplace_array().push_back(std::move(info));
    net::ServerReply reply = net::ServerReply::json(error.status, json::serialize(body));
    if (error.retry_after)
        reply.headers.emplace_back("Retry-After", std::to_string(*error.retry_after));
    return reply;
}

json::object space_json(const SpaceInfo& space, bool serialized) {
    json::object object;
    object["space_id"] = space.id;
    object["title"] = space.title;
    object["description"] = space.description;
    object["warehouse_id"] = "4f1d0c2b3a495867";
    object["parent_path"] = "/Workspace/Shared/genie";
    if (serialized) {
        object["serialized_space"] = serialized_space(space);
        object["etag"] = space.id.substr(0, 16);
    }
    return object;
}

json::object conversation_json(const StoredConversation& conversation) {
    json::object object;
    object["conversation_id"] = conversation.id;
    object["id"] = conversation.id;
    object["space_id"] = conversation.space_id;
    object["title"] = conversation.title;
    object["user_id"] = kUserId;
    object["created_timestamp"] = conversation.created_ms;
    object["last_updated_timestamp"] = conversation.updated_ms;
    return object;
}

json::object message_json(const StoredMessage& message, const WalkPosition& position) {
    using namespace std::chrono;
    const std::int64_t updated_ms = message.created_ms + duration_cast<milliseconds>(position.since).count();
    const bool legacy =
        message.outcome == "LEGACY";  // the shape of the documentation's samples: no message_id, seconds
    json::object object;
    object["id"] = message.id;
    if (!legacy)
        object["message_id"] = message.id;
    object["conversation_id"] = message.conversation_id;
    object["space_id"] = message.space_id;
    object["user_id"] = kUserId;
    object["content"] = message.content;
    object["status"] = position.status;
    object["created_timestamp"] = legacy ? message.created_ms / 1000 : message.created_ms;
    object["last_updated_timestamp"] = legacy ? updated_ms / 1000 : updated_ms;
    object["auto_regenerate_count"] = 0;
    if (position.terminal && position.status == "FAILED") {
        json::object& error = object["error"].emplace_object();
        error["error"] = message.error_text;
        error["type"] = message.error_type;
    }
    if (position.terminal && message.outcome == "NULL_ATTACHMENTS") {
        for (const char* name : {"attachments", "error", "query_result", "feedback"})
            object[name] = nullptr;
        return object;
    }
    json::array attachments = wire_detail::attachments(message, position.visible, updated_ms);
    if (position.terminal && message.outcome == "FAILED_WITH_SUGGESTIONS" && position.status == "FAILED")
        attachments.push_back(wire_detail::suggestions_attachment(message));
    const bool result_known = message.answer.has_query() && position.visible == Visible::everything;
    if (!attachments.empty())
        object["attachments"] = std::move(attachments);
    if (result_known) {
        json::object& result = object["query_result"].emplace_object();
        result["statement_id"] = message.statement_id;
        result["row_count"] = message.answer.row_count;
        if (message.answer.truncated)
            result["is_truncated"] = true;
    }
    if (!message.rating.empty() && message.rating != "NONE") {
        json::object& feedback = object["feedback"].emplace_object();
        feedback["rating"] = message.rating;
        if (!message.feedback_comment.empty())
            feedback["comment"] = message.feedback_comment;
    }
    return object;
}

json::object comment_json(const StoredMessage& message, const Comment& comment) {
    json::object object;
    object["message_comment_id"] = comment.id;
    object["space_id"] = message.space_id;
    object["conversation_id"] = message.conversation_id;
    object["message_id"] = message.id;
    object["content"] = comment.content;
    object["user_id"] = kUserId;
    object["created_timestamp"] = comment.created_ms;
    return object;
}

json::array chunk_rows(const StatementView& view, std::size_t index) {
    json::array rows;
    const std::size_t size = wire_detail::chunk_size(view);
    const std::size_t end = std::min(view.table->rows.size(), (index + 1) * size);
    for (std::size_t i = index * size; i < end; ++i) {
        json::array cells;
        cells.reserve(view.table->rows[i].size());
        for (const Cell& cell : view.table->rows[i]) {
            if (cell)
                cells.emplace_back(*cell);
            else
                cells.emplace_back(nullptr);
        }
        rows.push_back(std::move(cells));
    }
    return rows;
}

std::optional<json::object> chunk_json(const StatementView& view, std::size_t index) {
    const std::size_t count = wire_detail::chunk_count(view);
    if (index >= count)
        return {};
    const std::size_t size = wire_detail::chunk_size(view);
    json::object chunk;
    chunk["chunk_index"] = index;
    chunk["row_offset"] = index * size;
    chunk["row_count"] = std::min(size, view.table->rows.size() - index * size);
    if (index + 1 < count) {
        chunk["next_chunk_index"] = index + 1;
        chunk["next_chunk_internal_link"] =
            "/api/2.0/sql/statements/" + view.statement_id + "/result/chunks/" + std::to_string(index + 1);
    }
    if (view.form == ResultForm::typed_array) {
        json::array& rows = chunk["data_typed_array"].emplace_array();
        for (const auto& row : view.table->rows)
            rows.push_back(wire_detail::typed_row(row));
    } else if (view.form == ResultForm::external) {
        json::object link = chunk;
        link["external_link"] = view.base + "/sandbox/results/" + view.statement_id + "/" + std::to_string(index) +
                                "?signature=" + view.signature;
        link["expiration"] = format_utc(wall_now() + std::chrono::minutes(15));
        link["http_headers"].emplace_object()["x-sandbox-encryption"] = view.signature.substr(0, 8);
        json::object outer;
        outer["external_links"].emplace_array().push_back(std::move(link));
        return outer;
    } else {
        chunk["data_array"] = chunk_rows(view, index);
    }
    return chunk;
}

json::object statement_json(const StatementView& view) {
    json::object object;
    object["statement_id"] = view.statement_id;
    json::object& status = object["status"].emplace_object();
    status["state"] = view.state;
    if (view.state == "FAILED") {
        json::object& error = status["error"].emplace_object();
        error["error_code"] = "BAD_REQUEST";
        error["message"] = view.error_message;
        status["sql_state"] = "42P01";
    }
    if (!view.table)
        return object;
    object["manifest"] = wire_detail::manifest(view);
    if (view.form == ResultForm::without_result)
        return object;
    auto first = chunk_json(view, 0);
    object["result"] = first ? std::move(*first) : json::object();
    return object;
}

json::object statement_response(const StatementView& view) {
    json::object object;
    object["statement_response"] = statement_json(view);
    return object;
}

}  // namespace genie_slack::sandbox::databricks
