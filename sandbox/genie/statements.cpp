// The part of the workspace that gives out rows: query results, repeated executions, chunks, downloads.
#include "sandbox/genie/text_coding.hpp"
#include "sandbox/genie/workspace.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace genie_slack::sandbox::databricks {

namespace json = boost::json;

namespace statements_detail {

std::size_t parse_index(const std::string& text) {
    std::size_t index = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), index);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? index : static_cast<std::size_t>(-1);
}

ResultForm form_of(const std::string& outcome) {
    if (outcome == "TYPED_ARRAY")
        return ResultForm::typed_array;
    if (outcome == "MISSING_RESULT")
        return ResultForm::without_result;
    if (outcome == "CHUNKS")
        return ResultForm::chunked;
    if (outcome == "EXTERNAL_LINKS")
        return ResultForm::external;
    return ResultForm::plain;
}

// Not a secret: it only has to be the same twice, and not to be guessed by accident.
std::string signature_of(const std::string& statement_id) {
    return base64url_encode("sandbox" + statement_id);
}

ApiError statement_not_found(const std::string& id) {
    return {404, "NOT_FOUND", "The statement " + id + " was not found."};
}

// As Databricks writes it: RFC 4180, with NULL as the bare word.
std::string csv_field(const Cell& cell) {
    if (!cell)
        return "null";
    if (cell->find_first_of(",\"\r\n") == std::string::npos && *cell != "null")
        return *cell;
    std::string quoted = "\"";
    for (const char c : *cell)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

constexpr std::size_t kDownloadPart = 5'000;  // rows behind one link

// The rows of one part; the first part has the header.
std::string csv_text(const Table& table, std::size_t part) {
    std::string text;
    if (part == 0) {
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            text += (i ? "," : "") + csv_field(table.columns[i].name);
        text += "\r\n";
    }
    const std::size_t end = std::min(table.rows.size(), (part + 1) * kDownloadPart);
    for (std::size_t row = part * kDownloadPart; row < end; ++row) {
        for (std::size_t i = 0; i < table.rows[row].size(); ++i)
            text += (i ? "," : "") + csv_field(table.rows[row][i]);
        text += "\r\n";
    }
    return text;
}

// Beyond Genie's 5,000 rows.
QueryLimits whole_result() {
    QueryLimits limits;
    limits.max_rows = 1'000'000;
    limits.max_steps *= 10;
    return limits;
}

}  // namespace statements_detail

using namespace statements_detail;

Result<Table> Workspace::rows_of(const StoredMessage& message) {
    return analyst_.run(message.answer);
}

StatementView Workspace::view_of(const StoredMessage& message, const Table& table, const std::string& base) const {
    StatementView view;
    view.statement_id = message.statement_id;
    view.table = &table;
    view.form = form_of(message.outcome);
    view.base = base;
    view.signature = signature_of(message.statement_id);
    return view;
}

ApiResult Workspace::query_result(const Call& call, StoredMessage& message) {
    const WalkPosition position = position_of(message);
    const bool readable = position.visible == Visible::query || position.visible == Visible::everything;
    if (!message.answer.has_query() || !readable)
        return ApiError(400, "BAD_REQUEST",
                        "The message has no query result now: its status is " + position.status + ".");
    StatementView view;
    view.statement_id = message.statement_id;
    if (position.status == "QUERY_RESULT_EXPIRED")
        return ApiError(404, "RESOURCE_DOES_NOT_EXIST", "The query result has expired. Execute the query again.");
    if (message.outcome == "RESULT_CLOSED" && !message.executed_again) {
        view.state = "CLOSED";
        return statement_response(view);
    }
    const bool still_running =
        message.executed_again ? Clock::now() - message.executed < options_.status_time : !position.terminal;
    if (still_running) {
        view.state = "RUNNING";
        return statement_response(view);
    }
    if (message.outcome == "SQL_FAILED") {
        view.state = "FAILED";
        view.error_message = faults_.failed_error_text;
        return statement_response(view);
    }
    const Result<Table> table = rows_of(message);
    if (!table) {
        view.state = "FAILED";
        view.error_message = table.error().message;
        return statement_response(view);
    }
    return statement_response(view_of(message, *table, call.base));
}

ApiResult Workspace::execute_query(const Call& call, StoredMessage& message) {
    const WalkPosition position = position_of(message);
    if (!message.answer.has_query() || !position.terminal || position.visible != Visible::everything)
        return ApiError(400, "INVALID_STATE",
                        "The query cannot be executed: the message's status is " + position.status + ".");
    message.statement_id = store_.new_statement_id();
    message.executed_again = true;
    message.executed = Clock::now();
    if (options_.status_time == Duration::zero())
        return query_result(call, message);
    StatementView view;
    view.statement_id = message.statement_id;
    view.state = "PENDING";
    return statement_response(view);
}

ApiResult Workspace::start_download(StoredMessage& message) {
    if (!position_of(message).terminal || !message.answer.has_query())
        return ApiError(400, "INVALID_STATE", "The message has no result to download.");
    const Result<Table> table = analyst_.run(message.answer, whole_result());
    if (!table)
        return ApiError(400, "BAD_REQUEST", table.error().message);
    const std::string id = store_.new_id();
    Download download;
    download.statement_id = store_.new_statement_id();
    download.answer = message.answer;
    download.rows = table->rows.size();
    download.started = Clock::now();
    downloads_[id] = std::move(download);
    json::object body;
    body["download_id"] = id;
    body["download_id_signature"] = signature_of(id);
    return body;
}

ApiResult Workspace::poll_download(const Call& call) const {
    const auto found = downloads_.find(call.path[2]);
    const auto signature = call.query.find("download_id_signature");
    if (found == downloads_.end())
        return ApiError(404, "RESOURCE_DOES_NOT_EXIST", "The download does not exist.");
    if (signature == call.query.end() || signature->second != signature_of(found->first))
        return ApiError(400, "INVALID_PARAMETER_VALUE", "download_id_signature is missing or wrong.");
    const Download& download = found->second;
    StatementView view;
    view.statement_id = download.statement_id;
    const bool running = Clock::now() - download.started < options_.status_time;
    view.state = running ? "RUNNING" : "SUCCEEDED";
    json::object statement = statement_json(view);
    if (!running) {
        json::object& manifest = statement["manifest"].emplace_object();
        manifest["format"] = "CSV";
        manifest["total_row_count"] = download.rows;
        manifest["total_chunk_count"] = std::max<std::size_t>((download.rows + kDownloadPart - 1) / kDownloadPart, 1);
        statement["result"] = download_part(download, 0, call.base).value_or(json::object());
    }
    json::object body;
    body["statement_response"] = std::move(statement);
    return body;
}

const Workspace::Download* Workspace::find_download(const std::string& statement_id) const {
    for (const auto& [id, download] : downloads_)
        if (download.statement_id == statement_id)
            return &download;
    return nullptr;
}

std::optional<json::object> Workspace::download_part(const Download& download, std::size_t index,
                                                     const std::string& base) const {
    if (index > 0 && index * kDownloadPart >= download.rows)
        return {};
    json::object link;
    link["external_link"] = base + "/sandbox/results/" + download.statement_id + "/" + std::to_string(index) +
                            "?signature=" + signature_of(download.statement_id);
    link["expiration"] = format_utc(wall_now() + std::chrono::minutes(15));
    link["chunk_index"] = index;
    link["row_offset"] = index * kDownloadPart;
    link["row_count"] = std::min(kDownloadPart, download.rows - index * kDownloadPart);
    if ((index + 1) * kDownloadPart < download.rows) {
        link["next_chunk_index"] = index + 1;
        link["next_chunk_internal_link"] =
            "/api/2.0/sql/statements/" + download.statement_id + "/result/chunks/" + std::to_string(index + 1);
    }
    json::object part;
    part["external_links"].emplace_array().push_back(std::move(link));
    return part;
}

// Ends the run of a query; what Genie says of its message is ours to choose (databricks.md 1.6 has the type).
ApiResult Workspace::cancel_statement(const std::string& statement_id) {
    const auto message = store_.find_statement(statement_id);
    if (!message || !message->answer.has_query())
        return statement_not_found(statement_id);
    const WalkPosition position = position_of(*message);
    if (position.terminal || position.visible != Visible::query)
        return json::object();
    message->walk.steps.clear();
    message->walk.steps.emplace_back("EXECUTING_QUERY", Clock::now() - message->created, Visible::query);
    message->walk.end = "FAILED";
    message->walk.end_visible = Visible::nothing;
    message->error_type = "MESSAGE_CANCELLED_WHILE_EXECUTING_EXCEPTION";
    message->error_text = "The query was cancelled while it ran.";
    return json::object();
}

ApiResult Workspace::statements(const Call& call) {
    if (call.method == "POST" && call.path.size() == 2 && call.path[1] == "cancel")
        return cancel_statement(call.path.front());
    if (call.method != "GET" || call.path.empty())
        return no_such_api(call);
    const bool wants_part = call.path.size() == 4 && call.path[1] == "result" && call.path[2] == "chunks";
    if (const Download* download = find_download(call.path.front()); download && wants_part) {
        if (auto part = download_part(*download, parse_index(call.path[3]), call.base))
            return std::move(*part);
        return ApiError(404, "NOT_FOUND", "The statement has no chunk " + call.path[3] + ".");
    }
    const auto message = store_.find_statement(call.path.front());
    if (!message || !position_of(*message).terminal || !message->answer.has_query())
        return statement_not_found(call.path.front());
    const Result<Table> table = rows_of(*message);
    if (!table)
        return ApiError(500, "INTERNAL_ERROR", table.error().message);
    const StatementView view = view_of(*message, *table, call.base);
    if (call.path.size() == 1)
        return statement_json(view);
    if (!wants_part)
        return no_such_api(call);
    auto chunk = chunk_json(view, parse_index(call.path[3]));
    if (!chunk)
        return ApiError(404, "NOT_FOUND", "The statement has no chunk " + call.path[3] + ".");
    return std::move(*chunk);
}

// What stands behind external links: like a presigned address of a cloud store it takes the signature and refuses an
// Authorization header (databricks.md 1.7).
net::ServerReply Workspace::stored_result(const net::ServerRequest& request, const std::string& base) {
    const std::vector<std::string> path = split_path(request.path());
    const auto query = parse_form(request.query());
    const auto signature = query.find("signature");
    const Download* download = path.size() == 4 ? find_download(path[2]) : nullptr;
    const auto message = path.size() == 4 ? store_.find_statement(path[2]) : nullptr;
    if (!message && !download)
        return {404, "application/xml", "<Error><Code>NoSuchKey</Code></Error>"};
    if (!request.header("Authorization").empty())
        return {400, "application/xml",
                "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"};
    if (signature == query.end() || signature->second != signature_of(path[2]))
        return {403, "application/xml", "<Error><Code>SignatureDoesNotMatch</Code></Error>"};
    if (download) {
        const Result<Table> whole = analyst_.run(download->answer, whole_result());
        if (!whole)
            return {500, "application/xml", "<Error><Code>InternalError</Code></Error>"};
        return {200, "text/csv; charset=utf-8", csv_text(*whole, parse_index(path[3]))};
    }
    const Result<Table> table = rows_of(*message);
    if (!table)
        return {500, "application/xml", "<Error><Code>InternalError</Code></Error>"};
    if (request.header("x-sandbox-encryption") != signature->second.substr(0, 8))
        return {403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"};
    const StatementView view = view_of(*message, *table, base);
    return net::ServerReply::json(200, json::serialize(chunk_rows(view, parse_index(path[3]))));
}

}  // namespace genie_slack::sandbox::databricks
