#include "core/net/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace genie_slack::net {

namespace asio = boost::asio;

namespace url_detail {

// This is longer than any URL that Slack or Databricks hand out; most servers refuse request lines beyond 8 kB.
constexpr std::size_t kMaxUrlBytes = 16u << 10;
constexpr std::size_t kMaxHostBytes = 253;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

NetError refuse(std::string why) {
    return NetError(NetFault::not_allowed, std::move(why));
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

// Zone ids ("fe80::1%eth0") are no part of a URL of ours.
bool is_ipv6(std::string_view host) {
    boost::system::error_code error;
    asio::ip::make_address_v6(std::string(host), error);
    return !error && host.find('%') == std::string_view::npos;
}

std::uint16_t default_port(std::string_view scheme) {
    return scheme == "https" || scheme == "wss" ? 443 : 80;
}

// Splits "host", "host:port" or "[v6]:port"; false when it is none of them.
bool split_authority(std::string_view authority, Url& url) {
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        const auto end = authority.find(']');
        if (end == std::string_view::npos)
            return false;
        url.host = lower(authority.substr(1, end - 1));
        if (!is_ipv6(url.host))
            return false;
        port = authority.substr(end + 1);
        if (!port.empty() && port.front() != ':')
            return false;
    } else {
        const auto colon = std::min(authority.find(':'), authority.size());
        url.host = lower(authority.substr(0, colon));
        if (url.host.empty() || url.host.size() > kMaxHostBytes ||
            !std::all_of(url.host.begin(), url.host.end(), is_name_character))
            return false;
        port = authority.substr(colon);
    }
    if (port.size() <= 1) {
        url.port = default_port(url.scheme);
        return true;
    }
    port.remove_prefix(1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    return error == std::errc() && end == port.data() + port.size() && url.port != 0;
}

}  // namespace url_detail

std::string Url::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != url_detail::default_port(scheme))
        text += ":" + std::to_string(port);
    return text;
}

std::string Url::origin() const {
    return scheme + "://" + authority();
}

NetResult<Url> parse_url(std::string_view text) {
    using url_detail::refuse;
    if (text.size() > url_detail::kMaxUrlBytes)
        return refuse("the URL is longer than " + std::to_string(url_detail::kMaxUrlBytes) + " bytes");
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; }))
        return refuse("the URL contains a space or a control character");
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos)
        return refuse("the URL has no scheme; it has to start with https://");
    Url url;
    url.scheme = url_detail::lower(text.substr(0, scheme_end));
    if (url.scheme != "https" && url.scheme != "wss" && url.scheme != "http" && url.scheme != "ws")
        return refuse("the URL's scheme is none of https, wss, http, ws");

    text.remove_prefix(scheme_end + 3);
    text = text.substr(0, text.find('#'));
    const auto authority_end = std::min(text.find_first_of("/?"), text.size());
    const auto authority = text.substr(0, authority_end);
    if (authority.find('@') != std::string_view::npos)
        return refuse("the URL contains user information (user@host), which is not accepted");
    if (!url_detail::split_authority(authority, url))
        return refuse("the URL's host or port is malformed");
    text.remove_prefix(authority_end);
    if (!text.empty() && text.front() == '/')
        url.target = std::string(text);
    else
        url.target = "/" + std::string(text);

    if (!url.is_tls() && !is_loopback_host(url.host))
        return refuse("clear text (" + url.scheme + "://) to '" + url.host +
                      "' is refused: it is allowed to loopback only; use " + (url.scheme == "ws" ? "wss" : "https") +
                      "://");
    return url;
}

bool is_loopback_host(std::string_view host) {
    const std::string name = url_detail::lower(host);
    if (name == "localhost" || name.ends_with(".localhost"))
        return name.front() != '.' && name.find("..") == std::string::npos;
    boost::system::error_code error;
    const auto v4 = asio::ip::make_address_v4(name, error);
    if (!error)
        return v4.is_loopback();
    if (!url_detail::is_ipv6(name))
        return false;
    const auto v6 = asio::ip::make_address_v6(name);
    if (v6.is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).is_loopback();
    return v6.is_loopback();
}

std::string percent_encode(std::string_view text) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (url_detail::is_unreserved(c)) {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += '%';
            result += kDigits[byte >> 4];
            result += kDigits[byte & 15];
        }
    }
    return result;
}

FormBody& FormBody::add(std::string_view key, std::string_view value) {
    if (!text_.empty())
        text_ += '&';
    text_ += percent_encode(key);
    text_ += '=';
    text_ += percent_encode(value);
    return *this;
}

}  // namespace genie_slack::net
