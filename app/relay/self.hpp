// Who the bot is in its workspace, and links to what is written there.
#pragma once

#include <string>

namespace genie_slack::relay {

// Who we are in the workspace (auth.test).
struct Self {
    std::string team;
    std::string user_id;
    std::string bot_id;
    std::string url;  // of the workspace: "https://acme.slack.com/"
};

// Where a message stands, for whoever may see it; "" without the workspace's url. A reply is found only with the thread
// it stands in; "" for a message outside of threads. Not escaped: such a link holds an '&'.
std::string message_link(const std::string& workspace_url, const std::string& channel, const std::string& ts,
                         const std::string& thread_ts = "");

}  // namespace genie_slack::relay
