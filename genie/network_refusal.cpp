#include "genie/network_refusal.hpp"

#include <algorithm>
#include <string>

namespace genie_slack::genie {

bool refuses_network(int status, std::string_view text) {
    if (status != 403 && status != 401)
        return false;
    std::string lower(text.substr(0, 4'000));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    // "Source IP address: 203.0.113.9 is blocked by Databricks IP ACL for workspace: 1", and of front-end private link
    // and network policies "Unauthorized network access to workspace: 1".
    for (const char* sign : {"ip acl", "ip access list", "source ip address", "network access to workspace",
                             "network policy", "ip address is not allowed"})
        if (lower.find(sign) != std::string::npos)
            return true;
    return false;
}

}  // namespace genie_slack::genie
