// Finds Genie spaces by what a person types. Pure.
#pragma once

#include "genie/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// The spaces whose title or description has every word of `query`, best first (whole title, its beginning, a word's
// beginning, anywhere, description only), then in the order given. Upper and lower case are the same. All of them for
// an empty query.
std::vector<genie::Space> search_spaces(const std::vector<genie::Space>& spaces, std::string_view query,
                                        std::size_t limit);

// All spaces, those first that share most words with a question, in their titles before their descriptions; then in the
// order given.
std::vector<genie::Space> rank_spaces(const std::vector<genie::Space>& spaces, std::string_view question,
                                      std::size_t limit);

// The one space that `name` surely means: its id, or its title in any case when only one has it; nullptr for none.
const genie::Space* exact_space(const std::vector<genie::Space>& spaces, std::string_view name);

// What may have been meant by a name that is not exact: what the search finds, else titles with few other letters.
std::vector<genie::Space> close_spaces(const std::vector<genie::Space>& spaces, std::string_view name,
                                       std::size_t limit);

}  // namespace genie_slack::relay
