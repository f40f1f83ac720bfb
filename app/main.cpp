// The command line (DESIGN section 7). Exit codes: 0 fine, 1 failed, 2 usage or configuration.
#include "app/config.hpp"
#include "app/service.hpp"
#include "core/log.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>

namespace {

constexpr int kUsage = 2;

// For people one plain line each, for machines JSON like everything else.
void report(const std::vector<std::string>& problems, genie_slack::log::Format format) {
    for (const std::string& problem : problems) {
        if (format == genie_slack::log::Format::json)
            genie_slack::log::error("config.invalid", {{"problem", problem}});
        else
            std::fprintf(stderr, "genie-slack: %s\n", genie_slack::redact(problem).c_str());
    }
}

int serve_command(const std::string& env_file) {
    std::vector<std::string> file_problems;
    const auto lookup = genie_slack::environment_with_file(env_file, file_problems);
    auto loaded = genie_slack::load_config(lookup);
    loaded.problems.insert(loaded.problems.begin(), file_problems.begin(), file_problems.end());
    genie_slack::log::use(loaded.config.log);
    if (!loaded.problems.empty()) {
        report(loaded.problems, loaded.config.log.format);
        return kUsage;
    }
    genie_slack::log::start(loaded.config.log);
    genie_slack::log::debug("config.effective", loaded.report);
    return genie_slack::serve(loaded.config, GENIE_SLACK_VERSION);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app(
        "genie-slack answers questions in Slack threads with Databricks Genie.\n"
        "It is configured by environment variables, or by .env in the working directory; see the README.");
    app.set_version_flag("--version", std::string("genie-slack ") + GENIE_SLACK_VERSION);
    app.require_subcommand(0, 1);
    std::string env_file = ".env";
    app.add_option("--env-file", env_file, "file with NAME=value lines; the environment wins")->capture_default_str();
    app.add_subcommand("serve", "connect to Slack and answer (what happens without a command)");
    auto* variables = app.add_subcommand("variables", "print the table of configuration variables");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    if (variables->parsed()) {
        std::fputs(genie_slack::config_documentation().c_str(), stdout);
        return 0;
    }
    try {
        return serve_command(env_file);
    } catch (const std::exception& error) {
        genie_slack::log::error("service.failed", {{"error", error.what()}});
        genie_slack::log::stop();
        return 1;
    }
}
