// The profile file of the Databricks tools, ~/.databrickscfg (databricks.md 3.2).
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace genie_slack::genie {

// Section -> key (lower case) -> value. Keys before the first section belong to DEFAULT; DEFAULT is not merged into
// other sections. Lines that are neither section, comment (# or ;) nor assignment are skipped.
using ProfileFile = std::map<std::string, std::map<std::string, std::string>>;

ProfileFile parse_databrickscfg(std::string_view text);

}  // namespace genie_slack::genie
