// What is written on the buttons and in the menu below an answer, said as words. Pure.
#pragma once

#include "app/relay/manners/button_request.hpp"
#include "app/relay/manners/line.hpp"

#include <optional>
#include <vector>

namespace genie_slack::relay {

// What the words, in any language, are the label of, or say in its place ("rerun", "explain"); small words around it
// do not count.
std::optional<ButtonRequest> labelled_request(const Sentence& sentence);

}  // namespace genie_slack::relay
