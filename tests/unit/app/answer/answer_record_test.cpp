// What is recorded of an answer: Markdown for readers outside of Slack.
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"

namespace answer_record_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace genie_slack::test;

std::size_t count_lines(const std::string& text, const std::string& start) {
    std::size_t found = text.starts_with(start) ? 1 : 0;
    for (std::size_t at = text.find("\n" + start); at != std::string::npos; at = text.find("\n" + start, at + 1))
        ++found;
    return found;
}

TEST_CASE("all rows that Slack shows are recorded, and no file that may not exist", "[record]") {
    AnswerInput input = customers(20);
    input.full_result_below = true;
    const std::string record = answer_record(input);
    CHECK(count_lines(record, "| customer ") == 20);
    CHECK_THAT(record, contains("| --- | ---: |\n") && contains("20 rows"));
    CHECK_THAT(record, !contains("file"));
    CHECK_THAT(record, !contains("Left out"));

    const std::string long_one = answer_record(customers(500));
    CHECK(count_lines(long_one, "| customer ") == 100);
    CHECK_THAT(long_one, contains("Showing 100 of 500 rows"));
}

TEST_CASE("a long text is recorded in full", "[record]") {
    std::string markdown;
    for (int i = 0; i < 500; ++i)
        markdown += "## Part " + std::to_string(i) + "\n\nEMEA is **ahead** & " + std::to_string(i) + " < 500.\n\n";
    const std::string record = answer_record(only_text(markdown));
    CHECK(record.size() > 20'000);
    CHECK_THAT(record, contains("## Part 499\n\nEMEA is **ahead** & 499 < 500."));
}

TEST_CASE("the record has nothing of Slack's own markup", "[record]") {
    AnswerInput input = revenue();
    input.space_title = "R&D <sales>";
    input.conversation_url = "https://x.example/genie?o=1&c=2";
    input.answered_at = WallTime(std::chrono::seconds(1'767'225'600));
    input.text_at = input.answered_at - std::chrono::hours(30);
    const std::string record = answer_record(input);
    CHECK_THAT(record, contains("2026-01-01 00:00 UTC") && contains("R&D \\<sales>") &&
                           contains("](https://x.example/genie?o=1&c=2)"));
    CHECK_THAT(record, !contains("<!date") && !contains("&amp;") && !contains("&lt;") && !contains("<https"));
    CHECK_THAT(record, contains("You could ask next:\n\n- "));
}

TEST_CASE("a value cannot end its cell", "[record]") {
    const genie::Column name = column("na|me", "STRING");
    const std::string record = answer_record(only_table({name}, {{"a|b"}, {"*c*"}, {"d\ne"}, {std::nullopt}}));
    CHECK(count_lines(record, "| ") == 6);
    CHECK_THAT(record, contains("| a\\|b |\n| \\*c\\* |\n"));
}

TEST_CASE("an answer without anything in it is recorded as what the person read", "[record]") {
    AnswerInput input;
    input.space_title = "Sales";
    CHECK_THAT(answer_record(input), contains("Genie finished without an answer") && !contains("**"));
}

TEST_CASE("with links only, the record has the link alone", "[record]") {
    AnswerInput input = revenue();
    input.links_only = true;
    input.conversation_url = "https://x.example/genie";
    const std::string record = answer_record(input);
    CHECK_THAT(record, contains("https://x.example/genie") && !contains("|") && !contains("EMEA"));
}

}  // namespace answer_record_test
