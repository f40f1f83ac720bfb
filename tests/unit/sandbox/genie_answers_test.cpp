#include "sandbox/genie/analyst.hpp"
#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/question_book.hpp"
#include "sandbox/genie/question_text.hpp"
#include "sandbox/genie/text_coding.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <set>

namespace genie_answers_test {

using namespace genie_slack::sandbox::databricks;
using genie_slack::test::contains;

// One for all cases: the data never changes.
Analyst& analyst() {
    static Analyst instance(1);
    return instance;
}

const std::vector<SpaceInfo>& spaces() {
    static const std::vector<SpaceInfo> list = make_spaces(3);
    return list;
}

struct Asked {
    Answer answer;
    Table table;
};

Asked ask(const std::string& question, Context& context, std::size_t space = 0) {
    Asked asked;
    asked.answer = analyst().answer(spaces()[space], question, context);
    if (asked.answer.has_query())
        asked.table = analyst().run(asked.answer).value();
    return asked;
}

Asked ask(const std::string& question, std::size_t space = 0) {
    Context context;
    return ask(question, context, space);
}

Answer only_answer(const std::string& question, std::size_t space, Context& context) {
    return analyst().answer(spaces()[space], question, context);
}

Answer only_answer(const std::string& question, std::size_t space) {
    Context context;
    return only_answer(question, space, context);
}

// The questions of the book that have SQL.
std::vector<BookQuestion> queries() {
    std::vector<BookQuestion> list = question_book().questions;
    std::erase_if(list, [](const BookQuestion& question) { return !question.has_query(); });
    return list;
}

std::size_t space_of(const BookQuestion& question) {
    return question.space == "operations" ? 1 : question.space == "people" ? 2 : 0;
}

TEST_CASE("every sample question is answered with rows", "[genie_answers]") {
    for (std::size_t space = 0; space < spaces().size(); ++space)
        for (const std::string& question : spaces()[space].sample_questions) {
            INFO(question);
            const Asked asked = ask(question, space);
            CHECK(asked.answer.has_query());
            CHECK_FALSE(asked.answer.clarification);
            CHECK_FALSE(asked.table.rows.empty());
            CHECK_FALSE(asked.answer.title.empty());
            CHECK_FALSE(asked.answer.description.empty());
            CHECK_FALSE(asked.answer.thoughts.empty());
            CHECK_FALSE(asked.answer.suggestions.empty());
        }
}

TEST_CASE("every suggested question can be answered, three steps deep", "[genie_answers]") {
    for (std::size_t space = 0; space < spaces().size(); ++space)
        for (const std::string& question : spaces()[space].sample_questions) {
            Context first;
            for (const std::string& second : ask(question, first, space).answer.suggestions) {
                Context context = first;
                for (const std::string& third : ask(second, context, space).answer.suggestions) {
                    INFO(question << " > " << second << " > " << third);
                    Context last = context;
                    const Answer answer = ask(third, last, space).answer;
                    CHECK(answer.has_query());
                    CHECK_THAT(answer.text, !contains("There is no"));
                }
            }
        }
}

TEST_CASE("every way to ask a question of the book gives rows and words", "[genie_answers]") {
    for (const BookQuestion& question : queries())
        for (const std::string& way : question.ways) {
            INFO(way);
            const Asked asked = ask(way, space_of(question));
            REQUIRE(asked.answer.has_query());
            CHECK(asked.table.rows.empty() == (asked.answer.title == "Orders from Antarctica"));
            CHECK_THAT(asked.answer.text + asked.answer.title + asked.answer.description, !contains("{"));
            CHECK(asked.answer.types.size() == asked.table.columns.size());
            CHECK(asked.answer.suggestions.size() >= 2);
        }
}

TEST_CASE("every follow-up of a question of the book is answered with rows", "[genie_answers]") {
    for (const BookQuestion& question : queries()) {
        const std::string& name = question.ways.front();
        Context context;
        for (const std::string& next : only_answer(name, space_of(question), context).suggestions) {
            INFO(name << " > " << next);
            Context last = context;
            CHECK((only_answer(next, space_of(question), last).row_count > 0 || next == "Write a long report"));
        }
    }
}

TEST_CASE("every follow-up that says what it belongs to is about that, whatever was asked last", "[genie_answers]") {
    for (const BookQuestion& question : queries()) {
        const std::string& name = question.ways.front();
        Context context;
        for (const std::string& next : only_answer(name, space_of(question), context).suggestions) {
            INFO(name << " > " << next);
            Context last = context;
            const std::string expected = only_answer(next, space_of(question), last).sql;
            Context other;
            only_answer("Top 5 customers", space_of(question), other);
            CHECK(only_answer(next + " (" + name + ")", space_of(question), other).sql == expected);
        }
    }
}

TEST_CASE("a question of the book can be asked for a span of time, and split in every way", "[genie_answers]") {
    for (const BookQuestion& question : queries()) {
        const std::string& name = question.ways.front();
        if (!question.date.empty() && question.sql_has("{filters}")) {
            INFO(name);
            CHECK_THAT(only_answer(name + " from May to June 2025", space_of(question)).sql, contains("'2025-07-01'"));
        }
        const std::string measure = name.substr(0, name.find(" by "));
        if (measure == name || name.find(" and ") != std::string::npos || question.sql_has("{top}") ||
            question.table == "samples.oddities")
            continue;
        const std::vector<std::string> grains = {"day", "week", "month", "quarter", "year"};
        for (const std::string& by : question.sql_has("{grain}") ? grains : question.by) {
            INFO(measure << " by " << by);
            const std::string period = question.in_a_period ? " in 2025" : "";
            CHECK(only_answer(measure + " by " + by + period, space_of(question)).row_count > 0);
        }
    }
}

TEST_CASE("a follow-up that cannot keep to the top says so", "[genie_answers]") {
    Context context;
    CHECK_THAT(ask("Top 5 customers by revenue in 2025", context).answer.text, !contains("everything together"));
    CHECK_THAT(ask("and by month?", context).answer.text, contains("for everything together, not only for those 5"));
    CHECK_THAT(ask("only EMEA", context).answer.text, !contains("everything together"));
    ask("Top 5 customers by revenue in 2025", context);
    CHECK_THAT(ask("Revenue by month", context).answer.text, !contains("everything together"));
}

TEST_CASE("the text says what the rows say", "[genie_answers]") {
    const Asked regions = ask("revenue by region in 2025");
    REQUIRE(regions.table.rows.size() == 4);
    REQUIRE(regions.table.rows[0].size() == 2);
    CHECK(regions.table.columns[1].type == SqlType::of("DECIMAL(18,2)"));
    CHECK_THAT(regions.answer.text, contains("**" + *regions.table.rows[0][0] + "**"));
    CHECK_THAT(regions.answer.text, contains(with_thousands(*regions.table.rows[0][1])));

    // The parts add up to the whole, asked for in another way.
    double sum = 0;
    for (const auto& row : regions.table.rows)
        sum += std::stod(*row[1]);
    CHECK(std::stod(*ask("revenue in 2025").table.rows[0][0]) == genie_slack::test::Approx(sum));

    const Asked top = ask("Top 5 customers by revenue in 2025");
    CHECK(top.table.rows.size() == 5);
    const Asked each = ask("top 3 products per region by revenue");
    CHECK(each.table.rows.size() == 12);
}

TEST_CASE("what an answer is already limited to is not suggested again", "[genie_answers]") {
    const auto suggests = [](const Answer& answer, const std::string& question) {
        return std::find(answer.suggestions.begin(), answer.suggestions.end(), question) != answer.suggestions.end();
    };
    Context context;
    CHECK(suggests(ask("revenue by month", context).answer, "Only EMEA"));
    const Answer only = ask("only EMEA", context).answer;
    CHECK_FALSE(suggests(only, "Only EMEA"));
    CHECK_THAT(only.text, contains("Revenue for EMEA went from"));
    CHECK(suggests(ask("revenue by region").answer, "And last quarter?"));
    CHECK_FALSE(suggests(ask("revenue by region last quarter").answer, "And last quarter?"));
}

TEST_CASE("that it is a look-alike is said where one gets to know it, not below an answer", "[genie_answers]") {
    CHECK_THAT(ask("hello").answer.text, contains("local look-alike"));
    CHECK_THAT(ask("what is the weather?").answer.text, contains("local look-alike"));
    CHECK_THAT(ask("revenue by region").answer.text, !contains("local look-alike"));
    CHECK_THAT(ask("thanks").answer.text, !contains("local look-alike"));
}

TEST_CASE("what is not understood is answered by a question and examples", "[genie_answers]") {
    const Answer answer = ask("What is the weather in Paris?").answer;
    CHECK(answer.clarification);
    CHECK_FALSE(answer.has_query());
    CHECK_THAT(answer.text, contains("local look-alike"));
    CHECK_THAT(answer.text, contains(spaces()[0].sample_questions[0]));
    REQUIRE(answer.suggestions.size() == 2);
    CHECK(answer.suggestions[0] == spaces()[0].sample_questions[0]);
    CHECK_THAT(answer.text, contains("(\"weather\" and \"paris\" say nothing to me)"));
    CHECK_THAT(ask("headcount by department").answer.text,
               contains("it looks like one for the space **People**.") && !contains("nothing to me"));
    CHECK_THAT(ask("*what* <is> foo|qux_baz").answer.text, contains("(\"foo\" and \"qux\" say nothing to me)"));
    // Half of a question is not answered as if it were whole.
    CHECK(ask("revenue of the competitor").answer.clarification);
    CHECK(ask("why did revenue fall?").answer.clarification);
    CHECK_FALSE(ask("delete all orders").answer.has_query());
    CHECK_FALSE(ask("hello").answer.clarification);
    CHECK_THAT(ask("hello").answer.text, contains("Hello!"));
}

TEST_CASE("what is not understood costs two sentences and two examples, and blames no small words", "[genie_answers]") {
    const auto [question, unknown] = GENERATE(table<std::string, std::string>({
        {"what doesn't look right up there?", ""},
        {"that doesn’t look right", ""},
        {"is that more than last year?", ""},
        {"hey genie, what's the company's weather?", " (\"company\" and \"weather\" say nothing to me)"},
        {"revenue of zorblax, plugh and xyzzy", " (\"zorblax\" and \"plugh\" say nothing to me)"},
        {"revenue with frobs", " (\"frobs\" says nothing to me)"},
        {"42 1,5 17", ""},
    }));
    INFO(question);
    CHECK(ask(question).answer.text ==
          "I am only a local look-alike with a small sample data set and do not know that question" + unknown +
              ". Ask me something about **Sales**, for example:\n\n- What was our revenue by region last quarter?\n- "
              "Top 5 customers by revenue in 2025");
}

TEST_CASE("what cannot be left out is not answered as if it were", "[genie_answers]") {
    CHECK_THAT(ask("is that not odd?").answer.text, contains("do not know that question"));
    for (const char* question : {"revenue without 2024", "customers without orders", "Umsatz ohne Q3"}) {
        INFO(question);
        const Answer answer = ask(question).answer;
        CHECK(answer.clarification);
        CHECK_THAT(answer.text, contains("cannot leave that out of an answer") || contains("nicht weglassen"));
    }
}

TEST_CASE("every space understands German too", "[genie_answers]") {
    const auto [text, space, title] = GENERATE(table<std::string, std::size_t, std::string>({
        {"Wie entwickelte sich der Umsatz 2025?", 0, "Umsatz nach Monat 2025"},
        {"Liste alle Bestellungen", 0, "Orders"},
        {"Wie viele Tickets wurden 2025 eröffnet?", 1, "Number of tickets in 2025"},
        {"Zeige die offenen dringenden Tickets", 1, "Tickets with priority urgent and status open"},
        {"Welche Produkte sind knapp auf Lager?", 1, "Products low on stock"},
        {"Wie viele Mitarbeiter pro Abteilung?", 2, "Headcount by department"},
        {"Durchschnittliches Gehalt", 2, "Average salary by level"},
        {"Fehltage pro Monat im letzten Jahr", 2, "Absence days by month in 2024"},
    }));
    INFO(text);
    CHECK(only_answer(text, space).title == title);
}

TEST_CASE("unusual results can be asked for", "[genie_answers]") {
    const Asked many = ask("List all orders");
    CHECK(many.answer.truncated);
    CHECK(many.table.truncated);
    CHECK(many.table.rows.size() == 5000);
    CHECK(many.answer.row_count == 5000);

    const Asked wide = ask("Show revenue by category with one column per month");
    CHECK(wide.table.columns.size() == 25);

    const Asked none = ask("Show the orders from Antarctica");
    CHECK(none.answer.has_query());
    CHECK(none.table.rows.empty());
    CHECK(none.table.columns.size() == 4);

    const Asked null = ask("revenue in 2019");
    REQUIRE(null.table.rows.size() == 1);
    CHECK_FALSE(null.table.rows[0][0].has_value());
    CHECK_THAT(null.answer.text, contains("no value"));

    const Asked notes = ask("Show the customer notes");
    std::string all;
    for (const auto& row : notes.table.rows)
        all += row[2].value_or("[null]") + "\n";
    for (const char* part :
         {"<!channel>", "a|b|c", "\"never again\"", "<script>", "القهوة", "\xF0\x9F\x8D\xB5", "[null]"})
        CHECK_THAT(all, contains(part));

    const Asked types = ask("Show every data type");
    REQUIRE(types.table.rows.size() == 2);
    std::set<std::string> names;
    for (const ResultColumn& column : types.table.columns)
        names.insert(column.type.name);
    for (const char* name : {"LONG", "DECIMAL", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "BINARY", "ARRAY", "MAP",
                             "STRUCT", "INTERVAL", "NULL", "TIMESTAMP_NTZ", "VARIANT"})
        CHECK(names.contains(name));

    CHECK(ask("Show a very long text in a cell").table.rows.at(0).at(1)->size() > 12'000);
    const Answer report = ask("Write a long report").answer;
    CHECK(report.text.size() > 15'000);
    CHECK_FALSE(report.has_query());
}

TEST_CASE("booleans, dates, moments, decimals and NULLs arrive as Databricks writes them", "[genie_answers]") {
    const Asked tickets = ask("list all tickets", 1);
    std::set<std::string> escalated;
    bool unsolved = false;
    for (const auto& row : tickets.table.rows) {
        escalated.insert(*row[10]);
        unsolved = unsolved || !row[2];
        REQUIRE(row[1]->size() == std::string("2025-01-31T10:00:00.000Z").size());
    }
    CHECK(escalated == std::set<std::string>{"false", "true"});
    CHECK(unsolved);
    const Asked employees = ask("list employees", 2);
    bool half_time = false;
    for (const auto& row : employees.table.rows) {
        CHECK(row[6]->find('.') == row[6]->size() - 3);
        half_time = half_time || row[8] == "0.5";
    }
    CHECK(half_time);
}

TEST_CASE("the data is the same for a seed and differs between seeds", "[genie_answers]") {
    const auto total = [](std::uint64_t seed) {
        const auto data = create_data_set(seed);
        return *data->query("SELECT ROUND(SUM(amount), 2) FROM sales.order_lines", {}, {}).value().rows[0][0];
    };
    CHECK(total(1) == total(1));
    CHECK(total(1) != total(2));
}

TEST_CASE("the data goes on to the day that counts as today", "[genie_answers]") {
    using namespace std::chrono_literals;
    Analyst later(1, 2027y / 2 / 10);
    Context context;
    const auto answer = [&](const std::string& question) { return later.answer(spaces()[0], question, context); };
    const Answer month = answer("number of orders last month");
    CHECK(month.title == "Number of orders in January 2027");
    CHECK_THAT(month.description, contains(" 10 February 2027 counts as today."));
    CHECK_THAT(answer("number of orders in January 2027").description, !contains("today"));
    CHECK(std::stol(later.run(month).value().rows.at(0).at(0).value()) > 100);
    CHECK(std::stol(later.run(answer("number of orders today")).value().rows.at(0).at(0).value()) > 0);
    CHECK(later.run(answer("Revenue by month in 2025")).value().rows.size() == 12);
    // A clock that is behind the book's fixed years does not take them away.
    CHECK(Analyst(1, 2020y / 1 / 1).answer(spaces()[0], "revenue last month", context).title ==
          "Revenue in November 2025");
}

TEST_CASE("customers have different names", "[genie_answers]") {
    const auto data = create_data_set(3);
    const auto rows = data->query("SELECT COUNT(*), COUNT(DISTINCT name) FROM sales.customers", {}, {}).value().rows;
    CHECK(rows[0][0] == rows[0][1]);
}

TEST_CASE("the data cannot be changed, and a query that never ends is stopped", "[genie_answers]") {
    const auto data = create_data_set(1);
    CHECK(data->query("DELETE FROM sales.orders", {}, {}).has_error());
    CHECK(data->query("SELECT * FROM missing", {}, {}).has_error());
    QueryLimits limits;
    limits.max_steps = 200'000;
    const auto endless = data->query(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n", {}, {}, limits);
    REQUIRE(endless.has_error());
    CHECK_THAT(endless.error().message, contains("interrupted"));
    CHECK(data->query("SELECT 1", {}, {}).has_value());
}

TEST_CASE("numbers get separators, Markdown is made harmless", "[genie_answers]") {
    CHECK(with_thousands("1234567.89") == "1,234,567.89");
    CHECK(with_thousands("-1234") == "-1,234");
    CHECK(with_thousands("123") == "123");
    CHECK(with_thousands("n/a") == "n/a");
    CHECK(escape_markdown("a*b_<c>|") == "a\\*b\\_\\<c\\>\\|");
}

TEST_CASE("encodings are read as they are written", "[genie_answers]") {
    CHECK(percent_decode("a%20b%2Fc%zz%4") == "a b/c%zz%4");
    CHECK(split_path("/a//b%2Fc/") == std::vector<std::string>{"a", "b/c"});
    CHECK(parse_form("a=1&b=x+y%26z&c&a=2") ==
          std::map<std::string, std::string>{{"a", "2"}, {"b", "x y&z"}, {"c", ""}});
    CHECK(base64_decode("Y2xpZW50OnNlY3JldA==") == "client:secret");
    CHECK(base64_decode("Y2xp*") == std::nullopt);
    CHECK(base64url_encode("client:secret?>") == "Y2xpZW50OnNlY3JldD8-");
}

}  // namespace genie_answers_test
