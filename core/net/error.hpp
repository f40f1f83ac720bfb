// What can go wrong between us and a host.
#pragma once

#include "core/result.hpp"

#include <string>
#include <utility>

namespace genie_slack::net {

enum class NetFault {
    cancelled,    // the caller was cancelled
    timeout,      // the deadline passed
    not_allowed,  // our own policy: not http(s)/ws(s), clear text to a host that is not loopback, malformed URL
    resolve,      // the host name has no address
    connect,      // no TCP connection, or the proxy refused to make one
    tls,          // handshake failed: certificate, host name, protocol version
    io,           // the connection broke while writing or reading
    protocol,     // the peer does not speak HTTP or WebSocket as it should
    too_large,    // the response is larger than the limit of the request
    redirect,     // the peer answered with a redirect, which is never followed
    closed,       // WebSocket: the peer closed the connection (see WebSocketClose)
    upgrade,      // WebSocket: the peer answered the upgrade with another status than 101 (http_status tells)
};

const char* to_string(NetFault fault);

struct NetError {
    NetError() = default;
    NetError(NetFault fault_, std::string message_, bool sent_ = false)
        : fault(fault_), message(std::move(message_)), sent(sent_) {}

    NetFault fault = NetFault::io;
    // Host and cause, without secrets (no query string, no ticket).
    std::string message;
    // True when any byte of the request may have reached the peer: the outcome of a POST is then unknown.
    bool sent = false;
    // Status of the answer for `upgrade` and `redirect`, else 0.
    int http_status = 0;
    // Retry-After of that answer in seconds, 0 when there was none.
    int retry_after_seconds = 0;
};

[[noreturn]] inline void throw_exception_from_error(const NetError& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class T>
using NetResult = Result<T, NetError>;

}  // namespace genie_slack::net
