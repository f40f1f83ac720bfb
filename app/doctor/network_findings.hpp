// What can be said about the way to a host: the proxy, why there is no connection, and the time that it has. Pure.
#pragma once

#include "app/doctor/finding.hpp"
#include "core/clock.hpp"
#include "core/net/http_client.hpp"

#include <string>
#include <string_view>

namespace genie_slack::doctor {

// A service that the bot calls.
struct Peer {
    std::string part;      // of its findings
    std::string variable;  // that says where it is: "DATABRICKS_HOST"
    std::string host;
    std::string proxy;  // "host:port" of the proxy that leads there, "" for none
};

Peer make_peer(std::string part, std::string variable, std::string_view url, const net::ProxySettings& proxy);

Finding proxy_finding(const Peer& peer);

// Why `check` got no answer.
Finding no_answer(const Peer& peer, std::string check, const net::NetError& error);

// How far this machine's clock is from `date`, the header of an answer that came at `now`. Beyond 60 s logs and leases
// begin to lie, beyond 5 minutes certificates and tokens are refused.
Finding clock_finding(const Peer& peer, std::string_view date, WallTime now);

}  // namespace genie_slack::doctor
