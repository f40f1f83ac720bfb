// `genie-slack check`: looks at everything that the bot needs, one line each with the fix. Nobody in Slack sees it, and
// nothing is changed.
#pragma once

#include "app/config.hpp"

#include <string>

namespace genie_slack::doctor {

struct CheckOptions {
    enum class Part { everything, slack, databricks, database };
    Part part = Part::everything;
    bool json = false;     // one document at the end, instead of lines as they come
    std::string question;  // a real one for Genie, "" for none
    std::string env_file = ".env";
};

// The settings that a part works with.
Needs needs_of(CheckOptions::Part part);

// Writes to standard output and returns the exit code: 0 when nothing is broken, 1 when something is, 2 when the
// configuration already is. Takes a minute at most, and the time of the question. Look-ups and calls that hang may be
// left behind: end the process without destructors afterwards.
int check(const LoadedConfig& loaded, const CheckOptions& options);

}  // namespace genie_slack::doctor
