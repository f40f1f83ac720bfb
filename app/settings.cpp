#include "app/settings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace genie_slack {

namespace settings_detail {

// Service::take_over puts them into effect.
constexpr std::array<std::string_view, 7> kLive = {"ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS",
                                                   "ADMIN_USERS",   "GENIE_SPACE_IDS",  "BOT_LANGUAGE",
                                                   "LOG_LEVEL"};

bool is_live(const std::string& name) {
    return std::find(kLive.begin(), kLive.end(), name) != kLive.end();
}

}  // namespace settings_detail

Settings read_settings(const std::string& env_file, EnvFile kind, Needs needs) {
    EnvironmentFindings found;
    Settings settings;
    settings.given = environment_with_file(env_file, kind, found);
    settings.has_file = found.has_file;
    LoadedConfig& loaded = settings.loaded;
    loaded = load_config(settings.given, needs);
    loaded.problems.insert(loaded.problems.begin(), found.problems.begin(), found.problems.end());
    if (!found.missing_file.empty()) {
        auto& told = loaded.problems.empty() ? loaded.notes : loaded.problems;
        told.insert(told.begin(), found.missing_file);
    }
    return settings;
}

SettingsChange compare(const Settings& started, const Settings& current, const Settings& next) {
    SettingsChange change;
    for (const std::string& problem : next.loaded.problems)
        change.refused.append(change.refused.empty() ? "" : "; ").append(problem);
    if (change.refused.empty() && current.has_file && !next.has_file)
        change.refused = "the file with the settings is gone: put it back, or restart without it";
    if (!change.refused.empty())
        return change;
    for (const std::string& name : config_variables()) {
        const bool is_live = settings_detail::is_live(name);
        if (next.given(name) != (is_live ? current : started).given(name))
            (is_live ? change.now : change.at_restart).push_back(name);
    }
    return change;
}

}  // namespace genie_slack
