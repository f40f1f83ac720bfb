// What can be asked: the facts, measures and dimensions of each space, with the words that people use for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// Phrases are lower case words separated by one space; the parser prefers the longest.
using Phrases = std::vector<std::string>;

enum class Unit { count, money, number, percent, days, minutes };

struct Metric {
    std::string id;
    std::string label;  // inside a sentence: "average order value"
    Phrases phrases;
    std::string sql;   // an aggregate
    std::string type;  // SQL spelling
    Unit unit = Unit::count;
    bool additive = true;  // parts may be added up
};

struct Dimension {
    std::string id;
    std::string label;  // "region"
    std::string plural;
    Phrases phrases;  // beside label and plural
    std::string sql;
    std::string values_sql;  // its values, by which people can filter; "" for none
};

struct ListColumn {
    std::string name;
    std::string sql;
    std::string type;
};

// One fact table with its joins.
struct Topic {
    std::string space;
    std::string id;
    std::string noun;  // one row: "order"
    std::string plural;
    Phrases phrases;                                         // for its rows
    std::string from;                                        // "sales.orders o"
    std::vector<std::pair<std::string, std::string>> joins;  // alias -> JOIN clause, in the order they need each other
    std::string filter;                                      // of measures, "" for none
    bool filters_rows = false;                               // the filter also counts for listings
    std::string date;                                        // what time windows are about; "" for no time
    bool has_time_of_day = false;
    std::vector<Metric> metrics;  // the first is the usual one
    std::vector<Dimension> dimensions;
    std::vector<ListColumn> columns;  // of a listing
    std::string list_order;
    std::string amount;  // column that "over 1000" is about, "" for none
};

const std::vector<Topic>& topics();
const Topic* find_topic(std::string_view id);
const Metric* find_metric(const Topic& topic, std::string_view id);
const Dimension* find_dimension(const Topic& topic, std::string_view id);

// A value's other names: "emea" is also "europe".
struct ValueAlias {
    std::string phrase;
    std::string value;
};
const std::vector<ValueAlias>& value_aliases();

}  // namespace genie_slack::sandbox::databricks
