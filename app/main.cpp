// The command line (docs/architecture.md 7). Exit codes: 0 fine, 1 failed, 2 usage or configuration.
#include "app/commands/database_commands.hpp"
#include "app/commands/manifest_command.hpp"
#include "app/config.hpp"
#include "app/doctor/doctor.hpp"
#include "app/environment.hpp"
#include "app/near_miss.hpp"
#include "app/service.hpp"
#include "app/settings.hpp"
#include "core/log.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>

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

// Runs `body` with the configuration, or says what is wrong with it.
int with_config(const std::string& env_file, genie_slack::EnvFile kind, genie_slack::Needs needs,
                const std::function<int(const genie_slack::Settings&)>& body) {
    const genie_slack::Settings settings = genie_slack::read_settings(env_file, kind, needs);
    const genie_slack::LoadedConfig& loaded = settings.loaded;
    genie_slack::log::use(loaded.config.log);
    if (!loaded.problems.empty()) {
        report(loaded.problems, loaded.config.log.format);
        return kUsage;
    }
    genie_slack::log::start(loaded.config.log);
    genie_slack::log::debug("config.effective", loaded.report);
    for (const std::string& note : loaded.notes)
        genie_slack::log::warn("config.note", {{"note", note}});
    const int code = body(settings);
    genie_slack::log::stop();
    return code;
}

// The doctor says itself what is wrong, also with the configuration; the log's lines would only repeat it.
int run_doctor(const std::string& env_file, genie_slack::EnvFile kind, genie_slack::doctor::CheckOptions options) {
    options.env_file = env_file;
    const auto loaded = genie_slack::read_settings(env_file, kind, genie_slack::doctor::needs_of(options.part)).loaded;
    auto settings = loaded.config.log;
    if (settings.level > genie_slack::log::Level::debug)
        settings.level = genie_slack::log::Level::off;
    genie_slack::log::use(settings);
    const int code = genie_slack::doctor::check(loaded, options);
    const bool is_told = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    // A look-up that hangs must not hold the exit: no destructors from here on.
    std::fflush(nullptr);
    std::_Exit(is_told ? code : std::max(code, 1));
}

// The program's commands; each subcommand sets which one is to run.
class Commands {
 public:
    explicit Commands(CLI::App& app) {
        app.require_subcommand(0, 1);
        env_file_option_ = app.add_option("--env-file", env_file_, "file with NAME=value lines; the environment wins")
                               ->capture_default_str();
        app.add_subcommand("serve", "connect to Slack and answer (what happens without a command)");
        add(app, "variables", "print the table of configuration variables")->callback([this] {
            run_ = [] {
                std::fputs(genie_slack::config_documentation().c_str(), stdout);
                return 0;
            };
        });
        add_manifest_command(app);
        add_database_commands(app);
        add_check_command(app);
    }

    int run() {
        if (run_)
            return run_();
        using genie_slack::Needs;
        const auto read_again = [this] {
            return genie_slack::read_settings(env_file_, env_file_kind(), Needs::everything);
        };
        return with_config(env_file_, env_file_kind(), Needs::everything, [&](const genie_slack::Settings& settings) {
            return genie_slack::serve(settings, read_again, GENIE_SLACK_VERSION);
        });
    }

 private:
    using DatabaseCommand = std::function<int(const genie_slack::Config&)>;

    genie_slack::EnvFile env_file_kind() const {
        return env_file_option_->count() > 0 ? genie_slack::EnvFile::wanted : genie_slack::EnvFile::optional;
    }
    static std::vector<std::string> languages() {
        std::vector<std::string> codes;
        for (const auto language : genie_slack::words::kLanguages)
            codes.emplace_back(genie_slack::words::to_string(language));
        return codes;
    }
    static CLI::App* add(CLI::App& app, const char* name, const char* what) { return app.add_subcommand(name, what); }

    void on_database(CLI::App* command, DatabaseCommand body) {
        command->callback([this, body = std::move(body)] {
            run_ = [this, body] {
                return with_config(env_file_, env_file_kind(), genie_slack::Needs::database,
                                   [&](const genie_slack::Settings& settings) { return body(settings.loaded.config); });
            };
        });
    }

    void add_manifest_command(CLI::App& app) {
        CLI::App* manifest = add(app, "manifest", "print the manifest of the Slack app");
        manifest->add_flag("--assistant", for_assistant_, "for an app with assistant_view, the older kind of agent");
        manifest->add_option("--language", manifest_language_, "of what Slack shows about the app")
            ->check(CLI::IsMember(languages()))
            ->capture_default_str();
        manifest->callback([this] {
            run_ = [this] {
                genie_slack::commands::ManifestOptions options;
                if (for_assistant_)
                    options.surface = genie_slack::slack::AppSurface::assistant;
                options.language = genie_slack::words::parse_language(manifest_language_).value_or(options.language);
                std::fputs(genie_slack::commands::manifest(options).c_str(), stdout);
                return 0;
            };
        });
    }

    void add_database_commands(CLI::App& app) {
        namespace commands = genie_slack::commands;
        using genie_slack::Config;
        CLI::App* migrate = add(app, "migrate", "create or update the database schema (serve does it at its start)");
        migrate->add_flag("--check", check_only_, "only say what is pending; exit code 1 when something is");
        on_database(migrate, [this](const Config& config) { return commands::migrate(config, check_only_); });

        CLI::App* cleanup = add(app, "cleanup", "delete conversations without activity for a long time");
        cleanup->add_option("--older-than", older_than_, "\"180 days\", \"6 months\"; a day at least")->required();
        cleanup->add_flag("--dry-run", dry_run_, "only count");
        on_database(cleanup, [this](const Config& config) { return commands::cleanup(config, older_than_, dry_run_); });

        CLI::App* stats = add(app, "stats", "how much is asked and answered, day by day");
        stats->add_option("--days", days_, "how many days")->check(CLI::Range(1, 30))->capture_default_str();
        on_database(stats, [this](const Config& config) { return commands::stats(config, days_); });

        on_database(add(app, "health", "the database's health check; exit code 1 on a warning"), commands::health);
    }

    void add_check_command(CLI::App& app) {
        using Part = genie_slack::doctor::CheckOptions::Part;
        CLI::App* check = add(app, "check", "find what is wrong, step by step, with the fix");
        check->require_subcommand(0, 1);
        check->fallthrough();
        check->add_flag("--json", check_.json, "one JSON document, an array of part, check, status, found, fix");
        check->add_option("--ask", check_.question, "a real question for Genie, which may take two minutes more")
            ->check([](const std::string& question) {
                const bool is_blank = question.find_first_not_of(" \t\r\n") == std::string::npos;
                return is_blank ? std::string("the question is empty") : std::string();
            });
        const auto run_part = [this](CLI::App* command, Part part) {
            command->fallthrough();
            command->callback([this, part] {
                // The command above its part is called back after it.
                if (!run_)
                    check_.part = part;
                const bool asks_genie = part == Part::everything || part == Part::databricks;
                if (!check_.question.empty() && !asks_genie)
                    throw CLI::ValidationError("--ask", "goes with `check` and `check databricks` alone");
                run_ = [this] { return run_doctor(env_file_, env_file_kind(), check_); };
            });
        };
        run_part(add(*check, "slack", "the tokens, their scopes and the clock"), Part::slack);
        run_part(add(*check, "databricks", "host, login, Genie spaces and their warehouses"), Part::databricks);
        run_part(add(*check, "database", "from the credential to the schema's indexes"), Part::database);
        run_part(check, Part::everything);
    }

    std::string env_file_ = ".env";
    CLI::Option* env_file_option_ = nullptr;
    std::function<int()> run_;
    bool for_assistant_ = false;
    std::string manifest_language_ = "en";
    bool check_only_ = false;
    bool dry_run_ = false;
    std::string older_than_;
    int days_ = 14;
    genie_slack::doctor::CheckOptions check_;
};

// For who mistyped a command.
void suggest_command(const CLI::App& app, const std::vector<std::string>& arguments) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
        for (const CLI::App* part : command->get_subcommands([](const CLI::App*) { return true; }))
            names.push_back(part->get_name());
    }
    for (const std::string& typed : arguments)
        if (const std::string meant = genie_slack::meant_among(typed, names, 2); !meant.empty() && typed.size() > 3)
            std::fprintf(stderr, "Did you mean %s?\n", meant.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app(
        "genie-slack answers questions in Slack threads with Databricks Genie.\n"
        "It is configured by environment variables, or by .env in the working directory;\n"
        "`genie-slack variables` lists them.");
    app.set_version_flag("--version", std::string("genie-slack ") + GENIE_SLACK_VERSION);
    Commands commands(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (app.exit(error) == 0)
            return 0;
        suggest_command(app, std::vector<std::string>(argv + 1, argv + argc));
        return kUsage;
    }
    try {
        return commands.run();
    } catch (const std::exception& error) {
        genie_slack::log::error("service.failed", {{"error", error.what()}});
        genie_slack::log::stop();
        return 1;
    }
}
