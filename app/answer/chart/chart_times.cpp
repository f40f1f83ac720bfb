#include "app/answer/chart/chart_times.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace genie_slack::answer {

namespace chart_times_detail {

constexpr std::int64_t kDaySeconds = 86'400;

// These turn a day of the Gregorian calendar into days since 1970 and back (proleptic, as SQL counts).
std::int64_t days_of(std::int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t of_era = year - era * 400;
    const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct Civil {
    std::int64_t year = 1970;
    int month = 1;
    int day = 1;
};

Civil civil_of(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t of_era = days - era * 146'097;
    const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const std::int64_t month = (5 * of_year + 2) / 153;
    Civil civil;
    civil.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
    civil.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
    civil.year = year + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

int days_in_month(std::int64_t year, int month) {
    const std::int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
    return static_cast<int>(next - days_of(year, month, 1));
}

// Reads from the front of a text; every function leaves the text as it is when it returns nothing or false.
class Reader {
 public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view characters) {
        return !rest_.empty() && characters.find(rest_.front()) != std::string_view::npos && take(rest_.front());
    }
    std::optional<int> digits(std::size_t least, std::size_t most) {
        std::size_t count = 0;
        int number = 0;
        while (count < rest_.size() && count < most && std::isdigit(static_cast<unsigned char>(rest_[count])))
            number = number * 10 + (rest_[count++] - '0');
        const bool goes_on = count < rest_.size() && std::isdigit(static_cast<unsigned char>(rest_[count]));
        if (count < least || goes_on)
            return std::nullopt;
        rest_.remove_prefix(count);
        return number;
    }
    void skip_digits() {
        while (!rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_.front())))
            rest_.remove_prefix(1);
    }
    std::string_view word() {
        std::size_t count = 0;
        while (count < rest_.size() &&
               (std::isalpha(static_cast<unsigned char>(rest_[count])) || (rest_[count] & 0x80) != 0))
            ++count;
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

 private:
    std::string_view rest_;
};

bool is_year(int number) {
    return number >= 1000 && number <= 2999;
}

// "T10:00:00.000Z", " 10:00", "+02:00" and nothing after it.
std::optional<std::int64_t> read_clock(Reader& reader) {
    if (!reader.take_any("T "))
        return std::nullopt;
    const auto hour = reader.digits(1, 2);
    if (!hour || *hour > 23 || !reader.take(':'))
        return std::nullopt;
    const auto minute = reader.digits(2, 2);
    if (!minute || *minute > 59)
        return std::nullopt;
    int second = 0;
    if (reader.take(':')) {
        const auto read = reader.digits(2, 2);
        if (!read || *read > 60)
            return std::nullopt;
        second = *read;
        if (reader.take('.'))
            reader.skip_digits();
    }
    if (!reader.take('Z') && reader.take_any("+-")) {
        reader.skip_digits();
        if (reader.take(':'))
            reader.skip_digits();
    }
    if (!reader.at_end())
        return std::nullopt;
    return *hour * 3'600 + *minute * 60 + second;
}

std::optional<TimePoint> read_after_year(int year, Reader& reader) {
    if (reader.at_end())
        return TimePoint{days_of(year, 1, 1) * kDaySeconds, TimeGrain::year};
    const bool separated = reader.take_any("-/ ");
    if (reader.take_any("Qq")) {
        const auto quarter = reader.digits(1, 1);
        if (!quarter || *quarter < 1 || *quarter > 4 || !reader.at_end())
            return std::nullopt;
        return quarter_point(year, *quarter);
    }
    if (reader.take_any("Ww")) {
        const auto week = reader.digits(1, 2);
        if (!week || *week < 1 || *week > 53 || !reader.at_end())
            return std::nullopt;
        // ISO 8601: the week with 4 January is the first one; weeks begin on Monday (1970-01-01 was a Thursday).
        const std::int64_t fourth = days_of(year, 1, 4);
        const std::int64_t monday = fourth - ((fourth + 3) % 7 + 7) % 7;
        return TimePoint{(monday + 7 * (*week - 1)) * kDaySeconds, TimeGrain::week};
    }
    if (!separated)
        return std::nullopt;
    const auto month = reader.digits(1, 2);
    if (!month || *month < 1 || *month > 12)
        return std::nullopt;
    if (reader.at_end())
        return month_point(year, *month);
    if (!reader.take_any("-/"))
        return std::nullopt;
    const auto day = reader.digits(1, 2);
    if (!day || *day < 1 || *day > days_in_month(year, *month))
        return std::nullopt;
    const std::int64_t midnight = days_of(year, *month, *day) * kDaySeconds;
    if (reader.at_end())
        return TimePoint{midnight, TimeGrain::day};
    const auto clock = read_clock(reader);
    if (!clock)
        return std::nullopt;
    return TimePoint{midnight + *clock, TimeGrain::second};
}

struct Shape {
    TimeGrain finest = TimeGrain::year;
    bool one_day = true;
    bool whole_minutes = true;
};

Shape shape_of(const std::vector<TimePoint>& points) {
    Shape shape;
    for (const TimePoint& point : points) {
        TimeGrain grain = point.grain;
        const Civil civil = civil_of(point.seconds / kDaySeconds - (point.seconds % kDaySeconds < 0 ? 1 : 0));
        if (grain == TimeGrain::second && point.seconds % kDaySeconds == 0)
            grain = TimeGrain::day;
        if (grain == TimeGrain::day && civil.day == 1)
            grain = TimeGrain::month;
        shape.finest = std::max(shape.finest, grain);
        shape.whole_minutes = shape.whole_minutes && point.seconds % 60 == 0;
        shape.one_day = shape.one_day && point.seconds / kDaySeconds == points.front().seconds / kDaySeconds;
    }
    return shape;
}

template <class... Numbers>
std::string print(const char* format, Numbers... numbers) {
    std::array<char, 40> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, numbers...);
    return std::string(buffer.data(), static_cast<std::size_t>(std::max(length, 0)));
}

std::string name_of(const TimePoint& point, const Shape& shape) {
    const std::int64_t days = point.seconds / kDaySeconds - (point.seconds % kDaySeconds < 0 ? 1 : 0);
    const Civil civil = civil_of(days);
    const int year = static_cast<int>(civil.year);
    switch (shape.finest) {
        case TimeGrain::year:
            return print("%04d", year);
        case TimeGrain::quarter:
            return print("%04d-Q%d", year, (civil.month + 2) / 3);
        case TimeGrain::month:
            return print("%04d-%02d", year, civil.month);
        case TimeGrain::week: {
            // The year and number of an ISO week are those of its Thursday.
            const Civil thursday = civil_of(days + 3);
            const std::int64_t number = (days + 3 - days_of(thursday.year, 1, 1)) / 7 + 1;
            return print("%04d-W%02d", static_cast<int>(thursday.year), static_cast<int>(number));
        }
        case TimeGrain::day:
            return print("%04d-%02d-%02d", year, civil.month, civil.day);
        case TimeGrain::second:
            break;
    }
    const int clock = static_cast<int>(point.seconds - days * kDaySeconds);
    std::string time = print("%02d:%02d", clock / 3'600, clock / 60 % 60);
    if (!shape.whole_minutes)
        time += print(":%02d", clock % 60);
    return shape.one_day ? time : print("%04d-%02d-%02d ", year, civil.month, civil.day) + time;
}

}  // namespace chart_times_detail

TimePoint month_point(int year, int month) {
    return {chart_times_detail::days_of(year, month, 1) * chart_times_detail::kDaySeconds, TimeGrain::month};
}

TimePoint quarter_point(int year, int quarter) {
    return {chart_times_detail::days_of(year, quarter * 3 - 2, 1) * chart_times_detail::kDaySeconds,
            TimeGrain::quarter};
}

std::optional<int> parse_month_name(std::string_view text) {
    static constexpr std::array<std::array<std::string_view, 2>, 12> kMonths = {{{"january", "januar"},
                                                                                 {"february", "februar"},
                                                                                 {"march", "märz"},
                                                                                 {"april", "april"},
                                                                                 {"may", "mai"},
                                                                                 {"june", "juni"},
                                                                                 {"july", "juli"},
                                                                                 {"august", "august"},
                                                                                 {"september", "september"},
                                                                                 {"october", "oktober"},
                                                                                 {"november", "november"},
                                                                                 {"december", "dezember"}}};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
    });
    for (std::size_t month = 0; month < kMonths.size(); ++month)
        for (const std::string_view name : kMonths[month])
            if (lower == name || (lower.size() == 3 && name.substr(0, 3) == lower))
                return static_cast<int>(month) + 1;
    return std::nullopt;
}

std::optional<TimePoint> parse_time_point(std::string_view text) {
    using namespace chart_times_detail;
    Reader reader(text);
    if (const auto number = reader.digits(4, 4))
        return is_year(*number) ? read_after_year(*number, reader) : std::nullopt;
    // "Q1 2025", "Mar 2025", "March-2025", "2025" is done above.
    Reader named(text);
    const std::string_view word = named.word();
    const auto month = parse_month_name(word);
    std::optional<int> quarter;
    if (word == "Q" || word == "q")
        quarter = named.digits(1, 1);
    if ((!month && (!quarter || *quarter < 1 || *quarter > 4)) || !named.take_any(" -/"))
        return std::nullopt;
    const auto year = named.digits(4, 4);
    if (!year || !is_year(*year) || !named.at_end())
        return std::nullopt;
    return month ? month_point(*year, *month) : quarter_point(*year, *quarter);
}

std::vector<std::string> name_time_points(const std::vector<TimePoint>& points) {
    using namespace chart_times_detail;
    const Shape shape = shape_of(points);
    std::vector<std::string> names;
    names.reserve(points.size());
    for (const TimePoint& point : points)
        names.push_back(name_of(point, shape));
    return names;
}

}  // namespace genie_slack::answer
