#include "sandbox/genie/lakebase.hpp"

#include "sandbox/genie/oidc.hpp"
#include "sandbox/genie/text_coding.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace genie_slack::sandbox::databricks {

namespace json = boost::json;

namespace lakebase_detail {

constexpr std::size_t kMaxGrants = 10'000;
constexpr Duration kExpiredFor = std::chrono::minutes(10);
constexpr int kShortestTtl = 300;
constexpr int kLongestTtl = 3600;

ApiError invalid_parameter(const std::string& message) {
    return {400, "INVALID_PARAMETER_VALUE", message};
}

ApiError wrong_type(const char* name, const char* kind) {
    return {400, "MALFORMED_REQUEST",
            std::string("Could not parse request object: Expected '") + name + "' to be " + kind + "."};
}

std::vector<std::string> parts_of(const std::string& name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

bool is_endpoint_name(const std::string& name) {
    const auto parts = parts_of(name);
    return parts.size() == 6 && parts[0] == "projects" && parts[2] == "branches" && parts[4] == "endpoints" &&
           std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
}

bool holds(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

// "300s" to "3600s".
std::optional<Duration> ttl_of(std::string_view text) {
    int seconds = 0;
    if (text.empty() || text.back() != 's')
        return {};
    const char* last = text.data() + text.size() - 1;
    const auto [end, failure] = std::from_chars(text.data(), last, seconds);
    if (failure != std::errc() || end != last || seconds < kShortestTtl || seconds > kLongestTtl)
        return {};
    return std::chrono::seconds(seconds);
}

json::object answer(const DatabaseGrant& grant, const char* expiry) {
    json::object body;
    body["token"] = grant.token;
    body[expiry] = format_utc(grant.expires);
    return body;
}

}  // namespace lakebase_detail

ApiError Lakebase::not_found(const char* kind) {
    return {404, "NOT_FOUND", std::string(kind) + " id not found [TraceId: " + random_.uuid() + "]"};
}

const DatabaseGrant& Lakebase::issue(const std::string& target, Duration life) {
    if (faults_.expired_credentials > 0) {
        --faults_.expired_credentials;
        life = -lakebase_detail::kExpiredFor;
    }
    DatabaseGrant grant;
    grant.target = target;
    grant.expires = wall_now() + std::chrono::duration_cast<std::chrono::microseconds>(life);
    json::object claims;
    claims["sub"] = target;
    claims["jti"] = random_.uuid();
    claims["exp"] = std::chrono::duration_cast<std::chrono::seconds>(grant.expires.time_since_epoch()).count();
    grant.token = options_.token.empty() ? jwt_like(claims, random_) : options_.token;
    if (grants_.size() >= lakebase_detail::kMaxGrants)
        grants_.erase(grants_.begin(), grants_.begin() + lakebase_detail::kMaxGrants / 2);
    grants_.push_back(std::move(grant));
    if (options_.on_grant)
        options_.on_grant(grants_.back());
    return grants_.back();
}

ApiResult Lakebase::autoscaling_credential(const json::object& body) {
    using namespace lakebase_detail;
    const json::value* name = body.if_contains("endpoint");
    if (!name || name->is_null())
        return invalid_parameter("Field 'endpoint' is required.");
    if (!name->is_string())
        return wrong_type("endpoint", "a string");
    const std::string endpoint(name->as_string());
    if (!is_endpoint_name(endpoint))
        return invalid_parameter(
            "Field 'endpoint' must be of the form "
            "projects/{project_id}/branches/{branch_id}/endpoints/{endpoint_id}.");
    if (const json::value* claims = body.if_contains("claims"); claims && !claims->is_array())
        return wrong_type("claims", "an array");
    Duration life = std::chrono::seconds(options_.credential_seconds);
    if (const json::value* ttl = body.if_contains("ttl")) {
        if (!ttl->is_string())
            return wrong_type("ttl", "a string");
        const auto wanted = ttl_of(std::string(ttl->as_string()));
        if (!wanted)
            return invalid_parameter("Field 'ttl' must be between 300s and 3600s.");
        life = *wanted;
    }
    if (!holds(options_.endpoints, endpoint))
        return not_found("endpoint");
    return answer(issue(endpoint, life), "expire_time");
}

ApiResult Lakebase::provisioned_credential(const json::object& body) {
    using namespace lakebase_detail;
    const json::value* request_id = body.if_contains("request_id");
    if (!request_id || request_id->is_null())
        return invalid_parameter("Field 'request_id' is required.");
    if (!request_id->is_string() || request_id->as_string().empty())
        return wrong_type("request_id", "a string");
    const json::value* names = body.if_contains("instance_names");
    if (!names || names->is_null())
        return invalid_parameter("Field 'instance_names' is required.");
    if (!names->is_array())
        return wrong_type("instance_names", "an array");
    if (names->as_array().empty())
        return invalid_parameter("Field 'instance_names' must name at least one instance.");
    if (const json::value* claims = body.if_contains("claims"); claims && !claims->is_array())
        return wrong_type("claims", "an array");
    for (const json::value& name : names->as_array()) {
        if (!name.is_string())
            return wrong_type("instance_names", "an array of strings");
        if (!holds(options_.instances, std::string(name.as_string())))
            return not_found("database instance");
    }
    return answer(
        issue(std::string(names->as_array().front().as_string()), std::chrono::seconds(options_.credential_seconds)),
        "expiration_time");
}

ApiResult Lakebase::endpoint(const std::string& name) {
    using namespace lakebase_detail;
    if (!holds(options_.endpoints, name))
        return not_found("endpoint");
    const std::string& state = faults_.database_state;
    json::object status;
    status["endpoint_type"] = "ENDPOINT_TYPE_READ_WRITE";
    status["current_state"] = state.empty() ? "ACTIVE" : state;
    status["autoscaling_limit_min_cu"] = 1;
    status["autoscaling_limit_max_cu"] = 4;
    status["disabled"] = state == "DISABLED";
    if (state != "INIT") {
        json::object hosts;
        hosts["host"] = options_.host;
        hosts["read_only_host"] = options_.host;
        status["hosts"] = std::move(hosts);
    }
    json::object object;
    object["name"] = name;
    object["parent"] = name.substr(0, name.rfind("/endpoints/"));
    object["status"] = std::move(status);
    return object;
}

ApiResult Lakebase::instance(const std::string& name) {
    using namespace lakebase_detail;
    if (!holds(options_.instances, name))
        return not_found("database instance");
    const std::string& state = faults_.database_state;
    json::object object;
    object["name"] = name;
    object["uid"] = "0b7f1d0e-0000-4000-8000-000000000002";
    object["state"] = state.empty() ? "AVAILABLE" : state;
    object["capacity"] = "CU_1";
    object["pg_version"] = "PG_VERSION_16";
    object["node_count"] = 1;
    if (state != "STARTING") {
        object["read_write_dns"] = options_.host;
        object["read_only_dns"] = options_.host;
    }
    return object;
}

}  // namespace genie_slack::sandbox::databricks
