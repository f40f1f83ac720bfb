// The real client over real sockets against the local look-alike of Databricks.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "genie/client.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace genie_slack::test {

class GenieFixture {
 public:
    enum class SignIn { pat, m2m };

    explicit GenieFixture(SignIn sign_in = SignIn::pat, sandbox::GenieOptions server_options = quick())
        : resolver_(context.get_executor()),
          http_(net::create_http_client(context.get_executor(), net::create_tls_context(), resolver_)),
          tasks_(context.get_executor(), "servers"),
          server_(sandbox::create_genie_server(context.get_executor(), std::move(server_options))) {
        tasks_.spawn("genie", server_->run());
        genie::AuthConfig auth;
        auth.host = server_->host();
        auth.source = "environment";
        if (sign_in == SignIn::pat) {
            auth.auth_type = "pat";
            auth.token = Secret(server_->options().token);
        } else {
            auth.auth_type = "oauth-m2m";
            auth.client_id = server_->options().client_id;
            auth.client_secret = Secret(server_->options().client_secret);
        }
        options.host = server_->host();
        options.poll_schedule = {std::chrono::milliseconds(20)};
        options.poll_cap = std::chrono::milliseconds(50);
        options.retry_first = std::chrono::milliseconds(10);
        options.retry_cap = std::chrono::milliseconds(50);
        tokens_ = genie::create_token_provider(context.get_executor(), *http_, std::move(auth));
    }
    ~GenieFixture() {
        run(tokens_->stop(soon()));
        http_->close_idle();
        tasks_.cancel();
        run(tasks_.join(soon()));
    }

    // Statuses last some milliseconds, so that polls see several of them.
    static sandbox::GenieOptions quick() {
        sandbox::GenieOptions server_options;
        server_options.status_time = std::chrono::milliseconds(15);
        return server_options;
    }

    static Deadline soon() { return Deadline::after(std::chrono::seconds(30)); }
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(context, std::move(task), std::chrono::seconds(60));
    }

    sandbox::GenieServer& server() { return *server_; }
    sandbox::GenieFaults& faults() { return server_->faults(); }
    net::HttpClient& http() { return *http_; }
    genie::TokenProvider& tokens() { return *tokens_; }
    genie::Client& client() {
        if (!client_)
            client_ = genie::create_client(*http_, *tokens_, random_, options);
        return *client_;
    }
    std::string space() const { return server_->space_ids().at(0); }

    // The next call whose "METHOD /path" contains `path` meets this.
    sandbox::GenieFaults::CallFault& fail(std::string path, int status = 0, int times = 1) {
        sandbox::GenieFaults::CallFault fault;
        fault.path = std::move(path);
        fault.http_status = status;
        fault.times = times;
        faults().calls.push_back(std::move(fault));
        return faults().calls.back();
    }
    std::size_t calls(std::string_view method_and_path) const {
        std::size_t count = 0;
        for (const auto& call : server_->calls())
            count += (call.method + " " + call.path).find(method_and_path) != std::string::npos;
        return count;
    }

    genie::GenieResult<genie::Message> start(const std::string& question = "Top 5 customers by revenue in 2025") {
        return run(client().start_conversation(space(), question, soon()));
    }
    genie::GenieResult<genie::Message> wait(const genie::Message& asked, Deadline deadline = soon()) {
        return run(client().wait_for_answer(asked.space_id, asked.conversation_id, asked.id, {}, deadline));
    }
    // Asks and waits; `outcome` as in GenieFaults::outcomes.
    genie::GenieResult<genie::Message> answer(const std::string& outcome = "") {
        faults().outcomes.push_back(outcome);
        auto asked = start();
        if (!asked)
            return asked;
        return wait(*asked);
    }
    genie::GenieResult<genie::ResultTable> result_of(const genie::Message& message, Deadline deadline = soon()) {
        const auto query = genie::select_answer(message).query;
        return run(client().query_result(message.space_id, message.conversation_id, message.id,
                                         query ? query->id : "none", deadline));
    }
    genie::GenieResult<genie::ResultTable> execute(const genie::Message& message) {
        const auto query = genie::select_answer(message).query;
        return run(client().execute_query(message.space_id, message.conversation_id, message.id,
                                          query ? query->id : "none", soon()));
    }

    boost::asio::io_context context{1};
    genie::ClientOptions options;  // until client() is called first

 private:
    net::Resolver resolver_;
    std::unique_ptr<net::HttpClient> http_;
    TaskGroup tasks_;
    std::unique_ptr<sandbox::GenieServer> server_;
    std::unique_ptr<genie::TokenProvider> tokens_;
    Random random_{11};
    std::unique_ptr<genie::Client> client_;
};

}  // namespace genie_slack::test
