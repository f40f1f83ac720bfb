// The calls that wait for a session, by kind: what waits together travels together (storage.md 3.5, group commit).
// Decides only; whoever has it holds the lock.
#pragma once

#include "storage/lakebase/session.hpp"

#include <boost/json/value.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::storage::lakebase {

// One call of a statement. Every call may be sent again after a lost connection: a statement recognises a repeated call
// by its key, or does the same thing twice.
struct Operation {
    const Statement* statement = nullptr;
    std::string argument;           // JSON
    std::string people;             // JSON for kPeopleFiles, "" for none
    std::string rows;               // JSON for write_chat_rows, "" for none
    std::vector<std::string> keys;  // no two calls of one batch share a key
    std::string subject;            // turn id, for whoever looks for a refused row
    TimePoint deadline{};
    // Called once, on the pool's executor.
    std::function<void(StorageResult<boost::json::value>)> done;
    // Instead of a statement: anything that wants a session for itself. Never repeated, never withdrawn while it runs.
    std::function<boost::json::value(Session&)> job;
    bool is_probe = false;  // only looks how the database is, and is no reason to keep it awake
    // The caller has gone: nothing is sent any more, and nobody wants the result.
    std::atomic<bool> withdrawn = false;
    std::uint64_t arrival = 0;  // set by the queues

    bool is_wanted() const { return !withdrawn && Clock::now() < deadline; }
};

using OperationPointer = std::shared_ptr<Operation>;
using Batch = std::vector<OperationPointer>;

class CallQueues {
 public:
    // `max_writers`: batches of writing statements at one time.
    CallQueues(std::size_t max_waiting, std::size_t max_batch, std::size_t max_writers)
        : max_waiting_(max_waiting), max_batch_(max_batch), max_writers_(max_writers) {}

    // Until this was called only jobs are given out: they may have to create what statements work on.
    void open() { is_open_ = true; }
    // False when too many wait.
    bool push(OperationPointer operation);
    // Whether take() would give something.
    bool has_next() { return next() != nullptr; }
    // What is to be sent next, empty when there is nothing. Calls of one statement; the caller says end() when they are
    // done, if `is_write`.
    Batch take(bool& is_write);
    void end(const Statement* statement);
    std::size_t waiting() const { return waiting_; }
    // All that waits.
    Batch take_all();

 private:
    struct Queue {
        std::deque<OperationPointer> calls;
        std::size_t writers = 0;  // batches that are being written
    };
    Queue* next();
    void forget_unwanted();

    const std::size_t max_waiting_;
    const std::size_t max_batch_;
    const std::size_t max_writers_;
    std::map<const Statement*, Queue> queues_;  // nullptr: jobs
    std::uint64_t arrivals_ = 0;
    std::size_t waiting_ = 0;
    std::size_t writers_ = 0;  // all of them
    bool is_open_ = false;
};

}  // namespace genie_slack::storage::lakebase
