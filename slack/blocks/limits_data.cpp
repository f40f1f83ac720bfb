// Checks tables and charts (slack.md 2.5).
#include "slack/blocks/limits_check.hpp"
#include "slack/json_read.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::slack::limits {

namespace limits_data_detail {
namespace {

constexpr int kCellDepth = 6;

// Counts the text of a rich_text cell.
std::size_t rich_characters(const json::object& element, int depth) {
    std::size_t count = characters_at(element, "text");
    if (depth < kCellDepth)
        for (const json::value& inner : array_at(element, "elements"))
            if (inner.is_object())
                count += rich_characters(inner.get_object(), depth + 1);
    return count;
}

bool is_number(const json::value* value) {
    return value && value->is_number();
}

}  // namespace
}  // namespace limits_data_detail

std::size_t Checker::cell(const json::value& cell, const std::string& path, bool data_table, bool header) {
    const json::object* one = object(cell, path);
    if (!one)
        return 0;
    const std::string type = string_at(*one, "type");
    if (data_table && header && type != "raw_text")
        fail(below(path, "type"), "must be raw_text in the header");
    if (type == "raw_text") {
        text(*one, "text", path, 1, kDataTableCharacters);
        return characters_at(*one, "text");
    }
    // Numbers are documented for tables as well, but were seen refused there.
    if (type == "raw_number" && data_table) {
        if (!limits_data_detail::is_number(one->if_contains("value")))
            fail(below(path, "value"), "must be a number");
        text(*one, "text", path, 1, kDataTableCharacters);
        return characters_at(*one, "text");
    }
    if (type == "rich_text")
        return limits_data_detail::rich_characters(*one, 0);
    fail(below(path, "type"), "is no type of a cell here");
    return 0;
}

std::size_t Checker::cells(const json::array& rows, const std::string& path, bool data_table) {
    std::size_t characters = 0;
    std::size_t width = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string here = below(path, i);
        if (!rows[i].is_array()) {
            fail(here, "must be an array");
            continue;
        }
        const json::array& row = rows[i].get_array();
        if (row.empty() || row.size() > kTableColumns)
            fail(here, "has " + std::to_string(row.size()) + " columns, 1 to " + std::to_string(kTableColumns) +
                           " are allowed");
        if (i == 0)
            width = row.size();
        else if (row.size() != width)
            fail(here, "has " + std::to_string(row.size()) + " cells, the header has " + std::to_string(width));
        for (std::size_t column = 0; column < row.size(); ++column)
            characters += cell(row[column], below(here, column), data_table, i == 0);
    }
    return characters;
}

void Checker::table(const json::object& block, const std::string& path) {
    messages_only("table", path);
    if (++tables_ > 1)
        fail(path, "a message can have one table only");
    const json::array* rows = list(block, "rows", path, 1, kTableRows);
    list(block, "column_settings", path, 0, kTableColumns, false);
    if (!rows)
        return;
    const std::size_t characters = cells(*rows, below(path, "rows"), false);
    if (characters > kTableCharacters)
        fail(path, "the table has " + std::to_string(characters) + " characters, at most " +
                       std::to_string(kTableCharacters) + " are allowed");
}

void Checker::data_table(const json::object& block, const std::string& path) {
    messages_only("data_table", path);
    if (++tables_ > 1)
        fail(path, "a message can have one table only");
    text(block, "caption", path, 1, kContextCharacters);
    number(block, "page_size", path, 1, 100);
    const json::array* rows = list(block, "rows", path, 2, kDataTableRows);
    if (!rows)
        return;
    const std::size_t columns = rows->empty() || !rows->front().is_array() ? 0 : rows->front().get_array().size();
    number(block, "row_header_column_index", path, 0, static_cast<std::int64_t>(std::max<std::size_t>(columns, 1)) - 1);
    const std::size_t characters = cells(*rows, below(path, "rows"), true);
    if (characters > kDataTableCharacters)
        fail(path, "the table has " + std::to_string(characters) + " characters, at most " +
                       std::to_string(kDataTableCharacters) + " are allowed");
}

void Checker::chart(const json::object& block, const std::string& path) {
    messages_only("data_visualization", path);
    if (++charts_ > kCharts)
        fail(path, "a message can have " + std::to_string(kCharts) + " charts only");
    text(block, "title", path, 1, kChartTitleCharacters);
    const std::string here = below(path, "chart");
    const json::value* found = block.if_contains("chart");
    if (!found)
        return fail(here, "is missing");
    const json::object* chart = object(*found, here);
    if (!chart)
        return;
    const std::string type = string_at(*chart, "type");
    if (type == "pie")
        pie(*chart, here);
    else if (type == "bar" || type == "line" || type == "area")
        series(*chart, here);
    else
        fail(below(here, "type"), "must be pie, bar, line or area");
}

void Checker::pie(const json::object& chart, const std::string& path) {
    const json::array* segments = list(chart, "segments", path, 1, kChartSeries);
    for (std::size_t i = 0; segments && i < segments->size(); ++i) {
        const std::string here = below(below(path, "segments"), i);
        const json::object* segment = object((*segments)[i], here);
        if (!segment)
            continue;
        text(*segment, "label", here, 1, kChartLabelCharacters);
        const json::value* value = segment->if_contains("value");
        if (!limits_data_detail::is_number(value) || value->to_number<double>() <= 0)
            fail(below(here, "value"), "must be a number above 0");
    }
}

void Checker::series(const json::object& chart, const std::string& path) {
    const json::object& axis = object_at(chart, "axis_config");
    const std::string axis_path = below(path, "axis_config");
    text(axis, "x_label", axis_path, 0, kChartTitleCharacters);
    text(axis, "y_label", axis_path, 0, kChartTitleCharacters);
    const json::array* categories = list(axis, "categories", axis_path, 1, kChartPoints);
    std::set<std::string> seen;
    for (std::size_t i = 0; categories && i < categories->size(); ++i) {
        const std::string here = below(below(axis_path, "categories"), i);
        const json::value& category = (*categories)[i];
        if (!category.is_string() || category.get_string().empty())
            fail(here, "must be a text");
        else if (count_characters(category.get_string()) > kChartLabelCharacters)
            fail(here, "has more than " + std::to_string(kChartLabelCharacters) + " characters");
        else if (!seen.insert(std::string(category.get_string().data(), category.get_string().size())).second)
            fail(here, "is there twice");
    }
    const json::array* all = list(chart, "series", path, 1, kChartSeries);
    std::set<std::string> names;
    for (std::size_t i = 0; all && i < all->size(); ++i) {
        const std::string here = below(below(path, "series"), i);
        const json::object* one = object((*all)[i], here);
        if (!one)
            continue;
        text(*one, "name", here, 1, kChartLabelCharacters);
        if (!names.insert(string_at(*one, "name")).second)
            fail(below(here, "name"), "is there twice");
        const json::array* data = list(*one, "data", here, 1, kChartPoints);
        if (!data)
            continue;
        if (categories && data->size() != categories->size())
            fail(below(here, "data"), "must have one point for each category");
        std::set<std::string> labels;
        for (std::size_t point = 0; point < data->size(); ++point) {
            const std::string at = below(below(here, "data"), point);
            const json::object* value = object((*data)[point], at);
            if (!value)
                continue;
            text(*value, "label", at, 1, kChartLabelCharacters);
            if (!limits_data_detail::is_number(value->if_contains("value")))
                fail(below(at, "value"), "must be a number");
            const std::string label = string_at(*value, "label");
            if (!label.empty() && !seen.contains(label))
                fail(below(at, "label"), "is no category");
            else if (!label.empty() && !labels.insert(label).second)
                fail(below(at, "label"), "is there twice");
        }
    }
}

}  // namespace genie_slack::slack::limits
