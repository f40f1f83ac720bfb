// The chart of an answer: what its question or a button wishes, and what its query lets be drawn. Pure.
#pragma once

#include "app/answer/chart/chart.hpp"
#include "app/answer/message/answer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

// As choose_chart() takes it.
std::string wished_chart(const AnswerInput& input);
// `whole` for an answer without rows.
ChartScope chart_scope(const AnswerInput& input);
// Nothing for an answer without rows.
std::optional<Chart> chart_of(const AnswerInput& input);
std::vector<ChartKind> charts_of(const AnswerInput& input);

}  // namespace genie_slack::answer
