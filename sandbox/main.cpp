// genie-slack-sandbox: the local look-alikes of Slack and Databricks Genie with a chat page, and a bot beside them.
#include "core/log.hpp"
#include "core/race.hpp"
#include "core/task_group.hpp"
#include "sandbox/page/child.hpp"
#include "sandbox/page/page_server.hpp"
#include "sandbox/page/page_watch.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace genie_slack::sandbox {

namespace asio = boost::asio;

namespace main_detail {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
// Together below the 2 s within which the program ends.
constexpr Duration kStopLimit = std::chrono::milliseconds(1300);
constexpr Duration kServersEnd = std::chrono::milliseconds(500);
constexpr Duration kConnectLook = std::chrono::milliseconds(50);

struct Options {
    std::uint16_t port = 8765;
    bool port_given = false;
    std::uint16_t slack_port = 0;
    std::uint16_t genie_port = 0;
    int spaces = 1;
    int status_ms = 600;
    std::uint64_t seed = 1;
    std::string today;  // YYYY-MM-DD; "": that of the clock
    double rate_share = 1;
    bool no_rate_limits = false;
    bool print_env = false;
    std::string env_file;
    std::string bot;
    std::string bot_log;
    std::vector<std::string> bot_arguments;
};

struct Servers {
    std::unique_ptr<SlackServer> slack;
    std::unique_ptr<GenieServer> genie;
    std::unique_ptr<PageServer> page;
};

// Calls `open`; a port that cannot be had becomes a sentence that names it and the option to change it.
template <class Open>
auto listen(const char* what, const char* option, std::uint16_t port, Open open) {
    try {
        return open();
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(std::string("cannot open port ") + std::to_string(port) + " for " + what + ": " +
                                 error.code().message() + ". Choose another one with " + option);
    }
}

std::unique_ptr<PageServer> open_page(const asio::any_io_executor& executor, const Options& options, SlackServer& slack,
                                      GenieServer& genie) {
    PageOptions page;
    page.port = options.port;
    try {
        return create_page_server(executor, page, slack, genie);
    } catch (const boost::system::system_error& error) {
        if (options.port_given || error.code() != asio::error::address_in_use)
            throw;
    }
    page.port = 0;
    return create_page_server(executor, page, slack, genie);
}

// Whom people meet in real workspaces beside their own: a colleague of another workspace of the organisation, and a
// person of the partner with whom channels are shared.
void invite_others(SlackServer& slack) {
    SlackUser colleague;
    colleague.id = "U0SAM";
    colleague.name = "sam";
    colleague.real_name = "Sam Berg";
    colleague.email = "sam@example.com";
    colleague.team_id = "T0SISTER";
    colleague.enterprise_id = slack.options().enterprise_id;
    colleague.organisation = "Sandbox North";
    slack.add_user(std::move(colleague));
    SlackUser stranger;
    stranger.id = "U0NOOR";
    stranger.name = "noor";
    stranger.real_name = "Noor Haddad";
    stranger.email = "noor@partner.example";
    stranger.team_id = "T0PARTNER";
    stranger.enterprise_id = "E0PARTNER";
    stranger.organisation = "Partner";
    slack.add_user(std::move(stranger));
}

// The local Genie's questions speak of 2025, so its data does not end before.
std::string is_day(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const bool is_read = std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) == 3;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    return is_read && date.ok() && date >= databricks::kToday && year < 2100 ? "" : "a day is 2025-12-31 or later";
}

// Of a text that is a day; "" is today on this machine.
std::chrono::sys_days day_of(const std::string& text) {
    std::tm date{};
    const std::time_t now = std::time(nullptr);
    localtime_r(&now, &date);
    if (!text.empty())
        std::sscanf(text.c_str(), "%4d-%2d-%2d", &date.tm_year, &date.tm_mon, &date.tm_mday);
    const int year = text.empty() ? date.tm_year + 1900 : date.tm_year;
    const int month = text.empty() ? date.tm_mon + 1 : date.tm_mon;
    return std::chrono::year(year) / month / date.tm_mday;
}

Servers open_servers(const asio::any_io_executor& executor, const Options& options) {
    SlackOptions slack;
    slack.port = options.slack_port;
    slack.seed = options.seed;
    slack.enterprise_id = "E0SANDBOX";
    slack.rate_share = options.no_rate_limits ? 0 : options.rate_share;
    GenieOptions genie;
    genie.port = options.genie_port;
    genie.seed = options.seed;
    genie.today = day_of(options.today);
    genie.spaces = options.spaces;
    genie.status_time = std::chrono::milliseconds(options.status_ms);
    Servers servers;
    servers.slack =
        listen("the local Slack", "--slack-port", slack.port, [&] { return create_slack_server(executor, slack); });
    invite_others(*servers.slack);
    servers.genie =
        listen("the local Genie", "--genie-port", genie.port, [&] { return create_genie_server(executor, genie); });
    servers.page = listen("the chat page", "--port", options.port,
                          [&] { return open_page(executor, options, *servers.slack, *servers.genie); });
    return servers;
}

std::string environment_text(const Servers& servers) {
    std::string out;
    for (const auto& [name, value] : bot_environment(*servers.slack, *servers.genie))
        out += name + "=" + value + "\n";
    return out;
}

// Complete or not there at all: a script that waits for the file reads it as soon as it appears.
void write_file(const std::string& path, const std::string& text) {
    const std::string draft = path + ".new";
    {
        std::ofstream file(draft, std::ios::binary | std::ios::trunc);
        file << text;
        if (!file.flush())
            throw std::runtime_error("cannot write " + path);
    }
    std::filesystem::rename(draft, path);
}

// What makes the program end: its exit code, set once.
class Ending {
 public:
    explicit Ending(const asio::any_io_executor& executor) : timer_(executor) { timer_.expires_at(TimePoint::max()); }
    void set(int code) {
        if (!code_)
            code_ = code;
        timer_.cancel();
    }
    bool asked = false;  // by a signal
    asio::awaitable<int> wait() {
        while (!code_) {
            boost::system::error_code woken;
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        co_return *code_;
    }

 private:
    Timer timer_;
    std::optional<int> code_;
};

void say_address(const PageServer& page) {
    std::printf("Open %s in a browser\n", page.url().c_str());
    std::fflush(stdout);
}

asio::awaitable<void> say_address_once_connected(Servers& servers) {
    while (servers.slack->open_connections() == 0)
        co_await sleep_for(kConnectLook);
    say_address(*servers.page);
}

asio::awaitable<void> watch_bot(ChildProcess& bot, Ending& ending) {
    const int code = co_await bot.wait();
    if (!ending.asked)
        log::error("sandbox.bot_ended", {{"exit_code", code}});
    ending.set(code);
}

// The first signal asks the bot to end, the second one, or its taking too long, ends it by force.
asio::awaitable<void> watch_signals(asio::signal_set& signals, Ending& ending, ChildProcess* bot) {
    boost::system::error_code error;
    co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (error)
        co_return;
    ending.asked = true;
    if (bot) {
        bot->signal(SIGTERM);
        auto again = signals.async_wait(asio::redirect_error(asio::use_awaitable, error));
        co_await with_deadline(std::move(again), Deadline::after(kStopLimit));
        bot->signal(SIGKILL);
    }
    ending.set(0);
}

void tell_environment(const Servers& servers, const Options& options) {
    const std::string text = environment_text(servers);
    if (!options.env_file.empty())
        write_file(options.env_file, text);
    if (options.print_env) {
        std::fputs(text.c_str(), stdout);
        std::fflush(stdout);
    }
}

asio::awaitable<int> attend(Servers& servers, const Options& options, TaskGroup& tasks, Ending& ending,
                            asio::signal_set& signals, std::unique_ptr<ChildProcess>& bot) {
    tell_environment(servers, options);
    if (!options.bot.empty()) {
        const auto executor = co_await asio::this_coro::executor;
        const auto environment = bot_environment(*servers.slack, *servers.genie);
        bot = start_child(executor, options.bot, options.bot_arguments, environment, options.bot_log);
        tasks.spawn("bot", watch_bot(*bot, ending));
        tasks.spawn("address", say_address_once_connected(servers));
    } else if (!options.print_env) {
        say_address(*servers.page);
    }
    tasks.spawn("signals", watch_signals(signals, ending, bot.get()));
    const int code = co_await ending.wait();
    co_return code;
}

asio::awaitable<int> serve(Servers& servers, const Options& options) {
    const auto executor = co_await asio::this_coro::executor;
    TaskGroup tasks(executor, "sandbox");
    Ending ending(executor);
    asio::signal_set signals(executor, SIGTERM, SIGINT);
    std::unique_ptr<ChildProcess> bot;
    tasks.spawn("slack", servers.slack->run());
    tasks.spawn("genie", servers.genie->run());
    tasks.spawn("page", servers.page->run());
    std::exception_ptr failure;
    int code = kFailed;
    try {
        code = co_await attend(servers, options, tasks, ending, signals, bot);
    } catch (...) {
        failure = std::current_exception();
    }
    tasks.cancel();
    co_await tasks.join(Deadline::after(kServersEnd));
    if (failure)
        std::rethrow_exception(failure);
    co_return code;
}

}  // namespace main_detail

}  // namespace genie_slack::sandbox

int main(int argc, char** argv) {
    using namespace genie_slack;
    using namespace genie_slack::sandbox;
    main_detail::Options options;
    CLI::App app(
        "A local look-alike of Slack and Databricks Genie with a chat page, to try genie-slack without either.",
        "genie-slack-sandbox");
    app.set_version_flag("--version", "genie-slack-sandbox " GENIE_SLACK_VERSION);
    const auto* port = app.add_option("--port", options.port, "Port of the chat page (a free one when 8765 is taken)")
                           ->capture_default_str();
    app.add_option("--slack-port", options.slack_port, "Port of the local Slack; 0: any free one")
        ->capture_default_str();
    app.add_option("--genie-port", options.genie_port, "Port of the local Genie; 0: any free one")
        ->capture_default_str();
    app.add_option("--spaces", options.spaces, "Number of Genie spaces")
        ->check(CLI::Range(1, 300))
        ->capture_default_str();
    app.add_option("--status-ms", options.status_ms, "How long a question stays in each status, in milliseconds")
        ->check(CLI::Range(0, 600000))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Seed of what is random")->capture_default_str();
    app.add_option("--today", options.today, "Day that ends the sample data (else: today)")->check(main_detail::is_day);
    auto* share = app.add_option("--rate-share", options.rate_share,
                                 "How much of Slack's documented rate limits the local Slack allows; less is tighter")
                      ->check(CLI::Range(0.01, 100.0))
                      ->capture_default_str();
    app.add_flag("--no-rate-limits", options.no_rate_limits, "The local Slack limits no rates")->excludes(share);
    app.add_flag("--print-env", options.print_env, "Print the settings for a bot as NAME=VALUE lines");
    app.add_option("--env-file", options.env_file, "Write the same lines to this file once everything listens");
    app.add_option("--bot", options.bot, "Start this program with those settings, and end when it ends");
    app.add_option("--bot-log", options.bot_log, "File for what the bot logs (else: standard error)");
    app.add_option("--bot-argument", options.bot_arguments, "Argument for the bot; may be given several times");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : main_detail::kUsage;
    }
    options.port_given = port->count() > 0;

    boost::asio::io_context context(1);
    int code = main_detail::kFailed;
    try {
        auto servers = main_detail::open_servers(context.get_executor(), options);
        bool ended = false;
        std::exception_ptr failure;
        boost::asio::co_spawn(context, main_detail::serve(servers, options), [&](std::exception_ptr error, int result) {
            failure = error;
            code = result;
            ended = true;
        });
        while (!ended && context.run_one() > 0) {
        }
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        std::cerr << "genie-slack-sandbox: " << error.what() << "\n";
        return main_detail::kFailed;
    }
    return code;
}
