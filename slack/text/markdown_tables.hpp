// Tables in Markdown, where md4c's releases and Slack differ.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genie_slack::slack {

// `markdown` with the delimiter rows of tables written as every release of md4c takes them: md4c 0.4 wants three dashes
// for each column where GFM has one. Code stays as it is.
std::string widen_delimiter_rows(std::string_view markdown);

// Slack counts tables in Markdown like table blocks. At most a handful matter: the count stops at 10.
std::size_t count_markdown_tables(std::string_view markdown);

}  // namespace genie_slack::slack
