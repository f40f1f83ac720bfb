#include "storage/lakebase/statements.hpp"

#include "storage/lakebase/json_fields.hpp"
#include "storage/lakebase/pooler.hpp"
#include "storage/lakebase/sql_text.hpp"
#include "storage/lakebase/turn_columns.hpp"
#include "tests/catch.hpp"

#include <regex>

namespace statements_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace genie_slack::storage::lakebase;
using namespace std::chrono_literals;

TEST_CASE("placeholders are filled in once, other braces stay", "[lakebase]") {
    CHECK(fill_in("a {x} b {y} '{}' {1,2} {", {{"x", "{y}"}, {"y", "2"}}) == "a {y} b 2 '{}' {1,2} {");
    CHECK(fill_in("", {}).empty());
    CHECK(fill_in("{x}{x}", {{"x", ""}}).empty());
}

TEST_CASE("every statement's text is complete and has only qualified tables", "[lakebase]") {
    const std::regex placeholder(R"(\{[a-z_]+\})");
    const std::regex unqualified(
        R"((FROM|JOIN|INTO|UPDATE|USING) (users|threads|steps|elements|feedbacks|turns|events)\b)");
    REQUIRE(statement_names().size() > 30);
    for (const std::string_view name : statement_names()) {
        INFO(name);
        const std::string text = statement_text(name, "we\"b");
        CHECK_FALSE(std::regex_search(text, placeholder));
        CHECK_FALSE(std::regex_search(text, unqualified));
        CHECK(text.find("--") == std::string::npos);
        CHECK(text.find("we\"b") == std::string::npos);
    }
    CHECK(statement_text("get_steps", "we\"b").find("\"we\"\"b\".steps") != std::string::npos);
    CHECK_THROWS(statement_text("no_such_statement", "genie_app"));
}

TEST_CASE("a pooler is known by its host's name, elsewhere by the process that answers", "[lakebase]") {
    CHECK(is_pooled("ep-cool-sun-123-pooler.database.us-east-1.cloud.databricks.com", true));
    CHECK(is_pooled("db-pooler", true));
    CHECK_FALSE(is_pooled("ep-cool-sun-123.database.us-east-1.cloud.databricks.com", false));
    CHECK_FALSE(is_pooled("instance-1.database.azuredatabricks.net", false));
    CHECK_FALSE(is_pooled("ep-1.my-pooler.example.com", true));
    CHECK(is_pooled("db.example.com", false));
    CHECK_FALSE(is_pooled("db.example.com", true));
    CHECK_FALSE(is_pooled("/run/postgresql", true));
}

TEST_CASE("times are read in whatever zone a session writes them", "[lakebase]") {
    const auto utc = [](const std::string& text) { return format_utc(parse_timestamp(text)); };
    CHECK(utc("2026-01-31T10:00:00.123456+00:00") == "2026-01-31T10:00:00.123456Z");
    CHECK(utc("2026-01-31T10:00:00.1+02:00") == "2026-01-31T08:00:00.100000Z");
    CHECK(utc("2026-01-31T10:00:00-05:30") == "2026-01-31T15:30:00.000000Z");
    CHECK(utc("2026-01-31T10:00:00.000001") == "2026-01-31T10:00:00.000001Z");
    CHECK(utc("2026-01-31T10:00:00Z") == "2026-01-31T10:00:00.000000Z");
    for (const char* bad : {"", "infinity", "2026-01-31", "2026-01-31T10:00:00 BC", "then"})
        CHECK_THROWS(parse_timestamp(std::string(bad) + (std::string(bad) == "2026-01-31" ? "T" : "")));
    CHECK(time_value(WallTime()).is_null());
}

TEST_CASE("a turn's row has a key for each column that a call writes", "[lakebase]") {
    Turn turn;
    turn.id = "id";
    turn.asked_at = WallTime(1us);
    const boost::json::object row = encode(turn);
    CHECK(row.at("asked_at") == "1970-01-01T00:00:00.000001Z");
    CHECK(row.at("finished_at").is_null());
    // Left out, so that the database puts the present or keeps what it has.
    CHECK_FALSE(row.contains("received_at"));
    for (const char* counted : {"attempts", "tries", "stopped_by"})
        CHECK_FALSE(row.contains(counted));
    CHECK(decode_turn(row) == turn);
    CHECK(turn_column_lists().accepted_columns.find("origin, audience") != std::string::npos);
    CHECK(turn_column_lists().stored_columns.find("thread_ts") == std::string::npos);
}

}  // namespace statements_test
