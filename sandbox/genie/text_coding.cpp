#include "sandbox/genie/text_coding.hpp"

#include <algorithm>
#include <cstdint>

namespace genie_slack::sandbox::databricks {

namespace encoding_detail {
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int base64_value(char c) {
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    const std::size_t position = kBase64.find(c);
    return position == std::string_view::npos ? -1 : static_cast<int>(position);
}
}  // namespace encoding_detail

std::string percent_decode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? encoding_detail::hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? encoding_detail::hex_value(text[i + 2]) : -1;
        if (low < 0) {
            result += text[i];
            continue;
        }
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (!segment.empty())
            segments.push_back(percent_decode(segment));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return segments;
}

std::map<std::string, std::string> parse_form(std::string_view text) {
    const auto decode = [](std::string_view part) {
        std::string plain(part);
        std::replace(plain.begin(), plain.end(), '+', ' ');
        return percent_decode(plain);
    };
    std::map<std::string, std::string> fields;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (!pair.empty())
            fields[decode(pair.substr(0, equals))] =
                equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return fields;
}

std::optional<std::string> base64_decode(std::string_view text) {
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string result;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = encoding_detail::base64_value(c);
        if (value < 0)
            return {};
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffffU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            result += static_cast<char>(bits >> count & 0xffU);
        }
    }
    return result;
}

std::string base64url_encode(std::string_view bytes) {
    std::string result;
    std::uint32_t bits = 0;
    int count = 0;
    const auto put = [&result](std::uint32_t value) {
        result += value == 62 ? '-' : value == 63 ? '_' : encoding_detail::kBase64[value];
    };
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            put(bits >> count & 0x3fU);
        }
    }
    if (count > 0)
        put(bits << (6 - count) & 0x3fU);
    return result;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos)
        return {};
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    return base64_decode(plain);
}

std::string html_escape(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

}  // namespace genie_slack::sandbox::databricks
