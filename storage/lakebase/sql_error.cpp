#include "storage/lakebase/sql_error.hpp"

#include <initializer_list>

namespace genie_slack::storage::lakebase {

namespace {

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> candidates) {
    for (const std::string_view candidate : candidates)
        if (text == candidate)
            return true;
    return false;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
        if (text.find(part) != std::string_view::npos)
            return true;
    return false;
}

}  // namespace

SqlFault classify(std::string_view sqlstate, bool connected) {
    const std::string_view family = sqlstate.substr(0, 2);
    // 25006: after a failover the session is on a read-only server (databricks.md 4.6).
    if (!connected || family == "08" || is_any_of(sqlstate, {"57P01", "57P02", "57P03", "57P05", "25006"}))
        return SqlFault::connection_lost;
    if (family == "28")
        return SqlFault::login_refused;
    // 23505: another process was faster with a person's or thread's first row; the next look finds it.
    if (is_any_of(sqlstate, {"40001", "40P01", "55P03", "23505"}))
        return SqlFault::conflict;
    if (family == "22" || family == "23")
        return SqlFault::bad_row;
    if (sqlstate == "53100")
        return SqlFault::full;
    if (sqlstate == "42501")
        return SqlFault::privilege;
    if (family == "42" || family == "3F")
        return SqlFault::schema;
    return SqlFault::other;
}

SqlFault classify_connect_failure(std::string_view message) {
    // 53300 names the role too, and no other password helps.
    if (has_no_free_session(message))
        return SqlFault::connection_lost;
    // The last group are the words of Lakebase's front door (databricks.md 4.4).
    if (contains_any(message,
                     {"password authentication failed", "Invalid authorization specification", "no password supplied",
                      "role \"", "authentication failed", "JWT", "Provided authentication token", "jwk not found"}))
        return SqlFault::login_refused;
    return SqlFault::connection_lost;
}

bool has_no_free_session(std::string_view message) {
    return contains_any(message, {"too many connections", "too many clients", "connection slots are reserved"});
}

bool may_quote_values(std::string_view sqlstate) {
    const std::string_view family = sqlstate.substr(0, 2);
    return family == "22" || family == "23" || family == "P0" || family.empty();
}

StorageError to_storage_error(const SqlError& error) {
    switch (error.fault()) {
        case SqlFault::full:
            return {StorageFault::full, error.what()};
        case SqlFault::bad_row:
            return {StorageFault::invalid, error.what()};
        case SqlFault::schema:
            return {StorageFault::schema, error.what()};
        case SqlFault::connection_lost:
        case SqlFault::login_refused:
        case SqlFault::conflict:
        case SqlFault::privilege:
        case SqlFault::other:
            break;
    }
    return {StorageFault::unavailable, error.what()};
}

}  // namespace genie_slack::storage::lakebase
