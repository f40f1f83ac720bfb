// Each kind of answer in each of its forms, as Slack gets it.
#include "app/answer/message/failure.hpp"
#include "app/answer/message/status.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"
#include "tests/unit/app/answer/golden.hpp"

namespace answer_golden_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace genie_slack::test;
using namespace std::chrono_literals;
using words::Language;

TEST_CASE("golden: an answer of text alone", "[golden]") {
    matches_golden("text_only", render_answer(only_text("We have *two* kinds:\n\n- `a` & b\n- <!channel>")));
}

TEST_CASE("golden: text, table, SQL and next questions", "[golden]") {
    AnswerInput input = revenue();
    input.identity = "Ada <ada@x.test>";
    input.answered_at = WallTime(std::chrono::seconds(1'767'225'600));
    matches_golden("table", render_answer(input));
}

TEST_CASE("golden: values of every type", "[golden]") {
    AnswerInput input = only_table(
        {column("id", "LONG"), column("amount_eur", "DECIMAL"), column("market_share", "DOUBLE"),
         column("paid", "BOOLEAN"), column("at", "TIMESTAMP"), column("day", "DATE"), column("big", "DECIMAL")},
        {{"1001", "1234.50", "0.125", "true", "2025-01-31T10:00:00.000Z", "2025-01-31", "12345678901234567890.5"},
         {"1002", "-7", "0.5", "false", "2025-01-31T11:30:00.000Z", std::nullopt, "1"}});
    input.chart = "none";
    matches_golden("value_types", render_answer(input));
    input.language = Language::german;
    matches_golden("value_types_german", render_answer(input));
}

TEST_CASE("golden: a table that is too wide", "[golden]") {
    std::vector<genie::Column> columns;
    std::vector<std::optional<std::string>> row;
    for (int i = 1; i <= 34; ++i) {
        columns.push_back(column("figure " + std::to_string(i), "INT"));
        row.emplace_back(std::to_string(i * 1'000));
    }
    matches_golden("wide_table", render_answer(only_table(std::move(columns), {row, row})));
}

TEST_CASE("golden: a result with more rows than a message takes", "[golden]") {
    AnswerInput input = customers(230);
    input.table->total_rows = 1'284;
    input.table->truncated = true;
    input.full_result_below = true;
    matches_golden("many_rows", render_answer(input));
    // Nobody knows how many there are but the file.
    input.table->total_rows = 230;
    matches_golden("cut_rows", render_answer(input));
}

TEST_CASE("golden: charts", "[golden]") {
    matches_golden("chart_line", render_answer(revenue_by_month()));
    matches_golden("chart_bar", render_answer(revenue_by_product()));
    matches_golden("chart_pie", render_answer(share_by_channel()));
    AnswerInput input = revenue_by_month();
    input.chart = "area";
    matches_golden("chart_area", render_answer(input));
    input.chart = "none";
    matches_golden("chart_hidden", render_answer(input));
}

TEST_CASE("golden: Genie asks back", "[golden]") {
    AnswerInput input = only_text("Two figures fit.");
    input.parts.clarification = "Do you mean **net** or gross?";
    matches_golden("clarification", render_answer(input));
}

TEST_CASE("golden: a query without rows, and one whose result is lost", "[golden]") {
    AnswerInput input = revenue();
    input.parts.texts.clear();
    input.table->rows.clear();
    input.table->total_rows = 0;
    matches_golden("no_rows", render_answer(input));
    input.table.reset();
    input.result_note = words::say(input.language, words::Word::result_unreachable);
    matches_golden("result_lost", render_answer(input));
}

TEST_CASE("golden: Markdown with a table of its own", "[golden]") {
    AnswerInput input = only_text("| a | b |\n|---|---|\n| 1 | 2 |\n");
    matches_golden("markdown_table", render_answer(input));
    AnswerInput both = revenue();
    both.parts.texts = input.parts.texts;
    matches_golden("markdown_table_and_result", render_answer(both));
}

TEST_CASE("golden: only where the answer is", "[golden]") {
    AnswerInput input = revenue();
    input.links_only = true;
    matches_golden("links_only", render_answer(input));
}

TEST_CASE("golden: a private answer that may be shared", "[golden]") {
    AnswerInput input = revenue();
    input.may_share = true;
    input.share_channel = "C1";
    matches_golden("private", render_answer(input));
    input.shares_at_root = true;
    matches_golden("private_of_command", render_answer(input));
    input.may_share = false;
    input.shared_link = "https://example.slack.com/archives/C1/p1";
    matches_golden("private_shared", render_answer(input));
}

TEST_CASE("golden: in German", "[golden]") {
    AnswerInput input = revenue_by_month();
    input.language = Language::german;
    input.identity = "Ada";
    input.may_share = true;
    input.table->total_rows = 40;
    matches_golden("german", render_answer(input));
    FailureInput failure;
    failure.language = Language::german;
    failure.failure = Failure::genie_failed;
    failure.error_type = "WAREHOUSE_NOT_FOUND_EXCEPTION";
    failure.space_title = "Umsatz";
    failure.reference = "req-42";
    matches_golden("german_failure", render_failure(failure));
}

TEST_CASE("golden: failures", "[golden]") {
    FailureInput failure;
    failure.failure = Failure::genie_failed;
    failure.error_type = "SQL_EXECUTION_EXCEPTION";
    failure.error_text = "[UNRESOLVED_COLUMN] <!channel> ``` x";
    failure.suggested_questions = {"Which columns are there?"};
    failure.reference = "req-42";
    matches_golden("failure", render_failure(failure));
}

TEST_CASE("golden: compact, as answers come unless something else is set", "[golden]") {
    const auto compact = [](AnswerInput input) {
        input.style = AnswerStyle::compact;
        input.identity = "Ada";
        input.answered_at = WallTime(std::chrono::seconds(1'767'225'600));
        return render_answer(input);
    };
    AnswerInput number = only_table({column("total_revenue", "LONG")}, {{"1284"}});
    number.parts.texts = {"Revenue was **1,284** last month."};
    number.parts.query->description = "Sums revenue. Cancelled orders do not count.";
    matches_golden("compact_number", compact(number));
    AnswerInput rows = revenue_by_product();
    rows.parts.suggested_questions = {"And by month?", "Only tea", "Which product grew most?"};
    matches_golden("compact_four_rows", compact(rows));
    matches_golden("compact_months", compact(revenue_by_month()));
    AnswerInput clarification = only_text("Two figures fit.");
    clarification.parts.clarification = "Which one do you mean? For example:\n\n- Net revenue\n- Gross revenue";
    clarification.parts.suggested_questions = {"Net revenue", "Gross revenue"};
    matches_golden("compact_clarification", compact(clarification));
    FailureInput failure;
    failure.failure = Failure::genie_failed;
    failure.error_type = "SQL_EXECUTION_EXCEPTION";
    failure.error_text = "[TABLE_OR_VIEW_NOT_FOUND] The table or view `sales`.`orders` cannot be found.";
    failure.space_title = "Sales";
    failure.turn_id = "turn-1";
    failure.has_other_spaces = true;
    failure.reference = "req-42";
    matches_golden("compact_failure", render_failure(failure));
}

TEST_CASE("golden: progress, stopped, picker", "[golden]") {
    ProgressInput waiting;
    waiting.queue_place = 3;
    waiting.expected_wait = 95s;
    waiting.elapsed = 20s;
    waiting.turn_id = "turn-1";
    matches_golden("progress_waiting", render_progress(waiting));
    genie::Message message;
    message.status = genie::MessageStatus::pending_warehouse;
    ProgressInput running;
    running.message = &message;
    running.elapsed = 70s;
    running.turn_id = "turn-1";
    matches_golden("progress_running", render_progress(running));
    running.language = Language::german;
    matches_golden("progress_german", render_progress(running));
    matches_golden("stopped", render_stopped(Language::english));
}

}  // namespace answer_golden_test
