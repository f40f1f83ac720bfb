// Sessions on threads of their own, and the calls that wait for them. Calls of one kind that wait together travel
// together: a thread takes all that queued while it was busy and sends them as one statement (storage.md 3.5, group
// commit).
#pragma once

#include "core/random.hpp"
#include "storage/lakebase/session.hpp"
#include "storage/lakebase_storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace genie_slack::storage::lakebase {

// A SQL function genie_app.NAME(jsonb) that takes an array of arguments and returns an array of results.
struct Function {
    const char* name;
    bool writes;
};

// One call of it. Every call may be sent again after a lost connection: a function recognises a repeated call by its
// key, or does the same thing twice.
struct Operation {
    const Function* function = nullptr;
    std::string argument;           // JSON
    std::vector<std::string> keys;  // no two calls of one batch share a key
    std::string subject;            // turn id, for whoever looks for a refused row
    TimePoint deadline{};
    // Called once, on the pool's executor.
    std::function<void(StorageResult<boost::json::value>)> done;
    // Instead of a function: anything that wants a session for itself. Never repeated, never withdrawn while it runs.
    std::function<boost::json::value(Session&)> job;
    // The caller has gone: nothing is sent any more, and nobody wants the result.
    std::atomic<bool> withdrawn = false;
    std::uint64_t arrival = 0;  // set by the pool
};

class SessionPool {
 public:
    // Blocks, on a session's thread, until there is a login; `stopping` turns true when the pool ends meanwhile.
    using Logins = std::function<StorageResult<Login>(bool renew, const std::atomic<bool>& stopping)>;

    SessionPool(boost::asio::any_io_executor executor, LakebaseOptions options, Logins logins);
    // Ends all sessions; what waits is answered with `cancelled`.
    ~SessionPool();
    SessionPool(const SessionPool&) = delete;
    SessionPool& operator=(const SessionPool&) = delete;

    // Until this was called, functions wait: jobs may have to create them first.
    void open_for_functions();
    // False when the queue is full.
    bool submit(std::shared_ptr<Operation> operation);
    // Shuts the socket of every session whose server has been silent for much longer than a statement may take.
    void cut_silent_sessions();
    // Why there is no session at all; "" when there is one, or none was tried yet.
    std::string down_reason() const;

 private:
    using OperationPointer = std::shared_ptr<Operation>;
    using Batch = std::vector<OperationPointer>;
    struct Worker;
    struct Queue {
        std::deque<OperationPointer> calls;
        std::size_t writers = 0;  // threads that are at it
    };

    void run(Worker& worker);
    bool connect(Worker& worker);
    bool wait_for_turn_to_connect(Worker& worker);
    std::unique_ptr<Session> open_session();
    void close(Worker& worker);
    Batch take(Worker& worker);
    void execute(Worker& worker, Batch batch);
    void execute_job(Worker& worker, const OperationPointer& operation);
    void send(Worker& worker, const Batch& batch);
    void bury(Worker& worker, const Operation& operation, const SqlError& error);
    void pause(Worker& worker, Duration duration);
    void finish(std::vector<std::pair<OperationPointer, StorageResult<boost::json::value>>> results) const;
    void finish_all(const Batch& batch, const StorageError& error) const;
    void wake_one();
    void wake_all();
    void forget_unwanted();
    Queue* next_queue();

    const boost::asio::any_io_executor executor_;
    const LakebaseOptions options_;
    const Logins logins_;
    const std::size_t max_writers_;

    mutable std::mutex mutex_;
    std::vector<Worker*> idle_;                // sleeping with a session, the one that slept last at the end
    std::map<const Function*, Queue> queues_;  // nullptr: jobs
    std::uint64_t arrivals_ = 0;
    std::size_t waiting_ = 0;
    std::size_t writers_ = 0;  // all of them
    std::size_t connected_ = 0;
    bool open_ = false;
    int failures_ = 0;         // connects that failed in a row
    bool is_probing_ = false;  // one thread tries, the others wait for its result
    TimePoint retry_at_{};
    std::string last_error_;
    Random random_;
    std::atomic<bool> stopping_ = false;
    std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace genie_slack::storage::lakebase
