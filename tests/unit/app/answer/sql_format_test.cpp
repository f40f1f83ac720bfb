#include "app/answer/result/sql_format.hpp"
#include "app/answer/message/answer.hpp"
#include "app/answer/view/sql_view.hpp"
#include "core/random.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/golden.hpp"

#include <boost/json/serialize.hpp>

namespace answer_sql_test {

using namespace genie_slack;
using namespace genie_slack::answer;

std::string broken(const boost::json::object& view) {
    std::string out;
    for (const auto& violation : slack::limits::check_view(view))
        out += violation.pointer + " " + violation.message + "\n";
    return out;
}

std::string shown(const boost::json::object& view) {
    return boost::json::serialize(view);
}

std::string without_space(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\n' && c != '\t')
            out += c;
    return out;
}

TEST_CASE("SQL on one line gets a line for each clause", "[answer][sql]") {
    CHECK(format_sql("SELECT region, sum(a) AS total, count(*) FROM sales s LEFT OUTER JOIN r ON s.id = r.id AND r.ok "
                     "WHERE y > 2020 AND d BETWEEN 1 AND 2 GROUP BY region ORDER BY total DESC LIMIT 10;") ==
          "SELECT region,\n"
          "  sum(a) AS total,\n"
          "  count(*)\n"
          "FROM sales s\n"
          "LEFT OUTER JOIN r ON s.id = r.id\n"
          "  AND r.ok\n"
          "WHERE y > 2020\n"
          "  AND d BETWEEN 1 AND 2\n"
          "GROUP BY region\n"
          "ORDER BY total DESC\n"
          "LIMIT 10;");
    CHECK(format_sql("WITH m AS (SELECT a FROM t) SELECT CASE WHEN a > 1 AND b THEN 'x, y' ELSE \"FROM z\" END FROM m "
                     "UNION ALL SELECT extract(YEAR FROM d) FROM n") ==
          "WITH m AS (\n"
          "  SELECT a\n"
          "  FROM t\n"
          ")\n"
          "SELECT CASE WHEN a > 1 AND b THEN 'x, y' ELSE \"FROM z\" END\n"
          "FROM m\n"
          "UNION ALL\n"
          "SELECT extract(YEAR FROM d)\n"
          "FROM n");
}

TEST_CASE("SQL that is not surely understood stays as it came", "[answer][sql]") {
    for (const char* sql : {"SELECT 'open FROM t WHERE a", "SELECT (a FROM t", "SELECT a) FROM t", "SELECT a -- FROM t",
                            "SELECT /* x */ a FROM t", "SELECT a\n  FROM t", "SELECT CASE WHEN a FROM t", "x"})
        CHECK(format_sql(sql) == sql);
    CHECK(format_sql("\n  SELECT a\nFROM t \n\n") == "  SELECT a\nFROM t");
    CHECK(format_sql("").empty());
}

TEST_CASE("only white space of SQL is changed", "[answer][sql]") {
    static const char* const kPieces[] = {"SELECT ",  "FROM ",    " WHERE ", "(",       ")",         ",",   ", ",
                                          "'a  b'",   "AND ",     " OR ",    "x",       " JOIN ",    "`y`", "\"z\"",
                                          "''",       "'it\\'s'", "CASE ",   " END ",   "GROUP BY ", "1.5", "--",
                                          "\xC3\xA9", "/*",       " LEFT ",  "BETWEEN "};
    Random random(5);
    int changed = 0;
    for (int i = 0; i < 3'000; ++i) {
        std::string sql;
        for (auto n = random.between(1, 30); n > 0; --n)
            sql += kPieces[random.between(0, std::size(kPieces) - 1)];
        const std::string formatted = format_sql(sql);
        REQUIRE(without_space(formatted) == without_space(sql));
        // What stands in quotes keeps its blanks.
        const auto count = [](const std::string& text) {
            std::size_t found = 0;
            for (std::size_t at = text.find("'a  b'"); at != std::string::npos; at = text.find("'a  b'", at + 1))
                ++found;
            return found;
        };
        REQUIRE(count(formatted) == count(sql));
        changed += formatted != sql ? 1 : 0;
    }
    CHECK(changed > 500);
}

TEST_CASE("golden: how an answer was calculated", "[golden][sql]") {
    SqlViewInput input;
    input.title = "Revenue & more";
    input.description = "Sums **revenue** per region.";
    input.sql = "SELECT region, sum(revenue) AS revenue FROM sales WHERE y > :year GROUP BY region";
    input.parameters = {{"year", "INT", "2024"}, {"name", "STRING", "O'Neil <b>"}};
    input.rows = 1'284;
    input.space_title = "Sales";
    input.conversation_url = "https://dbx.test/genie/rooms/1";
    test::matches_golden("sql_view", boost::json::value(render_sql_view(input)));
    input.language = words::Language::german;
    input.more_rows = true;
    test::matches_golden("sql_view_german", boost::json::value(render_sql_view(input)));
}

TEST_CASE("long SQL goes on over several blocks and says when it is cut", "[answer][sql]") {
    SqlViewInput input;
    for (int i = 0; i < 600; ++i)
        input.sql += "SELECT " + std::to_string(i) + " AS a_column_with_a_long_name;\n";
    auto view = render_sql_view(input);
    CHECK(broken(view) == "");
    CHECK_THAT(shown(view), test::contains("SELECT 599") && !test::contains("is cut"));
    for (int i = 0; i < 40; ++i)
        input.sql += std::string(1'000, 'x') + "\n";
    view = render_sql_view(input);
    CHECK(broken(view) == "");
    CHECK_THAT(shown(view), test::contains("The SQL is cut: the first "));
    CHECK_THAT(shown(render_sql_view({})), test::contains("There is no SQL"));
}

TEST_CASE("any SQL, description and parameters fit into the modal, and none is lost silently", "[answer][sql]") {
    static const char* const kPieces[] = {"SELECT ",          "```", "`",  "&",    "<!channel>", "\n",
                                          "\xF0\x9F\x91\x8D", "'",   "\"", "\x01", "\xFF",       "word ",
                                          "\xE2\x80\xAE",     "\t",  "\\", "(",    "<",          "#"};
    Random random(6);
    const auto text = [&](std::size_t longest) {
        std::string out;
        for (auto n = random.between(0, longest); n > 0; --n)
            out += random.between(0, 40) == 0 ? std::string(random.between(1, 4'000), 'w')
                                              : kPieces[random.between(0, std::size(kPieces) - 1)];
        return out;
    };
    for (int i = 0; i < 60; ++i) {
        SqlViewInput input;
        input.title = text(40);
        input.description = text(300);
        input.sql = text(i % 4 == 0 ? 9'000 : 300);
        for (auto n = random.between(0, i % 3 == 0 ? 200 : 3); n > 0; --n)
            input.parameters.push_back({text(10), "STRING", text(20)});
        input.rows = 5;
        input.space_title = text(40);
        input.conversation_url = "https://x.test/" + std::string(random.between(0, 3'000), 'u');
        const auto view = render_sql_view(input);
        REQUIRE(broken(view) == "");
        REQUIRE(shown(view).find("<!channel>") == std::string::npos);
    }
}

}  // namespace answer_sql_test
