// The password of the database (databricks.md 4): Lakebase issues one that lives about an hour and is looked at
// only when a session logs in.
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "genie/token_provider.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace genie_slack::genie {

struct DatabaseCredential {
    DatabaseCredential() = default;
    explicit DatabaseCredential(Secret password_) : password(std::move(password_)) {}

    Secret password;
    std::optional<WallTime> expires;  // as the workspace says; nothing for a fixed password and for the OAuth token
};

// Why there is no credential or no host.
enum class CredentialFault {
    not_found,      // the workspace knows no such endpoint or instance
    refused,        // this identity may not, or cannot sign in
    configuration,  // what was configured cannot work: a personal access token, an answer that is no API
    unavailable,    // not reached, or it failed, also after repeats
    timeout,        // the caller's deadline
    cancelled,
};

struct CredentialError : Error {
    CredentialError() = default;
    CredentialError(CredentialFault fault_, std::string message_) : Error(std::move(message_)), fault(fault_) {}

    CredentialFault fault = CredentialFault::unavailable;
};

const char* to_string(CredentialFault fault);

// Where the password comes from; the first of these that is set decides.
struct DatabaseSource {
    Secret password;                // a fixed one
    std::string lakebase_endpoint;  // "projects/P/branches/B/endpoints/E": the Autoscaling API issues it
    std::string database_instance;  // the Provisioned API issues it
    // None of them: the workspace's OAuth token is the password.
};

struct DatabaseCredentialOptions {
    AuthConfig workspace;  // host, and how we sign in there; the secrets in it are not used
    DatabaseSource source;
    std::string user_agent = "genie-slack";
    // A new one is fetched this long before the old one expires, or at this share of its life if that is shorter.
    Duration early = std::chrono::minutes(2);
    double early_share = 0.2;
    Duration minimum_age = std::chrono::seconds(60);   // see invalidate()
    Duration call_timeout = std::chrono::seconds(15);  // of one HTTP exchange
    Duration flight_time = std::chrono::seconds(30);   // of one new credential, repeats included
    Duration retry_first = std::chrono::milliseconds(500);
    Duration retry_cap = std::chrono::seconds(5);
};

// On the event loop's thread. Many callers at a time share one request to the workspace.
class DatabaseCredentials {
 public:
    virtual ~DatabaseCredentials() = default;
    // The credential to log in with now, cached until shortly before it expires.
    virtual boost::asio::awaitable<Result<DatabaseCredential, CredentialError>> get(Deadline deadline) = 0;
    // A login was refused: the next get() asks for a new credential. False, and nothing happens, when the last one came
    // of an invalidate() itself and is younger than minimum_age: then it is not its age that was refused.
    virtual bool invalidate() = 0;
    // Ends what is under way; the owner awaits it before `http` and `tokens` go, unless the io_context goes first.
    virtual boost::asio::awaitable<void> stop(Deadline deadline) = 0;
};

// `http` and `tokens` have to live until stop() returned.
std::unique_ptr<DatabaseCredentials> create_database_credentials(boost::asio::any_io_executor executor,
                                                                 net::HttpClient& http, TokenProvider& tokens,
                                                                 DatabaseCredentialOptions options);

// Host of the endpoint or the instance in options.source, asked from the workspace. Repeats until the deadline while
// the workspace cannot be reached, or while the database is just being created and has no host.
boost::asio::awaitable<Result<std::string, CredentialError>> resolve_database_host(net::HttpClient& http,
                                                                                   TokenProvider& tokens,
                                                                                   DatabaseCredentialOptions options,
                                                                                   Deadline deadline);

}  // namespace genie_slack::genie
