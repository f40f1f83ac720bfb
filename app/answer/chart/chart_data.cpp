#include "app/answer/chart/chart_data.hpp"

#include "app/answer/result/cell.hpp"
#include "app/answer/result/columns.hpp"
#include "slack/blocks/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace genie_slack::answer {

namespace chart_data_detail {

using Row = std::vector<std::optional<std::string>>;

constexpr std::size_t kSeries = slack::limits::kChartSeries;
// Values on one axis differ by at most this factor: smaller ones would be flat lines.
constexpr double kMagnitudes = 25;
// More bars than these are a table, not a picture.
constexpr std::size_t kCategories = 40;
constexpr std::size_t kBars = 90;
constexpr std::size_t kTimes = 5'000;

constexpr std::string_view kUndrawable[] = {"ARRAY", "BINARY", "MAP", "STRUCT", "VARIANT", "INTERVAL"};

enum class Role { category, time, month_number, quarter_number, ordinal, value, id, unusable };

struct ColumnUse {
    std::size_t index = 0;
    Role role = Role::unusable;
    std::string name;
    std::string label;         // of values, with their unit, as in the table beside the chart
    bool is_fraction = false;  // of one; drawn as percentages, as the table writes them
};

const std::optional<std::string>& cell(const Row& row, std::size_t column) {
    static const std::optional<std::string> kNone;
    return column < row.size() ? row[column] : kNone;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// "order_month_number" -> "month": what is counted, without the words around it.
std::string bare_name(std::string_view column_name) {
    std::string name = lower(column_name);
    std::replace(name.begin(), name.end(), ' ', '_');
    for (const std::string_view prefix :
         {"order_", "sales_", "sale_", "invoice_", "transaction_", "fiscal_", "calendar_", "date_"})
        if (name.size() > prefix.size() && name.compare(0, prefix.size(), prefix) == 0)
            name.erase(0, prefix.size());
    for (const std::string_view suffix : {"_number", "_num", "_no", "_of_day", "_of_week", "_of_month", "_of_year"})
        if (name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0)
            name.resize(name.size() - suffix.size());
    return name;
}

struct CountedName {
    std::string_view name;
    int low;
    int high;
    Role role;
};
constexpr CountedName kCountedNames[] = {
    {"year", 1000, 2999, Role::time},        {"jahr", 1000, 2999, Role::time},
    {"month", 1, 12, Role::month_number},    {"monat", 1, 12, Role::month_number},
    {"quarter", 1, 4, Role::quarter_number}, {"quartal", 1, 4, Role::quarter_number},
    {"week", 1, 53, Role::ordinal},          {"woche", 1, 53, Role::ordinal},
    {"day", 0, 366, Role::ordinal},          {"tag", 0, 366, Role::ordinal},
    {"weekday", 0, 7, Role::ordinal},        {"dow", 0, 7, Role::ordinal},
    {"hour", 0, 24, Role::ordinal},          {"stunde", 0, 24, Role::ordinal},
};

bool is_rank(std::string_view name) {
    const std::string bare = bare_name(name);
    return bare == "rank" || bare == "rang" || bare == "position" || bare == "row" || bare == "rn" || bare == "#";
}

bool is_id(std::string_view name) {
    if (!is_label_number(name))
        return false;
    const std::string text = lower(name);
    const auto ends_with = [&](std::string_view end) {
        return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
    };
    return ends_with("id") || ends_with("ids") || ends_with("uuid") || ends_with("key") || ends_with("keys") ||
           ends_with("number") || ends_with("phone");
}

// Whether each value that is there (and there is one) passes.
template <class Test>
bool all_pass(const genie::ResultTable& table, std::size_t column, Test test) {
    bool any = false;
    for (const Row& row : table.rows) {
        const auto& value = cell(row, column);
        if (!value)
            continue;
        if (!test(*value))
            return false;
        any = true;
    }
    return any;
}

std::optional<int> whole_number(std::string_view text) {
    const auto value = parse_value(text);
    if (!value || *value != std::floor(*value) || std::abs(*value) > 1e6)
        return std::nullopt;
    return static_cast<int>(*value);
}

Role counted_role(const genie::ResultTable& table, std::size_t column) {
    const std::string bare = bare_name(table.columns[column].name);
    for (const CountedName& counted : kCountedNames)
        if (bare == counted.name && all_pass(table, column, [&](const std::string& value) {
                const auto number = whole_number(value);
                return number && *number >= counted.low && *number <= counted.high;
            }))
            return counted.role;
    return Role::value;
}

Role role_of(const genie::ResultTable& table, std::size_t column) {
    const genie::Column& described = table.columns[column];
    const std::string type = upper(described.type_name);
    if (std::find(std::begin(kUndrawable), std::end(kUndrawable), type) != std::end(kUndrawable))
        return Role::unusable;
    if (is_numeric(described)) {
        const Role counted = counted_role(table, column);
        if (counted != Role::value)
            return counted;
        if (is_id(described.name) || is_rank(described.name))
            return Role::id;
        if (is_label_number(described.name))
            return Role::category;
        return all_pass(table, column, [](const std::string&) { return true; }) ? Role::value : Role::unusable;
    }
    if (all_pass(table, column, [](const std::string& value) { return parse_time_point(value).has_value(); }))
        return Role::time;
    if (all_pass(table, column, [](const std::string& value) { return parse_month_name(value).has_value(); }))
        return Role::month_number;
    return is_id(described.name) ? Role::id : Role::category;
}

// One category's key: what is compared and sorted by, and what is shown.
struct Key {
    std::string text;
    std::optional<TimePoint> time;
    std::optional<int> order;
    bool missing = false;
};

struct KeyColumn {
    Role role = Role::category;
    std::string name;
    std::vector<Key> keys;  // one for each row
};

bool is_ordered(Role role) {
    return role != Role::category && role != Role::id;
}

KeyColumn read_keys(const genie::ResultTable& table, const ColumnUse& use) {
    KeyColumn column{use.role, readable_name(use.name), {}};
    for (const Row& row : table.rows) {
        const auto& value = cell(row, use.index);
        Key key;
        key.missing = !value;
        key.text = value ? one_line(*value) : std::string(kEmptyCell);
        if (key.text.empty())
            key.text = std::string(kEmptyCell);
        if (value && use.role == Role::time) {
            key.time = parse_time_point(*value);
            if (!key.time)
                if (const auto year = whole_number(*value))
                    key.time = parse_time_point(std::to_string(*year));
        } else if (value && is_ordered(use.role)) {
            key.order = whole_number(*value);
            if (!key.order)
                key.order = parse_month_name(*value);
        }
        column.keys.push_back(std::move(key));
    }
    return column;
}

// Year and month (or quarter) in two columns are one point in time.
void join_year(std::vector<KeyColumn>& columns) {
    const auto year = std::find_if(columns.begin(), columns.end(), [](const KeyColumn& column) {
        return column.role == Role::time && std::all_of(column.keys.begin(), column.keys.end(), [](const Key& key) {
                   return !key.time || key.time->grain == TimeGrain::year;
               });
    });
    const auto part = std::find_if(columns.begin(), columns.end(), [](const KeyColumn& column) {
        return column.role == Role::month_number || column.role == Role::quarter_number;
    });
    if (year == columns.end() || part == columns.end())
        return;
    for (std::size_t row = 0; row < year->keys.size(); ++row) {
        Key& key = year->keys[row];
        const Key& second = part->keys[row];
        key.missing = key.missing || second.missing || !key.time || !second.order;
        if (key.missing) {
            key.time.reset();
            continue;
        }
        const int number = std::stoi(name_time_points({*key.time}).front());
        key.time = part->role == Role::month_number ? month_point(number, *second.order)
                                                    : quarter_point(number, *second.order);
    }
    year->name = part->name;
    columns.erase(part);
}

// What tells two keys apart.
std::string identity_of(const Key& key) {
    if (key.missing)
        return "-";
    if (key.time)
        return "t" + std::to_string(key.time->seconds);
    if (key.order)
        return "o" + std::to_string(*key.order);
    return "=" + key.text;
}

std::size_t count_distinct(const KeyColumn& column) {
    std::set<std::string> seen;
    for (const Key& key : column.keys)
        seen.insert(identity_of(key));
    return seen.size();
}

struct Keys {
    std::optional<KeyColumn> categories;
    std::optional<KeyColumn> series;  // a second column that splits each category
};

// Which column names the rows: alone if it can, else with a second one as series.
Keys choose_keys(std::vector<KeyColumn> columns, std::size_t rows) {
    // What is the same in every row tells no rows apart.
    std::vector<KeyColumn> useful;
    for (KeyColumn& column : columns)
        if (count_distinct(column) > 1)
            useful.push_back(std::move(column));
    join_year(useful);
    useful.erase(
        std::remove_if(useful.begin(), useful.end(), [](const KeyColumn& column) { return column.role == Role::id; }),
        useful.end());
    const auto first_ordered =
        std::find_if(useful.begin(), useful.end(), [](const KeyColumn& column) { return is_ordered(column.role); });
    if (first_ordered != useful.end())
        std::rotate(useful.begin(), first_ordered, first_ordered + 1);
    Keys keys;
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

struct Axis {
    std::vector<std::string> names;
    std::vector<double> times;
    std::map<std::string, std::size_t> positions;  // identity -> index
    bool leaves_out = false;
};

// The categories in the order in which they are drawn: time rises, all else stays as the query ordered it.
Axis make_axis(const KeyColumn& column) {
    Axis axis;
    std::vector<const Key*> keys;
    std::set<std::string> seen;
    for (const Key& key : column.keys) {
        if (is_ordered(column.role) && key.missing) {
            axis.leaves_out = true;
            continue;
        }
        if (seen.insert(identity_of(key)).second)
            keys.push_back(&key);
    }
    if (is_ordered(column.role))
        std::sort(keys.begin(), keys.end(), [](const Key* a, const Key* b) {
            return a->time && b->time ? a->time->seconds < b->time->seconds : a->order < b->order;
        });
    std::vector<TimePoint> points;
    for (const Key* key : keys) {
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

ColumnUse use_values(const genie::ResultTable& table, std::size_t index) {
    const genie::Column& column = table.columns[index];
    const ColumnFormat format = read_column(table, index);
    ColumnUse use{index, Role::value, column.name, readable_name(format_header(column, format)), false};
    use.is_fraction = format.kind == ValueKind::share;
    const bool says_percent = unit_of(column.name) == Unit::share && !use.is_fraction;
    if (use.is_fraction || (format.kind == ValueKind::percent && !says_percent))
        use.label += " (%)";
    return use;
}

std::optional<double> value_of(const ColumnUse& use, const std::string& text) {
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
Unit add_columns(const genie::ResultTable& table, const KeyColumn& keys, const Axis& axis,
                 const std::vector<ColumnUse>& values, Chart& chart) {
    Unit lead = Unit::unknown;
    for (const ColumnUse& use : values) {
        Chart::Series series{use.label, {}};
        series.values.resize(axis.names.size());
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            const auto position = axis.positions.find(identity_of(keys.keys[row]));
            const auto& value = cell(table.rows[row], use.index);
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
bool add_pivot(const genie::ResultTable& table, const Keys& keys, const Axis& axis, const ColumnUse& use,
               Chart& chart) {
    const Axis splits = make_axis(*keys.series);
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
        if (const auto& value = cell(table.rows[row], use.index))
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

std::string left_out_share(const Chart& chart, const std::vector<ColumnUse>& values) {
    for (const ColumnUse& use : values) {
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

std::optional<double> parse_value(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<ChartData> read_chart_data(const genie::ResultTable& table) {
    using namespace chart_data_detail;
    const std::size_t rows = table.rows.size();
    // A part of the rows is no picture of the whole.
    if (rows < 2 || rows > kTimes || table.truncated || table.total_rows > static_cast<std::int64_t>(rows))
        return std::nullopt;
    std::vector<ColumnUse> values;
    std::vector<KeyColumn> key_columns;
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        const Role role = role_of(table, index);
        if (role == Role::value)
            values.push_back(use_values(table, index));
        else if (role != Role::unusable)
            key_columns.push_back(read_keys(table, {index, role, table.columns[index].name, "", false}));
    }
    if (values.empty() || key_columns.empty())
        return std::nullopt;
    const Keys keys = choose_keys(std::move(key_columns), rows);
    if (!keys.categories)
        return std::nullopt;

    ChartData data;
    Chart& chart = data.chart;
    Axis axis = make_axis(*keys.categories);
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
