#include "sandbox/genie/asked_for.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace asked_for_detail {

// "Without AMER" takes it out of what is kept to, and leaves it out where nothing is.
void leave_out(AskedFor& asked, const std::string& column, const std::vector<std::string>& values) {
    if (const auto kept = asked.filters.find(column); kept != asked.filters.end()) {
        std::erase_if(kept->second, [&](const std::string& value) { return is_among(values, value); });
        if (!kept->second.empty())
            return;
        asked.filters.erase(kept);
    }
    std::vector<std::string>& list = asked.without[column];
    for (const std::string& value : values)
        if (!is_among(list, value))
            list.push_back(value);
}

// "All together" below one customer's figure is about every customer, and tells apart only what it names itself.
void put_together(AskedFor& asked, const AskedFor& before, const AskedFor& now) {
    for (const std::string& column : before.by)
        if (const auto kept = asked.filters.find(column);
            kept != asked.filters.end() && kept->second.size() == 1 && !now.filters.contains(column))
            asked.filters.erase(kept);
    asked.together = false;
    if (!now.by.empty() || !now.grain.empty())
        return;
    if (before.by.empty())
        asked.grain.clear();
    asked.by.clear();
    asked.top.reset();
}

}  // namespace asked_for_detail

using namespace asked_for_detail;

void set_side_by_side(AskedFor& asked) {
    if (!asked.by.empty() || !asked.grain.empty())
        return;
    for (const auto& [column, values] : asked.filters)
        if (values.size() > 1 && asked.by.empty())
            asked.by.push_back(column);
    if (asked.by.empty() && asked.periods.size() > 1 && asked.periods[0].unit == asked.periods[1].unit)
        asked.grain = asked.periods[0].unit;
}

void compare_like_with_like(std::vector<Period>& periods) {
    if (periods.size() != 2)
        return;
    const std::size_t shorter = periods[0].unit == "year" ? 1 : 0;
    Period& year = periods[1 - shorter];
    const Period& part = periods[shorter];
    if (year.unit != "year" || part.unit == "year" || part.unit.empty())
        return;
    const std::chrono::year_month_day day(part.from);
    const std::chrono::year of = std::chrono::year_month_day(year.from).year();
    // 29 February has no counterpart: the first of March stands for it.
    if (const auto same = period_around(part.unit, std::chrono::sys_days(of / day.month() / day.day())))
        year = *same;
}

bool set_periods_beside(AskedFor& asked) {
    const std::vector<Period>& periods = asked.periods;
    if (!asked.compare || asked.by.size() != 1 || !asked.grain.empty() || periods.size() < 2 ||
        periods[0].unit != periods[1].unit)
        return false;
    asked.grain = periods[0].unit;
    return true;
}

AskedFor merged(const AskedFor& before, const AskedFor& now) {
    AskedFor result = before;
    if (!now.by.empty() || !now.grain.empty()) {
        result.by = now.by;
        result.grain = now.grain;
        result.top = now.top;
        result.lowest = now.lowest;
    }
    if (now.top)
        result.top = now.top;
    if (now.lowest)
        result.lowest = now.lowest;
    for (const auto& [column, values] : now.filters) {
        result.filters[column] = values;
        result.without.erase(column);
    }
    for (const auto& [column, values] : now.without)
        leave_out(result, column, values);
    if (!now.periods.empty() && now.compare) {
        // "Compare with 2024": both, one row each. Who names two of them means those.
        if (now.periods.size() > 1)
            result.periods.clear();
        std::erase(result.periods, now.periods.front());
        result.periods.insert(result.periods.begin(), now.periods.begin(), now.periods.end());
        compare_like_with_like(result.periods);
        if (now.by.empty() && now.grain.empty()) {
            result.by.clear();
            result.grain = result.periods.front().unit;
        }
    } else if (!now.periods.empty()) {
        result.periods = now.periods;
    }
    if (!now.above.empty())
        result.above = now.above;
    if (!now.below.empty())
        result.below = now.below;
    if (now.together)
        put_together(result, before, now);
    result.compare = false;
    set_side_by_side(result);
    return result;
}

bool accepts(const BookQuestion& question, const AskedFor& asked) {
    const bool filters = question.sql_has("{filters}");
    const bool splits = std::all_of(asked.by.begin(), asked.by.end(),
                                    [&](const auto& column) { return is_among(question.by, column); });
    return splits && ((asked.filters.empty() && asked.without.empty()) || filters) &&
           (asked.periods.empty() ? !question.in_a_period : filters && !question.date.empty()) &&
           (!asked.top || question.sql_has("{limit}") || question.sql_has("{top}")) &&
           ((asked.above.empty() && asked.below.empty()) || !question.amount.empty());
}

void forget_foreign(const BookQuestion& question, const BookTable* table, AskedFor& asked, const AskedFor& now) {
    const auto is_foreign = [&](const std::string& column) {
        return !question.sql_has("{filters}") || !table || !is_among(table->columns, column);
    };
    std::erase_if(asked.filters,
                  [&](const auto& one) { return !now.filters.contains(one.first) && is_foreign(one.first); });
    std::erase_if(asked.without,
                  [&](const auto& one) { return !now.without.contains(one.first) && is_foreign(one.first); });
    if (now.periods.empty() && (question.date.empty() || !question.sql_has("{filters}")))
        asked.periods.clear();
    if (!now.top && !question.sql_has("{limit}") && !question.sql_has("{top}"))
        asked.top.reset();
    if (now.above.empty() && now.below.empty() && question.amount.empty()) {
        asked.above.clear();
        asked.below.clear();
    }
}

}  // namespace genie_slack::sandbox::databricks
