#include "sandbox/page/child.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace genie_slack::sandbox {

namespace asio = boost::asio;

namespace child_detail {

// Settings that would lead the bot to a real service.
constexpr std::array kLeftAway = {"SLACK_", "DATABRICKS_", "GENIE_SPACE_", "LAKEBASE_", "DATABASE_INSTANCE",
                                  "PG",     "IS_LOCAL"};

bool is_left_away(std::string_view entry, const std::vector<std::pair<std::string, std::string>>& replaced) {
    for (const std::string_view prefix : kLeftAway)
        if (entry.starts_with(prefix))
            return true;
    for (const auto& [name, value] : replaced)
        if (entry.starts_with(name + "="))
            return true;
    return false;
}

std::vector<std::string> child_environment(const std::vector<std::pair<std::string, std::string>>& wanted) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry; ++entry)
        if (!is_left_away(*entry, wanted))
            out.emplace_back(*entry);
    for (const auto& [name, value] : wanted)
        out.push_back(name + "=" + value);
    return out;
}

// The form that exec wants; points into `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

struct FileActions {
    FileActions() { posix_spawn_file_actions_init(&value); }
    ~FileActions() { posix_spawn_file_actions_destroy(&value); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t value;
};

// Unblocked signals with their default actions, whatever ours are.
struct Attributes {
    Attributes() {
        posix_spawnattr_init(&value);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&value, &none);
        sigset_t defaults;
        sigemptyset(&defaults);
        for (const int number : {SIGTERM, SIGINT, SIGCHLD, SIGPIPE})
            sigaddset(&defaults, number);
        posix_spawnattr_setsigdefault(&value, &defaults);
        posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        // A group of its own, so that Ctrl-C reaches it once: from us.
        posix_spawnattr_setpgroup(&value, 0);
    }
    ~Attributes() { posix_spawnattr_destroy(&value); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    posix_spawnattr_t value;
};

}  // namespace child_detail

class ChildProcessImpl final : public ChildProcess {
 public:
    explicit ChildProcessImpl(const asio::any_io_executor& executor) : ended_(executor, SIGCHLD) {}
    ~ChildProcessImpl() override {
        if (pid_ <= 0 || reap())
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ChildProcessImpl(const ChildProcessImpl&) = delete;
    ChildProcessImpl& operator=(const ChildProcessImpl&) = delete;

    void start(const std::string& program, std::vector<std::string> arguments, std::vector<std::string> environment,
               const std::string& log_path) {
        child_detail::FileActions files;
        posix_spawn_file_actions_addopen(&files.value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (log_path.empty()) {
            posix_spawn_file_actions_adddup2(&files.value, STDERR_FILENO, STDOUT_FILENO);
        } else {
            posix_spawn_file_actions_addopen(&files.value, STDOUT_FILENO, log_path.c_str(),
                                             O_WRONLY | O_CREAT | O_APPEND, 0600);
            posix_spawn_file_actions_adddup2(&files.value, STDOUT_FILENO, STDERR_FILENO);
        }
        child_detail::Attributes attributes;
        arguments.insert(arguments.begin(), program);
        auto argv = child_detail::pointers(arguments);
        auto envp = child_detail::pointers(environment);
        const int error =
            ::posix_spawnp(&pid_, program.c_str(), &files.value, &attributes.value, argv.data(), envp.data());
        if (error != 0) {
            pid_ = 0;
            throw std::runtime_error("cannot start " + program + ": " + std::strerror(error));
        }
    }

    int id() const override { return pid_; }
    void signal(int number) override {
        if (pid_ > 0 && !reap())
            ::kill(pid_, number);
    }
    asio::awaitable<int> wait() override {
        while (!reap()) {
            boost::system::error_code ignored;
            co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return *code_;
    }

 private:
    // Takes the exit status when there is one; true when the program has ended.
    bool reap() {
        if (code_)
            return true;
        int status = 0;
        const pid_t found = ::waitpid(pid_, &status, WNOHANG);
        if (found == 0 || (found < 0 && errno == EINTR))
            return false;
        if (found < 0)
            code_ = 1;
        else
            code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return true;
    }

    // Registered before the program is started, so that no end of it is missed.
    asio::signal_set ended_;
    pid_t pid_ = 0;
    std::optional<int> code_;
};

std::unique_ptr<ChildProcess> start_child(asio::any_io_executor executor, const std::string& program,
                                          const std::vector<std::string>& arguments,
                                          const std::vector<std::pair<std::string, std::string>>& environment,
                                          const std::string& log_path) {
    auto child = std::make_unique<ChildProcessImpl>(executor);
    child->start(program, arguments, child_detail::child_environment(environment), log_path);
    return child;
}

}  // namespace genie_slack::sandbox
