// What a person can read of an error that a backend wrote.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::genie {

// The sentence inside `text`, which may be JSON (its message is taken), a Java or Python stack, a query plan, or an
// exception with its class: all that is left out. Line ends inside stay. "" when nothing readable is left. Not escaped,
// and as long as the backend made it.
std::string readable_error(std::string_view text);

}  // namespace genie_slack::genie
