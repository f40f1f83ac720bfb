// Compact answers: one glance, the rest one tap away.
#include "app/answer/message/shown_answer.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace answer_glance_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using namespace genie_slack::answer;
using namespace genie_slack::test;

AnswerInput compact(AnswerInput input) {
    input.style = AnswerStyle::compact;
    input.turn_id = "turn-1";
    input.space_title = "Sales";
    input.identity = "Sales bot";
    input.answered_at = WallTime(std::chrono::seconds(1'767'225'600));
    return input;
}

Rendered native(const AnswerInput& input) {
    return render_answer(input).front();
}

std::size_t count(const Rendered& rendered, const std::string& type) {
    return static_cast<std::size_t>(
        std::count_if(rendered.blocks.begin(), rendered.blocks.end(),
                      [&](const boost::json::value& block) { return block.at("type").as_string() == type; }));
}

std::string all(const Rendered& rendered) {
    return boost::json::serialize(rendered.blocks);
}

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

TEST_CASE("chart or table, the other one is a tap away", "[glance]") {
    AnswerInput input = compact(revenue_by_month());
    const Rendered chart = native(input);
    CHECK(count(chart, "data_visualization") == 1);
    CHECK(count(chart, "data_table") == 0);
    CHECK_THAT(all(chart), contains("Show table") && contains("\"none:turn-1\""));
    CHECK(read_shown_answer({{"blocks", chart.blocks}}).chart == "line");
    input.chart = "none";
    const Rendered table = native(input);
    CHECK(count(table, "data_visualization") == 0);
    CHECK(count(table, "data_table") == 1);
    CHECK_THAT(all(table), contains("Show chart") && contains("\"line:turn-1\""));
    CHECK(read_shown_answer({{"blocks", table.blocks}}).chart == "none");
}

TEST_CASE("the text of a notification tells what the message shows", "[glance]") {
    AnswerInput input = compact(revenue_by_month());
    CHECK_THAT(native(input).text, contains("Line chart"));
    const auto ladder = render_answer(input);
    // Here it is a table.
    CHECK_THAT(ladder.at(1).text, !contains("Line chart") && contains("The result has 4 rows."));
    input.chart = "none";
    CHECK_THAT(native(input).text, !contains("Line chart") && contains("The result has 4 rows."));
    // What a table opens with, although it could be drawn.
    AnswerInput leaves_out = compact(customers(6));
    leaves_out.chart = "";
    leaves_out.table->columns.push_back(column("mean_price", "DOUBLE"));
    for (auto& row : leaves_out.table->rows)
        row.emplace_back("0.5");
    REQUIRE(count(native(leaves_out), "data_table") == 1);
    CHECK_THAT(native(leaves_out).text, !contains("Bar chart"));
    input.style = AnswerStyle::full;
    input.chart = "";
    for (const Rendered& form : render_answer(input)) {
        const bool has_chart = count(form, "data_visualization") == 1 || wants_chart_file(form);
        CHECK((form.text.find("Line chart") != std::string::npos) == has_chart);
    }
}

TEST_CASE("a chart that must be drawn as a picture leaves the table where it is", "[glance]") {
    const auto ladder = render_answer(compact(revenue_by_month()));
    REQUIRE(ladder.size() > 2);
    CHECK(count(ladder[1], "table") == 1);
    CHECK_FALSE(wants_chart_file(ladder[1]));
    AnswerInput wished = compact(revenue_by_month());
    wished.chart = "bar";
    CHECK(wants_chart_file(render_answer(wished)[1]));
    CHECK(count(render_answer(wished)[1], "table") == 1);
}

TEST_CASE("what Slack's own chart cannot show is a picture or a table, not both", "[glance]") {
    std::vector<std::vector<std::optional<std::string>>> rows;
    for (int month = 0; month < 24; ++month)
        rows.push_back({(month < 12 ? "2024-" : "2025-") + std::string(month % 12 < 9 ? "0" : "") +
                            std::to_string(month % 12 + 1) + "-01",
                        std::to_string(1'000 + month)});
    AnswerInput input = compact(only_table({column("month", "DATE"), column("revenue", "LONG")}, std::move(rows)));
    CHECK(count(native(input), "data_table") == 1);
    input.chart = "line";
    const auto ladder = render_answer(input);
    CHECK(wants_chart_file(ladder[0]));
    CHECK(count(ladder[0], "data_table") == 0);
    CHECK(ladder[0].needs_chart);
    CHECK_THAT(all(ladder[0]), contains("Show table"));
    CHECK(read_shown_answer({{"blocks", ladder[0].blocks}}).chart == "line");
    // Where the picture cannot be had.
    CHECK(count(ladder[1], "table") == 1);
    CHECK_FALSE(ladder[1].needs_chart);
}

TEST_CASE("bullets that say what the buttons ask are left to the buttons", "[glance]") {
    AnswerInput input = compact(only_text(
        "I do not know that. What would you like to know about **Sales**? For example:\n\n- Revenue by region\n- "
        "**Top 5 customers?**\n- Orders by month"));
    input.parts.suggested_questions = {"Revenue by region", "Top 5 customers?", "Orders by month"};
    const Rendered small = native(input);
    CHECK_THAT(small.text, contains("What would you like to know about *Sales*?") && !contains("example") &&
                               !contains("Revenue by region"));
    CHECK(occurrences(all(small), kFollowUpAction) == 3);
    input.parts.suggested_questions.pop_back();
    CHECK_THAT(native(input).text,
               contains("For example:") && contains("Orders by month") && !contains("Revenue by region"));
    input.style = AnswerStyle::full;
    CHECK_THAT(native(input).text, contains("Revenue by region"));
    input.style = AnswerStyle::compact;
    input.parts.suggested_questions = {"And by month?", "Only EMEA", "Which region grew most?"};
    CHECK_THAT(native(input).text, contains("Revenue by region"));
    CHECK(occurrences(all(native(input)), kFollowUpAction) == 2);
}

TEST_CASE("questions alone are an answer, and what leads to dropped ones is no loose end", "[glance]") {
    AnswerInput input = compact(only_text("- Revenue by region\n- Orders by month"));
    input.parts.suggested_questions = {"Revenue by region", "Orders by month"};
    CHECK_THAT(native(input).text, contains("Revenue by region") && contains("Orders by month"));
    input.parts.texts = {"**Example questions:**\n- Revenue by region\n- Orders by month"};
    CHECK_THAT(native(input).text, contains("*Example questions*") && !contains("**") && !contains("Revenue"));
    input.parts.texts = {"**I need more. For example:**\n- Revenue by region\n- Orders by month"};
    CHECK_THAT(native(input).text, contains("*I need more.*") && !contains("**") && !contains("example"));
}

TEST_CASE("what a query takes for granted is one line with its answer", "[glance]") {
    AnswerInput input = compact(revenue_by_month());
    input.parts.query->description =
        "Sums revenue per month. Cancelled orders do not count. The data ends on 31.12.2025, which counts as today.";
    const std::string said = "Cancelled orders do not count. The data ends on 31.12.2025, which counts as today.";
    for (const AnswerStyle style : {AnswerStyle::compact, AnswerStyle::full}) {
        input.style = style;
        for (const Rendered& rung : render_answer(input))
            CHECK(occurrences(rung.blocks.empty() ? rung.text : all(rung), said) == 1);
    }
    CHECK_THAT(answer_record(input), contains("Cancelled orders do not count"));
    input.parts.query->description = "Summe nach Region. Die Daten enden am 29. November 2026, der als heute gilt.";
    CHECK(occurrences(all(native(input)), "Die Daten enden am 29. November 2026, der als heute gilt.") == 1);
    CHECK_THAT(all(native(input)), !contains("Summe nach Region"));
    input.parts.query->description = "Sums revenue in 2025. Cancelled orders do not count.";
    CHECK_THAT(all(native(input)), !contains("Sums revenue"));
    input.links_only = true;
    CHECK_THAT(all(native(input)), !contains("Cancelled"));
    input.links_only = false;
    input.parts.texts.clear();  // then the description is the text
    CHECK(occurrences(all(native(input)), "Cancelled orders") == 1);
    input = compact(revenue_by_month());
    for (const char* quiet : {"Sums revenue per month.", "Counts the orders of each region.", ""}) {
        input.parts.query->description = quiet;
        CHECK(count(native(input), "context") == 1);
    }
    for (const char* german :
         {"Zählt Bestellungen. Stornierte zählen nicht.", "Umsatz, nur aus dem Shop.", "Umsatz ohne Steuern."}) {
        input.parts.query->description = german;
        CHECK(count(native(input), "context") == 2);
    }
}

TEST_CASE("a number that Genie writes in another style is not told twice", "[glance]") {
    AnswerInput input = compact(only_table({column("total_revenue", "DECIMAL")}, {{"1234567.5"}}));
    for (const char* told : {"Es waren 1.234.567,50 Euro.", "It was 1,234,567.50.", "Es waren 1.234.567,5 Euro."}) {
        input.parts.texts = {told};
        for (const words::Language language : words::kLanguages) {
            input.language = language;
            INFO(told << " " << words::to_string(language) << " " << all(native(input)));
            CHECK_THAT(all(native(input)), !contains("Total revenue"));
        }
    }
}

TEST_CASE("as whom Genie was asked stands below what has no query to tell it", "[glance]") {
    CHECK_THAT(all(native(compact(only_text("Hello.")))), contains("Sales bot"));
    CHECK_THAT(all(native(compact(revenue()))), !contains("Sales bot"));
}

TEST_CASE("a single number is no table", "[glance]") {
    AnswerInput input = compact(only_table({column("total_revenue", "LONG")}, {{"1284"}}));
    input.parts.texts = {"Revenue was 1,284 last month."};
    const Rendered told = native(input);
    CHECK(count(told, "data_table") == 0);
    CHECK(occurrences(all(told), "1,284") == 1);
    input.parts.texts = {"Here is the revenue of last month."};
    const Rendered untold = native(input);
    CHECK(count(untold, "data_table") == 0);
    CHECK_THAT(all(untold), contains("Total revenue: *1,284*"));
}

TEST_CASE("one row is no table where the sentence says all of it", "[glance]") {
    AnswerInput input =
        compact(only_table({column("region", "STRING"), column("revenue", "DECIMAL")}, {{"EMEA", "21"}}));
    const auto tables = [&](const std::string& text) {
        input.parts.texts = {text};
        return count(native(input), "data_table");
    };
    CHECK(tables("Revenue in EMEA was 21 EUR.") == 0);
    // Every value has to be there, as a word of its own.
    CHECK(tables("Revenue was 21 EUR.") == 1);
    CHECK(tables("Revenue in EMEA in 2021 was 1,521.") == 1);
    CHECK(tables("Revenue in EMEA was 21,300 or 3.21.") == 1);
    CHECK(tables("") == 1);
    input.chart = "none";
    CHECK(tables("Revenue in EMEA was 21 EUR.") == 1);
    input.chart.clear();
    input.table->rows[0][1] = std::nullopt;
    CHECK(tables("Revenue in EMEA was 21 EUR.") == 1);
    input.table->rows = {{"EMEA", "21"}, {"APAC", "22"}};
    input.table->total_rows = 2;
    input.parts.texts = {"Revenue in EMEA was 21, in APAC 22 EUR."};
    CHECK(count(native(input), "data_visualization") == 1);
}

TEST_CASE("a compact answer is smaller than the full one and loses nothing that can be done", "[glance]") {
    for (AnswerInput input : {revenue(), revenue_by_month(), revenue_by_product(), share_by_channel(), customers(40)}) {
        input = compact(std::move(input));
        const Rendered small = native(input);
        input.style = AnswerStyle::full;
        const Rendered full = native(input);
        INFO(all(small));
        CHECK(small.blocks.size() < full.blocks.size());
        CHECK(slack::limits::check_message(small.text, small.blocks).empty());
        CHECK(small.leaves_out_data == full.leaves_out_data);
        CHECK(occurrences(all(small), kFollowUpAction) <= 2);
        for (const char* action : {kSqlAction, kMoreAction, kRatingAction})
            CHECK_THAT(all(small), contains(action));
        CHECK(count(small, "actions") <= 2);
    }
}

TEST_CASE("a compact answer has its title once and one line below", "[glance]") {
    AnswerInput input = compact(revenue_by_product());
    const std::string title = input.parts.query ? input.parts.query->title : "";
    input.parts.texts.clear();
    const Rendered rendered = native(input);
    if (!title.empty())
        CHECK(occurrences(all(rendered), title) == 1);
    const std::string footer(rendered.blocks.back().at("elements").at(0).at("text").as_string());
    const std::string all_text = all(rendered);
    CHECK_THAT(all_text, contains("Powered by Genie") && contains("AI-generated") && !contains("Sales bot"));
    CHECK(footer.find('\n') == std::string::npos);
}

TEST_CASE("an answer about today says which day that is where the reader has another one", "[glance]") {
    AnswerInput input = compact(revenue_by_product());
    REQUIRE(input.parts.query.has_value());
    input.answered_at = WallTime(std::chrono::seconds(1'782'958'000));  // 2026-07-02 02:06:40 UTC
    const auto day_told = [&input](const char* sql, std::optional<std::chrono::seconds> offset) {
        input.parts.query->sql = sql;
        input.utc_offset = offset;
        return all(native(input)).find("“today” is 2026-07-02 (UTC)") != std::string::npos;
    };
    const char* today = "SELECT sum(x) FROM t WHERE day = CURRENT_DATE()";
    CHECK(day_told(today, -7h));
    CHECK(day_told(today, -3h));
    CHECK(day_told("SELECT sum(x) FROM t WHERE at > now() - INTERVAL 1 DAY", -7h));
    // Not where both have the same day, nor where it does not matter, nor where the query looks after it.
    CHECK_FALSE(day_told(today, 2h));
    CHECK_FALSE(day_told(today, std::nullopt));
    CHECK_FALSE(day_told("SELECT sum(x) FROM t WHERE day = '2026-07-01'", -7h));
    CHECK_FALSE(day_told("SELECT to_date(from_utc_timestamp(current_timestamp(), 'America/Los_Angeles'))", -7h));
    // A reader ahead of UTC has the next day.
    input.answered_at -= 4h;
    input.parts.query->sql = today;
    input.utc_offset = 9h;
    CHECK_THAT(all(native(input)), contains("“today” is 2026-07-01 (UTC)"));
}

}  // namespace answer_glance_test
