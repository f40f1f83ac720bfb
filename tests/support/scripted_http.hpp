// An HttpClient that answers by script and remembers what was sent; works on virtual time.
#pragma once

#include "core/net/http_client.hpp"

#include <deque>
#include <string>
#include <vector>

namespace genie_slack::test {

class ScriptedHttp final : public net::HttpClient {
 public:
    struct Sent {
        std::string method;
        std::string url;
        net::Headers headers;
        std::string body;
        TimePoint at{};

        std::string_view header(std::string_view name) const { return net::find_header(headers, name); }
    };

    struct Reply {
        net::NetResult<net::HttpResponse> result = net::HttpResponse();
        Duration delay{};
    };

    static Reply json(std::string body, int status = 200) { return raw(status, std::move(body), "application/json"); }
    static Reply raw(int status, std::string body, std::string content_type) {
        net::HttpResponse response;
        response.status = status;
        response.headers.emplace_back("Content-Type", std::move(content_type));
        response.body = std::move(body);
        Reply reply;
        reply.result = std::move(response);
        return reply;
    }
    static Reply error(int status, std::string code, std::string message, std::string retry_after = "") {
        Reply reply = json(R"({"error_code":")" + code + R"(","message":")" + message + R"("})", status);
        if (!retry_after.empty())
            reply.result->headers.emplace_back("Retry-After", std::move(retry_after));
        return reply;
    }
    static Reply broken(net::NetFault code, bool sent) {
        Reply reply;
        reply.result = net::NetError(code, std::string("scripted ") + net::to_string(code), sent);
        return reply;
    }
    static Reply late(Reply reply, Duration delay) {
        reply.delay = delay;
        return reply;
    }

    // The next request whose "METHOD URL" contains `match` gets this; replies of one match go out in order.
    void once(std::string match, Reply reply) { rules_.push_back({std::move(match), std::move(reply), 1}); }
    // Every such request that no earlier rule takes. The latest rule of that name counts.
    void always(std::string match, Reply reply) { rules_.push_back({std::move(match), std::move(reply), -1}); }

    boost::asio::awaitable<net::NetResult<net::HttpResponse>> send(net::HttpRequest request,
                                                                   Deadline deadline) override {
        sent_.push_back({request.method, request.url, request.headers, request.body, Clock::now()});
        Reply reply = take(request.method + " " + request.url);
        if (reply.delay > deadline.remaining()) {
            co_await sleep_until(deadline.time());
            co_return net::NetError(net::NetFault::timeout, "scripted timeout", true);
        }
        if (reply.delay > Duration::zero())
            co_await sleep_for(reply.delay);
        co_return std::move(reply.result);
    }
    void close_idle() override {}

    const std::vector<Sent>& sent() const { return sent_; }
    std::size_t count(std::string_view match) const {
        std::size_t found = 0;
        for (const Sent& each : sent_)
            found += (each.method + " " + each.url).find(match) != std::string::npos;
        return found;
    }
    const Sent& last() const { return sent_.at(sent_.size() - 1); }

 private:
    struct Rule {
        std::string match;
        Reply reply;
        int left = 1;
    };

    Reply take(const std::string& line) {
        for (Rule& rule : rules_)
            if (rule.left > 0 && line.find(rule.match) != std::string::npos) {
                --rule.left;
                return rule.reply;
            }
        for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule)
            if (rule->left < 0 && line.find(rule->match) != std::string::npos)
                return rule->reply;
        return error(404, "ENDPOINT_NOT_FOUND", "No API found for this");
    }

    std::deque<Rule> rules_;
    std::vector<Sent> sent_;
};

}  // namespace genie_slack::test
