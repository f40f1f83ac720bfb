// The schema's history: numbered SQL files of sql/migrations, compiled in, each applied once and in order. They make
// tables and indexes; what administrators call is in repeatables.hpp, what the program executes in statements.hpp.
#pragma once

#include "storage/lakebase/session.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

struct Migration {
    int version = 0;       // number that the file's name starts with
    std::string name;      // the rest of it, without ".sql"
    std::string checksum;  // SHA-256 of the content, hexadecimal
    std::string_view sql;
};

// Those of this program, in order.
const std::vector<Migration>& known_migrations();

// What stands between the database and the schema that this program needs. The text says what an admin has to do, with
// the exact statement when a privilege is missing.
class MigrationError : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

struct SchemaState {
    int version = 0;                   // newest applied migration, 0 for none
    std::vector<std::string> pending;  // "011_turn_origin", "views/chat_summary_view", in order
    bool is_newer = false;             // the database knows migrations that this program does not
};

// Throws MigrationError when an applied migration differs from ours, when the database is older than the baseline, or
// when the chat tables are in another schema.
SchemaState schema_state(Session& session, const DatabaseSettings& settings);

// Creates the schemas and applies what is pending, one transaction for each migration and one for all the rest, under
// an advisory lock, so that several processes may start together. Returns the names of what it applied. Throws
// MigrationError, or SqlError when the connection fails.
std::vector<std::string> migrate(Session& session, const DatabaseSettings& settings);

}  // namespace genie_slack::storage::lakebase
