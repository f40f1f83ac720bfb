// Databricks unified auth (databricks.md 3): who we are, and the bearer token of the moment.
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace genie_slack::genie {

// What configuration resolved to.
struct AuthConfig {
    std::string host;  // https://workspace, no trailing slash
    // Which workspace is meant where one host serves many (databricks-sdk-py, pull request 1385); "" when it is not
    // said.
    std::string workspace_id;
    std::string auth_type;   // "pat", "oauth-m2m" or "file-oidc"
    Secret token;            // pat
    std::string client_id;   // oauth-m2m; file-oidc of one service principal, "" where the account's policy decides
    Secret client_secret;    // oauth-m2m
    std::string token_file;  // file-oidc: what another identity provider says of us, as a JWT that is renewed there
    std::string source;      // "environment" or "profile NAME in FILE", for texts
};

// Reads DATABRICKS_* with the precedence and the errors of the official SDKs (databricks.md 3.1, 3.2). `lookup` returns
// a variable of the environment. All problems are in the error text, one per line.
Result<AuthConfig> resolve_auth(const std::function<std::optional<std::string>(const std::string&)>& lookup);

// Why there is no token.
enum class TokenFault {
    refused,        // the identity provider knows us not, or the secret is wrong
    configuration,  // what answers is no identity provider
    network,        // the workspace does not let this process's address in
    unavailable,    // not reached, or it failed, also after repeats
    timeout,        // the caller's deadline
    cancelled,
};

struct TokenError : Error {
    TokenError() = default;
    TokenError(TokenFault fault_, std::string message_) : Error(std::move(message_)), fault(fault_) {}

    TokenFault fault = TokenFault::unavailable;
};

class TokenProvider {
 public:
    virtual ~TokenProvider() = default;
    // A token that is good for at least 40 s. Refreshed in the background before it expires; concurrent callers share
    // one request. The error says what the identity provider answered, without secrets.
    virtual boost::asio::awaitable<Result<Secret, TokenError>> token(Deadline deadline) = 0;
    // The server refused this token: the next token() asks for a new one (unless it was replaced already).
    virtual void invalidate(const Secret& refused) = 0;
    // Ends the background refresh; the owner awaits it before the HTTP client goes, unless the io_context goes first.
    virtual boost::asio::awaitable<void> stop(Deadline deadline) = 0;
};

// `http` has to live until stop() returned.
std::unique_ptr<TokenProvider> create_token_provider(boost::asio::any_io_executor executor, net::HttpClient& http,
                                                     AuthConfig config);

}  // namespace genie_slack::genie
