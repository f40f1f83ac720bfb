// Whatever a result holds, all of it comes back out of its CSV file, read by a parser that knows nothing of the writer.
#include "app/answer/result/csv.hpp"
#include "tests/catch.hpp"
#include "tests/support/answer_fuzz.hpp"

#include <cctype>

namespace answer_csv_property_test {

using namespace genie_slack;
using test::AnswerFuzz;

struct Field {
    std::string text;
    bool quoted = false;
};

// RFC 4180 to the letter; throws where a file is none.
std::vector<std::vector<Field>> parse_csv(std::string_view csv) {
    std::vector<std::vector<Field>> rows(1);
    rows.back().emplace_back();
    std::size_t i = 0;
    const auto next = [&] { return i < csv.size() ? csv[i] : '\0'; };
    while (i < csv.size()) {
        Field& field = rows.back().back();
        if (next() == '"') {
            field.quoted = true;
            for (++i;; ++i) {
                if (i >= csv.size())
                    throw std::runtime_error("a quote stays open");
                if (csv[i] == '"' && (i + 1 >= csv.size() || csv[i + 1] != '"'))
                    break;
                if (csv[i] == '"')
                    ++i;
                field.text += csv[i];
            }
            ++i;
        } else {
            while (i < csv.size() && next() != ',' && next() != '\r' && next() != '\n' && next() != '"')
                field.text += csv[i++];
        }
        if (next() == ',' && i < csv.size()) {
            rows.back().emplace_back();
            ++i;
        } else if (csv.substr(i, 2) == "\r\n") {
            i += 2;
            if (i < csv.size()) {
                rows.emplace_back();
                rows.back().emplace_back();
            }
        } else {
            throw std::runtime_error("no separator at " + std::to_string(i));
        }
    }
    return rows;
}

// Whether `field` is `value`, as it is or made harmless for spreadsheets.
bool is_value(const Field& field, const std::string& value) {
    const bool may_run = !value.empty() && std::isalnum(static_cast<unsigned char>(value.front())) == 0;
    return field.text == value || (may_run && field.text == "'" + value);
}

// "" when the file holds the whole table.
std::string difference(const genie::ResultTable& table, const std::string& csv) {
    if (csv.rfind("\xEF\xBB\xBF", 0) != 0)
        return "no byte order mark";
    const auto rows = parse_csv(std::string_view(csv).substr(3));
    if (rows.size() != table.rows.size() + 1)
        return std::to_string(rows.size()) + " lines";
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::string place = "line " + std::to_string(row) + " column ";
        if (rows[row].size() != table.columns.size())
            return place + std::to_string(rows[row].size());
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            const Field& field = rows[row][column];
            const bool there = row == 0 || (column < table.rows[row - 1].size() && table.rows[row - 1][column]);
            const std::string value = !there     ? std::string()
                                      : row == 0 ? table.columns[column].name
                                                 : *table.rows[row - 1][column];
            // NULL is nothing between commas, an empty text is "" (a lone NULL too, for the line not to be empty).
            const bool told_apart = field.quoted || !there || !value.empty();
            const bool null_is_bare = there || !field.quoted || table.columns.size() == 1;
            if (!is_value(field, value) || !told_apart || !null_is_bare)
                return place + std::to_string(column) + ": " + field.text;
        }
    }
    return "";
}

TEST_CASE("the parser of this test reads CSV", "[csv]") {
    const auto rows = parse_csv("a,\"b\"\"c\"\r\n\"x,\r\ny\",\r\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0][1].text == "b\"c");
    CHECK(rows[1][0].text == "x,\r\ny");
    CHECK((rows[1].size() == 2 && rows[1][1].text.empty() && !rows[1][1].quoted));
    CHECK_THROWS(parse_csv("\"open"));
    CHECK_THROWS(parse_csv("a\"b\r\n"));
}

TEST_CASE("all values of any result survive in its CSV file", "[csv]") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed " << seed);
        AnswerFuzz fuzz(seed);
        const genie::ResultTable table =
            fuzz.table(fuzz.number(1, fuzz.one_in(3) ? 60 : 8), fuzz.number(0, 40), fuzz.one_in(4) ? 5'000 : 60);
        REQUIRE(difference(table, answer::write_csv(table, 100u << 20).value_or("")) == "");
    }
    AnswerFuzz fuzz(99);
    const genie::ResultTable large = fuzz.table(7, 6'000, 80);
    CHECK(difference(large, answer::write_csv(large, 100u << 20).value_or("")) == "");
}

}  // namespace answer_csv_property_test
