// Long because it wires every part to every other, in the order in which they need each other.
#include "app/service.hpp"

#include "app/database_access.hpp"
#include "app/ops/gauges.hpp"
#include "app/ops/health.hpp"
#include "app/ops/status_page.hpp"
#include "app/relay/relay.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/net/backoff.hpp"
#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "genie/client.hpp"
#include "genie/rate_limit.hpp"
#include "genie/token_provider.hpp"
#include "slack/api/web_api.hpp"
#include "slack/socket/socket_mode.hpp"
#include "storage/lakebase_storage.hpp"
#include "storage/memory_storage.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace genie_slack {

namespace asio = boost::asio;

namespace {

constexpr Duration kShutdownTime = std::chrono::seconds(13);  // the whole of it must stay below 15 s
constexpr Duration kCloseTime = std::chrono::seconds(3);
constexpr Duration kCheckTime = std::chrono::seconds(3);
constexpr Duration kFirstCallTime = std::chrono::seconds(20);
constexpr Duration kLogTime = std::chrono::seconds(10);  // how late a line about repeated ones may be
constexpr Duration kStorageStart = std::chrono::seconds(30);

slack::WebApiOptions slack_options(const Config& config) {
    slack::WebApiOptions options;
    options.base_url = config.slack_api_url;
    options.bot_token = config.slack_bot_token;
    options.app_token = config.slack_app_token;
    return options;
}

net::HttpClientOptions http_options(const Config& config, const std::string& user_agent) {
    net::HttpClientOptions options;
    options.user_agent = user_agent;
    options.proxy = config.proxy;
    return options;
}

relay::SpaceDirectoryOptions space_options(const Config& config) {
    relay::SpaceDirectoryOptions options;
    options.allowed = config.genie_space_ids;
    return options;
}

relay::PeopleOptions people_options(const Config& config) {
    relay::PeopleOptions options;
    options.language = config.language;
    return options;
}

std::set<std::string> set_of(const std::vector<std::string>& list) {
    return std::set<std::string>(list.begin(), list.end());
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text.append(text.empty() ? "" : ",").append(name);
    return text;
}

relay::AccessRules access_rules(const Config& config) {
    relay::AccessRules rules;
    rules.teams = set_of(config.allowed_teams);
    rules.channels = set_of(config.allowed_channels);
    rules.users = set_of(config.allowed_users);
    return rules;
}

genie::RateLimitOptions limit_options(const Config& config) {
    genie::RateLimitOptions options;
    options.per_minute = config.genie_questions_per_minute;
    return options;
}

relay::RunnerOptions runner_options(const Config& config, const std::string& process) {
    relay::RunnerOptions options;
    options.question_time = std::chrono::seconds(config.genie_timeout_seconds);
    options.lease_time = std::chrono::seconds(config.database.lease_seconds);
    options.owner = process;
    options.links_only = config.links_only;
    options.streaming = config.streaming;
    options.files.format = config.file_format;
    options.files.csv_form = config.csv_form;
    options.answer_style = config.answer_style;
    return options;
}

relay::RelayOptions relay_options(const Config& config) {
    relay::RelayOptions options;
    options.hand_over = !config.is_local;
    options.thread_replies = config.thread_replies;
    options.private_answers = config.private_answers;
    options.links_only = config.links_only;
    options.admins = set_of(config.admin_users);
    options.recovery_interval =
        std::min(options.recovery_interval, Duration(std::chrono::seconds(config.database.lease_seconds)) / 4);
    return options;
}

slack::SocketModeOptions socket_options(const Config& config, const std::string& user_agent) {
    slack::SocketModeOptions options;
    options.connections = config.slack_connections;
    options.user_agent = user_agent;
    options.proxy = config.proxy;
    return options;
}

storage::MemoryLimits memory_limits(const Config& config) {
    storage::MemoryLimits limits;
    limits.threads = static_cast<std::size_t>(config.memory_threads);
    return limits;
}

// Everything that lives as long as the process serves. Members in the order in which they need each other.
class Service {
 public:
    Service(asio::io_context& context, const Settings& settings, const std::string& version)
        : executor_(context.get_executor()),
          started_(settings),
          current_(settings),
          config_(settings.loaded.config),
          version_(version),
          user_agent_("genie-slack/" + version),
          resolver_(executor_),
          tls_(net::create_tls_context(config_.ca_file)),
          http_(net::create_http_client(executor_, tls_, resolver_, http_options(config_, user_agent_))),
          slack_(slack::create_web_api(executor_, *http_, watched_slack_options())),
          tokens_(genie::create_token_provider(executor_, *http_, config_.databricks)),
          genie_(genie::create_client(*http_, *tokens_, random_, client_options())),
          storage_(create_storage()),
          spaces_(*genie_, space_options(config_)),
          people_(*slack_, people_options(config_)),
          gate_(*slack_, people_, access_rules(config_)),
          examples_(*genie_, *storage_, spaces_, people_),
          limiter_(limit_options(config_)),
          runner_(executor_, *slack_, *genie_, *storage_, spaces_, people_, examples_, gate_, limiter_,
                  runner_options(config_, process_)),
          tasks_(executor_, "service"),
          stop_(executor_) {
        stop_.expires_at(TimePoint::max());
    }

    // Serves until end() is called, then closes everything in good order. The exit code.
    asio::awaitable<int> run();
    // The first call decides the exit code.
    void end(int code);
    // Puts into effect what may change while it serves, for new questions; says in the log what came of it.
    void take_over(Settings next);

 private:
    genie::ClientOptions client_options();
    std::unique_ptr<storage::Storage> create_storage();
    asio::awaitable<void> start_storage();
    asio::awaitable<void> watch_spaces();
    asio::awaitable<void> watch_log();
    asio::awaitable<std::vector<ops::Reason>> not_ready();
    slack::WebApiOptions watched_slack_options();
    static void tell_refused_token(const slack::ApiError& error);
    asio::awaitable<void> look_at_token();
    std::string metrics_text() const;
    std::string page() const;
    asio::awaitable<std::optional<slack::Identity>> sign_in();
    asio::awaitable<void> serve_slack();
    asio::awaitable<void> shut_down(Deadline deadline);

    asio::any_io_executor executor_;
    Settings started_;
    Settings current_;
    Config config_;  // as it is in effect
    TimePoint started_at_ = Clock::now();
    std::string version_;
    std::string user_agent_;
    const std::string process_ = Random().uuid();  // owner of its leases, and name of the lock that shows it lives
    Random random_;
    net::Resolver resolver_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::unique_ptr<net::HttpClient> http_;
    std::unique_ptr<slack::WebApi> slack_;
    std::unique_ptr<genie::TokenProvider> tokens_;
    std::unique_ptr<genie::Client> genie_;
    std::unique_ptr<DatabaseAccess> database_;  // nothing in local mode
    std::unique_ptr<storage::Storage> storage_;
    relay::SpaceDirectory spaces_;
    relay::People people_;
    relay::Gate gate_;
    relay::Examples examples_;
    genie::QuestionLimiter limiter_;
    relay::TurnRunner runner_;
    std::unique_ptr<relay::Relay> relay_;
    std::unique_ptr<slack::SocketMode> socket_;
    std::unique_ptr<net::HttpServer> health_;
    TaskGroup tasks_;
    Timer stop_;
    bool stopping_ = false;
    bool is_token_doubted_ = false;
    int exit_code_ = 0;
    std::string sign_in_problem_ = "not signed in yet";
    std::string storage_problem_ = "not started yet";  // "" once it was
};

genie::ClientOptions Service::client_options() {
    genie::ClientOptions options;
    options.host = config_.databricks.host;
    options.workspace_id = config_.databricks.workspace_id;
    options.user_agent = user_agent_;
    options.visualizations = config_.genie_charts;
    return options;
}

std::unique_ptr<storage::Storage> Service::create_storage() {
    if (config_.is_local)
        return storage::create_memory_storage(memory_limits(config_));
    database_ = std::make_unique<DatabaseAccess>(executor_, *http_, *tokens_, config_, user_agent_);
    storage::LakebaseOptions options = database_->options();
    options.process = process_;
    return storage::create_lakebase_storage(executor_, std::move(options), database_->logins());
}

// A database that is away, or not as it has to be, keeps nobody from Slack: questions are not acknowledged until they
// can be recorded, and an admin may put it right meanwhile.
asio::awaitable<void> Service::start_storage() {
    net::Backoff backoff({std::chrono::seconds(1), std::chrono::seconds(15)});
    for (;;) {
        auto started = co_await storage_->start(Deadline::after(kStorageStart));
        if (started)
            break;
        storage_problem_ = started.error().message;
        const Duration pause = backoff.next(random_);
        log::error("storage.start_failed",
                   {{"error", storage_problem_},
                    {"retry_ms", std::chrono::duration_cast<std::chrono::milliseconds>(pause).count()}});
        co_await sleep_for(pause);
    }
    storage_problem_.clear();
    log::info("storage.ready", {{"local", config_.is_local}, {"process", process_}});
}

asio::awaitable<std::vector<ops::Reason>> Service::not_ready() {
    std::vector<ops::Reason> reasons;
    if (stopping_)
        reasons.emplace_back("process", "shutting down");
    if (!socket_)
        reasons.emplace_back("slack", sign_in_problem_);
    else if (socket_->status().connected == 0)
        reasons.emplace_back("slack", socket_->status().last_error.empty() ? "no Socket Mode connection yet"
                                                                           : socket_->status().last_error);
    auto storage = co_await storage_->check(Deadline::after(kCheckTime));
    const bool is_away = !storage && storage.error().fault != storage::StorageFault::schema;
    if (is_away)
        reasons.emplace_back("storage", storage.error().message);
    else if (!storage && storage_problem_.empty())
        reasons.emplace_back("schema", storage.error().message);
    else if (!storage_problem_.empty())
        reasons.emplace_back("migration", storage_problem_);
    co_return reasons;
}

std::string Service::metrics_text() const {
    ops::Watched watched;
    watched.slack = slack_.get();
    watched.socket = socket_.get();
    watched.relay = relay_.get();
    watched.runner = &runner_;
    watched.limiter = &limiter_;
    ops::read_gauges(watched);
    return metrics::text();
}

std::string Service::page() const {
    ops::Status status;
    const TimePoint now = Clock::now();
    status.version = version_;
    status.age = now - started_at_;
    status.wanted_connections = config_.slack_connections;
    status.connections = socket_ ? socket_->status().connected : 0;
    for (const auto& [state, turns] : runner_.working())
        status.working += turns;
    status.waiting = relay_ ? relay_->status().turns_queued : 0;
    status.hour = runner_.recent().summary(now, std::chrono::hours(1));
    status.day = runner_.recent().summary(now, std::chrono::hours(24));
    status.hours = runner_.recent().by_hour(now);
    return ops::status_page(status);
}

// Finds the spaces before the first question does, and says early when Databricks refuses us.
asio::awaitable<void> Service::watch_spaces() {
    net::Backoff backoff({std::chrono::seconds(5), std::chrono::minutes(5)});
    for (;;) {
        auto spaces = co_await spaces_.list(Deadline::after(kFirstCallTime));
        if (spaces && !spaces->empty())
            co_return;
        if (spaces)
            log::warn("spaces.none", {{"hint",
                                       "no Genie space is visible: grant CAN RUN on a space to the identity of "
                                       "this bot, and check GENIE_SPACE_IDS"}});
        co_await sleep_for(backoff.next(random_));
    }
}

asio::awaitable<void> Service::watch_log() {
    for (;;) {
        co_await sleep_for(kLogTime);
        log::tell_repeats();
    }
}

void Service::tell_refused_token(const slack::ApiError& error) {
    log::error("slack.refused_token",
               {{"error", error.code},
                {"hint",
                 "Slack refuses SLACK_BOT_TOKEN: copy the Bot User OAuth Token of the installed app "
                 "(OAuth & Permissions) and check that it has the scopes of the manifest"}});
}

// auth.test until it answers; nothing when the token is of no use or the process has to stop.
asio::awaitable<std::optional<slack::Identity>> Service::sign_in() {
    net::Backoff backoff;
    for (;;) {
        auto identity = co_await slack_->auth_test(Deadline::after(kFirstCallTime));
        if (identity)
            co_return std::move(*identity);
        const slack::ApiError& error = identity.error();
        sign_in_problem_ = error.to_string();
        if (error.fault == slack::ApiFault::auth || error.fault == slack::ApiFault::not_permitted) {
            tell_refused_token(error);
            co_return std::nullopt;
        }
        const Duration pause = backoff.next(random_, error.retry_after.value_or(Duration::zero()));
        log::warn("slack.sign_in_failed",
                  {{"error", error.to_string()},
                   {"retry_ms", std::chrono::duration_cast<std::chrono::milliseconds>(pause).count()}});
        co_await sleep_for(pause);
    }
}

slack::WebApiOptions Service::watched_slack_options() {
    slack::WebApiOptions options = slack_options(config_);
    options.on_token_refused = [this] {
        if (socket_ && !stopping_ && !std::exchange(is_token_doubted_, true))
            tasks_.spawn("token", look_at_token());
    };
    return options;
}

// Ends the process when Slack says once more that the token is of no use: nothing can be shown to anybody. Turns wait
// for a process with a good one, and what Slack does not see acknowledged it delivers again.
asio::awaitable<void> Service::look_at_token() {
    auto identity = co_await slack_->auth_test(Deadline::after(kFirstCallTime));
    is_token_doubted_ = false;
    if (identity || identity.error().fault != slack::ApiFault::auth)
        co_return;
    tell_refused_token(identity.error());
    end(1);
}

// Ends when Slack is of no use any more, or when shut_down() stops the socket.
asio::awaitable<void> Service::serve_slack() {
    auto identity = co_await sign_in();
    if (!identity) {
        end(1);
        co_return;
    }
    log::info("slack.signed_in", {{"team", identity->team_id},
                                  {"team_name", identity->team},
                                  {"bot_user", identity->user_id},
                                  {"bot", identity->bot_id}});
    relay::Self self;
    self.team = identity->team_id;
    self.user_id = identity->user_id;
    self.bot_id = identity->bot_id;
    self.url = identity->url;
    runner_.introduce(self);
    gate_.introduce(identity->team_id, identity->enterprise_id);
    const relay::Services services{*slack_, *genie_, *storage_};
    const relay::Directory directory{spaces_, people_, gate_, examples_};
    relay_ = std::make_unique<relay::Relay>(executor_, services, directory, runner_, std::move(self),
                                            relay_options(config_));
    slack::EnvelopeHandler handler = [this](slack::Payload payload) { return relay_->handle(std::move(payload)); };
    socket_ = slack::create_socket_mode(executor_, *slack_, tls_, resolver_, random_,
                                        socket_options(config_, user_agent_), std::move(handler),
                                        [this](const slack::Payload& payload) { return relay_->drop(payload); });
    tasks_.spawn("recovery", relay_->recover());
    auto ended = co_await socket_->run();
    if (!ended)
        log::error("slack.gave_up", {{"error", ended.error().message}});
    end(ended ? 0 : 1);
}

asio::awaitable<int> Service::run() {
    if (config_.health_port > 0) {
        ops::Views views;
        views.metrics = [this] { return metrics_text(); };
        views.page = [this] { return page(); };
        health_ = ops::create_health_server(
            executor_, static_cast<std::uint16_t>(config_.health_port), [this] { return not_ready(); },
            std::move(views));
        tasks_.spawn("health", health_->run());
        log::info("health.listening", {{"port", health_->port()}});
    }
    tasks_.spawn("storage", start_storage());
    tasks_.spawn("spaces", watch_spaces());
    tasks_.spawn("log", watch_log());
    tasks_.spawn("slack", serve_slack());
    while (!stopping_) {
        boost::system::error_code ignored;
        co_await stop_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_await shut_down(Deadline::after(kShutdownTime));
    co_return exit_code_;
}

void Service::end(int code) {
    if (!stopping_)
        exit_code_ = code;
    stopping_ = true;
    stop_.cancel();
}

void Service::take_over(Settings next) {
    const SettingsChange change = compare(started_, current_, next);
    if (!change.refused.empty()) {
        log::error("config.not_reloaded", {{"problem", change.refused}});
        return;
    }
    current_ = std::move(next);
    const Config& config = current_.loaded.config;
    config_.admin_users = config.admin_users;
    gate_.use(access_rules(config));
    spaces_.allow(config.genie_space_ids);
    people_.speak(config.language);
    if (relay_)
        relay_->use_admins(set_of(config.admin_users));
    log::set_level(config.log.level);
    log::info("config.reloaded", {{"changed", joined(change.now)}});
    if (!change.at_restart.empty())
        log::warn("config.needs_restart", {{"changed", joined(change.at_restart)}});
}

// No new envelopes, then the running questions, then what waits to be sent; each within its share of the time.
asio::awaitable<void> Service::shut_down(Deadline deadline) {
    log::info("service.stopping");
    if (socket_)
        co_await socket_->stop(deadline.sooner(kCloseTime));
    if (relay_)
        co_await relay_->stop(Deadline::at(deadline.time() - kCloseTime));
    co_await slack_->flush(deadline.sooner(kCloseTime));
    tasks_.cancel();
    co_await tasks_.join(deadline);
    http_->close_idle();
}

// The first signal stops in good order, a second one at once.
asio::awaitable<void> watch_signals(asio::signal_set& signals, Service& service) {
    const int first = co_await signals.async_wait(asio::use_awaitable);
    log::info("signal.received", {{"signal", first}});
    service.end(0);
    co_await signals.async_wait(asio::use_awaitable);
    std::_Exit(1);
}

// Whoever closes the terminal in which it runs wants it to end.
asio::awaitable<void> watch_hangups(asio::signal_set& hangups, Service& service, ReadSettings read_again) {
    const bool had_terminal = ::isatty(STDOUT_FILENO) != 0;
    for (;;) {
        co_await hangups.async_wait(asio::use_awaitable);
        if (had_terminal && ::isatty(STDOUT_FILENO) == 0) {
            service.end(0);
            co_return;
        }
        service.take_over(read_again());
    }
}

}  // namespace

int serve(const Settings& settings, const ReadSettings& read_again, const std::string& version) {
    asio::io_context context(1);
    // Before anything else is started, so that no signal finds the process without a handler.
    asio::signal_set signals(context, SIGTERM, SIGINT);
    asio::signal_set hangups(context, SIGHUP);
    log::info("service.starting", {{"version", version}});
    ops::tell_version(version);
    Service service(context, settings, version);
    int code = 1;
    // The roots of all work: the service, and the signals that end it or change its settings.
    asio::co_spawn(context, watch_signals(signals, service), asio::detached);
    asio::co_spawn(context, watch_hangups(hangups, service, read_again), asio::detached);
    asio::co_spawn(context, service.run(), [&](std::exception_ptr failure, int result) {
        code = failure ? 1 : result;
        if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                log::error("service.failed", {{"error", error.what()}});
            }
        }
        context.stop();
    });
    context.run();
    log::info("service.stopped", {{"code", code}});
    // A look-up that hangs in the system's resolver must not hold the exit: no destructors from here on.
    log::stop();
    std::fflush(nullptr);
    std::_Exit(code);
}

}  // namespace genie_slack
