// How a call names its workspace where one host serves many.
#pragma once

#include "core/net/http_client.hpp"

#include <string>

namespace genie_slack::genie {

// Nothing without an id. The SDKs for Python, Go and Java send the first header, the one for JavaScript and older ones
// the second.
inline void add_workspace_headers(net::HttpRequest& request, const std::string& workspace_id) {
    if (workspace_id.empty())
        return;
    request.headers.emplace_back("X-Databricks-Workspace-Id", workspace_id);
    request.headers.emplace_back("X-Databricks-Org-Id", workspace_id);
}

}  // namespace genie_slack::genie
