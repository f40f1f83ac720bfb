// The way of a command into the database: one session, opened on this thread. The event loop runs only while the
// workspace is asked for the password.
#pragma once

#include "app/database_access.hpp"
#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "genie/token_provider.hpp"
#include "storage/lakebase/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace genie_slack::commands {

class DatabaseEntry {
 public:
    // `config` has to live as long. Throws std::runtime_error when SSL_CERT_FILE cannot be used.
    DatabaseEntry(const Config& config, Duration statement_timeout);

    const storage::DatabaseSettings& settings() const { return settings_; }

    // The password, of the workspace or of the configuration, within `time`; `renew`: not a cached one. Throws
    // std::runtime_error with what the workspace said.
    storage::Login login(bool renew, Duration time);
    // A password that is refused is asked for once more. Throws as login() does, and SqlError.
    std::unique_ptr<storage::lakebase::Session> open(Duration time_for_login = std::chrono::seconds(30));

 private:
    boost::asio::io_context context_;
    net::Resolver resolver_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    std::unique_ptr<net::HttpClient> http_;
    std::unique_ptr<genie::TokenProvider> tokens_;
    DatabaseAccess database_;
    storage::DatabaseSettings settings_;
};

}  // namespace genie_slack::commands
