// What a query takes for granted, as Genie's description of it says.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::answer {

// The sentences of a description that name an assumption ("Cancelled orders do not count."), on one line that is short
// enough to stand with an answer; "" for none.
std::string assumption_of(std::string_view description);

}  // namespace genie_slack::answer
