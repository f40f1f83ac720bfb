#include "slack/text/lone_tildes.hpp"

#include <algorithm>
#include <cstddef>

namespace genie_slack::slack {

namespace lone_tildes_detail {
namespace {

// U+E07E, of the private use area. Where a text has it already, it becomes a "~" too.
constexpr std::string_view kStandIn = "\xEE\x81\xBE";
constexpr std::string_view kSpaces = " \t\r\n";

// Only ASCII is an address for md4c, whose newer versions end it at a "~".
constexpr std::string_view kStandInOfAddress = "0x7Etilde0x7E";

bool is_address(std::string_view word) {
    return word.find("://") != std::string_view::npos || word.find("](") != std::string_view::npos;
}

void append_hidden(std::string& out, std::string_view word, std::string_view stand_in) {
    for (std::size_t i = 0; i < word.size();) {
        const std::size_t end = std::min(word.find_first_not_of('~', i), word.size());
        if (end == i + 1)
            out += stand_in;
        else
            out += word.substr(i, std::max<std::size_t>(end - i, 1));
        i = std::max(end, i + 1);
    }
}

}  // namespace
}  // namespace lone_tildes_detail

std::string lone_tildes_hidden(std::string markdown) {
    using namespace lone_tildes_detail;
    if (markdown.find('~') == std::string::npos)
        return markdown;
    const std::string_view text = markdown;
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t word = std::min(text.find_first_not_of(kSpaces, i), text.size());
        const std::size_t end = std::min(text.find_first_of(kSpaces, word), text.size());
        out += text.substr(i, word - i);
        const std::string_view one = text.substr(word, end - word);
        append_hidden(out, one, is_address(one) ? kStandInOfAddress : kStandIn);
        i = end;
    }
    return out;
}

std::string lone_tildes_shown(std::string_view text) {
    using namespace lone_tildes_detail;
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = text.substr(i);
        const std::string_view stand_in = rest.starts_with(kStandIn)            ? kStandIn
                                          : rest.starts_with(kStandInOfAddress) ? kStandInOfAddress
                                                                                : std::string_view();
        out += stand_in.empty() ? rest.front() : '~';
        i += std::max<std::size_t>(stand_in.size(), 1);
    }
    return out;
}

}  // namespace genie_slack::slack
