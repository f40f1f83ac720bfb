#include "app/answer/chart/chart_keys.hpp"

#include "app/answer/chart/chart_data.hpp"
#include "app/answer/result/cell.hpp"
#include "app/answer/result/column_name.hpp"
#include "app/answer/result/columns.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace genie_slack::answer {

namespace chart_keys_detail {

// Year and month (or quarter) in two columns are one point in time.
void join_year(std::vector<KeyColumn>& columns) {
    const auto year = std::find_if(columns.begin(), columns.end(), [](const KeyColumn& column) {
        return column.role == ColumnRole::time &&
               std::all_of(column.keys.begin(), column.keys.end(),
                           [](const ChartKey& key) { return !key.time || key.time->grain == TimeGrain::year; });
    });
    const auto part = std::find_if(columns.begin(), columns.end(), [](const KeyColumn& column) {
        return column.role == ColumnRole::month_number || column.role == ColumnRole::quarter_number;
    });
    if (year == columns.end() || part == columns.end())
        return;
    for (std::size_t row = 0; row < year->keys.size(); ++row) {
        ChartKey& key = year->keys[row];
        const ChartKey& second = part->keys[row];
        key.missing = key.missing || second.missing || !key.time || !second.order;
        if (key.missing) {
            key.time.reset();
            continue;
        }
        const int number = std::stoi(name_time_points({*key.time}).front());
        key.time = part->role == ColumnRole::month_number ? month_point(number, *second.order)
                                                          : quarter_point(number, *second.order);
    }
    year->name = part->name;
    columns.erase(part);
}

// Of days that stand for more than a day; months show by themselves.
std::optional<TimeGrain> grain_of(Period period) {
    switch (period) {
        case Period::year:
            return TimeGrain::year;
        case Period::quarter:
            return TimeGrain::quarter;
        case Period::month:
        case Period::day:
            break;
    }
    return std::nullopt;
}

std::size_t count_distinct(const KeyColumn& column) {
    std::set<std::string> seen;
    for (const ChartKey& key : column.keys)
        seen.insert(identity_of(key));
    return seen.size();
}

}  // namespace chart_keys_detail

KeyColumn read_keys(const genie::ResultTable& table, std::size_t index, ColumnRole role) {
    KeyColumn column{role, readable_name(table.columns[index].name), {}};
    const std::optional<TimeGrain> grain = chart_keys_detail::grain_of(read_column(table, index).period);
    for (const auto& row : table.rows) {
        const auto& value = cell_of(row, index);
        ChartKey key;
        key.missing = !value;
        key.text = value ? one_line(*value) : std::string(kEmptyCell);
        if (key.text.empty())
            key.text = std::string(kEmptyCell);
        if (value && role == ColumnRole::time) {
            key.time = parse_time_point(*value);
            if (!key.time)
                if (const auto year = parse_whole_number(*value))
                    key.time = parse_time_point(std::to_string(*year));
            if (key.time && grain)
                key.time->grain = *grain;
        } else if (value && is_ordered(role)) {
            key.order = parse_whole_number(*value);
            if (!key.order)
                key.order = parse_month_name(*value);
        }
        column.keys.push_back(std::move(key));
    }
    return column;
}

std::string identity_of(const ChartKey& key) {
    if (key.missing)
        return "-";
    if (key.time)
        return "t" + std::to_string(key.time->seconds);
    if (key.order)
        return "o" + std::to_string(*key.order);
    return "=" + key.text;
}

ChartKeys choose_keys(std::vector<KeyColumn> columns, std::size_t rows) {
    using namespace chart_keys_detail;
    // What is the same in every row tells no rows apart.
    std::vector<KeyColumn> useful;
    for (KeyColumn& column : columns)
        if (count_distinct(column) > 1)
            useful.push_back(std::move(column));
    join_year(useful);
    useful.erase(std::remove_if(useful.begin(), useful.end(),
                                [](const KeyColumn& column) { return column.role == ColumnRole::id; }),
                 useful.end());
    const auto first_ordered =
        std::find_if(useful.begin(), useful.end(), [](const KeyColumn& column) { return is_ordered(column.role); });
    if (first_ordered != useful.end())
        std::rotate(useful.begin(), first_ordered, first_ordered + 1);
    ChartKeys keys;
    // A list of things that happened, each with its particulars: when it happened is only one of them.
    const auto particulars =
        std::count_if(useful.begin(), useful.end(), [](const KeyColumn& column) { return !is_ordered(column.role); });
    if (!useful.empty() && is_ordered(useful[0].role) && count_distinct(useful[0]) == rows && particulars >= 2)
        return keys;
    for (KeyColumn& column : useful)
        if (count_distinct(column) == rows) {
            keys.categories = std::move(column);
            return keys;
        }
    if (useful.size() != 2)
        return keys;
    // Of two plain columns the one with fewer values becomes the series. A point in time is always the axis.
    std::size_t series = 1;
    if (is_ordered(useful[0].role) == is_ordered(useful[1].role) &&
        count_distinct(useful[0]) < count_distinct(useful[1]))
        series = 0;
    keys.series = std::move(useful[series]);
    keys.categories = std::move(useful[1 - series]);
    return keys;
}

ChartAxis make_axis(const KeyColumn& column) {
    ChartAxis axis;
    std::vector<const ChartKey*> keys;
    std::set<std::string> seen;
    for (const ChartKey& key : column.keys) {
        if (is_ordered(column.role) && key.missing) {
            axis.leaves_out = true;
            continue;
        }
        if (seen.insert(identity_of(key)).second)
            keys.push_back(&key);
    }
    if (is_ordered(column.role))
        std::sort(keys.begin(), keys.end(), [](const ChartKey* a, const ChartKey* b) {
            return a->time && b->time ? a->time->seconds < b->time->seconds : a->order < b->order;
        });
    std::vector<TimePoint> points;
    for (const ChartKey* key : keys) {
        axis.positions.emplace(identity_of(*key), axis.positions.size());
        axis.names.push_back(key->text);
        if (key->time)
            points.push_back(*key->time);
    }
    if (!points.empty() && points.size() == keys.size()) {
        axis.names = name_time_points(points);
        for (const TimePoint& point : points)
            axis.times.push_back(static_cast<double>(point.seconds));
    }
    return axis;
}

}  // namespace genie_slack::answer
