#include "storage/lakebase/sql_error.hpp"

#include "storage/lakebase/privileges.hpp"
#include "tests/catch.hpp"

namespace sql_error_test {

using namespace genie_slack::storage;
using namespace genie_slack::storage::lakebase;

TEST_CASE("SQLSTATEs say what to do next", "[sql_error]") {
    for (const char* state : {"08000", "08003", "08006", "57P01", "57P02", "57P03", "57P05", "25006"})
        CHECK(classify(state, true) == SqlFault::connection_lost);
    for (const char* state : {"28P01", "28000"})
        CHECK(classify(state, true) == SqlFault::login_refused);
    for (const char* state : {"40001", "40P01", "55P03", "23505"})
        CHECK(classify(state, true) == SqlFault::conflict);
    for (const char* state : {"22P02", "22021", "22P05", "22003", "23502", "23503", "23514"})
        CHECK(classify(state, true) == SqlFault::bad_row);
    CHECK(classify("53100", true) == SqlFault::full);
    CHECK(classify("42501", true) == SqlFault::privilege);
    for (const char* state : {"42P01", "42703", "42883", "3F000"})
        CHECK(classify(state, true) == SqlFault::schema);
    // Among them: a statement that was cancelled by its timeout, and a full memory.
    for (const char* state : {"57014", "53200", "53300", "XX000", "P0001", ""})
        CHECK(classify(state, true) == SqlFault::other);
    // Whatever a session said last, when it is gone it is gone.
    for (const char* state : {"", "22P02", "42501", "53100"})
        CHECK(classify(state, false) == SqlFault::connection_lost);
}

TEST_CASE("a failed connect is a refused login when the server said so", "[sql_error]") {
    for (const char* text :
         {"connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  password authentication failed for user "
          "\"x\"",
          "FATAL:  Invalid authorization specification", "fe_sendauth: no password supplied",
          "FATAL:  role \"x\" does not exist", "FATAL:  Provided authentication token is not a valid JWT encoding"})
        CHECK(classify_connect_failure(text) == SqlFault::login_refused);
    for (const char* text :
         {"connection to server at \"127.0.0.1\", port 5432 failed: Connection refused", "timeout expired",
          "could not translate host name \"nowhere\" to address: Name or service not known",
          "FATAL:  the database system is starting up", "FATAL:  sorry, too many clients already",
          "SSL error: certificate verify failed", "server does not support SSL, but SSL was required",
          "FATAL:  database \"x\" does not exist", "FATAL:  too many connections for role \"bot\"", ""})
        CHECK(classify_connect_failure(text) == SqlFault::connection_lost);
}

TEST_CASE("messages that may quote values are not shown", "[sql_error]") {
    for (const char* state : {"22P02", "23505", "P0001", ""})
        CHECK(may_quote_values(state));
    for (const char* state : {"42501", "42P01", "53100", "40001"})
        CHECK_FALSE(may_quote_values(state));
}

TEST_CASE("callers of storage learn whether to try again", "[sql_error]") {
    const auto kind = [](SqlFault fault) { return to_storage_error(SqlError(fault, "", "database: text")).fault; };
    CHECK(kind(SqlFault::bad_row) == StorageFault::invalid);
    CHECK(kind(SqlFault::full) == StorageFault::full);
    for (const SqlFault other :
         {SqlFault::connection_lost, SqlFault::login_refused, SqlFault::conflict, SqlFault::privilege, SqlFault::other})
        CHECK(kind(other) == StorageFault::unavailable);
    CHECK(kind(SqlFault::schema) == StorageFault::schema);
    CHECK(to_storage_error(SqlError(SqlFault::other, "XX000", "database: text")).message == "database: text");
}

TEST_CASE("a refusal names what it is about", "[sql_error]") {
    const auto check = [](const std::string& message, const std::string& kind, const std::string& name,
                          bool ownership) {
        INFO(message);
        const RefusedObject object = refused_object(message);
        CHECK(object.kind == kind);
        CHECK(object.name == name);
        CHECK(object.needs_ownership == ownership);
    };
    check("database: ERROR:  permission denied for database my db (42501)", "database", "my db", false);
    // Servers differ in whether they quote names.
    check("database: ERROR:  permission denied for schema genie_app (42501)", "schema", "genie_app", false);
    check("database: ERROR:  permission denied for schema \"a b\" (42501)", "schema", "a b", false);
    check("ERROR:  permission denied for table message_tracker (42501)", "table", "message_tracker", false);
    check("ERROR:  must be owner of table odd (name) (42501)", "table", "odd (name)", true);
    check("ERROR:  must be owner of function system_health_check (42501)", "function", "system_health_check", true);
    check("ERROR:  must be owner of view chat_summary_view (42501)", "view", "chat_summary_view", true);
    check("ERROR:  something else (42501)", "", "", false);
    check("ERROR:  permission denied for table \"never closed", "table", "never closed", false);
    check("", "", "", false);
}

TEST_CASE("a connection's options are one word, whatever is in them", "[sql_error]") {
    DatabaseSettings settings;
    settings.host = "/tmp/a b";
    settings.user = "it's \"me\"";
    settings.database = "a=b&c?d#e";
    settings.sslrootcert = "/my certs/ca.pem";
    settings.port = 6543;
    Login login;
    login.password = genie_slack::Secret(std::string("p%  \\\t\n'\0x\xC3\xA4", 12));
    const std::string text = connection_string(settings, login);
    CHECK(text.find_first_of(" \t\n\r'\"\\") == std::string::npos);
    CHECK_THAT(text, genie_slack::test::contains("postgresql://?host=%2Ftmp%2Fa%20b&user=it%27s%20%22me%22&"));
    CHECK_THAT(text, genie_slack::test::contains("&dbname=a%3Db%26c%3Fd%23e&password=p%25%20%20%5C%09%0A%27x%C3%A4&"));
    CHECK_THAT(text, genie_slack::test::contains("&sslrootcert=%2Fmy%20certs%2Fca.pem&sslmode=require&"));
    login.sslmode = "verify-full";
    login.sslrootcert = "/system.pem";
    CHECK_THAT(connection_string(settings, login),
               genie_slack::test::contains("&sslrootcert=%2Fsystem.pem&sslmode=verify-full&"));
    CHECK(text.substr(text.size() - 10) == "&port=6543");
    login.host = "elsewhere.example.com";
    CHECK_THAT(connection_string(settings, login), genie_slack::test::contains("?host=elsewhere.example.com&"));
}

TEST_CASE("names and texts are quoted as SQL wants them", "[sql_error]") {
    CHECK(quote_name("a\"b'c\\") == "\"a\"\"b'c\\\"");
    CHECK(quote_text("a\"b'c\\") == "'a\"b''c\\'");
    CHECK(quote_name("") == "\"\"");
}

}  // namespace sql_error_test
