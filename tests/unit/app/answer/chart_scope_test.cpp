#include "app/answer/chart/chart_scope.hpp"

#include "app/answer/message/answer_chart.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <boost/json/serialize.hpp>

namespace chart_scope_test {

using namespace genie_slack;
using namespace genie_slack::answer;

genie::ResultTable rows(std::size_t count) {
    genie::ResultTable table;
    table.rows.resize(count);
    table.total_rows = static_cast<std::int64_t>(count);
    return table;
}

bool is_part_by_sql(std::string_view sql, std::size_t count = 5) {
    return scope_of(rows(count), sql, "", "") == ChartScope::part;
}

bool is_part_by_words(std::string_view words, std::size_t count = 5) {
    const bool by_title = scope_of(rows(count), "", words, "") == ChartScope::part;
    CHECK(by_title == (scope_of(rows(count), "", "", words) == ChartScope::part));
    return by_title;
}

TEST_CASE("a query that takes as many rows as came may have left some out", "[chart]") {
    for (const char* sql :
         {"SELECT a, b FROM t ORDER BY b DESC LIMIT 5", "select a, b from t limit 5;", "SELECT a FROM t\nLIMIT\n  5\n",
          "SELECT a FROM t LIMIT 5 -- the first ones", "SELECT a FROM t LIMIT 10 OFFSET 3",
          "WITH f AS (SELECT a FROM t LIMIT 5) SELECT a FROM f"}) {
        INFO(sql);
        CHECK(is_part_by_sql(sql));
    }
    for (const char* sql : {"", "SELECT a FROM t", "SELECT a FROM t LIMIT 1000", "SELECT a FROM t LIMIT 10 OFFSET 0",
                            "SELECT credit_limit 5", "SELECT a FROM t LIMIT ALL"}) {
        INFO(sql);
        CHECK_FALSE(is_part_by_sql(sql));
    }
    CHECK_FALSE(is_part_by_sql("SELECT a FROM t LIMIT 5", 4));
}

TEST_CASE("who asks for the top or bottom of a list gets a part of it", "[chart]") {
    for (const char* words : {"Top 5 customers", "top-5 markets by revenue", "bottom five products",
                              "The 5 largest customers", "Die 5 größten Kunden", "die fünf umsatzstärksten Kunden",
                              "Les 5 plus grands clients", "Los 5 mejores clientes", "TOP 3 per region"}) {
        INFO(words);
        CHECK(is_part_by_words(words));
    }
    for (const char* words :
         {"", "Revenue by region", "Top customers", "Top 10 customers", "Revenue of the last 5 years",
          "revenue by region of the first 3 months", "5 regions", "Laptop 5 sales"}) {
        INFO(words);
        CHECK_FALSE(is_part_by_words(words));
    }
}

TEST_CASE("rows that were cut off are a part", "[chart]") {
    genie::ResultTable table = rows(5);
    CHECK(scope_of(table, "", "", "") == ChartScope::whole);
    table.total_rows = 6;
    CHECK(scope_of(table, "", "", "") == ChartScope::part);
    table.total_rows = 5;
    table.truncated = true;
    CHECK(scope_of(table, "", "", "") == ChartScope::part);
}

TEST_CASE("a top five is no pie, neither by itself nor by a wish nor in the menu", "[chart][answer]") {
    AnswerInput input = test::customers(5);
    input.style = AnswerStyle::compact;
    const auto shown = [&input] { return boost::json::serialize(render_answer(input).front().blocks); };
    input.parts.query->title = "Share of orders by customer";
    input.chart = "";
    REQUIRE(chart_of(input));
    REQUIRE(chart_of(input)->kind == ChartKind::pie);
    REQUIRE_THAT(shown(), test::contains("\"type\":\"pie\""));
    SECTION("by its query") {
        input.parts.query->sql = "SELECT customer, count(*) FROM orders GROUP BY 1 ORDER BY 2 DESC LIMIT 5";
    }
    SECTION("by its question") {
        input.question = "Top 5 customers by orders, as a pie chart";
    }
    SECTION("by its title") {
        input.parts.query->title = "Share of orders of the top 5 customers";
    }
    for (const char* wish : {"", "pie"}) {
        input.chart = wish;
        CHECK(chart_of(input)->kind == ChartKind::bar);
        CHECK_THAT(shown(), test::contains("\"type\":\"bar\"") && !test::contains("pie"));
    }
    CHECK(charts_of(input) == std::vector<ChartKind>{ChartKind::bar});
}

}  // namespace chart_scope_test
