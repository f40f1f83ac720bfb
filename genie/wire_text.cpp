#include "genie/wire_text.hpp"

#include "core/secret.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

namespace genie_slack::genie {

namespace wire_text_detail {

constexpr std::int64_t kLongestWaitSeconds = 3600;

Duration bounded(std::int64_t seconds) {
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestWaitSeconds));
}

}  // namespace wire_text_detail

std::string tidy_text(std::string_view text, std::size_t limit) {
    std::string out;
    // What is cut away below cannot hide half a secret: redaction sees more than is kept.
    for (const char c : text.substr(0, limit * 4)) {
        const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    out = redact(out);
    if (out.size() <= limit)
        return out;
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80)
        --end;
    return out.substr(0, end) + "...";
}

std::optional<WallTime> parse_http_date(std::string_view value) {
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string text(value.substr(0, 40));
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::array<char, 4> month{};
    if (std::sscanf(text.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT", &day, month.data(), &year, &hour,
                    &minute, &second) != 6)
        return std::nullopt;
    const auto found = std::find(kMonths.begin(), kMonths.end(), std::string_view(month.data()));
    if (found == kMonths.end())
        return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(found - kMonths.begin()) + 1),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok())
        return std::nullopt;
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

std::optional<Duration> parse_retry_after(std::string_view value, WallTime now) {
    if (value.empty())
        return std::nullopt;
    if (std::isdigit(static_cast<unsigned char>(value.front()))) {
        std::int64_t seconds = 0;
        const auto [rest, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
        if (code == std::errc::result_out_of_range)
            return wire_text_detail::bounded(wire_text_detail::kLongestWaitSeconds);
        return wire_text_detail::bounded(seconds);
    }
    const auto date = parse_http_date(value);
    if (!date)
        return std::nullopt;
    // Rounded up, so that we are not a moment too early.
    const auto wait = std::chrono::duration_cast<std::chrono::seconds>(*date - now + std::chrono::microseconds(999999));
    return wire_text_detail::bounded(wait.count());
}

std::optional<Duration> parse_seconds(std::string_view value) {
    double seconds = 0;
    const auto [rest, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (code != std::errc() || rest != value.data() + value.size() - 1 || *rest != 's' || !(seconds >= 0) ||
        seconds > static_cast<double>(wire_text_detail::kLongestWaitSeconds))
        return std::nullopt;
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

bool looks_like_html(std::string_view content_type, std::string_view body) {
    const auto start = body.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos && (body[start] == '{' || body[start] == '['))
        return false;
    return content_type.find("html") != std::string_view::npos ||
           (start != std::string_view::npos && body[start] == '<');
}

}  // namespace genie_slack::genie
