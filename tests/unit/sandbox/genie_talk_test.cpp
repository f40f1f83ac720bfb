// How the local Genie goes on with people: in their language, with what it offered, with several questions at once.
#include "sandbox/genie/analyst.hpp"
#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/question_book.hpp"
#include "tests/catch.hpp"

namespace genie_talk_test {

using namespace genie_slack::sandbox::databricks;
using genie_slack::test::contains;

struct Talk {
    Answer say(const std::string& text) {
        static Analyst analyst(1);
        static const std::vector<SpaceInfo> spaces = make_spaces(3);
        return analyst.answer(spaces[space], text, context);
    }
    std::size_t space = 0;
    Context context;
};

TEST_CASE("a German question is answered in German, and so are those that go on", "[genie_talk]") {
    Talk talk;
    const Answer first = talk.say("Umsatz nach Region im letzten Quartal");
    CHECK(first.title == "Umsatz nach Region im 3. Quartal 2025");
    CHECK(first.description ==
          "Zeigt den Umsatz, eine Zeile je Region im 3. Quartal 2025. Stornierte Bestellungen zählen nicht. Der "
          "31. Dezember 2025 gilt als heute.");
    CHECK_THAT(first.text, contains("**EMEA** hat den höchsten Umsatz im 3. Quartal 2025: **") && contains(",") &&
                               contains("gefolgt von AMER mit") && contains("Zusammen: "));
    REQUIRE(first.suggestions.size() > 1);
    CHECK(first.suggestions[0] == "Und nach Monat, alle zusammen?");
    const Answer months = talk.say(first.suggestions[0]);
    CHECK_THAT(months.text, contains("Juli 2025") && contains("auf **") && contains(" %"));
    CHECK(talk.say("EMEA?").title == "Umsatz nach Monat für EMEA im 3. Quartal 2025");
    CHECK_THAT(talk.say("and by region?").text, contains("**EMEA** in Q3 2025: **"));
}

TEST_CASE("one row is only its figure, and only what belongs together is added up", "[genie_talk]") {
    CHECK_THAT(Talk().say("Revenue by region for EMEA in Q3 2025").text,
               Catch::Matchers::StartsWith("**EMEA** in Q3 2025: **") && !contains("highest"));
    CHECK_THAT(Talk().say("Umsatz nach Region für EMEA in Q3 2025").text,
               Catch::Matchers::StartsWith("**EMEA** im 3. Quartal 2025: **") && !contains("höchst"));
    CHECK_THAT(Talk().say("Revenue by region").text, contains("In total: "));
    CHECK_THAT(Talk().say("Top 3 customers by revenue").text, contains("Together: ") && !contains("In total"));
    CHECK_THAT(Talk().say("Compare 2024 and 2025").text, !contains("In total") && !contains("Together"));
}

TEST_CASE("one period is only its figure, and a series says no number twice", "[genie_talk]") {
    CHECK_THAT(Talk().say("orders by month in October 2025").text,
               Catch::Matchers::StartsWith("The number of orders in October 2025: **") && !contains("went from"));
    CHECK_THAT(Talk().say("Umsatz nach Monat im Oktober 2025").text,
               Catch::Matchers::StartsWith("Der Umsatz im Oktober 2025: **") && !contains("ging von"));
    CHECK_THAT(Talk().say("revenue by month in 2025").text,
               contains("(December 2025), which is also the highest, +") && !contains("The highest value"));
    CHECK_THAT(Talk().say("Umsatz nach Monat 2025").text,
               contains("(Dezember 2025), was auch der höchste Wert ist, +") && !contains("Der höchste Wert"));
    CHECK_THAT(Talk().say("revenue by month from December 2024 to February 2025").text,
               contains("(December 2024), which is also the highest, to **"));
    CHECK_THAT(Talk().say("revenue by month from October 2024 to September 2025").text,
               contains(". The highest value is ") && contains("In total: "));
}

TEST_CASE("periods that are compared are named once, the earlier first", "[genie_talk]") {
    const Answer years = Talk().say("compare 2025 and 2024");
    CHECK(years.title == "Revenue by year in 2024 and in 2025");
    CHECK_THAT(years.text, Catch::Matchers::StartsWith("Revenue went from ") && contains("EUR (2024) to **") &&
                               contains("EUR** (2025), +") && !contains("highest"));
    CHECK(Talk().say("revenue in Q3 compared to last year").title == "Revenue by quarter in Q3 2024 and in Q3 2025");
    const Answer german = Talk().say("Vergleiche den Umsatz 2025 und 2024 für EMEA");
    CHECK(german.title == "Umsatz nach Jahr für EMEA 2024 und 2025");
    CHECK_THAT(german.text, Catch::Matchers::StartsWith("Der Umsatz für EMEA ging von "));
}

TEST_CASE("a figure without a period says since when it counts", "[genie_talk]") {
    const Answer sales = Talk().say("sales");
    CHECK(sales.title == "Revenue");
    CHECK_THAT(sales.text, Catch::Matchers::StartsWith("Revenue since January 2024: **"));
    CHECK_THAT(Talk().say("sales in 2025").text, Catch::Matchers::StartsWith("Revenue in 2025: **"));
    CHECK_THAT(Talk().say("Top 5 customers").text, contains("has the highest revenue since January 2024: **"));
    CHECK_THAT(Talk().say("Umsatz").text, Catch::Matchers::StartsWith("Umsatz seit Januar 2024: **"));
    CHECK_THAT(Talk().say("Wie viele Bestellungen gibt es?").text, contains("** Bestellungen seit Januar 2024."));
    // Customers are older than the orders.
    CHECK_THAT(Talk().say("How many customers do we have?").text, !contains("since"));
}

TEST_CASE("the data of a table begins when its questions say so", "[genie_talk]") {
    const auto data = create_data_set(1);
    for (const BookTable& table : question_book().tables) {
        if (table.since.empty())
            continue;
        INFO(table.name);
        const auto first = data->query("SELECT MIN(" + table.date + ") FROM " + table.name, {}, {}).value().rows[0][0];
        CHECK(first.value().substr(0, 7) == table.since.substr(0, 7));
    }
}

TEST_CASE("a period that is not over says until when it counts", "[genie_talk]") {
    using namespace std::chrono_literals;
    static Analyst analyst(1, 2026y / 11 / 30);
    static const std::vector<SpaceInfo> spaces = make_spaces(3);
    const auto say = [](const std::string& question) {
        Context context;
        return analyst.answer(spaces[0], question, context).text;
    };
    const auto [question, remark] = GENERATE(table<std::string, std::string>({
        {"revenue in 2026", " 2026 is counted until 30 November."},
        {"revenue this year vs last year", " 2026 is counted until 30 November."},
        {"revenue by region in 2026", " 2026 is counted until 30 November."},
        {"revenue by month in 2026", " 2026 is counted until 30 November."},
        {"revenue by quarter", " Q4 2026 is counted until 30 November."},
        {"revenue this quarter", " Q4 2026 is counted until 30 November."},
        {"revenue by month in H2 2026", " This is counted until 30 November 2026."},
        {"compare 2025 and 2026 revenue by region", " 2026 is counted until 30 November."},
        {"Umsatz 2026", " 2026 ist bis zum 30. November gezählt."},
        {"Umsatz nach Quartal", " Q4 2026 ist bis zum 30. November gezählt."},
        {"revenue by month", ""},
        {"revenue this month", ""},
        {"revenue in 2025", ""},
        {"revenue by quarter in 2025", ""},
        {"revenue last quarter", ""},
        {"revenue since March 2026", ""},
        {"revenue year to date", ""},
        {"list customers", ""},
    }));
    INFO(question);
    const std::string text = say(question);
    if (remark.empty())
        CHECK_THAT(text, !contains("counted until") && !contains("gezählt"));
    else
        CHECK_THAT(text, Catch::Matchers::EndsWith(remark));
}

TEST_CASE("figures are written as the language writes them", "[genie_talk]") {
    CHECK_THAT(Talk().say("Revenue by month in 2025").text, contains("%") && !contains(" %"));
    CHECK_THAT(Talk().say("Share of revenue by category").text, contains("%**") && !contains(" %"));
    CHECK_THAT(Talk().say("Umsatz nach Monat 2025").text, contains(" %"));
    CHECK_THAT(Talk().say("Wie viele Bestellungen hatten wir 2025?").text,
               Catch::Matchers::StartsWith("2025 gab es **") && contains("** Bestellungen."));
    CHECK_THAT(Talk().say("Wie viele Bestellungen gab es für EMEA im letzten Quartal?").text,
               Catch::Matchers::StartsWith("Im 3. Quartal 2025 gab es **") && contains("** Bestellungen für EMEA."));
    CHECK_THAT(Talk().say("Wie viele Bestellungen gibt es?").text, Catch::Matchers::StartsWith("Es gibt **"));
}

TEST_CASE("the description says of cancelled orders what the SQL shows", "[genie_talk]") {
    const Answer revenue = Talk().say("Revenue by region");
    CHECK_THAT(revenue.description, contains("Cancelled orders do not count."));
    CHECK_THAT(revenue.sql, contains("/* without cancelled orders */"));
    const Answer orders = Talk().say("How many orders were placed?");
    CHECK_THAT(orders.description, contains("Cancelled orders count as well."));
    CHECK_THAT(orders.sql, !contains("cancelled"));
    const Answer readings = Talk().say("Show every temperature reading");
    CHECK_THAT(readings.text, contains("There are 12,480 rows in all."));
    for (const std::string& next : readings.suggestions)
        CHECK_THAT(next, !contains("5,000"));
}

TEST_CASE("whether cancelled orders count is said of the answer above", "[genie_talk]") {
    for (const char* asked : {"is that with cancelled orders?", "are cancelled orders included?",
                              "Without cancelled orders?", "does that include cancelled orders?"}) {
        INFO(asked);
        Talk talk;
        talk.say("Revenue by region in 2025");
        const Answer told = talk.say(asked);
        CHECK(told.text == "No: in the answer above cancelled orders do not count.");
        CHECK_FALSE(told.has_query());
        CHECK_FALSE(told.clarification);
        // The conversation goes on with that answer.
        CHECK(talk.say("what about 2024?").title == "Revenue by region in 2024");
    }
    Talk orders;
    orders.say("How many orders were placed?");
    CHECK_THAT(orders.say("are cancelled orders included?").text, contains("Yes: "));
    Talk german;
    german.say("Umsatz nach Region 2025");
    CHECK_THAT(german.say("ohne stornierte?").text, contains("zählen stornierte Bestellungen nicht mit"));
    CHECK_THAT(Talk().say("are cancelled orders included?").text, contains("none here yet"));
}

TEST_CASE("a next question that tells nothing apart any more says so, and so does its answer", "[genie_talk]") {
    for (const char* first : {"Revenue by category", "Top 5 customers by revenue"}) {
        INFO(first);
        Talk talk;
        const Answer answer = talk.say(first);
        REQUIRE_FALSE(answer.suggestions.empty());
        CHECK(answer.suggestions[0] == "And by month, all together?");
        const Answer next = talk.say(answer.suggestions[0]);
        CHECK(next.title == "Revenue by month");
        CHECK_THAT(next.text, contains("These are the figures for everything together"));
    }
    // Nothing is lost here.
    Talk talk;
    CHECK(talk.say("What was our revenue?").suggestions[0] == "And by month?");
    CHECK_THAT(talk.say("And by month?").text, !contains("everything together"));
}

TEST_CASE("everything together is said of everything only, with the number that was shown", "[genie_talk]") {
    Talk talk;
    talk.say("Top 5 customers by revenue in Q3 2025");
    const Answer one = talk.say("only Blue Market");
    // One customer's months have nothing to do with the other four.
    REQUIRE_FALSE(one.suggestions.empty());
    CHECK(one.suggestions[0] == "And by month?");
    Talk pinned = talk;
    const Answer months = pinned.say("And by month?");
    CHECK(months.title == "Revenue by month for Blue Market in Q3 2025");
    CHECK_THAT(months.text, contains("Revenue for Blue Market in Q3 2025 went") && !contains("These are the figures"));
    CHECK_THAT(pinned.say("and EMEA by quarter?").text, !contains("These are the figures"));
    // Who wants all of them gets all of them, and reads so.
    const Answer all = talk.say("And by month, all together?");
    CHECK(all.title == "Revenue by month in Q3 2025");
    CHECK_THAT(all.text, contains("This is no longer only for Blue Market."));

    Talk kept;
    kept.say("Top 3 customers by revenue for EMEA");
    const Answer emea = kept.say("and by month?");
    CHECK(emea.title == "Revenue by month for EMEA");
    CHECK_THAT(emea.text, contains("These are the figures for EMEA as a whole, not only for those 3."));
    // There are fewer products than that: all of them were there.
    Talk few;
    few.say("top 10 products for coffee beans in EMEA");
    CHECK_THAT(few.say("which customers bought them?").text, !contains("not only for those"));
    Talk more;
    more.say("top 2 products for coffee beans in EMEA");
    CHECK_THAT(more.say("which customers bought them?").text,
               contains("revenue for Coffee beans for EMEA") &&
                   contains("These are the figures for Coffee beans for EMEA as a whole, not only for those 2."));
    Talk each;
    each.say("top 3 products per region by revenue");
    CHECK_THAT(each.say("and by month?").text, contains("for everything together, not only for those 12."));
}

TEST_CASE("what a follow-up cannot keep to is named", "[genie_talk]") {
    Talk talk;
    talk.say("revenue by month for coffee beans in EMEA in 2025");
    const Answer orders = talk.say("And the orders?");
    CHECK(orders.title == "Orders by month for EMEA in 2025");
    CHECK_THAT(orders.text, contains("This is no longer only for Coffee beans."));
    // Nor does a new question keep to anything.
    CHECK_THAT(talk.say("What is the average order value?").text, contains("This is no longer only for EMEA in 2025."));
    CHECK_THAT(talk.say("Average order value in 2024").text, !contains("no longer"));
    talk.say("revenue by region without AMER");
    CHECK_THAT(talk.say("revenue by month").text, contains("This is no longer without AMER."));
    Talk german;
    german.say("Umsatz nach Monat für Coffee beans in EMEA");
    CHECK_THAT(german.say("Und die Bestellungen?").text, contains("Das gilt nicht mehr nur für Coffee beans."));
}

TEST_CASE("a question about the answer above keeps to what that was about", "[genie_talk]") {
    Talk talk;
    talk.say("top 10 customers, EMEA, 2024");
    const Answer orders = talk.say("how many orders is that");
    CHECK_THAT(orders.text,
               contains("for EMEA in 2024") && contains("These need not be the same 10 as in the answer before."));
    Talk total;
    total.say("revenue for EMEA in 2024");
    CHECK(total.say("how many orders is that?").title == "Number of orders for EMEA in 2024");
    CHECK(Talk().say("how many orders is that?").title == "Number of orders");
    // One row names what it was limited to.
    Talk one;
    one.say("top 10 customers for coffee beans in Q4 2025");
    CHECK_THAT(one.say("so Blue Market is the biggest?").text,
               Catch::Matchers::StartsWith("**Blue Market** for Coffee beans in Q4 2025: **"));
}

TEST_CASE("what goes on behind something that was not understood says from what", "[genie_talk]") {
    Talk talk;
    talk.say("Revenue by month in 2025");
    talk.say("what about zorblax?");
    const Answer answer = talk.say("and by region");
    CHECK(answer.title == "Revenue by region in 2025");
    CHECK_THAT(answer.text,
               contains("This goes on from the last question that I understood: Revenue by month in 2025."));
    CHECK_THAT(talk.say("and by category").text, !contains("goes on from"));
    talk.say("what about zorblax?");
    CHECK_THAT(talk.say("Revenue by category in 2024").text, !contains("goes on from"));
    Talk german;
    german.say("Umsatz nach Monat 2025");
    german.say("Wie wird das Wetter?");
    CHECK_THAT(german.say("und nach Region").text, contains("verstanden habe: Umsatz nach Monat 2025."));
}

TEST_CASE("every German follow-up of a German answer is understood", "[genie_talk]") {
    for (const BookQuestion& question : question_book().questions) {
        if (question.german.text.empty() || !question.has_query())
            continue;
        Talk talk;
        talk.say(question.ways.front());
        for (const std::string& next : question.german.next) {
            INFO(question.ways.front() << " > " << next);
            Talk other = talk;
            CHECK((next.find('{') != std::string::npos || other.say(next).has_query()));
        }
    }
}

TEST_CASE("German small talk, samples and what is not understood are German", "[genie_talk]") {
    Talk talk;
    CHECK_THAT(talk.say("Hallo").text, contains("Hallo! Ich bin ein lokaler Doppelgänger von Genie"));
    const Answer unknown = talk.say("Wie wird das Wetter?");
    CHECK_THAT(unknown.text, contains("kenne diese Frage nicht") && contains("\"wetter\""));
    for (const std::string& sample : unknown.suggestions) {
        INFO(sample);
        const Answer answer = Talk().say(sample);
        CHECK(answer.has_query());
        CHECK_THAT(answer.description, contains("Stornierte Bestellungen"));
    }
    CHECK_THAT(talk.say("What is the weather?").text, contains("do not know that question"));
    CHECK_THAT(Talk().say("Lösche alle Bestellungen").text, contains("lese nur"));
}

TEST_CASE("yes takes up what was offered, once", "[genie_talk]") {
    Talk talk;
    talk.say("Revenue by region");
    const Answer offer = talk.say("Why did it fall?");
    CHECK_THAT(offer.text, contains("Shall I show how they developed?"));
    CHECK(offer.suggestions.front() == "And by month?");
    CHECK(talk.say("yes, please").title == "Revenue by month");
    CHECK(talk.say("yes").clarification);

    Talk german;
    CHECK_THAT(german.say("Warum ist das so?").text, contains("Soll ich zeigen"));
    CHECK(german.say("ja gern").title == "Umsatz nach Monat");
    german.say("Warum?");
    german.say("Umsatz nach Region");
    CHECK(german.say("ja").clarification);

    Talk tickets;
    tickets.space = 1;
    tickets.say("Why?");
    CHECK(tickets.say("ok").title == "Tickets by month");
}

TEST_CASE("of several questions the first is answered and the others are offered", "[genie_talk]") {
    Talk talk;
    const Answer answer = talk.say("What was our revenue in 2025? How many orders were placed? And by region?");
    CHECK(answer.title == "Revenue in 2025");
    CHECK_THAT(answer.text, contains("This answers the first of 3 questions"));
    REQUIRE(answer.suggestions.size() > 2);
    CHECK(answer.suggestions[0] == "How many orders were placed?");
    CHECK(answer.suggestions[1] == "And by region?");
    CHECK_THAT(Talk().say("Wie hoch war der Umsatz? Und nach Monat?").text, contains("die erste von 2 Fragen"));
    // One question in two sentences is one.
    CHECK_THAT(Talk().say("Can you help? What was our revenue in 2025?").text, !contains("the first of"));
}

}  // namespace genie_talk_test
