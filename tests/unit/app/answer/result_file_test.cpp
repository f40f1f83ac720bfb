#include "app/answer/result/result_file.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"

#include <optional>
#include <vector>

namespace answer_result_file_test {

using namespace genie_slack;
using answer::file_name;
using answer::file_title;

genie::ResultTable table(const char* name, const char* type, const std::vector<std::optional<std::string>>& values) {
    genie::ResultTable made;
    made.columns.resize(1);
    made.columns[0].name = name;
    made.columns[0].type_name = type;
    for (const auto& value : values)
        made.rows.push_back({value});
    made.total_rows = static_cast<std::int64_t>(values.size());
    return made;
}

TEST_CASE("a spreadsheet comes only where a program that opens CSV would change values", "[file][xlsx]") {
    using answer::FileFormat;
    using answer::wants_xlsx;
    for (const char* harmless :
         {"EMEA",     "12",       "-7",      "12.125",  "2025-01",         "2025-01-31",
          "10.0.0.1", "10:30",    "1.",      "a-1",     "1-2-3-4",         "2025-01-31T10:00:00.000Z",
          "true",     "0",        "",        "+",       "123456789012345", "May",
          "MARCH",    "Marcel 7", "Mar 7 x", "decade 1"}) {
        INFO(harmless);
        CHECK_FALSE(wants_xlsx(FileFormat::automatic, table("note", "STRING", {"x", harmless})));
    }
    for (const char* changed : {"007800", "479386071891505153", "+491701234567", "73928e03", "1-2", "3/4", "1.10",
                                "12/31/2025", "MAR7", "dec1", "1-Mar", "Sept 2", "2 May 2025"}) {
        INFO(changed);
        CHECK(wants_xlsx(FileFormat::automatic, table("note", "STRING", {"x", changed})));
    }
    CHECK(wants_xlsx(FileFormat::automatic, table("order_id", "LONG", {"1", "479386071891505153"})));
    CHECK_FALSE(wants_xlsx(FileFormat::automatic, table("orders", "LONG", {"1", "479386071891505"})));
    CHECK(wants_xlsx(FileFormat::automatic, table("total", "DECIMAL", {"1234567890123.4567"})));
    CHECK_FALSE(wants_xlsx(FileFormat::automatic, table("total", "DOUBLE", {"0.30000000000000004"})));
    CHECK_FALSE(wants_xlsx(FileFormat::automatic, table("at", "DATE", {"2025-01-31"})));
    CHECK_FALSE(wants_xlsx(FileFormat::automatic, table("note", "STRING", {std::nullopt})));
}

TEST_CASE("a text that no cell holds comes as CSV by itself", "[file][xlsx]") {
    using answer::FileFormat;
    using answer::wants_xlsx;
    const auto wants = [](const std::string& note, FileFormat format = FileFormat::automatic) {
        return wants_xlsx(format, table("note", "STRING", {"007", note}));
    };
    const std::string longest(32'767, 'a');
    CHECK(wants(longest));
    CHECK_FALSE(wants(longest + "a"));
    CHECK(wants(longest + "a", FileFormat::xlsx));
    // Umlauts have two bytes each, and a cell counts characters.
    std::string umlauts;
    for (int i = 0; i < 32'767; ++i)
        umlauts += "ü";
    CHECK(wants(umlauts));
}

TEST_CASE("who sets a form of the file gets it whatever the values are", "[file][xlsx]") {
    CHECK(answer::wants_xlsx(answer::FileFormat::xlsx, table("note", "STRING", {"plain"})));
    CHECK_FALSE(answer::wants_xlsx(answer::FileFormat::csv, table("note", "STRING", {"007"})));
}

TEST_CASE("a file is called after the query, safely", "[file]") {
    CHECK(file_name("Revenue by region", ".csv") == "Revenue_by_region.csv");
    CHECK(file_name("", ".csv") == "result.csv");
    CHECK(file_name("Q1 2025", ".xlsx") == "Q1_2025.xlsx");
    CHECK(file_name(" ./\\:* ", ".csv") == "result.csv");
    CHECK(file_name("../../etc/passwd", ".csv") == "etc_passwd.csv");
    CHECK(file_name("-rf a.exe", ".csv") == "rf_a_exe.csv");
    CHECK(file_name("Q1-Q2 (2025): \"Top\" <10>", ".csv") == "Q1-Q2_2025_Top_10.csv");
    CHECK(file_name("Umsatz für Köln", ".csv") == "Umsatz_für_Köln.csv");
    CHECK(file_name("evil\xE2\x80\xAEvsc.exe\nx", ".csv") == "evilvsc_exe_x.csv");
    CHECK(slack::count_characters(file_name(std::string(500, 'a'), ".csv")) == 64);
    std::string wide;
    for (int i = 0; i < 500; ++i)
        wide += "茶";
    CHECK(slack::count_characters(file_name(wide, ".csv")) == 64);
    CHECK(file_name(wide, ".csv").size() <= 255);
}

TEST_CASE("a file says how many rows it has", "[file]") {
    genie::ResultTable made = table("a", "STRING", {"1"});
    CHECK(file_title(words::Language::english, "Revenue", made) == "Revenue · 1 row");
    CHECK(file_title(words::Language::english, "", made) == "Result · 1 row");
    made.rows.resize(1284, {"1"});
    made.total_rows = 1284;
    CHECK(file_title(words::Language::english, "Revenue\nby region", made) == "Revenue by region · 1,284 rows");
    made.total_rows = 9000;
    CHECK(file_title(words::Language::english, "Revenue", made) == "Revenue · first 1,284 rows");
    made.total_rows = 1284;
    made.truncated = true;
    CHECK(file_title(words::Language::english, "Revenue", made) == "Revenue · first 1,284 rows");
    made.left_out_columns = 500;
    CHECK(file_title(words::Language::english, "Revenue", made) ==
          "Revenue · first 1,284 rows, first 1 of 501 columns");
}

}  // namespace answer_result_file_test
