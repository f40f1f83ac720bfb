// What the schema lacks of what this program needs, although its migrations were applied: somebody dropped it.
#pragma once

#include "storage/lakebase/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

// The first of the program's statements that cannot be prepared, and what it lacks; "" when there is none. The server
// reads no rows for that. Throws SqlError for anything else, a table that is locked for instance.
std::string broken_statement(Session& session, const DatabaseSettings& settings);

struct MissingIndex {
    std::string name;        // "genie_app.turns_thread"
    std::string table;       // "genie_app.turns"
    std::string statement;   // that makes it
    bool is_unique = false;  // its absence lets things happen twice; that of another one is only slow
};

// Of the program's own tables that are there; the chat tables' indexes are watched by schema_alerts() of the schema.
std::vector<MissingIndex> missing_indexes(Session& session);

// The indexes that a migration's text makes in genie_app. Exposed for its test.
std::vector<MissingIndex> indexes_of(std::string_view migration);

}  // namespace genie_slack::storage::lakebase
