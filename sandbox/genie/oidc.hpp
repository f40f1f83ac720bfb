// Who may call: personal access tokens, and OAuth tokens minted for a service principal (databricks.md 3.3, 3.5).
#pragma once

#include "core/clock.hpp"
#include "core/net/http_server.hpp"
#include "core/random.hpp"
#include "sandbox/genie/genie_server.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::sandbox::databricks {

// A token of the right shape and size with these claims; its signature signs nothing.
std::string jwt_like(const boost::json::object& claims, Random& random);

// A token that `policy` lets in, from now on for so long (negative: it has run out).
std::string workload_token(const FederationPolicy& policy, std::chrono::seconds life, Random& random);

struct OidcSettings {
    std::string token;  // the accepted PAT
    std::string client_id;
    std::string client_secret;
    int token_seconds = 3600;
    FederationPolicy federation;
};

class Oidc {
 public:
    explicit Oidc(OidcSettings settings) : settings_(std::move(settings)) {}

    // `base` is http://host:port as the caller sees it.
    static boost::json::object databricks_config(const std::string& base);
    static boost::json::object authorization_server(const std::string& base);
    // POST .../v1/token: a token, or an OAuth error with its status.
    net::ServerReply token(const net::ServerRequest& request);

    enum class Access { granted, missing, unknown_token, expired_token };
    Access check(std::string_view authorization) const;
    // Every minted token is refused from now on.
    void revoke_all() { minted_.clear(); }
    std::size_t minted_count() const { return minted_total_; }

 private:
    std::string mint(const std::string& scope);
    // An OAuth error, or nothing when the form's token is one that the policy lets in.
    std::optional<net::ServerReply> refuse_exchange(const net::ServerRequest& request,
                                                    const std::map<std::string, std::string>& form) const;

    OidcSettings settings_;
    Random random_;
    std::map<std::string, TimePoint, std::less<>> minted_;  // token -> end of its life
    std::size_t minted_total_ = 0;
};

}  // namespace genie_slack::sandbox::databricks
