// The Slack manifest for what the bot does: what an admin pastes when the app is created.
#pragma once

#include "app/words/words.hpp"
#include "slack/api/app_needs.hpp"

#include <string>

namespace genie_slack::commands {

struct ManifestOptions {
    slack::AppSurface surface = slack::AppSurface::agent;
    words::Language language = words::Language::english;  // of what people read in Slack's own menus
};

// JSON with a line end.
std::string manifest(const ManifestOptions& options);

}  // namespace genie_slack::commands
