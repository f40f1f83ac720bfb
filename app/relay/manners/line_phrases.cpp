#include "app/relay/manners/line_phrases.hpp"

namespace genie_slack::relay::phrases {

bool has(std::string_view list, std::string_view phrase) {
    std::string framed("|");
    framed.append(phrase).append("|");
    return list.find(framed) != std::string_view::npos;
}

std::string joined(const Words& words, std::size_t from, std::size_t count) {
    std::string text;
    for (std::size_t i = from; i < words.size() && i < from + count; ++i)
        text.append(i == from ? "" : " ").append(words[i].lower);
    return text;
}

bool stands_at(const Words& words, std::size_t at, std::string_view list) {
    for (std::size_t count = 1; count <= 4 && at + count <= words.size(); ++count)
        if (has(list, joined(words, at, count)))
            return true;
    return false;
}

bool contains(const Words& words, std::string_view list) {
    for (std::size_t at = 0; at < words.size(); ++at)
        if (stands_at(words, at, list))
            return true;
    return false;
}

std::size_t longest_at(const Words& words, std::size_t at, std::string_view list) {
    for (std::size_t count = 4; count > 0; --count)
        if (at + count <= words.size() && has(list, joined(words, at, count)))
            return count;
    return 0;
}

}  // namespace genie_slack::relay::phrases
