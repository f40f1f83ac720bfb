#include "app/answer/chart/chart.hpp"

#include "app/answer/chart/chart_data.hpp"
#include "app/answer/chart/chart_values.hpp"
#include "app/answer/result/cell.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace json = boost::json;

namespace genie_slack::answer {

namespace chart_detail {

namespace limits = slack::limits;
using words::Word;

constexpr std::size_t kTimedBars = 40;
constexpr std::size_t kDescription = 900;
constexpr std::size_t kListedValues = 8;

bool asks_for_shares(std::string_view title) {
    std::string text(title);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string_view word : {"share", "percent", "proportion", "breakdown", "distribution", "split", "mix",
                                        "anteil", "prozent", "verteilung", "aufteilung", "%"})
        if (text.find(word) != std::string::npos)
            return true;
    return false;
}

// "Average order value by segment", also where the column is called "order_value". Not "revenue per region".
bool tells_averages(std::string_view title) {
    std::string text = " ";
    for (const char c : title) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte >= 0x80 ? c : std::isalnum(byte) ? static_cast<char>(std::tolower(byte)) : ' ';
    }
    text += ' ';
    for (const std::string_view word : {" average ", " avg ", " mean ", " median ", " ratio ", " durchschnitt",
                                        " mittelwert ", " promedio ", " moyenne "})
        if (text.find(word) != std::string::npos)
            return true;
    return false;
}

// Whether the values are parts of one whole, few and large enough to be told apart.
bool can_be_pie(const ChartData& data) {
    const Chart& chart = data.chart;
    if (chart.kind != ChartKind::bar || chart.series.size() != 1 || chart.categories.size() > limits::kChartSeries ||
        data.has_gaps || !data.additive)
        return false;
    const auto& values = chart.series.front().values;
    if (!std::all_of(values.begin(), values.end(), [](const auto& value) { return *value > 0; }))
        return false;
    const auto near = [&](double whole) { return std::abs(data.sum - whole) <= whole * 0.02; };
    return !data.is_share || near(1) || near(100);
}

std::vector<ChartKind> kinds_of(const ChartData& data) {
    const Chart& chart = data.chart;
    std::vector<ChartKind> kinds;
    if (chart.kind == ChartKind::line) {
        const bool bars = chart.categories.size() * chart.series.size() <= kTimedBars;
        const bool two_points = chart.categories.size() == 2;
        if (two_points)
            kinds.push_back(ChartKind::bar);
        kinds.push_back(ChartKind::line);
        if (bars && !two_points)
            kinds.push_back(ChartKind::bar);
        // Areas hide each other, and an area below zero says nothing.
        if (chart.series.size() == 1 && !data.negative && !data.has_gaps)
            kinds.push_back(ChartKind::area);
        return kinds;
    }
    kinds.push_back(ChartKind::bar);
    if (can_be_pie(data))
        kinds.push_back(ChartKind::pie);
    return kinds;
}

// An evenly spaced axis bends the line when the gaps differ by more than months and quarters do.
bool evenly_spaced(const std::vector<double>& times) {
    if (times.size() < 3)
        return true;
    double smallest = times[1] - times[0];
    double largest = smallest;
    for (std::size_t i = 2; i < times.size(); ++i) {
        smallest = std::min(smallest, times[i] - times[i - 1]);
        largest = std::max(largest, times[i] - times[i - 1]);
    }
    return largest <= smallest * 1.5;
}

std::string shorten(const std::string& text, std::size_t characters) {
    const std::string line = one_line(text);
    return slack::truncate(line.empty() ? std::string(kEmptyCell) : line, characters);
}

json::object pie_of(const Chart& chart, const std::vector<std::string>& labels) {
    json::array segments;
    for (std::size_t i = 0; i < labels.size(); ++i)
        segments.push_back({{"label", labels[i]}, {"value", *chart.series.front().values[i]}});
    json::object pie;
    pie["type"] = "pie";
    pie["segments"] = std::move(segments);
    return pie;
}

json::object plot_of(const Chart& chart, const std::vector<std::string>& labels) {
    std::vector<std::string> names;
    for (const Chart::Series& series : chart.series)
        names.push_back(series.name);
    names = shorten_uniquely(names, limits::kChartLabelCharacters);
    json::array all;
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
        json::array data;
        for (std::size_t point = 0; point < labels.size(); ++point)
            data.push_back({{"label", labels[point]}, {"value", *chart.series[i].values[point]}});
        all.push_back({{"name", names[i]}, {"data", std::move(data)}});
    }
    json::object axis;
    axis["categories"] = json::array(labels.begin(), labels.end());
    if (!chart.x_label.empty())
        axis["x_label"] = shorten(chart.x_label, limits::kChartTitleCharacters);
    if (!chart.y_label.empty())
        axis["y_label"] = shorten(chart.y_label, limits::kChartTitleCharacters);
    json::object plot;
    plot["type"] = to_string(chart.kind);
    plot["series"] = std::move(all);
    plot["axis_config"] = std::move(axis);
    return plot;
}

std::string list_values(const Chart& chart, words::Language language) {
    const auto& values = chart.series.front().values;
    double sum = 0;
    for (const auto& value : values)
        sum += value.value_or(0);
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string name = shorten(chart.categories[i], 60);
        if (!text.empty())
            text += ", ";
        if (!values[i])
            text += name + " " + std::string(kEmptyCell);
        else if (chart.kind == ChartKind::pie && std::abs(sum - 100) <= 2)
            text += name + " " +
                    words::say(language, Word::chart_percent, {{"percent", format_value(language, *values[i])}});
        else if (chart.kind == ChartKind::pie)
            text += words::say(language, Word::chart_share,
                               {{"name", name},
                                {"value", format_value(language, *values[i])},
                                {"percent", format_value(language, std::round(*values[i] / sum * 1000) / 10)}});
        else
            text += name + " " + format_value(language, *values[i]);
    }
    return text + ".";
}

std::string describe_series(const Chart& chart, const Chart::Series& series, words::Language language) {
    std::optional<std::size_t> low;
    std::optional<std::size_t> high;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!series.values[i])
            continue;
        if (!low || *series.values[i] < *series.values[*low])
            low = i;
        if (!high || *series.values[i] > *series.values[*high])
            high = i;
    }
    if (!low)
        return "";
    return words::say(language, Word::chart_extremes,
                      {{"name", shorten(series.name, 40)},
                       {"low", format_value(language, *series.values[*low])},
                       {"low_at", shorten(chart.categories[*low], 40)},
                       {"high", format_value(language, *series.values[*high])},
                       {"high_at", shorten(chart.categories[*high], 40)}});
}

// The automatic one first.
std::vector<ChartKind> ordered_kinds(const ChartData& data, std::string_view title, ChartScope scope) {
    std::vector<ChartKind> kinds = kinds_of(data);
    const auto pie = std::find(kinds.begin(), kinds.end(), ChartKind::pie);
    if (pie != kinds.end() && (scope == ChartScope::part || tells_averages(title)))
        kinds.erase(pie);
    else if (pie != kinds.end() && (data.is_share || !data.share_name.empty() || asks_for_shares(title)))
        std::rotate(kinds.begin(), pie, pie + 1);
    return kinds;
}

}  // namespace chart_detail

words::Word word_of(ChartKind kind) {
    using words::Word;
    switch (kind) {
        case ChartKind::line:
            return Word::chart_line;
        case ChartKind::bar:
            return Word::chart_bar;
        case ChartKind::area:
            return Word::chart_area;
        case ChartKind::pie:
            return Word::chart_pie;
    }
    return Word::chart_bar;
}

const char* to_string(ChartKind kind) {
    switch (kind) {
        case ChartKind::line:
            return "line";
        case ChartKind::bar:
            return "bar";
        case ChartKind::area:
            return "area";
        case ChartKind::pie:
            return "pie";
    }
    return "bar";
}

std::optional<ChartKind> parse_chart_kind(std::string_view text) {
    for (const ChartKind kind : {ChartKind::line, ChartKind::bar, ChartKind::area, ChartKind::pie})
        if (text == to_string(kind))
            return kind;
    return std::nullopt;
}

std::optional<Chart> choose_chart(const genie::ResultTable& table, std::string_view title, const std::string& wish,
                                  ChartScope scope) {
    using namespace chart_detail;
    if (wish == "none")
        return std::nullopt;
    auto data = read_chart_data(table);
    if (!data)
        return std::nullopt;
    const std::vector<ChartKind> kinds = ordered_kinds(*data, title, scope);
    Chart chart = std::move(data->chart);
    const auto wished = parse_chart_kind(wish);
    const bool is_possible = wished && std::find(kinds.begin(), kinds.end(), *wished) != kinds.end();
    chart.kind = is_possible ? *wished : kinds.front();
    // A pie shows the shares itself.
    if (chart.kind == ChartKind::pie)
        std::erase(chart.left_out, data->share_name);
    chart.title = one_line(title);
    if (chart.title.empty())
        chart.title = chart.y_label;
    return chart;
}

std::vector<ChartKind> possible_charts(const genie::ResultTable& table, std::string_view title, ChartScope scope) {
    const auto data = read_chart_data(table);
    return data ? chart_detail::ordered_kinds(*data, title, scope) : std::vector<ChartKind>();
}

std::optional<json::object> chart_block(const Chart& chart) {
    using namespace chart_detail;
    const bool pie = chart.kind == ChartKind::pie;
    if (chart.categories.empty() || chart.categories.size() > (pie ? limits::kChartSeries : limits::kChartPoints) ||
        chart.series.empty() || chart.series.size() > (pie ? 1 : limits::kChartSeries))
        return std::nullopt;
    for (const Chart::Series& series : chart.series)
        if (series.values.size() != chart.categories.size() ||
            !std::all_of(series.values.begin(), series.values.end(),
                         [&](const auto& value) { return value && std::isfinite(*value) && (!pie || *value > 0); }))
            return std::nullopt;
    if ((chart.kind == ChartKind::line || chart.kind == ChartKind::area) && !evenly_spaced(chart.times))
        return std::nullopt;
    const std::vector<std::string> labels = shorten_uniquely(chart.categories, limits::kChartLabelCharacters);
    json::object block;
    block["type"] = "data_visualization";
    block["title"] = shorten(chart.title, limits::kChartTitleCharacters);
    block["chart"] = pie ? pie_of(chart, labels) : plot_of(chart, labels);
    return block;
}

std::string describe_chart(const Chart& chart, words::Language language) {
    using namespace chart_detail;
    std::string text{words::text_of(language, word_of(chart.kind))};
    if (!chart.title.empty())
        text = words::say(language, Word::chart_titled, {{"chart", text}, {"title", shorten(chart.title, 120)}});
    text += ". ";
    if (chart.series.size() == 1 && chart.categories.size() <= kListedValues) {
        text += list_values(chart, language);
    } else if (!chart.categories.empty()) {
        text += words::say(language, Word::chart_axis,
                           {{"name", shorten(chart.x_label, 40)},
                            {"first", shorten(chart.categories.front(), 40)},
                            {"last", shorten(chart.categories.back(), 40)},
                            {"points", chart.categories.size()}});
        for (const Chart::Series& series : chart.series)
            text += " " + describe_series(chart, series, language);
    }
    if (!chart.left_out.empty()) {
        std::string names;
        for (const std::string& name : chart.left_out)
            names += (names.empty() ? "" : ", ") + shorten(name, 40);
        text += " " + words::say(language, Word::chart_leaves_out, {{"names", names}});
    }
    return slack::truncate(text, kDescription);
}

}  // namespace genie_slack::answer
