#include "tests/support/lakebase_harness.hpp"

#include "storage/lakebase/migrations.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>

namespace genie_slack::test {

using namespace storage;

PostgresServer& shared_postgres() {
    static PostgresServer server;
    static const bool ready = (server.create_role(kAppRole, kAppPassword), true);
    static_cast<void>(ready);
    return server;
}

std::string create_empty_database() {
    static int count = 0;
    const std::string name = "chats" + std::to_string(++count);
    shared_postgres().create_database(name, kAppRole);
    return name;
}

std::string create_migrated_database() {
    static const std::string model = [] {
        const std::string name = create_empty_database();
        const DatabaseSettings settings = database_settings(shared_postgres(), name);
        Login login;
        login.password = Secret(kAppPassword);
        lakebase::Session session(settings, login);
        lakebase::migrate(session, settings);
        return name;
    }();
    static int count = 0;
    const std::string name = "copy" + std::to_string(++count);
    PostgresServer& server = shared_postgres();
    // The model has no sessions, but a server that just closed one may still count it.
    server.query("postgres",
                 "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" + model + "'");
    server.query("postgres", "CREATE DATABASE " + name + " TEMPLATE " + model);
    server.query("postgres", "GRANT CONNECT, CREATE ON DATABASE " + name + " TO \"" + kAppRole + "\"");
    return name;
}

DatabaseSettings database_settings(const PostgresServer& server, const std::string& database) {
    DatabaseSettings settings;
    settings.host = "127.0.0.1";
    settings.port = server.port();
    settings.user = kAppRole;
    settings.database = database;
    settings.sslmode = "verify-full";
    settings.sslrootcert = server.ca_file();
    return settings;
}

LakebaseOptions lakebase_options(const PostgresServer& server, const std::string& database) {
    LakebaseOptions options;
    options.database = database_settings(server, database);
    options.first_retry = std::chrono::milliseconds(50);
    options.max_retry = std::chrono::milliseconds(500);
    return options;
}

LoginSource static_password(std::string password) {
    return [password = std::move(password)](bool, const std::function<void(StorageResult<Login>)>& done) {
        Login login;
        login.password = Secret(password);
        done(std::move(login));
    };
}

LakebaseHarness::LakebaseHarness() : LakebaseHarness(lakebase_options(shared_postgres(), create_migrated_database())) {
    start(*storage_);
}

LakebaseHarness::LakebaseHarness(LakebaseOptions options, LoginSource logins)
    : options_(std::move(options)),
      storage_(create_lakebase_storage(context_.get_executor(), options_, std::move(logins))) {}

LakebaseHarness::~LakebaseHarness() = default;

Storage& LakebaseHarness::other_process() {
    if (!other_) {
        other_ = create_lakebase_storage(context_.get_executor(), options_, static_password());
        start(*other_);
    }
    return *other_;
}

void LakebaseHarness::run(std::vector<boost::asio::awaitable<void>> tasks) {
    std::vector<detail::Outcome<void>> outcomes(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i)
        detail::start(context_, std::move(tasks[i]), outcomes[i]);
    const auto ended = [&] {
        return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return outcome.ended; });
    };
    context_.restart();
    while (!ended() && context_.run_one() > 0) {
    }
    for (auto& outcome : outcomes)
        detail::finish(outcome);
}

void LakebaseHarness::pass(Duration duration) {
    const auto work = boost::asio::make_work_guard(context_);
    context_.restart();
    context_.run_for(duration);
}

void LakebaseHarness::start(Storage& storage) {
    std::vector<boost::asio::awaitable<void>> tasks;
    StorageResult<void> started;
    auto begin = [](Storage& target, StorageResult<void>& result) -> boost::asio::awaitable<void> {
        result = co_await target.start(Deadline::after(std::chrono::seconds(60)));
    };
    tasks.push_back(begin(storage, started));
    run(std::move(tasks));
    if (!started)
        throw std::runtime_error(started.error().message);
}

}  // namespace genie_slack::test
