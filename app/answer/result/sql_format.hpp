// Puts SQL on several lines, a clause to a line.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::answer {

// Only white space between words is changed. What has lines already, and what is not surely understood (open quotes or
// parentheses), stays as it came; only blank ends are removed.
std::string format_sql(std::string_view sql);

}  // namespace genie_slack::answer
