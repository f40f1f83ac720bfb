#include "core/net/url.hpp"

#include "tests/catch.hpp"

namespace url_test {

using namespace genie_slack;
using net::NetFault;

TEST_CASE("a URL is split and its target kept byte for byte", "[url]") {
    const auto url = net::parse_url("WSS://Wss-Primary.Slack.com/link/?ticket=a%2Fb+c=d&app_id=%7e~*'()|{}#frag");
    REQUIRE(url);
    CHECK(url->scheme == "wss");
    CHECK(url->host == "wss-primary.slack.com");
    CHECK(url->port == 443);
    CHECK(url->target == "/link/?ticket=a%2Fb+c=d&app_id=%7e~*'()|{}");
    CHECK(url->authority() == "wss-primary.slack.com");
    CHECK(url->origin() == "wss://wss-primary.slack.com");
    CHECK(url->is_tls());
}

TEST_CASE("a URL's parts have defaults", "[url]") {
    CHECK(net::parse_url("https://example.com")->target == "/");
    CHECK(net::parse_url("https://example.com?a=/b")->target == "/?a=/b");
    CHECK(net::parse_url("https://example.com#x")->target == "/");
    CHECK(net::parse_url("https://example.com:/x")->port == 443);
    CHECK(net::parse_url("https://example.com:443/x")->authority() == "example.com");
    CHECK(net::parse_url("https://example.com:8443/x")->authority() == "example.com:8443");
    CHECK(net::parse_url("http://localhost:8080")->authority() == "localhost:8080");
    CHECK(net::parse_url("ws://127.0.0.1/")->port == 80);
}

TEST_CASE("an IPv6 literal is a host", "[url]") {
    const auto url = net::parse_url("http://[::1]:8080/x");
    REQUIRE(url);
    CHECK(url->host == "::1");
    CHECK(url->port == 8080);
    CHECK(url->authority() == "[::1]:8080");
    CHECK(net::parse_url("https://[2001:DB8::1]/")->authority() == "[2001:db8::1]");
}

TEST_CASE("what is not a URL of ours is refused without its query in the text", "[url]") {
    const std::string text = GENERATE(
        std::string("ftp://example.com/?secret"), std::string("example.com/?secret"), std::string("/path?secret"),
        std::string("https:///path?secret"), std::string("https://user:secret@example.com/"),
        std::string("https://user@127.0.0.1/?secret"), std::string("https://exa mple.com/?secret"),
        std::string("https://example.com/a\r\nHost: secret"), std::string("https://example.com:0/?secret"),
        std::string("https://example.com:65536/?secret"), std::string("https://example.com:1x/?secret"),
        std::string("https://example.com:-1/?secret"), std::string("https://[::1/?secret"),
        std::string("https://[::1]x/?secret"), std::string("https://[fe80::1%eth0]/?secret"),
        std::string("https://::1/?secret"), std::string("https://ex%41mple.com/?secret"),
        std::string("https://?secret"), std::string("https://example.com/") + std::string(20000, 'a'), std::string());
    const auto url = net::parse_url(text);
    CAPTURE(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().fault == NetFault::not_allowed);
    CHECK(url.error().message.find("secret") == std::string::npos);
    CHECK_FALSE(url.error().message.empty());
    CHECK_FALSE(url.error().sent);
}

TEST_CASE("clear text goes to loopback only", "[url]") {
    CHECK(net::parse_url("http://127.0.0.1:1/"));
    CHECK(net::parse_url("http://127.9.9.9/"));
    CHECK(net::parse_url("ws://localhost/"));
    CHECK(net::parse_url("ws://slack.LOCALHOST/"));
    CHECK(net::parse_url("http://[::1]/"));
    CHECK(net::parse_url("http://[::ffff:127.0.0.1]/"));

    const std::string host = GENERATE(
        std::string("example.com"), std::string("127.0.0.1.example.com"), std::string("localhost.example.com"),
        std::string("localhost.example"), std::string("notlocalhost"), std::string("10.0.0.1"), std::string("0.0.0.0"),
        std::string("127.1"), std::string("2130706433"), std::string("0x7f.0.0.1"), std::string("127.0.0.01"),
        std::string("128.0.0.1"), std::string("[::]"), std::string("[::2]"), std::string("[::ffff:128.0.0.1]"),
        std::string("localhost."), std::string("127.0.0.1."), std::string(".localhost"));
    CAPTURE(host);
    for (const char* scheme : {"http://", "ws://"}) {
        const auto url = net::parse_url(scheme + host + "/");
        REQUIRE_FALSE(url);
        CHECK(url.error().fault == NetFault::not_allowed);
    }
}

TEST_CASE("path segments and form values are percent-encoded", "[url]") {
    CHECK(net::percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(net::percent_encode("a b/c?d&e=f%+") == "a%20b%2Fc%3Fd%26e%3Df%25%2B");
    CHECK(net::percent_encode("\xc3\xa9\n") == "%C3%A9%0A");
    net::FormBody form;
    form.add("a b", "1&2").add("c", "");
    CHECK(form.take() == "a%20b=1%262&c=");
}

TEST_CASE("every error code has a name", "[url]") {
    CHECK(std::string(net::to_string(NetFault::too_large)) == "too_large");
    CHECK(std::string(net::to_string(NetFault::upgrade)) == "upgrade");
}

}  // namespace url_test
