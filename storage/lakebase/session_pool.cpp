// Long because the workers of the pool share its state: queue, sessions and their ages change under one lock.
#include "storage/lakebase/session_pool.hpp"

#include "core/log.hpp"
#include "storage/dead_letter_metric.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/pool_metrics.hpp"

#include <sys/socket.h>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace genie_slack::storage::lakebase {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxWriters = 2;  // more of them make smaller batches, not more commits (storage.md 3.5)
constexpr int kConflictTries = 5;
constexpr Duration kConflictPause = std::chrono::milliseconds(5);
constexpr Duration kSilence = std::chrono::seconds(3);  // on top of what a statement may take
constexpr double kJitter = 0.1;

// An array of one part of each call; "" when no call has it.
std::string join(const Batch& batch, std::string Operation::* part) {
    std::size_t size = 2;
    for (const auto& operation : batch)
        size += (operation.get()->*part).size() + 1;
    std::string text;
    text.reserve(size);
    for (const auto& operation : batch) {
        const std::string& one = operation.get()->*part;
        if (!one.empty())
            text += (text.empty() ? '[' : ',') + one;
    }
    return text.empty() ? text : text + ']';
}

// The turns that the batch is about, for the log.
std::string turns_of(const Batch& batch) {
    std::string turns;
    for (const auto& operation : batch)
        if (!operation->subject.empty() && turns.find(operation->subject) == std::string::npos)
            turns += (turns.empty() ? "" : ",") + operation->subject;
    return turns;
}

BatchText sql_of(const Batch& batch) {
    BatchText text;
    text.calls = join(batch, &Operation::argument);
    text.people = join(batch, &Operation::people);
    text.rows = join(batch, &Operation::rows);
    return text;
}

}  // namespace

// A thread and its session.
struct SessionPool::Worker {
    std::unique_ptr<Session> session;
    TimePoint old_at{};       // when the session is to be replaced
    bool is_resting = false;  // its session was closed for its age, and there was nothing to do since
    const Statement* writing = nullptr;

    // What cut_silent_sessions() looks at.
    std::mutex watch_mutex;
    int watched_socket = -1;
    TimePoint busy_since{};

    std::condition_variable work;  // with the pool's mutex
    std::thread thread;

    void watch() {
        const std::lock_guard lock(watch_mutex);
        watched_socket = session->socket();
        busy_since = Clock::now();
    }
    void unwatch() {
        const std::lock_guard lock(watch_mutex);
        watched_socket = -1;
    }
};

SessionPool::SessionPool(boost::asio::any_io_executor executor, LakebaseOptions options, Logins logins)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      logins_(std::move(logins)),
      queues_(options_.max_queue, options_.max_batch, std::clamp<std::size_t>(options_.sessions - 1, 1, kMaxWriters)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.sessions); ++i)
        workers_.push_back(std::make_unique<Worker>());
    for (auto& worker : workers_)
        worker->thread = std::thread([this, pointer = worker.get()] { run(*pointer); });
}

SessionPool::~SessionPool() {
    stopping_ = true;
    {
        const std::lock_guard lock(mutex_);
        wake_all();
    }
    for (auto& worker : workers_) {
        const std::lock_guard lock(worker->watch_mutex);
        if (worker->watched_socket >= 0)
            ::shutdown(worker->watched_socket, SHUT_RDWR);
    }
    for (auto& worker : workers_)
        worker->thread.join();
    finish_all(queues_.take_all(), StorageError(StorageFault::cancelled, "database: the process is stopping"));
}

void SessionPool::open_for_statements() {
    const std::lock_guard lock(mutex_);
    queues_.open();
    wake_all();
}

bool SessionPool::submit(OperationPointer operation) {
    const std::lock_guard lock(mutex_);
    if (!queues_.push(std::move(operation)))
        return false;
    wake_one();
    return true;
}

void SessionPool::cut_silent_sessions() {
    const Duration limit = options_.database.statement_timeout + kSilence;
    for (auto& worker : workers_) {
        const std::lock_guard lock(worker->watch_mutex);
        if (worker->watched_socket < 0 || Clock::now() - worker->busy_since < limit)
            continue;
        log::warn("database.silent", {{"seconds", limit / std::chrono::seconds(1)}});
        ::shutdown(worker->watched_socket, SHUT_RDWR);
    }
}

std::string SessionPool::down_reason() const {
    const std::lock_guard lock(mutex_);
    return connected_ > 0 ? "" : last_error_;
}

void SessionPool::run(Worker& worker) {
    while (!stopping_) {
        if (!worker.session && !worker.is_resting && !connect(worker))
            continue;
        const Batch batch = take(worker);
        if (batch.empty()) {
            // The next one is opened when there is something to do: a login would wake a database that sleeps.
            if (worker.session && Clock::now() >= worker.old_at) {
                close(worker);
                worker.is_resting = true;
            }
            continue;
        }
        worker.is_resting = false;
        if (batch.front()->job && !worker.session && !connect_for(worker, batch.front()))
            continue;
        kBusy.add(1);
        if (batch.front()->job)
            execute_job(worker, batch.front());
        else
            execute(worker, batch);
        kBusy.add(-1);
        if (worker.writing) {
            const std::lock_guard lock(mutex_);
            queues_.end(worker.writing);
            worker.writing = nullptr;
        }
    }
    close(worker);
}

// False when the call was given up before there was a session.
bool SessionPool::connect_for(Worker& worker, const OperationPointer& operation) {
    while (!stopping_ && operation->is_wanted())
        if (connect(worker))
            return true;
    finish_all({operation}, StorageError(StorageFault::cancelled, "database: the process is stopping"));
    return false;
}

// False when it did not succeed this time.
bool SessionPool::connect(Worker& worker) {
    if (!wait_for_turn_to_connect(worker))
        return false;
    std::string failure;
    Duration shortest = options_.first_retry;
    Duration longest = options_.max_retry;
    try {
        worker.session = open_session(stopping_);
    } catch (const SqlError& error) {
        failure = error.what();
        if (error.fault() == SqlFault::login_refused) {
            shortest = options_.first_refused_retry;
            longest = options_.max_refused_retry;
        }
    } catch (const std::exception& error) {
        failure = error.what();
        shortest = options_.first_refused_retry;
        longest = options_.max_refused_retry;
    }
    const std::lock_guard lock(mutex_);
    is_probing_ = false;
    if (failure.empty()) {
        if (failures_ > 0)
            log::info("database.connected", {{"failures", failures_}});
        failures_ = 0;
        last_error_.clear();
        ++connected_;
        kConnected.add(1);
        worker.old_at = Clock::now() + random_.jitter(options_.session_life, kJitter);
    } else {
        const Duration pause = std::min(longest, shortest * (1 << std::min(failures_, 16)));
        ++failures_;
        retry_at_ = Clock::now() + random_.jitter(pause, kJitter);
        if (failure != last_error_ || failures_ % 16 == 0)
            log::warn("database.unreachable", {{"error", failure}, {"failures", failures_}});
        last_error_ = failure;
    }
    wake_all();
    return failure.empty();
}

// Side by side as long as it works; after a failure one thread tries, with growing pauses.
bool SessionPool::wait_for_turn_to_connect(Worker& worker) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && failures_ > 0 && (is_probing_ || Clock::now() < retry_at_)) {
        if (is_probing_)
            worker.work.wait(lock);
        else
            worker.work.wait_for(lock, retry_at_ - Clock::now());
    }
    is_probing_ = is_probing_ || failures_ > 0;
    return !stopping_;
}

// A password that the server does not take any more is asked for once more.
std::unique_ptr<Session> SessionPool::open_session(const std::atomic<bool>& stopping) const {
    for (const bool renew : {false, true}) {
        const auto login = logins_(renew, stopping);
        if (!login)
            throw std::runtime_error(login.error().message);
        try {
            return std::make_unique<Session>(options_.database, *login);
        } catch (const SqlError& error) {
            if (renew || error.fault() != SqlFault::login_refused)
                throw;
            log::info("database.login_refused", {{"error", error.what()}});
        }
    }
    throw std::logic_error("unreachable");
}

void SessionPool::close(Worker& worker) {
    if (!worker.session)
        return;
    worker.session.reset();
    const std::lock_guard lock(mutex_);
    --connected_;
    kConnected.add(-1);
}

// Empty when there is nothing to do but to look at the session's age, or at whether to stop.
Batch SessionPool::take(Worker& worker) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && !queues_.has_next()) {
        const Duration left = worker.old_at - Clock::now();
        if (!worker.is_resting && left <= Duration::zero())
            return {};
        // Who has a session is woken before who has none.
        idle_.insert(worker.is_resting ? idle_.begin() : idle_.end(), &worker);
        if (worker.is_resting)
            worker.work.wait(lock);
        else
            worker.work.wait_for(lock, left);
        std::erase(idle_, &worker);
    }
    if (stopping_)
        return {};
    bool is_write = false;
    Batch batch = queues_.take(is_write);
    if (is_write)
        worker.writing = batch.front()->statement;
    // What is left may be for somebody else.
    if (queues_.waiting() > 0)
        wake_one();
    return batch;
}

void SessionPool::execute(Worker& worker, Batch batch) {
    for (int conflicts = 0;;) {
        std::erase_if(batch, [](const OperationPointer& operation) { return !operation->is_wanted(); });
        if (batch.empty())
            return;
        if (stopping_)
            return finish_all(batch, StorageError(StorageFault::cancelled, "database: the process is stopping"));
        if (!worker.session && !connect(worker))
            continue;
        try {
            return send(worker, batch);
        } catch (const SqlError& error) {
            if (error.fault() == SqlFault::connection_lost || !worker.session->settle()) {
                // Whether the batch was written is not known; sent again, it is recognised by its keys.
                log::warn("database.session_lost", {{"call", batch.front()->statement->name},
                                                    {"turn", turns_of(batch)},
                                                    {"calls", batch.size()},
                                                    {"error", error.what()}});
                close(worker);
                continue;
            }
            const bool is_conflict = error.fault() == SqlFault::conflict;
            if (is_conflict && ++conflicts < kConflictTries) {
                pause(worker, kConflictPause * (1 << conflicts));
                continue;
            }
            const bool is_bad = error.fault() == SqlFault::bad_row || error.sqlstate() == "23505";
            if (is_bad && batch.size() > 1) {
                // One of them is the culprit; its neighbours must not suffer.
                const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
                execute(worker, Batch(batch.begin(), middle));
                execute(worker, Batch(middle, batch.end()));
                return;
            }
            log::warn("database.refused",
                      {{"call", batch.front()->statement->name}, {"turn", turns_of(batch)}, {"error", error.what()}});
            if (is_bad) {
                bury(worker, *batch.front(), error);
                return finish_all(batch, StorageError(StorageFault::invalid, error.what()));
            }
            return finish_all(batch, to_storage_error(error));
        }
    }
}

void SessionPool::send(Worker& worker, const Batch& batch) {
    kBatches.observe(static_cast<double>(batch.size()));
    worker.watch();
    std::string text;
    try {
        text = worker.session->call(*batch.front()->statement, sql_of(batch));
    } catch (...) {
        worker.unwatch();
        throw;
    }
    worker.unwatch();
    boost::system::error_code malformed;
    json::value results = json::parse(text, malformed);
    json::array* array = malformed ? nullptr : results.if_array();
    if (!array || array->size() != batch.size())
        throw SqlError(SqlFault::other, "",
                       "database: " + std::string(batch.front()->statement->name) +
                           " gave something else than a result for each call");
    std::vector<std::pair<OperationPointer, StorageResult<json::value>>> finished;
    finished.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
        finished.emplace_back(batch[i], std::move((*array)[i]));
    finish(std::move(finished));
}

// One wake-up of the loop for all of them.
void SessionPool::finish(std::vector<std::pair<OperationPointer, StorageResult<json::value>>> results) const {
    boost::asio::post(executor_, [results = std::move(results)]() mutable {
        for (auto& [operation, result] : results)
            if (!operation->withdrawn)
                operation->done(std::move(result));
    });
}

void SessionPool::finish_all(const Batch& batch, const StorageError& error) const {
    std::vector<std::pair<OperationPointer, StorageResult<json::value>>> results;
    for (const OperationPointer& operation : batch)
        results.emplace_back(operation, error);
    if (!results.empty())
        finish(std::move(results));
}

// A thread that sleeps and has a session, if what waits is not somebody's already. Called under the mutex.
void SessionPool::wake_one() {
    if (!idle_.empty() && queues_.has_next())
        idle_.back()->work.notify_one();
}

void SessionPool::wake_all() {
    for (auto& worker : workers_)
        worker->work.notify_all();
}

void SessionPool::execute_job(Worker& worker, const OperationPointer& operation) {
    std::vector<std::pair<OperationPointer, StorageResult<json::value>>> finished;
    try {
        finished.emplace_back(operation, operation->job(*worker.session));
    } catch (const SqlError& error) {
        finished.emplace_back(operation, to_storage_error(error));
    } catch (const MigrationError& error) {
        finished.emplace_back(operation, StorageError(StorageFault::schema, error.what()));
    } catch (const std::exception& error) {
        finished.emplace_back(operation, StorageError(StorageFault::unavailable, error.what()));
    }
    finish(std::move(finished));
    if (!worker.session->settle())
        close(worker);
}

// For an admin to find; a failure of this is no reason to lose the answer to the caller.
void SessionPool::bury(Worker& worker, const Operation& operation, const SqlError& error) {
    json::object letter;
    kDeadLetters.add({"refused_row"});
    letter["kind"] = operation.statement->name;
    letter["turn_id"] = operation.subject;
    letter["sqlstate"] = error.sqlstate();
    letter["detail"] = error.what();
    json::array letters;
    letters.push_back(std::move(letter));
    try {
        BatchText batch;
        batch.calls = json::serialize(letters);
        worker.session->call(statements::bury, batch);
    } catch (const SqlError& failure) {
        log::warn("database.dead_letter_lost", {{"turn", operation.subject}, {"error", failure.what()}});
        if (!worker.session->settle())
            close(worker);
    }
}

void SessionPool::pause(Worker& worker, Duration duration) {
    std::unique_lock lock(mutex_);
    const TimePoint end = Clock::now() + random_.jitter(duration, 0.5);
    while (!stopping_ && Clock::now() < end)
        worker.work.wait_for(lock, end - Clock::now());
}

}  // namespace genie_slack::storage::lakebase
