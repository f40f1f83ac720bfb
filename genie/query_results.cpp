#include "genie/query_results.hpp"

#include "core/log.hpp"
#include "core/net/url.hpp"
#include "genie/json_text.hpp"
#include "genie/poll_schedule.hpp"
#include "genie/wire_text.hpp"

#include <iterator>

namespace genie_slack::genie {

namespace asio = boost::asio;
namespace json = boost::json;

namespace query_results_detail {

constexpr int kMaxChunks = 1000;

// Results are kept for about an hour; afterwards the answers are 4xx that say so in various words
// (databricks.md 1.7).
bool says_expired(const GenieError& error) {
    if (error.fault != GenieFault::not_found && error.fault != GenieFault::invalid)
        return false;
    if (error.http_status == 410 || error.error_code == "QUERY_RESULT_EXPIRED")
        return true;
    for (const char* word : {"expired", "no longer available", "EXPIRED"})
        if (error.message.find(word) != std::string::npos)
            return true;
    return error.fault == GenieFault::not_found && (error.message.find("statement") != std::string::npos ||
                                                    error.message.find("query result") != std::string::npos);
}

// Why a statement that has ended brought no rows; the SQL's own error text is for the person who asked.
GenieError failed(const Statement& statement) {
    if (statement.state == Statement::State::closed || statement.state == Statement::State::missing)
        return GenieError(GenieFault::result_expired, "the query's result is gone: run the query again");
    GenieError error(GenieFault::query_failed, tidy_text(statement.error_text, 1000));
    if (error.message.empty())
        error.message = statement.state == Statement::State::canceled ? "the query was cancelled"
                                                                      : "the query failed without a reason";
    error.error_code = tidy_text(statement.error_code, 80);
    return error;
}

void append(std::vector<ResultRow>& rows, std::vector<ResultRow>&& more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Appends the rows of a link's content; false when it is no array of rows.
bool read_json(std::string_view text, std::vector<ResultRow>& rows) {
    const auto parsed = parse_json(text);
    if (!parsed || !parsed->is_array())
        return false;
    append(rows, parse_rows(*parsed));
    return true;
}

}  // namespace query_results_detail

asio::awaitable<GenieResult<ResultTable>> QueryResults::fetch(std::string attachment_path, Deadline deadline) {
    std::string path = attachment_path + "/query-result";
    auto statement = co_await ask_state(path, deadline);
    if (statement)
        statement = co_await finish(std::move(path), std::move(*statement), deadline);
    if (!statement)
        co_return statement.error();
    const Limits limits{options_.max_result_rows, options_.max_download_bytes};
    auto table = co_await collect(std::move(*statement), limits, deadline);
    co_return table;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::execute(std::string attachment_path, Deadline deadline) {
    ApiCall call("POST", attachment_path + "/execute-query");
    call.body = "{}";
    call.repeat = Repeat::unless_done;
    auto answer = co_await api_.call(std::move(call), deadline);
    if (!answer && answer.error().fault != GenieFault::ambiguous)
        co_return answer.error();
    Statement begun;
    if (answer) {
        begun = parse_statement(*answer);
        // It was started, but the answer says nothing about it: the result endpoint knows.
        if (begun.state == Statement::State::missing)
            begun.state = Statement::State::pending;
    } else {
        auto found = co_await ask_state(attachment_path + "/query-result", deadline);
        if (!found || (found->state != Statement::State::pending && found->state != Statement::State::succeeded))
            co_return answer.error();
        begun = std::move(*found);
    }
    const bool may_be_old = !answer && begun.state == Statement::State::succeeded;
    auto statement = co_await finish(attachment_path + "/query-result", std::move(begun), deadline);
    if (!statement)
        co_return statement.error();
    const Limits limits{options_.max_result_rows, options_.max_download_bytes};
    auto table = co_await collect(std::move(*statement), limits, deadline);
    if (table)
        table->may_be_old = may_be_old;
    co_return table;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::download(std::string attachment_path, Deadline deadline) {
    ApiCall call("POST", attachment_path + "/downloads");
    call.body = "{}";
    call.repeat = Repeat::unless_done;
    auto answer = co_await api_.call(std::move(call), deadline);
    if (!answer)
        co_return answer.error();
    const std::string id = member_text(*answer, "download_id");
    if (id.empty() || id == "." || id == "..")
        co_return GenieError(GenieFault::invalid, "the download was started without an id");
    Statement begun;
    begun.state = Statement::State::pending;
    auto statement = co_await finish(
        attachment_path + "/downloads/" + net::percent_encode(id) +
            "?download_id_signature=" + net::percent_encode(member_text(*answer, "download_id_signature")),
        std::move(begun), deadline);
    if (!statement)
        co_return statement.error();
    const Limits limits{options_.max_download_rows, options_.max_download_bytes};
    auto table = co_await collect(std::move(*statement), limits, deadline);
    co_return table;
}

asio::awaitable<GenieResult<Statement>> QueryResults::ask_state(std::string state_path, Deadline deadline) {
    ApiCall call("GET", std::move(state_path));
    auto answer = co_await api_.call(std::move(call), deadline);
    if (answer)
        co_return parse_statement(*answer);
    GenieError error = answer.error();
    if (query_results_detail::says_expired(error))
        error.fault = GenieFault::result_expired;
    co_return error;
}

asio::awaitable<GenieResult<Statement>> QueryResults::finish(std::string state_path, Statement statement,
                                                             Deadline deadline) {
    PollSchedule schedule(options_.poll_schedule, options_.poll_cap, options_.poll_jitter);
    const std::string label = state_path.substr(0, state_path.find('?'));
    while (statement.state == Statement::State::pending) {
        const Duration wait = schedule.next(random_);
        if (wait >= deadline.remaining())
            co_return GenieError(GenieFault::timeout, "the query did not end in time: " + label);
        const bool go_on = co_await Api::pause(wait);
        if (!go_on)
            co_return GenieError(GenieFault::cancelled, "waiting for " + label + " was cancelled");
        auto next = co_await ask_state(state_path, deadline);
        if (!next)
            co_return next.error();
        statement = std::move(*next);
    }
    if (statement.state != Statement::State::succeeded)
        co_return query_results_detail::failed(statement);
    co_return statement;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::collect(Statement statement, Limits limits, Deadline deadline) {
    const bool csv = statement.format == "CSV";
    if (!csv && !statement.format.empty() && statement.format != "JSON_ARRAY")
        co_return GenieError(GenieFault::invalid, "the result has the format " + tidy_text(statement.format, 40) +
                                                      ", which is not supported (JSON_ARRAY and CSV are)");
    CsvReader reader(std::move(statement.columns));
    std::vector<ResultRow>& rows = reader.rows();
    ResultChunk chunk = std::move(statement.first);
    std::int64_t index = 0;
    bool more = false;
    for (int chunks = 1; !more; ++chunks) {
        query_results_detail::append(rows, std::move(chunk.rows));
        for (ExternalLink& link : chunk.external_links) {
            more = rows.size() > limits.rows || limits.bytes == 0;
            if (more)
                break;
            auto text = co_await follow_link(std::move(link), limits.bytes, deadline);
            if (!text)
                co_return text.error();
            const bool whole = csv ? reader.read(*text, limits.rows + 1) : query_results_detail::read_json(*text, rows);
            if (!whole && !csv)
                co_return GenieError(GenieFault::invalid, "an external result chunk holds no array of rows");
        }
        // A manifest that counts more chunks than were read is followed even without a link to the next one.
        std::optional<std::int64_t> next = chunk.next_chunk;
        if (!next && index + 1 < statement.total_chunks.value_or(1))
            next = index + 1;
        if (more || !next || *next <= index)
            break;
        more =
            rows.size() >= limits.rows || chunks >= query_results_detail::kMaxChunks || statement.statement_id.empty();
        if (more)
            break;
        index = *next;
        auto fetched = co_await next_chunk(statement.statement_id, index, deadline);
        if (!fetched)
            co_return fetched.error();
        chunk = std::move(*fetched);
    }
    ResultTable table;
    table.columns = std::move(reader.columns());
    table.left_out_columns = statement.left_out_columns;
    table.rows = std::move(rows);
    const auto read = static_cast<std::int64_t>(table.rows.size());
    table.total_rows = std::max(statement.total_rows.value_or(read), read);
    if (table.rows.size() > limits.rows)
        table.rows.resize(limits.rows);
    table.truncated = statement.truncated || more || table.total_rows > static_cast<std::int64_t>(table.rows.size());
    make_rectangular(table.columns, table.rows);
    co_return table;
}

asio::awaitable<GenieResult<std::string>> QueryResults::follow_link(ExternalLink link, std::size_t& room,
                                                                    Deadline deadline) {
    auto text = co_await api_.fetch_presigned(std::move(link.url), std::move(link.headers), deadline, room);
    if (text)
        room -= std::min(room, text->size());
    co_return text;
}

asio::awaitable<GenieResult<ResultChunk>> QueryResults::next_chunk(std::string statement_id, std::int64_t index,
                                                                   Deadline deadline) {
    // The path is built here and not taken from next_chunk_internal_link, which would choose what our token is sent to.
    if (statement_id == "." || statement_id == "..")
        co_return GenieError(GenieFault::invalid, "no usable statement id");
    ApiCall call("GET", "/api/2.0/sql/statements/" + net::percent_encode(statement_id) + "/result/chunks/" +
                            std::to_string(index));
    auto answer = co_await api_.call(std::move(call), deadline);
    if (!answer) {
        GenieError error = answer.error();
        // The statement was there a moment ago.
        if (error.fault == GenieFault::not_found || query_results_detail::says_expired(error))
            error.fault = GenieFault::result_expired;
        co_return error;
    }
    const auto* wrapped = answer->is_object() ? answer->get_object().if_contains("result") : nullptr;
    co_return parse_chunk(wrapped ? *wrapped : *answer);
}

}  // namespace genie_slack::genie
