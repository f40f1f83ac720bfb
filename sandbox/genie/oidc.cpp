#include "sandbox/genie/oidc.hpp"

#include "sandbox/genie/text_coding.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

namespace genie_slack::sandbox::databricks {

namespace oidc_detail {

constexpr std::size_t kMaxTokens = 1000;
constexpr const char* kAccount = "5b5f1d0e-0000-4000-8000-000000000001";
constexpr const char* kExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

net::ServerReply oauth_error(int status, std::string_view error, std::string_view description) {
    boost::json::object body;
    body["error"] = error;
    body["error_description"] = description;
    net::ServerReply reply = net::ServerReply::json(status, boost::json::serialize(body));
    if (status == 401)
        reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"databricks\"");
    return reply;
}

// The value after "<scheme> "; the scheme's case does not matter.
std::string_view credentials(std::string_view authorization, std::string_view scheme) {
    const bool matches =
        authorization.size() > scheme.size() && authorization[scheme.size()] == ' ' &&
        std::equal(scheme.begin(), scheme.end(), authorization.begin(), [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
        });
    if (!matches)
        return {};
    authorization.remove_prefix(scheme.size() + 1);
    while (!authorization.empty() && authorization.front() == ' ')
        authorization.remove_prefix(1);
    return authorization;
}

bool is_jwt(std::string_view token) {
    return std::count(token.begin(), token.end(), '.') == 2;
}

// The claims of a JWT; nothing when it is none. Its signature is not looked at: nothing here could verify it.
std::optional<boost::json::object> claims_of(std::string_view token) {
    if (!is_jwt(token))
        return std::nullopt;
    const std::size_t first = token.find('.') + 1;
    const auto text = base64url_decode(token.substr(first, token.find('.', first) - first));
    boost::system::error_code malformed;
    boost::json::value claims = boost::json::parse(text.value_or(""), malformed);
    return malformed || !claims.is_object() ? std::nullopt : std::optional(std::move(claims.as_object()));
}

std::string text_of(const boost::json::object& claims, const char* name) {
    const boost::json::value* value = claims.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}

// A text, or a list with it.
bool is_for(const boost::json::object& claims, const std::string& audience) {
    const boost::json::value* value = claims.if_contains("aud");
    if (!value || !value->is_array())
        return text_of(claims, "aud") == audience;
    return std::any_of(value->get_array().begin(), value->get_array().end(),
                       [&](const boost::json::value& one) { return one.is_string() && one.get_string() == audience; });
}

std::int64_t unix_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(wall_now().time_since_epoch()).count();
}

}  // namespace oidc_detail

boost::json::object Oidc::databricks_config(const std::string& base) {
    boost::json::object document;
    document["oidc_endpoint"] = base + "/oidc";
    document["account_id"] = oidc_detail::kAccount;
    document["workspace_id"] = "7405181000000001";
    document["cloud"] = "AWS";
    document["host_type"] = "workspace";
    return document;
}

boost::json::object Oidc::authorization_server(const std::string& base) {
    boost::json::object document;
    document["issuer"] = base + "/oidc";
    document["authorization_endpoint"] = base + "/oidc/v1/authorize";
    document["token_endpoint"] = base + "/oidc/v1/token";
    document["response_types_supported"] = boost::json::array{"code"};
    document["grant_types_supported"] = boost::json::array{"client_credentials", oidc_detail::kExchange};
    document["scopes_supported"] = boost::json::array{"all-apis"};
    document["token_endpoint_auth_methods_supported"] = boost::json::array{"client_secret_basic"};
    return document;
}

net::ServerReply Oidc::token(const net::ServerRequest& request) {
    using oidc_detail::oauth_error;
    if (request.method != "POST")
        return oauth_error(405, "invalid_request", "The token endpoint takes POST only");
    const std::string_view type = request.header("Content-Type");
    if (type.substr(0, type.find(';')) != "application/x-www-form-urlencoded")
        return oauth_error(400, "invalid_request", "Content-Type must be application/x-www-form-urlencoded");
    const auto form = parse_form(request.body);
    const auto field = [&form](const char* name) {
        const auto found = form.find(name);
        return found == form.end() ? std::string() : found->second;
    };
    if (field("grant_type") == oidc_detail::kExchange) {
        if (auto refusal = refuse_exchange(request, form))
            return std::move(*refusal);
    } else {
        const auto basic = base64_decode(oidc_detail::credentials(request.header("Authorization"), "Basic"));
        const std::string expected = settings_.client_id + ":" + settings_.client_secret;
        if (!basic || percent_decode(*basic) != expected)
            return oauth_error(401, "invalid_client", "Client authentication failed");
        if (field("grant_type") != "client_credentials")
            return oauth_error(400, "unsupported_grant_type",
                               "Only client_credentials and token-exchange are supported here");
    }
    if (const std::string scope = field("scope"); scope != "all-apis")
        return oauth_error(400, "invalid_scope", "The scope must be all-apis");

    boost::json::object body;
    body["access_token"] = mint("all-apis");
    body["token_type"] = "Bearer";
    body["expires_in"] = settings_.token_seconds;
    body["scope"] = "all-apis";
    net::ServerReply reply = net::ServerReply::json(200, boost::json::serialize(body));
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

std::optional<net::ServerReply> Oidc::refuse_exchange(const net::ServerRequest& request,
                                                      const std::map<std::string, std::string>& form) const {
    using oidc_detail::oauth_error;
    const auto field = [&form](const char* name) {
        const auto found = form.find(name);
        return found == form.end() ? std::string() : found->second;
    };
    // RFC 6749 2.3: one way of saying who one is; with this grant the form says it.
    if (!request.header("Authorization").empty() || form.count("client_secret") != 0)
        return oauth_error(400, "invalid_request", "Token exchange takes no client secret");
    if (field("subject_token_type") != "urn:ietf:params:oauth:token-type:jwt")
        return oauth_error(400, "invalid_request", "The subject_token_type is not supported");
    if (form.count("client_id") != 0 && field("client_id") != settings_.client_id)
        return oauth_error(401, "invalid_client", "There is no service principal with this client_id");
    const auto claims = oidc_detail::claims_of(field("subject_token"));
    if (!claims)
        return oauth_error(400, "invalid_request", "The subject_token is no JWT");
    const FederationPolicy& policy = settings_.federation;
    const bool is_let_in = oidc_detail::text_of(*claims, "iss") == policy.issuer &&
                           oidc_detail::text_of(*claims, "sub") == policy.subject &&
                           oidc_detail::is_for(*claims, policy.audience);
    if (!is_let_in)
        return oauth_error(401, "invalid_grant", "No federation policy matches the claims of the subject token");
    const boost::json::value* end = claims->if_contains("exp");
    if (!end || !end->is_int64() || end->get_int64() <= oidc_detail::unix_now())
        return oauth_error(401, "invalid_grant", "The subject token has expired");
    return std::nullopt;
}

std::string workload_token(const FederationPolicy& policy, std::chrono::seconds life, Random& random) {
    boost::json::object claims;
    claims["iss"] = policy.issuer;
    claims["aud"] = boost::json::array{policy.audience};
    claims["sub"] = policy.subject;
    claims["exp"] = oidc_detail::unix_now() + life.count();
    return jwt_like(claims, random);
}

std::string jwt_like(const boost::json::object& claims, Random& random) {
    std::string signature;
    for (int part = 0; part < 24; ++part)
        signature += random.uuid();  // real tokens have more than a kilobyte
    return base64url_encode(R"({"alg":"RS256","typ":"at+jwt","kid":"sandbox"})") + "." +
           base64url_encode(boost::json::serialize(claims)) + "." + base64url_encode(signature);
}

std::string Oidc::mint(const std::string& scope) {
    std::erase_if(minted_, [](const auto& entry) { return entry.second <= Clock::now(); });
    while (minted_.size() >= oidc_detail::kMaxTokens)
        minted_.erase(std::min_element(minted_.begin(), minted_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; }));
    boost::json::object claims;
    claims["sub"] = settings_.client_id;
    claims["scope"] = scope;
    claims["jti"] = random_.uuid();
    const std::string token = jwt_like(claims, random_);
    minted_[token] = Clock::now() + std::chrono::seconds(settings_.token_seconds);
    ++minted_total_;
    return token;
}

Oidc::Access Oidc::check(std::string_view authorization) const {
    const std::string_view token = oidc_detail::credentials(authorization, "Bearer");
    if (token.empty())
        return Access::missing;
    if (token == settings_.token)
        return Access::granted;
    const auto found = minted_.find(token);
    if (found != minted_.end() && found->second > Clock::now())
        return Access::granted;
    return oidc_detail::is_jwt(token) ? Access::expired_token : Access::unknown_token;
}

}  // namespace genie_slack::sandbox::databricks
