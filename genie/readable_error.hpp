// What a person can read of an error that a backend wrote.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::genie {

// The sentence inside `text`, which may be JSON (its message is taken), a Java or Python stack, a query plan, or an
// exception with its class: all that is left out. Line ends inside stay. "" when nothing readable is left. Not escaped,
// and as long as the backend made it.
std::string readable_error(std::string_view text);

// How Spark names the kind of an error, "TABLE_OR_VIEW_NOT_FOUND", in brackets before what it says; "" for none.
std::string_view error_class(std::string_view readable);
// What it says, for people: without that name, and without the SQLSTATE behind it.
std::string_view without_error_class(std::string_view readable);

}  // namespace genie_slack::genie
