// A query result -> a chart, when the data asks for one: time is a line, categories are bars, few shares are a pie.
// No chart is better than one that misleads. The functions are pure.
#pragma once

#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

enum class ChartKind { line, bar, area, pie };
const char* to_string(ChartKind kind);
// "Bar chart", for people.
words::Word word_of(ChartKind kind);
std::optional<ChartKind> parse_chart_kind(std::string_view text);

// What the rows of a result are of all that was counted: the first few of more have no shares in a whole.
enum class ChartScope { whole, part };

struct Chart {
    struct Series {
        std::string name;
        std::vector<std::optional<double>> values;  // one for each category; always finite

        bool operator==(const Series&) const = default;
    };

    ChartKind kind = ChartKind::bar;
    std::string title;    // "" when neither Genie nor the columns have a name for it
    std::string x_label;  // what the categories are
    std::string y_label;  // what the values are; "" when each series names its own
    std::vector<std::string> categories;
    std::vector<Series> series;
    // Of categories that are points in time, in rising order: seconds since 1970 (UTC). Empty for other categories.
    std::vector<double> times;
    // Series and rows that the chart does not show (other units, too many, no date), in words of the data.
    std::vector<std::string> left_out;

    bool operator==(const Chart&) const = default;
};

// `wish` is "" (automatic), "none", or a kind; a kind that would mislead here is not drawn, the automatic one is.
std::optional<Chart> choose_chart(const genie::ResultTable& table, std::string_view title, const std::string& wish,
                                  ChartScope scope = ChartScope::whole);
// The kinds that choose_chart() would draw on demand, the automatic one first; empty when there is no chart.
std::vector<ChartKind> possible_charts(const genie::ResultTable& table, std::string_view title = {},
                                       ChartScope scope = ChartScope::whole);

// Slack's own chart (slack.md 2.5). Nothing when it exceeds Slack's limits, or when the points in time are so uneven
// that evenly spaced categories would bend the line.
std::optional<boost::json::object> chart_block(const Chart& chart);

// The chart in words, for people who do not see it; plain text of at most 900 characters.
std::string describe_chart(const Chart& chart, words::Language language);

// The chart as a picture: PNG bytes, 1,200 pixels wide, on its own white ground. "" when it cannot be drawn (without
// the chart module or fonts on this machine, which the log then says once). Takes some tens of milliseconds; any
// thread.
std::string draw_chart(const Chart& chart, words::Language language);

}  // namespace genie_slack::answer
