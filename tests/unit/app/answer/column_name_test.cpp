#include "app/answer/result/column_name.hpp"

#include "app/answer/chart/chart_wish.hpp"
#include "tests/catch.hpp"

#include <utility>
#include <vector>

namespace column_name_test {

using namespace genie_slack;

TEST_CASE("names of columns are written for people", "[columns]") {
    const std::vector<std::pair<const char*, const char*>> names = {{"share_percent", "Share %"},
                                                                    {"pct_of_total", "% of total"},
                                                                    {"percent", "Percent"},
                                                                    {"order_id", "Order ID"},
                                                                    {"orderId", "Order ID"},
                                                                    {"customer_ids", "Customer IDs"},
                                                                    {"TOTAL_REVENUE", "Total revenue"},
                                                                    {"region", "Region"},
                                                                    {"EMEA_sales", "EMEA sales"},
                                                                    {"revenue_2023", "Revenue 2023"},
                                                                    {"revenue_usd", "Revenue USD"},
                                                                    {"mrr", "MRR"},
                                                                    {"Order Date", "Order Date"},
                                                                    {"sum(total_amount)", "Sum(total amount)"},
                                                                    {"Größe", "Größe"},
                                                                    {"_c0", "C0"}};
    for (const auto& [name, expected] : names) {
        INFO(name);
        CHECK(answer::readable_name(name) == expected);
    }
    CHECK_FALSE(answer::readable_name("").empty());
    CHECK_FALSE(answer::readable_name("___").empty());
}

TEST_CASE("the chart that a question asks for in words is honoured", "[chart]") {
    const std::vector<std::pair<const char*, const char*>> questions = {
        {"revenue by region as bar chart", "bar"}, {"Revenue by month, as a line chart please", "line"},
        {"share by region as a pie", "pie"},       {"table only", "none"},
        {"the same as a table", "none"},           {"Umsatz je Region als Balkendiagramm", "bar"},
        {"bitte nur die Tabelle", "none"},         {"als Säulendiagramm", "bar"},
        {"no pie chart, as bars", "bar"},          {"revenue by region", ""},
        {"which tableaus are there", ""},          {"orders per table in the restaurant", ""}};
    for (const auto& [question, wish] : questions) {
        INFO(question);
        CHECK(answer::chart_wish(question) == wish);
    }
}

}  // namespace column_name_test
