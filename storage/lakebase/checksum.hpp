// How a file of sql/ is recognised.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::storage::lakebase {

// SHA-256, hexadecimal.
std::string sha256(std::string_view text);

}  // namespace genie_slack::storage::lakebase
