#include "app/answer/chart/chart_obstacle.hpp"

#include "app/answer/chart/chart_columns.hpp"
#include "app/answer/chart/chart_data.hpp"
#include "slack/blocks/limits.hpp"

#include <algorithm>
#include <optional>

namespace genie_slack::answer {

namespace chart_obstacle_detail {

using words::Word;

// Of a table that cannot be drawn at all.
Word obstacle_of(const genie::ResultTable& table) {
    const auto rows = static_cast<std::int64_t>(table.rows.size());
    if (table.truncated || table.total_rows > rows)
        return Word::chart_why_part;
    if (rows < 2)
        return table.columns.size() < 2 ? Word::chart_why_one_value : Word::chart_why_one_row;
    std::size_t values = 0;
    std::size_t names = 0;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const ColumnRole role = column_role(table, column);
        values += role == ColumnRole::value ? 1 : 0;
        names += role != ColumnRole::value && role != ColumnRole::unusable ? 1 : 0;
    }
    if (values == 0)
        return Word::chart_why_no_numbers;
    return names == 0 ? Word::chart_why_no_names : Word::chart_why_many;
}

std::string why_no_pie(words::Language language, const Chart& chart, ChartScope scope) {
    const std::size_t most = slack::limits::kChartSeries;
    if (chart.kind == ChartKind::line)
        return words::say(language, Word::chart_why_pie_time);
    if (chart.series.size() == 1 && chart.categories.size() > most)
        return words::say(language, Word::chart_why_pie_many, {{"most", most}, {"n", chart.categories.size()}});
    return words::say(language, scope == ChartScope::part ? Word::chart_why_pie_part : Word::chart_why_pie_whole);
}

std::string why_not_kind(words::Language language, const genie::ResultTable& table, ChartKind kind, ChartScope scope) {
    const auto data = read_chart_data(table);
    if (!data)
        return "";
    if (kind == ChartKind::pie)
        return why_no_pie(language, data->chart, scope);
    if (kind == ChartKind::bar)
        return words::say(language, Word::chart_why_many);
    return data->chart.kind == ChartKind::line ? "" : words::say(language, Word::chart_why_line);
}

std::string names_of(words::Language language, const std::vector<ChartKind>& kinds, std::optional<ChartKind> without) {
    std::string names;
    for (const ChartKind kind : kinds)
        if (kind != without)
            names += (names.empty() ? "" : ", ") + words::say(language, word_of(kind));
    return names;
}

}  // namespace chart_obstacle_detail

bool is_single_value(const genie::ResultTable& table) {
    return table.columns.size() == 1 && table.rows.size() == 1 && table.total_rows <= 1;
}

std::string why_no_chart(words::Language language, const genie::ResultTable& table, const std::string& wish,
                         ChartScope scope) {
    using namespace chart_obstacle_detail;
    const std::vector<ChartKind> kinds = possible_charts(table, {}, scope);
    const auto wished = parse_chart_kind(wish);
    if (!kinds.empty() && (!wished || std::find(kinds.begin(), kinds.end(), *wished) != kinds.end()))
        return "";
    std::string text = words::say(language, Word::chart_impossible);
    const std::string why =
        kinds.empty() ? words::say(language, obstacle_of(table)) : why_not_kind(language, table, *wished, scope);
    if (!why.empty())
        text += " " + why;
    const std::string names = names_of(language, kinds, std::nullopt);
    if (!names.empty())
        text += " " + words::say(language, Word::chart_instead, {{"kinds", names}});
    return text;
}

std::string shown_already(words::Language language, const genie::ResultTable& table, const std::string& kind,
                          ChartScope scope) {
    using namespace chart_obstacle_detail;
    const auto chart = parse_chart_kind(kind);
    std::string text = words::say(language, Word::table_already);
    if (chart)
        text = words::say(language, Word::chart_already, {{"kind", words::say(language, word_of(*chart))}});
    const std::string names = names_of(language, possible_charts(table, {}, scope), chart);
    if (!names.empty())
        text += " " + words::say(language, Word::chart_as_well, {{"kinds", names}});
    return text;
}

}  // namespace genie_slack::answer
