// What the doctor finds out about the database, step by step.
#pragma once

#include "storage/lakebase/session.hpp"

#include <string>
#include <vector>

namespace genie_slack::storage::lakebase {

struct Finding {
    bool is_right = false;
    bool is_bearable = false;  // when it is not right: the bot works all the same, or mends it at its start
    std::string check;         // "TLS"
    std::string what;          // "TLSv1.3"
    std::string remedy;        // what to do, when it is not right
};

// Whether the host's name has an address, and whether something listens there.
std::vector<Finding> check_address(const DatabaseSettings& settings);

// TLS, version, privileges, schema, columns, indexes, room and dead letters, over a session that logged in. What it
// writes is rolled back.
std::vector<Finding> check_session(Session& session, const DatabaseSettings& settings);

// Why a login failed, and what to do.
Finding explain_login(const SqlError& error, const DatabaseSettings& settings);

}  // namespace genie_slack::storage::lakebase
