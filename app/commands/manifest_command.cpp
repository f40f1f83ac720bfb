#include "app/commands/manifest_command.hpp"

#include "app/answer/actions.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::commands {

namespace json = boost::json;
using words::Word;

namespace manifest_command_detail {

void write(const json::value& value, const std::string& indent, std::string& out) {
    const std::string deeper = indent + "    ";
    if (const auto* object = value.if_object(); object && !object->empty()) {
        out += "{";
        const char* comma = "\n";
        for (const auto& member : *object) {
            out += comma + deeper + json::serialize(json::value(member.key())) + ": ";
            write(member.value(), deeper, out);
            comma = ",\n";
        }
        out += "\n" + indent + "}";
    } else if (const auto* array = value.if_array(); array && !array->empty()) {
        out += "[";
        const char* comma = "\n";
        for (const json::value& item : *array) {
            out += comma + deeper;
            write(item, deeper, out);
            comma = ",\n";
        }
        out += "\n" + indent + "]";
    } else {
        out += json::serialize(value);
    }
}

json::array list(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts)
        out.emplace_back(text);
    return out;
}

json::object features(const ManifestOptions& options) {
    json::object bot_user;
    bot_user["display_name"] = "genie";
    bot_user["always_online"] = true;
    json::object home;
    home["home_tab_enabled"] = true;
    home["messages_tab_enabled"] = true;
    home["messages_tab_read_only_enabled"] = false;
    json::object command;
    command["command"] = "/genie";
    command["description"] = words::say(options.language, Word::manifest_command);
    command["usage_hint"] = words::say(options.language, Word::manifest_usage);
    command["should_escape"] = true;
    json::object shortcut;
    shortcut["name"] = words::say(options.language, Word::manifest_shortcut);
    shortcut["type"] = "message";
    shortcut["callback_id"] = answer::kAskShortcut;
    shortcut["description"] = words::say(options.language, Word::manifest_shortcut_what);
    const std::string about = words::say(options.language, Word::manifest_agent);

    json::object out;
    out["bot_user"] = std::move(bot_user);
    out["app_home"] = std::move(home);
    json::object view;
    if (options.surface == slack::AppSurface::agent) {
        view["agent_description"] = about;
        out["agent_view"] = std::move(view);
    } else {
        view["assistant_description"] = about;
        out["assistant_view"] = std::move(view);
    }
    json::array commands;
    commands.push_back(std::move(command));
    out["slash_commands"] = std::move(commands);
    json::array shortcuts;
    shortcuts.push_back(std::move(shortcut));
    out["shortcuts"] = std::move(shortcuts);
    return out;
}

json::object settings(const ManifestOptions& options) {
    json::object events;
    events["bot_events"] = list(slack::needed_events(options.surface));
    json::object interactivity;
    interactivity["is_enabled"] = true;
    json::object out;
    out["event_subscriptions"] = std::move(events);
    out["interactivity"] = std::move(interactivity);
    out["org_deploy_enabled"] = false;
    out["socket_mode_enabled"] = true;
    out["token_rotation_enabled"] = false;
    return out;
}

}  // namespace manifest_command_detail

std::string manifest(const ManifestOptions& options) {
    using namespace manifest_command_detail;
    json::object about;
    about["name"] = "Genie";
    about["description"] = words::say(options.language, Word::manifest_about);
    about["background_color"] = "#1f3a5f";
    json::object scopes;
    scopes["bot"] = list(slack::needed_scopes(options.surface));
    json::object oauth;
    oauth["scopes"] = std::move(scopes);
    json::object all;
    all["display_information"] = std::move(about);
    all["features"] = features(options);
    all["oauth_config"] = std::move(oauth);
    all["settings"] = settings(options);
    std::string out;
    write(all, "", out);
    return out + "\n";
}

}  // namespace genie_slack::commands
