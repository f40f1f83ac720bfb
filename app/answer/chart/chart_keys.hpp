// Which columns name what is drawn: a category or a point in time for each row, and what splits them into series.
#pragma once

#include "app/answer/chart/chart_columns.hpp"
#include "app/answer/chart/chart_times.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

// One category's key: what is compared and sorted by, and what is shown.
struct ChartKey {
    std::string text;
    std::optional<TimePoint> time;
    std::optional<int> order;
    bool missing = false;
};

struct KeyColumn {
    ColumnRole role = ColumnRole::category;
    std::string name;
    std::vector<ChartKey> keys;  // one for each row
};

// A column that is no value, with one key for each row.
KeyColumn read_keys(const genie::ResultTable& table, std::size_t column, ColumnRole role);

// What tells two keys apart.
std::string identity_of(const ChartKey& key);

struct ChartKeys {
    std::optional<KeyColumn> categories;
    std::optional<KeyColumn> series;  // a second column that splits each category
};

// Which column names the rows: alone if it can, else with a second one as series.
ChartKeys choose_keys(std::vector<KeyColumn> columns, std::size_t rows);

struct ChartAxis {
    std::vector<std::string> names;
    std::vector<double> times;
    std::map<std::string, std::size_t> positions;  // identity -> index
    bool leaves_out = false;
};

// The categories in the order in which they are drawn: time rises, all else stays as the query ordered it.
ChartAxis make_axis(const KeyColumn& column);

}  // namespace genie_slack::answer
