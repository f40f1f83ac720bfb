#include "app/answer/result/cell.hpp"

#include "slack/text/utf8.hpp"

#include <algorithm>

namespace genie_slack::answer {

namespace cell_detail {

bool is_override(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

// Whether `text` has the form of `pattern`: '0' stands for a digit, every other character for itself.
bool has_form(std::string_view text, std::string_view pattern) {
    if (text.size() != pattern.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == '0' ? !digit : text[i] != pattern[i])
            return false;
    }
    return true;
}

std::string_view take(std::string_view& text, std::size_t count) {
    const std::string_view taken = text.substr(0, count);
    text.remove_prefix(taken.size());
    return taken;
}

}  // namespace cell_detail

std::optional<TimestampParts> split_timestamp(std::string_view text) {
    using namespace cell_detail;
    TimestampParts parts;
    parts.date = take(text, 10);
    if (!has_form(parts.date, "0000-00-00") || text.empty() || (text.front() != 'T' && text.front() != ' '))
        return std::nullopt;
    text.remove_prefix(1);
    parts.time = take(text, 8);
    if (!has_form(parts.time, "00:00:00"))
        return std::nullopt;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const std::size_t digits = text.find_first_not_of("0123456789");
        parts.fraction = take(text, digits);
        if (parts.fraction.empty())
            return std::nullopt;
    }
    parts.offset = text;
    if (text.empty() || text == "Z" || has_form(text, "+00:00") || has_form(text, "-00:00"))
        return parts;
    return std::nullopt;
}

std::string one_line(std::string_view text, std::size_t most) {
    std::string out;
    out.reserve(std::min(text.size(), most));
    bool gap = false;
    for (std::size_t i = 0, characters = 0; i < text.size() && characters < most;) {
        const slack::utf8::Character character = slack::utf8::at(text, i);
        i += character.length;
        const char32_t c = character.code_point;
        if (c == ' ' || c == 0xA0 || cell_detail::is_control(c)) {
            gap = true;
            continue;
        }
        if (cell_detail::is_override(c))
            continue;
        if (gap && !out.empty()) {
            out += ' ';
            ++characters;
        }
        gap = false;
        slack::utf8::append(out, c);
        ++characters;
    }
    return out;
}

std::string clean_lines(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const slack::utf8::Character character = slack::utf8::at(text, i);
        i += character.length;
        const char32_t c = character.code_point;
        if ((!cell_detail::is_control(c) || c == '\n' || c == '\t') && !cell_detail::is_override(c))
            slack::utf8::append(out, c);
    }
    return out;
}

std::string harmless_markdown(std::string_view markdown) {
    constexpr std::string_view kNoWidth = "\xE2\x80\x8B";
    std::string out;
    for (const char c : clean_lines(markdown)) {
        if ((c == '!' || c == '@' || c == '#') && out.ends_with('<'))
            out += kNoWidth;
        out += c;
    }
    return out;
}

}  // namespace genie_slack::answer
