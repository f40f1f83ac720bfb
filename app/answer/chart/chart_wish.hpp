// The chart that a question asks for in words: "as a pie chart", "table only".
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::answer {

// A kind of chart or "none", as choose_chart() takes it; "" when the question wishes nothing.
std::string chart_wish(std::string_view question);

}  // namespace genie_slack::answer
