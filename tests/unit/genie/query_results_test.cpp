#include "genie/client.hpp"
#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieWorld;
using test::ScriptedHttp;

namespace query_results_test {

const std::string kAttachment = "/api/2.0/genie/spaces/s/conversations/c/messages/m/attachments/a";

GenieResult<ResultTable> query(GenieWorld& world, Duration limit = 5min) {
    return world.run(world.client().query_result("s", "c", "m", "a", GenieWorld::in(limit)));
}
GenieResult<ResultTable> execute(GenieWorld& world, Duration limit = 5min) {
    return world.run(world.client().execute_query("s", "c", "m", "a", GenieWorld::in(limit)));
}

ScriptedHttp::Reply state(const std::string& name) {
    return ScriptedHttp::json(R"({"statement_response":{"statement_id":"st","status":{"state":")" + name + R"("}}})");
}
// A succeeded statement with one column, `manifest` and `result` members as given.
ScriptedHttp::Reply succeeded(const std::string& manifest, const std::string& result) {
    return ScriptedHttp::json(
        R"({"statement_response":{"statement_id":"st","status":{"state":"SUCCEEDED"},"manifest":{"format":"JSON_ARRAY",)" +
        manifest + R"("schema":{"columns":[{"name":"n","type_name":"LONG"}]}},"result":)" + result + "}}");
}
std::vector<std::string> cells(const ResultTable& table) {
    std::vector<std::string> out;
    for (const auto& row : table.rows)
        out.push_back(row.at(0).value_or("NULL"));
    return out;
}
using Cells = std::vector<std::string>;

}  // namespace query_results_test

using namespace query_results_test;

TEST_CASE("a result is read with its columns and rows", "[genie][result]") {
    GenieWorld world;
    world.http.once("GET https://workspace.example.com" + kAttachment + "/query-result",
                    succeeded(R"("total_row_count":2,)", R"({"data_array":[["1"],[null]]})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "NULL"});
    CHECK(table->columns.at(0).name == "n");
    CHECK(table->total_rows == 2);
    CHECK_FALSE(table->truncated);
}

TEST_CASE("a result that is not ready is polled", "[genie][result]") {
    GenieWorld world;
    world.http.once("GET", state("PENDING"));
    world.http.once("GET", state("RUNNING"));
    world.http.once("GET", ScriptedHttp::error(503, "X", "later"));
    world.http.once("GET", succeeded("", R"({"data_array":[["1"]]})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(table->total_rows == 1);
    CHECK(world.http.sent().size() == 4);
}

TEST_CASE("a query that never ends is a timeout", "[genie][result]") {
    GenieWorld world;
    world.http.always("GET", state("RUNNING"));
    const auto table = query(world, 60s);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::timeout);
}

TEST_CASE("failed SQL is told with its own text, shortened and without secrets", "[genie][result]") {
    GenieWorld world;
    world.http.once(
        "GET",
        ScriptedHttp::json(R"({"statement_response":{"status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST",)"
                           R"("message":"[TABLE_OR_VIEW_NOT_FOUND] sales\n dapi0123456789abcdef )" +
                           std::string(5000, 'x') + R"("}}}})"));
    const auto table = query(world);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::query_failed);
    CHECK(table.error().error_code == "BAD_REQUEST");
    CHECK_THAT(table.error().message, test::contains("[TABLE_OR_VIEW_NOT_FOUND] sales dapi*** x"));
    CHECK(table.error().message.size() < 1100);
}

TEST_CASE("a cancelled query failed, a closed or missing one is gone", "[genie][result]") {
    const std::vector<std::pair<ScriptedHttp::Reply, ErrorKind>> table = {
        {state("CANCELED"), ErrorKind::query_failed},
        {state("FAILED"), ErrorKind::query_failed},
        {state("CLOSED"), ErrorKind::result_expired},
        {ScriptedHttp::json("{}"), ErrorKind::result_expired},
        {ScriptedHttp::json(R"({"statement_response":null})"), ErrorKind::result_expired},
        {ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "The query result has expired"),
         ErrorKind::result_expired},
        {ScriptedHttp::error(400, "BAD_REQUEST", "statement expired"), ErrorKind::result_expired},
        {ScriptedHttp::error(404, "NOT_FOUND", "The statement 01ef does not exist"), ErrorKind::result_expired},
        {ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "no such conversation"), ErrorKind::not_found},
        {ScriptedHttp::error(403, "PERMISSION_DENIED", "no"), ErrorKind::permission},
    };
    for (const auto& [reply, kind] : table) {
        GenieWorld world;
        world.http.always("GET", reply);
        const auto result = query(world);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == kind);
        CHECK_FALSE(result.error().message.empty());
    }
}

TEST_CASE("an empty result is a table without rows", "[genie][result]") {
    for (const char* result : {"null", "{}", R"({"data_array":[]})"}) {
        GenieWorld world;
        world.http.once("GET", succeeded(R"("total_row_count":0,)", result));
        const auto table = query(world);
        REQUIRE(table);
        CHECK(table->rows.empty());
        CHECK(table->columns.size() == 1);
        CHECK_FALSE(table->truncated);
    }
}

TEST_CASE("all chunks are read", "[genie][result]") {
    GenieWorld world;
    world.http.once(
        "query-result",
        succeeded(R"("total_row_count":4,"total_chunk_count":3,)",
                  R"({"data_array":[["1"],["2"]],"next_chunk_index":1,"next_chunk_internal_link":"/evil"})"));
    world.http.once("GET https://workspace.example.com/api/2.0/sql/statements/st/result/chunks/1",
                    ScriptedHttp::json(R"({"data_array":[["3"]]})"));
    world.http.once("/result/chunks/2", ScriptedHttp::json(R"({"data_array":[["4"]]})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "2", "3", "4"});
    CHECK_FALSE(table->truncated);
    CHECK(world.http.sent().size() == 3);
}

TEST_CASE("chunks that lead back or on for ever end the reading", "[genie][result]") {
    GenieWorld world;
    world.http.once("query-result", succeeded("", R"({"data_array":[["1"]],"next_chunk_index":1})"));
    world.http.once("/chunks/1", ScriptedHttp::json(R"({"data_array":[["2"]],"next_chunk_index":1})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "2"});
}

TEST_CASE("a chunk that is gone asks for the query again", "[genie][result]") {
    GenieWorld world;
    world.http.once("query-result", succeeded("", R"({"data_array":[["1"]],"next_chunk_index":1})"));
    world.http.once("/chunks/1", ScriptedHttp::error(404, "NOT_FOUND", "gone"));
    const auto table = query(world);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::result_expired);
}

TEST_CASE("more rows than we take are cut, and that is said", "[genie][result]") {
    GenieWorld world;
    world.options.max_result_rows = 3;
    world.http.once("query-result",
                    succeeded(R"("total_row_count":90,)", R"({"data_array":[["1"],["2"]],"next_chunk_index":1})"));
    world.http.once("/chunks/1", ScriptedHttp::json(R"({"data_array":[["3"],["4"]],"next_chunk_index":2})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "2", "3"});
    CHECK(table->truncated);
    CHECK(table->total_rows == 90);
    CHECK(world.http.sent().size() == 2);
}

TEST_CASE("exactly as many rows as we take are not cut", "[genie][result]") {
    GenieWorld world;
    world.options.max_result_rows = 2;
    world.http.once("GET", succeeded(R"("total_row_count":2,)", R"({"data_array":[["1"],["2"]]})"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(table->rows.size() == 2);
    CHECK_FALSE(table->truncated);
}

TEST_CASE("a result that Databricks cut says so", "[genie][result]") {
    GenieWorld world;
    world.http.once("GET", succeeded(R"("truncated":true,)", R"({"data_array":[["1"]]})"));
    CHECK(query(world)->truncated);
    world.http.once("GET", succeeded(R"("total_row_count":5,)", R"({"data_array":[["1"]]})"));
    CHECK(query(world)->truncated);
}

TEST_CASE("external links are fetched with their headers and without our token", "[genie][result]") {
    GenieWorld world;
    world.http.once(
        "query-result",
        succeeded(
            "",
            R"({"external_links":[{"external_link":"https://store.example.net/p?sig=SECRET1","http_headers":)"
            R"({"x-key":"k","authorization":"Bearer evil"}},{"external_link":"https://store.example.net/q?sig=S2"}]})"));
    world.http.once("/p?sig", ScriptedHttp::error(503, "", "slow"));
    world.http.once("/p?sig", ScriptedHttp::json(R"([["1"],["2.50"]])"));
    world.http.once("/q?sig", ScriptedHttp::json(R"([[3.10]])"));
    const auto table = query(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "2.50", "3.10"});
    for (const auto& sent : world.http.sent())
        if (sent.url.find("store.example.net") != std::string::npos)
            CHECK(sent.header("authorization").empty());
    CHECK(world.http.sent()[1].header("x-key") == "k");
}

TEST_CASE("links that leave TLS are refused, and no error shows a link", "[genie][result]") {
    for (const char* link : {"http://store.example.net/p?sig=SECRET1", "http://127.0.0.1:9/p?sig=SECRET1",
                             "file:///etc/passwd?sig=SECRET1"}) {
        GenieWorld world;
        world.http.once("query-result",
                        succeeded("", R"({"external_links":[{"external_link":")" + std::string(link) + R"("}]})"));
        const auto table = query(world);
        REQUIRE_FALSE(table);
        CHECK(table.error().kind == ErrorKind::configuration);
        CHECK(table.error().message.find("SECRET1") == std::string::npos);
        CHECK(world.http.sent().size() == 1);
    }
}

TEST_CASE("a link that has run out asks for the query again", "[genie][result]") {
    GenieWorld world;
    world.http.once(
        "query-result",
        succeeded("", R"({"external_links":[{"external_link":"https://store.example.net/p?sig=SECRET1"}]})"));
    world.http.always("store.example.net",
                      ScriptedHttp::raw(403, "<Error>Request has expired: sig=SECRET1</Error>", "application/xml"));
    const auto table = query(world);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::result_expired);
    CHECK(table.error().message.find("SECRET1") == std::string::npos);
    CHECK(world.tokens.generation == 1);
}

TEST_CASE("a format that is no JSON is refused", "[genie][result]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json(
                               R"({"status":{"state":"SUCCEEDED"},"manifest":{"format":"ARROW_STREAM"},"result":{}})"));
    const auto table = query(world);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::invalid);
    CHECK_THAT(table.error().message, test::contains("ARROW_STREAM"));
}

TEST_CASE("a query is run again and its result awaited", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::broken(net::Errc::io, true));
    world.http.once("POST https://workspace.example.com" + kAttachment + "/execute-query", state("PENDING"));
    world.http.once("GET", state("RUNNING"));
    world.http.once("GET", succeeded("", R"({"data_array":[["1"]]})"));
    const auto table = execute(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1"});
    CHECK(world.http.sent()[1].body == "{}");
    CHECK(world.rate_limits.empty());
}

TEST_CASE("a query that answers at once is not polled", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST", succeeded("", R"({"data_array":[["1"]]})"));
    CHECK(execute(world));
    CHECK(world.http.sent().size() == 1);
}
