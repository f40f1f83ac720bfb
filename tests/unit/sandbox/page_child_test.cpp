#include "sandbox/page/child.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace page_child_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;

// A file that is gone at the end.
struct TemporaryFile {
    TemporaryFile() {
        std::string name = (std::filesystem::temp_directory_path() / "genie-slack-child-XXXXXX").string();
        const int file = ::mkstemp(name.data());
        REQUIRE(file >= 0);
        ::close(file);
        path = name;
    }
    ~TemporaryFile() { std::filesystem::remove(path); }
    std::string content() const {
        std::ifstream file(path);
        std::ostringstream out;
        out << file.rdbuf();
        return out.str();
    }
    std::string path;
};

std::unique_ptr<ChildProcess> shell(boost::asio::io_context& context, const std::string& script, const std::string& log,
                                    const std::vector<std::pair<std::string, std::string>>& environment = {}) {
    return start_child(context.get_executor(), "/bin/sh", {"-c", script}, environment, log);
}

TEST_CASE("a program beside the sandbox ends with its own exit code") {
    boost::asio::io_context context;
    TemporaryFile log;
    auto child = shell(context, "exit 7", log.path);
    CHECK(test::run(context, child->wait()) == 7);
    child->signal(SIGTERM);
    CHECK(test::run(context, child->wait()) == 7);
}

TEST_CASE("a signal reaches the program beside the sandbox") {
    boost::asio::io_context context;
    TemporaryFile log;
    auto child = shell(context, "trap 'exit 5' TERM; echo ready; while :; do sleep 0.02; done", log.path);
    REQUIRE(test::run_until(context, [&log] { return log.content() == "ready\n"; }));
    child->signal(SIGTERM);
    CHECK(test::run(context, child->wait()) == 5);

    auto stubborn = shell(context, "trap '' TERM; while :; do sleep 0.02; done", log.path);
    stubborn->signal(SIGKILL);
    CHECK(test::run(context, stubborn->wait()) == 128 + SIGKILL);
}

TEST_CASE("the program gets the sandbox's settings and none that lead to a real service") {
    boost::asio::io_context context;
    TemporaryFile log;
    ::setenv("DATABRICKS_CLIENT_ID", "real", 1);
    ::setenv("SLACK_BOT_TOKEN", "real", 1);
    ::setenv("PGHOST", "real", 1);
    ::setenv("LOG_LEVEL", "debug", 1);
    auto child = shell(context, "echo \"$SLACK_BOT_TOKEN|$DATABRICKS_CLIENT_ID|$PGHOST|$LOG_LEVEL\"; echo bad >&2",
                       log.path, {{"SLACK_BOT_TOKEN", "xoxb-sandbox"}});
    for (const char* name : {"DATABRICKS_CLIENT_ID", "SLACK_BOT_TOKEN", "PGHOST", "LOG_LEVEL"})
        ::unsetenv(name);
    CHECK(test::run(context, child->wait()) == 0);
    CHECK(log.content() == "xoxb-sandbox|||debug\nbad\n");
}

TEST_CASE("a program that cannot be started is said with its name") {
    boost::asio::io_context context;
    CHECK_THROWS_WITH(start_child(context.get_executor(), "/nowhere/bot", {}, {}, ""),
                      test::contains("cannot start /nowhere/bot"));
}

}  // namespace page_child_test
