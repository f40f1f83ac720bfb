// What tests and the page add to the workspace and look at in it.
#include "sandbox/slack/slack_server_impl.hpp"

namespace genie_slack::sandbox {

namespace json = boost::json;

bool SlackServerImpl::sees(const std::string& user, const std::string& channel) const {
    const auto* person = workspace_.user(user);
    const auto* place = workspace_.channel(channel);
    return person && place && workspace_.sees(*person, *place);
}

SlackUser& SlackServerImpl::add_user(SlackUser user) {
    workspace_.users.push_back(std::move(user));
    tell({{"type", "user"}, {"user", workspace_.page_user(workspace_.users.back())}});
    return workspace_.users.back();
}

SlackChannel& SlackServerImpl::add_channel(SlackChannel channel) {
    workspace_.channels.push_back(std::move(channel));
    tell({{"type", "channel"}, {"channel", workspace_.page_channel(workspace_.channels.back())}});
    return workspace_.channels.back();
}

std::vector<SlackMessage> SlackServerImpl::messages(const std::string& channel) const {
    std::vector<SlackMessage> result;
    for (const auto* message : workspace_.all_messages(channel))
        result.push_back(*message);
    return result;
}

std::vector<SlackMessage> SlackServerImpl::thread(const std::string& channel, const std::string& thread_ts) const {
    std::vector<SlackMessage> result;
    for (const auto* message : workspace_.all_messages(channel))
        if (message->ts == thread_ts || message->thread_ts == thread_ts)
            result.push_back(*message);
    return result;
}

const SlackMessage* SlackServerImpl::find_message(const std::string& channel, const std::string& ts) const {
    return workspace_.message(channel, ts);
}

const SlackMessage* SlackServerImpl::last_message(const std::string& channel) const {
    const auto all = workspace_.all_messages(channel);
    return all.empty() ? nullptr : all.back();
}

std::string SlackServerImpl::status(const std::string& channel, const std::string& thread_ts) const {
    return workspace_.status(channel, thread_ts);
}

std::vector<json::object> SlackServerImpl::open_views(const std::string& user) const {
    const auto found = workspace_.modal_stacks.find(user);
    return found == workspace_.modal_stacks.end() ? std::vector<json::object>() : found->second;
}

const json::object* SlackServerImpl::home_view(const std::string& user) const {
    const auto found = workspace_.home_views.find(user);
    return found == workspace_.home_views.end() ? nullptr : &found->second.view;
}

std::optional<std::string> SlackServerImpl::file_content(const std::string& file_id) const {
    const auto* file = api_.file(file_id);
    return file && file->uploaded ? std::optional<std::string>(file->content) : std::nullopt;
}

std::vector<SlackCall> SlackServerImpl::calls_of(const std::string& method) const {
    std::vector<SlackCall> result;
    for (const auto& call : calls_)
        if (call.method == method)
            result.push_back(call);
    return result;
}

json::object SlackServerImpl::snapshot(const std::string& user) const {
    json::object result = workspace_.snapshot(user);
    result["connections"] = hub_.open_connections();
    return result;
}

}  // namespace genie_slack::sandbox
