// Sessions on threads of their own, and the calls that wait for them. Calls of one kind that wait together travel
// together: a thread takes all that queued while it was busy and sends them as one statement (storage.md 3.5, group
// commit).
#pragma once

#include "core/random.hpp"
#include "storage/lakebase/call_queues.hpp"
#include "storage/lakebase_storage.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace genie_slack::storage::lakebase {

class SessionPool {
 public:
    // Blocks, on a session's thread, until there is a login; `stopping` turns true when the pool ends meanwhile.
    using Logins = std::function<StorageResult<Login>(bool renew, const std::atomic<bool>& stopping)>;

    SessionPool(boost::asio::any_io_executor executor, LakebaseOptions options, Logins logins);
    // Ends all sessions; what waits is answered with `cancelled`.
    ~SessionPool();
    SessionPool(const SessionPool&) = delete;
    SessionPool& operator=(const SessionPool&) = delete;

    // Until this was called, statements wait: jobs may have to create their tables first.
    void open_for_statements();
    // False when the queue is full.
    bool submit(OperationPointer operation);
    // Shuts the socket of every session whose server has been silent for much longer than a statement may take.
    void cut_silent_sessions();
    // One that does not belong to the pool, for a thread of its owner's; throws when there is none.
    std::unique_ptr<Session> open_session(const std::atomic<bool>& stopping) const;
    // Why there is no session at all; "" when there is one, or none was tried yet.
    std::string down_reason() const;

 private:
    struct Worker;

    void run(Worker& worker);
    bool connect(Worker& worker);
    bool connect_for(Worker& worker, const OperationPointer& operation);
    bool wait_for_turn_to_connect(Worker& worker);
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

    const boost::asio::any_io_executor executor_;
    const LakebaseOptions options_;
    const Logins logins_;

    mutable std::mutex mutex_;
    std::vector<Worker*> idle_;  // sleeping, with a session the one that slept last at the end
    CallQueues queues_;
    std::size_t connected_ = 0;
    int failures_ = 0;         // connects that failed in a row
    bool is_probing_ = false;  // one thread tries, the others wait for its result
    TimePoint retry_at_{};
    std::string last_error_;
    Random random_;
    std::atomic<bool> stopping_ = false;
    std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace genie_slack::storage::lakebase
