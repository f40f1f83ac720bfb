// HTTP/1.1 client with a keep-alive pool per host. The only way the product speaks HTTP.
#pragma once

#include "core/clock.hpp"
#include "core/net/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace genie_slack::net {

class Resolver;

struct Header {
    Header() = default;
    Header(std::string name_, std::string value_) : name(std::move(name_)), value(std::move(value_)) {}
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

// First header of that name, case-insensitive; empty when absent.
std::string_view find_header(const Headers& headers, std::string_view name);

struct HttpRequest {
    HttpRequest() = default;
    HttpRequest(std::string method_, std::string url_) : method(std::move(method_)), url(std::move(url_)) {}

    std::string method = "GET";
    std::string url;
    Headers headers;  // Host, Content-Length and Connection are added, and User-Agent unless it is given
    std::string body;
    std::size_t max_response_bytes = 32u << 20;
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;

    std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

// Any status but a redirect is a success here; callers judge it. A request on a kept connection that turns out to be
// closed by the peer before any byte of the answer came is repeated once on a new connection when that is safe: GET, or
// nothing of it was written.
class HttpClient {
 public:
    virtual ~HttpClient() = default;
    // Ends by the deadline at the latest; cancellable; many may run at once. Bodies over the request's limit end with
    // NetFault::too_large, 3xx with NetFault::redirect (except 304).
    virtual boost::asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request, Deadline deadline) = 0;
    // Closes idle connections; the ones in use end with their request.
    virtual void close_idle() = 0;
};

struct ProxySettings {
    std::string https_proxy;  // HTTPS_PROXY: http://[user:password@]host:port; empty: none
    std::string no_proxy;     // NO_PROXY: comma list of hosts, .suffixes, addresses, CIDR blocks, or *
};

// The proxy to use for `host` ("" for none). Loopback is never proxied.
std::string proxy_for(const ProxySettings& settings, std::string_view host);

struct HttpClientOptions {
    std::string user_agent = "genie-slack";
    std::size_t max_idle_per_host = 64;
    std::size_t max_connections_per_host = 64;
    Duration idle_timeout = std::chrono::seconds(55);
    Duration connect_timeout = std::chrono::seconds(10);  // name look-up, TCP, proxy and TLS together
    ProxySettings proxy;
};

// The TLS context and the resolver are shared with other clients and must live as long as this one.
std::unique_ptr<HttpClient> create_http_client(boost::asio::any_io_executor executor,
                                               std::shared_ptr<boost::asio::ssl::context> tls, Resolver& resolver,
                                               HttpClientOptions options = {});

}  // namespace genie_slack::net
