#include "storage/lakebase/database_calls.hpp"

#include "core/metrics.hpp"
#include "storage/lakebase/row_codec.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <future>
#include <utility>

namespace genie_slack::storage::lakebase {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

const metrics::Histogram kCallTimes("genie_slack_storage_seconds",
                                    "From a call of the database to its answer, with the wait for a session",
                                    metrics::short_times(), {"call"});
const metrics::Counter kFailures("genie_slack_storage_failures_total",
                                 "Calls of the database without an answer: refused, late or cancelled", {"call"});

constexpr Duration kShortestWayToSleep = std::chrono::seconds(60);
constexpr Duration kPasswordPoll = std::chrono::milliseconds(50);

}  // namespace

// Where a session's thread puts the answer: on the loop, into what the caller waits for.
struct DatabaseCalls::Reply {
    explicit Reply(const asio::any_io_executor& executor) : arrived(executor) {}
    Timer arrived;
    std::optional<Answer> answer;
};

DatabaseCalls::DatabaseCalls(asio::any_io_executor executor, LakebaseOptions options, LoginSource logins)
    : executor_(std::move(executor)),
      login_timeout_(options.login_timeout),
      logins_(std::make_shared<LoginSource>(std::move(logins))),
      pool_(executor_, std::move(options),
            [this](bool renew, const std::atomic<bool>& stopping) { return login(renew, stopping); }) {}

bool DatabaseCalls::may_sleep() const {
    return !has_failed_ && !misses_schema_ && Clock::now() - used_at_ >= kShortestWayToSleep;
}

asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::run_job(std::function<json::value(Session&)> job,
                                                              Deadline deadline) {
    auto operation = std::make_shared<Operation>();
    operation->job = std::move(job);
    return run(std::move(operation), deadline);
}

asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::run_probe(std::function<json::value(Session&)> job,
                                                                Deadline deadline) {
    auto operation = std::make_shared<Operation>();
    operation->job = std::move(job);
    operation->is_probe = true;
    return run(std::move(operation), deadline);
}

asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::call(const Statement& statement, json::object argument,
                                                           std::vector<std::string> keys, std::string subject,
                                                           Deadline deadline) {
    auto operation = std::make_shared<Operation>();
    operation->statement = &statement;
    operation->argument = json::serialize(argument);
    operation->keys = std::move(keys);
    operation->subject = std::move(subject);
    return run(std::move(operation), deadline);
}

asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::call_with_rows(const Statement& statement, json::object argument,
                                                                     const ChatRows& rows, bool is_stored,
                                                                     std::vector<std::string> keys, std::string turn_id,
                                                                     Deadline deadline) {
    auto operation = std::make_shared<Operation>();
    operation->statement = &statement;
    operation->argument = json::serialize(argument);
    operation->people = people_text(turn_id, rows);
    operation->rows = rows_text(turn_id, rows, is_stored);
    operation->keys = std::move(keys);
    operation->subject = std::move(turn_id);
    return run(std::move(operation), deadline);
}

DatabaseCalls::Awaitable<void> DatabaseCalls::tell(const Statement& statement, json::object argument,
                                                   std::vector<std::string> keys, std::string subject,
                                                   Deadline deadline) {
    auto done = co_await call(statement, std::move(argument), std::move(keys), std::move(subject), deadline);
    if (!done)
        co_return done.error();
    co_return StorageResult<void>();
}

DatabaseCalls::Awaitable<bool> DatabaseCalls::ask_bool(const Statement& statement, json::object argument,
                                                       std::vector<std::string> keys, std::string subject,
                                                       Deadline deadline) {
    auto answer = co_await call(statement, std::move(argument), std::move(keys), std::move(subject), deadline);
    if (!answer)
        co_return answer.error();
    co_return answer->as_bool();
}

asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::run(OperationPointer operation, Deadline deadline) {
    const std::string_view call = operation->statement ? operation->statement->name : "maintenance";
    const TimePoint start = Clock::now();
    if (operation->statement != &statements::storage_state && !operation->is_probe)
        used_at_ = start;
    Answer answer = co_await wait_for(std::move(operation), deadline);
    if (answer || answer.error().fault != StorageFault::cancelled)
        has_failed_ = !answer && answer.error().fault == StorageFault::unavailable;
    misses_schema_ = misses_schema_ || (!answer && answer.error().fault == StorageFault::schema);
    kCallTimes.observe(Clock::now() - start, {call});
    if (!answer)
        kFailures.add({call});
    co_return answer;
}

// Waits for the answer on the loop, while the operation waits for a session and is served there.
asio::awaitable<DatabaseCalls::Answer> DatabaseCalls::wait_for(OperationPointer operation, Deadline deadline) {
    const std::shared_ptr<Reply> reply = expect_reply(*operation, deadline);
    if (!pool_.submit(operation))
        co_return StorageError(StorageFault::unavailable, "database: too many calls are waiting already");
    boost::system::error_code ended;
    while (!reply->answer && !deadline.expired()) {
        co_await reply->arrived.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (ended == asio::error::operation_aborted)
            break;
    }
    if (reply->answer)
        co_return std::move(*reply->answer);
    operation->withdrawn = true;
    if (ended == asio::error::operation_aborted)
        co_return StorageError(StorageFault::cancelled, "database: the call was cancelled");
    pool_.cut_silent_sessions();
    const std::string reason = pool_.down_reason();
    co_return StorageError(StorageFault::unavailable, reason.empty() ? "database: no answer in time" : reason);
}

std::shared_ptr<DatabaseCalls::Reply> DatabaseCalls::expect_reply(Operation& operation, Deadline deadline) {
    auto reply = std::make_shared<Reply>(executor_);
    reply->arrived.expires_at(deadline.time());
    operation.deadline = deadline.time();
    operation.done = [reply](Answer answer) {
        reply->answer.emplace(std::move(answer));
        reply->arrived.cancel();
    };
    return reply;
}

// On a session's thread: asks on the loop and waits here.
StorageResult<Login> DatabaseCalls::login(bool renew, const std::atomic<bool>& stopping) const {
    auto promise = std::make_shared<std::promise<StorageResult<Login>>>();
    std::future<StorageResult<Login>> future = promise->get_future();
    asio::post(executor_, [logins = logins_, promise, renew] {
        (*logins)(renew, [promise](StorageResult<Login> login) { promise->set_value(std::move(login)); });
    });
    promise.reset();
    const Deadline deadline = Deadline::after(login_timeout_);
    while (!stopping && !deadline.expired())
        if (future.wait_for(kPasswordPoll) == std::future_status::ready)
            return future.get();
    return StorageError(StorageFault::unavailable, "database: no credential in time");
}

}  // namespace genie_slack::storage::lakebase
