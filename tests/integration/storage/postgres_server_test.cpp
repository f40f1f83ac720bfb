#include "tests/support/postgres.hpp"

#include "tests/catch.hpp"

namespace postgres_server_test {

using genie_slack::test::PostgresServer;

TEST_CASE("the tests' PostgreSQL survives what tests do to it", "[postgres]") {
    PostgresServer server;
    server.create_role("an app", "it's secret");
    server.create_database("chats", "an app");
    CHECK(server.value("chats", "SHOW ssl") == "on");
    CHECK(server.value("chats", "SELECT has_database_privilege('an app', 'chats', 'CREATE')::text") == "true");
    server.query("chats", "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)");

    server.kill();
    CHECK_THROWS(server.query("chats", "SELECT 1"));
    server.start();
    CHECK(server.value("chats", "SELECT x FROM kept") == "7");
    server.stop();
    server.start();
    CHECK(server.value("chats", "SELECT x FROM kept") == "7");
    CHECK(server.query("chats", "SELECT NULL, 'a' UNION ALL SELECT 'b', NULL") ==
          PostgresServer::Rows{{"<null>", "a"}, {"b", "<null>"}});
}

}  // namespace postgres_server_test
