// What a database error means for us, by its SQLSTATE (storage.md 3.2, databricks.md 4.4).
#pragma once

#include "storage/storage.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace genie_slack::storage::lakebase {

enum class SqlFault {
    connection_lost,  // the session is of no use; whether its last statement took effect is not known
    login_refused,    // no session: the server did not take user or password
    conflict,         // may work when repeated: deadlock, serialization, a lock that was not free, a duplicate key
    bad_row,          // the values are refused, they will be next time
    full,             // no room on the disk
    privilege,        // the role may not do this
    schema,           // a table, column or function is missing
    other,
};

// Thrown by Session. The text is fit for the log: it never holds bound values, nor a password.
class SqlError : public std::runtime_error {
 public:
    SqlError(SqlFault fault, std::string sqlstate, const std::string& message, std::string hint = "")
        : std::runtime_error(message), fault_(fault), sqlstate_(std::move(sqlstate)), hint_(std::move(hint)) {}

    SqlFault fault() const { return fault_; }
    // Five characters, or "" when the server did not say.
    const std::string& sqlstate() const { return sqlstate_; }
    // What the server says to do about a missing privilege, "" when it says nothing.
    const std::string& hint() const { return hint_; }

 private:
    SqlFault fault_;
    std::string sqlstate_;
    std::string hint_;
};

// `connected`: whether the session still stands.
SqlFault classify(std::string_view sqlstate, bool connected);
// libpq gives no SQLSTATE for a failed connect, only a text.
SqlFault classify_connect_failure(std::string_view message);

// Whether a failed connect says that the server, the database or the role has as many sessions as it may (53300).
bool has_no_free_session(std::string_view message);

// Whether the primary message of that SQLSTATE may quote a value.
bool may_quote_values(std::string_view sqlstate);

StorageError to_storage_error(const SqlError& error);

}  // namespace genie_slack::storage::lakebase
