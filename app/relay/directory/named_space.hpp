// Which space somebody names in a line: "Sales", "the sales space please". Pure.
#pragma once

#include "genie/types.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// The one space whose title is all that `line` says, but for quotation marks, articles and the like; nothing where it
// says more, or where several have that title. In any case of letters.
std::optional<genie::Space> named_space(const std::vector<genie::Space>& spaces, std::string_view line);

}  // namespace genie_slack::relay
