// Why a result is not drawn as somebody wishes, and what can be drawn. Pure.
#pragma once

#include "app/answer/chart/chart.hpp"

#include <string>

namespace genie_slack::answer {

// One value and no more: a sentence tells it, and neither a chart nor a table says anything else.
bool is_single_value(const genie::ResultTable& table);

// For people; "" when `wish`, a kind of chart or "any", can be drawn.
std::string why_no_chart(words::Language language, const genie::ResultTable& table, const std::string& wish,
                         ChartScope scope = ChartScope::whole);

// For people: that it is shown as `kind`, one of chart or "none", already, and what else can be drawn.
std::string shown_already(words::Language language, const genie::ResultTable& table, const std::string& kind,
                          ChartScope scope = ChartScope::whole);

}  // namespace genie_slack::answer
