#include "app/commands/database_entry.hpp"

#include "core/net/tls.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <optional>
#include <stdexcept>

namespace genie_slack::commands {

namespace asio = boost::asio;
namespace lakebase = storage::lakebase;

namespace database_entry_detail {

net::HttpClientOptions http_options(const Config& config) {
    net::HttpClientOptions options;
    options.user_agent = "genie-slack";
    options.proxy = config.proxy;
    return options;
}

}  // namespace database_entry_detail

DatabaseEntry::DatabaseEntry(const Config& config, Duration statement_timeout)
    : resolver_(context_.get_executor()),
      tls_(net::create_tls_context(config.ca_file)),
      http_(net::create_http_client(context_.get_executor(), tls_, resolver_,
                                    database_entry_detail::http_options(config))),
      tokens_(genie::create_token_provider(context_.get_executor(), *http_, config.databricks)),
      database_(context_.get_executor(), *http_, *tokens_, config, "genie-slack") {
    settings_ = database_.options().database;
    settings_.statement_timeout = statement_timeout;
    settings_.application_name = "genie-slack command";
}

storage::Login DatabaseEntry::login(bool renew, Duration time) {
    std::optional<storage::StorageResult<storage::Login>> result;
    std::exception_ptr failure;
    asio::co_spawn(context_, database_.login(renew, Deadline::after(time)),
                   [&](std::exception_ptr thrown, storage::StorageResult<storage::Login> login) {
                       failure = thrown;
                       if (!thrown)
                           result.emplace(std::move(login));
                   });
    context_.restart();
    while (!failure && !result && context_.run_one() > 0) {
    }
    if (failure)
        std::rethrow_exception(failure);
    if (!result || !*result)
        throw std::runtime_error(result ? result->error().message : "database: no credential");
    settings_.host = (*result)->host.empty() ? settings_.host : (*result)->host;
    settings_.sslmode = (*result)->sslmode.empty() ? settings_.sslmode : (*result)->sslmode;
    return std::move(**result);
}

std::unique_ptr<lakebase::Session> DatabaseEntry::open(Duration time_for_login) {
    try {
        return std::make_unique<lakebase::Session>(settings_, login(false, time_for_login));
    } catch (const lakebase::SqlError& error) {
        if (error.fault() != lakebase::SqlFault::login_refused)
            throw;
    }
    return std::make_unique<lakebase::Session>(settings_, login(true, time_for_login));
}

}  // namespace genie_slack::commands
