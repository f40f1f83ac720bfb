#include "app/answer/result/columns.hpp"

#include "app/answer/result/cell.hpp"
#include "tests/catch.hpp"

namespace answer_columns_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using words::Language;

struct Written {
    std::string header;
    std::vector<std::string> values;

    bool operator==(const Written&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Written& written) {
    out << written.header << ":";
    for (const std::string& value : written.values)
        out << " [" << value << "]";
    return out;
}

Written write(const std::string& name, const std::string& type, const std::vector<std::optional<std::string>>& values,
              Language language = Language::english) {
    genie::ResultTable table;
    table.columns.emplace_back();
    table.columns.back().name = name;
    table.columns.back().type_name = type;
    for (const auto& value : values)
        table.rows.push_back({value});
    const ColumnFormat format = read_column(table, 0);
    Written written;
    written.header = format_header(table.columns[0], format);
    for (const auto& value : values)
        written.values.push_back(format_cell(language, format, value));
    return written;
}

TEST_CASE("numbers have the separators of the reader's language", "[answer]") {
    CHECK(write("n", "DECIMAL", {"1234567.50", "-0.5", std::nullopt}) == Written{"N", {"1,234,567.50", "-0.5", "–"}});
    CHECK(write("n", "DECIMAL", {"1234567.50", "-0.5", std::nullopt}, Language::german) ==
          Written{"N", {"1.234.567,50", "-0,5", "–"}});
    CHECK(write("order_id", "LONG", {"1234567"}, Language::german) == Written{"Order ID", {"1234567"}});
    CHECK(write("year", "INT", {"2024"}) == Written{"Year", {"2024"}});
    CHECK(write("n", "DOUBLE", {"3.336E8", "NaN"}, Language::german) == Written{"N", {"333.600.000", "NaN"}});
    CHECK(write("n", "STRING", {"1234567.50"}, Language::german) == Written{"N", {"1234567.50"}});
}

TEST_CASE("a currency that the column's name ends in stands in the header", "[answer]") {
    CHECK(write("revenue_usd", "DECIMAL", {"1200.50"}) == Written{"Revenue (USD)", {"1,200.50"}});
    CHECK(write("Revenue EUR", "DECIMAL", {"1200.50"}, Language::german) == Written{"Revenue (EUR)", {"1.200,50"}});
    CHECK(write("revenueUSD", "DECIMAL", {"1"}).header == "Revenue (USD)");
    CHECK(write("usd", "DECIMAL", {"1"}).header == "USD");
    CHECK(write("revenue_usd", "STRING", {"1200.50"}) == Written{"Revenue USD", {"1200.50"}});
    CHECK(write("lost_cad_files", "INT", {"3"}).header == "Lost CAD files");
}

TEST_CASE("parts of one are written as percentages where nothing else can be meant", "[answer]") {
    CHECK(write("market_share", "DOUBLE", {"0.1234", "1", "0", "-0.05", "1.0E-3"}) ==
          Written{"Market share", {"12.34%", "100%", "0%", "-5%", "0.1%"}});
    CHECK(write("share_of_sales", "DECIMAL", {"0.5000"}, Language::german) ==
          Written{"Share of sales", {"50,00\xC2\xA0%"}});
    CHECK(write("churn_rate", "DECIMAL", {"0.025", std::nullopt}).values == std::vector<std::string>{"2.5%", "–"});
    // A price, an exchange rate, a value above one, whole numbers, words: all could be meant otherwise.
    CHECK(write("share_price", "DECIMAL", {"0.85"}).values[0] == "0.85");
    CHECK(write("exchange_rate", "DECIMAL", {"0.92"}).values[0] == "0.92");
    CHECK(write("market_share", "DECIMAL", {"0.5", "12.5"}).values == std::vector<std::string>{"0.5", "12.5"});
    CHECK(write("market_share", "INT", {"0", "1"}).values == std::vector<std::string>{"0", "1"});
    CHECK(write("market_share", "DOUBLE", {"0.5", "NaN"}).values == std::vector<std::string>{"0.5", "NaN"});
    CHECK(write("market_share", "STRING", {"0.5"}).values[0] == "0.5");
}

TEST_CASE("percentages get their sign when they cannot be parts of one", "[answer]") {
    CHECK(write("growth_pct", "DECIMAL", {"12.5", "0.4", "-3"}) == Written{"Growth %", {"12.5%", "0.4%", "-3%"}});
    CHECK(write("percent_done", "INT", {"1200"}, Language::german) == Written{"% done", {"1.200\xC2\xA0%"}});
    CHECK(write("growth_pct", "DECIMAL", {"0.5", "1"}).values == std::vector<std::string>{"0.5", "1"});
}

TEST_CASE("moving the point by two digits loses none", "[answer]") {
    const std::pair<const char*, const char*> cases[] = {
        {"0.1", "10%"},      {"0.01", "1%"},
        {"0.001", "0.1%"},   {"0.12345678901234567890", "12.345678901234567890%"},
        {"-0.07", "-7%"},    {"0.00", "0%"},
        {"1.000", "100.0%"}, {"0.999999999999", "99.9999999999%"},
        {"5E-1", "50%"},     {"1E-300", "1E-300"},
        {"n/a", "n/a"},      {"12.5", "1,250%"},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(format_share(Language::english, text) == expected);
    }
}

TEST_CASE("times are readable and sort as text", "[answer]") {
    CHECK(write("created_at", "TIMESTAMP", {"2025-01-31T10:00:00.000Z", std::nullopt, "2025-02-01T00:00:00.000Z"}) ==
          Written{"Created at (UTC)", {"2025-01-31 10:00:00", "–", "2025-02-01 00:00:00"}});
    CHECK(write("at", "TIMESTAMP_NTZ", {"2025-01-31T10:00:00.125", "2025-01-31T10:00:00.000"}) ==
          Written{"At", {"2025-01-31 10:00:00.125", "2025-01-31 10:00:00.000"}});
    CHECK(write("start", "TIMESTAMP", {"2025-01-01T00:00:00.000Z", "2025-02-01T00:00:00.000Z"}) ==
          Written{"Start", {"2025-01-01", "2025-02-01"}});
    CHECK(write("created_utc", "TIMESTAMP", {"2025-01-31T10:00:00Z"}).header == "Created (UTC)");
    CHECK(write("day", "DATE", {"2025-01-31"}) == Written{"Day", {"2025-01-31"}});
    // What is not understood stays, in the whole column.
    CHECK(write("at", "TIMESTAMP", {"2025-01-31T10:00:00.000Z", "tomorrow"}) ==
          Written{"At", {"2025-01-31T10:00:00.000Z", "tomorrow"}});
    CHECK(write("at", "TIMESTAMP", {"2025-01-31T10:00:00+01:00"}).values[0] == "2025-01-31T10:00:00+01:00");
    CHECK(write("at", "TIMESTAMP", {"2025-01-31T10:00:00Z", "2025-01-31T10:00:00"}).values[1] == "2025-01-31T10:00:00");
    CHECK_FALSE(split_timestamp("2025-01-31"));
    CHECK_FALSE(split_timestamp("2025-01-31T10:00:00."));
    CHECK_FALSE(split_timestamp("2025-01-31T10:00:00Zulu"));
}

TEST_CASE("days that stand for months, quarters and years are written as such", "[answer]") {
    const std::vector<std::optional<std::string>> months = {"2025-01-01", "2025-03-01", std::nullopt};
    CHECK(write("month", "DATE", months).values == std::vector<std::string>{"Jan 2025", "Mar 2025", "–"});
    CHECK(write("order_month", "DATE", {"2025-03-01"}, Language::german).values ==
          std::vector<std::string>{"März 2025"});
    CHECK(write("mes", "TIMESTAMP", {"2025-12-01T00:00:00.000Z"}, Language::spanish).values ==
          std::vector<std::string>{"dic 2025"});
    CHECK(write("period", "DATE", months, Language::french).values ==
          std::vector<std::string>{"janv. 2025", "mars 2025", "–"});
    CHECK(write("quarter", "DATE", {"2025-04-01", "2025-10-01"}).values ==
          std::vector<std::string>{"Q2 2025", "Q4 2025"});
    CHECK(write("fiscal_year", "DATE", {"2024-01-01"}).values == std::vector<std::string>{"2024"});
    CHECK(write("year", "DATE", {"2024-01-01", "2024-07-01"}).values ==
          std::vector<std::string>{"Jan 2024", "Jul 2024"});
    for (const Language language : words::kLanguages)
        CHECK_FALSE(write("month", "DATE", {"2025-12-01"}, language).values[0].starts_with(" "));
}

TEST_CASE("a day that only happens to be the first of a month stays a day", "[answer]") {
    CHECK(write("start_date", "DATE", {"2025-01-01", "2025-03-01"}).values ==
          std::vector<std::string>{"2025-01-01", "2025-03-01"});
    CHECK(write("signed", "DATE", {"2025-01-01"}).values == std::vector<std::string>{"2025-01-01"});
    CHECK(write("month", "DATE", {"2025-01-01", "2025-03-02"}).values ==
          std::vector<std::string>{"2025-01-01", "2025-03-02"});
    CHECK(write("month", "STRING", {"2025-01-01"}).values == std::vector<std::string>{"2025-01-01"});
    CHECK(write("month", "DATE", {"+12025-01-01"}).values == std::vector<std::string>{"+12025-01-01"});
}

TEST_CASE("truth is said in words", "[answer]") {
    CHECK(write("paid", "BOOLEAN", {"true", "false", std::nullopt, "maybe"}) ==
          Written{"Paid", {"yes", "no", "–", "maybe"}});
    CHECK(write("paid", "BOOLEAN", {"true", "false"}, Language::german) == Written{"Paid", {"ja", "nein"}});
    CHECK(write("paid", "STRING", {"true"}).values[0] == "true");
}

TEST_CASE("only numbers that a double holds are sorted as numbers", "[answer]") {
    CHECK(exact_double("1234567.50") == 1234567.5);
    CHECK(exact_double("-0.001") == -0.001);
    CHECK(exact_double("3.336E8") == 3.336e8);
    CHECK(exact_double("100000000000000000000000") == 1e23);
    CHECK(exact_double("999999999999999") == 999999999999999.0);
    CHECK_FALSE(exact_double("9007199254740993"));
    CHECK_FALSE(exact_double("0.1234567890123456"));
    CHECK_FALSE(exact_double("1E300"));
    CHECK_FALSE(exact_double("NaN"));
    CHECK_FALSE(exact_double("Infinity"));
    CHECK_FALSE(exact_double(""));
    CHECK_FALSE(exact_double("12 345"));
}

TEST_CASE("Markdown of others keeps its lines and cannot mention anybody", "[answer]") {
    CHECK(harmless_markdown("a\r\n\r\n- b\t`<c>`\x01") == "a\n\n- b\t`<c>`");
    CHECK(harmless_markdown("<!channel> <@U1> <#C1> a<b") ==
          "<\xE2\x80\x8B!channel> <\xE2\x80\x8B@U1> <\xE2\x80\x8B#C1> a<b");
    CHECK(harmless_markdown("<\xE2\x80\xAE!here>") == "<\xE2\x80\x8B!here>");
    CHECK(harmless_markdown("bad\xFF") == "bad\xEF\xBF\xBD");
}

}  // namespace answer_columns_test
