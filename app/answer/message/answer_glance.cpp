// What of a result is seen at one glance: the chart or the table, whichever shows more; a single number as words.
#include "app/answer/chart/chart_names.hpp"
#include "app/answer/chart/chart_obstacle.hpp"
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/result/columns.hpp"

#include <algorithm>
#include <iterator>

namespace genie_slack::answer {

namespace answer_glance_detail {

constexpr std::size_t kNameCharacters = 150;
constexpr std::size_t kValueCharacters = 300;

// Of a result of one value: where Genie's words do not tell it, as any language writes it or as it came.
std::string untold_number(const AnswerContext& context) {
    const genie::ResultTable& table = *context.input.table;
    const ColumnFormat format = read_column(table, 0);
    const auto& raw = table.rows[0].empty() ? std::nullopt : table.rows[0][0];
    const std::string written = format_cell(context.language, format, raw);
    // Genie writes numbers as its own language does.
    const bool is_told =
        std::any_of(std::begin(words::kLanguages), std::end(words::kLanguages),
                    [&](words::Language language) {
                        return context.text.find(format_cell(language, format, raw)) != std::string::npos;
                    }) ||
        (raw && context.text.find(*raw) != std::string::npos);
    if (is_told && !context.text_is_title)
        return "";
    return escape_within(format_header(table.columns[0], format), kNameCharacters) + ": *" +
           escape_within(written, kValueCharacters) + "*";
}

}  // namespace answer_glance_detail

Glance glance_of(const AnswerContext& context, Form form) {
    Glance glance;
    const bool can_draw = context.chart && form != Form::no_picture;
    glance.table = context.has_table;
    glance.chart = can_draw;
    if (context.input.style == AnswerStyle::full || !context.has_table)
        return glance;
    if (is_single_value(*context.input.table)) {
        glance.table = glance.chart = false;
        glance.number = answer_glance_detail::untold_number(context);
        return glance;
    }
    // A picture may not come; Slack's own chart stands there or the whole message is refused.
    const bool is_native = can_draw && form == Form::native && context.chart_block;
    const bool is_wished = !context.chart_wish.empty() && context.chart_wish != kNoChart;
    glance.chart = can_draw && (is_wished || (is_native && context.chart->left_out.empty()));
    // What was wished as a chart is no table beside it; where its picture cannot be had, the next form has the table.
    const bool is_picture = glance.chart && form == Form::native && is_wished;
    glance.table = !(glance.chart && is_native) && !is_picture;
    return glance;
}

}  // namespace genie_slack::answer
