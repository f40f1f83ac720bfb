// What the doctor says about the way to a host, and about the clock.
#include "app/doctor/network_findings.hpp"

#include "core/net/http_server.hpp"
#include "tests/catch.hpp"

namespace network_findings_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using doctor::Status;
using net::NetFault;

net::ProxySettings proxy() {
    net::ProxySettings settings;
    settings.https_proxy = "http://me:s3cret@proxy.corp:3128";
    settings.no_proxy = "slack.com";
    return settings;
}

TEST_CASE("a proxy is named without its credentials, and only where it is used", "[doctor]") {
    const auto through =
        doctor::make_peer("databricks", "DATABRICKS_HOST", "https://acme.cloud.databricks.com", proxy());
    CHECK(through.host == "acme.cloud.databricks.com");
    CHECK(through.proxy == "proxy.corp:3128");
    CHECK_THAT(doctor::proxy_finding(through).found, test::contains("through proxy.corp:3128"));
    CHECK(doctor::proxy_finding(through).found.find("s3cret") == std::string::npos);
    CHECK(doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", proxy()).proxy.empty());
    CHECK(doctor::make_peer("slack", "SLACK_API_URL", "http://127.0.0.1:80/api/", proxy()).proxy.empty());
}

TEST_CASE("each way in which there is no answer has its own fix", "[doctor]") {
    const auto direct = doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", {});
    net::ProxySettings settings = proxy();
    settings.no_proxy.clear();
    const auto through = doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", settings);
    struct Case {
        NetFault code;
        const char* fix;
        const char* fix_through_proxy;
    };
    for (const Case& one :
         {Case{NetFault::resolve, "DNS", "HTTPS_PROXY"}, Case{NetFault::connect, "firewall", "NO_PROXY"},
          Case{NetFault::timeout, "firewall", "NO_PROXY"}, Case{NetFault::tls, "SSL_CERT_FILE", "SSL_CERT_FILE"},
          Case{NetFault::redirect, "not the API", "not the API"},
          Case{NetFault::protocol, "not the API", "not the API"}, Case{NetFault::io, "try again", "try again"}}) {
        const net::NetError error(one.code, "why");
        const auto finding = doctor::no_answer(direct, "Bot token", error);
        CHECK(finding.status == Status::failed);
        CHECK(finding.part == "slack");
        CHECK_THAT(finding.found, test::contains("slack.com (" + std::string(net::to_string(one.code)) + "): why"));
        CHECK_THAT(finding.fix, test::contains(one.fix));
        CHECK_THAT(doctor::no_answer(through, "Bot token", error).fix, test::contains(one.fix_through_proxy));
    }
}

TEST_CASE("a proxy that refuses the login is told how to get one", "[doctor]") {
    net::ProxySettings settings = proxy();
    settings.no_proxy.clear();
    const auto through = doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", settings);
    const net::NetError error(NetFault::connect,
                              "the proxy proxy.corp refused the tunnel to slack.com with status 407");
    const auto finding = doctor::no_answer(through, "Bot token", error);
    CHECK_THAT(finding.fix, test::contains("HTTPS_PROXY=http://user:password@proxy.corp:3128"));
    CHECK(finding.fix.find("s3cret") == std::string::npos);
}

TEST_CASE("a clock may be a minute off, and must not be five", "[doctor]") {
    const auto peer = doctor::make_peer("slack", "SLACK_API_URL", "https://slack.com/api/", {});
    const WallTime told(std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + 10h);
    const auto at = [&](std::chrono::seconds off) {
        return doctor::clock_finding(peer, "Sat, 31 Jan 2026 10:00:00 GMT", told + off);
    };
    CHECK(at(0s).status == Status::ok);
    CHECK(at(60s).status == Status::ok);
    CHECK(at(-60s).status == Status::ok);
    CHECK(at(61s).status == Status::warning);
    CHECK_THAT(at(61s).found, test::contains("61 s ahead of"));
    CHECK(at(-300s).status == Status::warning);
    CHECK_THAT(at(-300s).found, test::contains("300 s behind"));
    CHECK(at(301s).status == Status::failed);
    CHECK(at(-9000s).status == Status::failed);
    CHECK(doctor::clock_finding(peer, net::http_date(told), told).found == at(0s).found);
    CHECK(net::http_date(told) == "Sat, 31 Jan 2026 10:00:00 GMT");
    CHECK(doctor::clock_finding(peer, "", told).status == Status::skipped);
    CHECK(doctor::clock_finding(peer, "yesterday", told).status == Status::skipped);
}

}  // namespace network_findings_test
