#include "app/database_config.hpp"

#include "core/net/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace genie_slack {

namespace database_config_detail {

constexpr std::size_t kMaxHostBytes = 253;
constexpr std::size_t kMaxIdentifierBytes = 63;  // NAMEDATALEN - 1
constexpr std::array kModes = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
// libpq before 16 knows no "system", so the file behind it is looked up here.
constexpr std::array kSystemBundles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                       "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

bool is_weak(const std::string& mode) {
    return mode == "disable" || mode == "allow" || mode == "prefer";
}

bool is_readable_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return file.good() && file.peek() != std::ifstream::traits_type::eof();
}

bool is_localhost(std::string_view host) {
    constexpr std::string_view kName = "localhost";
    return host.size() == kName.size() && std::equal(host.begin(), host.end(), kName.begin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) == b;
           });
}

bool has_blank(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
}

std::string check_host(const std::string& value) {
    if (value.front() == '/')
        return "";
    if (value.find("://") != std::string::npos)
        return "is a URL: write the host name alone, the port belongs into PGPORT and the database into PGDATABASE";
    if (has_blank(value) || value.size() > kMaxHostBytes)
        return "is no host name: copy it again from the database's connection details";
    if (value.find(',') != std::string::npos)
        return "names several hosts: write one";
    const bool ipv6 = std::count(value.begin(), value.end(), ':') > 1;
    if (value.find('/') != std::string::npos || value.find('@') != std::string::npos ||
        (!ipv6 && value.find(':') != std::string::npos))
        return "is more than a host name: write the name alone, the port belongs into PGPORT";
    return "";
}

// A name that PostgreSQL folds to itself, so that it means the same quoted and unquoted.
std::string check_schema(const std::string& value) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool plain = value.size() <= kMaxIdentifierBytes && std::all_of(value.begin(), value.end(), fits) &&
                       !(value.front() >= '0' && value.front() <= '9');
    if (!plain)
        return "must be a plain identifier: lower-case letters, digits and underscores, not starting with a digit, at "
               "most 63 bytes";
    if (value.starts_with("pg_") || value == "information_schema")
        return "is '" + value + "', which PostgreSQL keeps for itself: choose another schema";
    return "";
}

std::vector<std::string> segments_of(const std::string& text) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

bool is_resource_id(const std::string& text) {
    return !text.empty() && text.size() <= 100 && text.find_first_not_of('.') != std::string::npos &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

std::string check_endpoint(const std::string& value) {
    const auto parts = segments_of(value);
    if (parts.size() == 6 && parts[0] == "projects" && parts[2] == "branches" && parts[4] == "endpoints" &&
        is_resource_id(parts[1]) && is_resource_id(parts[3]) && is_resource_id(parts[5]))
        return "";
    return "must be an endpoint's resource name, projects/PROJECT/branches/BRANCH/endpoints/ENDPOINT: `databricks "
           "postgres list-endpoints projects/PROJECT/branches/BRANCH` shows it";
}

std::string check_instance(const std::string& value) {
    return is_resource_id(value) ? ""
                                 : "must be the name of a database instance (letters, digits and hyphens), not its id "
                                   "or host";
}

ConfigTable::Variable text_variable(std::string name, std::string& field, std::string meaning,
                                    std::string (*check)(const std::string&)) {
    ConfigTable::Variable variable;
    variable.name = std::move(name);
    variable.fallback = field;
    variable.meaning = std::move(meaning);
    variable.set = [&field, check](const std::string& value) {
        std::string problem = check(value);
        if (problem.empty())
            field = value;
        return problem;
    };
    variable.show = [&field] { return field; };
    return variable;
}

std::string check_name(const std::string& value) {
    if (value.find("://") != std::string::npos)
        return "is a URL: give the name alone, and PGHOST, PGPORT, PGUSER and PGPASSWORD beside it";
    return std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })
               ? "contains a control character: copy it again"
               : "";
}

std::string check_mode(const std::string& value) {
    if (std::find(kModes.begin(), kModes.end(), value) != kModes.end())
        return "";
    return "is '" + value +
           "', but must be require, verify-ca or verify-full (or, to loopback only, disable, allow or "
           "prefer)";
}

std::string check_unverified(const std::string& value) {
    return value == "allow" || value == "refuse" ? "" : "is '" + value + "', but must be allow or refuse";
}

void check_encryption(DatabaseConfig& config, const VariableLookup& lookup, std::vector<std::string>& problems) {
    const std::string address = lookup("PGHOSTADDR").value_or("");
    const auto bundle = std::find_if(kSystemBundles.begin(), kSystemBundles.end(), is_readable_file);
    config.system_authorities = bundle == kSystemBundles.end() ? "" : *bundle;
    config.address_is_remote = !address.empty() && !is_local_database_host(address);
    const bool local = is_local_database_host(config.host) && (address.empty() || is_local_database_host(address));
    if (is_weak(config.sslmode) && !local)
        problems.push_back("PGSSLMODE: is '" + config.sslmode +
                           "', which may send the password in clear text, and the database is not on this machine: set "
                           "it to require or verify-full");
    if (config.sslrootcert == "system") {
        if (config.system_authorities.empty())
            problems.push_back(
                "PGSSLROOTCERT: is system, but this machine has no file of CA certificates: install "
                "ca-certificates, or name a file");
        else
            config.sslrootcert = config.system_authorities;
    } else if (!config.sslrootcert.empty() && !is_readable_file(config.sslrootcert)) {
        problems.push_back("PGSSLROOTCERT: the file " + config.sslrootcert + " cannot be read or is empty");
    } else if (config.sslrootcert.empty() && config.sslmode.starts_with("verify")) {
        problems.push_back("PGSSLROOTCERT: is not set, and PGSSLMODE=" + config.sslmode +
                           " needs it: set it to system (the machine's CA certificates) or to a file of CA "
                           "certificates");
    } else if (config.sslrootcert.empty() && config.system_authorities.empty() &&
               must_verify_database(config, config.host)) {
        problems.emplace_back(
            "PGSSLROOTCERT: is not set, and this machine has no file of CA certificates to verify the database with, "
            "which the workspace's credential needs: install ca-certificates, or name a file "
            "(DATABASE_TLS_UNVERIFIED=allow does without, at your risk)");
    }
}

}  // namespace database_config_detail

using namespace database_config_detail;

void add_database_variables(ConfigTable& table, DatabaseConfig& config) {
    table.add(text_variable("PGHOST", config.host,
                            "host of the database; needed without `IS_LOCAL=true`, unless `LAKEBASE_ENDPOINT` or "
                            "`DATABASE_INSTANCE` says where it is",
                            check_host));
    table.integer("PGPORT", config.port, 1, 65'535, "its port");
    table.add(text_variable("PGUSER", config.user,
                            "who logs in; the application id of the service principal, or an "
                            "e-mail address",
                            check_name));
    table.documented_default("DATABRICKS_CLIENT_ID");
    table.add(text_variable("PGDATABASE", config.database, "name of the database", check_name));
    table.secret("PGPASSWORD", config.password, "a fixed password; without it the workspace issues the credential",
                 nullptr);
    table.add(text_variable("LAKEBASE_ENDPOINT", config.lakebase_endpoint,
                            "Lakebase Autoscaling: `projects/P/branches/B/endpoints/E`, which issues the credential",
                            check_endpoint));
    table.add(text_variable("DATABASE_INSTANCE", config.database_instance,
                            "Lakebase Provisioned: name of the instance, which issues the credential; with neither of "
                            "the two the workspace's OAuth token is the password",
                            check_instance));
    table.add(text_variable("PGSSLMODE", config.sslmode,
                            "`require`, `verify-ca` or `verify-full`; to loopback also `disable`, `allow`, `prefer`",
                            check_mode));
    table.add(text_variable("PGSSLROOTCERT", config.sslrootcert,
                            "file with the CA certificates that sign the database's, or `system`", check_name));
    ConfigTable::Variable unverified;
    unverified.name = "DATABASE_TLS_UNVERIFIED";
    unverified.fallback = "refuse";
    unverified.meaning =
        "`allow`: send a credential of the workspace also where `PGSSLMODE=require` verifies no certificate. Without "
        "it "
        "such a credential goes only to a server whose certificate is verified in full, against `PGSSLROOTCERT` or the "
        "system's authorities; loopback excepted";
    unverified.set = [&config](const std::string& value) {
        config.tls_unverified = value == "allow";
        return check_unverified(value);
    };
    unverified.show = [&config] { return std::string(config.tls_unverified ? "allow" : "refuse"); };
    table.add(std::move(unverified));
    table.integer("DATABASE_POOL_SIZE", config.pool_size, 1, 32,
                  "open database sessions; another one shows that the process lives");
    table.integer("LEASE_SECONDS", config.lease_seconds, 2, 300,
                  "after this much silence of a process another one takes its questions over");
    table.add(text_variable("CHAINLIT_SCHEMA", config.chainlit_schema,
                            "schema of Chainlit's tables (users, threads, steps, elements, feedbacks)", check_schema));
}

std::vector<std::string> complete_database_config(DatabaseConfig& config, const DatabaseIdentity& identity,
                                                  const VariableLookup& lookup) {
    std::vector<std::string> problems;
    // Given or not: a value that was refused is no missing value.
    const auto given = [&lookup](const char* name) { return !lookup(name).value_or("").empty(); };
    const bool has_source = given("LAKEBASE_ENDPOINT") || given("DATABASE_INSTANCE");
    if (given("LAKEBASE_ENDPOINT") && given("DATABASE_INSTANCE"))
        problems.emplace_back(
            "DATABASE_INSTANCE: is set beside LAKEBASE_ENDPOINT: keep LAKEBASE_ENDPOINT for Lakebase Autoscaling "
            "(every "
            "new database) and remove DATABASE_INSTANCE, or the other way round for a provisioned instance");
    if (!given("PGHOST") && !has_source)
        problems.emplace_back(
            "PGHOST: is not set; it is needed: the database's host (or set LAKEBASE_ENDPOINT or "
            "DATABASE_INSTANCE, which tell it; or IS_LOCAL=true to keep everything in memory)");
    if (!given("PGUSER")) {
        config.user = identity.client_id;
        if (config.user.empty() && (identity.known || !config.password.empty()))
            problems.emplace_back(
                "PGUSER: is not set, and there is no DATABRICKS_CLIENT_ID to stand in for it: set it "
                "to the database role that logs in (application id of the service principal, or "
                "e-mail address)");
    }
    if (config.password.empty() && !has_source && identity.known && !identity.can_be_password)
        problems.emplace_back(
            "LAKEBASE_ENDPOINT: is not set, and a personal access token (DATABRICKS_TOKEN) is no "
            "database password: set LAKEBASE_ENDPOINT or DATABASE_INSTANCE so that the workspace "
            "issues one, or sign in as a service principal (DATABRICKS_CLIENT_ID, "
            "DATABRICKS_CLIENT_SECRET or DATABRICKS_OIDC_TOKEN_FILEPATH), or set PGPASSWORD");
    check_encryption(config, lookup, problems);
    return problems;
}

bool must_verify_database(const DatabaseConfig& config, std::string_view host) {
    return config.password.empty() && !config.tls_unverified &&
           (config.address_is_remote || !is_local_database_host(host));
}

bool is_local_database_host(std::string_view host) {
    if (host.starts_with('/') || is_localhost(host))
        return true;
    return host.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos && net::is_loopback_host(host);
}

}  // namespace genie_slack
