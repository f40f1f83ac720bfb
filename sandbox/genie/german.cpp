#include "sandbox/genie/german.hpp"

#include <array>
#include <map>

namespace genie_slack::sandbox::databricks {

namespace german_detail {

using std::chrono::days;
using std::chrono::year_month_day;

constexpr std::array<const char*, 12> kMonths = {"Januar", "Februar", "März",      "April",   "Mai",      "Juni",
                                                 "Juli",   "August",  "September", "Oktober", "November", "Dezember"};

// Periods without a beginning or an end reach out of these.
const std::chrono::sys_days kEarly = std::chrono::year(2001) / 1 / 1;
const std::chrono::sys_days kLate = std::chrono::year(2099) / 1 / 1;

std::string month_and_year(std::chrono::sys_days day) {
    const year_month_day date(day);
    return std::string(kMonths[static_cast<unsigned>(date.month()) - 1]) + " " +
           std::to_string(static_cast<int>(date.year()));
}

// "3. Quartal 2026"
std::string german_quarter(const std::string& day) {
    const long month = whole_number(std::string_view(day).substr(5, 2)).value_or(1);
    return std::to_string((month + 2) / 3) + ". Quartal " + day.substr(0, 4);
}

}  // namespace german_detail

using namespace german_detail;

std::string german_number(std::string english) {
    for (char& c : english)
        c = c == ',' ? '.' : c == '.' ? ',' : c;
    return english;
}

std::string german_name(const std::string& column) {
    static const std::map<std::string, std::string> kNames = {
        {"region", "Region"},     {"country", "Land"},         {"city", "Stadt"},
        {"segment", "Segment"},   {"channel", "Kanal"},        {"customer", "Kunde"},
        {"product", "Produkt"},   {"category", "Kategorie"},   {"status", "Status"},
        {"weekday", "Wochentag"}, {"agent", "Mitarbeiter"},    {"priority", "Priorität"},
        {"kind", "Art"},          {"department", "Abteilung"}, {"level", "Stufe"},
        {"office", "Standort"},   {"warehouse", "Lager"},      {"day", "Tag"},
        {"week", "Woche"},        {"month", "Monat"},          {"quarter", "Quartal"},
        {"year", "Jahr"},         {"cultivation", "Anbau"},
    };
    const auto found = kNames.find(column);
    return found == kNames.end() ? column : found->second;
}

std::string german_day(std::chrono::sys_days day) {
    return std::to_string(static_cast<unsigned>(year_month_day(day).day())) + ". " + month_and_year(day);
}

std::string german_period_name(const std::string& unit, const std::string& day) {
    const std::string english = period_name(unit, day);
    if (unit != "month" || day.size() < 7)
        return english;
    const long month = whole_number(std::string_view(day).substr(5, 2)).value_or(0);
    return month < 1 || month > 12 ? english : kMonths[static_cast<std::size_t>(month - 1)] + (" " + day.substr(0, 4));
}

std::string german_label(const Period& period) {
    if (period.unit == "year")
        return period_name("year", day_text(period.from));
    if (period.unit == "quarter")
        return "im " + german_quarter(day_text(period.from));
    if (period.unit == "month")
        return "im " + month_and_year(period.from);
    if (period.unit == "week")
        return "in der Woche ab " + german_day(period.from);
    if (period.unit == "day")
        return "am " + german_day(period.from);
    if (period.from < kEarly)
        return "vor dem " + german_day(period.to);
    if (period.to > kLate)
        return "seit " + german_day(period.from);
    return "von " + german_day(period.from) + " bis " + german_day(period.to - days(1));
}

}  // namespace genie_slack::sandbox::databricks
