// What of a result is seen at one glance: the chart or the table, whichever shows more; a single number as words.
#include "app/answer/chart/chart_names.hpp"
#include "app/answer/chart/chart_obstacle.hpp"
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/result/columns.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace genie_slack::answer {

namespace answer_glance_detail {

constexpr std::size_t kNameCharacters = 150;
constexpr std::size_t kValueCharacters = 300;

bool is_of_word(std::string_view text, std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || (text[at] & 0x80) != 0);
}

// As words of their own: "21" is not told by "2021" or "21,300". "21.50" tells "21.5".
bool tells(std::string_view text, const std::string& written) {
    if (written.empty())
        return false;
    const bool has_fraction = written.find_first_of(".,") != std::string::npos;
    for (std::size_t at = text.find(written); at != std::string_view::npos; at = text.find(written, at + 1)) {
        std::size_t end = at + written.size();
        while (has_fraction && end < text.size() && text[end] == '0')
            ++end;
        const bool goes_on = end < text.size() && (text[end] == ',' || text[end] == '.') && is_of_word(text, end + 1);
        const bool goes_before = at > 1 && (text[at - 1] == ',' || text[at - 1] == '.') && is_of_word(text, at - 2);
        if (!goes_on && !goes_before && !is_of_word(text, end) && (at == 0 || !is_of_word(text, at - 1)))
            return true;
    }
    return false;
}

// Whether Genie's words tell the value of the first row, as any language writes it or as it came: Genie writes numbers
// as its own language does.
bool is_told(const AnswerContext& context, std::size_t column) {
    const genie::ResultTable& table = *context.input.table;
    const ColumnFormat format = read_column(table, column);
    const auto& raw = column < table.rows[0].size() ? table.rows[0][column] : std::nullopt;
    if (!raw || context.text_is_title)
        return false;
    return tells(context.text, *raw) ||
           std::any_of(std::begin(words::kLanguages), std::end(words::kLanguages), [&](words::Language language) {
               return tells(context.text, format_cell(language, format, raw));
           });
}

// A result of one row that says no more than the words.
bool is_told_row(const AnswerContext& context) {
    const genie::ResultTable& table = *context.input.table;
    if (table.rows.size() != 1 || table.total_rows > 1)
        return false;
    for (std::size_t column = 0; column < table.columns.size(); ++column)
        if (!is_told(context, column))
            return false;
    return true;
}

// Of a result of one value: where Genie's words do not tell it.
std::string untold_number(const AnswerContext& context) {
    const genie::ResultTable& table = *context.input.table;
    const ColumnFormat format = read_column(table, 0);
    const auto& raw = table.rows[0].empty() ? std::nullopt : table.rows[0][0];
    const std::string written = format_cell(context.language, format, raw);
    if (is_told(context, 0))
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
    const bool wants_table = context.chart_wish == kNoChart;
    if (!wants_table && answer_glance_detail::is_told_row(context)) {
        glance.table = glance.chart = false;
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
