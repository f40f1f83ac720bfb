// The settings of a process that serves, and what of them may change while it does (SIGHUP).
#pragma once

#include "app/config.hpp"
#include "app/environment.hpp"

#include <functional>
#include <string>
#include <vector>

namespace genie_slack {

struct Settings {
    LoadedConfig loaded;
    VariableLookup given;   // what was written, secrets too
    bool has_file = false;  // there was a file with variables
};

// Reads the environment and the file behind it; what is wrong stands in `loaded.problems`.
Settings read_settings(const std::string& env_file, EnvFile kind, Needs needs);

// What follows from settings that were read again.
struct SettingsChange {
    std::string refused;                  // why nothing of them is taken, "" when they are fine
    std::vector<std::string> now;         // variables that take effect now
    std::vector<std::string> at_restart;  // ... that differ from what the process started with and need a restart
};
// `current` is what is in effect of what may change. Settings with a problem are refused, and so are those whose file
// is gone: without its lists, everyone would be let in.
SettingsChange compare(const Settings& started, const Settings& current, const Settings& next);

// Reads them again.
using ReadSettings = std::function<Settings()>;

}  // namespace genie_slack
