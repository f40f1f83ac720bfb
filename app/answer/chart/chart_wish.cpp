#include "app/answer/chart/chart_wish.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace genie_slack::answer {

namespace chart_wish_detail {

struct Wish {
    std::string_view phrase;
    const char* wish;
};

// What refuses a chart comes first: "as a table, without a chart".
constexpr Wish kWishes[] = {
    {"table only", "none"},       {"only the table", "none"}, {"only a table", "none"},    {"just the table", "none"},
    {"just a table", "none"},     {"as a table", "none"},     {"as table", "none"},        {"no chart", "none"},
    {"without a chart", "none"},  {"without chart", "none"},  {"nur die tabelle", "none"}, {"nur tabelle", "none"},
    {"nur eine tabelle", "none"}, {"als tabelle", "none"},    {"ohne diagramm", "none"},   {"kein diagramm", "none"},
    {"ohne grafik", "none"},      {"pie chart", "pie"},       {"as a pie", "pie"},         {"as pie", "pie"},
    {"kreisdiagramm", "pie"},     {"tortendiagramm", "pie"},  {"kuchendiagramm", "pie"},   {"line chart", "line"},
    {"line graph", "line"},       {"as a line", "line"},      {"liniendiagramm", "line"},  {"als linie", "line"},
    {"area chart", "area"},       {"as an area", "area"},     {"flächendiagramm", "area"}, {"bar chart", "bar"},
    {"bar graph", "bar"},         {"column chart", "bar"},    {"as bars", "bar"},          {"as a bar", "bar"},
    {"as columns", "bar"},        {"balkendiagramm", "bar"},  {"als balken", "bar"},       {"säulendiagramm", "bar"},
};

bool is_denied(std::string_view before) {
    constexpr std::array kDenials = {"no ", "not ", "not as ", "not a ", "kein ", "keine ", "nicht "};
    return std::any_of(kDenials.begin(), kDenials.end(),
                       [&](std::string_view denial) { return before.ends_with(denial); });
}

}  // namespace chart_wish_detail

std::string chart_wish(std::string_view question) {
    using namespace chart_wish_detail;
    std::string text(question);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    for (const Wish& wish : kWishes) {
        const std::size_t at = text.find(wish.phrase);
        if (at == std::string::npos || is_denied(std::string_view(text).substr(0, at)))
            continue;
        // "as a tableau" is no table.
        const std::size_t end = at + wish.phrase.size();
        if (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) && text[end] != 's')
            continue;
        return wish.wish;
    }
    return "";
}

}  // namespace genie_slack::answer
