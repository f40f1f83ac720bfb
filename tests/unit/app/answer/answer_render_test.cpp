#include "app/answer/actions.hpp"
#include "app/answer/chart/chart_names.hpp"
#include "app/answer/message/answer.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <algorithm>

namespace answer_render_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace std::chrono_literals;
using test::contains;
using test::limits_broken;
using test::shown_text;

std::string rung(const AnswerInput& input, std::size_t index) {
    const auto ladder = render_answer(input);
    REQUIRE(ladder.size() > index);
    for (const Rendered& rendered : ladder)
        CHECK(limits_broken(rendered) == "");
    return "\n" + shown_text(ladder[index]);
}

TEST_CASE("the ladder goes from Slack's newest blocks to plain text", "[answer]") {
    const auto ladder = render_answer(test::revenue_by_month());
    REQUIRE(ladder.size() == 5);
    const auto kinds = [&](std::size_t index) {
        std::string all;
        for (const auto& block : ladder[index].blocks)
            all += std::string(block.at("type").as_string()) + " ";
        return all;
    };
    CHECK(kinds(0) == "markdown data_visualization data_table context actions context_actions context ");
    CHECK(kinds(1) == "markdown image table context actions context_actions context ");
    CHECK(kinds(2) == "section image section context actions actions context ");
    CHECK(kinds(3) == "section section context actions actions context ");
    CHECK(kinds(4).empty());
}

TEST_CASE("forms that would be equal are left out", "[answer]") {
    // Text alone: Markdown, mrkdwn, plain.
    CHECK(render_answer(test::only_text("Yes.")).size() == 3);
    // Without a chart there is nothing to take the picture from.
    CHECK(render_answer(test::customers(3)).size() == 4);
}

TEST_CASE("columns sort as numbers when every value is exactly one, and a NULL sorts below them", "[answer]") {
    using test::column;
    const AnswerInput input = test::only_table(
        {column("exact", "DECIMAL"), column("with_null", "INT"), column("huge", "DECIMAL"), column("text", "STRING")},
        {{"1234567.5", "1", "1", "7"}, {"3", std::nullopt, "9007199254740993", "8"}});
    const auto block = [&] {
        const auto ladder = render_answer(input);
        for (const auto& each : ladder.at(0).blocks)
            if (each.at("type").as_string() == "data_table")
                return each;
        return boost::json::value();
    }();
    const auto& row = block.at("rows").at(1).as_array();
    CHECK(row[0].at("type").as_string() == "raw_number");
    CHECK(row[0].at("value").as_double() == 1234567.5);
    CHECK(row[0].at("text").as_string() == "1,234,567.5");
    CHECK(row[1].at("type").as_string() == "raw_number");
    const auto& missing = block.at("rows").at(2).at(1);
    CHECK(missing.at("type").as_string() == "raw_number");
    CHECK(missing.at("value").as_int64() < 1);
    CHECK(missing.at("text").as_string() == "\xE2\x80\x93");
    for (const std::size_t cell : {2u, 3u})
        CHECK(row[cell].at("type").as_string() == "raw_text");
    CHECK(block.at("rows").at(2).at(0).at("value").as_int64() == 3);
    CHECK(block.at("rows").at(0).at(0).at("type").as_string() == "raw_text");
}

TEST_CASE("a table that sorts has at most a hundred rows below its header", "[answer]") {
    for (const auto& [has, shows] :
         {std::pair(99, 99), std::pair(100, 100), std::pair(101, 100), std::pair(102, 100)}) {
        std::vector<std::vector<std::optional<std::string>>> rows;
        for (int row = 0; row < has; ++row)
            rows.push_back({std::to_string(row), "x"});
        const auto ladder =
            render_answer(test::only_table({test::column("n", "INT"), test::column("word", "STRING")}, rows));
        for (const auto& block : ladder.at(0).blocks)
            if (block.at("type").as_string() == "data_table")
                CHECK(block.at("rows").as_array().size() == static_cast<std::size_t>(shows) + 1);
        CHECK(ladder.at(0).leaves_out_data == (has > shows));
    }
}

TEST_CASE("SQL without a table says why", "[answer]") {
    AnswerInput input = test::revenue();
    input.table.reset();
    input.result_note = "The result is not kept any more <x>.";
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string shown = rung(input, i);
        CHECK_THAT(shown, contains("_The result is not kept any more &lt;x&gt;._"));
        CHECK_THAT(shown, !contains("SELECT") && !contains("[table]") && !contains("rows"));
        CHECK_THAT(shown, contains(i < 2 ? "(show_sql)" : "In Genie: the SQL."));
    }
    input.parts.query.reset();
    CHECK_THAT(rung(input, 0), !contains("not kept") && !contains("show_sql"));
}

TEST_CASE("a result that could not be had can be tried again by a button of its own", "[answer]") {
    AnswerInput input = test::revenue();
    const auto retries = [&input] {
        std::vector<std::string> values;
        const auto ladder = render_answer(input);
        for (const auto& block : ladder.at(0).blocks)
            if (block.at("type").as_string() == "actions" && block.at("elements").as_array().size() == 1) {
                const auto& element = block.at("elements").at(0);
                if (element.at("action_id").as_string() == kMoreAction && element.at("type").as_string() == "button")
                    values.emplace_back(element.at("value").as_string());
            }
        return values;
    };
    CHECK(retries().empty());
    input.table->rows.clear();
    CHECK(retries().empty());
    input.table.reset();
    input.result_note = "The result did not come.";
    CHECK(retries() == std::vector<std::string>{more_value({MoreChoice::again, "turn-1"})});
    CHECK_THAT(rung(input, 0), contains("Try again"));
    input.language = words::Language::german;
    CHECK_THAT(rung(input, 0), contains("Nochmal versuchen"));
    input.turn_id.clear();
    CHECK(retries().empty());
}

TEST_CASE("an answer without words can be asked for again", "[answer]") {
    AnswerInput input;
    input.turn_id = "turn-1";
    for (const AnswerStyle style : {AnswerStyle::compact, AnswerStyle::full}) {
        input.style = style;
        CHECK_THAT(shown_text(render_answer(input).front()), contains("Try again") && contains(kAskAgainAction));
    }
}

TEST_CASE("an answer without a turn has no buttons that need one", "[answer]") {
    AnswerInput input = test::revenue();
    input.turn_id.clear();
    const std::string shown = rung(input, 0);
    CHECK_THAT(shown, contains("ask_follow_up") && !contains("show_sql") && !contains("rate_answer"));
}

TEST_CASE("links only: nothing of the answer is told", "[answer]") {
    AnswerInput input = test::revenue_by_month();
    input.links_only = true;
    input.parts.clarification = "EMEA or APAC?";
    input.parts.suggested_questions = {"Only EMEA?"};
    input.result_note = "EMEA";
    input.conversation_url = "https://dbx.test/genie/rooms/1";
    for (std::size_t i = 0; i < render_answer(input).size(); ++i) {
        const std::string shown = rung(input, i);
        CHECK_THAT(shown, !contains("EMEA") && !contains("1200") && !contains("show_sql") && !contains("rows"));
        CHECK_THAT(shown, contains("<https://dbx.test/genie/rooms/1|Open in Genie>"));
    }
}

TEST_CASE("the chart switch offers what can be drawn and shows what is", "[answer]") {
    AnswerInput input = test::revenue_by_month();
    const auto select = [&] {
        const auto ladder = render_answer(input);
        for (const auto& block : ladder.at(0).blocks)
            if (block.at("type").as_string() == "actions")
                for (const auto& element : block.at("elements").as_array())
                    if (element.at("action_id").as_string() == kChartAction)
                        return element;
        return boost::json::value();
    };
    CHECK(select().at("initial_option").at("value").as_string() == "line:turn-1");
    CHECK(select().at("options").as_array().back().at("value").as_string() == "none:turn-1");
    input.chart = "none";
    CHECK(select().at("initial_option").at("value").as_string() == "none:turn-1");
    CHECK_THAT(rung(input, 0), !contains("data_visualization"));
    CHECK(select().at("options").as_array().size() >= 3);
}

TEST_CASE("the menu of a compact answer offers the same kinds of chart beside either view", "[answer]") {
    AnswerInput input = test::revenue();
    input.style = AnswerStyle::compact;
    input.table->columns.pop_back();
    input.table->rows = {{"EMEA", "30"}, {"APAC", "20"}, {"AMER", "10"}};
    const auto kinds = [&] {
        std::vector<std::string> values;
        const auto ladder = render_answer(input);
        for (const auto& block : ladder.at(0).blocks)
            if (block.at("type").as_string() == "actions")
                for (const auto& element : block.at("elements").as_array())
                    if (element.at("type").as_string() == "overflow")
                        for (const auto& option : element.at("options").as_array())
                            if (parse_chart(std::string(option.at("value").as_string())))
                                values.emplace_back(option.at("value").as_string());
        return values;
    };
    input.chart = "bar";
    const auto beside_chart = kinds();
    CHECK(std::find(beside_chart.begin(), beside_chart.end(), "pie:turn-1") != beside_chart.end());
    input.chart = kNoChart;
    input.chart_before = "bar";
    CHECK(kinds() == beside_chart);
}

TEST_CASE("an answer without anything in it is not silent", "[answer]") {
    AnswerInput input;
    input.turn_id = "turn-1";
    CHECK_THAT(rung(input, 0), contains("[section] Genie finished without an answer to this question."));
    AnswerInput unseen = input;
    unseen.parts.texts = {"\u200B \u00A0"};
    CHECK_THAT(rung(unseen, 0), contains("[section] Genie finished without an answer to this question."));
    CHECK_THAT(rung(input, 2), contains("[text] Genie finished without an answer to this question."));
}

TEST_CASE("data that do not fit are cut, text goes on below, and both are said", "[answer]") {
    AnswerInput input = test::revenue();
    input.parts.texts[0].clear();
    for (int i = 0; i < 600; ++i)
        input.parts.texts[0] += "Paragraph " + std::to_string(i) + " of the long story.\n\n";
    input.table->rows.assign(60, {"EMEA", "1234567.50", std::string(500, 'v')});
    input.table->total_rows = 1'284;

    const std::string rich = rung(input, 0);
    CHECK_THAT(rich, contains("Continued in the next message."));
    CHECK_THAT(rich, contains("Showing 60 of 1,284 rows · long values are cut"));
    CHECK_THAT(rich, contains("Paragraph 200 "));
    CHECK_THAT(rung(input, 1), contains("Showing 20 of 1,284 rows · long values are cut"));

    const std::string simple = rung(input, 2);
    CHECK_THAT(simple, contains("Continued in the next message."));
    CHECK_THAT(simple, contains(" of 1,284 rows · long values are cut"));

    const std::string plain = rung(input, 3);
    CHECK_THAT(plain, contains("_Continued in the next message._"));
    CHECK_THAT(plain, contains("_In Genie: the SQL._"));
    CHECK_THAT(plain, contains(" of 1,284 rows"));
    CHECK_THAT(plain, contains("• And by month?"));
}

TEST_CASE("a fixed-width table says when it cuts values", "[answer]") {
    AnswerInput input = test::revenue();
    input.table->rows = {{std::string(60, 'x'), "1", "2021-03-01"}};
    input.table->total_rows = 1;
    CHECK_THAT(rung(input, 0), contains("1 row\n"));
    CHECK_THAT(rung(input, 2), contains("1 row · long values are cut"));
    CHECK_THAT(rung(input, 3), contains("1 row · long values are cut"));
    CHECK(render_answer(input)[2].leaves_out_data);
}

TEST_CASE("a long code block is closed where it is cut", "[answer]") {
    std::string code = "Look:\n\n```sql\n";
    for (int i = 0; i < 1'000; ++i)
        code += "SELECT " + std::to_string(i) + ";\n";
    const auto ladder = render_answer(test::only_text(code + "```\n"));
    for (std::size_t i = 0; i < ladder.size(); ++i) {
        const std::string& text = ladder[i].text;
        std::size_t fences = 0;
        for (std::size_t at = text.find("```"); at != std::string::npos; at = text.find("```", at + 3))
            ++fences;
        CHECK(fences % 2 == 0);
    }
    const std::string markdown(ladder[0].blocks[0].at("text").as_string());
    CHECK(markdown.size() > 5'000);
    CHECK(markdown.ends_with("\n```"));
}

TEST_CASE("wide tables show the first columns and say how many there are", "[answer]") {
    AnswerInput input = test::revenue();
    input.table->columns.assign(34, test::column("n", "INT"));
    input.table->rows.assign(2, std::vector<std::optional<std::string>>(34, "1000"));
    input.table->total_rows = 2;
    CHECK_THAT(rung(input, 0), contains("2 rows, showing 20 of 34 columns"));
    CHECK_THAT(rung(input, 1), contains("2 rows, showing 20 of 34 columns"));
    CHECK_THAT(rung(input, 2), contains("2 rows, showing 10 of 34 columns"));
    CHECK_THAT(rung(input, 3), contains("2 rows, showing 10 of 34 columns"));
}

TEST_CASE("follow-up buttons carry the whole question, at most five", "[answer]") {
    AnswerInput input = test::only_text("Yes.");
    const std::string question = "Which of the " + std::string(200, 'y') + " grew?";
    input.parts.suggested_questions = {question, " ",  question, "b?\n", "c?", std::string(2'001, 'z'),
                                       "d?",     "e?", "f?"};
    const std::string shown = rung(input, 0);
    CHECK_THAT(shown, contains("(ask_follow_up:0) " + slack::truncate(question, 75) + " -> " + question + "\n"));
    CHECK_THAT(shown, contains("(ask_follow_up:1) b? -> b?\n(ask_follow_up:2) c? -> c?\n(ask_follow_up:3) d? -> d?"));
    CHECK_THAT(shown, contains("(ask_follow_up:4) e? -> e?"));
    CHECK_THAT(shown, !contains("ask_follow_up:5"));
}

TEST_CASE("an answer notifies nobody by what the data says", "[answer]") {
    AnswerInput input = test::only_text("Hello <!channel> and <@U1> & **<!here>**");
    input.space_title = "<!everyone>";
    for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(rung(input, i), !contains("<!") && !contains("<@"));
}

TEST_CASE("a drawn chart is put in or taken out when it is known", "[answer]") {
    const auto ladder = render_answer(test::revenue_by_month());
    CHECK_FALSE(wants_chart_file(ladder[0]));
    REQUIRE(wants_chart_file(ladder[1]));
    Rendered placed = ladder[1];
    place_chart_file(placed, "F123");
    CHECK(placed.blocks.size() == ladder[1].blocks.size());
    CHECK(placed.blocks[1].at("slack_file").at("id").as_string() == "F123");
    CHECK_FALSE(wants_chart_file(placed));
    Rendered without = ladder[1];
    place_chart_file(without, "");
    CHECK(without.blocks.size() + 1 == ladder[1].blocks.size());
    CHECK_FALSE(wants_chart_file(without));
}

TEST_CASE("tables of Genie's own are whole, and say in the reader's language what they narrow", "[answer]") {
    std::string markdown = "| name | n |\n|---|---|\n";
    for (int i = 0; i < 130; ++i)
        markdown += "| " + std::string(i == 0 ? 60 : 3, 'x') + " | " + std::to_string(i) + " |\n";
    AnswerInput input = test::revenue();
    input.parts.texts = {markdown};
    input.language = words::Language::german;
    // Beside the result's table there is no room for another one: it stands in fixed width.
    const auto whole = render_answer(input)[0];
    std::string all = shown_text(whole);
    for (const std::string& message : whole.further.messages)
        all += message;
    CHECK_THAT(all,
               contains("xxx                                       129") && contains("… lange Werte sind gekürzt"));
    CHECK(whole.further.in_file);
    input.parts.texts = {markdown.substr(0, markdown.find("| 20 |"))};
    CHECK_THAT(rung(input, 0), contains("… lange Werte sind gekürzt") && !contains("weitere"));
}

TEST_CASE("a long table of Genie's own goes on below with its header", "[answer]") {
    std::string markdown = "Here they are.\n\n| region | revenue |\n|---|---|\n";
    for (int i = 0; i < 700; ++i)
        markdown += "| Region number " + std::to_string(i) + " | " + std::to_string(i * 100) + ".00 |\n";
    AnswerInput input;
    input.parts.texts = {markdown};
    const auto first = render_answer(input)[0];
    CHECK(first.blocks[0].at("type").as_string() == "markdown");
    REQUIRE_FALSE(first.further.messages.empty());
    const std::string& next = first.further.messages[0];
    CHECK_THAT(next, contains("```") && contains("region") && !contains("| Region"));
    // No row is lost or told twice.
    std::string all = shown_text(first);
    for (const std::string& message : first.further.messages)
        all += message;
    for (const int i : {100, 300, 699}) {
        const std::string row = "Region number " + std::to_string(i) + " ";
        CHECK(all.find(row) != std::string::npos);
        CHECK(all.find(row) == all.rfind(row));
    }
    // What is cut elsewhere gets no header.
    input.parts.texts = {"| a | b |\n|---|---|\n| 1 | 2 |\n\n" + std::string(14'000, 'x')};
    const auto other = render_answer(input)[0];
    REQUIRE_FALSE(other.further.messages.empty());
    for (const std::string& message : other.further.messages)
        CHECK_THAT(message, !contains("```"));
}

}  // namespace answer_render_test
