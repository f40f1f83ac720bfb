#include "app/answer/message/answer_chart.hpp"

#include "app/answer/chart/chart_scope.hpp"
#include "app/answer/chart/chart_wish.hpp"

namespace genie_slack::answer {

namespace answer_chart_detail {

std::string title_of(const AnswerInput& input) {
    return input.parts.query ? input.parts.query->title : std::string();
}

}  // namespace answer_chart_detail

std::string wished_chart(const AnswerInput& input) {
    return input.chart.empty() ? chart_wish(input.question) : input.chart;
}

ChartScope chart_scope(const AnswerInput& input) {
    if (!input.table)
        return ChartScope::whole;
    const std::string sql = input.parts.query ? input.parts.query->sql : std::string();
    return scope_of(*input.table, sql, answer_chart_detail::title_of(input), input.question);
}

std::optional<Chart> chart_of(const AnswerInput& input) {
    if (!input.table)
        return std::nullopt;
    return choose_chart(*input.table, answer_chart_detail::title_of(input), wished_chart(input), chart_scope(input));
}

std::vector<ChartKind> charts_of(const AnswerInput& input) {
    if (!input.table)
        return {};
    return possible_charts(*input.table, answer_chart_detail::title_of(input), chart_scope(input));
}

}  // namespace genie_slack::answer
