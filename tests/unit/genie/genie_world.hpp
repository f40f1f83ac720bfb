// A Genie client over scripted HTTP on virtual time.
#pragma once

#include "genie/client.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::test {

// Hands out "token-1", "token-2", ...: a new one after every refusal, unless `fixed`.
class CountingTokens final : public genie::TokenProvider {
 public:
    boost::asio::awaitable<Result<Secret, genie::TokenError>> token(Deadline) override {
        if (failure)
            co_return *failure;
        co_return Secret("token-" + std::to_string(fixed ? 1 : generation));
    }
    void invalidate(const Secret&) override { ++generation; }
    boost::asio::awaitable<void> stop(Deadline) override { co_return; }

    int generation = 1;
    bool fixed = false;
    std::optional<genie::TokenError> failure;
};

struct GenieWorld {
    GenieWorld() {
        options.host = "https://workspace.example.com/";
        options.user_agent = "genie-slack/9.9.9";
        options.poll_jitter = 0;
    }
    genie::Client& client() {
        if (!made)
            made = genie::create_client(http, tokens, random, options);
        return *made;
    }
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(time, context, std::move(task));
    }
    static Deadline in(Duration duration) { return Deadline::after(duration); }

    VirtualTime time;
    boost::asio::io_context context;
    ScriptedHttp http;
    CountingTokens tokens;
    Random random{7};
    genie::ClientOptions options;
    std::unique_ptr<genie::Client> made;
};

}  // namespace genie_slack::test
