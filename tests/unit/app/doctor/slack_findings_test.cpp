// What Slack's answers mean for whoever set the bot up.
#include "app/doctor/slack_findings.hpp"

#include "slack/api/app_needs.hpp"
#include "tests/catch.hpp"

#include <map>
#include <string>

namespace slack_findings_test {

using namespace genie_slack;
using doctor::Finding;
using doctor::Status;

const doctor::Peer kPeer = doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", {});

net::HttpResponse answer(std::string body, int status = 200) {
    net::HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

net::HttpResponse refusal(const std::string& code) {
    return answer(R"({"ok":false,"error":")" + code + R"("})");
}

Finding bot(const net::NetResult<net::HttpResponse>& reply) {
    std::optional<slack::Identity> identity;
    return doctor::bot_token_finding(kPeer, reply, identity);
}

TEST_CASE("a good bot token is told with its team and user", "[doctor]") {
    auto reply =
        answer(R"({"ok":true,"team":"Acme","team_id":"T1","user":"genie","user_id":"U1","bot_id":"B1","app_id":"A1"})");
    reply.headers.emplace_back("x-oauth-scopes", "chat:write,commands");
    std::optional<slack::Identity> identity;
    const Finding finding = doctor::bot_token_finding(kPeer, reply, identity);
    CHECK(finding.status == Status::ok);
    CHECK(finding.found == "signed in to Acme (T1) as genie (U1)");
    CHECK(finding.fix.empty());
    REQUIRE(identity);
    CHECK(identity->scopes == std::vector<std::string>{"chat:write", "commands"});

    const Finding person = bot(answer(R"({"ok":true,"team":"Acme","team_id":"T1","user":"ann","user_id":"U2"})"));
    CHECK(person.status == Status::failed);
    CHECK_THAT(person.found, test::contains("belongs to a person"));
}

TEST_CASE("each refusal of a token is explained, with what to do", "[doctor]") {
    struct Case {
        std::string code;
        const char* found;
        const char* bot_fix;
        const char* app_fix;
    };
    for (const Case& one :
         {Case{"invalid_auth", "does not know", "Bot User OAuth Token", "App-Level Tokens"},
          Case{"not_authed", "no token", "Bot User OAuth Token", "App-Level Tokens"},
          Case{"account_inactive", "removed", "Install App", "Install App"},
          Case{"token_revoked", "revoked", "Install App", "generate a new token"},
          Case{"token_expired", "token rotation", "genie-slack manifest", "generate a new token"},
          Case{"not_allowed_token_type", "kind of token", "xoxb-", "xapp-"},
          Case{"missing_scope", "lacks a scope", "Install App", "connections:write"},
          Case{"socket_mode_not_enabled", "Socket Mode is off", "", "turn on Enable Socket Mode"},
          Case{"user_removed_from_team", "removed from the workspace", "Install App", "generate a new token"},
          Case{"team_disabled", "disabled", "owner", "owner"},
          Case{"enterprise_is_restricted", "organisation", "owner", "owner"},
          Case{"forbidden_team", "may not", "owner", "owner"},
          Case{"internal_error", "trouble", "slack-status.com", "slack-status.com"},
          Case{"something_new", "refuses it: something_new", "methods/auth.test", "methods/apps.connections.open"}}) {
        INFO(one.code);
        const Finding with_bot = bot(refusal(one.code));
        CHECK(with_bot.status == Status::failed);
        CHECK_THAT(with_bot.found, test::contains("SLACK_BOT_TOKEN: "));
        CHECK_THAT(with_bot.found, test::contains(one.found));
        CHECK_THAT(with_bot.found, test::contains(one.code));
        CHECK_THAT(with_bot.fix, test::contains(one.bot_fix));
        const Finding with_app = doctor::app_token_finding(kPeer, refusal(one.code));
        CHECK(with_app.status == Status::failed);
        CHECK_THAT(with_app.found, test::contains("SLACK_APP_TOKEN: "));
        CHECK_THAT(with_app.found, test::contains(one.found));
        CHECK_THAT(with_app.fix, test::contains(one.app_fix));
    }
}

TEST_CASE("what is no answer of Slack's is told so", "[doctor]") {
    for (const auto& reply : {answer("<html>", 200), answer("<html>Bad gateway</html>", 502), answer("", 403)}) {
        CHECK(bot(reply).status == Status::failed);
        CHECK_THAT(bot(reply).found, test::contains("does not answer as Slack does"));
        CHECK_THAT(bot(reply).fix, test::contains("SLACK_API_URL"));
    }
    CHECK_THAT(bot(net::NetError(net::NetFault::tls, "certificate")).fix, test::contains("SSL_CERT_FILE"));
}

TEST_CASE("too many calls are a warning that says when to come back", "[doctor]") {
    auto reply = answer(R"({"ok":false,"error":"ratelimited"})", 429);
    reply.headers.emplace_back("Retry-After", "42");
    const Finding finding = doctor::app_token_finding(kPeer, reply);
    CHECK(finding.status == Status::warning);
    CHECK(finding.fix == "check again in 42 s");
}

TEST_CASE("an app token is good when Slack opens a connection, and Socket Mode is on", "[doctor]") {
    CHECK(doctor::app_token_finding(kPeer, answer(R"({"ok":true,"url":"wss://h/?ticket=secret1"})")).status ==
          Status::ok);
    const Finding warned = doctor::app_token_finding(
        kPeer,
        answer(
            R"({"ok":true,"url":"wss://h/","response_metadata":{"messages":["[WARN] Socket Mode is not turned on."]}})"));
    CHECK(warned.status == Status::warning);
    CHECK_THAT(warned.fix, test::contains("Enable Socket Mode"));
}

TEST_CASE("every scope of the manifest has a purpose, and each missing one a line", "[doctor]") {
    const auto needed = slack::needed_scopes(slack::AppSurface::agent);
    CHECK(needed == slack::needed_scopes(slack::AppSurface::assistant));
    for (const std::string& scope : needed) {
        INFO(scope);
        CHECK_FALSE(doctor::purpose_of_scope(scope).empty());
        auto granted = needed;
        std::erase(granted, scope);
        const auto findings = doctor::scope_findings(kPeer, granted);
        REQUIRE(findings.size() == 1);
        CHECK_THAT(findings[0].found, test::contains(scope + " is missing"));
        CHECK_THAT(findings[0].fix, test::contains("add the bot token scope " + scope));
    }
    auto more = needed;
    more.emplace_back("team:read");
    CHECK(doctor::scope_findings(kPeer, more).at(0).status == Status::ok);
    CHECK(doctor::scope_findings(kPeer, {}).at(0).status == Status::skipped);
    CHECK(doctor::purpose_of_scope("admin").empty());
}

TEST_CASE("without a scope that the papers call optional the bot is no broken one", "[doctor]") {
    const auto needed = slack::needed_scopes(slack::AppSurface::agent);
    const std::map<std::string, std::string> optional = {{"reactions:read", "a reaction is no rating"},
                                                         {"users:read.email", "Chainlit"}};
    for (const std::string& scope : needed) {
        INFO(scope);
        auto granted = needed;
        std::erase(granted, scope);
        const auto findings = doctor::scope_findings(kPeer, granted);
        REQUIRE(findings.size() == 1);
        const auto known = optional.find(scope);
        CHECK(findings[0].status == (known == optional.end() ? Status::failed : Status::warning));
        CHECK(doctor::exit_code(findings) == (known == optional.end() ? 1 : 0));
        CHECK_THAT(findings[0].found, test::contains(known == optional.end() ? "for: " : "without it "));
        if (known != optional.end())
            CHECK_THAT(findings[0].found, test::contains(known->second));
    }
}

TEST_CASE("tokens of two apps are noticed where Slack names the apps", "[doctor]") {
    CHECK(doctor::same_app_finding(kPeer, "A0123ABC", "xapp-1-A0123ABC-99-f00")->status == Status::ok);
    const auto two = doctor::same_app_finding(kPeer, "A0123ABC", "xapp-1-A0456DEF-99-f00");
    REQUIRE(two);
    CHECK(two->status == Status::failed);
    CHECK_THAT(two->found, test::contains("A0456DEF"));
    CHECK(two->found.find("f00") == std::string::npos);
    CHECK_FALSE(doctor::same_app_finding(kPeer, "", "xapp-1-A0456DEF-99-f00"));
    CHECK_FALSE(doctor::same_app_finding(kPeer, "A0123ABC", "xapp-1-some-token"));
}

TEST_CASE("a bot whose own team may not ask is worth a warning", "[doctor]") {
    slack::Identity identity;
    identity.team_id = "T1";
    CHECK_FALSE(doctor::team_finding(kPeer, identity, {}));
    CHECK_FALSE(doctor::team_finding(kPeer, identity, {"T2", "T1"}));
    CHECK(doctor::team_finding(kPeer, identity, {"T2"})->status == Status::warning);
}

}  // namespace slack_findings_test
