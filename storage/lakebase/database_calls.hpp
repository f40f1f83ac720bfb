// Calls to the database from the event loop, each with its deadline: they wait in the pool and are answered here.
#pragma once

#include "core/log.hpp"
#include "storage/lakebase/session_pool.hpp"
#include "storage/lakebase_storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::storage::lakebase {

// `row` as `decode` understands it; `invalid` when it cannot be read: a later version may have written it.
template <class T>
StorageResult<T> read_row(T (*decode)(const boost::json::value&), const boost::json::value& row) {
    try {
        return decode(row);
    } catch (const std::exception& error) {
        return StorageError(StorageFault::invalid, std::string("database: a row cannot be read: ") + error.what());
    }
}

// Lives on the executor's single thread.
class DatabaseCalls {
 public:
    using Answer = StorageResult<boost::json::value>;
    template <class T>
    using Awaitable = boost::asio::awaitable<StorageResult<T>>;

    DatabaseCalls(boost::asio::any_io_executor executor, LakebaseOptions options, LoginSource logins);

    // Something that wants a session for itself, once.
    boost::asio::awaitable<Answer> run_job(std::function<boost::json::value(Session&)> job, Deadline deadline);
    // The same for a look at how the database is, which does not count as its use.
    boost::asio::awaitable<Answer> run_probe(std::function<boost::json::value(Session&)> job, Deadline deadline);
    // Until this was called, calls wait: jobs may have to create their tables first.
    void open() { pool_.open_for_statements(); }
    // One that the calls do not use, for a thread of its owner's; throws when there is none.
    std::unique_ptr<Session> open_session(const std::atomic<bool>& stopping) const {
        return pool_.open_session(stopping);
    }
    // Why there is no session at all; "" when there is one, or none was tried yet.
    std::string down_reason() const { return pool_.down_reason(); }

    // Whether nobody has used the database for as long as Lakebase waits, at least, before it lets one sleep
    // (databricks.md 4.3); never after a failure.
    bool may_sleep() const;
    // Whether a call has missed a table, column or function since schema_is_whole().
    bool misses_schema() const { return misses_schema_; }
    void schema_is_whole() { misses_schema_ = false; }

    // The statement's result for this call. `keys`: no two calls that share one travel together; `subject` is the turn
    // that it is about, for whoever looks for a refused row.
    boost::asio::awaitable<Answer> call(const Statement& statement, boost::json::object argument,
                                        std::vector<std::string> keys, std::string subject, Deadline deadline);
    // The same with rows of that turn: a thread that has gone is only missed where the turn `is_stored` already.
    boost::asio::awaitable<Answer> call_with_rows(const Statement& statement, boost::json::object argument,
                                                  const ChatRows& rows, bool is_stored, std::vector<std::string> keys,
                                                  std::string turn_id, Deadline deadline);
    // The same for results of one kind.
    Awaitable<void> tell(const Statement& statement, boost::json::object argument, std::vector<std::string> keys,
                         std::string subject, Deadline deadline);
    Awaitable<bool> ask_bool(const Statement& statement, boost::json::object argument, std::vector<std::string> keys,
                             std::string subject, Deadline deadline);
    // One row, or nothing for null.
    template <class T>
    Awaitable<std::optional<T>> ask_row(const Statement& statement, boost::json::object argument,
                                        std::vector<std::string> keys, std::string subject,
                                        T (*decode)(const boost::json::value&), Deadline deadline) {
        auto row = co_await call(statement, std::move(argument), std::move(keys), std::move(subject), deadline);
        if (!row)
            co_return row.error();
        if (row->is_null())
            co_return std::optional<T>();
        auto decoded = read_row(decode, *row);
        if (!decoded)
            co_return decoded.error();
        co_return std::optional<T>(std::move(*decoded));
    }
    // Without the rows that cannot be read, of which the log tells.
    template <class T>
    Awaitable<std::vector<T>> ask_rows(const Statement& statement, boost::json::object argument,
                                       T (*decode)(const boost::json::value&), Deadline deadline) {
        auto rows = co_await call(statement, std::move(argument), {}, "", deadline);
        if (!rows)
            co_return rows.error();
        std::vector<T> decoded;
        for (const boost::json::value& row : rows->as_array()) {
            auto one = read_row(decode, row);
            if (one)
                decoded.push_back(std::move(*one));
            else
                log::warn("database.row_left_out", {{"statement", statement.name}, {"error", one.error().message}});
        }
        co_return decoded;
    }

 private:
    struct Reply;

    boost::asio::awaitable<Answer> run(OperationPointer operation, Deadline deadline);
    boost::asio::awaitable<Answer> wait_for(OperationPointer operation, Deadline deadline);
    std::shared_ptr<Reply> expect_reply(Operation& operation, Deadline deadline);
    StorageResult<Login> login(bool renew, const std::atomic<bool>& stopping) const;

    boost::asio::any_io_executor executor_;
    const Duration login_timeout_;
    std::shared_ptr<LoginSource> logins_;
    TimePoint used_at_ = Clock::now();
    bool has_failed_ = false;
    bool misses_schema_ = false;
    SessionPool pool_;  // last: its threads use the members above
};

}  // namespace genie_slack::storage::lakebase
