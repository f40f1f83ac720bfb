#include "app/answer/chart/chart_data.hpp"

#include "app/answer/chart/chart_columns.hpp"
#include "app/answer/chart/chart_keys.hpp"
#include "app/answer/result/cell.hpp"
#include "app/answer/result/columns.hpp"
#include "slack/blocks/limits.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace genie_slack::answer {

namespace chart_data_detail {

constexpr std::size_t kSeries = slack::limits::kChartSeries;
// Values on one axis differ by at most this factor: smaller ones would be flat lines.
constexpr double kMagnitudes = 25;
// More bars than these are a table, not a picture.
constexpr std::size_t kCategories = 40;
constexpr std::size_t kBars = 90;
constexpr std::size_t kTimes = 5'000;

// A column of values.
struct ValueColumn {
    std::size_t index = 0;
    std::string name;
    std::string label;         // with their unit, as in the table beside the chart
    bool is_fraction = false;  // of one; drawn as percentages, as the table writes them
};

double largest(const Chart::Series& series) {
    double found = 0;
    for (const auto& value : series.values)
        found = std::max(found, std::abs(value.value_or(0)));
    return found;
}

std::size_t count_values(const Chart::Series& series) {
    return static_cast<std::size_t>(
        std::count_if(series.values.begin(), series.values.end(), [](const auto& value) { return value.has_value(); }));
}

ValueColumn use_values(const genie::ResultTable& table, std::size_t index) {
    const genie::Column& column = table.columns[index];
    const ColumnFormat format = read_column(table, index);
    ValueColumn use{index, column.name, format_header(column, format), false};
    use.is_fraction = format.kind == ValueKind::share;
    const bool says_percent = unit_of(column.name) == Unit::share && !use.is_fraction;
    const bool has_sign = use.label.find('%') != std::string::npos;
    if (!has_sign && (use.is_fraction || (format.kind == ValueKind::percent && !says_percent)))
        use.label += " (%)";
    return use;
}

std::optional<double> value_of(const ValueColumn& use, const std::string& text) {
    auto value = parse_value(text);
    // Rounding keeps 0.29 from becoming 28.999999999999996.
    if (value && use.is_fraction)
        value = std::round(*value * 1e12) / 1e10;
    return value;
}

bool fit_one_axis(const Chart::Series& lead, Unit lead_unit, const Chart::Series& other, Unit unit) {
    if (unit != lead_unit && unit != Unit::unknown && lead_unit != Unit::unknown)
        return false;
    if ((unit == Unit::share) != (lead_unit == Unit::share))
        return false;
    const double a = largest(lead);
    const double b = largest(other);
    return a == 0 || b == 0 || (a / b <= kMagnitudes && b / a <= kMagnitudes);
}

// One series for each column of values, as far as they share a unit.
Unit add_columns(const genie::ResultTable& table, const KeyColumn& keys, const ChartAxis& axis,
                 const std::vector<ValueColumn>& values, Chart& chart) {
    Unit lead = Unit::unknown;
    for (const ValueColumn& use : values) {
        Chart::Series series{use.label, {}};
        series.values.resize(axis.names.size());
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            const auto position = axis.positions.find(identity_of(keys.keys[row]));
            const auto& value = cell_of(table.rows[row], use.index);
            if (position != axis.positions.end() && value)
                series.values[position->second] = value_of(use, *value);
        }
        const Unit unit = unit_of(use.name);
        const bool full_enough = count_values(series) * 2 > series.values.size();
        if (full_enough && chart.series.empty())
            lead = unit;
        if (full_enough && chart.series.size() < kSeries &&
            (chart.series.empty() || fit_one_axis(chart.series.front(), lead, series, unit)))
            chart.series.push_back(std::move(series));
        else
            chart.left_out.push_back(series.name);
    }
    chart.y_label = chart.series.size() == 1 ? chart.series.front().name : "";
    return lead;
}

// One series for each value of the second column; false when a pair is there twice or there are too many series.
bool add_pivot(const genie::ResultTable& table, const ChartKeys& keys, const ChartAxis& axis, const ValueColumn& use,
               Chart& chart) {
    const ChartAxis splits = make_axis(*keys.series);
    std::vector<Chart::Series> all;
    for (const std::string& name : splits.names)
        all.push_back({name, std::vector<std::optional<double>>(axis.names.size())});
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto category = axis.positions.find(identity_of(keys.categories->keys[row]));
        const auto split = splits.positions.find(identity_of(keys.series->keys[row]));
        if (category == axis.positions.end() || split == splits.positions.end())
            continue;
        if (!seen.emplace(category->second, split->second).second)
            return false;
        if (const auto& value = cell_of(table.rows[row], use.index))
            all[split->second].values[category->second] = value_of(use, *value);
    }
    // Lines can be chosen among; bars of some series would look like all there is.
    if (all.size() > kSeries) {
        if (axis.times.empty())
            return false;
        std::vector<std::size_t> order(all.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const double first = largest(all[a]);
            const double second = largest(all[b]);
            return first != second ? first > second : a < b;
        });
        std::vector<Chart::Series> kept;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto rank = std::find(order.begin(), order.end(), i) - order.begin();
            if (static_cast<std::size_t>(rank) < kSeries)
                kept.push_back(std::move(all[i]));
            else
                chart.left_out.push_back(all[i].name);
        }
        all = std::move(kept);
    }
    for (Chart::Series& series : all) {
        if (count_values(series) * 3 < series.values.size())
            return false;
        chart.series.push_back(std::move(series));
    }
    chart.y_label = use.label;
    return true;
}

std::string left_out_share(const Chart& chart, const std::vector<ValueColumn>& values) {
    for (const ValueColumn& use : values) {
        const std::string& name = use.label;
        const bool left_out = std::find(chart.left_out.begin(), chart.left_out.end(), name) != chart.left_out.end();
        if (left_out && unit_of(use.name) == Unit::share)
            return name;
    }
    return "";
}

void describe_data(ChartData& data, Unit unit) {
    for (const Chart::Series& series : data.chart.series)
        for (const auto& value : series.values) {
            data.has_gaps = data.has_gaps || !value;
            data.negative = data.negative || (value && *value < 0);
        }
    data.is_share = unit == Unit::share;
    data.additive = data.chart.series.size() == 1 && unit != Unit::average;
    if (data.chart.series.size() == 1)
        for (const auto& value : data.chart.series.front().values)
            data.sum += value.value_or(0);
}

}  // namespace chart_data_detail

std::optional<ChartData> read_chart_data(const genie::ResultTable& table) {
    using namespace chart_data_detail;
    const std::size_t rows = table.rows.size();
    // A part of the rows is no picture of the whole.
    if (rows < 2 || rows > kTimes || table.truncated || table.total_rows > static_cast<std::int64_t>(rows))
        return std::nullopt;
    std::vector<ValueColumn> values;
    std::vector<KeyColumn> key_columns;
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        const ColumnRole role = column_role(table, index);
        if (role == ColumnRole::value)
            values.push_back(use_values(table, index));
        else if (role != ColumnRole::unusable)
            key_columns.push_back(read_keys(table, index, role));
    }
    if (values.empty() || key_columns.empty())
        return std::nullopt;
    const ChartKeys keys = choose_keys(std::move(key_columns), rows);
    if (!keys.categories)
        return std::nullopt;

    ChartData data;
    Chart& chart = data.chart;
    ChartAxis axis = make_axis(*keys.categories);
    if (axis.names.size() < 2)
        return std::nullopt;
    Unit unit = unit_of(values.front().name);
    if (keys.series) {
        if (!add_pivot(table, keys, axis, values.front(), chart))
            return std::nullopt;
        for (std::size_t i = 1; i < values.size(); ++i)
            chart.left_out.push_back(values[i].label);
    } else {
        unit = add_columns(table, *keys.categories, axis, values, chart);
    }
    if (chart.series.empty())
        return std::nullopt;
    if (axis.leaves_out)
        chart.left_out.push_back(keys.categories->name + " " + std::string(kEmptyCell));
    const bool ordered = is_ordered(keys.categories->role);
    if (!ordered && (axis.names.size() > kCategories || axis.names.size() * chart.series.size() > kBars))
        return std::nullopt;
    chart.kind = ordered ? ChartKind::line : ChartKind::bar;
    chart.x_label = keys.categories->name;
    chart.categories = std::move(axis.names);
    chart.times = std::move(axis.times);
    describe_data(data, unit);
    data.share_name = left_out_share(chart, values);
    return data;
}

}  // namespace genie_slack::answer
