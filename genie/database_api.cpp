#include "genie/database_api.hpp"

#include "core/net/url.hpp"
#include "genie/json_text.hpp"
#include "genie/wire_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace genie_slack::genie {

namespace json = boost::json;

namespace database_api_detail {

constexpr std::size_t kLongestToken = 64u << 10;  // of JWTs of one to two kilobytes
constexpr std::size_t kLongestHost = 253;

bool is_autoscaling(const DatabaseSource& source) {
    return !source.lakebase_endpoint.empty();
}

std::string named(const DatabaseSource& source) {
    return is_autoscaling(source) ? "the Lakebase endpoint " + source.lakebase_endpoint
                                  : "the database instance " + source.database_instance;
}

const char* variable_of(const DatabaseSource& source) {
    return is_autoscaling(source) ? "LAKEBASE_ENDPOINT" : "DATABASE_INSTANCE";
}

// Encodes each segment and keeps the slashes.
std::string encoded_path(std::string_view path) {
    std::string text;
    for (;;) {
        const std::size_t slash = path.find('/');
        text += net::percent_encode(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return text;
        text += '/';
        path.remove_prefix(slash + 1);
    }
}

// Reads exactly `size` digits.
std::optional<int> digits(std::string_view& text, std::size_t size) {
    if (text.size() < size)
        return {};
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + size, value);
    if (failure != std::errc() || end != text.data() + size || text[0] == '-')
        return {};
    text.remove_prefix(size);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::minutes> offset(std::string_view text) {
    if (text == "Z" || text == "z")
        return std::chrono::minutes(0);
    const bool west = !text.empty() && text.front() == '-';
    if (!west && (text.empty() || text.front() != '+'))
        return {};
    text.remove_prefix(1);
    const auto hours = digits(text, 2);
    const bool colon = take(text, ':');
    const auto minutes = digits(text, 2);
    if (!hours || !colon || !minutes || !text.empty() || *hours > 23 || *minutes > 59)
        return {};
    const std::chrono::minutes value(*hours * 60 + *minutes);
    return west ? -value : value;
}

std::string who(const DatabaseCredentialOptions& options) {
    return options.workspace.client_id.empty() ? "the owner of the personal access token"
                                               : "the service principal " + options.workspace.client_id;
}

CredentialError explain(const DatabaseCredentialOptions& options, const GenieError& error, const std::string& what) {
    const DatabaseSource& source = options.source;
    const std::string told = " (" + error.message + ")";
    switch (error.fault) {
        case GenieFault::not_found:
            return CredentialError(CredentialFault::not_found, "the workspace " + options.workspace.host +
                                                                   " knows no " + named(source).substr(4) + " that " +
                                                                   who(options) + " may see" + told + ": check " +
                                                                   variable_of(source) + " and DATABRICKS_HOST");
        case GenieFault::permission:
            return CredentialError(CredentialFault::refused,
                                   "the workspace refused " + what + " for " + named(source) + told + ": grant " +
                                       who(options) +
                                       " the use of it (in a Databricks App: add the database as a "
                                       "resource of the app)");
        case GenieFault::auth:
            return CredentialError(CredentialFault::refused, what + " was refused" + told +
                                                                 ": check the sign-in to the workspace (DATABRICKS_*)");
        case GenieFault::configuration:
            if (error.error_code == "ENDPOINT_NOT_FOUND")
                return CredentialError(CredentialFault::configuration,
                                       "the workspace " + options.workspace.host + " has no API for Lakebase " +
                                           (is_autoscaling(source) ? "Autoscaling" : "Provisioned") + told +
                                           ": check DATABRICKS_HOST, and that the database is of this kind (" +
                                           (is_autoscaling(source) ? "a provisioned instance is named by "
                                                                     "DATABASE_INSTANCE)"
                                                                   : "an autoscaling endpoint is named by "
                                                                     "LAKEBASE_ENDPOINT)"));
            return CredentialError(CredentialFault::configuration, "no " + what + told);
        case GenieFault::timeout:
            return CredentialError(CredentialFault::timeout, "no " + what + " in time" + told);
        case GenieFault::cancelled:
            return CredentialError(CredentialFault::cancelled, what + ": cancelled");
        case GenieFault::rate_limited:
        case GenieFault::unavailable:
        case GenieFault::ambiguous:
            return CredentialError(CredentialFault::unavailable,
                                   "no " + what + told +
                                       ": the workspace is out of reach or too busy; it is asked "
                                       "again");
        case GenieFault::invalid:
        case GenieFault::result_expired:
        case GenieFault::query_failed:
            break;
    }
    return CredentialError(CredentialFault::configuration, "the workspace refused " + what + " for " + named(source) +
                                                               told + ": check " + variable_of(source));
}

constexpr const char* kCredential = "database credential";
constexpr const char* kLookup = "look-up of the database's host";

}  // namespace database_api_detail

const char* to_string(CredentialFault fault) {
    switch (fault) {
        case CredentialFault::not_found:
            return "not_found";
        case CredentialFault::refused:
            return "refused";
        case CredentialFault::configuration:
            return "configuration";
        case CredentialFault::unavailable:
            return "unavailable";
        case CredentialFault::timeout:
            return "timeout";
        case CredentialFault::cancelled:
            return "cancelled";
    }
    return "unknown";
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
    using namespace database_api_detail;
    const auto year = digits(text, 4);
    const bool first = take(text, '-');
    const auto month = digits(text, 2);
    const bool second = take(text, '-');
    const auto day = digits(text, 2);
    if (!year || !first || !month || !second || !day || !(take(text, 'T') || take(text, 't') || take(text, ' ')))
        return {};
    const auto hours = digits(text, 2);
    const bool third = take(text, ':');
    const auto minutes = digits(text, 2);
    const bool fourth = take(text, ':');
    const auto seconds = digits(text, 2);
    if (!hours || !third || !minutes || !fourth || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
        return {};
    std::int64_t micros = 0;
    if (take(text, '.')) {
        int places = 0;
        for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++places)
            if (places < 6)
                micros = micros * 10 + (text.front() - '0');
        if (places == 0)
            return {};
        for (; places < 6; ++places)
            micros *= 10;
    }
    const auto zone = offset(text);
    const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!zone || !date.ok())
        return {};
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + std::chrono::microseconds(micros) - *zone;
}

ApiCall credential_call(const DatabaseSource& source, const std::string& request_id) {
    json::object body;
    if (database_api_detail::is_autoscaling(source)) {
        body["endpoint"] = source.lakebase_endpoint;
        ApiCall call("POST", "/api/2.0/postgres/credentials");
        call.body = json::serialize(body);
        return call;
    }
    body["request_id"] = request_id;
    body["instance_names"] = json::array{json::value(source.database_instance)};
    ApiCall call("POST", "/api/2.0/database/credentials");
    call.body = json::serialize(body);
    return call;
}

Result<DatabaseCredential, CredentialError> credential_of(const DatabaseCredentialOptions& options,
                                                          const json::value& answer) {
    std::string token = member_text(answer, "token");
    const bool usable = !token.empty() && token.size() <= database_api_detail::kLongestToken &&
                        std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    const char* name = database_api_detail::is_autoscaling(options.source) ? "expire_time" : "expiration_time";
    const auto expires = parse_rfc3339(member_text(answer, name));
    if (!usable)
        return CredentialError(CredentialFault::configuration,
                               "the workspace " + options.workspace.host + " answered without a credential for " +
                                   database_api_detail::named(options.source) + ": check DATABRICKS_HOST");
    DatabaseCredential credential{Secret(std::move(token))};
    credential.expires = expires;
    return credential;
}

ApiCall host_call(const DatabaseSource& source) {
    return database_api_detail::is_autoscaling(source)
               ? ApiCall("GET", "/api/2.0/postgres/" + database_api_detail::encoded_path(source.lakebase_endpoint))
               : ApiCall("GET", "/api/2.0/database/instances/" + net::percent_encode(source.database_instance));
}

Result<std::string, CredentialError> host_of(const DatabaseSource& source, const json::value& answer) {
    const json::value nothing;
    std::string host;
    if (database_api_detail::is_autoscaling(source)) {
        const json::value* status = find_member(answer, "status");
        const json::value* hosts = status ? find_member(*status, "hosts") : nullptr;
        const json::value& state = status ? *status : nothing;
        if (member_text(state, "endpoint_type") == "ENDPOINT_TYPE_READ_ONLY")
            return CredentialError(CredentialFault::configuration, database_api_detail::named(source) +
                                                                       " is read-only: set LAKEBASE_ENDPOINT to the "
                                                                       "branch's read-write endpoint");
        if (member_flag(state, "disabled"))
            return CredentialError(CredentialFault::unavailable,
                                   database_api_detail::named(source) + " is disabled: enable it in the workspace");
        host = hosts ? member_text(*hosts, "host") : "";
    } else {
        const std::string state = member_text(answer, "state");
        if (state == "STOPPED" || state == "DELETING")
            return CredentialError(CredentialFault::unavailable, database_api_detail::named(source) + " is " + state +
                                                                     ": start it, or name another one");
        host = member_text(answer, "read_write_dns");
    }
    const bool fits =
        host.size() <= database_api_detail::kLongestHost && std::all_of(host.begin(), host.end(), [](unsigned char c) {
            return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
        });
    if (!fits)
        return CredentialError(
            CredentialFault::configuration,
            "the workspace's answer about " + database_api_detail::named(source) + " holds no usable host");
    return host;
}

CredentialError credential_error(const DatabaseCredentialOptions& options, const GenieError& error) {
    return database_api_detail::explain(options, error, database_api_detail::kCredential);
}

CredentialError host_error(const DatabaseCredentialOptions& options, const GenieError& error) {
    return database_api_detail::explain(options, error, database_api_detail::kLookup);
}

CredentialError token_is_no_password() {
    return CredentialError(CredentialFault::configuration,
                           "a personal access token (DATABRICKS_TOKEN) is no database password: set LAKEBASE_ENDPOINT "
                           "or DATABASE_INSTANCE so that the workspace issues one, or sign in as a service principal");
}

}  // namespace genie_slack::genie
