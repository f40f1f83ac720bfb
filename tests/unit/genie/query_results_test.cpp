#include "genie/client.hpp"
#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

namespace query_results_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieWorld;
using test::ScriptedHttp;

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
    CHECK(table.error().fault == GenieFault::timeout);
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
    CHECK(table.error().fault == GenieFault::query_failed);
    CHECK(table.error().error_code == "BAD_REQUEST");
    CHECK_THAT(table.error().message, test::contains("[TABLE_OR_VIEW_NOT_FOUND] sales dapi*** x"));
    CHECK(table.error().message.size() < 1100);
}

TEST_CASE("a cancelled query failed, a closed or missing one is gone", "[genie][result]") {
    const std::vector<std::pair<ScriptedHttp::Reply, GenieFault>> table = {
        {state("CANCELED"), GenieFault::query_failed},
        {state("FAILED"), GenieFault::query_failed},
        {state("CLOSED"), GenieFault::result_expired},
        {state("SUCCEEDED"), GenieFault::result_expired},
        {succeeded(R"("total_row_count":2,)", "null"), GenieFault::result_expired},
        {ScriptedHttp::json("{}"), GenieFault::result_expired},
        {ScriptedHttp::json(R"({"statement_response":null})"), GenieFault::result_expired},
        {ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "The query result has expired"),
         GenieFault::result_expired},
        {ScriptedHttp::error(400, "BAD_REQUEST", "statement expired"), GenieFault::result_expired},
        {ScriptedHttp::error(404, "NOT_FOUND", "The statement 01ef does not exist"), GenieFault::result_expired},
        {ScriptedHttp::error(404, "RESOURCE_DOES_NOT_EXIST", "no such conversation"), GenieFault::not_found},
        {ScriptedHttp::error(403, "PERMISSION_DENIED", "no"), GenieFault::permission},
    };
    for (const auto& [reply, kind] : table) {
        GenieWorld world;
        world.http.always("GET", reply);
        const auto result = query(world);
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == kind);
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
    CHECK(table.error().fault == GenieFault::result_expired);
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
        CHECK(table.error().fault == GenieFault::configuration);
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
    CHECK(table.error().fault == GenieFault::result_expired);
    CHECK(table.error().message.find("SECRET1") == std::string::npos);
    CHECK(world.tokens.generation == 1);
}

TEST_CASE("a format that is no JSON is refused", "[genie][result]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json(
                               R"({"status":{"state":"SUCCEEDED"},"manifest":{"format":"ARROW_STREAM"},"result":{}})"));
    const auto table = query(world);
    REQUIRE_FALSE(table);
    CHECK(table.error().fault == GenieFault::invalid);
    CHECK_THAT(table.error().message, test::contains("ARROW_STREAM"));
}

TEST_CASE("a whole result is run anew, awaited, and read from CSV parts", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST https://workspace.example.com" + kAttachment + "/downloads",
                    ScriptedHttp::json(R"({"download_id":"d/1","download_id_signature":"ey.J=SIGN"})"));
    world.http.once(
        "GET https://workspace.example.com" + kAttachment + "/downloads/d%2F1?download_id_signature=ey.J%3DSIGN",
        state("PENDING"));
    world.http.once(
        "GET https://workspace.example.com" + kAttachment + "/downloads/",
        ScriptedHttp::json(
            R"({"statement_response":{"statement_id":"st2","status":{"state":"SUCCEEDED"},"manifest":{"format":"CSV",)"
            R"("total_row_count":5,"total_chunk_count":2},"result":{"external_links":[{"external_link":)"
            R"("https://store.example.net/1?sig=SECRET1","next_chunk_index":1}]}}})"));
    world.http.once(
        "/1?sig", ScriptedHttp::raw(200, "\xEF\xBB\xBFname,note\r\nA,\"x, \"\"y\"\"\r\nz\"\r\nB,null\r\n", "text/csv"));
    world.http.once(
        "/sql/statements/st2/result/chunks/1",
        ScriptedHttp::json(R"({"external_links":[{"external_link":"https://store.example.net/2?sig=S"}]})"));
    world.http.once("/2?sig", ScriptedHttp::raw(200, "C,\"null\"\nD,\nE,é", "text/csv"));
    const auto table = world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(5min)));
    REQUIRE(table);
    CHECK(table->columns.at(1).name == "note");
    CHECK(table->total_rows == 5);
    CHECK_FALSE(table->truncated);
    std::vector<std::string> notes;
    for (const auto& row : table->rows)
        notes.push_back(row.at(1).value_or("NULL"));
    CHECK(notes == Cells{"x, \"y\"\r\nz", "NULL", "null", "", "é"});
    for (const auto& sent : world.http.sent())
        if (sent.url.find("store.example.net") != std::string::npos)
            CHECK(sent.header("authorization").empty());
}

TEST_CASE("a whole result is bounded, and says so", "[genie][result]") {
    const auto download = [](GenieWorld& world) {
        world.http.once("POST", ScriptedHttp::json(R"({"download_id":"d","download_id_signature":"s"})"));
        world.http.once(
            "/downloads/d",
            ScriptedHttp::json(
                R"({"statement_id":"st","status":{"state":"SUCCEEDED"},"manifest":{"format":"CSV","schema":{"columns":[)"
                R"({"name":"n","type_name":"LONG"}]}},"result":{"external_links":[)"
                R"({"external_link":"https://store.example.net/1"},{"external_link":"https://store.example.net/2"}]}})"));
        world.http.once("example.net/1", ScriptedHttp::raw(200, "n\n1\n2\n", "text/csv"));
        world.http.once("example.net/2", ScriptedHttp::raw(200, "3\n4\n", "text/csv"));
        return world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(5min)));
    };
    {
        GenieWorld world;
        const auto table = download(world);
        REQUIRE(table);
        CHECK(cells(*table) == Cells{"1", "2", "3", "4"});
        CHECK(table->columns.at(0).type_name == "LONG");
        CHECK_FALSE(table->truncated);
    }
    for (const std::size_t rows : {1u, 2u, 3u}) {
        GenieWorld world;
        world.options.max_download_rows = rows;
        const auto table = download(world);
        REQUIRE(table);
        CHECK(table->rows.size() == rows);
        CHECK(table->truncated);
    }
    GenieWorld world;
    world.options.max_download_bytes = 6;
    const auto table = download(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1", "2"});
    CHECK(table->truncated);
    CHECK(world.http.count("example.net/2") == 0);
}

TEST_CASE("a download that is refused or has no id is an error without its signature", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::error(501, "FEATURE_DISABLED", "not here"));
    CHECK(world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(1min))).error().http_status ==
          501);
    world.http.once("POST", ScriptedHttp::json("{}"));
    CHECK(world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(1min))).error().fault ==
          GenieFault::invalid);
    world.http.once("POST", ScriptedHttp::json(R"({"download_id":"d","download_id_signature":"SECRET1"})"));
    world.http.always("GET", state("RUNNING"));
    const auto late = world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(30s)));
    REQUIRE_FALSE(late);
    CHECK(late.error().fault == GenieFault::timeout);
    CHECK(late.error().message.find("SECRET1") == std::string::npos);
}

TEST_CASE("Genie's own chart is PNG bytes, or none for any refusal", "[genie]") {
    const std::string png("\x89PNG\r\n\x1a\n\0more", 13);
    const auto ask = [](GenieWorld& world) {
        return world.run(world.client().visualization_png("s", "c", "m", "v", GenieWorld::in(10s)));
    };
    GenieWorld world;
    world.http.once(
        "GET https://workspace.example.com/api/2.0/genie/spaces/s/conversations/c/messages/m/attachments/v/"
        "download-visualization",
        ScriptedHttp::raw(200, png, "application/octet-stream"));
    CHECK(ask(world) == png);
    CHECK(world.http.last().header("Accept") == "application/octet-stream");
    world.http.once("GET", ScriptedHttp::raw(200, "<html>Sign in</html>", "text/html"));
    CHECK(ask(world).empty());
    for (const int status : {400, 403, 404, 501, 500}) {
        world.http.always("GET", ScriptedHttp::error(status, "X", "no"));
        CHECK(ask(world).empty());
    }
    CHECK(world.run(world.client().visualization_png("s", "c", "m", "..", GenieWorld::in(10s))).empty());
}

TEST_CASE("a question asks for a chart of Genie's when it is told to", "[genie]") {
    for (const bool wanted : {false, true}) {
        GenieWorld world;
        world.options.visualizations = wanted;
        world.http.once("POST", ScriptedHttp::json(R"({"conversation_id":"c","message_id":"m","message":{}})"));
        CHECK(world.run(world.client().start_conversation("s", "Sales?", GenieWorld::in(10s))));
        CHECK((world.http.last().body.find(R"("enable_visualization":true)") != std::string::npos) == wanted);
    }
}

TEST_CASE("the caller is told by name, and a running query can be ended", "[genie]") {
    GenieWorld world;
    world.http.once("GET https://workspace.example.com/api/2.0/preview/scim/v2/Me",
                    ScriptedHttp::json(R"({"id":"1","userName":"8d0f-app","displayName":"Sales bot"})"));
    const auto identity = world.run(world.client().identity(GenieWorld::in(10s)));
    REQUIRE(identity);
    CHECK(identity->name() == "Sales bot");
    CHECK(identity->user_name == "8d0f-app");
    world.http.once("GET", ScriptedHttp::json(R"({"userName":"ann@example.com"})"));
    CHECK(world.run(world.client().identity(GenieWorld::in(10s)))->name() == "ann@example.com");
    world.http.once("GET", ScriptedHttp::error(403, "PERMISSION_DENIED", "no"));
    CHECK(world.run(world.client().identity(GenieWorld::in(10s))).error().fault == GenieFault::permission);

    world.http.once("POST https://workspace.example.com/api/2.0/sql/statements/st%201/cancel", ScriptedHttp::json(""));
    CHECK(world.run(world.client().cancel_statement("st 1", GenieWorld::in(10s))));
    CHECK(world.http.last().body == "{}");
    CHECK_FALSE(world.run(world.client().cancel_statement("", GenieWorld::in(10s))));
}

TEST_CASE("a query is run again and its result awaited", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::broken(net::NetFault::io, false));
    world.http.once("POST https://workspace.example.com" + kAttachment + "/execute-query", state("PENDING"));
    world.http.once("GET", state("RUNNING"));
    world.http.once("GET", succeeded("", R"({"data_array":[["1"]]})"));
    const auto table = execute(world);
    REQUIRE(table);
    CHECK(cells(*table) == Cells{"1"});
    CHECK(world.http.sent()[1].body == "{}");
}

TEST_CASE("a query that answers at once is not polled", "[genie][result]") {
    GenieWorld world;
    world.http.once("POST", succeeded("", R"({"data_array":[["1"]]})"));
    CHECK(execute(world));
    CHECK(world.http.sent().size() == 1);
}

const std::vector<ScriptedHttp::Reply> kUnknownFates = {
    ScriptedHttp::error(500, "INTERNAL_ERROR", "x"),
    ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "no Retry-After"),
    ScriptedHttp::error(504, "DEADLINE_EXCEEDED", "x"),
    ScriptedHttp::broken(net::NetFault::io, true),
    ScriptedHttp::broken(net::NetFault::timeout, true),
    ScriptedHttp::raw(200, "{\"cut", "application/json"),
};

TEST_CASE("a query that perhaps runs is looked up, and not run a second time", "[genie][result]") {
    GenieWorld world;
    world.http.always("POST", kUnknownFates[GENERATE(0u, 1u, 2u, 3u, 4u, 5u)]);
    SECTION("it runs") {
        world.http.once("GET", state("RUNNING"));
        world.http.once("GET", succeeded("", R"({"data_array":[["1"]]})"));
        const auto table = execute(world);
        REQUIRE(table);
        CHECK(cells(*table) == Cells{"1"});
        CHECK_FALSE(table->may_be_old);
    }
    SECTION("rows are there, of this time or of the last") {
        world.http.once("GET", succeeded("", R"({"data_array":[["1"]]})"));
        const auto table = execute(world);
        REQUIRE(table);
        CHECK(table->may_be_old);
    }
    SECTION("nothing is there") {
        world.http.once("GET", ScriptedHttp::error(400, "QUERY_RESULT_EXPIRED", "gone"));
        CHECK(execute(world).error().fault == GenieFault::ambiguous);
        CHECK(world.http.count("GET") == 1);
    }
    SECTION("a download is not begun twice") {
        const auto table = world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(5min)));
        REQUIRE_FALSE(table);
        CHECK(table.error().fault == GenieFault::ambiguous);
        CHECK(world.http.count("GET") == 0);
    }
    CHECK(world.http.count("POST") == 1);
}

TEST_CASE("a query that surely was not begun is sent again", "[genie][result]") {
    const std::vector<ScriptedHttp::Reply> refusals = {
        ScriptedHttp::error(429, "RESOURCE_EXHAUSTED", "slow down"),
        ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "later", "2"),
        ScriptedHttp::broken(net::NetFault::connect, false)};
    const auto& refusal = refusals[GENERATE(0u, 1u, 2u)];
    GenieWorld world;
    world.http.once("POST", refusal);
    world.http.once("POST", refusal);
    SECTION("execute") {
        world.http.once("POST", succeeded("", R"({"data_array":[["1"]]})"));
        const auto table = execute(world);
        REQUIRE(table);
        CHECK_FALSE(table->may_be_old);
    }
    SECTION("download") {
        world.http.once("POST", ScriptedHttp::json(R"({"download_id":"d","download_id_signature":"s"})"));
        world.http.once("/downloads/d", succeeded("", R"({"data_array":[["1"]]})"));
        CHECK(world.run(world.client().download_result("s", "c", "m", "a", GenieWorld::in(5min))));
    }
    CHECK(world.http.count("POST") == 3);
}

}  // namespace query_results_test
