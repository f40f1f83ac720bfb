// A database with the migrations applied, and a few words for filling its chat tables.
#pragma once

#include "tests/support/lakebase_harness.hpp"

#include <string>
#include <vector>

namespace sql_test {

using Rows = genie_slack::test::PostgresServer::Rows;

// Text of a file below the source tree.
std::string source_file(const std::string& path);
// Files of a folder below the source tree with that ending, sorted.
std::vector<std::string> source_files(const std::string& folder, const std::string& ending);

class Database {
 public:
    // A new one with the schema of this program.
    Database();
    explicit Database(std::string name);

    const std::string& name() const { return name_; }
    // As the app's role, which owns everything, with search_path on the chat tables. The server's error is thrown.
    Rows query(const std::string& statements) const;
    // The first field of the first row.
    std::string value(const std::string& statements) const;
    // As a role, with search_path on the chat tables.
    Rows query_as(const std::string& role, const std::string& statements) const;
    // As superuser.
    Rows admin(const std::string& statements) const;
    // What the server says about a statement of the app's role that fails; "" when it does not.
    std::string error(const std::string& statements) const;
    std::string error_as(const std::string& role, const std::string& statements) const;

    // Makes the functions fixture.iso, user_, thread, step, feedback and element, by which tests fill the tables: ids
    // are numbers, times ISO texts or, in iso(), how long ago.
    void add_fixture_functions() const;

 private:
    std::string name_;
};

struct PsqlResult {
    int exit_code = -1;
    std::string output;
};

// Runs a script of the source tree with psql as the app's role (or another), over TLS.
PsqlResult run_psql(const Database& database, const std::string& script, const std::vector<std::string>& variables = {},
                    const std::string& role = genie_slack::test::kAppRole);

// A role with the password that run_psql() gives.
void create_login(const Database& database, const std::string& role);

}  // namespace sql_test
