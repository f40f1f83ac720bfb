// Text of SQL that is put together here: names and texts as SQL writes them, placeholders in files of sql/.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace genie_slack::storage::lakebase {

// `name` as SQL writes a name or a text.
std::string quote_name(std::string_view name);
std::string quote_text(std::string_view text);

// `text` with "{name}" replaced for each name of `values`; other braces stay. What was put in is not looked at again.
std::string fill_in(std::string_view text, const std::map<std::string_view, std::string>& values);

}  // namespace genie_slack::storage::lakebase
