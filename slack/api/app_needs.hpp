// What the app has to ask of a workspace for what the code does: the scope of every method, the subscription and scope
// of every event (slack.md 2.2, 3). The manifest is made of it.
#pragma once

#include "slack/api/api_method.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

// "agent_view" (slack.md 3.5) or the older "assistant_view" (slack.md 3.4): an app has one of them.
enum class AppSurface { agent, assistant };

struct MethodNeeds {
    std::string_view method;  // ApiMethod::name
    std::string_view call;    // WebApi's function that makes it; "" when it is part of another one's work
    bool is_used = true;      // by this app
    std::vector<std::string_view> scopes;
};

struct EventNeeds {
    enum class When { always, agent, assistant };
    std::string_view type;  // of events.hpp
    std::vector<std::string_view> events;
    std::vector<std::string_view> scopes;
    bool is_used = true;
    When when = When::always;
};

const std::vector<MethodNeeds>& method_needs();
const std::vector<EventNeeds>& event_needs();

// Sorted, each once. Slash commands and shortcuts need "commands".
std::vector<std::string> needed_scopes(AppSurface surface);
std::vector<std::string> needed_events(AppSurface surface);

}  // namespace genie_slack::slack
