// What a process needed so far, as the kernel counts it.
#pragma once

#include "core/clock.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace genie_slack::bench {

// User and system time of a process on processors.
inline Duration cpu_time(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::istringstream rest(text.substr(text.rfind(')') + 2));
    std::string field;
    long long ticks = 0;
    for (int number = 3; number <= 15 && rest >> field; ++number)
        if (number == 14 || number == 15)
            ticks += std::stoll(field);
    return std::chrono::nanoseconds(ticks * (1'000'000'000LL / sysconf(_SC_CLK_TCK)));
}

// Resident memory in KiB: now ("VmRSS:") or the most so far ("VmHWM:"); 0 when the process is gone.
inline long resident_kib(int pid, const std::string& which = "VmRSS:") {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.rfind(which, 0) == 0)
            return std::atol(line.c_str() + which.size());
    return 0;
}

}  // namespace genie_slack::bench
