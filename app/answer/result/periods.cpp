#include "app/answer/result/periods.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::answer {

namespace periods_detail {

constexpr std::array<std::string_view, 8> kMonthWords = {"month",  "months", "monthly", "monat",
                                                         "monate", "mes",    "meses",   "mois"};
constexpr std::array<std::string_view, 5> kQuarterWords = {"quarter", "quarters", "qtr", "quartal", "trimestre"};
constexpr std::array<std::string_view, 6> kYearWords = {"year", "years", "yr", "fy", "jahr", "annee"};
// A contract may begin on the first of a month without standing for it.
constexpr std::array<std::string_view, 24> kDayWords = {
    "date",  "day",   "days", "dt",    "datum", "tag", "week",  "woche",    "start",   "started", "begin", "end",
    "ended", "since", "from", "until", "due",   "to",  "birth", "birthday", "created", "updated", "valid", "expires"};

template <std::size_t size>
bool has_one_of(const std::array<std::string_view, size>& wanted, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
    });
}

int month_of(std::string_view day) {
    return (day[5] - '0') * 10 + day[6] - '0';
}

// The names are one word each, in the order of the year.
std::string_view month_name(words::Language language, int month) {
    std::string_view names = words::text_of(language, words::Word::month_names);
    for (int before = 1; before < month; ++before)
        names.remove_prefix(names.find(' ') + 1);
    return names.substr(0, names.find(' '));
}

}  // namespace periods_detail

Period period_of(const std::vector<std::string>& words, const std::vector<std::string_view>& days) {
    using namespace periods_detail;
    const auto all = [&](auto holds) { return std::all_of(days.begin(), days.end(), holds); };
    if (days.empty() || !all([](std::string_view day) { return day.ends_with("-01"); }))
        return Period::day;
    if (has_one_of(kYearWords, words) && all([](std::string_view day) { return month_of(day) == 1; }))
        return Period::year;
    if (has_one_of(kQuarterWords, words) && all([](std::string_view day) { return month_of(day) % 3 == 1; }))
        return Period::quarter;
    if (has_one_of(kMonthWords, words))
        return Period::month;
    // One first of a month is chance.
    const bool differ = !all([&](std::string_view day) { return day == days.front(); });
    return differ && !has_one_of(kDayWords, words) ? Period::month : Period::day;
}

std::string format_period(words::Language language, Period period, std::string_view day) {
    using namespace periods_detail;
    const std::string_view year = day.substr(0, 4);
    switch (period) {
        case Period::month:
            return std::string(month_name(language, month_of(day))) + " " + std::string(year);
        case Period::quarter:
            return words::say(language, words::Word::quarter_name,
                              {{"number", std::to_string((month_of(day) + 2) / 3)}, {"year", std::string(year)}});
        case Period::year:
            return std::string(year);
        case Period::day:
            break;
    }
    return std::string(day);
}

std::int64_t day_number(std::string_view day) {
    std::int64_t number = 0;
    for (const char c : day)
        if (c != '-')
            number = number * 10 + (c - '0');
    return number;
}

}  // namespace genie_slack::answer
