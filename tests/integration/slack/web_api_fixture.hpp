// The real Web API client over real sockets against the local Slack.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "slack/api/web_api.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <utility>

namespace genie_slack::test {

class WebApiFixture {
 public:
    explicit WebApiFixture(sandbox::SlackOptions server_options = {}, slack::WebApiOptions options = quick())
        : resolver_(context.get_executor()),
          http_(net::create_http_client(context.get_executor(), net::create_tls_context(), resolver_)),
          tasks(context.get_executor(), "test"),
          server_(sandbox::create_slack_server(context.get_executor(), std::move(server_options))) {
        tasks.spawn("slack", server_->run());
        options.base_url = server_->api_url();
        options.bot_token = Secret(server_->options().bot_token);
        options.app_token = Secret(server_->options().app_token);
        api_ = slack::create_web_api(context.get_executor(), *http_, std::move(options));
        channel = server_->channels().at(0).id;
        user = server_->users().at(0).id;
    }
    ~WebApiFixture() {
        run(api_->flush(soon()));
        http_->close_idle();
        tasks.cancel();
        run(tasks.join(soon()));
    }

    static slack::WebApiOptions quick() {
        slack::WebApiOptions options;
        options.update_interval = std::chrono::milliseconds(200);
        return options;
    }
    static Deadline soon() { return Deadline::after(std::chrono::seconds(30)); }

    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(context, std::move(task), std::chrono::seconds(60));
    }
    bool until(const std::function<bool()>& done) { return test::run_until(context, done); }

    slack::OutgoingMessage message(std::string text) const { return slack::OutgoingMessage(channel, std::move(text)); }
    slack::ApiResult<slack::Posted> post(std::string text) { return run(api().post_message(message(text), soon())); }

    // The next calls of `method` meet this.
    sandbox::SlackFaults::CallFault& fail(std::string method, int http_status = 0, int times = 1) {
        sandbox::SlackFaults::CallFault fault;
        fault.method = std::move(method);
        fault.http_status = http_status;
        fault.times = times;
        server_->faults().calls.push_back(std::move(fault));
        return server_->faults().calls.back();
    }

    sandbox::SlackServer& server() { return *server_; }
    slack::WebApi& api() { return *api_; }

    boost::asio::io_context context{1};
    std::string channel;
    std::string user;

 private:
    net::Resolver resolver_;
    std::unique_ptr<net::HttpClient> http_;

 public:
    TaskGroup tasks;

 private:
    std::unique_ptr<sandbox::SlackServer> server_;
    std::unique_ptr<slack::WebApi> api_;
};

}  // namespace genie_slack::test
