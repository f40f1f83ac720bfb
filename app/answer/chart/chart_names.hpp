// What stands for no chart and for whichever fits where a kind of chart is named: in wishes, buttons and messages.
#pragma once

namespace genie_slack::answer {

// The table instead: choose_chart() takes it as a wish, buttons carry it, and a shown answer tells it.
inline constexpr const char* kNoChart = "none";
// The first of possible_charts(): only words of people leave the kind open, and why_no_chart() takes it.
inline constexpr const char* kAnyChart = "any";

}  // namespace genie_slack::answer
