#include "genie/query_results.hpp"

#include "core/log.hpp"
#include "core/net/url.hpp"
#include "genie/poll_schedule.hpp"
#include "genie/wire_text.hpp"

#include <iterator>

namespace genie_slack::genie {

namespace asio = boost::asio;
namespace json = boost::json;

namespace query_results_detail {

// Genie's results have 5,000 rows at most, usually in one chunk.
constexpr int kMaxChunks = 1000;

// Results are kept for about an hour; afterwards the answers are 4xx that say so in various words (1.7).
bool says_expired(const GenieError& error) {
    if (error.kind != ErrorKind::not_found && error.kind != ErrorKind::invalid)
        return false;
    if (error.http_status == 410 || error.error_code == "QUERY_RESULT_EXPIRED")
        return true;
    for (const char* word : {"expired", "no longer available", "EXPIRED"})
        if (error.message.find(word) != std::string::npos)
            return true;
    return error.kind == ErrorKind::not_found && (error.message.find("statement") != std::string::npos ||
                                                  error.message.find("query result") != std::string::npos);
}

// Why a statement that has ended brought no rows; the SQL's own error text is for the person who asked.
GenieError failed(const Statement& statement) {
    if (statement.state == Statement::State::closed || statement.state == Statement::State::missing)
        return GenieError(ErrorKind::result_expired, "the query's result is gone: run the query again");
    GenieError error(ErrorKind::query_failed, tidy_text(statement.error_text, 1000));
    if (error.message.empty())
        error.message = statement.state == Statement::State::canceled ? "the query was cancelled"
                                                                      : "the query failed without a reason";
    error.error_code = tidy_text(statement.error_code, 80);
    return error;
}

void append(std::vector<ResultRow>& rows, std::vector<ResultRow>&& more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace query_results_detail

asio::awaitable<GenieResult<ResultTable>> QueryResults::fetch(std::string attachment_path, Deadline deadline) {
    auto statement = co_await ask_state(attachment_path, deadline);
    if (!statement)
        co_return statement.error();
    auto table = co_await finish(std::move(attachment_path), std::move(*statement), deadline);
    co_return table;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::execute(std::string attachment_path, Deadline deadline) {
    ApiCall call("POST", attachment_path + "/execute-query");
    call.body = "{}";
    auto answer = co_await api_.call(std::move(call), deadline);
    if (!answer)
        co_return answer.error();
    Statement statement = parse_statement(*answer);
    // Started, but nothing told about it: the result endpoint knows.
    if (statement.state == Statement::State::missing)
        statement.state = Statement::State::pending;
    auto table = co_await finish(std::move(attachment_path), std::move(statement), deadline);
    co_return table;
}

asio::awaitable<GenieResult<Statement>> QueryResults::ask_state(std::string attachment_path, Deadline deadline) {
    ApiCall call("GET", attachment_path + "/query-result");
    auto answer = co_await api_.call(std::move(call), deadline);
    if (answer)
        co_return parse_statement(*answer);
    GenieError error = answer.error();
    if (query_results_detail::says_expired(error))
        error.kind = ErrorKind::result_expired;
    co_return error;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::finish(std::string attachment_path, Statement statement,
                                                               Deadline deadline) {
    PollSchedule schedule(options_.poll_schedule, options_.poll_cap, options_.poll_jitter);
    while (statement.state == Statement::State::pending) {
        const Duration wait = schedule.next(random_);
        if (wait >= deadline.remaining())
            co_return GenieError(ErrorKind::timeout, "the query did not end in time: " + attachment_path);
        const bool go_on = co_await Api::pause(wait);
        if (!go_on)
            co_return GenieError(ErrorKind::cancelled, "waiting for " + attachment_path + " was cancelled");
        auto next = co_await ask_state(attachment_path, deadline);
        if (!next)
            co_return next.error();
        statement = std::move(*next);
    }
    if (statement.state != Statement::State::succeeded)
        co_return query_results_detail::failed(statement);
    auto table = co_await collect(std::move(statement), deadline);
    co_return table;
}

asio::awaitable<GenieResult<ResultTable>> QueryResults::collect(Statement statement, Deadline deadline) {
    if (!statement.format.empty() && statement.format != "JSON_ARRAY")
        co_return GenieError(ErrorKind::invalid, "the result has the format " + tidy_text(statement.format, 40) +
                                                     ", which is not supported (only JSON_ARRAY is)");
    const std::size_t limit = options_.max_result_rows;
    ResultTable table;
    table.columns = std::move(statement.columns);
    ResultChunk chunk = std::move(statement.first);
    std::int64_t index = 0;
    bool more = false;
    for (int chunks = 1;; ++chunks) {
        auto whole = co_await follow_links(std::move(chunk), limit + 1 - std::min(limit, table.rows.size()), deadline);
        if (!whole)
            co_return whole.error();
        query_results_detail::append(table.rows, std::move(whole->rows));
        // A manifest that counts more chunks than were read is followed even without a link to the next one.
        std::optional<std::int64_t> next = whole->next_chunk;
        if (!next && index + 1 < statement.total_chunks.value_or(1))
            next = index + 1;
        if (!next || *next <= index)
            break;
        more =
            table.rows.size() >= limit || chunks >= query_results_detail::kMaxChunks || statement.statement_id.empty();
        if (more)
            break;
        index = *next;
        auto fetched = co_await next_chunk(statement.statement_id, index, deadline);
        if (!fetched)
            co_return fetched.error();
        chunk = std::move(*fetched);
    }
    const auto read = static_cast<std::int64_t>(table.rows.size());
    table.total_rows = std::max(statement.total_rows.value_or(read), read);
    if (table.rows.size() > limit)
        table.rows.resize(limit);
    table.truncated = statement.truncated || more || table.total_rows > static_cast<std::int64_t>(table.rows.size());
    make_rectangular(table.columns, table.rows);
    co_return table;
}

asio::awaitable<GenieResult<ResultChunk>> QueryResults::follow_links(ResultChunk chunk, std::size_t enough,
                                                                     Deadline deadline) {
    const std::vector<ExternalLink> links = std::move(chunk.external_links);
    chunk.external_links.clear();
    for (const ExternalLink& link : links) {
        if (chunk.rows.size() >= enough)
            break;
        auto answer = co_await api_.fetch_presigned(link.url, link.headers, deadline);
        if (!answer)
            co_return answer.error();
        if (!answer->is_array())
            co_return GenieError(ErrorKind::invalid, "an external result chunk holds no array of rows");
        query_results_detail::append(chunk.rows, parse_rows(*answer));
    }
    co_return chunk;
}

asio::awaitable<GenieResult<ResultChunk>> QueryResults::next_chunk(std::string statement_id, std::int64_t index,
                                                                   Deadline deadline) {
    // The path is built here and not taken from next_chunk_internal_link, which would choose what our token is sent to.
    if (statement_id == "." || statement_id == "..")
        co_return GenieError(ErrorKind::invalid, "no usable statement id");
    ApiCall call("GET", "/api/2.0/sql/statements/" + net::percent_encode(statement_id) + "/result/chunks/" +
                            std::to_string(index));
    auto answer = co_await api_.call(std::move(call), deadline);
    if (!answer) {
        GenieError error = answer.error();
        // The statement was there a moment ago.
        if (error.kind == ErrorKind::not_found || query_results_detail::says_expired(error))
            error.kind = ErrorKind::result_expired;
        co_return error;
    }
    const auto* wrapped = answer->is_object() ? answer->get_object().if_contains("result") : nullptr;
    co_return parse_chunk(wrapped ? *wrapped : *answer);
}

}  // namespace genie_slack::genie
