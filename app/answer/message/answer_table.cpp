// The result of an answer: table and chart in each form.
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/result/cell.hpp"
#include "app/answer/result/table_view.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/mrkdwn_markdown.hpp"
#include "slack/text/text_table.hpp"

#include <algorithm>
#include <cmath>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

namespace answer_table_detail {

constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kAltCharacters = 1'500;
constexpr int kDataTablePage = 12;
constexpr std::size_t kTableRows = 20;
constexpr std::size_t kTableRoom = 3'000;  // what text leaves to a table that needs it
constexpr std::size_t kMonospaceColumns = 10;
constexpr std::size_t kMonospaceTableRoom = 2'900;
constexpr std::size_t kPlainTableRows = 10;
constexpr std::size_t kPlainTableRoom = 1'500;
constexpr std::size_t kPlainNoteRoom = 150;

ViewLimits view_limits(std::size_t rows, std::size_t columns, std::size_t characters) {
    ViewLimits view;
    view.rows = rows;
    view.enough_rows = std::min(rows, kTableRows);
    view.columns = columns;
    view.characters = characters;
    return view;
}

ViewLimits limits_of(Form form, std::size_t room) {
    if (form == Form::native)
        return view_limits(limits::kDataTableRows - 1, limits::kTableColumns, limits::kDataTableCharacters);
    const std::size_t columns = form == Form::table ? limits::kTableColumns : kMonospaceColumns;
    return view_limits(kTableRows, columns, std::min(room, limits::kTableCharacters));
}

// The number by which a value sorts: "Apr 2025" would come before "Jan 2025".
std::optional<double> sort_value(const ColumnFormat& format, const std::string& value) {
    if (format.kind == ValueKind::day)
        return static_cast<double>(day_number(std::string_view(value).substr(0, 10)));
    return exact_double(value);
}

// The values of a column for sorting, when its shown cells are numbers or periods. Slack sorts by number only where
// every cell has one, so a NULL sorts below all others.
std::vector<double> sort_values(const genie::ResultTable& table, const ColumnFormat& format, std::size_t column,
                                std::size_t rows) {
    std::vector<double> values;
    std::vector<std::size_t> missing;
    double lowest = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        if (column >= table.rows[row].size() || !table.rows[row][column]) {
            missing.push_back(row);
            values.push_back(0);
            continue;
        }
        const auto value = sort_value(format, *table.rows[row][column]);
        if (!value)
            return {};
        lowest = std::min(lowest, *value);
        values.push_back(*value);
    }
    if (missing.size() == rows)
        return {};
    for (const std::size_t row : missing)
        values[row] = lowest - 1;
    return values;
}

json::value as_json_number(double value) {
    constexpr double kExactWhole = 9'007'199'254'740'992;
    if (std::floor(value) == value && std::abs(value) < kExactWhole)
        return static_cast<std::int64_t>(value);
    return value;
}

json::object data_table(const AnswerContext& context, const TableView& view) {
    std::vector<std::vector<double>> numbers;
    for (std::size_t column = 0; column < view.header.size(); ++column) {
        const ColumnFormat& format = view.formats[column];
        // A day sorts by its text.
        numbers.push_back(format.right_aligned || format.period != Period::day
                              ? sort_values(*context.input.table, format, column, view.rows.size())
                              : std::vector<double>());
    }
    const auto all = view.rows_with_header();
    json::array rows;
    for (std::size_t row = 0; row < all.size(); ++row) {
        json::array cells;
        for (std::size_t column = 0; column < all[row].size(); ++column) {
            json::object cell{{"type", "raw_text"}, {"text", all[row][column]}};
            if (row > 0 && !numbers[column].empty()) {
                cell["type"] = "raw_number";
                cell["value"] = as_json_number(numbers[column][row - 1]);
            }
            cells.push_back(std::move(cell));
        }
        rows.push_back(std::move(cells));
    }
    json::object out;
    out["type"] = "data_table";
    out["caption"] = context.title.empty() ? words::say(context.language, Word::result_title) : context.title;
    out["page_size"] = kDataTablePage;
    if (!view.formats.front().right_aligned)
        out["row_header_column_index"] = 0;
    out["rows"] = std::move(rows);
    return out;
}

json::object table_block(const TableView& view) {
    std::vector<blocks::TableColumn> columns;
    for (const bool right : view.right_aligned()) {
        blocks::TableColumn column;
        column.right_aligned = right;
        columns.push_back(column);
    }
    return blocks::table(columns, view.rows_with_header());
}

// The table in a fixed-width font, with as many rows as fit; `view` is left with just these.
std::optional<Preformatted> monospace_table(TableView& view, std::size_t characters) {
    for (;;) {
        const slack::TextTable drawn = slack::draw_text_table(view.rows_with_header(), view.right_aligned());
        auto fitted = fit_preformatted(drawn.text, characters);
        if (fitted && !fitted->was_cut) {
            view.cut_values = view.cut_values || drawn.cut_values;
            return fitted;
        }
        if (view.rows.empty())
            return std::nullopt;
        view.rows.pop_back();
    }
}

// How many rows there are is told by the file alone, where nobody knows it yet.
std::string say_size(const AnswerContext& context, const TableView& view) {
    if (!context.input.full_result_below || !view.more_rows || view.header.size() < view.total_columns)
        return describe_view(context.language, view);
    std::string text = words::say(context.language, Word::first_rows, {{"rows", view.rows.size()}});
    if (text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string line_under(const AnswerContext& context, const TableView& view, bool with_title) {
    std::string line = say_size(context, view);
    if (with_title && !context.title.empty())
        line.insert(0, "*" + escape_within(context.title, kTitleCharacters) + "* · ");
    const genie::ResultTable& table = *context.input.table;
    if (context.input.full_result_below && leaves_out_data(view))
        line += " · " + (table.left_out_columns == 0 ? words::say(context.language, Word::full_result_below)
                                                     : words::say(context.language, Word::first_columns_below,
                                                                  {{"columns", table.columns.size()}}));
    return line;
}

json::object drawn_chart(const AnswerContext& context) {
    json::object file{{"id", kChartFile}};
    json::object out;
    out["type"] = "image";
    // By which the shown chart is known again: an image tells nothing of its kind.
    out["block_id"] = std::string(kChartBlock) + to_string(context.chart->kind);
    out["slack_file"] = std::move(file);
    out["alt_text"] = slack::truncate(describe_chart(*context.chart, context.language), kAltCharacters);
    return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
    std::string row = "|";
    for (const std::string& cell : cells)
        row += " " + slack::escape_markdown(cell) + " |";
    return row + "\n";
}

bool is_chart_place(const json::value& block) {
    const json::object& object = block.as_object();
    const json::value* file = object.if_contains("slack_file");
    return file && file->is_object() && file->as_object().contains("id") && file->at("id") == kChartFile;
}

}  // namespace answer_table_detail

bool wants_chart_file(const Rendered& rendered) {
    return std::any_of(rendered.blocks.begin(), rendered.blocks.end(), answer_table_detail::is_chart_place);
}

void place_chart_file(Rendered& rendered, const std::string& file_id) {
    json::array blocks;
    for (json::value& block : rendered.blocks) {
        const bool place = answer_table_detail::is_chart_place(block);
        if (place && file_id.empty())
            continue;
        if (place)
            block.as_object()["slack_file"] = json::object{{"id", file_id}};
        blocks.push_back(std::move(block));
    }
    rendered.blocks = std::move(blocks);
}

void append_chart(json::array& out, const AnswerContext& context, Form form) {
    if (!context.chart || form == Form::no_picture)
        return;
    if (form == Form::native && context.chart_block)
        out.push_back(*context.chart_block);
    else
        out.push_back(answer_table_detail::drawn_chart(context));
    if (!context.chart->left_out.empty()) {
        std::string names;
        for (const std::string& name : context.chart->left_out)
            names += (names.empty() ? "" : ", ") + name;
        out.push_back(
            blocks::context(words::say(context.language, Word::chart_leaves_out,
                                       {{"names", escape_within(names, answer_table_detail::kTitleCharacters)}})));
    }
}

ShownTable show_table(const AnswerContext& context, Form form, std::size_t room) {
    using namespace answer_table_detail;
    const genie::ResultTable& table = *context.input.table;
    TableView view = view_table(context.language, table, limits_of(form, room));
    ShownTable shown;
    if (form == Form::native)
        shown.blocks.push_back(data_table(context, view));
    else if (form == Form::table)
        shown.blocks.push_back(table_block(view));
    else if (auto fitted = monospace_table(view, std::min(room, kMonospaceTableRoom)))
        shown.blocks.push_back(std::move(fitted->block));
    shown.leaves_out_data = leaves_out_data(view);
    // Slack's own table tells how many rows it has.
    if (context.input.style == AnswerStyle::full || form != Form::native || shown.leaves_out_data)
        shown.blocks.push_back(blocks::context(line_under(context, view, form != Form::native)));
    return shown;
}

std::size_t room_for_table(const AnswerContext& context, Form form) {
    using namespace answer_table_detail;
    if (!context.has_table || form == Form::native)
        return 0;
    if (form == Form::table)
        return count_view_characters(view_table(context.language, *context.input.table, limits_of(form, kTableRoom)));
    return kTableRoom;
}

PlainTable show_plain_table(const AnswerContext& context, std::size_t room) {
    using namespace answer_table_detail;
    TableView view = view_table(context.language, *context.input.table,
                                view_limits(kPlainTableRows, kMonospaceColumns, kPlainTableRoom));
    PlainTable plain;
    const auto fitted = monospace_table(view, std::max(room, kPlainNoteRoom) - kPlainNoteRoom);
    if (!fitted) {
        plain.leaves_out_data = true;
        return plain;
    }
    const json::string& text = fitted->block.at("text").as_object().at("text").as_string();
    plain.text.assign(text.data(), text.size());
    plain.text += "\n\n" + line_under(context, view, false);
    plain.leaves_out_data = leaves_out_data(view);
    return plain;
}

std::string markdown_table(const AnswerContext& context) {
    using namespace answer_table_detail;
    const TableView view = view_table(context.language, *context.input.table, limits_of(Form::native, 0));
    std::string text = markdown_row(view.header) + "|";
    for (const bool right : view.right_aligned())
        text += right ? " ---: |" : " --- |";
    text += "\n";
    for (const auto& row : view.rows)
        text += markdown_row(row);
    return text + "\n" + slack::escape_markdown(describe_view(context.language, view));
}

}  // namespace genie_slack::answer
