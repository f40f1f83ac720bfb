#include "app/database_access.hpp"

#include "core/log.hpp"

#include <utility>

namespace genie_slack {

namespace asio = boost::asio;

namespace {

constexpr Duration kLoginTime = std::chrono::seconds(18);  // below the storage's own patience, so that it hears why

genie::DatabaseCredentialOptions credential_options(const Config& config, const std::string& user_agent) {
    genie::DatabaseCredentialOptions options;
    options.workspace = config.databricks;
    options.source.password = config.database.password;
    options.source.lakebase_endpoint = config.database.lakebase_endpoint;
    options.source.database_instance = config.database.database_instance;
    options.user_agent = user_agent;
    return options;
}

storage::StorageError failure_of(const genie::CredentialError& error) {
    return {error.fault == genie::CredentialFault::cancelled ? storage::StorageFault::cancelled
                                                             : storage::StorageFault::unavailable,
            "database: " + error.message};
}

}  // namespace

DatabaseAccess::DatabaseAccess(asio::any_io_executor executor, net::HttpClient& http, genie::TokenProvider& tokens,
                               const Config& config, const std::string& user_agent)
    : executor_(executor),
      http_(http),
      tokens_(tokens),
      config_(config.database),
      credential_options_(credential_options(config, user_agent)),
      credentials_(genie::create_database_credentials(executor, http, tokens, credential_options_)),
      tasks_(executor, "database logins") {}

storage::LakebaseOptions DatabaseAccess::options() const {
    storage::LakebaseOptions options;
    options.database.host = config_.host;
    options.database.port = static_cast<std::uint16_t>(config_.port);
    options.database.user = config_.user;
    options.database.database = config_.database;
    options.database.sslmode = config_.sslmode;
    options.database.sslrootcert = config_.sslrootcert;
    options.database.chat_schema = config_.chainlit_schema;
    options.sessions = static_cast<std::size_t>(config_.pool_size);
    return options;
}

storage::LoginSource DatabaseAccess::logins() {
    return [this](bool renew, std::function<void(storage::StorageResult<storage::Login>)> done) {
        tasks_.spawn("login", answer(renew, std::move(done)));
    };
}

asio::awaitable<void> DatabaseAccess::answer(bool renew,
                                             std::function<void(storage::StorageResult<storage::Login>)> done) {
    auto result = co_await login(renew, Deadline::after(kLoginTime));
    done(std::move(result));
}

asio::awaitable<storage::StorageResult<storage::Login>> DatabaseAccess::login(bool renew, Deadline deadline) {
    storage::Login login;
    if (config_.host.empty() && (resolved_host_.empty() || renew)) {
        auto host = co_await genie::resolve_database_host(http_, tokens_, credential_options_, deadline);
        if (!host)
            co_return failure_of(host.error());
        if (*host != resolved_host_)
            log::info("database.host_resolved", {{"host", *host}});
        resolved_host_ = std::move(*host);
    }
    login.host = resolved_host_;
    if (renew)
        credentials_->invalidate();
    auto credential = co_await credentials_->get(deadline);
    if (!credential)
        co_return failure_of(credential.error());
    login.password = std::move(credential->password);
    if (must_verify_database(config_, login.host.empty() ? config_.host : login.host)) {
        login.sslmode = "verify-full";
        login.sslrootcert = config_.sslrootcert.empty() ? config_.system_authorities : config_.sslrootcert;
    }
    co_return login;
}

asio::awaitable<void> DatabaseAccess::stop(Deadline deadline) {
    tasks_.cancel();
    co_await tasks_.join(deadline);
    co_await credentials_->stop(deadline);
}

}  // namespace genie_slack
