#include "sandbox/genie/periods.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace genie_slack::sandbox::databricks {

namespace periods_detail {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
const sys_days kStart = year(2000) / std::chrono::January / 1;
const sys_days kEnd = year(2100) / std::chrono::January / 1;

sys_days first_of_month(sys_days day) {
    const year_month_day date(day);
    return date.year() / date.month() / 1;
}

sys_days first_of_quarter(sys_days day) {
    const year_month_day date(day);
    return date.year() / std::chrono::month((static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1) / 1;
}

sys_days first_of_year(sys_days day) {
    return year_month_day(day).year() / std::chrono::January / 1;
}

sys_days monday_of(sys_days day) {
    return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

sys_days add_months(sys_days first, int count) {
    const year_month_day date(first);
    return sys_days((date + months(count)).year() / (date + months(count)).month() / 1);
}

// The first day of the `unit` that `day` lies in, `offset` units later.
std::optional<sys_days> unit_start(std::string_view unit, sys_days day, int offset) {
    if (unit == "day")
        return day + days(offset);
    if (unit == "week")
        return monday_of(day) + days(7 * offset);
    if (unit == "month")
        return add_months(first_of_month(day), offset);
    if (unit == "quarter")
        return add_months(first_of_quarter(day), 3 * offset);
    if (unit == "year")
        return add_months(first_of_year(day), 12 * offset);
    return {};
}

std::string label_of(std::string_view unit, sys_days first) {
    const year_month_day date(first);
    const std::string year_text = std::to_string(static_cast<int>(date.year()));
    const unsigned month = static_cast<unsigned>(date.month());
    if (unit == "month")
        return "in " + std::string(kMonths[month - 1]) + " " + year_text;
    if (unit == "quarter")
        return "in Q" + std::to_string((month + 2) / 3) + " " + year_text;
    if (unit == "year")
        return "in " + year_text;
    if (unit == "week")
        return "in the week of " + day_text(first);
    return "on " + day_text(first);
}

Period one(std::string_view unit, sys_days first) {
    return {first, *unit_start(unit, first, 1), label_of(unit, first), unit == "day" ? "" : std::string(unit)};
}

std::string_view singular(std::string_view word) {
    if (word.size() > 1 && word.back() == 's')
        word.remove_suffix(1);
    return word;
}

bool is_unit(std::string_view word) {
    return word == "day" || word == "week" || word == "month" || word == "quarter" || word == "year";
}

std::optional<int> month_number(std::string_view word) {
    for (int month = 1; month <= 12; ++month) {
        const std::string name = normalize_words(kMonths[static_cast<std::size_t>(month - 1)]);
        if (word == name || (word.size() == 3 && name.starts_with(word)) || (month == 9 && word == "sept"))
            return month;
    }
    return {};
}

class PeriodReader {
 public:
    PeriodReader(Words& words, sys_days today) : words_(words), today_(today) {}

    std::vector<Period> read() {
        std::vector<Period> periods;
        for (std::size_t position = 0; position < words_.size(); ++position) {
            if (!words_.free(position))
                continue;
            std::size_t length = 0;
            auto period = at(position, length);
            if (!period)
                continue;
            words_.use(position, length);
            const std::string_view before =
                position > 0 ? std::string_view(words_.at(position - 1)) : std::string_view();
            const bool to = before == "to" || before == "until" || before == "till" || before == "through";
            const bool up_to = before == "before";
            const bool after_between = before == "and" && between_;
            if ((to || after_between) && !periods.empty()) {
                periods.back() = joined(periods.back(), *period);
                between_ = false;
                words_.use(position - 1);
                continue;
            }
            if (before == "since" || before == "after" || before == "starting") {
                const sys_days from = before == "after" ? period->to : period->from;
                period = Period{from, kEnd, "since " + day_text(from), ""};
                words_.use(position - 1);
            } else if (to || up_to) {
                const sys_days end = up_to ? period->from : period->to;
                period = Period{kStart, end, "before " + day_text(end), ""};
                words_.use(position - 1);
            } else if (before == "between" || before == "from") {
                between_ = before == "between";
                words_.use(position - 1);
            }
            periods.push_back(*period);
        }
        return periods;
    }

 private:
    std::string_view word(std::size_t position) const {
        return words_.free(position) ? std::string_view(words_.at(position)) : std::string_view();
    }

    std::optional<int> year_at(std::size_t position) const {
        const auto number = number_word(word(position));
        return number && *number >= 2000 && *number < 2100 ? std::optional<int>(static_cast<int>(*number))
                                                           : std::nullopt;
    }

    static Period joined(const Period& first, const Period& last) {
        Period period{std::min(first.from, last.from), std::max(first.to, last.to), "", ""};
        period.label = "from " + day_text(period.from) + " to " + day_text(period.to - days(1));
        return period;
    }

    int this_year() const { return static_cast<int>(year_month_day(today_).year()); }

    // The year behind `position`, perhaps after "of"; this year when there is none.
    int year_behind(std::size_t position, std::size_t& length) const {
        const std::size_t skip = word(position) == "of" ? 1 : 0;
        const auto found = year_at(position + skip);
        if (found)
            length += skip + 1;
        return found.value_or(this_year());
    }

    std::optional<Period> at(std::size_t position, std::size_t& length) const {
        if (auto period = relative(position, length))
            return period;
        if (auto period = quarter_or_half(position, length))
            return period;
        if (auto period = calendar(position, length))
            return period;
        return {};
    }

    std::optional<Period> relative(std::size_t position, std::size_t& length) const {
        const std::string_view first = word(position);
        const std::string_view second = word(position + 1);
        const bool past = first == "last" || first == "previous" || first == "past" || first == "prior";
        if (past && is_unit(second)) {
            length = 2;
            return one(second, *unit_start(second, today_, -1));
        }
        if (past) {
            const auto count = number_word(second);
            const std::string_view unit = singular(word(position + 2));
            if (!count || *count < 1 || *count > 1000 || !is_unit(unit))
                return {};
            length = 3;
            // The unit that today ends counts as one of them.
            const sys_days from = *unit_start(unit, today_, 1 - static_cast<int>(*count));
            return Period{from, *unit_start(unit, today_, 1),
                          "in the last " + std::to_string(*count) + " " + std::string(word(position + 2)), ""};
        }
        if ((first == "this" || first == "current") && is_unit(second)) {
            length = 2;
            return one(second, *unit_start(second, today_, 0));
        }
        if (first == "ytd" || words_.matches(position, "year to date")) {
            length = first == "ytd" ? 1 : 3;
            return Period{first_of_year(today_), today_ + days(1), "in " + std::to_string(this_year()) + " so far", ""};
        }
        if (first == "today" || first == "yesterday") {
            length = 1;
            return one("day", first == "today" ? today_ : today_ - days(1));
        }
        return {};
    }

    std::optional<Period> quarter_or_half(std::size_t position, std::size_t& length) const {
        static constexpr std::array<std::string_view, 4> kOrdinals = {"first", "second", "third", "fourth"};
        const std::string_view first = word(position);
        int number = 0;
        bool half = false;
        std::size_t used = 1;
        if (first.size() == 2 && (first[0] == 'q' || first[0] == 'h') && first[1] >= '1' && first[1] <= '4') {
            number = first[1] - '0';
            half = first[0] == 'h';
        } else if (const auto* ordinal = std::find(kOrdinals.begin(), kOrdinals.end(), first);
                   ordinal != kOrdinals.end()) {
            half = word(position + 1) == "half";
            if (!half && word(position + 1) != "quarter")
                return {};
            number = static_cast<int>(ordinal - kOrdinals.begin()) + 1;
            used = 2;
        }
        if (number == 0 || (half && number > 2))
            return {};
        const int in_year = year_behind(position + used, used);
        length = used;
        const sys_days begin = year(in_year) / std::chrono::January / 1;
        if (!half)
            return one("quarter", add_months(begin, 3 * (number - 1)));
        const sys_days from = add_months(begin, 6 * (number - 1));
        return Period{from, add_months(from, 6),
                      "in the " + std::string(kOrdinals[static_cast<std::size_t>(number - 1)]) + " half of " +
                          std::to_string(in_year),
                      ""};
    }

    std::optional<Period> calendar(std::size_t position, std::size_t& length) const {
        if (const auto month = month_number(word(position))) {
            std::size_t used = 1;
            const int in_year = year_behind(position + 1, used);
            // "may" alone is a verb.
            if (word(position) == "may" && used == 1 && (position == 0 || words_.at(position - 1) != "in"))
                return {};
            length = used;
            return one("month", year(in_year) / std::chrono::month(static_cast<unsigned>(*month)) / 1);
        }
        const auto in_year = year_at(position);
        if (!in_year)
            return {};
        // 2025-11 and 2025-11-03 arrive as separate words.
        const auto part = [this](std::size_t at) -> long {
            const std::string_view text = word(at);
            return text.size() == 2 ? number_word(text).value_or(0) : 0;
        };
        const long month = part(position + 1);
        const long day = month >= 1 && month <= 12 ? part(position + 2) : 0;
        if (month < 1 || month > 12) {
            length = 1;
            return one("year", year(*in_year) / std::chrono::January / 1);
        }
        const year_month_day date = year(*in_year) / std::chrono::month(static_cast<unsigned>(month)) /
                                    std::chrono::day(static_cast<unsigned>(std::max(day, 1L)));
        length = day > 0 && date.ok() ? 3 : 2;
        if (length == 3)
            return one("day", sys_days(date));
        return one("month", date.year() / date.month() / 1);
    }

    Words& words_;
    sys_days today_;
    bool between_ = false;
};

}  // namespace periods_detail

std::string day_text(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    std::array<char, 32> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {buffer.data(), static_cast<std::size_t>(size)};
}

std::vector<Period> take_periods(Words& words, std::chrono::year_month_day today) {
    return periods_detail::PeriodReader(words, std::chrono::sys_days(today)).read();
}

}  // namespace genie_slack::sandbox::databricks
