#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/periods.hpp"
#include "sandbox/genie/question_parser.hpp"
#include "sandbox/genie/sql_writer.hpp"
#include "sandbox/genie/status_walk.hpp"
#include "sandbox/genie/words.hpp"
#include "tests/catch.hpp"

using namespace genie_slack::sandbox::databricks;
using namespace std::chrono_literals;

namespace genie_parser_test {

Vocabulary vocabulary() {
    Vocabulary words;
    for (const char* region : {"EMEA", "AMER", "APAC"})
        words.add("orders", "region", region);
    words.add("orders", "country", "Germany");
    words.add("orders", "category", "Coffee beans");
    words.add("orders", "status", "open");
    words.add("orders", "customer", "O'Brien & Sons Tea");
    return words;
}

Request ask(const std::string& text, const std::optional<Request>& previous = {}) {
    static const Vocabulary words = vocabulary();
    return parse_question(text, "sales", words, previous).request;
}

std::string spans(const std::string& text) {
    Words words(text);
    std::string result;
    for (const Period& period : take_periods(words, kToday))
        result += (result.empty() ? "" : " ") + day_text(period.from) + ".." + day_text(period.to);
    return result;
}

using Ids = std::vector<std::string>;

}  // namespace genie_parser_test
using namespace genie_parser_test;

TEST_CASE("time windows are found in a question", "[genie_parser]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"revenue last month", "2025-11-01..2025-12-01"},
        {"revenue this month", "2025-12-01..2026-01-01"},
        {"revenue last quarter", "2025-07-01..2025-10-01"},
        {"revenue last year?", "2024-01-01..2025-01-01"},
        {"last 3 months", "2025-10-01..2026-01-01"},
        {"past two weeks", "2025-12-22..2026-01-05"},
        {"last 7 days", "2025-12-25..2026-01-01"},
        {"year to date", "2025-01-01..2026-01-01"},
        {"Q3 2024", "2024-07-01..2024-10-01"},
        {"the first quarter of 2025", "2025-01-01..2025-04-01"},
        {"in H2", "2025-07-01..2026-01-01"},
        {"in March", "2025-03-01..2025-04-01"},
        {"February 2024", "2024-02-01..2024-03-01"},
        {"Sept 2024", "2024-09-01..2024-10-01"},
        {"in May", "2025-05-01..2025-06-01"},
        {"may I see revenue", ""},
        {"in 2019", "2019-01-01..2020-01-01"},
        {"2025-11", "2025-11-01..2025-12-01"},
        {"on 2025-11-03", "2025-11-03..2025-11-04"},
        {"since March 2025", "2025-03-01..2100-01-01"},
        {"before 2025", "2000-01-01..2025-01-01"},
        {"from January 2025 to March 2025", "2025-01-01..2025-04-01"},
        {"between Q1 2024 and Q2 2024", "2024-01-01..2024-07-01"},
        {"2024 vs 2025", "2024-01-01..2025-01-01 2025-01-01..2026-01-01"},
        {"2024 and 2025", "2024-01-01..2025-01-01 2025-01-01..2026-01-01"},
        {"yesterday", "2025-12-30..2025-12-31"},
        {"revenue by month", ""},
        {"last 100000 months", ""},
    }));
    INFO(text);
    CHECK(spans(text) == expected);
}

TEST_CASE("words are compared without case and punctuation, numbers without separators", "[genie_parser]") {
    CHECK(normalize_words("What's  the REVENUE, please?") == "what s the revenue please");
    CHECK(normalize_words("over 1,234.50!") == "over 1234.50");
    CHECK(normalize_words("Café *Étoile*.") == "café Étoile");
    CHECK(normalize_words("2024, 2025.") == "2024 2025");
    CHECK(normalize_words("?!").empty());
    CHECK(number_word("seven") == 7);
    CHECK(number_word("1000001") == std::nullopt);
    CHECK(number_word("7x") == std::nullopt);
}

TEST_CASE("measures, splits, filters and windows are understood", "[genie_parser]") {
    const Request request = ask("What was our average order value by region for coffee beans in Germany last quarter?");
    CHECK(request.kind == Kind::aggregate);
    CHECK(request.metrics == Ids{"aov"});
    CHECK(request.dimensions == Ids{"region"});
    REQUIRE(request.filters.size() == 2);
    CHECK(request.periods.size() == 1);

    CHECK(ask("revenue and orders by month").metrics == Ids{"revenue", "orders"});
    CHECK(ask("revenue and orders by month").grain == "month");
    CHECK(ask("How many customers?").metrics == Ids{"customers"});
    CHECK(ask("revenue by customer").dimensions == Ids{"customer"});
    CHECK(ask("Which product sold best?").dimensions == Ids{"product"});
    CHECK(ask("revenue by region and category").dimensions == Ids{"region", "category"});
    CHECK(ask("EMEA vs APAC revenue").dimensions == Ids{"region"});
    CHECK(ask("2024 vs 2025 revenue").grain == "year");
    CHECK(ask("revenue of o'brien and sons tea").filters.empty());
    CHECK(ask("revenue of O'Brien & Sons Tea").filters.at(0).values == Ids{"O'Brien & Sons Tea"});
    CHECK(ask("revenue growth").change);
    CHECK(ask("revenue growth").grain == "month");
    CHECK(ask("share of revenue by category").share);
    CHECK(ask("revenue by region without EMEA").filters.at(0).exclude);
}

TEST_CASE("superlatives order and limit", "[genie_parser]") {
    const Request top = ask("Top five customers by revenue in 2025");
    CHECK(top.top == 5);
    CHECK(top.dimensions == Ids{"customer"});
    CHECK_FALSE(top.ascending);
    const Request bottom = ask("bottom 3 countries by orders");
    CHECK(bottom.top == 3);
    CHECK(bottom.ascending);
    CHECK(ask("5 best products").top == 5);
    CHECK(ask("top products by revenue").top == 10);
    CHECK(ask("which month had the highest revenue").by_metric);
}

TEST_CASE("rows are listed when rows are asked for", "[genie_parser]") {
    CHECK(ask("list all orders").kind == Kind::listing);
    CHECK(ask("list customers").topic == "customers");
    CHECK(ask("show open orders in Germany").kind == Kind::listing);
    CHECK(ask("latest 20 orders").top == 20);
    CHECK(ask("orders over 2000").above == "2000");
    CHECK(ask("orders over 2000").kind == Kind::listing);
    CHECK(ask("how many orders over 2000").kind == Kind::aggregate);
    CHECK(ask("show orders by month").kind == Kind::aggregate);
}

TEST_CASE("a follow-up changes what it names and keeps the rest", "[genie_parser]") {
    const Request first = ask("revenue by region last quarter");
    const Request by_month = ask("and by month?", first);
    CHECK(by_month.metrics == Ids{"revenue"});
    CHECK(by_month.grain == "month");
    CHECK(by_month.dimensions.empty());
    CHECK(by_month.periods == first.periods);

    const Request only = ask("only EMEA", by_month);
    CHECK(only.grain == "month");
    CHECK(only.filters.at(0).values == Ids{"EMEA"});
    const Request other = ask("what about APAC?", only);
    REQUIRE(other.filters.size() == 1);
    CHECK(other.filters[0].values == Ids{"APAC"});

    const Request orders = ask("And the orders?", first);
    CHECK(orders.metrics == Ids{"orders"});
    CHECK(orders.dimensions == Ids{"region"});
    CHECK(ask("top 2", first).top == 2);
    CHECK(ask("and last year?", first).periods.at(0).label == "in 2024");
    CHECK(ask("split by category", first).dimensions == Ids{"region", "category"});

    const Request fresh = ask("average order value by segment", first);
    CHECK(fresh.periods.empty());
    CHECK(fresh.metrics == Ids{"aov"});
}

TEST_CASE("what is no question about the data stays unknown", "[genie_parser]") {
    for (const char* text : {"What is the weather in Paris?", "write a poem about the sea", "", "???", "asdf qwer",
                             "Wie hoch war der Umsatz?", "🙂", "<script>alert(1)</script>", "tell me something"})
        CHECK(ask(text).kind == Kind::unknown);
    CHECK(ask(std::string(3000, 'x') + " revenue").kind == Kind::unknown);
    CHECK(ask("hello").kind == Kind::greeting);
    CHECK(ask("Hi there!").kind == Kind::greeting);
    CHECK(ask("Thank you very much!").kind == Kind::thanks);
    CHECK(ask("thanks a lot").kind == Kind::thanks);
    CHECK(ask("What can you do?").kind == Kind::help);
    CHECK(ask("which tables are there?").kind == Kind::tables);
    CHECK(ask("why did revenue fall?").kind == Kind::reason);
    CHECK(ask("show the notes").card == "notes");
}

TEST_CASE("a few strange words are left out, and named", "[genie_parser]") {
    static const Vocabulary words = vocabulary();
    const Parsed parsed = parse_question("revenue of the competitor Starbucks", "sales", words, {});
    CHECK(parsed.request.kind == Kind::aggregate);
    CHECK(parsed.not_understood == Ids{"competitor", "starbucks"});
}

TEST_CASE("values are quoted in SQL and amounts are parameters", "[genie_parser]") {
    CHECK_THAT(write_sql(ask("revenue of O'Brien & Sons Tea")).sql,
               genie_slack::test::contains("c.name = 'O''Brien & Sons Tea'"));
    const WrittenSql written = write_sql(ask("orders over 1,000.50"));
    CHECK_THAT(written.sql, genie_slack::test::contains("o.total > :min_amount"));
    REQUIRE(written.parameters.size() == 1);
    CHECK(written.parameters[0].value == "1000.50");
    CHECK(period_name("month", "2025-11-01") == "November 2025");
    CHECK(period_name("quarter", "2025-10-01") == "Q4 2025");
    CHECK(period_name("year", "2025-01-01") == "2025");
}

TEST_CASE("a question walks through the statuses by time", "[genie_walk]") {
    const Walk walk = plan_walk("", true, 1s);
    std::string seen;
    for (int second = 0; second <= 6; ++second)
        seen += walk_at(walk, second * 1s).status + " ";
    CHECK(seen ==
          "SUBMITTED FETCHING_METADATA FILTERING_CONTEXT ASKING_AI PENDING_WAREHOUSE EXECUTING_QUERY COMPLETED ");
    CHECK(walk_at(walk, 4s).visible == Visible::nothing);
    CHECK(walk_at(walk, 5s).visible == Visible::query);
    CHECK(walk_at(walk, 6s).visible == Visible::everything);
    CHECK(walk_at(walk, 1h).since == 6s);
    CHECK(walk_at(plan_walk("", true, 0s), 0s).terminal);
    CHECK(walk_at(plan_walk("", false, 1s), 4s).terminal);
}

TEST_CASE("outcomes bend the walk", "[genie_walk]") {
    CHECK(walk_at(plan_walk("FAILED", true, 0s), 0s).status == "FAILED");
    CHECK(walk_at(plan_walk("CANCELLED", true, 0s), 0s).status == "CANCELLED");
    CHECK(walk_at(plan_walk("QUERY_RESULT_EXPIRED", true, 0s), 0s).visible == Visible::everything);
    CHECK(walk_at(plan_walk("BLOCK_MULTIPLE", true, 0s), 0s).status == "FAILED");
    CHECK_FALSE(walk_at(plan_walk("HANG", true, 0s), 1000h).terminal);
    CHECK(walk_at(plan_walk("UNKNOWN_STATUS", true, 0s), 50ms).status == "REVIEWING_ANSWER");
    CHECK(walk_at(plan_walk("WAREHOUSE", true, 1s), 23s).status == "PENDING_WAREHOUSE");
    const Walk corrected = plan_walk("SELF_CORRECTION", true, 1s);
    CHECK(walk_at(corrected, 4s).visible == Visible::first_attempt);
    CHECK(walk_at(corrected, 5s).status == "ASKING_AI");
    CHECK(walk_at(corrected, 7s).status == "EXECUTING_QUERY");
}
