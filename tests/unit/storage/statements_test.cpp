#include "storage/lakebase/statements.hpp"

#include "storage/lakebase/json_fields.hpp"
#include "storage/lakebase/pooler.hpp"
#include "storage/lakebase/sql_text.hpp"
#include "storage/lakebase/turn_columns.hpp"
#include "tests/catch.hpp"

#include <regex>
#include <set>
#include <sstream>
#include <string>

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

// "a, b, c" as a set.
std::set<std::string> names_in(const std::string& list) {
    std::set<std::string> names;
    std::istringstream words(list);
    for (std::string name; std::getline(words >> std::ws, name, ',');)
        names.insert(name);
    return names;
}

std::set<std::string> keys_of(const boost::json::object& row) {
    std::set<std::string> keys;
    for (const auto& member : row)
        keys.emplace(member.key());
    return keys;
}

// Everything that a call writes, each with a value of its own.
Turn full_turn() {
    Turn turn;
    turn.thread = ThreadKey("T1", "C1", "100.1");
    turn.origin = Origin::shortcut;
    turn.audience = Audience::person;
    turn.state = TurnState::asked;
    turn.was_stopped = true;
    std::string Turn::* const texts[] = {
        &Turn::id,           &Turn::question_ts, &Turn::message_ts,     &Turn::edited_ts,     &Turn::user,
        &Turn::channel_type, &Turn::question,    &Turn::space_id,       &Turn::space_name,    &Turn::conversation_id,
        &Turn::message_id,   &Turn::progress_ts, &Turn::answer_channel, &Turn::answer_thread, &Turn::replaces,
        &Turn::failure};
    int count = 0;
    for (std::string Turn::* const text : texts)
        turn.*text = "text " + std::to_string(++count);
    turn.received_at = WallTime(1us);
    turn.asked_at = WallTime(2us);
    turn.finished_at = WallTime(3us);
    return turn;
}

TEST_CASE("a turn's row has a key for each column that a call writes", "[lakebase]") {
    std::set<std::string> columns = names_in(turn_column_lists().accepted_columns);
    CHECK(columns.size() == 26);
    const boost::json::object row = encode(full_turn());
    std::set<std::string> expected = columns;
    expected.insert("chat_thread_id");
    CHECK(keys_of(row) == expected);
    CHECK(decode_turn(row) == full_turn());
    // Without a time of its own the database puts the present, or keeps what it has.
    expected.erase("received_at");
    CHECK(keys_of(encode(Turn())) == expected);
    CHECK(encode(Turn()).at("finished_at").is_null());
    CHECK(row.at("asked_at") == "1970-01-01T00:00:00.000002Z");
}

TEST_CASE("what a turn is told apart by is written once, what the database counts never", "[lakebase]") {
    const TurnColumnLists& lists = turn_column_lists();
    std::set<std::string> columns = names_in(lists.accepted_columns);
    for (const char* counted : {"attempts", "tries", "stopped_by", "actions"})
        CHECK(columns.count(counted) == 0);
    for (const char* once : {"id", "team_id", "channel_id", "thread_ts", "question_ts"})
        CHECK(columns.erase(once) == 1);
    CHECK(names_in(lists.stored_columns) == columns);
}

}  // namespace statements_test
