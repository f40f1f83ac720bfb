#include "app/answer/result/csv.hpp"
#include "tests/catch.hpp"

namespace answer_csv_test {

using namespace genie_slack;
using answer::write_csv;

using Cell = std::optional<std::string>;

genie::ResultTable table(const std::vector<std::string>& columns, std::vector<std::vector<Cell>> rows) {
    genie::ResultTable made;
    for (const std::string& name : columns) {
        made.columns.emplace_back();
        made.columns.back().name = name;
    }
    made.rows = std::move(rows);
    made.total_rows = static_cast<std::int64_t>(made.rows.size());
    return made;
}

// What follows the header "a,b", of one row.
std::string written(const Cell& cell) {
    const std::string start =
        "\xEF\xBB\xBF"
        "a,b\r\n";
    const std::string csv = write_csv(table({"a", "b"}, {{cell, "z"}}), 1'000).value_or("");
    REQUIRE(csv.rfind(start, 0) == 0);
    const std::string end = ",z\r\n";
    REQUIRE(csv.size() >= start.size() + end.size());
    REQUIRE(csv.substr(csv.size() - end.size()) == end);
    return csv.substr(start.size(), csv.size() - start.size() - end.size());
}

TEST_CASE("a CSV file has a byte order mark, a header and lines that end with CRLF", "[csv]") {
    CHECK(write_csv(table({"region", "revenue, total"}, {{"EMEA", "1200.50"}, {"Zürich", std::nullopt}}), 1'000) ==
          "\xEF\xBB\xBFregion,\"revenue, total\"\r\nEMEA,1200.50\r\nZürich,\r\n");
    CHECK(write_csv(table({"only"}, {}), 1'000) == "\xEF\xBB\xBFonly\r\n");
    // Each row has the header's columns.
    CHECK(write_csv(table({"a", "b"}, {{"1"}, {"1", "2", "3"}}), 1'000) ==
          "\xEF\xBB\xBF"
          "a,b\r\n1,\r\n1,2\r\n");
    // A row is never an empty line.
    CHECK(write_csv(table({"a"}, {{std::nullopt}, {""}}), 1'000) ==
          "\xEF\xBB\xBF"
          "a\r\n\"\"\r\n\"\"\r\n");
}

TEST_CASE("a value comes through a CSV file as it was", "[csv]") {
    struct Case {
        Cell value;
        std::string written;
    };
    const std::vector<Case> cases = {
        {std::nullopt, ""},
        {"", "\"\""},
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\r\nlines", "\"two\r\nlines\""},
        {" outer ", "\" outer \""},
        {"a;b\tc|d", "a;b\tc|d"},
        {"日本茶 🍵", "日本茶 🍵"},
        {"3.336E8", "3.336E8"},
        {"12345678901234567890123456.789012345678", "12345678901234567890123456.789012345678"},
        {"2025-01-31T10:00:00.000Z", "2025-01-31T10:00:00.000Z"},
        {"a=b", "a=b"},
        {"'quoted'", "'quoted'"},
    };
    for (const Case& example : cases) {
        INFO(example.value.value_or("NULL"));
        CHECK(written(example.value) == example.written);
    }
}

TEST_CASE("what a spreadsheet would run as a formula is text, numbers stay numbers", "[csv]") {
    for (const char* number :
         {"-7", "+7", "-0.5", "-.5", "-5.", "-1.5E10", "-1.5e-10", "+1E+3", "-9223372036854775808"})
        CHECK(written(number) == number);
    for (const char* formula : {"=1+1",
                                "=SUM(A1:A9)",
                                "+1+1",
                                "-1-1",
                                "-e5",
                                "--1",
                                "@SUM(A1)",
                                "@SUM (1+1)*cmd|' /C calc'!A0",
                                "+cmd",
                                "+cmd|' /C calc'!A0",
                                "-2+3+cmd|' /C calc'!A0",
                                "- 1+cmd|'/C calc'!A0",
                                "-A1",
                                "-item",
                                "- HYPERLINK(1)",
                                "-5+SUM(A1)",
                                "+49 170 1234567+SUM(1)",
                                "\ttab",
                                "=",
                                "\x01=1",
                                "-'x'!A1",
                                "＝1+1",
                                "＋cmd",
                                "@x+1"})
        CHECK(written(formula) == "'" + std::string(formula));
    CHECK(written("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    CHECK(written("\r=1") == "\"'\r=1\"");
    CHECK(written(" =1+1") == "\"' =1+1\"");
    CHECK(written(std::string("\0=1+1", 5)) == "'" + std::string("\0=1+1", 5));
    // Names of columns can be chosen by who asks.
    CHECK(write_csv(table({"=1+1"}, {}), 100) == "\xEF\xBB\xBF'=1+1\r\n");
}

TEST_CASE("phone numbers, dashes, quantities and handles stay as they are", "[csv]") {
    for (const char* value : {"+49 170 1234567",
                              "+491701234567",
                              "+1-800-555-0100",
                              "+49 (0)170/1234567",
                              "-",
                              "--",
                              "---",
                              "+",
                              "- item",
                              "- item - more",
                              "-5 %",
                              "- 5 %",
                              "-5,3",
                              "-5 Mio. EUR",
                              "-10 °C",
                              "-$5.00",
                              "-€5",
                              "-2 03:04:05",
                              "@handle",
                              "@ana.lima",
                              "@jean-luc",
                              "@",
                              "-Infinity",
                              "-inf",
                              "+NaN",
                              "+ Ärger",
                              "ana@example.com",
                              "1-2",
                              "MAR7",
                              "007800",
                              "73928e03",
                              "479386071891505153"})
        CHECK(written(value) ==
              (std::string(value).find(',') == std::string::npos ? value : "\"" + std::string(value) + "\""));
}

TEST_CASE("the dialect follows the setting, or the reader's language and country", "[csv]") {
    using answer::csv_dialect;
    using answer::CsvForm;
    const auto described = [](CsvForm form, const char* locale) {
        const answer::CsvDialect dialect = csv_dialect(form, locale);
        return std::string(1, dialect.separator) + (dialect.decimal_comma ? ',' : '.');
    };
    for (const char* locale : {"de-DE", "de_DE", "fr-FR", "it-IT", "es-ES", "pt-BR", "nl", "de"})
        CHECK(described(CsvForm::of_reader, locale) == ";,");
    for (const char* locale : {"en-US", "en-GB", "ja-JP", "zh-CN", "ko-KR", "es-MX", "es-LA", "", "x"})
        CHECK(described(CsvForm::of_reader, locale) == ",.");
    CHECK(described(CsvForm::of_reader, "de-CH") == ";.");
    CHECK(described(CsvForm::comma, "de-DE") == ",.");
    CHECK(described(CsvForm::semicolon, "en-US") == ";,");
}

TEST_CASE("with semicolons fractions have a decimal comma, everything else stays", "[csv]") {
    auto made = table({"amount", "id", "note"},
                      {{"1234.50", "479386071891505153", "1.5"}, {"-1.5E-10", "1", "a;b"}, {"n/a", "2", "a,b"}});
    made.columns[0].type_name = "DECIMAL";
    made.columns[1].type_name = "LONG";
    made.columns[2].type_name = "STRING";
    CHECK(write_csv(made, 1'000, answer::csv_dialect(answer::CsvForm::semicolon, "")) ==
          "\xEF\xBB\xBF"
          "amount;id;note\r\n1234,50;479386071891505153;1.5\r\n-1,5E-10;1;\"a;b\"\r\nn/a;2;a,b\r\n");
}

TEST_CASE("a CSV file is not larger than allowed", "[csv]") {
    const auto made = table({"a"}, {{"123"}, {"456"}});
    const std::size_t size = write_csv(made, 1'000).value().size();
    CHECK(write_csv(made, size));
    CHECK_FALSE(write_csv(made, size - 1));
    CHECK_FALSE(write_csv(table({"long name"}, {}), 5));
}

}  // namespace answer_csv_test
