#include "core/net/proxy.hpp"

#include "core/net/http_client.hpp"
#include "core/net/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace genie_slack::net {

namespace asio = boost::asio;

namespace proxy_detail {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::string base64(std::string_view text) {
    std::string result(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    result.resize(static_cast<std::size_t>(size));
    return result;
}

// The entry without brackets and port: "[::1]:80" -> "::1", "host:80" -> "host"; a bare IPv6 address stays.
std::string_view without_port(std::string_view entry) {
    if (!entry.empty() && entry.front() == '[') {
        const auto end = entry.find(']');
        return end == std::string_view::npos ? entry : entry.substr(1, end - 1);
    }
    const auto colon = entry.find(':');
    if (colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos)
        return entry.substr(0, colon);
    return entry;
}

bool in_network(const std::string& entry, const asio::ip::address& address) {
    boost::system::error_code error;
    if (address.is_v4()) {
        const auto network = asio::ip::make_network_v4(entry, error);
        return !error &&
               asio::ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
    }
    const auto network = asio::ip::make_network_v6(entry, error);
    return !error && asio::ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
}

bool entry_matches(const std::string& entry, const std::string& host) {
    if (entry == "*")
        return true;
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        if (entry.find('/') != std::string::npos)
            return in_network(entry, address);
        boost::system::error_code error;
        const auto other = asio::ip::make_address(std::string(without_port(entry)), error);
        return !error && other == address;
    }
    std::string_view name = without_port(entry);
    if (name.starts_with("*."))
        name.remove_prefix(1);
    if (name.starts_with('.'))
        name.remove_prefix(1);
    if (name.empty())
        return false;
    // "example.com" covers its subdomains too, as with curl, Go and Python.
    return host == name || (host.ends_with(name) && host[host.size() - name.size() - 1] == '.');
}

}  // namespace proxy_detail

std::string proxy_for(const ProxySettings& settings, std::string_view host) {
    if (settings.https_proxy.empty() || is_loopback_host(host))
        return {};
    const std::string name = proxy_detail::lower(host);
    const std::string list = proxy_detail::lower(settings.no_proxy);
    constexpr std::string_view kSeparators = ", \t";
    for (std::size_t at = list.find_first_not_of(kSeparators); at != std::string::npos;) {
        const auto end = std::min(list.find_first_of(kSeparators, at), list.size());
        if (proxy_detail::entry_matches(list.substr(at, end - at), name))
            return {};
        at = list.find_first_not_of(kSeparators, end);
    }
    return settings.https_proxy;
}

NetResult<Proxy> parse_proxy(std::string_view text) {
    const auto refuse = [](const std::string& why) { return NetError(NetFault::not_allowed, "HTTPS_PROXY " + why); };
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; }))
        return refuse("contains a space or a control character");
    Proxy proxy;
    proxy.port = 80;
    if (const auto scheme_end = text.find("://"); scheme_end != std::string_view::npos) {
        const std::string scheme = proxy_detail::lower(text.substr(0, scheme_end));
        if (scheme.starts_with("socks"))
            return refuse("is a SOCKS proxy, and these are not supported");
        if (scheme != "http")
            return refuse("does not start with http://, and proxies spoken to over TLS are not supported");
        text.remove_prefix(scheme_end + 3);
    }
    text = text.substr(0, text.find_first_of("/?#"));
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        std::string user = proxy_detail::percent_decode(text.substr(0, at));
        if (text.substr(0, at).find(':') == std::string_view::npos)
            user += ':';
        proxy.authorization = "Basic " + proxy_detail::base64(user);
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        boost::system::error_code no_address;
        if (end == std::string_view::npos)
            return refuse("has a bracket that is not closed");
        proxy.host = std::string(text.substr(1, end - 1));
        asio::ip::make_address_v6(proxy.host, no_address);
        if (no_address)
            return refuse("has no IPv6 address between its brackets");
        port = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        proxy.host = std::string(text.substr(0, colon));
        port = text.substr(colon);
    }
    if (proxy.host.empty())
        return refuse("has no host");
    if (proxy.host.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:") !=
        std::string::npos)
        return refuse("has no usable host");
    if (!port.empty() && port.front() != ':')
        return refuse("has a malformed port");
    if (port.size() > 1) {
        const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), proxy.port);
        if (port.front() != ':' || error != std::errc() || end != port.data() + port.size() || proxy.port == 0)
            return refuse("has a malformed port");
    }
    return proxy;
}

}  // namespace genie_slack::net
