#include "slack/text/text_table.hpp"

#include "slack/text/utf8.hpp"

#include <algorithm>
#include <numeric>

namespace genie_slack::slack {

namespace text_table_detail {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 6;

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const utf8::Character character = utf8::at(text, i);
        width += static_cast<std::size_t>(utf8::columns(character.code_point));
        i += character.length;
    }
    return width;
}

std::string fitted(std::string_view text, std::size_t width) {
    if (width_of(text) <= width)
        return std::string(text);
    std::size_t used = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const utf8::Character character = utf8::at(text, end);
        used += static_cast<std::size_t>(utf8::columns(character.code_point));
        if (used + 1 > width)
            break;
        end += character.length;
    }
    return std::string(text.substr(0, end)) + "…";
}

std::string_view cell(const std::vector<std::string>& row, std::size_t column) {
    return column < row.size() ? std::string_view(row[column]) : std::string_view();
}

// Takes from the widest column until the line fits, but leaves each readable.
void squeeze(std::vector<std::size_t>& widths, std::size_t line) {
    const std::size_t gaps = widths.empty() ? 0 : (widths.size() - 1) * kGap;
    std::size_t total = std::accumulate(widths.begin(), widths.end(), gaps);
    while (total > line) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kNarrowest)
            return;
        --*widest;
        --total;
    }
}

void append_row(std::string& out, const std::vector<std::string>& row, const std::vector<std::size_t>& widths,
                const std::vector<bool>& right_aligned) {
    std::size_t blanks = 0;  // written only when something follows, so that lines have no blank ends
    for (std::size_t column = 0; column < widths.size(); ++column) {
        const std::string text = fitted(cell(row, column), widths[column]);
        const std::size_t padding = widths[column] - width_of(text);
        const bool right = column < right_aligned.size() && right_aligned[column];
        if (right)
            blanks += padding;
        if (!text.empty()) {
            out.append(blanks, ' ');
            out += text;
            blanks = 0;
        }
        blanks += (right ? 0 : padding) + kGap;
    }
    out += '\n';
}

std::string counted(std::size_t count, std::string_view what) {
    return std::to_string(count) + " more " + std::string(what) + (count == 1 ? "" : "s");
}

std::string default_note(std::size_t rows, std::size_t columns) {
    std::string note;
    if (rows > 0)
        note = counted(rows, "row");
    if (columns > 0)
        note += (note.empty() ? "" : ", ") + counted(columns, "column");
    return note;
}

}  // namespace
}  // namespace text_table_detail

std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned,
                       const TextTableLimits& limits, std::size_t hidden_rows, std::size_t hidden_columns) {
    return draw_text_table(rows, right_aligned, limits, hidden_rows, hidden_columns).text;
}

TextTable draw_text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned,
                          const TextTableLimits& limits, std::size_t hidden_rows, std::size_t hidden_columns) {
    using namespace text_table_detail;
    std::size_t columns = 0;
    for (const auto& row : rows)
        columns = std::max(columns, row.size());
    hidden_columns += columns - std::min(columns, limits.columns);
    columns = std::min(columns, limits.columns);
    const std::size_t shown = std::min(rows.size(), limits.rows + 1);
    hidden_rows += rows.size() - shown;

    std::vector<std::size_t> widths(columns, 1);
    for (std::size_t row = 0; row < shown; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            widths[column] = std::max(widths[column], std::min(width_of(cell(rows[row], column)), limits.cell_columns));
    squeeze(widths, limits.line_columns);

    TextTable drawn;
    std::string& out = drawn.text;
    for (std::size_t row = 0; row < shown; ++row) {
        for (std::size_t column = 0; column < columns; ++column)
            drawn.cut_values = drawn.cut_values || width_of(cell(rows[row], column)) > widths[column];
        append_row(out, rows[row], widths, right_aligned);
        if (row != 0)
            continue;
        for (std::size_t column = 0; column < columns; ++column)
            out += std::string(column == 0 ? 0 : kGap, ' ') + std::string(widths[column], '-');
        out += '\n';
    }
    const std::string note = limits.note ? limits.note(hidden_rows, hidden_columns, drawn.cut_values)
                                         : default_note(hidden_rows, hidden_columns);
    if (!note.empty())
        out += "… " + note + "\n";
    if (!out.empty())
        out.pop_back();
    return drawn;
}

}  // namespace genie_slack::slack
