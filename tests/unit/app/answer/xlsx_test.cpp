// What stands in the parts of a spreadsheet, read by an unpacker that knows nothing of the writer.
#include "app/answer/result/xlsx.hpp"
#include "app/answer/result/sheet_cells.hpp"
#include "tests/catch.hpp"

#include <zlib.h>

#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <vector>

namespace answer_xlsx_test {

using namespace genie_slack;
using answer::write_xlsx;

using Cell = std::optional<std::string>;

struct Column {
    std::string name;
    std::string type;
    std::vector<Cell> values;
};

genie::ResultTable table(const std::vector<Column>& columns) {
    genie::ResultTable made;
    for (const Column& column : columns) {
        made.columns.emplace_back();
        made.columns.back().name = column.name;
        made.columns.back().type_name = column.type;
        made.rows.resize(std::max(made.rows.size(), column.values.size()));
        for (std::size_t i = 0; i < column.values.size(); ++i)
            made.rows[i].push_back(column.values[i]);
    }
    made.total_rows = static_cast<std::int64_t>(made.rows.size());
    return made;
}

std::size_t number_at(const std::string& zip, std::size_t position, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value |= static_cast<std::size_t>(static_cast<unsigned char>(zip.at(position + i))) << (8 * i);
    return value;
}

std::string inflate_part(const std::string& zip, std::size_t position, std::size_t packed, std::size_t size) {
    std::string in = zip.substr(position, packed);
    std::string out(size, '\0');
    z_stream stream = {};
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    // Negative: no header of zlib around it.
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        throw std::runtime_error("zlib");
    const int ended = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (ended != Z_STREAM_END || stream.total_out != size)
        throw std::runtime_error("a part cannot be unpacked");
    return out;
}

// The parts of a zip file by their names, as its central directory lists them.
std::map<std::string, std::string> unzip(const std::string& zip) {
    std::map<std::string, std::string> parts;
    const std::size_t end = zip.rfind("PK\x05\x06");
    std::size_t entry = number_at(zip, end + 16, 4);
    for (std::size_t left = number_at(zip, end + 10, 2); left > 0; --left) {
        const std::size_t name_size = number_at(zip, entry + 28, 2);
        const std::size_t local = number_at(zip, entry + 42, 4);
        const std::size_t content = local + 30 + number_at(zip, local + 26, 2) + number_at(zip, local + 28, 2);
        parts[zip.substr(entry + 46, name_size)] =
            inflate_part(zip, content, number_at(zip, entry + 20, 4), number_at(zip, entry + 24, 4));
        entry += 46 + name_size + number_at(zip, entry + 30, 2) + number_at(zip, entry + 32, 2);
    }
    return parts;
}

struct Book {
    explicit Book(const genie::ResultTable& written) {
        const auto file = write_xlsx(written, 10'000'000);
        INFO((file ? std::string() : file.error().message));
        REQUIRE(file);
        auto parts = unzip(*file);
        sheet = parts.at("xl/worksheets/sheet1.xml");
        styles = parts.at("xl/styles.xml");
        // No part of any sheet is a formula, and no string becomes one.
        CHECK(sheet.find("<f>") == std::string::npos);
        CHECK(sheet.find("<f ") == std::string::npos);
    }

    // The whole element of a cell: <c r="A2" …>…</c>; "" for an empty one.
    std::string cell(const std::string& place) const {
        const std::size_t start = sheet.find("<c r=\"" + place + "\"");
        if (start == std::string::npos)
            return "";
        return sheet.substr(start, sheet.find("</c>", start) - start);
    }
    std::string value(const std::string& place) const { return between(cell(place), "<v>", "</v>"); }
    std::string text(const std::string& place) const {
        const std::string whole = cell(place);
        CHECK_THAT(whole, test::contains("t=\"inlineStr\""));
        return between(whole, whole.find("<t xml") == std::string::npos ? "<t>" : "<t xml:space=\"preserve\">", "</t>");
    }
    bool is_number(const std::string& place) const {
        return !value(place).empty() && cell(place).find(" t=") == std::string::npos;
    }
    // The format of a cell's number, "" for the program's own.
    std::string format(const std::string& place) const {
        const std::string style = between(cell(place), " s=\"", "\"");
        if (style.empty())
            return "";
        std::size_t at = styles.find("<cellXfs");
        for (int i = 0; i <= std::stoi(style); ++i)
            at = styles.find("<xf ", at + 1);
        const std::string id = between(styles.substr(at), "numFmtId=\"", "\"");
        const std::size_t named = styles.find("<numFmt numFmtId=\"" + id + "\"");
        // Some versions of the library write the numbers that these have in the standard.
        static const std::map<std::string, std::string> kNumbered = {
            {"1", "0"}, {"3", "#,##0"}, {"4", "#,##0.00"}, {"10", "0.00%"}};
        if (const auto known = kNumbered.find(id); named == std::string::npos && known != kNumbered.end())
            return known->second;
        return named == std::string::npos ? id : between(styles.substr(named), "formatCode=\"", "\"");
    }

    static std::string between(const std::string& whole, const std::string& before, const std::string& after) {
        const std::size_t start = whole.find(before);
        if (start == std::string::npos)
            return "";
        const std::size_t from = start + before.size();
        return whole.substr(from, whole.find(after, from) - from);
    }

    std::string sheet;
    std::string styles;
};

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

TEST_CASE("the header of a spreadsheet is bold and stays in sight", "[xlsx]") {
    const Book book(table({{"region", "STRING", {"EMEA"}}, {"=1+1", "LONG", {"3"}}}));
    CHECK(book.text("A1") == "region");
    CHECK(book.text("B1") == "=1+1");
    CHECK_THAT(book.cell("A1"), test::contains("s=\"1\""));
    CHECK_THAT(book.styles, test::contains("<b/>"));
    CHECK_THAT(book.sheet, test::contains("<pane ySplit=\"1\" topLeftCell=\"A2\""));
    CHECK_THAT(book.sheet, test::contains("state=\"frozen\""));
}

TEST_CASE("numbers are numbers, in the form of their column", "[xlsx]") {
    const Book book(table({{"orders", "LONG", {"1234", "-7"}},
                           {"revenue", "DECIMAL", {"1200.50", "0.05"}},
                           {"weight", "DOUBLE", {"0.30000000000000004", "1.5E-10"}},
                           {"year", "INT", {"2025", "2024"}},
                           {"market_share", "DOUBLE", {"0.1234", "0.5"}}}));
    for (const char* place : {"A2", "A3", "B2", "B3", "C2", "C3", "D2", "E2"}) {
        INFO(place);
        CHECK(book.is_number(place));
    }
    CHECK(book.value("A3") == "-7");
    CHECK(book.value("B2") == "1200.5");
    CHECK(std::stod(book.value("C3")) == 1.5e-10);
    CHECK(book.format("A2") == "#,##0");
    CHECK(book.format("B2") == "#,##0.00");
    CHECK(book.format("C2").empty());
    CHECK(book.format("D2") == "0");
    CHECK(book.format("E2") == "0.00%");
}

TEST_CASE("numbers that a spreadsheet would change are text, a column as a whole", "[xlsx]") {
    const Book book(table({{"order_id", "LONG", {"479386071891505153", "12"}},
                           {"zip", "STRING", {"007800", "12345"}},
                           {"total", "DECIMAL", {"1234567890123.4567", "1.0000"}},
                           {"code", "LONG", {"479386071891505", "-1"}},
                           {"rate", "DOUBLE", {"Infinity", "NaN"}}}));
    CHECK(book.text("A2") == "479386071891505153");
    CHECK(book.text("A3") == "12");
    CHECK(book.text("B2") == "007800");
    CHECK(book.text("B3") == "12345");
    CHECK(book.text("C2") == "1234567890123.4567");
    CHECK(book.text("C3") == "1.0000");
    CHECK(book.value("D2") == "479386071891505");
    CHECK(book.text("E2") == "Infinity");
    CHECK(book.text("E3") == "NaN");
}

TEST_CASE("booleans, dates and timestamps are what they are", "[xlsx]") {
    const Book book(table({{"paid", "BOOLEAN", {"true", "false", std::nullopt}},
                           {"day", "DATE", {"2025-01-31", "1900-02-28", "2025-02-30"}},
                           {"at", "TIMESTAMP", {"2025-01-31T10:00:00.000Z", "1999-12-31T23:59:59.000Z", std::nullopt}},
                           {"local", "TIMESTAMP_NTZ", {"2025-01-31T18:00:00.250", std::nullopt, std::nullopt}},
                           {"week", "TIMESTAMP", {"2025-01-27T00:00:00.000Z", std::nullopt, std::nullopt}}}));
    CHECK_THAT(book.cell("A2"), test::contains("t=\"b\""));
    CHECK(book.value("A2") == "1");
    CHECK(book.value("A3") == "0");
    CHECK(book.cell("A4").empty());
    CHECK(book.value("B2") == "45688");
    CHECK(book.format("B2") == "yyyy-mm-dd");
    CHECK(book.text("B3") == "1900-02-28");
    CHECK(book.text("B4") == "2025-02-30");
    CHECK(book.text("C1") == "at (UTC)");
    CHECK(std::abs(std::stod(book.value("C2")) - (45688 + 10.0 / 24)) < 1e-7);
    CHECK(book.format("C2") == "yyyy-mm-dd hh:mm:ss");
    CHECK(book.text("D1") == "local");
    CHECK(std::abs(std::stod(book.value("D2")) - (45688.75 + 0.25 / 86'400)) < 1e-7);
    CHECK(book.format("D2") == "yyyy-mm-dd hh:mm:ss.000");
    CHECK(book.value("E2") == "45684");
    CHECK(book.format("E2") == "yyyy-mm-dd");
}

TEST_CASE("text is text, never a formula or a link", "[xlsx]") {
    const std::vector<Cell> values = {"=SUM(A1:A9)", "+cmd|' /C calc'!A0",
                                      "@SUM(1)",     "https://example.com/?a=1&b=2",
                                      "<b>",         "two\r\nlines",
                                      " outer ",     "_x0041_",
                                      "a\x01\x02z",  "",
                                      "日本茶 🍵",   std::nullopt};
    const Book book(table({{"note", "STRING", values}}));
    const std::vector<std::string> texts = {"=SUM(A1:A9)", "+cmd|' /C calc'!A0",
                                            "@SUM(1)",     "https://example.com/?a=1&amp;b=2",
                                            "&lt;b&gt;",   "two\nlines",
                                            " outer ",     "_x005F_x0041_",
                                            "az",          "",
                                            "日本茶 🍵"};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        INFO(texts[i]);
        const std::string place = "A" + std::to_string(i + 2);
        if (texts[i].empty())
            CHECK(book.cell(place).empty());
        else
            CHECK(book.text(place) == texts[i]);
    }
    CHECK(book.cell("A13").empty());
    CHECK(book.sheet.find("hyperlink") == std::string::npos);
}

TEST_CASE("a cell holds so much text, and shows where it was cut", "[xlsx]") {
    using answer::cell_text;
    const std::string full(32'767, 'x');
    CHECK(cell_text(full) == full);
    CHECK(cell_text(full + "x") == full.substr(1) + "…");
    // A character beyond the first plane takes two.
    CHECK(cell_text(repeated("🍵", 16'383) + "x") == repeated("🍵", 16'383) + "x");
    CHECK(cell_text(repeated("🍵", 16'384)) == repeated("🍵", 16'383) + "…");
    CHECK(cell_text("a\xEF\xBF\xBFz") == "az");
    CHECK(cell_text("\xFFz") == "\xEF\xBF\xBDz");
    const Book book(table({{"note", "STRING", {full + "tail"}}}));
    CHECK(book.text("A2") == full.substr(1) + "…");
}

TEST_CASE("columns are as wide as what they show, within bounds", "[xlsx]") {
    const auto made = table({{"id", "LONG", {"1"}},
                             {"a much longer header", "STRING", {"x"}},
                             {"note", "STRING", {std::string(500, 'x')}},
                             {"day", "DATE", {"2025-01-31"}}});
    CHECK(answer::plan_column(made, 0).width == 8);
    CHECK(answer::plan_column(made, 1).width == 22);
    CHECK(answer::plan_column(made, 2).width == 60);
    CHECK(answer::plan_column(made, 3).width == 12);
    CHECK_THAT(Book(made).sheet, test::contains("<col min=\"3\" max=\"3\" width=\"60.7"));
}

TEST_CASE("rows that are shorter or longer than the header take no harm", "[xlsx]") {
    auto made = table({{"a", "STRING", {"1x"}}, {"b", "STRING", {"2x"}}});
    made.rows.push_back({"short"});
    made.rows.push_back({"c", "d", "too much"});
    made.rows.emplace_back();
    const Book book(made);
    CHECK(book.text("A3") == "short");
    CHECK(book.cell("B3").empty());
    CHECK(book.text("B4") == "d");
    CHECK(book.cell("C4").empty());
    CHECK(Book(table({{"only", "STRING", {}}})).text("A1") == "only");
}

TEST_CASE("what is too much for a spreadsheet is refused with the reason", "[xlsx]") {
    genie::ResultTable made = table({{"a", "STRING", {"1x"}}});
    const auto problem = [&made](std::size_t bytes = 10'000'000) {
        const auto file = write_xlsx(made, bytes);
        return file ? std::string() : file.error().message;
    };
    CHECK(problem().empty());
    CHECK_THAT(problem(100), test::contains("bytes"));
    made.columns.resize(16'385);
    CHECK(problem() == "2 rows of 16385 columns are too many");
    made.columns.resize(2);
    made.rows.resize(99'999);
    CHECK(problem().empty());
    made.rows.emplace_back();
    CHECK(problem() == "100001 rows of 2 columns are too many");
}

}  // namespace answer_xlsx_test
