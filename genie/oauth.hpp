// OAuth machine-to-machine, by a secret or by another identity provider's token: the requests to a workspace's identity
// provider and what their answers mean (databricks.md 3.3, 3.5). token_provider.cpp does the sending.
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "genie/token_provider.hpp"

#include <optional>
#include <string>

namespace genie_slack::genie {

net::HttpRequest workspace_config_request(const AuthConfig& config);
// The provider's base from /.well-known/databricks-config; "" when the answer holds none. It may be on another host,
// but not in clear text when `host` is not.
std::string oidc_endpoint(const std::string& host, const net::HttpResponse& response);

net::HttpRequest authorization_server_request(const std::string& oidc_endpoint, const AuthConfig& config);
// "" when the answer holds none; same rule about clear text.
std::string token_endpoint(const std::string& host, const net::HttpResponse& response);

// `subject`: the other provider's token, of file-oidc alone.
net::HttpRequest token_request(const std::string& token_endpoint, const AuthConfig& config, const Secret& subject);

struct MintedToken {
    MintedToken() = default;
    MintedToken(Secret token_, Duration life_) : token(std::move(token_)), life(life_) {}
    Secret token;
    Duration life{};
};
// Whether a repeat may help, besides what went wrong.
struct MintFailure {
    MintFailure() = default;
    MintFailure(TokenError error_, bool transient_) : error(std::move(error_)), transient(transient_) {}
    TokenError error;
    bool transient = false;
    Duration retry_after{};
};
[[noreturn]] inline void throw_exception_from_error(const MintFailure& failure, const boost::source_location&) {
    throw std::runtime_error(failure.error.message);
}
Result<MintedToken, MintFailure> minted_token(const net::HttpResponse& response, const AuthConfig& config,
                                              const Secret& subject);
MintFailure mint_failure(const net::NetError& error, const AuthConfig& config);

// What is in config.token_file now, "" where the sign-in needs none. A few kilobytes of a local file, read at once.
Result<Secret, MintFailure> subject_token(const AuthConfig& config);

}  // namespace genie_slack::genie
