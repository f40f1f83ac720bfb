// What lies around Genie in a workspace: who am I, warehouses, database credentials, pages.
#include "sandbox/genie/sample_chart.hpp"
#include "sandbox/genie/text_coding.hpp"
#include "sandbox/genie/workspace.hpp"

#include <boost/json.hpp>

namespace genie_slack::sandbox::databricks {

namespace json = boost::json;

namespace platform_detail {

constexpr const char* kWarehouse = "4f1d0c2b3a495867";

json::object warehouse() {
    json::object object;
    object["id"] = kWarehouse;
    object["name"] = "Sandbox warehouse";
    object["state"] = "RUNNING";
    object["warehouse_type"] = "PRO";
    object["enable_serverless_compute"] = true;
    return object;
}

std::string html_page(const std::string& title, const std::string& body) {
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + html_escape(title) +
           "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
           "pre{white-space:pre-wrap;background:#8881;padding:.5rem}</style><h1>" +
           html_escape(title) + "</h1>" + body;
}

}  // namespace platform_detail

using namespace platform_detail;

ApiResult Workspace::platform(const Call& call) {
    const std::vector<std::string>& path = call.path;
    const auto is = [&](std::initializer_list<std::string_view> wanted) {
        return std::equal(wanted.begin(), wanted.end(), path.begin(), path.end());
    };
    if (call.method == "GET" && is({"preview", "scim", "v2", "Me"})) {
        json::object me;
        me["id"] = std::to_string(kUserId);
        me["userName"] = options_.client_id;
        me["displayName"] = "Local sandbox";
        me["active"] = true;
        return me;
    }
    if (call.method == "GET" && is({"sql", "warehouses"})) {
        json::object body;
        body["warehouses"].emplace_array().push_back(warehouse());
        return body;
    }
    if (call.method == "GET" && path.size() == 3 && path[0] == "sql" && path[1] == "warehouses") {
        if (path[2] != kWarehouse)
            return ApiError(404, "RESOURCE_DOES_NOT_EXIST", "The warehouse " + path[2] + " does not exist.");
        return warehouse();
    }
    if (!path.empty() && (path[0] == "postgres" || path[0] == "database"))
        return databases(call);
    return no_such_api(call);
}

ApiResult Workspace::databases(const Call& call) {
    const std::vector<std::string>& path = call.path;
    const bool autoscaling = path[0] == "postgres";
    if (call.method == "POST" && path.size() == 2 && path[1] == "credentials")
        return autoscaling ? lakebase_.autoscaling_credential(call.body) : lakebase_.provisioned_credential(call.body);
    if (call.method == "GET" && autoscaling && path.size() == 7 && path[1] == "projects" && path[3] == "branches" &&
        path[5] == "endpoints")
        return lakebase_.endpoint("projects/" + path[2] + "/branches/" + path[4] + "/endpoints/" + path[6]);
    if (call.method == "GET" && !autoscaling && path.size() == 3 && path[1] == "instances")
        return lakebase_.instance(path[2]);
    return no_such_api(call);
}

net::ServerReply Workspace::page(const net::ServerRequest& request) const {
    const std::vector<std::string> path = split_path(request.path());
    if (!path.empty() && path.front() == "login.html")
        return {200, "text/html; charset=utf-8", html_page("Sign in", "<p>This is no API.</p>")};
    std::string body = "<p>This is a local look-alike of Databricks Genie with a small built-in data set.</p><ul>";
    for (const SpaceInfo& space : spaces_)
        body += "<li><b>" + html_escape(space.title) + "</b> " + html_escape(space.description) + "</li>";
    return {200, "text/html; charset=utf-8", html_page("Genie sandbox", body + "</ul>")};
}

// Beta: the attachment's path with slashes, then the bytes of a picture (databricks.md 1.2).
net::ServerReply Workspace::chart(const Call& call) {
    const std::vector<std::string>& path = call.path;
    const auto refuse = [&](int status, const std::string& text) {
        return error_reply({status, usual_error_code(status), text}, new_request_id());
    };
    if (faults_.no_charts)
        return refuse(501, "Downloading visualizations is not available in this workspace.");
    if (path.size() != 12 || path[3] != "spaces" || path[5] != "conversations" || path[7] != "messages" ||
        path[9] != "attachments")
        return error_reply(no_such_api(call), new_request_id());
    const StoredConversation* conversation = store_.find(path[4], path[6]);
    const auto message = conversation ? ConversationStore::find_message(*conversation, path[8]) : nullptr;
    if (!message || !message->visualize || path[10] != message->chart_id)
        return refuse(404, "The visualization does not exist.");
    if (position_of(*message).status != "COMPLETED")
        return refuse(400, "The message is not COMPLETED.");
    const Result<Table> table = rows_of(*message);
    const std::string picture = table ? draw_bars(*table) : "";
    if (picture.empty())
        return refuse(404, "The visualization does not exist.");
    return {200, "application/octet-stream", picture};
}

}  // namespace genie_slack::sandbox::databricks
