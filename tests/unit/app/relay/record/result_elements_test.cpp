// Rows of an answer as elements whose content stands in their URL.
#include "app/relay/record/chat_rows.hpp"

#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"

#include <boost/json/parse.hpp>

namespace result_elements_test {

using namespace genie_slack;
using test::contains;

genie::ResultTable table_of(std::vector<std::string> names, std::size_t rows) {
    genie::ResultTable table;
    for (std::string& name : names) {
        table.columns.emplace_back();
        table.columns.back().name = std::move(name);
        table.columns.back().type_name = "STRING";
    }
    for (std::size_t row = 0; row < rows; ++row)
        table.rows.emplace_back(table.columns.size(), "v" + std::to_string(row));
    table.total_rows = static_cast<std::int64_t>(rows);
    return table;
}

std::string content_of(const std::string& url) {
    std::string content;
    for (std::size_t at = url.find(',') + 1; at < url.size(); ++at) {
        if (url[at] != '%') {
            content += url[at];
            continue;
        }
        content += static_cast<char>(std::stoi(url.substr(at + 1, 2), nullptr, 16));
        at += 2;
    }
    return content;
}

std::string roles_of(const genie::ResultTable& table) {
    std::string roles;
    for (const auto& element : relay::result_elements(table, "Revenue"))
        roles += element.role + " ";
    return roles;
}

TEST_CASE("twenty rows are a table that sorts and a CSV file, both whole in their URL", "[elements]") {
    genie::ResultTable table = table_of({"region", "revenue"}, 20);
    table.rows[3][0] = "Süd, \"alt\" #1 100%";
    table.rows[4][1] = std::nullopt;
    const auto elements = relay::result_elements(table, "Revenue by region");
    REQUIRE(elements.size() == 2);

    CHECK(elements[0].role == relay::kRowsRole);
    CHECK(elements[0].type == "dataframe");
    CHECK(elements[0].name == "Revenue_by_region");
    // Of the type application/json Chainlit reads it twice.
    CHECK_THAT(elements[0].url, Catch::Matchers::StartsWith("data:text/plain;charset=utf-8,"));
    const auto shown = boost::json::parse(content_of(elements[0].url)).as_object();
    CHECK(shown.at("columns") == boost::json::value({"region", "revenue"}));
    CHECK(shown.at("index").as_array().size() == 20);
    CHECK(shown.at("index").at(19) == 19);
    CHECK(shown.at("data").at(3).at(0) == "Süd, \"alt\" #1 100%");
    CHECK(shown.at("data").at(4).at(1).is_null());

    CHECK(elements[1].role == relay::kCsvRole);
    CHECK(elements[1].type == "file");
    CHECK(elements[1].name == "Revenue_by_region.csv");
    CHECK(elements[1].mime == "text/csv");
    CHECK(elements[1].rows == 20);
    CHECK(elements[1].columns == 2);
    const std::string csv = content_of(elements[1].url);
    CHECK_THAT(csv, contains("region,revenue\r\nv0,v0\r\n") && contains("\"Süd, \"\"alt\"\" #1 100%\",v3\r\n"));
    // A URL of Chainlit's page, not of a browser's whim: nothing in it is left to be read otherwise.
    for (const auto& element : elements)
        CHECK(element.url.find_first_of(" \"<>#\\^`{|}\r\n") == std::string::npos);
}

TEST_CASE("few rows are a file alone, and one row is none", "[elements]") {
    CHECK(roles_of(table_of({"a"}, 1)).empty());
    CHECK(roles_of(table_of({"a"}, 2)) == "csv ");
    CHECK(roles_of(table_of({"a"}, 10)) == "csv ");
    CHECK(roles_of(table_of({"a"}, 11)) == "rows csv ");
    CHECK(roles_of(table_of({}, 20)).empty());
}

TEST_CASE("what is not whole or too long for a URL is no element", "[elements]") {
    genie::ResultTable cut = table_of({"a"}, 20);
    cut.truncated = true;
    CHECK(roles_of(cut).empty());
    cut.truncated = false;
    cut.total_rows = 21;
    CHECK(roles_of(cut).empty());

    genie::ResultTable wide = table_of({"a"}, 20);
    for (auto& row : wide.rows)
        row[0] = std::string(relay::kMaxElementUrlBytes / 20, 'x');
    CHECK(roles_of(wide).empty());
    CHECK(roles_of(table_of({"a"}, 100'000)).empty());
    for (const auto& element : relay::result_elements(table_of({"a"}, 1'000), ""))
        CHECK(element.url.size() <= relay::kMaxElementUrlBytes);
}

TEST_CASE("columns that Chainlit would mix up have names of their own", "[elements]") {
    const auto elements = relay::result_elements(table_of({"t.name", "x", "x", "", "x (2)"}, 20), "");
    REQUIRE(elements.size() == 2);
    const auto columns = boost::json::parse(content_of(elements[0].url)).at("columns");
    CHECK(columns == boost::json::value({"t\xE2\x80\xA4name", "x", "x (2)", "4", "x (2) (2)"}));
    CHECK_THAT(content_of(elements[1].url), contains("t.name,x,x,"));
}

TEST_CASE("elements of an answer belong to its last step, and take the place of the link to Slack", "[elements]") {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.000200");
    turn.question_ts = "100.000200";
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    relay::Outcome outcome;
    outcome.elements = relay::result_elements(table_of({"a"}, 20), "Revenue");
    outcome.file.emplace();
    outcome.file->name = "Revenue.csv";
    outcome.file->permalink = "https://example.slack.com/files/F1";
    const auto rows = relay::answer_rows(turn, outcome);
    REQUIRE(rows.elements.size() == 2);
    for (const auto& element : rows.elements) {
        CHECK(element.for_id == rows.steps.back().id);
        CHECK(element.display == "inline");
        CHECK(element.url.starts_with("data:"));
        CHECK(element.props.at("rows") == 20);
    }
    CHECK(rows.elements[0].id == storage::step_id(turn.id, "rows"));
    CHECK(rows.elements[1].id == storage::step_id(turn.id, "csv"));
}

TEST_CASE("a question with an answer for one person says so", "[elements]") {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.000200");
    turn.question_ts = "100.000200";
    CHECK_FALSE(relay::question_rows(turn).steps[0].metadata.contains("is_private"));
    turn.audience = storage::Audience::person;
    CHECK(relay::question_rows(turn).steps[0].metadata.at("is_private") == true);
}

}  // namespace result_elements_test
