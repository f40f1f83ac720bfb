#include "app/doctor/slack_check.hpp"

#include "app/doctor/slack_findings.hpp"

namespace genie_slack::doctor {

namespace asio = boost::asio;

namespace slack_check_detail {

constexpr Duration kStep = std::chrono::seconds(8);

net::HttpRequest request_for(const Config& config, const slack::ApiMethod& method, const Secret& token) {
    const std::string& base = config.slack_api_url;
    net::HttpRequest request("POST", base + (base.ends_with('/') ? "" : "/") + std::string(method.name));
    request.max_response_bytes = 1u << 20;
    request.headers.emplace_back("Authorization", "Bearer " + token.reveal());
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return request;
}

}  // namespace slack_check_detail

asio::awaitable<Findings> check_slack(net::HttpClient& http, const Config& config, Deadline deadline) {
    using namespace slack_check_detail;
    const Peer peer = make_peer("slack", "SLACK_API_URL", config.slack_api_url, config.proxy);
    Findings findings{proxy_finding(peer)};
    net::HttpRequest who = request_for(config, slack::methods::kAuthTest, config.slack_bot_token);
    const auto bot = co_await http.send(std::move(who), deadline.sooner(kStep));
    const WallTime now = wall_now();
    std::optional<slack::Identity> identity;
    findings.push_back(bot_token_finding(peer, bot, identity));
    if (!bot)
        co_return findings;
    if (identity) {
        for (Finding& finding : scope_findings(peer, identity->scopes))
            findings.push_back(std::move(finding));
        if (auto team = team_finding(peer, *identity, config.allowed_teams))
            findings.push_back(std::move(*team));
    }
    net::HttpRequest open = request_for(config, slack::methods::kConnectionsOpen, config.slack_app_token);
    const auto app = co_await http.send(std::move(open), deadline.sooner(kStep));
    findings.push_back(app_token_finding(peer, app));
    if (identity)
        if (auto same = same_app_finding(peer, identity->app_id, config.slack_app_token.reveal()))
            findings.push_back(std::move(*same));
    findings.push_back(subscriptions_finding(peer));
    findings.push_back(clock_finding(peer, bot->header("Date"), now));
    co_return findings;
}

}  // namespace genie_slack::doctor
