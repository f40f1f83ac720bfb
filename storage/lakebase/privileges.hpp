// What the role lacks in the database, and the statements by which an administrator gives it. Reads the catalogs only,
// so that it works for a role that may do nothing at all.
#pragma once

#include "storage/lakebase/session.hpp"

#include <string>
#include <vector>

namespace genie_slack::storage::lakebase {

struct MissingPrivilege {
    std::string what;       // "schema genie_app may not be used"
    std::string statement;  // one or more, complete
};

// `to_migrate`: also what is needed to apply migrations, not only to work with the schema.
std::vector<MissingPrivilege> missing_privileges(Session& session, const DatabaseSettings& settings, bool to_migrate);

// For what the catalogs do not tell beforehand: the statement that lets the role do what the server refused with 42501
// and that message; "" when the message names nothing known. Relations and functions are looked up in the session's
// search_path.
std::string statement_for(Session& session, const DatabaseSettings& settings, const std::string& message);

// What such a message is about, "relation" or "function" for instance, and its name. Exposed for its test.
struct RefusedObject {
    std::string kind;
    std::string name;
    bool needs_ownership = false;
};
RefusedObject refused_object(const std::string& message);

}  // namespace genie_slack::storage::lakebase
