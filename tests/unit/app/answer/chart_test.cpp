#include "app/answer/chart/chart.hpp"

#include "app/answer/chart/chart_columns.hpp"
#include "app/answer/chart/chart_data.hpp"
#include "app/answer/chart/chart_values.hpp"
#include "core/random.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace chart_test {

using namespace genie_slack;
using namespace genie_slack::answer;
namespace json = boost::json;

using Rows = std::vector<std::vector<std::optional<std::string>>>;

// "name:TYPE" for each column; STRING without a type.
genie::ResultTable table_of(const std::vector<std::string>& columns, Rows rows) {
    genie::ResultTable table;
    for (const std::string& column : columns) {
        const std::size_t colon = column.find(':');
        const std::string type = colon == std::string::npos ? "STRING" : column.substr(colon + 1);
        table.columns.push_back({column.substr(0, colon), type, type});
    }
    table.rows = std::move(rows);
    table.total_rows = static_cast<std::int64_t>(table.rows.size());
    return table;
}

std::string kind_of(const genie::ResultTable& table, std::string_view title = "", const std::string& wish = "") {
    const auto chart = choose_chart(table, title, wish);
    return chart ? to_string(chart->kind) : "none";
}

Chart chart_of(const genie::ResultTable& table, std::string_view title = "A title", const std::string& wish = "") {
    auto chart = choose_chart(table, title, wish);
    REQUIRE(chart);
    for (const Chart::Series& series : chart->series)
        CHECK(series.values.size() == chart->categories.size());
    if (!chart->times.empty())
        CHECK(chart->times.size() == chart->categories.size());
    return *chart;
}

using Texts = std::vector<std::string>;
using Values = std::vector<std::optional<double>>;

Texts names_of(const Chart& chart) {
    Texts names;
    for (const Chart::Series& series : chart.series)
        names.push_back(series.name);
    return names;
}

Rows numbered(std::size_t count, const std::string& prefix) {
    Rows rows;
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back({prefix + std::to_string(i), std::to_string(100 + i)});
    return rows;
}

std::size_t violations(const json::object& block) {
    const auto found = slack::limits::check_blocks({block});
    for (const auto& violation : found)
        UNSCOPED_INFO(violation.pointer << ": " << violation.message);
    return found.size();
}

const genie::ResultTable kRegions =
    table_of({"region", "total_revenue:DOUBLE"}, {{"EMEA", "3.336E8"}, {"APAC", "120000000"}, {"AMER", "9.5E7"}});
const genie::ResultTable kMonths =
    table_of({"month", "revenue:DECIMAL"}, {{"2025-03", "30"}, {"2025-01", "10.5"}, {"2025-02", "20"}});

TEST_CASE("time with numbers is a line in the order of time", "[chart]") {
    const Chart chart = chart_of(kMonths);
    CHECK(chart.kind == ChartKind::line);
    CHECK(chart.categories == Texts{"2025-01", "2025-02", "2025-03"});
    CHECK(chart.series.front().values == Values{10.5, 20, 30});
    CHECK(chart.x_label == "Month");
    CHECK(chart.y_label == "Revenue");
    CHECK(chart.title == "A title");
    CHECK(chart.times.size() == 3);
    CHECK(std::is_sorted(chart.times.begin(), chart.times.end()));
}

TEST_CASE("points in time are found in every spelling and named shortly", "[chart]") {
    struct Case {
        std::string column;
        Texts values;
        Texts names;
    };
    const Case cases[] = {
        {"d:DATE", {"2025-01-31", "2025-01-05", "2024-12-31"}, {"2024-12-31", "2025-01-05", "2025-01-31"}},
        {"d:DATE", {"2025-03-01", "2025-01-01", "2025-02-01"}, {"2025-01", "2025-02", "2025-03"}},
        {"year:DATE", {"2025-01-01", "2023-01-01", "2024-01-01"}, {"2023", "2024", "2025"}},
        {"quarter:DATE", {"2025-01-01", "2024-07-01", "2024-10-01"}, {"2024-Q3", "2024-Q4", "2025-Q1"}},
        {"d", {"2025/03/09", "2025/01/02", "2025/02/05"}, {"2025-01-02", "2025-02-05", "2025-03-09"}},
        {"t:TIMESTAMP",
         {"2025-02-01T00:00:00.000Z", "2025-03-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z"},
         {"2025-01", "2025-02", "2025-03"}},
        {"t:TIMESTAMP",
         {"2025-02-01T10:30:00.000Z", "2025-02-01T09:00:00Z", "2025-02-01 11:15"},
         {"09:00", "10:30", "11:15"}},
        {"t:TIMESTAMP",
         {"2025-02-02T10:30:05", "2025-02-01T09:00:00", "2025-02-01T11:15:00+02:00"},
         {"2025-02-01 09:00:00", "2025-02-01 11:15:00", "2025-02-02 10:30:05"}},
        {"q", {"2025-Q1", "2024-Q4", "2024Q3"}, {"2024-Q3", "2024-Q4", "2025-Q1"}},
        {"q", {"Q1 2025", "Q4 2024", "Q3 2024"}, {"2024-Q3", "2024-Q4", "2025-Q1"}},
        {"w", {"2025-W02", "2024-W52", "2025-W01"}, {"2024-W52", "2025-W01", "2025-W02"}},
        {"m", {"Mar 2025", "January 2025", "Feb 2025"}, {"2025-01", "2025-02", "2025-03"}},
        {"m", {"März 2025", "Mai 2025", "Dezember 2024"}, {"2024-12", "2025-03", "2025-05"}},
        {"order_year:INT", {"2025", "2023", "2024"}, {"2023", "2024", "2025"}},
        {"year", {"2025", "2023", "2024"}, {"2023", "2024", "2025"}},
        {"year:BIGINT", {"2025", "1999", "2024"}, {"1999", "2024", "2025"}},
        // Without a year: in the order of the calendar, as they are written.
        {"month_name", {"March", "January", "February"}, {"January", "February", "March"}},
        {"month:INT", {"12", "1", "7"}, {"1", "7", "12"}},
        {"hour_of_day:INT", {"12", "0", "23"}, {"0", "12", "23"}},
        {"week:INT", {"52", "5", "17"}, {"5", "17", "52"}},
    };
    for (const Case& one : cases) {
        Rows rows;
        for (const std::string& value : one.values)
            rows.push_back({value, "5"});
        INFO(one.column << " " << one.values.front());
        const Chart chart = chart_of(table_of({one.column, "orders:LONG"}, rows));
        CHECK(chart.kind == ChartKind::line);
        CHECK(chart.categories == one.names);
    }
    for (const char* text : {"2025-13", "2025-02-30", "2025-1-", "20250131", "0500", "2025-Q5", "2025-W54", "Foo 2025",
                             "2025-01-01T25:00", "Q9 2024", "", "2025x", "May", "2025-01-01T10:00:00 tomorrow"}) {
        INFO(text);
        CHECK_FALSE(parse_time_point(text));
    }
    CHECK(parse_time_point("1970-01-01")->seconds == 0);
    CHECK(parse_time_point("2000-03-01")->seconds == 951'868'800);
    CHECK(parse_time_point("2024-W01")->seconds == parse_time_point("2024-01-01")->seconds);
    CHECK(parse_time_point("2021-W01")->seconds == parse_time_point("2021-01-04")->seconds);
    CHECK(parse_time_point("2020-W53")->seconds == parse_time_point("2020-12-28")->seconds);
}

TEST_CASE("year and month in two columns are one time", "[chart]") {
    const Chart chart = chart_of(table_of({"year:INT", "month:INT", "orders:LONG"},
                                          {{"2025", "1", "3"}, {"2024", "12", "2"}, {"2024", "11", "1"}}));
    CHECK(chart.kind == ChartKind::line);
    CHECK(chart.categories == Texts{"2024-11", "2024-12", "2025-01"});
    CHECK(chart.series.front().values == Values{1, 2, 3});
    const Chart quarters = chart_of(
        table_of({"order_year:INT", "order_quarter:INT", "region", "orders:LONG"},
                 {{"2025", "1", "A", "3"}, {"2024", "4", "A", "2"}, {"2025", "1", "B", "7"}, {"2024", "4", "B", "1"}}));
    CHECK(quarters.categories == Texts{"2024-Q4", "2025-Q1"});
    CHECK(names_of(quarters) == Texts{"A", "B"});
    CHECK(quarters.series[1].values == Values{1, 7});
}

TEST_CASE("categories with numbers are bars in the order of the query", "[chart]") {
    const Chart chart = chart_of(kRegions);
    CHECK(chart.kind == ChartKind::bar);
    CHECK(chart.categories == Texts{"EMEA", "APAC", "AMER"});
    CHECK(chart.series.front().values == Values{3.336e8, 1.2e8, 9.5e7});
    CHECK(chart.y_label == "Total revenue");
    CHECK(chart.times.empty());
    CHECK(chart.left_out.empty());
}

TEST_CASE("two categories and a number become one series for each of the fewer", "[chart]") {
    const Chart chart = chart_of(
        table_of({"region", "product", "sales:INT"},
                 {{"EMEA", "A", "1"}, {"EMEA", "B", "2"}, {"EMEA", "C", "3"}, {"APAC", "A", "4"}, {"APAC", "C", "6"}}));
    CHECK(chart.kind == ChartKind::bar);
    CHECK(names_of(chart) == Texts{"EMEA", "APAC"});
    CHECK(chart.categories == Texts{"A", "B", "C"});
    CHECK(chart.series[1].values == Values{4, std::nullopt, 6});
    CHECK(chart.y_label == "Sales");
    CHECK_FALSE(chart_block(chart));  // Slack wants every point
}

TEST_CASE("of many lines the largest are drawn and the others named", "[chart]") {
    Rows rows;
    for (int month = 1; month <= 3; ++month)
        for (int country = 0; country < 8; ++country)
            rows.push_back({"2025-0" + std::to_string(month), "C" + std::to_string(country),
                            std::to_string(100 + country * month)});
    const Chart chart = chart_of(table_of({"month", "country", "orders:INT"}, rows));
    CHECK(names_of(chart) == Texts{"C2", "C3", "C4", "C5", "C6", "C7"});
    CHECK(chart.left_out == Texts{"C0", "C1"});
    CHECK(describe_chart(chart, words::Language::english).find("Not in the chart: C0, C1.") != std::string::npos);
}

TEST_CASE("few shares are a pie", "[chart]") {
    const auto shares = [](const Texts& values, const std::string& column) {
        Rows rows;
        for (std::size_t i = 0; i < values.size(); ++i)
            rows.push_back({"Part " + std::to_string(i), values[i]});
        return table_of({"segment", column}, rows);
    };
    CHECK(kind_of(shares({"60", "40"}, "share_percent:DOUBLE")) == "pie");
    CHECK(kind_of(shares({"0.5", "0.3", "0.2"}, "share:DOUBLE")) == "pie");
    CHECK(kind_of(shares({"33.3", "33.3", "33.3"}, "pct:DOUBLE")) == "pie");
    CHECK(kind_of(shares({"500", "300", "200"}, "revenue:DOUBLE"), "Share of revenue by segment") == "pie");
    CHECK(kind_of(shares({"500", "300", "200"}, "Umsatz:DOUBLE"), "Anteil am Umsatz") == "pie");
    CHECK(kind_of(shares({"500", "300", "200"}, "revenue:DOUBLE"), "Revenue", "pie") == "pie");
    const auto both = table_of({"category", "revenue:DOUBLE", "share_percent:DOUBLE"},
                               {{"Beans", "858011.1", "40.5"}, {"Ground", "357725.07", "16.9"}, {"Tea", "9", "42.6"}});
    const Chart pie = chart_of(both, "Revenue by category");
    CHECK(pie.kind == ChartKind::pie);
    CHECK(names_of(pie) == Texts{"Revenue"});
    CHECK(pie.left_out.empty());
    CHECK(possible_charts(both) == std::vector<ChartKind>{ChartKind::pie, ChartKind::bar});
    CHECK(chart_of(both, "Revenue by category", "bar").left_out == Texts{"Share %"});
    // Not parts of one whole, or not to be told apart:
    CHECK(kind_of(shares({"60", "10"}, "share_percent:DOUBLE")) == "bar");
    CHECK(kind_of(shares({"60", "60"}, "share_percent:DOUBLE")) == "bar");
    CHECK(kind_of(shares({"500", "300", "200"}, "revenue:DOUBLE"), "Revenue by segment") == "bar");
    CHECK(kind_of(shares({"500", "-300", "800"}, "revenue:DOUBLE"), "Share of revenue") == "bar");
    CHECK(kind_of(shares({"500", "0", "800"}, "revenue:DOUBLE"), "Share of revenue") == "bar");
    CHECK(kind_of(shares({"1", "2", "3", "4", "5", "6", "7"}, "revenue:DOUBLE"), "Share of revenue") == "bar");
    CHECK(kind_of(shares({"5", "3"}, "avg_price:DOUBLE"), "Price distribution") == "bar");
    CHECK(kind_of(shares({"5", "3"}, "avg_price:DOUBLE"), "Prices", "pie") == "bar");
    CHECK(kind_of(kMonths, "Share of revenue by month", "pie") == "line");
}

TEST_CASE("what would mislead is not drawn", "[chart]") {
    CHECK(kind_of({}) == "none");
    CHECK(kind_of(table_of({"region", "revenue:INT"}, {})) == "none");
    CHECK(kind_of(table_of({"region", "revenue:INT"}, {{"EMEA", "5"}})) == "none");
    CHECK(kind_of(table_of({"revenue:INT"}, {{"5"}, {"6"}})) == "none");
    CHECK(kind_of(table_of({"price:DOUBLE", "quantity:INT"}, {{"5", "1"}, {"6", "2"}})) == "none");
    CHECK(kind_of(table_of({"region", "manager"}, {{"EMEA", "x"}, {"APAC", "y"}})) == "none");
    // A number that names something is no value, and an id no category.
    CHECK(kind_of(table_of({"customer", "customer_id:LONG"}, {{"A", "5001"}, {"B", "5002"}})) == "none");
    CHECK(kind_of(table_of({"customer_id:LONG", "revenue:INT"}, {{"5001", "5"}, {"5002", "6"}})) == "none");
    CHECK(kind_of(table_of({"order_id", "revenue:INT"}, {{"x1", "5"}, {"x2", "6"}})) == "none");
    // A category that is there twice.
    CHECK(kind_of(table_of({"region", "revenue:INT"}, {{"EMEA", "5"}, {"EMEA", "6"}, {"APAC", "7"}})) == "none");
    CHECK(kind_of(table_of({"month", "revenue:INT"}, {{"2025-01", "5"}, {"2025-01", "6"}})) == "none");
    CHECK(kind_of(table_of({"r", "p", "n:INT"}, {{"A", "x", "5"}, {"A", "x", "6"}, {"B", "y", "7"}})) == "none");
    // Two spellings of one day.
    CHECK(kind_of(table_of({"d", "n:INT"}, {{"2025-01-01", "5"}, {"2025-1-1", "6"}, {"2025-01-02", "6"}})) == "none");
    // Hardly any value.
    CHECK(kind_of(table_of({"region", "revenue:INT"},
                           {{"A", "5"}, {"B", std::nullopt}, {"C", std::nullopt}, {"D", std::nullopt}})) == "none");
    CHECK(kind_of(table_of({"region", "x:DOUBLE"}, {{"A", "NaN"}, {"B", "Infinity"}, {"C", "1"}})) == "none");
    CHECK(kind_of(table_of({"region", "x:DOUBLE"}, {{"A", std::nullopt}, {"B", std::nullopt}})) == "none");
    // More bars than a picture holds; more series than colours.
    CHECK(kind_of(table_of({"customer", "n:INT"}, numbered(40, "c"))) == "bar");
    CHECK(kind_of(table_of({"customer", "n:INT"}, numbered(41, "c"))) == "none");
    Rows many;
    for (int a = 0; a < 7; ++a)
        for (int b = 0; b < 7; ++b)
            many.push_back({"a" + std::to_string(a), "b" + std::to_string(b), "1"});
    CHECK(kind_of(table_of({"a", "b", "n:INT"}, many)) == "none");
    // Three categories, nested values.
    CHECK(kind_of(table_of(
              {"a", "b", "c", "n:INT"},
              {{"1x", "2", "3", "4"}, {"1x", "2", "4", "4"}, {"2x", "2y", "3", "4"}, {"2x", "2", "3", "4"}})) ==
          "none");
    CHECK(kind_of(table_of({"tags:ARRAY", "n:INT"}, {{"[1]", "4"}, {"[2]", "5"}})) == "none");
    // A part of the rows.
    auto part = kMonths;
    part.truncated = true;
    CHECK(kind_of(part) == "none");
    part = kMonths;
    part.total_rows = 9'000;
    CHECK(kind_of(part) == "none");
    CHECK(possible_charts(part).empty());
    CHECK(kind_of(kMonths, "", "none") == "none");
}

TEST_CASE("values of other units or sizes do not share an axis", "[chart]") {
    const auto two = [](const std::string& first, const std::string& second, const std::string& a,
                        const std::string& b) {
        return chart_of(table_of({"region", first, second}, {{"EMEA", a, b}, {"APAC", a, b}}));
    };
    CHECK(names_of(two("revenue:INT", "profit:INT", "500", "100")) == Texts{"Revenue", "Profit"});
    CHECK(two("revenue:INT", "profit:INT", "500", "100").y_label.empty());
    CHECK(names_of(two("revenue:INT", "orders:INT", "500", "100")) == Texts{"Revenue"});
    CHECK(names_of(two("revenue:INT", "margin_percent:INT", "500", "20")) == Texts{"Revenue"});
    CHECK(names_of(two("foo:INT", "share:INT", "50", "20")) == Texts{"Foo"});
    CHECK(names_of(two("revenue:INT", "avg_revenue:INT", "500", "100")) == Texts{"Revenue"});
    CHECK(names_of(two("foo:INT", "bar:INT", "500", "19")) == Texts{"Foo"});
    CHECK(names_of(two("foo:INT", "bar:INT", "500", "21")) == Texts{"Foo", "Bar"});
    CHECK(two("revenue:INT", "orders:INT", "500", "100").left_out == Texts{"Orders"});
    CHECK(two("revenue:INT", "orders:INT", "500", "100").y_label == "Revenue");
}

TEST_CASE("values are written in the units of the table beside the chart", "[chart]") {
    const Chart money = chart_of(table_of({"region", "total_revenue_usd:DOUBLE"}, {{"A", "5"}, {"B", "6"}}));
    CHECK(money.y_label == "Total revenue (USD)");
    const Chart fractions = chart_of(table_of({"region", "market_share:DOUBLE"}, {{"A", "0.29"}, {"B", "0.3"}}));
    CHECK(fractions.y_label == "Market share (%)");
    CHECK(fractions.series.front().values == Values{29, 30});
    const Chart rate = chart_of(table_of({"month", "churn_rate:DOUBLE"}, {{"2025-01", "0.07"}, {"2025-02", "0.125"}}));
    CHECK(rate.y_label == "Churn rate (%)");
    CHECK(rate.series.front().values == Values{7, 12.5});
    const Chart percent = chart_of(table_of({"region", "margin_percent:DOUBLE"}, {{"A", "29"}, {"B", "30.5"}}));
    CHECK(percent.y_label == "Margin %");
    CHECK(percent.series.front().values == Values{29, 30.5});
}

TEST_CASE("columns that tell no rows apart do not hinder a chart", "[chart]") {
    // A constant, an id beside a name, a rank, a second name.
    const Chart chart = chart_of(table_of({"rank:INT", "customer_id:LONG", "customer", "country", "currency", "n:INT"},
                                          {{"1", "77", "Ann", "DE", "EUR", "9"},
                                           {"2", "78", "Bob", "DE", "EUR", "5"},
                                           {"3", "79", "Cid", "FR", "EUR", "4"}}));
    CHECK(chart.kind == ChartKind::bar);
    CHECK(chart.categories == Texts{"Ann", "Bob", "Cid"});
    CHECK(names_of(chart) == Texts{"N"});
}

TEST_CASE("missing keys are a category of their own, missing times are told", "[chart]") {
    const Chart bars = chart_of(table_of({"region", "n:INT"}, {{"EMEA", "1"}, {std::nullopt, "2"}, {"", "3"}}));
    CHECK(bars.categories == Texts{"EMEA", "–", "–"});
    const auto block = chart_block(bars);
    REQUIRE(block);
    CHECK(violations(*block) == 0);
    const Chart line = chart_of(
        table_of({"month", "n:INT"}, {{"2025-01", "1"}, {std::nullopt, "2"}, {"2025-02", "3"}, {"2025-03", "4"}}));
    CHECK(line.categories == Texts{"2025-01", "2025-02", "2025-03"});
    CHECK(line.left_out == Texts{"Month –"});
}

TEST_CASE("the kinds that people can switch to are those that do not mislead", "[chart]") {
    using Kinds = std::vector<ChartKind>;
    CHECK(possible_charts(kMonths) == Kinds{ChartKind::line, ChartKind::bar, ChartKind::area});
    CHECK(possible_charts(kRegions) == Kinds{ChartKind::bar, ChartKind::pie});
    // Averages are no parts of a whole, whatever their column is called.
    for (const char* title : {"Average order value by region", "Durchschnittlicher Bestellwert je Region"})
        CHECK(possible_charts(kRegions, title) == Kinds{ChartKind::bar});
    for (const char* title : {"Revenue per region", "Registrations by region"})
        CHECK(possible_charts(kRegions, title) == Kinds{ChartKind::bar, ChartKind::pie});
    // As the answer draws it.
    CHECK(possible_charts(kRegions, "Share of revenue by region").front() == ChartKind::pie);
    CHECK(choose_chart(kRegions, "Share of revenue by region", "")->kind == ChartKind::pie);
    CHECK(possible_charts(table_of({"month", "n:INT"}, {{"2025-01", "-1"}, {"2025-02", "2"}, {"2025-03", "2"}})) ==
          Kinds{ChartKind::line, ChartKind::bar});
    CHECK(possible_charts(table_of({"month", "n:INT"}, {{"2025-01", "1"}, {"2025-02", "2"}})).front() ==
          ChartKind::bar);
    CHECK(possible_charts(table_of({"region", "share:DOUBLE"}, {{"A", "0.6"}, {"B", "0.4"}})).front() ==
          ChartKind::pie);
    for (const auto& table : {kMonths, kRegions})
        for (const ChartKind kind : possible_charts(table))
            CHECK(kind_of(table, "", to_string(kind)) == to_string(kind));
    CHECK(kind_of(kRegions, "", "line") == "bar");
    CHECK(kind_of(kRegions, "", "nonsense") == "bar");
    for (const ChartKind kind : {ChartKind::line, ChartKind::bar, ChartKind::area, ChartKind::pie})
        CHECK(parse_chart_kind(to_string(kind)) == kind);
    CHECK_FALSE(parse_chart_kind("none"));
}

TEST_CASE("Slack's own chart has the shape that Slack documents", "[chart]") {
    const auto line = chart_block(chart_of(kMonths, "Revenue by month"));
    REQUIRE(line);
    CHECK(
        json::serialize(*line) ==
        R"({"type":"data_visualization","title":"Revenue by month","chart":{"type":"line","series":[{"name":"Revenue",)"
        R"("data":[{"label":"2025-01","value":1.05E1},{"label":"2025-02","value":2E1},{"label":"2025-03","value":3E1}]}],)"
        R"("axis_config":{"categories":["2025-01","2025-02","2025-03"],"x_label":"Month","y_label":"Revenue"}}})");
    const auto pie = chart_block(chart_of(kRegions, "Share of revenue"));
    REQUIRE(pie);
    CHECK(json::serialize(*pie) ==
          R"({"type":"data_visualization","title":"Share of revenue","chart":{"type":"pie","segments":[)"
          R"({"label":"EMEA","value":3.336E8},{"label":"APAC","value":1.2E8},{"label":"AMER","value":9.5E7}]}})");
    CHECK(violations(*line) == 0);
    CHECK(violations(*pie) == 0);
}

TEST_CASE("what exceeds Slack's charts is left to the drawn one", "[chart]") {
    CHECK(chart_block(chart_of(table_of({"c", "n:INT"}, numbered(20, "c")))));
    CHECK_FALSE(chart_block(chart_of(table_of({"c", "n:INT"}, numbered(21, "c")))));
    CHECK_FALSE(chart_block(
        chart_of(table_of({"month", "n:INT"}, {{"2025-01", "1"}, {"2025-02", std::nullopt}, {"2025-03", "1"}}))));
    // Months are even enough, a hole of a month is not.
    CHECK(chart_block(chart_of(table_of({"m", "n:INT"}, {{"2025-01", "1"}, {"2025-02", "2"}, {"2025-03", "3"}}))));
    CHECK_FALSE(
        chart_block(chart_of(table_of({"m", "n:INT"}, {{"2025-01", "1"}, {"2025-02", "2"}, {"2025-04", "3"}}))));
    CHECK_FALSE(chart_block(Chart{}));
    Chart pie = chart_of(kRegions, "Share");
    pie.series.front().values[1] = 0;
    CHECK_FALSE(chart_block(pie));
}

TEST_CASE("shortened labels stay different", "[chart]") {
    const Texts labels = shorten_uniquely({"A very long name of a product (small)",
                                           "A very long name of a product (large)", "Short", "  two\n lines ", ""},
                                          20);
    CHECK(labels[0] == "A very lon…t (small)");
    CHECK(labels[1] == "A very lon…t (large)");
    CHECK(labels[2] == "Short");
    CHECK(labels[3] == "two lines");
    CHECK(labels[4] == "–");
    CHECK(shorten_uniquely({"Only one that is longer than it may be"}, 20) == Texts{"Only one that is lo…"});
    Texts same(30, "The very same name in each and every row of it");
    const Texts told_apart = shorten_uniquely(same, 20);
    CHECK(std::set<std::string>(told_apart.begin(), told_apart.end()).size() == 30);
    CHECK(told_apart[1] == "The very same n… (2)");
    for (const std::string& label : told_apart)
        CHECK(slack::count_characters(label) <= 20);
    CHECK(shorten_uniquely({"A (2)", "A", "A"}, 20) == Texts{"A (2)", "A", "A (3)"});
}

TEST_CASE("numbers in charts follow the language", "[chart]") {
    using words::Language;
    const std::pair<double, const char*> cases[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {12.345, "12.35"},
        {1284500, "1,284,500"},
        {0.25, "0.25"},
        {0.0042, "0.0042"},
        {1234.567, "1,234.57"},
        {99.999, "100"},
        {333600000, "333,600,000"},
        {1e18, "1e+18"},
        {-0.00001, "-1e-05"},
        {0.123456, "0.1235"},
        {10.5, "10.5"},
        {-1234567.8, "-1,234,568"},
    };
    for (const auto& [value, expected] : cases) {
        INFO(value);
        CHECK(format_value(Language::english, value) == expected);
    }
    CHECK(format_value(Language::german, 1284.6) == "1.284,6");
    CHECK(format_value(Language::german, 12.5) == "12,5");
    CHECK(format_value(Language::english, 99200.6, 200000.5) == "99,201");
    CHECK(format_value(Language::english, 0.25, 200000.5) == "0.25");
    CHECK(format_value(Language::english, 95, 99.5) == "95");
    CHECK(format_decimals(Language::german, 1284.5, 2) == "1.284,50");
    CHECK(format_decimals(Language::english, -0.001, 1) == "0.0");
    CHECK(format_decimals(Language::english, -999, 0) == "-999");
    CHECK(parse_value("3.336E8") == 3.336e8);
    CHECK(parse_value("-0.5") == -0.5);
    for (const char* text : {"", "NaN", "Infinity", "-Infinity", "12x", "1,000", "1e999", " 5"}) {
        INFO(text);
        CHECK_FALSE(parse_value(text));
    }
}

TEST_CASE("a chart is told in words", "[chart]") {
    using words::Language;
    CHECK(describe_chart(chart_of(kMonths, "Revenue by month"), Language::english) ==
          "Line chart: Revenue by month. 2025-01 10.5, 2025-02 20, 2025-03 30.");
    CHECK(describe_chart(chart_of(kRegions, "Share of revenue"), Language::german) ==
          "Kreisdiagramm: Share of revenue. EMEA 333.600.000 (60,8 %), APAC 120.000.000 (21,9 %), "
          "AMER 95.000.000 (17,3 %).");
    CHECK(describe_chart(chart_of(kMonths, "Chiffre d'affaires"), Language::french)
              .starts_with("Courbe\u00a0: Chiffre d'affaires. "));
    Rows rows = numbered(12, "c");
    rows[4][1] = std::nullopt;
    CHECK(describe_chart(chart_of(table_of({"customer", "orders:INT"}, rows), "Orders"), Language::english) ==
          "Bar chart: Orders. Customer from c0 to c11, 12 points. Orders: lowest 100 (c0), highest 111 (c11).");
    Rows wide = numbered(12, std::string(300, 'x'));
    CHECK(slack::count_characters(
              describe_chart(chart_of(table_of({std::string(300, 'y'), "orders:INT"}, wide), std::string(900, 'z')),
                             Language::english)) <= 900);
}

TEST_CASE("whatever the result, a chart for Slack is within Slack's limits", "[chart]") {
    Random random(11);
    const Texts types = {"STRING", "DATE", "DOUBLE", "INT", "TIMESTAMP", "BOOLEAN", "DECIMAL"};
    const Texts names = {
        "month", "region", "revenue", "share", "customer_id", "year", "a_name|with <!channel> & more of it",
        "",      "orders", "😀 emoji"};
    std::size_t charts = 0;
    std::size_t blocks = 0;
    for (int round = 0; round < 1'200; ++round) {
        genie::ResultTable table;
        for (std::uint64_t i = random.between(1, 4); i > 0; --i) {
            const std::string& type = types[random.between(0, types.size() - 1)];
            table.columns.push_back({names[random.between(0, names.size() - 1)], type, type});
        }
        for (std::uint64_t row = random.between(0, 24); row > 0; --row) {
            std::vector<std::optional<std::string>> cells;
            for (const genie::Column& column : table.columns) {
                const std::uint64_t number = random.between(0, 40);
                if (number == 0)
                    cells.emplace_back(std::nullopt);
                else if (column.type_name == "STRING")
                    cells.emplace_back("عربي \"x\" " + std::string(number, 'n') + std::to_string(row));
                else if (column.type_name == "DATE")
                    cells.emplace_back("20" + std::to_string(10 + row) + "-0" + std::to_string(1 + number % 9) + "-11");
                else if (column.type_name == "TIMESTAMP")
                    cells.emplace_back("2025-01-" + std::to_string(10 + number % 20) +
                                       "T10:" + std::to_string(10 + number) + ":00Z");
                else if (column.type_name == "BOOLEAN")
                    cells.emplace_back(number % 2 ? "true" : "false");
                else
                    cells.emplace_back(std::to_string(static_cast<int>(number * row) - 30) +
                                       (number % 3 ? ".5" : "E2"));
            }
            table.rows.push_back(std::move(cells));
        }
        table.total_rows = static_cast<std::int64_t>(table.rows.size());
        const auto possible = possible_charts(table);
        Texts wishes = {""};
        for (const ChartKind kind : possible)
            wishes.emplace_back(to_string(kind));
        for (const std::string& wish : wishes) {
            const auto chart = choose_chart(table, names[random.between(0, names.size() - 1)], wish);
            CHECK(chart.has_value() == !possible.empty());
            if (!chart)
                continue;
            ++charts;
            CHECK_FALSE(describe_chart(*chart, words::Language::german).empty());
            if (const auto block = chart_block(*chart)) {
                ++blocks;
                REQUIRE(violations(*block) == 0);
            }
        }
    }
    CHECK(charts > 100);
    CHECK(blocks > 50);
}

TEST_CASE("a list of things that happened is no line", "[chart]") {
    const auto table =
        table_of({"at:TIMESTAMP", "author", "note", "stars:INT"}, {{"2025-01-01T09:00:00", "Ana", "great", "5"},
                                                                   {"2025-01-02T10:00:00", "Ben", "so so", "3"},
                                                                   {"2025-01-03T11:00:00", "Cem", "bad", "1"}});
    CHECK_FALSE(choose_chart(table, "Notes", ""));
}

}  // namespace chart_test
