// What somebody meant who typed something that is nearly it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack {

// How many letters were dropped, added, changed or swapped with their neighbour.
std::size_t slips_between(std::string_view a, std::string_view b);

// The one of `all` that is nearest to `typed`, with at most `slips` of them; "" when none is, or when it is one of
// them.
std::string meant_among(std::string_view typed, const std::vector<std::string>& all, std::size_t slips);

}  // namespace genie_slack
