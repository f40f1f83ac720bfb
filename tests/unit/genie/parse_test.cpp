#include "genie/parse.hpp"

#include "genie/json_text.hpp"
#include "tests/catch.hpp"

namespace parse_test {

using namespace genie_slack::genie;

boost::json::value parsed(std::string_view text) {
    auto value = parse_json(text);
    REQUIRE(value);
    return *value;
}
using Cell = std::optional<std::string>;

TEST_CASE("numbers keep the digits in which they were written", "[genie][parse]") {
    const auto value = parsed(
        R"({"a":12.50,"b":3.336E8,"c":123456789012345678901234567890,"d":-7,"e":18446744073709551615,"f":[0.1,1e5]})");
    CHECK(member_text(value, "a") == "12.50");
    CHECK(member_text(value, "b") == "3.336E8");
    CHECK(member_text(value, "c") == "123456789012345678901234567890");
    CHECK(member_integer(value, "d") == -7);
    CHECK(member_text(value, "e") == "18446744073709551615");
    CHECK(member_integer(value, "e") == std::nullopt);
    CHECK(member_array(value, "f")->at(0).as_string() == "0.1");
    CHECK(member_array(value, "f")->at(1).as_string() == "1e5");
}

TEST_CASE("numbers at the end of a text and long ones keep their digits", "[genie][parse]") {
    CHECK(parsed("1.25").as_string() == "1.25");
    const std::string digits = "0." + std::string(5000, '7');
    CHECK(parsed(digits).as_string() == digits);
    CHECK(parsed("[" + digits + ",2.5]").as_array().at(1).as_string() == "2.5");
}

TEST_CASE("what is no JSON is an error", "[genie][parse]") {
    CHECK_FALSE(parse_json(""));
    CHECK_FALSE(parse_json("{"));
    CHECK_FALSE(parse_json("{} x"));
    CHECK_FALSE(parse_json("<html>"));
    CHECK_FALSE(parse_json(std::string(100'000, '[')));
}

TEST_CASE("readers take what they can and never fail", "[genie][parse]") {
    const auto value = parsed(R"({"s":"3600","f":3600.9,"t":true,"o":{},"n":null,"x":"abc","y":"true"})");
    CHECK(member_integer(value, "s") == 3600);
    CHECK(member_integer(value, "f") == 3600);
    CHECK(member_integer(value, "x") == std::nullopt);
    CHECK(member_integer(value, "o") == std::nullopt);
    CHECK(member_flag(value, "t"));
    CHECK(member_flag(value, "y"));
    CHECK_FALSE(member_flag(value, "s"));
    CHECK(member_text(value, "t") == "true");
    CHECK(member_text(value, "o").empty());
    CHECK(find_member(value, "n") == nullptr);
    CHECK(find_member(parsed("[1]"), "n") == nullptr);
}

TEST_CASE("a completed message is read with all its attachments", "[genie][parse]") {
    const Message message = parse_message(parsed(R"({
        "space_id":"s","conversation_id":"c","message_id":"m","id":"legacy","user_id":9223372036854775807,
        "content":"Top 3?","status":"COMPLETED","created_timestamp":1760000000000,"last_updated_timestamp":1760000009000,
        "auto_regenerate_count":0,"error":null,
        "attachments":[
          {"attachment_id":"a1","query":{"title":"Revenue","description":"By region","query":"SELECT 1",
             "statement_id":"st","query_result_metadata":{"row_count":3,"is_truncated":true},
             "parameters":[{"keyword":"year","sql_type":"INT","value":"2025"}],
             "thoughts":[{"thought_type":"X","content":"…"}]}},
          {"attachment_id":"a2","text":{"content":"**EMEA**","purpose":"TEXT_ATTACHMENT_PURPOSE_ANSWER"}},
          {"attachment_id":"a3","suggested_questions":{"questions":["And by month?",7,""]}},
          {"attachment_id":"a4","viz":{"title":"Chart","query_attachment_id":"a1"}},
          {"attachment_id":"a5","text":{"content":"hm","phase":"RESPONSE_PHASE_VERIFYING"}},
          {"attachment_id":"a6","text":{"content":"Which?","purpose":"FOLLOW_UP_QUESTION","phase":"RESPONSE_PHASE_NEW"}},
          {"attachment_id":"a7","hologram":{}}]})"));
    CHECK(message.id == "m");
    CHECK(message.conversation_id == "c");
    CHECK(message.status == MessageStatus::completed);
    CHECK(message.created_ms == 1760000000000);
    REQUIRE(message.attachments.size() == 7);
    const Attachment& query = message.attachments[0];
    CHECK(query.kind == Attachment::Kind::query);
    CHECK(query.sql == "SELECT 1");
    CHECK(query.statement_id == "st");
    CHECK(query.row_count == 3);
    CHECK(query.truncated);
    REQUIRE(query.parameters.size() == 1);
    CHECK(query.parameters[0].value == "2025");
    CHECK(message.attachments[1].text == "**EMEA**");
    CHECK_FALSE(message.attachments[1].follow_up_question);
    CHECK(message.attachments[2].questions == std::vector<std::string>{"And by month?"});
    CHECK(message.attachments[3].query_attachment_id == "a1");
    CHECK(message.attachments[4].phase == "verifying");
    CHECK(message.attachments[5].follow_up_question);
    CHECK(message.attachments[5].phase.empty());
    CHECK(message.attachments[6].kind == Attachment::Kind::unknown);
}

TEST_CASE("the quirks of older answers are understood", "[genie][parse]") {
    const Message message = parse_message(
        parsed(R"({"id":"legacy","status":"IN_PROGRESS","created_timestamp":1719769718,"attachments":null})"));
    CHECK(message.id == "legacy");
    CHECK(message.status == MessageStatus::unknown);
    CHECK(message.status_text == "IN_PROGRESS");
    CHECK(message.created_ms == 1719769718000);
    CHECK(message.attachments.empty());
}

TEST_CASE("a failed message says why", "[genie][parse]") {
    const Message message = parse_message(
        parsed(R"({"message_id":"m","status":"FAILED","error":{"error":"[X] bad","type":"SQL_EXECUTION_EXCEPTION"}})"));
    CHECK(message.error_type == "SQL_EXECUTION_EXCEPTION");
    CHECK(message.error_text == "[X] bad");
    CHECK(parse_message(parsed(R"({"error":"plain"})")).error_text == "plain");
}

TEST_CASE("a started conversation has its ids wherever the answer put them", "[genie][parse]") {
    for (const char* text :
         {R"({"conversation_id":"c","message_id":"m","conversation":{},"message":{"status":"SUBMITTED"}})",
          R"({"message":{"id":"m"},"conversation":{"id":"c"}})", R"({"message_id":"m","conversation_id":"c"})",
          R"({"message":{"message_id":"m","conversation_id":"c"},"conversation":null})"}) {
        const Message message = parse_started(parsed(text));
        CHECK(message.id == "m");
        CHECK(message.conversation_id == "c");
    }
}

TEST_CASE("lists may be missing altogether", "[genie][parse]") {
    CHECK(parse_spaces(parsed("{}")).empty());
    CHECK(parse_messages(parsed(R"({"messages":null})")).empty());
    CHECK(next_page_token(parsed(R"({"next_page_token":""})")).empty());
    const auto page = parsed(R"({"spaces":[{"space_id":"s1","title":"A"},{"title":"no id"},7],"next_page_token":"t"})");
    REQUIRE(parse_spaces(page).size() == 1);
    CHECK(parse_spaces(page)[0].title == "A");
    CHECK(next_page_token(page) == "t");
    const auto conversations = parse_conversations(
        parsed(R"({"conversations":[{"conversation_id":"c","title":"T","created_timestamp":1760000000000}]})"));
    REQUIRE(conversations.size() == 1);
    CHECK(conversations[0].created_ms == 1760000000000);
}

TEST_CASE("sample questions come from the serialized space", "[genie][parse]") {
    const Space space = parse_space(parsed(
        R"({"space_id":"s","serialized_space":"{\"config\":{\"sample_questions\":[{\"id\":\"1\",\"question\":[\"How \",\"many?\"]},{\"question\":\"Who?\"},{}]}}"})"));
    CHECK(space.sample_questions == std::vector<std::string>{"How many?", "Who?"});
    CHECK(parse_space(parsed(R"({"space_id":"s","serialized_space":"not json"})")).sample_questions.empty());
}

TEST_CASE("cells stay the text that was sent, NULL is no text", "[genie][parse]") {
    const Statement statement = parse_statement(parsed(R"json({"statement_response":{"statement_id":"st",
        "status":{"state":"SUCCEEDED"},
        "manifest":{"format":"JSON_ARRAY","total_row_count":7,"truncated":true,"schema":{"columns":[
            {"name":"b","type_name":"LONG","position":1},
            {"name":"a","type_name":"DECIMAL","type_text":"DECIMAL(38,18)","position":0}]}},
        "result":{"next_chunk_index":1,
            "data_array":[["0.10",null],[12.50,12345678901234567890],[true,[1,"x"]]]}}})json"));
    CHECK(statement.state == Statement::State::succeeded);
    REQUIRE(statement.columns.size() == 2);
    CHECK(statement.columns[0].name == "a");
    CHECK(statement.columns[0].type_text == "DECIMAL(38,18)");
    CHECK(statement.total_rows == 7);
    CHECK(statement.truncated);
    CHECK(statement.first.next_chunk == 1);
    const std::vector<ResultRow> expected = {
        {Cell("0.10"), Cell()}, {Cell("12.50"), Cell("12345678901234567890")}, {Cell("true"), Cell(R"([1,"x"])")}};
    CHECK(statement.first.rows == expected);
}

TEST_CASE("the typed wire form is understood", "[genie][parse]") {
    const ResultChunk chunk = parse_chunk(parsed(
        R"({"data_typed_array":[{"values":[{"str":"x"},{},{"string_value":"y"},{"null_value":"NULL_VALUE"},{"str":null}]}]})"));
    REQUIRE(chunk.rows.size() == 1);
    CHECK(chunk.rows[0] == ResultRow{Cell("x"), Cell(), Cell("y"), Cell(), Cell()});
}

TEST_CASE("zero rows come in several forms", "[genie][parse]") {
    for (const char* result : {R"("result":null,)", R"("result":{},)", R"("result":{"data_array":null},)",
                               R"("result":{"data_array":[]},)", ""}) {
        const Statement statement = parse_statement(parsed(
            R"({"statement_response":{)" + std::string(result) +
            R"("status":{"state":"SUCCEEDED"},"manifest":{"schema":{"columns":[{"name":"a"}]},"total_row_count":0}}})"));
        CHECK(statement.state == Statement::State::succeeded);
        CHECK(statement.first.rows.empty());
        CHECK(statement.total_rows == 0);
    }
}

TEST_CASE("a statement's end is told apart", "[genie][parse]") {
    using State = Statement::State;
    CHECK(parse_statement(parsed(R"({"status":{"state":"PENDING"}})")).state == State::pending);
    CHECK(parse_statement(parsed(R"({"status":{"state":"RUNNING"}})")).state == State::pending);
    CHECK(parse_statement(parsed(R"({"status":{"state":"CANCELED"}})")).state == State::canceled);
    CHECK(parse_statement(parsed(R"({"status":{"state":"CLOSED"}})")).state == State::closed);
    CHECK(parse_statement(parsed(R"({"status":{"state":"SOMETHING"}})")).state == State::pending);
    CHECK(parse_statement(parsed(R"({"result":{"data_array":[]}})")).state == State::succeeded);
    CHECK(parse_statement(parsed(R"({"statement_response":null})")).state == State::missing);
    const Statement failed = parse_statement(parsed(
        R"({"status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST","message":"[X] no"},"sql_state":"42P01"}})"));
    CHECK(failed.state == State::failed);
    CHECK(failed.error_text == "[X] no");
    CHECK(failed.error_code == "BAD_REQUEST");
}

TEST_CASE("external links keep their headers", "[genie][parse]") {
    const ResultChunk chunk = parse_chunk(parsed(
        R"({"external_links":[{"external_link":"https://x/1","http_headers":{"x-a":"1","n":3},"next_chunk_index":2},{"external_link":""}]})"));
    REQUIRE(chunk.external_links.size() == 1);
    CHECK(chunk.external_links[0].url == "https://x/1");
    CHECK(chunk.external_links[0].headers == std::vector<std::pair<std::string, std::string>>{{"x-a", "1"}});
    CHECK(chunk.next_chunk == 2);
}

TEST_CASE("of very many columns the first ones are kept, by their position, and the others are counted",
          "[genie][parse]") {
    boost::json::array columns;
    for (int i = 2'499; i >= 0; --i)
        columns.push_back(boost::json::object{{"name", "c" + std::to_string(i)}, {"position", i}});
    boost::json::object schema{{"columns", std::move(columns)}};
    boost::json::object manifest{{"schema", std::move(schema)}, {"total_row_count", 0}};
    const Statement statement = parse_statement(boost::json::object{{"manifest", std::move(manifest)}});
    REQUIRE(statement.columns.size() == 2'000);
    CHECK(statement.left_out_columns == 500);
    CHECK(statement.columns.front().name == "c0");
    CHECK(statement.columns.back().name == "c1999");
}

TEST_CASE("the header of a CSV result is known by its first columns", "[genie][parse]") {
    CsvReader reader({Column{"a", "LONG", "BIGINT"}});
    CHECK(reader.read("a,b\n1,2\n", 10));
    CHECK(reader.rows().size() == 1);
}

TEST_CASE("rows become as wide as the columns", "[genie][parse]") {
    std::vector<Column> columns(2);
    std::vector<ResultRow> rows = {{Cell("a")}, {Cell("a"), Cell("b"), Cell("c")}};
    make_rectangular(columns, rows);
    CHECK(rows == std::vector<ResultRow>{{Cell("a"), Cell()}, {Cell("a"), Cell("b")}});

    std::vector<Column> none;
    make_rectangular(none, rows);
    REQUIRE(none.size() == 2);
    CHECK(none[1].name == "column_2");
}

}  // namespace parse_test
