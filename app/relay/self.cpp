#include "app/relay/self.hpp"

#include <algorithm>

namespace genie_slack::relay {

std::string message_link(const std::string& workspace_url, const std::string& channel, const std::string& ts) {
    if (workspace_url.empty() || channel.empty() || ts.empty())
        return "";
    std::string digits = ts;
    std::erase(digits, '.');
    return workspace_url + (workspace_url.back() == '/' ? "" : "/") + "archives/" + channel + "/p" + digits;
}

}  // namespace genie_slack::relay
