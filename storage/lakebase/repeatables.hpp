// Functions and views for people who administer: files of sql/functions and sql/views, compiled in, applied again
// whenever their text has changed.
#pragma once

#include "storage/lakebase/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

struct Repeatable {
    std::string name;  // "views/chat_summary_view"
    std::string checksum;
    std::string_view sql;
};

// Those of this program in the order in which they are applied: the files' numbers tell it among the functions; the
// views come after the functions that they use and before those that come later.
const std::vector<Repeatable>& known_repeatables();

// Names of those whose text is not the one that the database has.
std::vector<std::string> pending_repeatables(Session& session);

// Applies them in one transaction and returns their names. A view that gets other columns is dropped and made again;
// what was granted on it, and on functions, to a role is granted again. Throws SqlError.
std::vector<std::string> apply_repeatables(Session& session, const DatabaseSettings& settings);

}  // namespace genie_slack::storage::lakebase
