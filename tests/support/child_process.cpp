#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace genie_slack::test {

ChildProcess::ChildProcess(std::string program, std::vector<std::string> arguments,
                           std::map<std::string, std::string> environment) {
    char name[] = "/tmp/genie-slack-test-XXXXXX";
    const int file = mkstemp(name);
    if (file < 0)
        throw std::runtime_error("no temporary file for the output of a child process");
    output_file_ = name;

    for (const char* inherited :
         {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE"})
        if (const char* value = std::getenv(inherited))
            environment.emplace(inherited, value);
    std::vector<std::string> variables;
    for (const auto& [key, value] : environment)
        variables.push_back(key + "=" + value);
    std::vector<char*> env;
    for (std::string& variable : variables)
        env.push_back(variable.data());
    env.push_back(nullptr);
    std::vector<char*> argv{program.data()};
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, file, 1);
    posix_spawn_file_actions_adddup2(&actions, file, 2);
    const int failure = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), env.data());
    posix_spawn_file_actions_destroy(&actions);
    close(file);
    if (failure != 0)
        throw std::runtime_error("cannot start " + program);
}

ChildProcess::~ChildProcess() {
    if (!exit_code()) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    unlink(output_file_.c_str());
}

void ChildProcess::signal(int number) {
    if (!code_)
        kill(pid_, number);
}

std::optional<int> ChildProcess::exit_code() {
    int status = 0;
    if (!code_ && waitpid(pid_, &status, WNOHANG) == pid_)
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code_;
}

std::string ChildProcess::output() const {
    std::ifstream file(output_file_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

}  // namespace genie_slack::test
