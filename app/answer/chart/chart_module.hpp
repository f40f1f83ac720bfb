// The chart module: where it is looked for, and why it cannot be used.
#pragma once

#include "app/answer/chart/chart_pen.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace genie_slack::answer {

struct ChartModule {
    const Pen* pen = nullptr;  // lives as long as the process
    std::string problem;       // why there is no pen, for an admin
};

// Loads the module from the first of the folders that has it, for good: glib cannot be unloaded.
ChartModule load_chart_module(const std::vector<std::filesystem::path>& folders);

// Beside the program (a build, an unpacked archive) or in ../lib/genie-slack (an installation). Loaded at the first
// call, which takes some tens of milliseconds; any thread.
const ChartModule& chart_module();

}  // namespace genie_slack::answer
