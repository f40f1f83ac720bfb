// What the names of columns tell.
#include "app/answer/chart/chart_data.hpp"
#include "app/answer/result/cell.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace genie_slack::answer {

namespace chart_names_detail {

struct UnitWord {
    std::string_view word;
    Unit unit;
};

// Averages first: an average price is no sum of money, and a conversion rate no count of conversions.
constexpr UnitWord kUnitWords[] = {
    {"avg", Unit::average},     {"average", Unit::average},  {"mean", Unit::average},
    {"median", Unit::average},  {"min", Unit::average},      {"max", Unit::average},
    {"minimum", Unit::average}, {"maximum", Unit::average},  {"per", Unit::average},
    {"price", Unit::average},   {"rating", Unit::average},   {"score", Unit::average},
    {"rate", Unit::average},    {"ratio", Unit::average},    {"temperature", Unit::average},
    {"growth", Unit::average},  {"change", Unit::average},   {"durchschnitt", Unit::average},
    {"percent", Unit::share},   {"percentage", Unit::share}, {"pct", Unit::share},
    {"share", Unit::share},     {"proportion", Unit::share}, {"anteil", Unit::share},
    {"prozent", Unit::share},   {"fraction", Unit::share},   {"count", Unit::count},
    {"cnt", Unit::count},       {"num", Unit::count},        {"number", Unit::count},
    {"orders", Unit::count},    {"customers", Unit::count},  {"users", Unit::count},
    {"quantity", Unit::count},  {"qty", Unit::count},        {"units", Unit::count},
    {"items", Unit::count},     {"visits", Unit::count},     {"anzahl", Unit::count},
    {"menge", Unit::count},     {"revenue", Unit::money},    {"sales", Unit::money},
    {"cost", Unit::money},      {"costs", Unit::money},      {"profit", Unit::money},
    {"amount", Unit::money},    {"spend", Unit::money},      {"income", Unit::money},
    {"turnover", Unit::money},  {"usd", Unit::money},        {"eur", Unit::money},
    {"umsatz", Unit::money},    {"kosten", Unit::money},     {"gewinn", Unit::money},
};

std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    char previous = ' ';
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool starts = std::isupper(byte) && std::islower(static_cast<unsigned char>(previous));
        previous = c;
        const bool letter = std::isalnum(byte) || byte >= 0x80;
        if ((!letter || starts) && !words.back().empty())
            words.emplace_back();
        if (letter)
            words.back() += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

}  // namespace chart_names_detail

Unit unit_of(std::string_view column_name) {
    using namespace chart_names_detail;
    const std::vector<std::string> words = words_of(column_name);
    for (const UnitWord& known : kUnitWords)
        if (std::find(words.begin(), words.end(), known.word) != words.end())
            return known.unit;
    return column_name.find('%') == std::string_view::npos ? Unit::unknown : Unit::share;
}

}  // namespace genie_slack::answer
