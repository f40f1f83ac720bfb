// A workspace that refuses the address a call comes from. It says so by the status of a missing permission, but only an
// admin of the workspace can mend it.
#pragma once

#include <string_view>

namespace genie_slack::genie {

// Whether an answer with `status` and `text` means that.
bool refuses_network(int status, std::string_view text);

inline constexpr const char* kNetworkHint =
    "the workspace's IP access list or network policy refuses the address that this process calls from: an admin of "
    "the "
    "workspace has to allow it";

}  // namespace genie_slack::genie
