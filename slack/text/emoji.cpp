#include "slack/text/emoji.hpp"

#include <algorithm>

namespace genie_slack::slack {

namespace emoji_detail {

constexpr std::string_view kLook = "\xEF\xB8\x8F";           // shows the character before it as an emoji
constexpr std::string_view kKeycap = "\xE2\x83\xA3";         // around the character before it
constexpr std::string_view kAsNumbers = "|100|1234|+1|-1|";  // names without a letter
// Circled "congratulations" and "secret", the wavy dash and the part alternation mark.
constexpr std::string_view kOfJapan = "|\xE3\x8A\x97|\xE3\x8A\x99|\xE3\x80\xB0|\xE3\x80\xBD|";

bool is_in(std::string_view list, std::string_view one) {
    return list.find("|" + std::string(one) + "|") != std::string_view::npos;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ":name:"
std::size_t named_at(std::string_view text, std::size_t at) {
    const std::size_t end = text.find(':', at + 1);
    if (end == std::string_view::npos)
        return 0;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (name.empty() || name.find_first_of(" \n\t?") != std::string_view::npos)
        return 0;
    // "at 3:30pm, 4:15pm"
    const bool is_behind_digit = at > 0 && is_digit(text[at - 1]);
    const bool fits = is_in(kAsNumbers, name) || is_letter(name[0]) ||
                      (is_digit(name[0]) && !is_behind_digit && std::any_of(name.begin(), name.end(), is_letter));
    return fits ? end + 1 - at : 0;
}

std::size_t keycap_at(std::string_view text, std::size_t at) {
    std::size_t behind = at + 1;
    if (text.substr(behind).starts_with(kLook))
        behind += kLook.size();
    return text.substr(behind).starts_with(kKeycap) ? behind + kKeycap.size() - at : 0;
}

}  // namespace emoji_detail

std::size_t emoji_at(std::string_view text, std::size_t at) {
    using namespace emoji_detail;
    if (at >= text.size())
        return 0;
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead == ':')
        return named_at(text, at);
    if (is_digit(text[at]) || lead == '#' || lead == '*')
        return keycap_at(text, at);
    const std::string_view three = text.substr(at, 3);
    if (three == kLook || three == kKeycap || is_in(kOfJapan, three))
        return three.size();
    // From U+2300 on: clocks, arrows, stars.
    if (lead == 0xE2 && three.size() == 3 && static_cast<unsigned char>(three[1]) >= 0x8C)
        return 3;
    return lead >= 0xF0 ? std::min<std::size_t>(4, text.size() - at) : 0;
}

std::string without_emoji(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = emoji_at(text, at);
        out += size > 0 ? ' ' : text[at];
        at += std::max<std::size_t>(size, 1);
    }
    return out;
}

}  // namespace genie_slack::slack
