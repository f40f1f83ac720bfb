// The workspace's API for databases, both generations: requests, and what their answers mean (databricks.md 4.1). Pure;
// database_credentials.cpp does the sending.
#pragma once

#include "genie/api.hpp"
#include "genie/database_credentials.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::genie {

// "2026-01-31T10:00:00Z" with an optional fraction, "Z" or an offset; nothing when it is none.
std::optional<WallTime> parse_rfc3339(std::string_view text);

// It is made only for a source that names an endpoint or an instance.
ApiCall credential_call(const DatabaseSource& source, const std::string& request_id);
Result<DatabaseCredential, CredentialError> credential_of(const DatabaseCredentialOptions& options,
                                                          const boost::json::value& answer);

ApiCall host_call(const DatabaseSource& source);
// "" while the database has no host yet.
Result<std::string, CredentialError> host_of(const DatabaseSource& source, const boost::json::value& answer);

// Says what an admin can do about it.
CredentialError credential_error(const DatabaseCredentialOptions& options, const GenieError& error);
CredentialError host_error(const DatabaseCredentialOptions& options, const GenieError& error);
CredentialError token_is_no_password();

}  // namespace genie_slack::genie
