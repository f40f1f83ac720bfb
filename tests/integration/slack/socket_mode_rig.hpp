// A Socket Mode client against the local Slack, over real sockets on one event loop.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "slack/api/web_api.hpp"
#include "slack/socket/socket_mode.hpp"
#include "tests/support/run.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::slack::socket_mode_test {

namespace asio = boost::asio;

// Times short enough for a test, long enough for a loaded machine: what is not under test must not happen.
inline SocketModeOptions quick(int connections = 1) {
    SocketModeOptions options;
    options.connections = connections;
    options.backoff_first = std::chrono::milliseconds(50);
    options.backoff_cap = std::chrono::milliseconds(400);
    options.drain_time = std::chrono::milliseconds(400);
    options.close_timeout = std::chrono::seconds(2);
    return options;
}

class Rig {
 public:
    explicit Rig(SocketModeOptions options = quick(), sandbox::SlackOptions slack_options = {},
                 const std::function<std::string(std::string)>& base_url = {})
        : tasks_(context_.get_executor(), "test"), resolver_(context_.get_executor()), random_(7) {
        slack = sandbox::create_slack_server(context_.get_executor(), std::move(slack_options));
        auto tls = net::create_tls_context();
        http_ = net::create_http_client(context_.get_executor(), tls, resolver_);
        WebApiOptions api_options;
        api_options.base_url = base_url ? base_url(slack->api_url()) : slack->api_url();
        api_options.bot_token = Secret(slack->options().bot_token);
        api_options.app_token = Secret(slack->options().app_token);
        api_ = create_web_api(context_.get_executor(), *http_, std::move(api_options));
        EnvelopeHandler handler = [this](Payload payload) { return handle(std::move(payload)); };
        client = create_socket_mode(context_.get_executor(), *api_, tls, resolver_, random_, std::move(options),
                                    std::move(handler));
        tasks_.spawn("slack", slack->run());
    }
    ~Rig() {
        tasks_.cancel();
        http_->close_idle();
        try {
            test::run(context_, tasks_.join(Deadline::after(std::chrono::seconds(15))));
        } catch (const std::exception&) {
        }
    }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    void start() { tasks_.spawn("client", run_client()); }
    bool until(const std::function<bool()>& done, Duration limit = test::patience(std::chrono::seconds(20))) {
        return test::run_until(context_, done, limit);
    }
    // True when `wrong` stays false for so long.
    bool stays(const std::function<bool()>& wrong, Duration duration) { return !until(wrong, duration); }
    bool connected(int count = 1) {
        return until([&] { return client->status().connected == count; });
    }
    void stop(Duration limit) { test::run(context_, client->stop(Deadline::after(limit))); }

    // Sends a message event; the envelope id.
    std::string say(const std::string& text, int connection = 0, const std::string& event_id = "",
                    int retry_attempt = 0) {
        boost::json::object event{{"type", "message"}, {"channel", "C1"}, {"channel_type", "channel"},
                                  {"user", "U1"},      {"text", text},    {"ts", "1700000000.000100"}};
        return slack->send_event(std::move(event), connection, event_id, retry_attempt);
    }
    std::vector<sandbox::SlackAck> acks_of(const std::string& envelope_id) const {
        std::vector<sandbox::SlackAck> found;
        for (const auto& ack : slack->acks())
            if (ack.envelope_id == envelope_id)
                found.push_back(ack);
        return found;
    }
    bool acked(const std::string& envelope_id) {
        return until([&] { return !acks_of(envelope_id).empty(); });
    }
    std::vector<sandbox::SlackCall> opens() const { return slack->calls_of("apps.connections.open"); }
    bool heard(const std::string& text) const { return std::find(texts.begin(), texts.end(), text) != texts.end(); }

    std::unique_ptr<sandbox::SlackServer> slack;
    std::unique_ptr<SocketMode> client;
    // What the handler does, and what it got.
    Duration handler_delay{};
    Ack answer = Ack::plain();
    std::vector<std::string> texts;
    std::vector<int> retries;
    // How run() ended: "" for success, else the error text.
    std::optional<std::string> outcome;

 private:
    asio::awaitable<void> run_client() {
        auto running = client->run();
        auto result = co_await std::move(running);
        outcome = result.has_error() ? result.error().message : std::string();
    }

    asio::awaitable<Ack> handle(Payload payload) {
        if (const auto* event = std::get_if<Event>(&payload)) {
            retries.push_back(event->retry_attempt);
            if (const auto* message = std::get_if<MessageEvent>(&event->body))
                texts.push_back(message->text);
        }
        if (handler_delay > Duration::zero())
            co_await sleep_for(handler_delay);
        co_return answer;
    }

    asio::io_context context_;
    TaskGroup tasks_;
    net::Resolver resolver_;
    Random random_;
    std::unique_ptr<net::HttpClient> http_;
    std::unique_ptr<WebApi> api_;
};

}  // namespace genie_slack::slack::socket_mode_test
