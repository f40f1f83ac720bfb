// Where settings come from: the process' environment, then a file behind it. What is written there and nearly a setting
// is a mistake that would open what was meant to be closed, so it is told.
#pragma once

#include "core/config_table.hpp"

#include <string>
#include <vector>

namespace genie_slack {

enum class EnvFile {
    optional,  // a missing one is fine
    wanted,    // somebody named it
};

// What reading the settings brought to light.
struct EnvironmentFindings {
    std::vector<std::string> problems;  // each ends the start
    // A file that was named and is not there: it matters where settings are missing.
    std::string missing_file;
    bool has_file = false;
};

// The environment with the variables of `env_file` (a path) behind it. What is wrong with the file, and names in it or
// in the environment that are nearly a setting, come back in `findings`.
VariableLookup environment_with_file(const std::string& env_file, EnvFile kind, EnvironmentFindings& findings);

enum class NameSource {
    file,         // written for this program
    environment,  // shared with everything else on the host: only what can hardly be meant for another program counts
};
// Names of `given` that are none of `ours`, but nearly, each as "NAME: is no setting …, did you mean OURS?".
std::vector<std::string> misspelt_names(const std::vector<std::string>& given, const std::vector<std::string>& ours,
                                        NameSource source);

}  // namespace genie_slack
