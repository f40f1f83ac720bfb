// views.*.
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <boost/json/serialize.hpp>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_views_detail {

constexpr std::size_t kStackDepth = 3;
constexpr std::size_t kViewBytes = 250000;

json::object view_problem(const json::object& arguments, std::string_view type, const BlockWorld& world) {
    const auto& view = arguments.at("view");
    if (json::serialize(view).size() > kViewBytes)
        return failed("view_too_large");
    const auto verdict = check_view(view, type, world);
    return verdict.fine() ? json::object() : verdict.answer();
}

}  // namespace web_views_detail

WebApi::Answer WebApi::publish_view(const Arguments& arguments) {
    const std::string user = text_argument(arguments, "user_id");
    if (!workspace_.user(user))
        return failed("user_not_found");
    if (auto problem = web_views_detail::view_problem(arguments, "home", block_world()); !problem.empty())
        return problem;
    const auto old = workspace_.home_views.find(user);
    const std::string hash = text_argument(arguments, "hash");
    if (!hash.empty() && old != workspace_.home_views.end() && text_member(old->second.view, "hash") != hash)
        return failed("hash_conflict");
    json::object view = arguments.at("view").get_object();
    if (old != workspace_.home_views.end())
        view["id"] = old->second.view.at("id");
    view = workspace_.finish_view(std::move(view), "", "");
    workspace_.publish_home(user, view);
    return {{"ok", true}, {"view", std::move(view)}};
}

WebApi::Answer WebApi::use_trigger(const std::string& id, std::string& user, std::string& view_id) {
    const auto found = workspace_.triggers.find(id);
    if (id.empty() || found == workspace_.triggers.end())
        return failed("invalid_trigger_id");
    if (found->second.used)
        return failed("exchanged_trigger_id");
    if (found->second.ends <= Clock::now())
        return failed("expired_trigger_id");
    found->second.used = true;
    user = found->second.user;
    view_id = found->second.view_id;
    return {};
}

WebApi::Answer WebApi::open_view(const Arguments& arguments) {
    if (auto problem = web_views_detail::view_problem(arguments, "modal", block_world()); !problem.empty())
        return problem;
    std::string user;
    std::string parent;
    if (auto problem = use_trigger(text_argument(arguments, "trigger_id"), user, parent); !problem.empty())
        return problem;
    workspace_.close_all_modals(user);
    json::object view = workspace_.finish_view(arguments.at("view").get_object(), "", "");
    workspace_.modal_stacks[user].push_back(view);
    if (workspace_.changed)
        workspace_.changed(json::object{{"type", "view"}, {"user", user}, {"view", view}});
    return {{"ok", true}, {"view", std::move(view)}};
}

WebApi::Answer WebApi::push_view(const Arguments& arguments) {
    if (auto problem = web_views_detail::view_problem(arguments, "modal", block_world()); !problem.empty())
        return problem;
    const std::string trigger = text_argument(arguments, "trigger_id");
    // The stack is looked at before the trigger is spent.
    const auto known = workspace_.triggers.find(trigger);
    if (known != workspace_.triggers.end() &&
        workspace_.modal_stacks[known->second.user].size() >= web_views_detail::kStackDepth)
        return failed("push_limit_reached");
    std::string user;
    std::string parent;
    if (auto problem = use_trigger(trigger, user, parent); !problem.empty())
        return problem;
    auto& stack = workspace_.modal_stacks[user];
    if (parent.empty() || stack.empty())
        return failed("not_found");
    const std::string root = text_member(stack.front(), "id");
    const std::string previous = text_member(stack.back(), "id");
    json::object view = workspace_.finish_view(arguments.at("view").get_object(), root, previous);
    stack.push_back(view);
    if (workspace_.changed)
        workspace_.changed(json::object{{"type", "view"}, {"user", user}, {"view", view}});
    return {{"ok", true}, {"view", std::move(view)}};
}

WebApi::Answer WebApi::update_view(const Arguments& arguments) {
    std::string id = text_argument(arguments, "view_id");
    const std::string external = text_argument(arguments, "external_id");
    if (id.empty() && !external.empty())
        for (const auto& [owner, stack] : workspace_.modal_stacks)
            for (const auto& each : stack)
                if (text_member(each, "external_id") == external)
                    id = text_member(each, "id");
    std::string user;
    auto* old = workspace_.modal(id, &user);
    if (!old)
        return failed("not_found");
    if (auto problem = web_views_detail::view_problem(arguments, "modal", block_world()); !problem.empty())
        return problem;
    const std::string hash = text_argument(arguments, "hash");
    if (!hash.empty() && hash != text_member(*old, "hash"))
        return failed("hash_conflict");
    json::object view = arguments.at("view").get_object();
    view["id"] = id;
    *old = workspace_.finish_view(std::move(view), text_member(*old, "root_view_id"),
                                  text_member(*old, "previous_view_id"));
    if (workspace_.changed)
        workspace_.changed(json::object{{"type", "view"}, {"user", user}, {"view", *old}});
    return {{"ok", true}, {"view", *old}};
}

}  // namespace genie_slack::sandbox
