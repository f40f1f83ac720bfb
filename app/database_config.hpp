// Where the database is and how to log in to it (docs/architecture.md 6; databricks.md 4.2, 4.3).
#pragma once

#include "core/config_table.hpp"
#include "core/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack {

struct DatabaseConfig {
    std::string
        host;  // "" when lakebase_endpoint or database_instance has to resolve it; a socket folder starts with /
    int port = 5432;
    std::string user;
    std::string database = "databricks_postgres";
    std::string sslmode = "require";
    std::string sslrootcert;         // a readable file, or ""
    bool address_is_remote = false;  // PGHOSTADDR, which libpq connects to in place of the host
    bool tls_unverified = false;     // DATABASE_TLS_UNVERIFIED=allow
    std::string system_authorities;  // this machine's file of CA certificates, "" when there is none
    Secret password;                 // set: used as it is, no credential is minted
    std::string lakebase_endpoint;   // "projects/P/branches/B/endpoints/E"
    std::string database_instance;
    int pool_size = 4;
    int lease_seconds = 20;
    std::string chainlit_schema = "genie_app";
};

// The variables of `config`, which outlives the table.
void add_database_variables(ConfigTable& table, DatabaseConfig& config);

// Who signs in to the workspace, as far as the database login depends on it.
struct DatabaseIdentity {
    bool known = false;            // false: the workspace configuration itself is wrong, and says so already
    bool can_be_password = false;  // its token is an OAuth token; a personal access token is no password
    std::string client_id;         // of a service principal, "" for none
};

// Fills in what follows from other values and returns what is missing or does not fit together, each as "NAME: what,
// how to mend it". Problems of single values were found by the table.
std::vector<std::string> complete_database_config(DatabaseConfig& config, const DatabaseIdentity& identity,
                                                  const VariableLookup& lookup);

// Whether the credential that is sent to `host` was issued by the workspace and may go only to a server whose
// certificate was verified in full: whoever gets it can use it. A fixed password is the administrator's own affair, and
// loopback does not leave the machine.
bool must_verify_database(const DatabaseConfig& config, std::string_view host);

// A host that libpq reaches without leaving this machine: a socket folder, localhost exactly, a literal loopback
// address. Narrower than net::is_loopback_host, since libpq asks DNS for "anything.localhost".
bool is_local_database_host(std::string_view host);

}  // namespace genie_slack
