#include "genie/database_credentials.hpp"

#include "core/log.hpp"
#include "core/net/condition.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "genie/credential_metric.hpp"
#include "genie/database_api.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace genie_slack::genie {

namespace asio = boost::asio;

namespace database_credentials_detail {

using CredentialResult = Result<DatabaseCredential, CredentialError>;

// A login that starts with the credential may take this long.
constexpr Duration kLoginTime = std::chrono::seconds(15);
// A credential is taken to live this long when the answer does not say it.
constexpr Duration kAssumedLife = std::chrono::minutes(10);
// An answer that is expired by our clock serves for this long: the database's clock decides, not ours.
constexpr Duration kExpiredLife = std::chrono::minutes(1);
// After a failed refresh the old credential goes on serving before the next try.
constexpr Duration kFailurePause = std::chrono::seconds(20);
constexpr Duration kHostPause = std::chrono::seconds(2);

ClientOptions api_options(const DatabaseCredentialOptions& options) {
    ClientOptions api;
    api.host = options.workspace.host;
    api.workspace_id = options.workspace.workspace_id;
    api.user_agent = options.user_agent;
    api.call_timeout = options.call_timeout;
    api.retry_first = options.retry_first;
    api.retry_cap = options.retry_cap;
    return api;
}

CredentialError cancelled() {
    return CredentialError(CredentialFault::cancelled, "waiting for a database credential was cancelled");
}

class FixedPassword final : public DatabaseCredentials {
 public:
    explicit FixedPassword(Secret password) : password_(std::move(password)) {}

    asio::awaitable<CredentialResult> get(Deadline) override { co_return DatabaseCredential(password_); }
    bool invalidate() override { return false; }
    asio::awaitable<void> stop(Deadline) override { co_return; }

 private:
    Secret password_;
};

// The rule of invalidate(): a credential that was forced is not forced again before it has an age.
class ForceRule {
 public:
    explicit ForceRule(Duration minimum_age) : minimum_age_(minimum_age) {}

    bool may_force(TimePoint now) const { return !forced_ || now >= since_ + minimum_age_; }
    void got_new(bool forced, TimePoint now) {
        forced_ = forced;
        since_ = now;
    }

 private:
    Duration minimum_age_;
    bool forced_ = false;
    TimePoint since_{};
};

class WorkspaceToken final : public DatabaseCredentials {
 public:
    WorkspaceToken(TokenProvider& tokens, DatabaseCredentialOptions options)
        : tokens_(tokens), options_(std::move(options)), rule_(options_.minimum_age) {}

    asio::awaitable<CredentialResult> get(Deadline deadline) override {
        if (options_.workspace.auth_type == "pat")
            co_return token_is_no_password();
        auto token = co_await tokens_.token(deadline);
        if (!token)
            co_return explained(token.error());
        if (*token != last_) {
            last_ = *token;
            rule_.got_new(forced_, Clock::now());
            forced_ = false;
        }
        co_return DatabaseCredential(last_);
    }

    bool invalidate() override {
        if (last_.empty() || forced_)
            return true;
        if (!rule_.may_force(Clock::now()))
            return false;
        forced_ = true;
        tokens_.invalidate(last_);
        return true;
    }

    asio::awaitable<void> stop(Deadline) override { co_return; }

 private:
    static CredentialError explained(const TokenError& error) {
        const std::string text = "no OAuth token to log in to the database with: " + error.message;
        switch (error.fault) {
            case TokenFault::refused:
                return CredentialError(CredentialFault::refused, text);
            case TokenFault::configuration:
            case TokenFault::network:
                return CredentialError(CredentialFault::configuration, text);
            case TokenFault::unavailable:
                return CredentialError(CredentialFault::unavailable, text);
            case TokenFault::timeout:
                return CredentialError(CredentialFault::timeout, text);
            case TokenFault::cancelled:
                return CredentialError(CredentialFault::cancelled, text);
        }
        return CredentialError(CredentialFault::unavailable, text);
    }

    TokenProvider& tokens_;
    const DatabaseCredentialOptions options_;
    ForceRule rule_;
    Secret last_;
    bool forced_ = false;
};

// The life of a credential that was issued. It is pure: time is a parameter.
class CredentialCache {
 public:
    enum class Need { none, background, blocking };

    explicit CredentialCache(const DatabaseCredentialOptions& options) : options_(options) {}

    Need need(TimePoint now, WallTime wall) const {
        if (current_.password.empty() || forced_ || now >= usable_until_)
            return Need::blocking;
        // The steady clock stands still while a machine sleeps.
        if (current_.expires && !was_expired_ && wall >= *current_.expires)
            return Need::blocking;
        return now >= refresh_from_ && now >= next_try_ ? Need::background : Need::none;
    }

    void store(DatabaseCredential credential, bool forced, TimePoint now, WallTime wall) {
        current_ = std::move(credential);
        Duration life = current_.expires ? Duration(*current_.expires - wall) : kAssumedLife;
        was_expired_ = life <= Duration::zero();
        if (was_expired_)
            life = kExpiredLife;
        const auto share = std::chrono::duration_cast<Duration>(life * options_.early_share);
        refresh_from_ = now + life - std::min(options_.early, share);
        usable_until_ = std::max(refresh_from_, now + life - std::min(kLoginTime, share));
        next_try_ = now;
        rule_.got_new(forced, now);
        forced_ = false;
    }

    void failed(TimePoint now) { next_try_ = now + kFailurePause; }

    bool force(TimePoint now) {
        if (current_.password.empty() || forced_)
            return true;
        if (!rule_.may_force(now))
            return false;
        forced_ = true;
        return true;
    }

    // There is no newer one to be had: the old one serves on, if it has time left.
    bool keep(TimePoint now) {
        if (current_.password.empty() || now >= usable_until_)
            return false;
        forced_ = false;
        return true;
    }

    const DatabaseCredential& current() const { return current_; }
    bool was_expired() const { return was_expired_; }
    bool forced() const { return forced_; }

 private:
    const DatabaseCredentialOptions& options_;
    DatabaseCredential current_;
    TimePoint refresh_from_{};
    TimePoint usable_until_{};
    TimePoint next_try_{};
    ForceRule rule_{options_.minimum_age};
    bool was_expired_ = false;
    bool forced_ = false;
};

// One fetch and who waits for it.
struct Flight {
    bool ended = false;
    CredentialResult result = CredentialError();
    net::Condition landed;
};

class IssuedCredential final : public DatabaseCredentials {
 public:
    IssuedCredential(asio::any_io_executor executor, net::HttpClient& http, TokenProvider& tokens,
                     DatabaseCredentialOptions options)
        : options_(std::move(options)),
          api_options_(api_options(options_)),
          api_(http, tokens, random_, api_options_),
          cache_(options_),
          tasks_(std::move(executor), "database credential") {}

    asio::awaitable<CredentialResult> get(Deadline deadline) override {
        switch (cache_.need(Clock::now(), wall_now())) {
            case CredentialCache::Need::none:
                co_return cache_.current();
            case CredentialCache::Need::background:
                start_flight();
                co_return cache_.current();
            case CredentialCache::Need::blocking:
                break;
        }
        start_flight();
        // This keeps the flight alive: when it ends, flight_ goes on to the next one.
        const std::shared_ptr<Flight> flight = flight_;
        try {
            while (!flight->ended && !deadline.expired())
                co_await flight->landed.wait(deadline);
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::operation_aborted)
                throw;
            co_return cancelled();
        }
        if (!flight->ended)
            co_return CredentialError(
                CredentialFault::timeout,
                "no database credential in time" + (last_failure_.empty() ? "" : ": " + last_failure_));
        co_return flight->result;
    }

    bool invalidate() override { return cache_.force(Clock::now()); }

    asio::awaitable<void> stop(Deadline deadline) override {
        tasks_.cancel();
        co_await tasks_.join(deadline);
    }

 private:
    void start_flight() {
        if (flight_ && !flight_->ended)
            return;
        flight_ = std::make_shared<Flight>();
        flight_->result = cancelled();
        tasks_.spawn("fetch", fly(flight_));
    }

    // Waiters must not hang when the task is cancelled or throws. (No destructor does it: it would also run when the
    // io_context is destroyed, and touch timers then.)
    asio::awaitable<void> fly(std::shared_ptr<Flight> flight) {
        try {
            co_await fetch(*flight);
        } catch (...) {
            land(*flight);
            throw;
        }
        land(*flight);
    }

    static void land(Flight& flight) {
        flight.ended = true;
        flight.landed.notify_all();
    }

    asio::awaitable<void> fetch(Flight& flight) {
        const bool forced = cache_.forced();
        auto answer =
            co_await api_.call(credential_call(options_.source, random_.uuid()), Deadline::after(options_.flight_time));
        if (answer)
            flight.result = credential_of(options_, *answer);
        else
            flight.result = credential_error(options_, answer.error());
        if (flight.result) {
            last_failure_.clear();
            cache_.store(*flight.result, forced, Clock::now(), wall_now());
            tell();
            co_return;
        }
        cache_.failed(Clock::now());
        const CredentialFault fault = flight.result.error().fault;
        if (fault == CredentialFault::cancelled)
            co_return;
        last_failure_ = flight.result.error().message;
        const bool is_away = fault == CredentialFault::unavailable || fault == CredentialFault::timeout;
        kCredentialFailures.add({"database", is_away ? "unavailable" : "refused"});
        log::warn("database.credential.failed", {{"fault", to_string(fault)}, {"error", last_failure_}});
        // The login may have been refused for another reason than the credential.
        if (forced && fault == CredentialFault::unavailable && cache_.keep(Clock::now()))
            flight.result = cache_.current();
    }

    void tell() const {
        const auto& expires = cache_.current().expires;
        if (cache_.was_expired())
            log::warn("database.credential.expired",
                      {{"expires", format_utc(*expires)},
                       {"error",
                        "the workspace issued a credential that is expired by this machine's clock: check the "
                        "clock"}});
        else
            log::debug("database.credential.issued", {{"expires", expires ? format_utc(*expires) : "unknown"}});
    }

    const DatabaseCredentialOptions options_;
    const ClientOptions api_options_;
    Random random_;
    Api api_;
    CredentialCache cache_;
    std::string last_failure_;
    std::shared_ptr<Flight> flight_;
    TaskGroup tasks_;
};

}  // namespace database_credentials_detail

std::unique_ptr<DatabaseCredentials> create_database_credentials(asio::any_io_executor executor, net::HttpClient& http,
                                                                 TokenProvider& tokens,
                                                                 DatabaseCredentialOptions options) {
    if (!options.source.password.empty())
        return std::make_unique<database_credentials_detail::FixedPassword>(options.source.password);
    if (options.source.lakebase_endpoint.empty() && options.source.database_instance.empty())
        return std::make_unique<database_credentials_detail::WorkspaceToken>(tokens, std::move(options));
    return std::make_unique<database_credentials_detail::IssuedCredential>(std::move(executor), http, tokens,
                                                                           std::move(options));
}

asio::awaitable<Result<std::string, CredentialError>> resolve_database_host(net::HttpClient& http,
                                                                            TokenProvider& tokens,
                                                                            DatabaseCredentialOptions options,
                                                                            Deadline deadline) {
    if (options.source.lakebase_endpoint.empty() && options.source.database_instance.empty())
        co_return CredentialError(CredentialFault::configuration,
                                  "PGHOST is not set, and neither LAKEBASE_ENDPOINT nor "
                                  "DATABASE_INSTANCE tells the database's host");
    const ClientOptions client = database_credentials_detail::api_options(options);
    Random random;
    Api api(http, tokens, random, client);
    for (;;) {
        ApiCall call = host_call(options.source);
        auto answer = co_await api.call(std::move(call), deadline);
        if (!answer)
            co_return host_error(options, answer.error());
        auto host = host_of(options.source, *answer);
        if (!host || !host->empty())
            co_return host;
        if (deadline.remaining() <= database_credentials_detail::kHostPause)
            co_return CredentialError(CredentialFault::unavailable,
                                      "the database has no host yet: it is still being created or started");
        const bool go_on = co_await Api::pause(database_credentials_detail::kHostPause);
        if (!go_on)
            co_return database_credentials_detail::cancelled();
    }
}

}  // namespace genie_slack::genie
