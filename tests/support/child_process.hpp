// A program as its users start it: its own process, environment and output.
#pragma once

#include "core/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::test {

// Killed when it goes out of scope. The environment is exactly `environment` (plus PATH, HOME and what sanitizers
// need).
class ChildProcess {
 public:
    ChildProcess(std::string program, std::vector<std::string> arguments,
                 std::map<std::string, std::string> environment);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    int pid() const { return pid_; }
    void signal(int number);
    // The exit code once it has ended (128 + signal when it was killed), nothing while it runs.
    std::optional<int> exit_code();
    // Standard output and standard error so far.
    std::string output() const;

 private:
    int pid_ = -1;
    std::string output_file_;
    std::optional<int> code_;
};

}  // namespace genie_slack::test
