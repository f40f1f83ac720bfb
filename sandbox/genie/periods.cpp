#include "sandbox/genie/periods.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace genie_slack::sandbox::databricks {

namespace periods_detail {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
const sys_days kStart = std::chrono::year(2000) / 1 / 1;
const sys_days kEnd = std::chrono::year(2100) / 1 / 1;

// The first of the month that many months after January of the year.
sys_days month_start(int year, int months) {
    const year_month_day first = std::chrono::year(year) / 1 / 1;
    return sys_days(first + std::chrono::months(months));
}

// The first day of the unit that `day` lies in, `offset` units later; nothing when it is no unit.
std::optional<sys_days> unit_start(std::string_view unit, sys_days day, int offset) {
    const year_month_day date(day);
    const int year = static_cast<int>(date.year());
    const int month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    if (unit == "day")
        return day + days(offset);
    if (unit == "week")
        return day - (std::chrono::weekday(day) - std::chrono::Monday) + days(7 * offset);
    if (unit == "month")
        return month_start(year, month + offset);
    if (unit == "quarter")
        return month_start(year, month / 3 * 3 + 3 * offset);
    if (unit == "year")
        return month_start(year + offset, 0);
    return {};
}

Period one(std::string_view unit, sys_days first) {
    const std::string name = period_name(std::string(unit), day_text(first));
    const char* before = unit == "day" ? "on " : unit == "week" ? "in the week of " : "in ";
    return {first, *unit_start(unit, first, 1), before + name, std::string(unit)};
}

class PeriodReader {
 public:
    PeriodReader(QuestionTokens& words, sys_days today)
        : words_(words), today_(today), this_year_(static_cast<int>(year_month_day(today).year())) {}

    std::vector<Period> read() {
        std::vector<Period> periods;
        for (std::size_t position = 0; position < words_.size(); ++position) {
            std::size_t length = 0;
            const std::string before = position > 0 ? std::string(words_.free(position - 1)) : "";
            ends_ = before == "to" || (before == "and" && between_);
            auto period = at(position, length);
            if (!period)
                continue;
            words_.use(position, length);
            if (ends_ && !periods.empty() && periods.back().from < period->to) {
                periods.back() = span(periods.back().from, period->to);
            } else if (before == "since") {
                periods.push_back({period->from, kEnd, "since " + day_text(period->from), ""});
            } else if (before == "before" || (before == "to" && periods.empty())) {
                const sys_days end = before == "to" ? period->to : period->from;
                periods.push_back({kStart, end, "before " + day_text(end), ""});
            } else {
                periods.push_back(*period);
            }
            between_ = before == "between";
            if (ends_ || before == "since" || before == "before" || between_ || before == "from")
                words_.use(position - 1);
        }
        return periods;
    }

 private:
    static Period span(sys_days from, sys_days to) {
        return {from, to, "from " + day_text(from) + " to " + day_text(to - days(1)), ""};
    }
    std::optional<int> year_at(std::size_t position) const {
        const auto number = whole_number(words_.free(position));
        return number && *number >= 2000 && *number < 2100 ? std::optional<int>(static_cast<int>(*number))
                                                           : std::nullopt;
    }
    // The year behind a quarter or a month, perhaps after "of", also as "last year". Without one it is the newest in
    // which the `first_month` (0 is January) has begun; "to December" is this year's.
    int year_behind(std::size_t position, std::size_t& length, int first_month) const {
        constexpr std::string_view kOf[] = {"of", "in", "von", "vom", "des", "im"};
        std::size_t skip = std::find(std::begin(kOf), std::end(kOf), words_.free(position)) == std::end(kOf) ? 0 : 1;
        if (skip > 0 && words_.free(position + skip) == "the")
            ++skip;
        const std::string_view which = words_.free(position + skip);
        if ((which == "last" || which == "this") && words_.free(position + skip + 1) == "year") {
            length += skip + 2;
            return this_year_ - (which == "last" ? 1 : 0);
        }
        const auto found = year_at(position + skip);
        length += found ? skip + 1 : 0;
        const bool is_to_come = !ends_ && month_start(this_year_, first_month) > today_;
        return found.value_or(this_year_ - (is_to_come ? 1 : 0));
    }

    std::optional<Period> at(std::size_t position, std::size_t& length) const {
        auto period = relative(position, length);
        if (!period)
            return calendar(position, length);
        period->from_today = true;
        return period;
    }

    std::optional<Period> relative(std::size_t position, std::size_t& length) const {
        const std::string_view first = words_.free(position);
        const std::string_view second = words_.free(position + 1);
        length = 1;
        if (first == "today" || first == "yesterday")
            return one("day", today_ - days(first == "today" ? 0 : 1));
        if (first == "ytd")
            return Period{month_start(this_year_, 0), today_ + days(1), "in " + std::to_string(this_year_) + " so far",
                          ""};
        if (first != "last" && first != "this")
            return {};
        length = 2;
        if (const auto start = unit_start(second, today_, first == "last" ? -1 : 0))
            return one(second, *start);
        // The unit that today ends counts as one of the last three.
        length = 3;
        const std::string_view unit = words_.free(position + 2);
        const auto count = first == "last" ? whole_number(second) : std::nullopt;
        if (!count || *count < 1 || *count > 1000 || !unit_start(unit, today_, 0))
            return {};
        return Period{*unit_start(unit, today_, 1 - static_cast<int>(*count)), *unit_start(unit, today_, 1),
                      "in the last " + std::to_string(*count) + " " + std::string(unit) + (*count > 1 ? "s" : ""), ""};
    }

    std::optional<Period> calendar(std::size_t position, std::size_t& length) const {
        const std::string_view first = words_.free(position);
        length = 1;
        if (first.size() == 2 && first[0] == 'q' && first[1] >= '1' && first[1] <= '4') {
            const int month = 3 * (first[1] - '1');
            return one("quarter", month_start(year_behind(position + 1, length, month), month));
        }
        if (first == "h1" || first == "h2") {
            const int in_year = year_behind(position + 1, length, first == "h1" ? 0 : 6);
            return span(month_start(in_year, first == "h1" ? 0 : 6), month_start(in_year, first == "h1" ? 6 : 12));
        }
        for (std::size_t month = 0; month < kMonths.size(); ++month) {
            const std::string name = normalize_question(kMonths[month]);
            if (first != name && (first.size() < 3 || first != name.substr(0, 3)))
                continue;
            const int in_year = year_behind(position + 1, length, static_cast<int>(month));
            // "May I see" names no month.
            if (first == "may" && (words_.free(position + 1) == "i" || words_.free(position + 1) == "we"))
                return {};
            return one("month", month_start(in_year, static_cast<int>(month)));
        }
        const auto in_year = year_at(position);
        if (!in_year)
            return {};
        // 2025-11 and 2025-11-03 arrive as separate words.
        const auto part = [this](std::size_t place) {
            const std::string_view text = words_.free(place);
            return text.size() == 2 ? static_cast<int>(whole_number(text).value_or(0)) : 0;
        };
        const int month = part(position + 1);
        if (month < 1 || month > 12)
            return one("year", month_start(*in_year, 0));
        const int day = part(position + 2);
        length = day >= 1 && day <= 31 ? 3 : 2;
        return length == 3 ? one("day", month_start(*in_year, month - 1) + days(day - 1))
                           : one("month", month_start(*in_year, month - 1));
    }

    QuestionTokens& words_;
    sys_days today_;
    int this_year_;
    bool between_ = false;
    bool ends_ = false;  // what is read now ends a span: "to March"
};

}  // namespace periods_detail

std::string day_text(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    std::array<char, 32> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string day_name(std::chrono::sys_days day) {
    const auto number = static_cast<unsigned>(std::chrono::year_month_day(day).day());
    return std::to_string(number) + " " + period_name("month", day_text(day));
}

std::optional<Period> period_around(const std::string& unit, std::chrono::sys_days day) {
    const auto start = periods_detail::unit_start(unit, day, 0);
    return start ? std::optional(periods_detail::one(unit, *start)) : std::nullopt;
}

std::string period_name(const std::string& unit, const std::string& day) {
    const long month = day.size() < 7 ? 0 : whole_number(std::string_view(day).substr(5, 2)).value_or(0);
    if (month < 1 || month > 12)
        return day;
    const std::string year = day.substr(0, 4);
    if (unit == "month")
        return periods_detail::kMonths[static_cast<std::size_t>(month - 1)] + (" " + year);
    if (unit == "quarter")
        return "Q" + std::to_string((month + 2) / 3) + " " + year;
    return unit == "year" ? year : day;
}

std::vector<Period> take_periods(QuestionTokens& words, std::chrono::sys_days today) {
    return periods_detail::PeriodReader(words, today).read();
}

}  // namespace genie_slack::sandbox::databricks
