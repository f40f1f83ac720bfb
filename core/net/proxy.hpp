// The proxy's address, as HTTPS_PROXY gives it.
#pragma once

#include "core/net/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace genie_slack::net {

struct Proxy {
    std::string host;
    std::uint16_t port = 0;
    std::string authorization;  // value of Proxy-Authorization; empty: none
};

// "http://[user:password@]host[:port]"; the scheme may be missing, the port is 80 then. NetFault::not_allowed for
// anything else, with a text that never carries the user information.
NetResult<Proxy> parse_proxy(std::string_view text);

}  // namespace genie_slack::net
