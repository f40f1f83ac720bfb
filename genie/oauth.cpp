#include "genie/oauth.hpp"

#include "core/net/url.hpp"
#include "genie/json_text.hpp"
#include "genie/network_refusal.hpp"
#include "genie/wire_text.hpp"
#include "genie/workspace_headers.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace genie_slack::genie {

namespace oauth_detail {

constexpr std::size_t kMaxBodyBytes = 1u << 20;
// A token is taken to live this long when `expires_in` is missing; Databricks hands out 3600 s.
constexpr std::int64_t kAssumedLifeSeconds = 900;
constexpr std::int64_t kLongestLifeSeconds = 24 * 3600;
constexpr std::streamsize kMaxSubjectBytes = 64 << 10;

std::string base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

net::HttpRequest get(std::string url) {
    net::HttpRequest request("GET", std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    request.max_response_bytes = kMaxBodyBytes;
    return request;
}

// The client secret goes to what discovery names, so that must never lead from TLS down to clear text.
std::string trusted_url(const std::string& host, const std::string& url) {
    const auto parsed = net::parse_url(url);
    const auto own = net::parse_url(host);
    if (!parsed || !own || (own->is_tls() && parsed->scheme != "https"))
        return "";
    return url;
}

std::string without_slash(std::string text) {
    while (!text.empty() && text.back() == '/')
        text.pop_back();
    return text;
}

std::string replace_all(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); !what.empty() && at != std::string::npos;
         at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

bool is_federated(const AuthConfig& config) {
    return config.auth_type == "file-oidc";
}

std::string told(const net::HttpResponse& response, const AuthConfig& config, const Secret& subject) {
    std::string text;
    if (const auto body = parse_json(response.body); body && body->is_object()) {
        for (const char* key : {"error", "errorCode", "error_code", "error_description", "errorSummary", "message"})
            if (const std::string part = member_text(*body, key); !part.empty())
                text += (text.empty() ? "" : ": ") + part;
    } else if (!looks_like_html(response.header("Content-Type"), response.body)) {
        text = response.body.substr(0, 1000);
    }
    for (const Secret* secret : {&config.client_secret, &subject})
        text = replace_all(std::move(text), secret->reveal(), "***");
    return tidy_text(std::move(text));
}

// What to look at when the identity provider does not take what it got.
std::string refusal(const AuthConfig& config, const std::string& answer) {
    if (is_federated(config))
        return "Databricks refused the token of " + config.token_file + " (" + answer +
               "): check that the federation policy of " +
               (config.client_id.empty() ? "the account" : "the service principal " + config.client_id) +
               " names the token's issuer, audience and subject, and that the token is renewed before it expires";
    return "Databricks refused the service principal (" + answer +
           "): check DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET (from " + config.source +
           "); the secret may be wrong, expired or deleted";
}

bool names_invalid_client(const std::string& text) {
    return text.find("invalid_client") != std::string::npos || text.find("unauthorized_client") != std::string::npos;
}

}  // namespace oauth_detail

net::HttpRequest workspace_config_request(const AuthConfig& config) {
    net::HttpRequest request = oauth_detail::get(config.host + "/.well-known/databricks-config");
    add_workspace_headers(request, config.workspace_id);
    return request;
}

std::string oidc_endpoint(const std::string& host, const net::HttpResponse& response) {
    if (response.status != 200)
        return "";
    const auto body = parse_json(response.body);
    if (!body)
        return "";
    const std::string endpoint = oauth_detail::replace_all(member_text(*body, "oidc_endpoint"), "{account_id}",
                                                           net::percent_encode(member_text(*body, "account_id")));
    return oauth_detail::without_slash(oauth_detail::trusted_url(host, endpoint));
}

net::HttpRequest authorization_server_request(const std::string& oidc_endpoint, const AuthConfig& config) {
    net::HttpRequest request = oauth_detail::get(oidc_endpoint + "/.well-known/oauth-authorization-server");
    add_workspace_headers(request, config.workspace_id);
    return request;
}

std::string token_endpoint(const std::string& host, const net::HttpResponse& response) {
    if (response.status != 200)
        return "";
    const auto body = parse_json(response.body);
    return body ? oauth_detail::trusted_url(host, member_text(*body, "token_endpoint")) : "";
}

net::HttpRequest token_request(const std::string& token_endpoint, const AuthConfig& config, const Secret& subject) {
    net::HttpRequest request("POST", token_endpoint);
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    add_workspace_headers(request, config.workspace_id);
    net::FormBody form;
    if (oauth_detail::is_federated(config)) {
        form.add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            .add("subject_token", subject.reveal())
            .add("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
        if (!config.client_id.empty())
            form.add("client_id", config.client_id);
    } else {
        request.headers.emplace_back(
            "Authorization", "Basic " + oauth_detail::base64(config.client_id + ":" + config.client_secret.reveal()));
        form.add("grant_type", "client_credentials");
    }
    request.body = form.add("scope", "all-apis").take();
    request.max_response_bytes = oauth_detail::kMaxBodyBytes;
    return request;
}

Result<Secret, MintFailure> subject_token(const AuthConfig& config) {
    if (!oauth_detail::is_federated(config))
        return Secret();
    errno = 0;
    std::ifstream file(config.token_file, std::ios::binary);
    std::string text(static_cast<std::size_t>(oauth_detail::kMaxSubjectBytes), '\0');
    file.read(text.data(), oauth_detail::kMaxSubjectBytes);
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    const std::string reason = file.is_open() ? "" : std::strerror(errno);
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    const bool is_token =
        !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (is_token)
        return Secret(std::move(text));
    const std::string found = !reason.empty() ? "cannot be read (" + reason + ")"
                              : text.empty()  ? std::string("is empty")
                                              : std::string("holds something else than one token");
    return MintFailure(
        TokenError(TokenFault::refused, "the file " + config.token_file + " " + found +
                                            ": the identity provider of this machine has to keep its token there "
                                            "(DATABRICKS_OIDC_TOKEN_FILEPATH, from " +
                                            config.source + ")"),
        false);
}

Result<MintedToken, MintFailure> minted_token(const net::HttpResponse& response, const AuthConfig& config,
                                              const Secret& subject) {
    const std::string where = "the token request to " + config.host;
    const std::string status = "HTTP " + std::to_string(response.status);
    const std::string told = oauth_detail::told(response, config, subject);
    const std::string answer = status + (told.empty() ? "" : ", " + told);

    if (response.status == 200) {
        const auto body = parse_json(response.body);
        std::string token = body ? member_text(*body, "access_token") : "";
        if (!token.empty() && token.find_first_of(" \r\n\t") == std::string::npos) {
            const std::int64_t life = std::clamp<std::int64_t>(
                member_integer(*body, "expires_in").value_or(oauth_detail::kAssumedLifeSeconds), 1,
                oauth_detail::kLongestLifeSeconds);
            return MintedToken(Secret(std::move(token)), std::chrono::seconds(life));
        }
        return MintFailure(TokenError(TokenFault::configuration,
                                      where + " was answered without a token: check that DATABRICKS_HOST is the URL of "
                                              "a Databricks workspace"),
                           false);
    }
    if (refuses_network(response.status, told))
        return MintFailure(TokenError(TokenFault::network, where + " was refused (" + answer + "): " + kNetworkHint),
                           false);
    if (response.status == 401 || oauth_detail::names_invalid_client(told))
        return MintFailure(TokenError(TokenFault::refused, oauth_detail::refusal(config, answer)), false);
    const bool transient = response.status == 408 || response.status == 429 || response.status >= 500;
    if (transient) {
        MintFailure failure(TokenError(TokenFault::unavailable, where + " failed: " + answer), true);
        failure.retry_after = parse_retry_after(response.header("Retry-After"), wall_now()).value_or(Duration::zero());
        return failure;
    }
    const bool no_api = response.status == 404 || response.status / 100 == 3 ||
                        looks_like_html(response.header("Content-Type"), response.body);
    if (no_api)
        return MintFailure(TokenError(TokenFault::configuration,
                                      where + " met no identity provider (" + answer +
                                          "): check that DATABRICKS_HOST is the URL of a Databricks workspace"),
                           false);
    if (oauth_detail::is_federated(config))
        return MintFailure(TokenError(TokenFault::refused, oauth_detail::refusal(config, answer)), false);
    return MintFailure(
        TokenError(TokenFault::refused,
                   where + " was refused (" + answer + "): check that the service principal belongs to this workspace"),
        false);
}

MintFailure mint_failure(const net::NetError& error, const AuthConfig& config) {
    const std::string where = "the token request to " + config.host;
    switch (error.fault) {
        case net::NetFault::cancelled:
            return MintFailure(TokenError(TokenFault::cancelled, where + " was cancelled"), false);
        case net::NetFault::redirect:
        case net::NetFault::not_allowed:
        case net::NetFault::too_large:
        case net::NetFault::upgrade:
            return MintFailure(TokenError(TokenFault::configuration,
                                          where + " failed: " + tidy_text(error.message) +
                                              "; check that DATABRICKS_HOST is the URL of a Databricks workspace"),
                               false);
        case net::NetFault::timeout:
        case net::NetFault::resolve:
        case net::NetFault::connect:
        case net::NetFault::tls:
        case net::NetFault::io:
        case net::NetFault::protocol:
        case net::NetFault::closed:
            break;
    }
    return MintFailure(TokenError(TokenFault::unavailable, where + " failed: " + tidy_text(error.message)), true);
}

}  // namespace genie_slack::genie
