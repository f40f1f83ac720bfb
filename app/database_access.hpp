// How the product gets into its database: address and settings from the configuration, each login's password (and the
// host, when only its endpoint is known) from the workspace.
#pragma once

#include "app/config.hpp"
#include "core/task_group.hpp"
#include "genie/database_credentials.hpp"
#include "storage/lakebase_storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace genie_slack {

class DatabaseAccess {
 public:
    // `http` and `tokens` have to live until stop() returned.
    DatabaseAccess(boost::asio::any_io_executor executor, net::HttpClient& http, genie::TokenProvider& tokens,
                   const Config& config, const std::string& user_agent);

    storage::LakebaseOptions options() const;
    // Has to be gone before this object is.
    storage::LoginSource logins();
    // For one session, by hand.
    boost::asio::awaitable<storage::StorageResult<storage::Login>> login(bool renew, Deadline deadline);
    boost::asio::awaitable<void> stop(Deadline deadline);

 private:
    boost::asio::awaitable<void> answer(bool renew, std::function<void(storage::StorageResult<storage::Login>)> done);

    boost::asio::any_io_executor executor_;
    net::HttpClient& http_;
    genie::TokenProvider& tokens_;
    DatabaseConfig config_;
    genie::DatabaseCredentialOptions credential_options_;
    std::unique_ptr<genie::DatabaseCredentials> credentials_;
    std::string resolved_host_;
    TaskGroup tasks_;
};

}  // namespace genie_slack
