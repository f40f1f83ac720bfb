#include "app/answer/chart/chart_columns.hpp"

#include "app/answer/chart/chart_times.hpp"
#include "app/answer/result/columns.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace genie_slack::answer {

namespace chart_columns_detail {

constexpr std::string_view kUndrawable[] = {"ARRAY", "BINARY", "MAP", "STRUCT", "VARIANT", "INTERVAL"};

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
    ColumnRole role;
};
constexpr CountedName kCountedNames[] = {
    {"year", 1000, 2999, ColumnRole::time},        {"jahr", 1000, 2999, ColumnRole::time},
    {"month", 1, 12, ColumnRole::month_number},    {"monat", 1, 12, ColumnRole::month_number},
    {"quarter", 1, 4, ColumnRole::quarter_number}, {"quartal", 1, 4, ColumnRole::quarter_number},
    {"week", 1, 53, ColumnRole::ordinal},          {"woche", 1, 53, ColumnRole::ordinal},
    {"day", 0, 366, ColumnRole::ordinal},          {"tag", 0, 366, ColumnRole::ordinal},
    {"weekday", 0, 7, ColumnRole::ordinal},        {"dow", 0, 7, ColumnRole::ordinal},
    {"hour", 0, 24, ColumnRole::ordinal},          {"stunde", 0, 24, ColumnRole::ordinal},
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
    for (const auto& row : table.rows) {
        const auto& value = cell_of(row, column);
        if (!value)
            continue;
        if (!test(*value))
            return false;
        any = true;
    }
    return any;
}

ColumnRole counted_role(const genie::ResultTable& table, std::size_t column) {
    const std::string bare = bare_name(table.columns[column].name);
    for (const CountedName& counted : kCountedNames)
        if (bare == counted.name && all_pass(table, column, [&](const std::string& value) {
                const auto number = parse_whole_number(value);
                return number && *number >= counted.low && *number <= counted.high;
            }))
            return counted.role;
    return ColumnRole::value;
}

}  // namespace chart_columns_detail

ColumnRole column_role(const genie::ResultTable& table, std::size_t column) {
    using namespace chart_columns_detail;
    const genie::Column& described = table.columns[column];
    const std::string type = upper(described.type_name);
    if (std::find(std::begin(kUndrawable), std::end(kUndrawable), type) != std::end(kUndrawable))
        return ColumnRole::unusable;
    if (is_numeric(described)) {
        const ColumnRole counted = counted_role(table, column);
        if (counted != ColumnRole::value)
            return counted;
        if (is_id(described.name) || is_rank(described.name))
            return ColumnRole::id;
        if (is_label_number(described.name))
            return ColumnRole::category;
        return all_pass(table, column, [](const std::string&) { return true; }) ? ColumnRole::value
                                                                                : ColumnRole::unusable;
    }
    if (all_pass(table, column, [](const std::string& value) { return parse_time_point(value).has_value(); }))
        return ColumnRole::time;
    if (all_pass(table, column, [](const std::string& value) { return parse_month_name(value).has_value(); }))
        return ColumnRole::month_number;
    return is_id(described.name) ? ColumnRole::id : ColumnRole::category;
}

bool is_ordered(ColumnRole role) {
    return role != ColumnRole::category && role != ColumnRole::id;
}

const std::optional<std::string>& cell_of(const std::vector<std::optional<std::string>>& row, std::size_t column) {
    static const std::optional<std::string> kNone;
    return column < row.size() ? row[column] : kNone;
}

std::optional<double> parse_value(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<int> parse_whole_number(std::string_view text) {
    const auto value = parse_value(text);
    if (!value || *value != std::floor(*value) || std::abs(*value) > 1e6)
        return std::nullopt;
    return static_cast<int>(*value);
}

}  // namespace genie_slack::answer
