// Words that ask whether an answer is right: "is that right?", "stimmt das?", "double check please". Pure.
#pragma once

#include <string_view>

namespace genie_slack::relay {

// Of plain words, in any of the four languages. False when they say anything more ("is that right for October?").
bool asks_whether_right(std::string_view words);

}  // namespace genie_slack::relay
