// What people would see of a rendered message, as text: for golden tests.
#pragma once

#include "app/answer/message/answer.hpp"

#include <string>

namespace genie_slack::test {

// One line per text, "[kind] …"; buttons as "(action_id) label -> value", tables as lines of "cell | cell".
std::string shown_text(const answer::Rendered& rendered);
// The text that violates a limit, "" when nothing does; for chat.update too.
std::string limits_broken(const answer::Rendered& rendered);

}  // namespace genie_slack::test
