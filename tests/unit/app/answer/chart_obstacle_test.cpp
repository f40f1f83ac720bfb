// Why a chart is not drawn, in words.
#include "app/answer/chart/chart_obstacle.hpp"

#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"

namespace chart_obstacle_test {

using namespace genie_slack;
using namespace genie_slack::test;

std::string why(const answer::AnswerInput& input, const std::string& wish) {
    return answer::why_no_chart(words::Language::english, *input.table, wish);
}

TEST_CASE("what can be drawn needs no reason", "[chart]") {
    CHECK(why(revenue_by_month(), "line").empty());
    CHECK(why(revenue_by_month(), "any").empty());
    CHECK(why(revenue_by_product(), "bar").empty());
    CHECK(why(share_by_channel(), "pie").empty());
}

TEST_CASE("a chart that is not possible comes with its reason and what is possible", "[chart]") {
    CHECK_THAT(why(only_table({column("revenue", "INT")}, {{"5"}}), "pie"), contains("It is a single value."));
    CHECK_THAT(why(only_table({column("a", "STRING"), column("n", "INT")}, {{"x", "5"}}), "bar"),
               contains("only one row"));
    CHECK_THAT(why(only_table({column("a", "STRING")}, {{"x"}, {"y"}}), "any"), contains("no column of numbers"));
    CHECK_THAT(why(only_table({column("n", "DOUBLE")}, {{"1.5"}, {"2.5"}}), "bar"), contains("names its numbers"));
    CHECK_THAT(why(customers(60), "bar"), contains("too many values"));
    answer::AnswerInput part = customers(20);
    part.table->truncated = true;
    CHECK_THAT(why(part, "any"), contains("more rows than I show"));
    CHECK(
        why(customers(9), "pie") ==
        "The result above can't be shown that way. A pie shows at most 6 parts, and it has 9. What works: Bar chart.");
    CHECK_THAT(why(revenue_by_month(), "pie"), contains("points in time"));
    CHECK_THAT(why(revenue_by_product(), "pie"), contains("do not add up"));
    CHECK_THAT(why(revenue_by_product(), "line"), contains("A line needs points in time"));
    CHECK_THAT(why(revenue_by_product(), "line"), contains("What works: Bar chart."));
}

TEST_CASE("a pie of the first few says that they are no whole", "[chart]") {
    const answer::AnswerInput input = customers(5);
    const auto why_not = [&input](words::Language language) {
        return answer::why_no_chart(language, *input.table, "pie", answer::ChartScope::part);
    };
    CHECK(why(input, "pie").empty());
    CHECK(why_not(words::Language::english) ==
          "The result above can't be shown that way. A pie shows parts of a whole, and these rows are only some of it. "
          "What works: Bar chart.");
    CHECK_THAT(why_not(words::Language::german), contains("nur ein Teil davon. Was geht: Balkendiagramm."));
    CHECK_THAT(why_not(words::Language::french), contains("qu’une partie"));
    CHECK_THAT(why_not(words::Language::spanish), contains("solo una parte"));
    CHECK(answer::why_no_chart(words::Language::english, *input.table, "bar", answer::ChartScope::part).empty());
    CHECK(answer::shown_already(words::Language::english, *input.table, "bar", answer::ChartScope::part) ==
          "It is shown that way already: Bar chart.");
}

}  // namespace chart_obstacle_test
