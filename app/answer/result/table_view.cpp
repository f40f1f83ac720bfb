#include "app/answer/result/table_view.hpp"

#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::answer {

namespace table_view_detail {

// These lengths are tried one after the other until the rows fit.
constexpr std::array<std::size_t, 4> kValueCharacters = {300, 120, 60, 30};
constexpr std::size_t kHeaderCharacters = 60;

std::size_t count_row(const std::vector<std::string>& row) {
    std::size_t count = 0;
    for (const std::string& cell : row)
        count += slack::count_characters(cell);
    return count;
}

// Keeps the rows whose values, cut to `value_characters`, fit; true when these are all of them.
bool fit_rows(const std::vector<std::vector<std::string>>& rows, std::size_t value_characters, std::size_t room,
              TableView& view) {
    view.rows.clear();
    view.cut_values = false;
    for (const auto& row : rows) {
        std::vector<std::string> cut;
        bool cuts = false;
        for (const std::string& cell : row) {
            cut.push_back(slack::truncate(cell, value_characters));
            cuts = cuts || cut.back().size() != cell.size();
        }
        const std::size_t size = count_row(cut);
        if (size > room)
            return false;
        room -= size;
        view.cut_values = view.cut_values || cuts;
        view.rows.push_back(std::move(cut));
    }
    return true;
}

std::string say_total(words::Language language, std::int64_t rows, bool more) {
    return more ? words::say(language, words::Word::more_than, {{"n", rows}}) : words::format_integer(language, rows);
}

}  // namespace table_view_detail

std::vector<std::vector<std::string>> TableView::rows_with_header() const {
    std::vector<std::vector<std::string>> all;
    all.reserve(rows.size() + 1);
    all.push_back(header);
    all.insert(all.end(), rows.begin(), rows.end());
    return all;
}

std::vector<bool> TableView::right_aligned() const {
    std::vector<bool> right;
    for (const ColumnFormat& format : formats)
        right.push_back(format.right_aligned);
    return right;
}

bool has_rows(const genie::ResultTable& table) {
    return !table.columns.empty() && !table.rows.empty();
}

TableView view_table(words::Language language, const genie::ResultTable& table, const ViewLimits& limits) {
    using namespace table_view_detail;
    TableView view;
    view.total_columns = table.columns.size() + table.left_out_columns;
    view.total_rows = std::max(table.total_rows, static_cast<std::int64_t>(table.rows.size()));
    view.more_rows = table.truncated && table.total_rows <= static_cast<std::int64_t>(table.rows.size());

    const std::size_t columns = std::min(limits.columns, table.columns.size());
    bool cuts_header = false;
    for (std::size_t column = 0; column < columns; ++column) {
        view.formats.push_back(read_column(table, column));
        const std::string name = format_header(table.columns[column], view.formats.back());
        view.header.push_back(slack::truncate(name, kHeaderCharacters));
        cuts_header = cuts_header || view.header.back().size() != name.size();
    }
    std::vector<std::vector<std::string>> formatted;
    for (std::size_t i = 0; i < std::min(limits.rows, table.rows.size()); ++i) {
        std::vector<std::string> cells;
        for (std::size_t column = 0; column < columns; ++column)
            cells.push_back(column < table.rows[i].size()
                                ? format_cell(language, view.formats[column], table.rows[i][column])
                                : std::string(kEmptyCell));
        formatted.push_back(std::move(cells));
    }
    const std::size_t header = count_row(view.header);
    const std::size_t room = limits.characters - std::min(limits.characters, header);
    for (const std::size_t value_characters : kValueCharacters)
        if (value_characters <= limits.value_characters &&
            (fit_rows(formatted, value_characters, room, view) || view.rows.size() >= limits.enough_rows))
            break;
    view.cut_values = view.cut_values || cuts_header;
    return view;
}

std::size_t count_view_characters(const TableView& view) {
    std::size_t count = table_view_detail::count_row(view.header);
    for (const auto& row : view.rows)
        count += table_view_detail::count_row(row);
    return count;
}

bool leaves_out_data(const TableView& view) {
    return static_cast<std::int64_t>(view.rows.size()) < view.total_rows || view.more_rows ||
           view.header.size() < view.total_columns || view.cut_values;
}

std::string describe_view(words::Language language, const TableView& view) {
    using words::Word;
    const bool all_rows = static_cast<std::int64_t>(view.rows.size()) == view.total_rows && !view.more_rows;
    const bool all_columns = view.header.size() == view.total_columns;
    const Word word = all_rows ? (all_columns ? Word::all_rows : Word::all_rows_some_columns)
                               : (all_columns ? Word::some_rows : Word::some_rows_some_columns);
    std::string text = words::say(language, word,
                                  {{"shown", view.rows.size()},
                                   {"total", table_view_detail::say_total(language, view.total_rows, view.more_rows)},
                                   {"rows", view.total_rows},
                                   {"columns", view.header.size()},
                                   {"all_columns", view.total_columns}});
    if (view.cut_values)
        text += " · " + words::say(language, Word::values_cut);
    return text;
}

std::string describe_result(words::Language language, const genie::ResultTable& table) {
    const auto came = static_cast<std::int64_t>(table.rows.size());
    const bool more = table.truncated && table.total_rows <= came;
    const std::int64_t rows = std::max(table.total_rows, came);
    return words::say(language, words::Word::result_rows,
                      {{"total", table_view_detail::say_total(language, rows, more)}, {"rows", rows}});
}

}  // namespace genie_slack::answer
