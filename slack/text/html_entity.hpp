// HTML entities as Markdown has them.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::slack {

// The text that "&name;", "&#123;" or "&#x1F;" stands for, UTF-8; an unknown name stays as it is.
std::string html_entity(std::string_view entity);

}  // namespace genie_slack::slack
