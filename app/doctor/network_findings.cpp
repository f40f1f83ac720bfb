#include "app/doctor/network_findings.hpp"

#include "core/net/proxy.hpp"
#include "core/net/url.hpp"
#include "genie/wire_text.hpp"

namespace genie_slack::doctor {

namespace network_findings_detail {

constexpr std::chrono::seconds kNoticeable{60};
constexpr std::chrono::seconds kHarmful{300};

std::string way_out(const Peer& peer) {
    if (!peer.proxy.empty())
        return "check HTTPS_PROXY: the proxy " + peer.proxy + " has to run and to let this machine reach " + peer.host +
               "; NO_PROXY names hosts that are reached without it";
    return "check " + peer.variable + " and allow outgoing connections to " + peer.host +
           " in the firewall; where only a proxy leads out, set HTTPS_PROXY=http://host:port";
}

std::string fix_for(const Peer& peer, const net::NetError& error) {
    const bool wants_login = !peer.proxy.empty() && error.message.find(" with status 407") != std::string::npos;
    if (wants_login)
        return "the proxy " + peer.proxy +
               " refuses the user and password of HTTPS_PROXY, or misses them: set "
               "HTTPS_PROXY=http://user:password@" +
               peer.proxy + ", with %XX for special characters, or name " + peer.host + " in NO_PROXY";
    switch (error.fault) {
        case net::NetFault::resolve:
            return peer.proxy.empty() ? "check the name in " + peer.variable +
                                            " and the DNS of this machine; where only a proxy leads out, set "
                                            "HTTPS_PROXY=http://host:port"
                                      : "check the name of the proxy in HTTPS_PROXY and the DNS of this machine";
        case net::NetFault::connect:
        case net::NetFault::timeout:
            return way_out(peer);
        case net::NetFault::tls:
            return "where a proxy or firewall inspects TLS, set SSL_CERT_FILE to a file with its certificate "
                   "authority; else check " +
                   peer.variable + " and the clock of this machine";
        case net::NetFault::not_allowed:
        case net::NetFault::redirect:
        case net::NetFault::protocol:
        case net::NetFault::too_large:
        case net::NetFault::upgrade:
            return "check " + peer.variable + ": what answers there is not the API";
        case net::NetFault::io:
        case net::NetFault::closed:
        case net::NetFault::cancelled:
            return "try again; when it stays, ask whoever runs the firewall between this machine and " + peer.host;
    }
    return "";
}

}  // namespace network_findings_detail

using namespace network_findings_detail;

Peer make_peer(std::string part, std::string variable, std::string_view url, const net::ProxySettings& proxy) {
    Peer peer;
    peer.part = std::move(part);
    peer.variable = std::move(variable);
    const auto parsed = net::parse_url(url);
    peer.host = parsed ? parsed->host : std::string(url);
    if (const auto through = net::parse_proxy(net::proxy_for(proxy, peer.host)); through && !through->host.empty())
        peer.proxy = through->host + ":" + std::to_string(through->port);
    return peer;
}

Finding proxy_finding(const Peer& peer) {
    return Finding(peer.part, "Proxy", Status::ok,
                   peer.proxy.empty() ? peer.host + " is reached directly"
                                      : peer.host + " is reached through " + peer.proxy + " (HTTPS_PROXY)");
}

Finding no_answer(const Peer& peer, std::string check, const net::NetError& error) {
    return Finding(
        peer.part, std::move(check), Status::failed,
        std::string("no answer of ") + peer.host + " (" + net::to_string(error.fault) + "): " + error.message,
        fix_for(peer, error));
}

Finding clock_finding(const Peer& peer, std::string_view date, WallTime now) {
    constexpr const char* kFix = "set the clock of this machine by NTP (timedatectl set-ntp true)";
    const auto theirs = genie::parse_http_date(date);
    if (!theirs)
        return Finding(peer.part, "Clock", Status::skipped, "the answers of " + peer.host + " do not say the time",
                       "compare this machine's clock with another one");
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(now - *theirs);
    const auto off = std::chrono::abs(ahead);
    if (off <= kNoticeable)
        return Finding(peer.part, "Clock", Status::ok, "within a minute of the clock of " + peer.host);
    const std::string found = "this machine's clock is " + std::to_string(off.count()) + " s " +
                              (ahead.count() > 0 ? "ahead of" : "behind") + " that of " + peer.host;
    return Finding(peer.part, "Clock", off > kHarmful ? Status::failed : Status::warning, found, kFix);
}

}  // namespace genie_slack::doctor
