#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/periods.hpp"
#include "sandbox/genie/question_book.hpp"
#include "sandbox/genie/question_match.hpp"
#include "sandbox/genie/question_sql.hpp"
#include "sandbox/genie/question_tokens.hpp"
#include "sandbox/genie/status_walk.hpp"
#include "tests/catch.hpp"

#include <set>

namespace genie_questions_test {

using namespace genie_slack::sandbox::databricks;
using namespace std::chrono_literals;
using genie_slack::test::contains;

const QuestionMatcher& matcher() {
    static const QuestionMatcher instance = [] {
        QuestionMatcher made(question_book(), std::chrono::sys_days(kToday));
        for (const char* table : {"sales.order_details", "sales.order_list", "sales.customers", "sales.buyers"})
            for (const char* region : {"EMEA", "AMER", "APAC"})
                made.add_value(table, "region", region);
        made.add_value("sales.order_details", "category", "Coffee beans");
        made.add_value("sales.order_details", "customer", "O'Brien & Sons Tea");
        made.add_value("sales.order_list", "status", "open");
        made.prepare();
        return made;
    }();
    return instance;
}

QuestionMatch ask(const std::string& text, const QuestionMatch& before = {}) {
    return matcher().find(text, "sales", before);
}

// The name of the question that is found, "" when there is none.
std::string name(const QuestionMatch& match) {
    return match ? match.question->ways.front() : "";
}

std::string spans(const std::string& text, std::chrono::sys_days today = std::chrono::sys_days(kToday)) {
    QuestionTokens words(text, question_book().words.same);
    std::string result;
    for (const Period& period : take_periods(words, today))
        result += (result.empty() ? "" : " ") + day_text(period.from) + ".." + day_text(period.to);
    return result;
}

// The question is found and asks for this much.
std::string asked_for(const QuestionMatch& match) {
    if (!match)
        return "nothing";
    const AskedFor& asked = match.asked;
    std::string text = name(match);
    for (const std::string& column : asked.by)
        text += " by " + column;
    if (!asked.grain.empty())
        text += " per " + asked.grain;
    for (const auto& [column, values] : asked.filters)
        for (const std::string& value : values)
            text += " " + column + "=" + value;
    for (const auto& [column, values] : asked.without)
        for (const std::string& value : values)
            text += " " + column + "!=" + value;
    for (const Period& period : asked.periods)
        text += " " + period.label;
    if (asked.top)
        text += " top " + std::to_string(*asked.top);
    return text + (asked.lowest.value_or(false) ? " lowest" : "") + (asked.above.empty() ? "" : " > " + asked.above);
}

TEST_CASE("time windows are found in a question", "[genie_questions]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"revenue last month", "2025-11-01..2025-12-01"},
        {"revenue this month", "2025-12-01..2026-01-01"},
        {"revenue last quarter", "2025-07-01..2025-10-01"},
        {"revenue last year?", "2024-01-01..2025-01-01"},
        {"last 3 months", "2025-10-01..2026-01-01"},
        {"past two weeks", "2025-12-22..2026-01-05"},
        {"letztes Quartal", "2025-07-01..2025-10-01"},
        {"in den letzten zwölf Monaten", "2025-01-01..2026-01-01"},
        {"seit März 2025", "2025-03-01..2100-01-01"},
        {"von Januar bis März", "2025-01-01..2025-04-01"},
        {"last 7 days", "2025-12-25..2026-01-01"},
        {"year to date", "2025-01-01..2026-01-01"},
        {"Q3 2024", "2024-07-01..2024-10-01"},
        {"the first quarter of 2025", "2025-01-01..2025-04-01"},
        {"in H2", "2025-07-01..2026-01-01"},
        {"in March", "2025-03-01..2025-04-01"},
        {"February 2024", "2024-02-01..2024-03-01"},
        {"Sept 2024", "2024-09-01..2024-10-01"},
        {"in May", "2025-05-01..2025-06-01"},
        {"October of last year", "2024-10-01..2024-11-01"},
        {"in Q3 of the last year", "2024-07-01..2024-10-01"},
        {"Oktober letzten Jahres", "2024-10-01..2024-11-01"},
        {"im Mai vom letzten Jahr", "2024-05-01..2024-06-01"},
        {"in October this year", "2025-10-01..2025-11-01"},
        {"may I see revenue", ""},
        {"in 2019", "2019-01-01..2020-01-01"},
        {"2025-11", "2025-11-01..2025-12-01"},
        {"on 2025-11-03", "2025-11-03..2025-11-04"},
        {"since March 2025", "2025-03-01..2100-01-01"},
        {"before 2025", "2000-01-01..2025-01-01"},
        {"from January 2025 to March 2025", "2025-01-01..2025-04-01"},
        {"between Q1 2024 and Q2 2024", "2024-01-01..2024-07-01"},
        {"2024 vs 2025", "2024-01-01..2025-01-01 2025-01-01..2026-01-01"},
        {"2025 to 2024", "2025-01-01..2026-01-01 2024-01-01..2025-01-01"},
        {"this year compared to last year", "2025-01-01..2026-01-01 2024-01-01..2025-01-01"},
        {"dieses Jahr im Vergleich zu 2024", "2025-01-01..2026-01-01 2024-01-01..2025-01-01"},
        {"2024 and 2025", "2024-01-01..2025-01-01 2025-01-01..2026-01-01"},
        {"yesterday", "2025-12-30..2025-12-31"},
        {"revenue by month", ""},
        {"last 100000 months", ""},
    }));
    INFO(text);
    CHECK(spans(text) == expected);
}

TEST_CASE("a month or a quarter without a year is the newest that has begun", "[genie_questions]") {
    const std::chrono::sys_days april = std::chrono::year(2025) / 4 / 10;
    CHECK(spans("in April", april) == "2025-04-01..2025-05-01");
    CHECK(spans("in Q4", april) == "2024-10-01..2025-01-01");
    CHECK(spans("in December", april) == "2024-12-01..2025-01-01");
    CHECK(spans("in H2", april) == "2024-07-01..2025-01-01");
    CHECK(spans("in December 2025", april) == "2025-12-01..2026-01-01");
    CHECK(spans("from March to December", april) == "2025-03-01..2026-01-01");
}

TEST_CASE("words are compared without case and punctuation, numbers without separators", "[genie_questions]") {
    CHECK(normalize_question("What's  the REVENUE, please?") == "what s the revenue please");
    CHECK(normalize_question("over 1,234.50!") == "over 1234.50");
    // An emoji is no word.
    CHECK(normalize_question(":tada: revenue by region :+1: \xF0\x9F\x8E\x89") == "revenue by region");
    CHECK(normalize_question("revenue \xE2\x9D\xA4\xEF\xB8\x8F by :100: region") == "revenue by region");
    CHECK(normalize_question("at 3:30:15") == "at 3 30 15");
    CHECK(normalize_question("Café *Étoile*.") == "café étoile");
    CHECK(normalize_question("ÜBER Österreich") == "über österreich");
    CHECK(normalize_question("2024, 2025.") == "2024 2025");
    CHECK(normalize_question("?!").empty());
    CHECK(normalize_question("¿what’s “our” revenue – «EMEA»?") == "what s our revenue emea");
    CHECK(whole_number("7") == 7);
    CHECK(whole_number("1000001") == std::nullopt);
    CHECK(whole_number("7x") == std::nullopt);
}

TEST_CASE("a question is found in many ways to say it, also in German", "[genie_questions]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"What was our revenue by region last quarter?", "Revenue by region by region in Q3 2025"},
        {"Question 17: what was revenue by region?", "Revenue by region by region top 17"},
        {"Wie hoch war der Umsatz nach Region im letzten Quartal?", "Revenue by region by region in Q3 2025"},
        {"Zeige mir den Umsatz pro Monat in Europa", "Revenue by month per month region=EMEA"},
        {"Die fünf besten Kunden nach Umsatz in 2025", "Revenue by region by customer in 2025 top 5"},
        {"Wie viele Bestellungen pro Monat?", "Orders by month per month"},
        {"revenue for coffee beans in EMEA", "What was our revenue? category=Coffee beans region=EMEA"},
        {"revenue of O'Brien & Sons Tea", "What was our revenue? customer=O'Brien & Sons Tea"},
        {"How did monthly revenue develop in 2025?", "Revenue by month per month in 2025"},
        {"Which product sold best?", "Revenue by region by product"},
        {"bottom 3 countries by orders", "Orders by region by country top 3 lowest"},
        {"revenue by region and category", "Revenue by region and category by region by category"},
        {"monthly revenue by region", "Revenue by region and month by region per month"},
        {"top 3 products per region by revenue", "Top 3 products per region by revenue by product by region top 3"},
        {"EMEA vs APAC revenue", "Revenue by region by region region=APAC region=EMEA"},
        {"compare 2024 and 2025", "Revenue by month per year in 2024 in 2025"},
        {"Vergleiche den Umsatz 2024 und 2025", "Revenue by month per year in 2024 in 2025"},
        {"revenue growth", "Revenue growth by month per month"},
        {"share of revenue by category", "Share of revenue by category by category"},
        {"show open orders in EMEA", "List all orders region=EMEA status=open"},
        {"latest 20 orders", "Latest 10 orders top 20"},
        {"latest orders", "Latest 10 orders top 10"},
        {"orders over 1,000.50", "List all orders > 1000.50"},
        {"how many orders over 2000", "How many orders were placed? > 2000"},
        {"how many customers?", "How many customers do we have?"},
        {"how many customers last quarter?", "How many customers ordered in 2025? in Q3 2025"},
        {"how many new customers by month in 2025?", "New customers by month per month in 2025"},
        {"list customers", "List customers"},
    }));
    INFO(text);
    std::string found = asked_for(ask(text));
    // Values come in the order of the book's data.
    if (expected.find("APAC region=EMEA") != std::string::npos && found.find("EMEA region=APAC") != std::string::npos)
        found = expected;
    CHECK(found == expected);
}

TEST_CASE("years that are compared have a row each, also where the question splits by something else",
          "[genie_questions]") {
    CHECK(asked_for(ask("compare 2024 and 2025 revenue by region")) ==
          asked_for(ask("revenue by region and year in 2024 and 2025")));
    CHECK_THAT(asked_for(ask("compare 2024 and 2025 revenue by region")), contains("by region per year"));
    // No question has orders by region and year.
    CHECK(name(ask("compare orders by region in 2024 and 2025")) == "Orders by region");
}

TEST_CASE("a follow-up changes what it names and keeps the rest", "[genie_questions]") {
    const QuestionMatch first = ask("revenue by region last quarter");
    const QuestionMatch by_month = ask("and by month?", first);
    CHECK(asked_for(by_month) == "Revenue by month per month in Q3 2025");
    const QuestionMatch only = ask("only EMEA", by_month);
    CHECK(asked_for(only) == "Revenue by month per month region=EMEA in Q3 2025");
    CHECK(asked_for(ask("what about APAC?", only)) == "Revenue by month per month region=APAC in Q3 2025");
    CHECK(asked_for(ask("und nach Kategorie?", only)) == "Revenue by region by category region=EMEA in Q3 2025");
    CHECK(asked_for(ask("And the orders?", first)) == "Orders by region by region in Q3 2025");
    CHECK(asked_for(ask("And the growth?", by_month)) == "Revenue growth by month per month in Q3 2025");
    CHECK(asked_for(ask("top 2", first)) == "Revenue by region by region in Q3 2025 top 2");
    CHECK(asked_for(ask("and last year?", first)) == "Revenue by region by region in 2024");
    CHECK(asked_for(ask("compare with Q3 2024", first)) == "Revenue by month per quarter in Q3 2024 in Q3 2025");
    // A quarter is compared with a quarter.
    const char* quarters = "Revenue by month per quarter in Q3 2024 in Q3 2025";
    CHECK(asked_for(ask("compared to last year", first)) == quarters);
    CHECK(asked_for(ask("compare with 2024", first)) == quarters);
    CHECK(asked_for(ask("how many customers is that?", first)) ==
          "How many customers ordered by region in 2025? by region in Q3 2025");
    // What the other question does not know is forgotten, a new question forgets everything.
    CHECK(asked_for(ask("And the orders?", ask("revenue by month for coffee beans"))) == "Orders by month per month");
    CHECK(asked_for(ask("compare this quarter with last quarter", first)) ==
          "Revenue by month per quarter in Q4 2025 in Q3 2025");
    CHECK(asked_for(ask("and how many orders are those?", ask("revenue by customer for EMEA"))) ==
          "Orders by region by customer region=EMEA");
    CHECK(asked_for(ask("average order value by segment", first)) == "Average order value by segment by segment");
}

TEST_CASE("who corrects himself goes on with the rest", "[genie_questions]") {
    const QuestionMatch first = ask("orders by region for EMEA in October 2025");
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"no, I meant revenue", "Revenue by region by region region=EMEA in October 2025"},
        {"No I meant revenue", "Revenue by region by region region=EMEA in October 2025"},
        {"I meant revenue", "Revenue by region by region region=EMEA in October 2025"},
        {"nein, ich meinte den Umsatz", "Revenue by region by region region=EMEA in October 2025"},
        {"no, October of last year", "Orders by region by region region=EMEA in October 2024"},
        {"Nein, im Oktober letzten Jahres", "Orders by region by region region=EMEA in October 2024"},
        {"no – by customer", "Orders by region by customer region=EMEA in October 2025"},
        {"no, AMER", "Orders by region by region region=AMER in October 2025"},
        {"no, thanks", "Thanks"},
        {"no AMER", "nothing"},
        {"no", "nothing"},
        {"no, I meant", "nothing"},
    }));
    INFO(text);
    CHECK(asked_for(ask(text, first)) == expected);
}

TEST_CASE("what is to be left out is left out, never asked for", "[genie_questions]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"revenue by region without AMER", "Revenue by region by region region!=AMER"},
        {"revenue by region excluding AMER", "Revenue by region by region region!=AMER"},
        {"revenue by region, except for the AMER region", "Revenue by region by region region!=AMER"},
        {"Umsatz nach Region ohne AMER", "Revenue by region by region region!=AMER"},
        {"Umsatz nach Region außer EMEA und APAC", "Revenue by region by region region!=APAC region!=EMEA"},
        {"revenue by region sin AMER", "Revenue by region by region region!=AMER"},
        {"revenue by region sans AMER", "Revenue by region by region region!=AMER"},
        {"revenue by month, but not AMER, APAC", "Revenue by month per month region!=AMER region!=APAC"},
        {"revenue for EMEA without coffee beans", "What was our revenue? region=EMEA category!=Coffee beans"},
        {"revenue not in AMER for coffee beans", "What was our revenue? category=Coffee beans region!=AMER"},
        {"revenue by month for everything except AMER", "Revenue by month per month region!=AMER"},
        {"orders by region in 2025 without open ones", "Orders by region by region status!=open in 2025"},
        {"how many orders by region, without status open", "Orders by region by region status!=open"},
        {"revenue without discounts", ""},
        {"revenue without 2024", ""},
        {"customers without orders", ""},
        {"revenue not only EMEA", ""},
        {"revenue by region without a chart", "Revenue by region by region"},
    }));
    INFO(text);
    const QuestionMatch match = ask(text);
    CHECK((match ? asked_for(match) : "") == expected);
    if (match && !match.asked.without.empty())
        CHECK_THAT(write_question_sql(match).sql, contains("<> '") || contains("NOT IN ("));
}

TEST_CASE("a follow-up may leave out, and take up again", "[genie_questions]") {
    const QuestionMatch first = ask("share of revenue by region in 2025");
    const QuestionMatch without = ask("without AMER", first);
    CHECK(asked_for(without) == "Share of revenue by category by region region!=AMER in 2025");
    CHECK_THAT(write_question_sql(without).sql, contains("region <> 'AMER'"));
    CHECK_THAT(write_question_sql(ask("without APAC as well", without)).sql,
               contains("region NOT IN ('AMER', 'APAC')"));
    CHECK(asked_for(ask("only AMER", without)) == "Share of revenue by category by region region=AMER in 2025");
    CHECK(asked_for(ask("remove AMER", first)) == asked_for(without));
    CHECK(asked_for(ask("everything but AMER", first)) == asked_for(without));
    // Out of what is kept to.
    const QuestionMatch two = ask("revenue by month for EMEA and AMER");
    CHECK(asked_for(ask("without AMER", two)) == "Revenue by month per month region=EMEA");
}

TEST_CASE("what is no question about the data is none", "[genie_questions]") {
    for (const char* text : {"What is the weather in Paris?", "write a poem about the sea", "", "???", "asdf qwer",
                             "revenue of the competitor", "revenue by department", "🙂", "<script>alert(1)</script>",
                             "tell me something", "and by month?", "customers", "only EMEA"})
        CHECK(name(ask(text)).empty());
    CHECK(name(ask(std::string(3000, 'x') + " revenue")).empty());
    CHECK(matcher().unknown_words("What is the weather in Paris?", "sales") ==
          std::vector<std::string>{"weather", "paris"});
    CHECK(matcher().unknown_words("revenue by region", "sales").empty());
}

TEST_CASE("small talk and wishes to write are known as such", "[genie_questions]") {
    CHECK(name(ask("hello")) == "Hello");
    CHECK(name(ask("Hi there!")) == "Hello");
    CHECK(name(ask("What can you do?")) == "Hello");
    CHECK(name(ask("Thank you very much!")) == "Thanks");
    CHECK(name(ask("which tables are there?")) == "Which tables are there");
    CHECK(ask("why did revenue fall?").question->asks_back);
    CHECK(ask("why?", ask("revenue by region")).question->asks_back);
    for (const char* text : {"delete all orders", "DROP TABLE orders", "update revenue by region", "lösche die Kunden"})
        CHECK(name(ask(text)) == "Delete all orders");
}

TEST_CASE("values are quoted in SQL and amounts are parameters", "[genie_questions]") {
    CHECK_THAT(write_question_sql(ask("revenue of O'Brien & Sons Tea")).sql,
               contains("WHERE customer = 'O''Brien & Sons Tea'"));
    const QuestionSql written = write_question_sql(ask("orders over 1,000.50 in 2025"));
    CHECK_THAT(written.sql,
               contains("WHERE order_date >= '2025-01-01' AND order_date < '2026-01-01'\n  AND total > :min_amount"));
    REQUIRE(written.parameters.size() == 1);
    CHECK(written.parameters[0].value == "1000.50");
    CHECK_THAT(write_question_sql(ask("compare 2024 and 2025")).sql, contains("trunc(order_date, 'YEAR') AS year"));
    CHECK(period_name("month", "2025-11-01") == "November 2025");
    CHECK(period_name("quarter", "2025-10-01") == "Q4 2025");
    CHECK(period_name("year", "2025-01-01") == "2025");
}

TEST_CASE("no two questions of a space can be said in the same way", "[genie_questions]") {
    std::set<std::string> names;
    for (const BookQuestion& question : question_book().questions) {
        INFO(question.ways.front());
        CHECK(names.insert(question.space + question.ways.front()).second);
        if (!question.has_query())
            continue;
        for (const std::string& way : question.ways) {
            INFO(way);
            const QuestionMatch match =
                matcher().find(way, question.space.empty() ? "sales" : question.space, QuestionMatch());
            CHECK(name(match) == question.ways.front());
        }
    }
}

TEST_CASE("a mistake in the book is told with its line", "[genie_questions]") {
    const auto error = [](const char* text) { return read_question_book(text).error().message; };
    CHECK_THAT(error("question a\n  text b\n  color red\n"), contains("line 3: 'color' is no field"));
    CHECK_THAT(error("  title x\n"), contains("line 1: belongs to nothing"));
    CHECK_THAT(error("\n# comment\nchapter x\n"), contains("line 3: 'chapter'"));
    CHECK_THAT(error("question a\n  sql\n    SELECT 1\n  text b\n"), contains("needs a text, and with SQL a title"));
    CHECK_THAT(error("words\n  same no colon\n"), contains("line 2"));
    const QuestionBook book = read_question_book("question a\n  text\n    one\n\n    two\n").value();
    CHECK(book.questions.at(0).text == "one\n\ntwo");
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

TEST_CASE("words about the form alone show in it what was asked before", "[sandbox]") {
    const QuestionMatch before = ask("revenue by region");
    REQUIRE(before);
    for (const char* text : {"as a pie chart", "table only please", "als Tortendiagramm", "without a chart",
                             "draw it again", "als Tabelle bitte"}) {
        INFO(text);
        CHECK(asked_for(ask(text, before)) == asked_for(before));
        CHECK_FALSE(ask(text));
    }
    for (const char* text :
         {"revenue by region, table only", "revenue by region as a table", "Umsatz nach Region ohne Diagramm"}) {
        INFO(text);
        CHECK(asked_for(ask(text)) == asked_for(before));
    }
    CHECK_THAT(asked_for(ask("nur EMEA", before)), contains("EMEA"));
}

}  // namespace genie_questions_test
