#include "core/net/proxy.hpp"

#include "core/net/http_client.hpp"
#include "tests/catch.hpp"

namespace proxy_test {

using namespace genie_slack;

TEST_CASE("NO_PROXY names the hosts that are spoken to directly", "[proxy]") {
    struct Row {
        const char* no_proxy;
        const char* host;
        bool proxied;
    };
    const Row rows[] = {
        {"", "slack.com", true},
        {"*", "slack.com", false},
        {"slack.com", "slack.com", false},
        {"slack.com", "api.slack.com", false},
        {"slack.com", "notslack.com", true},
        {"slack.com", "slack.com.evil.com", true},
        {".slack.com", "api.slack.com", false},
        {".slack.com", "slack.com", false},
        {".slack.com", "notslack.com", true},
        {"*.slack.com", "api.slack.com", false},
        {"SLACK.com", "Slack.COM", false},
        {"slack.com:443", "slack.com", false},
        {" a.com , slack.com ", "slack.com", false},
        {"a.com b.com", "b.com", false},
        {",,", "slack.com", true},
        {".", "slack.com", true},
        {"10.0.0.1", "10.0.0.1", false},
        {"10.0.0.1:80", "10.0.0.1", false},
        {"10.0.0.1", "10.0.0.11", true},
        {"0.0.1", "10.0.0.1", true},
        {"10.0.0.0/8", "10.200.3.4", false},
        {"10.0.0.7/8", "10.200.3.4", false},
        {"10.0.0.0/8", "11.0.0.1", true},
        {"10.0.0.0/33", "10.0.0.1", true},
        {"10.0.0.0/8", "10.example.com", true},
        {"2001:db8::/32", "2001:db8::5", false},
        {"2001:db8::/32", "2001:db9::5", true},
        {"[2001:db8::1]", "2001:db8::1", false},
        {"2001:db8::1", "2001:DB8:0::1", false},
        {"2001:db8::/32", "10.0.0.1", true},
        {"", "localhost", false},
        {"", "127.0.0.1", false},
        {"", "::1", false},
        {"", "sandbox.localhost", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.no_proxy, row.host);
        net::ProxySettings settings;
        settings.https_proxy = "http://proxy:3128";
        settings.no_proxy = row.no_proxy;
        CHECK(net::proxy_for(settings, row.host) == (row.proxied ? "http://proxy:3128" : ""));
    }
    CHECK(net::proxy_for({}, "slack.com").empty());
}

TEST_CASE("HTTPS_PROXY is split into host, port and login", "[proxy]") {
    const auto full = net::parse_proxy("http://us%40er:p%3Aw@proxy.example:3128/");
    REQUIRE(full);
    CHECK(full->host == "proxy.example");
    CHECK(full->port == 3128);
    CHECK(full->authorization == "Basic dXNAZXI6cDp3");
    CHECK(net::parse_proxy("proxy.example:8080")->port == 8080);
    CHECK(net::parse_proxy("HTTP://proxy.example")->port == 80);
    CHECK(net::parse_proxy("http://proxy.example")->authorization.empty());
    CHECK(net::parse_proxy("http://user@proxy.example")->authorization == "Basic dXNlcjo=");
    CHECK(net::parse_proxy("http://[::1]:3128")->host == "::1");
    CHECK(net::parse_proxy("http://[::1]:3128")->port == 3128);

    for (const char* text :
         {"https://secret:secret@proxy", "socks5://secret@proxy", "http://secret@", "http://secret@:80",
          "http://secret@proxy:0", "http://secret@proxy:99999", "http://secret@proxy:x", "[", "[]",
          "http://secret@pro xy", "http://[secret]:80", "http://[::1", "http://secret@pro^xy:80", "http://[::1]x80"}) {
        CAPTURE(text);
        const auto wrong = net::parse_proxy(text);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().fault == net::NetFault::not_allowed);
        CHECK(wrong.error().message.find("secret") == std::string::npos);
        CHECK_THAT(wrong.error().message, test::contains("HTTPS_PROXY"));
    }
}

}  // namespace proxy_test
