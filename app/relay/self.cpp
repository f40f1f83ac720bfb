#include "app/relay/self.hpp"

#include <algorithm>

namespace genie_slack::relay {

std::string message_link(const std::string& workspace_url, const std::string& channel, const std::string& ts,
                         const std::string& thread_ts) {
    if (workspace_url.empty() || channel.empty() || ts.empty())
        return "";
    std::string digits = ts;
    std::erase(digits, '.');
    std::string link = workspace_url + (workspace_url.back() == '/' ? "" : "/") + "archives/" + channel + "/p" + digits;
    if (!thread_ts.empty() && thread_ts != ts)
        link += "?thread_ts=" + thread_ts + "&cid=" + channel;
    return link;
}

}  // namespace genie_slack::relay
