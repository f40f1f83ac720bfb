// URLs and the rule which of them may be used.
#pragma once

#include "core/net/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace genie_slack::net {

// A URL split for use: scheme lower case, host without brackets, port filled in, target as given (never re-encoded:
// socket tickets hold special characters that must arrive unchanged).
struct Url {
    std::string scheme;
    std::string host;
    std::uint16_t port = 0;
    std::string target = "/";  // path and query, starts with '/'; the fragment is dropped

    bool is_tls() const { return scheme == "https" || scheme == "wss"; }
    // "host" or "host:port" as the Host header wants it; IPv6 in brackets; the default port left out.
    std::string authority() const;
    // scheme://authority, for texts and as pool key.
    std::string origin() const;
};

// Splits and applies the policy: http, https, ws, wss only; no user info; clear text only to loopback.
// NetFault::not_allowed with a text that says which rule, never the query string.
NetResult<Url> parse_url(std::string_view text);

// localhost, *.localhost, 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104 written as such. A name that merely looks like one
// ("127.0.0.1.example.com", "localhost.example.com") is not.
bool is_loopback_host(std::string_view host);

// Percent-encodes everything but unreserved characters: one path segment, or one form key or value.
std::string percent_encode(std::string_view text);
// key=value&...; both percent-encoded (application/x-www-form-urlencoded, space as %20).
class FormBody {
 public:
    FormBody& add(std::string_view key, std::string_view value);
    std::string take() { return std::move(text_); }

 private:
    std::string text_;
};

}  // namespace genie_slack::net
