// The views that people have before them: stacks of modals, and App Home.
#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_workspace.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

json::object* SlackWorkspace::modal(const std::string& view_id, std::string* user_id) {
    for (auto& [owner, stack] : modal_stacks)
        for (auto& view : stack)
            if (text_member(view, "id") == view_id) {
                if (user_id)
                    *user_id = owner;
                return &view;
            }
    return nullptr;
}

json::object SlackWorkspace::finish_view(json::object view, const std::string& root_id,
                                         const std::string& previous_id) {
    if (!view.contains("id"))
        view["id"] = random_id("V0", 9);
    const std::string id = text_member(view, "id");
    view["team_id"] = options.team_id;
    view["app_id"] = options.app_id;
    view["app_installed_team_id"] = options.team_id;
    view["bot_id"] = options.bot_id;
    view["root_view_id"] = root_id.empty() ? id : root_id;
    view["previous_view_id"] = previous_id.empty() ? json::value(nullptr) : json::value(previous_id);
    view["hash"] = event_ts_now() + "." + random_id("", 8);
    for (const char* key : {"callback_id", "private_metadata", "external_id"})
        if (!view.contains(key))
            view[key] = "";
    for (const char* key : {"clear_on_close", "notify_on_close"})
        if (!view.contains(key))
            view[key] = false;
    for (const char* key : {"title", "submit", "close"})
        if (!view.contains(key))
            view[key] = nullptr;
    if (!view.contains("state"))
        view["state"] = json::object{{"values", json::object()}};
    if (auto* blocks = view["blocks"].if_array())
        fill_block_ids(*blocks);
    return view;
}

void SlackWorkspace::close_modal(const std::string& user_id, const std::string& view_id) {
    auto& stack = modal_stacks[user_id];
    const auto found = std::find_if(stack.begin(), stack.end(),
                                    [&](const json::object& view) { return text_member(view, "id") == view_id; });
    if (found == stack.end())
        return;
    stack.erase(found);
    tell({{"type", "view_closed"}, {"user", user_id}, {"view_id", view_id}});
}

void SlackWorkspace::close_all_modals(const std::string& user_id) {
    while (!modal_stacks[user_id].empty()) {
        const std::string top = text_member(modal_stacks[user_id].back(), "id");
        close_modal(user_id, top);
    }
}

void SlackWorkspace::publish_home(const std::string& user_id, json::object view) {
    home_views[user_id] = StoredView{user_id, view};
    tell({{"type", "home"}, {"user", user_id}, {"view", std::move(view)}});
}

}  // namespace genie_slack::sandbox
