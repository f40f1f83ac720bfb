#include "app/answer/answer.hpp"
#include "slack/limits.hpp"
#include "slack/markup.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/rendered_text.hpp"

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace std::chrono_literals;
using test::contains;
using test::limits_broken;
using test::shown_text;

namespace answer_render_test {

genie::Column column(const std::string& name, const std::string& type) {
    genie::Column out;
    out.name = name;
    out.type_name = type;
    return out;
}

// "Revenue by region": text, a table, SQL and two questions to go on with.
AnswerInput revenue() {
    AnswerInput input;
    input.turn_id = "turn-1";
    input.space_title = "Sales & Stock";
    input.question = "Revenue by region?";
    input.parts.texts = {"**EMEA** leads with *1.2 million*.\n\nSee [the report](https://x.test/r)."};
    genie::Attachment& query = input.parts.query.emplace();
    query.title = "Revenue by region";
    query.description = "Sums revenue per region.";
    query.sql = "SELECT region, sum(revenue) AS revenue\nFROM sales\nWHERE y > 2020\nGROUP BY region\n";
    input.parts.suggested_questions = {"And by month?", "Which region grew most?"};
    genie::ResultTable& table = input.table.emplace();
    table.columns = {column("region", "STRING"), column("revenue", "DECIMAL"), column("since", "DATE")};
    table.rows = {
        {"EMEA", "1234567.50", "2021-03-01"}, {"<!channel> | `APAC`", "3.336E5", std::nullopt}, {"", "0", ""}};
    table.total_rows = 3;
    input.conversation_url = "https://dbx.test/genie/rooms/1?o=2";
    return input;
}

AnswerInput only_text(const std::string& markdown) {
    AnswerInput input;
    input.turn_id = "turn-1";
    input.space_title = "Sales";
    input.parts.texts = {markdown};
    return input;
}

std::string rung(const AnswerInput& input, std::size_t index) {
    const auto ladder = render_answer(input);
    REQUIRE(ladder.size() == 3);
    for (const Rendered& rendered : ladder)
        CHECK(limits_broken(rendered) == "");
    return "\n" + shown_text(ladder[index]);
}

}  // namespace answer_render_test

using namespace answer_render_test;

TEST_CASE("an answer shows text, table, SQL, next questions and rating", "[answer]") {
    CHECK(rung(revenue(), 0) == R"(
[text] *EMEA* leads with _1.2 million_.

See <https://x.test/r|the report>.

The result has 3 rows.
[section] *EMEA* leads with _1.2 million_.

See <https://x.test/r|the report>.
[table] left | right | left
region | revenue | since
EMEA | 1,234,567.50 | 2021-03-01
<!channel> | `APAC` | 333,600 | –
– | 0 | –
[context] *Revenue by region* · 3 rows
[section] ```
SELECT region, sum(revenue) AS revenue
FROM sales
WHERE y &gt; 2020
GROUP BY region
```
[actions] (ask_follow_up:0) And by month? -> And by month?
(ask_follow_up:1) Which region grew most? -> Which region grew most?
[context_actions] (rate_answer) Good answer -> up:turn-1, Bad answer -> down:turn-1
[context] Powered by Genie · Sales &amp; Stock · <https://dbx.test/genie/rooms/1?o=2|Open in Genie>
)");
}

TEST_CASE("the simpler form has a table in fixed width and plain rating buttons", "[answer]") {
    CHECK(rung(revenue(), 1) == R"(
[text] *EMEA* leads with _1.2 million_.

See <https://x.test/r|the report>.

The result has 3 rows.
[section] *EMEA* leads with _1.2 million_.

See <https://x.test/r|the report>.
[section] ```
region                    revenue  since
-------------------  ------------  ----------
EMEA                 1,234,567.50  2021-03-01
&lt;!channel&gt; | `APAC`       333,600  –
–                               0  –
```
[context] *Revenue by region* · 3 rows
[section] ```
SELECT region, sum(revenue) AS revenue
FROM sales
WHERE y &gt; 2020
GROUP BY region
```
[actions] (ask_follow_up:0) And by month? -> And by month?
(ask_follow_up:1) Which region grew most? -> Which region grew most?
[actions] (rate_answer_up) Good answer -> up:turn-1
(rate_answer_down) Bad answer -> down:turn-1
[context] Powered by Genie · Sales &amp; Stock · <https://dbx.test/genie/rooms/1?o=2|Open in Genie>
)");
}

TEST_CASE("the plain form is one text", "[answer]") {
    CHECK(rung(revenue(), 2) == R"(
[text] *EMEA* leads with _1.2 million_.

See <https://x.test/r|the report>.

```
region                    revenue  since
-------------------  ------------  ----------
EMEA                 1,234,567.50  2021-03-01
&lt;!channel&gt; | `APAC`       333,600  –
–                               0  –
```

3 rows

```
SELECT region, sum(revenue) AS revenue
FROM sales
WHERE y &gt; 2020
GROUP BY region
```

You could ask next:
• And by month?
• Which region grew most?

Powered by Genie · Sales &amp; Stock · <https://dbx.test/genie/rooms/1?o=2|Open in Genie>
)");
}

TEST_CASE("a query without rows says so, and what it was", "[answer]") {
    AnswerInput input = revenue();
    input.parts.texts.clear();
    input.parts.suggested_questions.clear();
    input.table->rows.clear();
    input.table->total_rows = 0;
    CHECK(rung(input, 0) == R"(
[text] Sums revenue per region.

The query returned no rows.
[section] Sums revenue per region.
[section] The query returned no rows.
[section] ```
SELECT region, sum(revenue) AS revenue
FROM sales
WHERE y &gt; 2020
GROUP BY region
```
[context_actions] (rate_answer) Good answer -> up:turn-1, Bad answer -> down:turn-1
[context] Powered by Genie · Sales &amp; Stock · <https://dbx.test/genie/rooms/1?o=2|Open in Genie>
)");
    CHECK_THAT(rung(input, 2), contains("The query returned no rows."));
}

TEST_CASE("SQL without a table says why", "[answer]") {
    AnswerInput input = revenue();
    input.table.reset();
    input.result_note = "The result is not kept any more <x>.";
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string shown = rung(input, i);
        CHECK_THAT(shown, contains("_The result is not kept any more &lt;x&gt;._"));
        CHECK_THAT(shown, contains("SELECT region"));
        CHECK_THAT(shown, !contains("[table]"));
        CHECK_THAT(shown, !contains("rows"));
    }
    input.parts.query.reset();
    CHECK_THAT(rung(input, 0), !contains("not kept"));
}

TEST_CASE("an answer of text alone stays short", "[answer]") {
    AnswerInput input = only_text("We have *two* kinds: `a` & b.");
    input.conversation_url = "javascript:alert(1)";
    CHECK(rung(input, 0) == R"(
[text] We have _two_ kinds: `a` &amp; b.
[section] We have _two_ kinds: `a` &amp; b.
[context_actions] (rate_answer) Good answer -> up:turn-1, Bad answer -> down:turn-1
[context] Powered by Genie · Sales
)");
    CHECK(rung(input, 2) == R"(
[text] We have _two_ kinds: `a` &amp; b.

Powered by Genie · Sales
)");
}

TEST_CASE("a question of Genie asks for an answer in the thread", "[answer]") {
    AnswerInput input = only_text("Two figures fit.");
    input.parts.clarification = "Do you mean **net** or gross?";
    CHECK(rung(input, 0) == R"(
[text] Two figures fit.

Do you mean *net* or gross?
[section] Two figures fit.

Do you mean *net* or gross?
[context] Answer in this thread, and Genie goes on.
[context_actions] (rate_answer) Good answer -> up:turn-1, Bad answer -> down:turn-1
[context] Powered by Genie · Sales
)");
    // Some messages carry it among the texts as well.
    input.parts.texts = {input.parts.clarification};
    CHECK_THAT(rung(input, 2), contains("[text] Do you mean *net* or gross?\n\nPowered"));
}

TEST_CASE("an answer without anything in it is not silent", "[answer]") {
    AnswerInput input;
    input.turn_id = "turn-1";
    CHECK_THAT(rung(input, 0), contains("[section] Genie finished without an answer to this question."));
    CHECK_THAT(rung(input, 2), contains("[text] Genie finished without an answer to this question."));
}

TEST_CASE("what does not fit is cut, text last, and the cuts are said", "[answer]") {
    AnswerInput input = revenue();
    input.parts.texts[0].clear();
    for (int i = 0; i < 400; ++i)
        input.parts.texts[0] += "Paragraph " + std::to_string(i) + " of the long story.\n\n";
    input.parts.query->sql = "SELECT '" + std::string(20'000, 'x') + "'";
    input.parts.query->parameters = {{"year", "INT", "2025"}, {"name", "STRING", "O'Neil <b>"}};
    input.table->rows.assign(60, {"EMEA", "1234567.50", std::string(500, 'v')});
    input.table->total_rows = 1'284;

    const std::string rich = rung(input, 0);
    CHECK_THAT(rich, contains("The text is cut here; the whole answer stands in Genie."));
    CHECK_THAT(rich, contains("Showing 20 of 1,284 rows · long values are cut"));
    CHECK_THAT(rich, contains("The SQL is cut: the first "));
    CHECK_THAT(rich, contains(" of 20,009 characters are shown."));
    CHECK_THAT(rich, contains("Parameters: year = 2025, name = O'Neil &lt;b&gt;"));
    CHECK_THAT(rich, contains("Paragraph 100 "));

    const std::string simple = rung(input, 1);
    CHECK_THAT(simple, contains("The text is cut here"));
    CHECK_THAT(simple, contains(" of 1,284 rows · long values are cut"));
    CHECK_THAT(simple, contains("The SQL is cut"));

    const std::string plain = rung(input, 2);
    CHECK_THAT(plain, contains("_Left out here: the rest of the text and the SQL._"));
    CHECK_THAT(plain, contains(" of 1,284 rows"));
    CHECK_THAT(plain, contains("• And by month?"));
}

TEST_CASE("wide tables show the first columns and say how many there are", "[answer]") {
    AnswerInput input = revenue();
    input.table->columns.assign(34, column("n", "INT"));
    input.table->rows.assign(2, std::vector<std::optional<std::string>>(34, "1000"));
    input.table->total_rows = 2;
    CHECK_THAT(rung(input, 0), contains("2 rows, showing 20 of 34 columns"));
    CHECK_THAT(rung(input, 1), contains("2 rows, showing 10 of 34 columns"));
    CHECK_THAT(rung(input, 2), contains("2 rows, showing 10 of 34 columns"));
}

TEST_CASE("follow-up buttons carry the whole question, at most five", "[answer]") {
    AnswerInput input = only_text("Yes.");
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
    AnswerInput input = only_text("Hello <!channel> and <@U1> & **<!here>**");
    input.space_title = "<!everyone>";
    for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(rung(input, i), !contains("<!") && !contains("<@"));
}
