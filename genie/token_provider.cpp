#include "genie/token_provider.hpp"

#include "core/log.hpp"
#include "core/net/backoff.hpp"
#include "core/task_group.hpp"
#include "genie/credential_metric.hpp"
#include "genie/oauth.hpp"
#include "genie/token_cache.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>

namespace genie_slack::genie {

namespace asio = boost::asio;

namespace token_provider_detail {

// One flight, with all its requests and repeats, may take this long. Callers wait as long as their own deadlines allow.
constexpr Duration kFlightTime = std::chrono::seconds(60);
constexpr Duration kExchangeTime = std::chrono::seconds(15);
constexpr Duration kDiscoveryTime = std::chrono::seconds(5);

using TokenResult = Result<Secret, TokenError>;

class PatProvider final : public TokenProvider {
 public:
    explicit PatProvider(Secret token) : token_(std::move(token)) {}

    asio::awaitable<TokenResult> token(Deadline) override { co_return token_; }
    // There is no other one: the caller sees the same token and gives up.
    void invalidate(const Secret&) override {}
    asio::awaitable<void> stop(Deadline) override { co_return; }

 private:
    Secret token_;
};

// One fetch of a token and who waits for it.
struct Flight {
    bool ended = false;
    TokenResult result = TokenError();
    std::list<Timer*> waiting;
};

class Waiting {
 public:
    Waiting(Flight& flight, Timer& timer)
        : flight_(flight), position_(flight.waiting.insert(flight.waiting.end(), &timer)) {}
    ~Waiting() { flight_.waiting.erase(position_); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

 private:
    Flight& flight_;
    std::list<Timer*>::iterator position_;
};

class OauthProvider final : public TokenProvider {
 public:
    OauthProvider(asio::any_io_executor executor, net::HttpClient& http, AuthConfig config)
        : http_(http), config_(std::move(config)), tasks_(std::move(executor), "token") {}

    asio::awaitable<TokenResult> token(Deadline deadline) override {
        switch (cache_.need(Clock::now())) {
            case TokenCache::Need::none:
                co_return cache_.token();
            case TokenCache::Need::background:
                start_flight();
                co_return cache_.token();
            case TokenCache::Need::blocking:
                break;
        }
        start_flight();
        // This keeps the flight alive: when it ends, flight_ goes on to the next one.
        const std::shared_ptr<Flight> flight = flight_;
        const auto cancellation = co_await asio::this_coro::cancellation_state;
        while (!flight->ended) {
            if (cancellation.cancelled() != asio::cancellation_type::none)
                co_return TokenError(TokenFault::cancelled, "waiting for a Databricks token was cancelled");
            if (deadline.expired())
                co_return TokenError(
                    TokenFault::timeout,
                    "no Databricks token in time" + (last_failure_.empty() ? std::string() : ": " + last_failure_));
            co_await wait_for(*flight, deadline);
        }
        co_return flight->result;
    }

    void invalidate(const Secret& refused) override { cache_.refused(refused); }

    asio::awaitable<void> stop(Deadline deadline) override {
        tasks_.cancel();
        co_await tasks_.join(deadline);
    }

 private:
    static asio::awaitable<void> wait_for(Flight& flight, Deadline deadline) {
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_at(deadline.time());
        VirtualWait wait(deadline.time());
        Waiting waiting(flight, timer);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    void start_flight() {
        if (flight_ && !flight_->ended)
            return;
        flight_ = std::make_shared<Flight>();
        tasks_.spawn("refresh", fly(flight_));
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
        for (Timer* timer : flight.waiting)
            timer->cancel();
    }

    asio::awaitable<void> fetch(Flight& flight) {
        flight.result = TokenError(TokenFault::cancelled, "fetching a Databricks token was cancelled");
        const Deadline deadline = Deadline::after(kFlightTime);
        net::BackoffLimits limits;
        limits.cap = std::chrono::seconds(10);
        net::Backoff backoff(limits);
        for (;;) {
            auto minted = co_await mint(deadline);
            if (minted) {
                cache_.store(minted->token, minted->life, Clock::now());
                last_failure_.clear();
                flight.result = minted->token;
                log::debug("genie.token.refreshed",
                           {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(minted->life).count()}});
                co_return;
            }
            const MintFailure& failure = minted.error();
            last_failure_ = failure.error.message;
            const Duration wait = backoff.next(random_, failure.retry_after);
            if (!failure.transient || wait >= deadline.remaining()) {
                cache_.failed(Clock::now());
                flight.result = failure.error;
                if (failure.error.fault != TokenFault::cancelled) {
                    kCredentialFailures.add({"workspace", failure.transient ? "unavailable" : "refused"});
                    log::warn("genie.token.failed", {{"error", failure.error.message}});
                }
                co_return;
            }
            co_await sleep_for(wait);
        }
    }

    asio::awaitable<Result<MintedToken, MintFailure>> mint(Deadline deadline) {
        std::string endpoint = token_endpoint_;
        if (endpoint.empty()) {
            auto found = co_await discover(deadline);
            if (!found)
                co_return found.error();
            endpoint = *found;
        }
        // Anew for each exchange, since who issues it replaces it.
        const auto subject = subject_token(config_);
        if (!subject)
            co_return subject.error();
        auto request = token_request(endpoint, config_, *subject);
        auto response = co_await http_.send(std::move(request), deadline.sooner(kExchangeTime));
        if (!response)
            co_return mint_failure(response.error(), config_);
        auto minted = minted_token(*response, config_, *subject);
        // A discovered endpoint that works is kept; one that does not is looked up again.
        token_endpoint_ = minted ? endpoint : std::string();
        co_return minted;
    }

    // Discovery is a help, not a condition: whatever it lacks is guessed as the SDKs do. Only when the host cannot be
    // reached at all there is no use in guessing on.
    asio::awaitable<Result<std::string, MintFailure>> discover(Deadline deadline) {
        const std::string usual = config_.host + "/oidc";
        std::string provider;
        auto config_request = workspace_config_request(config_);
        auto config_answer = co_await http_.send(std::move(config_request), deadline.sooner(kDiscoveryTime));
        if (config_answer)
            provider = oidc_endpoint(config_.host, *config_answer);
        else if (!is_answer(config_answer.error()))
            co_return mint_failure(config_answer.error(), config_);

        std::vector<std::string> bases;
        if (!provider.empty())
            bases.push_back(provider);
        if (provider != usual)
            bases.push_back(usual);
        for (const std::string& base : bases) {
            auto request = authorization_server_request(base, config_);
            auto answer = co_await http_.send(std::move(request), deadline.sooner(kDiscoveryTime));
            if (!answer && answer.error().fault == net::NetFault::cancelled)
                co_return mint_failure(answer.error(), config_);
            std::string found = answer ? token_endpoint(config_.host, *answer) : "";
            if (!found.empty())
                co_return found;
        }
        co_return usual + "/v1/token";
    }

    // The peer did answer, although not as we hoped.
    static bool is_answer(const net::NetError& error) {
        switch (error.fault) {
            case net::NetFault::redirect:
            case net::NetFault::protocol:
            case net::NetFault::too_large:
            case net::NetFault::timeout:
            case net::NetFault::io:
            case net::NetFault::closed:
            case net::NetFault::upgrade:
                return true;
            case net::NetFault::cancelled:
            case net::NetFault::not_allowed:
            case net::NetFault::resolve:
            case net::NetFault::connect:
            case net::NetFault::tls:
                return false;
        }
        return false;
    }

    net::HttpClient& http_;
    const AuthConfig config_;
    TokenCache cache_;
    std::string token_endpoint_;
    std::string last_failure_;
    std::shared_ptr<Flight> flight_;
    Random random_;
    TaskGroup tasks_;
};

}  // namespace token_provider_detail

std::unique_ptr<TokenProvider> create_token_provider(asio::any_io_executor executor, net::HttpClient& http,
                                                     AuthConfig config) {
    if (config.auth_type != "pat")
        return std::make_unique<token_provider_detail::OauthProvider>(std::move(executor), http, std::move(config));
    return std::make_unique<token_provider_detail::PatProvider>(std::move(config.token));
}

}  // namespace genie_slack::genie
