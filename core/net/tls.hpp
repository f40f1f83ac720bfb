// TLS for all outgoing connections.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace genie_slack::net {

// Verifies the peer against the system's CA store, or against `ca_file` (SSL_CERT_FILE) when it is not empty; TLS 1.2
// or newer. Throws std::runtime_error naming the file when it cannot be read. The host name is checked and SNI sent per
// connection by the clients.
std::shared_ptr<boost::asio::ssl::context> create_tls_context(const std::string& ca_file = "");

}  // namespace genie_slack::net
