#include "app/answer/result/cell.hpp"

#include "app/answer/result/table_view.hpp"
#include "core/random.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"

namespace answer_cell_test {

using namespace genie_slack;
using namespace genie_slack::answer;

constexpr words::Language kEnglish = words::Language::english;

TEST_CASE("numbers are grouped without touching a digit", "[answer]") {
    const std::pair<const char*, const char*> cases[] = {
        {"0", "0"},
        {"999", "999"},
        {"1000", "1,000"},
        {"-1234567", "-1,234,567"},
        {"1234567.50", "1,234,567.50"},
        {"0.10", "0.10"},
        {"-0.5", "-0.5"},
        {"12345678901234567890123456789.123456789", "12,345,678,901,234,567,890,123,456,789.123456789"},
        {"3.336E8", "333,600,000"},
        {"1.0E10", "10,000,000,000"},
        {"1.5e+3", "1,500"},
        {"1.0E-5", "0.00001"},
        {"-2.50E-3", "-0.0025"},
        {"123.456E1", "1,234.56"},
        {"0.00E0", "0"},
        {"9007199254740993", "9,007,199,254,740,993"},
        {"0.1E1", "1"},
        {"1E300", "1E300"},
        {"1E-300", "1E-300"},
        {"NaN", "NaN"},
        {"-Infinity", "-Infinity"},
        {"007", "007"},
        {"1.", "1."},
        {".5", ".5"},
        {"1e", "1e"},
        {"+5000", "+5000"},
        {"1,000", "1,000"},
        {"1 000", "1 000"},
        {"2025-01-31", "2025-01-31"},
        {"", ""},
        {"-", "-"},
        {"1E99999999999999999999", "1E99999999999999999999"},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(format_number(kEnglish, text) == expected);
    }
    CHECK(format_number(kEnglish, "20250131", false) == "20250131");
    CHECK(format_number(kEnglish, "3.336E8", false) == "333600000");
}

TEST_CASE("a formatted number without its commas is the number", "[answer]") {
    Random random(7);
    for (int i = 0; i < 5'000; ++i) {
        std::string digits = std::to_string(random.between(1, 9));
        for (std::uint64_t more = random.between(0, 30); more > 0; --more)
            digits += static_cast<char>('0' + random.between(0, 9));
        const std::string fraction = random.between(0, 1) == 0 ? "" : "." + std::to_string(random.between(0, 99'999));
        std::string shown = format_number(kEnglish, digits + fraction);
        std::erase(shown, ',');
        REQUIRE(shown == digits + fraction);
    }
}

TEST_CASE("moving the point and back gives the same number", "[answer]") {
    Random random(8);
    for (int i = 0; i < 5'000; ++i) {
        const std::string digits = std::to_string(random.between(1, 999'999)) + "1";
        const auto places = random.between(0, digits.size() - 1);
        const std::string whole = digits.substr(0, digits.size() - places);
        const std::string expected = whole + (places == 0 ? "" : "." + digits.substr(digits.size() - places));
        REQUIRE(format_number(kEnglish, digits + "E-" + std::to_string(places), false) == expected);
        REQUIRE(format_number(kEnglish, expected + "E" + std::to_string(places), false) == digits);
    }
}

TEST_CASE("numbers that name something are known by the name of their column", "[answer]") {
    for (const char* name :
         {"id", "order_id", "orderId", "OrderID", "Year", "fiscal year", "zip-code", "FY", "SKU", "year2"})
        CHECK(is_label_number(name));
    for (const char* name : {"", "orders", "paid", "video", "yearly_revenue", "encoded", "Amount", "keyboard_sales"})
        CHECK_FALSE(is_label_number(name));
}

TEST_CASE("values come on one line without tricks", "[answer]") {
    CHECK(one_line("  a\r\n\tb\x01  c ") == "a b c");
    CHECK(one_line("evil\xE2\x80\xAEtxt.exe") == "eviltxt.exe");
    CHECK(one_line("שלום 数据 \xF0\x9F\x91\x8D") == "שלום 数据 \xF0\x9F\x91\x8D");
    CHECK(one_line("bad\xFF\xC3") == "bad\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(one_line(" \n ").empty());
    CHECK(one_line("  a \n b c", 3) == "a b");
    ColumnFormat format;
    CHECK(format_cell(kEnglish, format, std::nullopt) == "–");
    CHECK(format_cell(kEnglish, format, "") == "–");
    CHECK(format_cell(kEnglish, format, " \t") == "–");
    CHECK(format_cell(kEnglish, format, "2025-01-31T10:00:00.000Z") == "2025-01-31T10:00:00.000Z");
    CHECK(format_cell(kEnglish, format, "12345") == "12345");
    format.kind = ValueKind::number;
    CHECK(format_cell(kEnglish, format, "12345") == "12,345");
}

genie::ResultTable make_table(std::size_t rows, std::size_t columns, const std::string& value) {
    genie::ResultTable table;
    for (std::size_t i = 0; i < columns; ++i) {
        genie::Column column;
        column.name = "c" + std::to_string(i);
        column.type_name = "STRING";
        table.columns.push_back(column);
    }
    table.rows.assign(rows, std::vector<std::optional<std::string>>(columns, value));
    table.total_rows = static_cast<std::int64_t>(rows);
    return table;
}

ViewLimits within(std::size_t characters) {
    ViewLimits limits;
    limits.characters = characters;
    return limits;
}

TEST_CASE("the line under a table says what is shown of what", "[answer]") {
    genie::ResultTable table = make_table(1, 2, "x");
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) == "1 row");
    CHECK(describe_result(kEnglish, table) == "The result has 1 row.");

    table = make_table(20, 2, "x");
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) == "20 rows");
    table.total_rows = 1'284;
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) == "Showing 20 of 1,284 rows");
    CHECK(describe_result(kEnglish, table) == "The result has 1,284 rows.");

    table = make_table(5'000, 34, "x");
    table.truncated = true;
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) ==
          "Showing 20 of more than 5,000 rows and 20 of 34 columns");
    CHECK(describe_result(kEnglish, table) == "The result has more than 5,000 rows.");

    table = make_table(2, 34, "x");
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) == "2 rows, showing 20 of 34 columns");
    // A total that is smaller than what came is not believed.
    table = make_table(3, 1, "x");
    table.total_rows = 0;
    CHECK(describe_view(kEnglish, view_table(kEnglish, table, within(10'000))) == "3 rows");
}

TEST_CASE("long values are cut before rows are left out", "[answer]") {
    const genie::ResultTable table = make_table(20, 5, std::string(400, 'v'));
    const TableView roomy = view_table(kEnglish, table, within(10'000));
    CHECK(roomy.rows.size() == 20);
    CHECK(roomy.cut_values);
    CHECK(slack::count_characters(roomy.rows[0][0]) == 60);
    CHECK(describe_view(kEnglish, roomy) == "20 rows · long values are cut");

    const TableView narrow = view_table(kEnglish, table, within(1'000));
    CHECK(narrow.rows.size() == 6);
    CHECK(slack::count_characters(narrow.rows[0][0]) == 30);
    CHECK(count_view_characters(narrow) <= 1'000);
    CHECK(describe_view(kEnglish, narrow) == "Showing 6 of 20 rows · long values are cut");
}

TEST_CASE("years keep their four digits, other numbers are grouped", "[answer]") {
    genie::ResultTable table = make_table(0, 3, "");
    for (auto& column : table.columns)
        column.type_name = "INT";
    table.rows = {{"2024", "2024", "1"}, {"1999", "12024", std::nullopt}, {std::nullopt, "7", "1000"}};
    const TableView view = view_table(kEnglish, table, within(10'000));
    CHECK(view.rows[0] == std::vector<std::string>{"2024", "2,024", "1"});
    CHECK(view.rows[1] == std::vector<std::string>{"1999", "12,024", "–"});
    CHECK(view.rows[2] == std::vector<std::string>{"–", "7", "1,000"});
    CHECK(view.right_aligned() == std::vector<bool>{true, true, true});
}

TEST_CASE("rows of any length fill the columns", "[answer]") {
    genie::ResultTable table = make_table(0, 2, "");
    table.columns[1].name = " \n";
    table.rows = {{}, {"a"}, {"a", "b", "c"}};
    const TableView view = view_table(kEnglish, table, within(10'000));
    CHECK(view.header == std::vector<std::string>{"C0", "–"});
    CHECK(view.rows[0] == std::vector<std::string>{"–", "–"});
    CHECK(view.rows[1] == std::vector<std::string>{"a", "–"});
    CHECK(view.rows[2] == std::vector<std::string>{"a", "b"});
}

}  // namespace answer_cell_test
