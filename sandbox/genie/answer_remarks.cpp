#include "sandbox/genie/answer_remarks.hpp"

#include "sandbox/genie/german.hpp"
#include "sandbox/genie/question_text.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace answer_remarks_detail {

// What was asked for before, and neither now nor told apart now.
AskedFor dropped(const AskedFor& before, const AskedFor& now) {
    AskedFor lost;
    for (const auto& [column, values] : before.filters)
        if (!now.filters.contains(column) && !now.without.contains(column) && !is_among(now.by, column))
            lost.filters[column] = values;
    for (const auto& [column, values] : before.without)
        if (!now.filters.contains(column) && !now.without.contains(column) && !is_among(now.by, column))
            lost.without[column] = values;
    if (now.periods.empty())
        lost.periods = before.periods;
    if (now.above.empty() && now.below.empty()) {
        lost.above = before.above;
        lost.below = before.below;
    }
    return lost;
}

std::string remark_of_dropped(const AskedFor& lost, const std::set<std::string>& named, bool german) {
    const std::string what = filters_text(lost, named, german) + periods_text(lost, german);
    if (what.empty())
        return {};
    AskedFor only_without;
    only_without.without = lost.without;
    if (lost == only_without)
        return (german ? "Das gilt nicht mehr" : "This is no longer") + what + ".";
    return (german ? "Das gilt nicht mehr nur" : "This is no longer only") + what + ".";
}

// Whether only the first rows of all were shown before.
bool had_top(const AnswerStep& step) {
    return step.before.asked.top && step.rows_before >= static_cast<std::size_t>(*step.before.asked.top);
}

bool loses_top(const AnswerStep& step) {
    return had_top(step) && !step.now.asked.top;
}

std::string remark_of_together(const AnswerStep& step, const std::set<std::string>& named, bool german) {
    const AskedFor& now = step.now.asked;
    const std::string kept = filters_text(now, named, german);
    const bool top = loses_top(step);
    const std::string rest =
        top ? (german ? ", nicht nur für diese " : ", not only for those ") + std::to_string(step.rows_before) + "."
            : ".";
    if (!kept.empty())
        return top ? (german ? "Das sind die Zahlen" + kept + " insgesamt"
                             : "These are the figures" + kept + " as a whole") +
                         rest
                   : "";
    const std::string together = !now.by.empty() ? "" : german ? " zusammen" : " together";
    return (german ? "Das sind die Zahlen für alles" : "These are the figures for everything") + together + rest;
}

// "And the orders?" below the top customers by revenue has the top customers by orders.
std::string remark_of_others(const AnswerStep& step, bool german) {
    const AskedFor& before = step.before.asked;
    const bool keeps_top = before.top && before.top == step.now.asked.top && before.by == step.now.asked.by;
    if (!step.now.goes_on || !keeps_top || step.now.question == step.before.question || !had_top(step) ||
        step.rows_before < 2)
        return {};
    const std::string count = std::to_string(step.rows_before);
    return german ? "Das sind nicht unbedingt dieselben " + count + " wie in der Antwort davor."
                  : "These need not be the same " + count + " as in the answer before.";
}

bool is_unfinished(const Period& period, std::chrono::sys_days today) {
    // Nobody takes "since March" for a whole of something.
    constexpr std::chrono::sys_days kFar = std::chrono::year(2099) / 1 / 1;
    return period.from <= today && period.to > today + std::chrono::days(1) && period.to < kFar;
}

// The newest period of the rows, where that is the one of today.
std::optional<Period> newest_period(const QuestionMatch& match, const Table& table, std::chrono::sys_days today) {
    const auto current = period_around(match.asked.grain, today);
    if (!current || !match.question->sql_has("{grain}"))
        return {};
    for (std::size_t column = 0; column < table.columns.size(); ++column)
        if (table.columns[column].name == match.asked.grain)
            for (const auto& row : table.rows)
                if (row[column] == day_text(current->from))
                    return current;
    return {};
}

std::string counted_until(const Period& period, std::chrono::sys_days today, bool german) {
    const std::string last = german ? german_day(today) : day_name(today);
    if (period.unit.empty())
        return german ? "Gezählt ist bis zum " + last + "." : "This is counted until " + last + ".";
    const std::string name = period_name(period.unit, day_text(period.from));
    const std::string what = german                  ? german_period_name(period.unit, day_text(period.from))
                             : period.unit == "week" ? "The week of " + name
                                                     : name;
    const std::string day = last.substr(0, last.rfind(' '));
    return german ? what + " ist bis zum " + day + " gezählt." : what + " is counted until " + day + ".";
}

}  // namespace answer_remarks_detail

using namespace answer_remarks_detail;

bool puts_together(const AnswerStep& step) {
    if (!step.before || !step.now.goes_on || step.rows_before < 2)
        return false;
    const AskedFor& before = step.before.asked;
    const AskedFor& now = step.now.asked;
    // "Only Blue Market" below a top keeps to one of those.
    if (std::any_of(before.by.begin(), before.by.end(),
                    [&](const std::string& column) { return now.filters.contains(column); }))
        return false;
    return loses_top(step) || (!before.by.empty() && now.by.empty());
}

std::string remark_of_unfinished(const QuestionMatch& now, const Table& table, std::chrono::sys_days today,
                                 bool german) {
    if (now.question->date.empty() || table.rows.empty())
        return {};
    if (const auto newest = newest_period(now, table, today); newest && is_unfinished(*newest, today))
        return counted_until(*newest, today, german);
    for (const Period& period : now.asked.periods)
        if (is_unfinished(period, today))
            return counted_until(period, today, german);
    return {};
}

std::string remark_of_lost(const AnswerStep& step, const std::set<std::string>& named, bool german) {
    if (!step.before)
        return {};
    const std::string lost = remark_of_dropped(dropped(step.before.asked, step.now.asked), named, german);
    const std::string rows =
        puts_together(step) ? remark_of_together(step, named, german) : remark_of_others(step, german);
    return lost + (lost.empty() || rows.empty() ? "" : " ") + rows;
}

}  // namespace genie_slack::sandbox::databricks
