#include "app/relay/directory/named_space.hpp"

#include "app/relay/manners/line.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace named_space_detail {

using phrases::has;
using phrases::Words;

constexpr std::size_t kLongestLine = 200;  // bytes
constexpr std::string_view kBefore =
    "|the|a|our|use|take|choose|pick|select|ask|in|with|genie|please|ok|okay|yes|hi|hey|space|"
    "der|die|das|den|im|in|mit|nimm|nutze|wähle|frag|frage|unser|unseren|bitte|ja|"
    "el|la|los|las|en|usa|elige|por|favor|espacio|sí|le|les|l|dans|utilise|choisis|prends|l'espace|espace|oui|";
constexpr std::string_view kBehind =
    "|space|spaces|room|one|please|pls|thanks|genie|bitte|danke|raum|espacio|espace|por|favor|gracias|merci|"
    "s'il|te|vous|plaît|";

// All words of a line that is one sentence.
Words words_of(std::string_view text) {
    Line line = read_line(slack::escape(text), "");
    const bool is_plain = line.sentences.size() == 1 && !line.mentions_others && !line.has_link &&
                          !line.sentences.front().has_question_mark;
    return is_plain ? std::move(line.sentences.front().words) : Words();
}

bool is_same(const Words& title, const Words& said, std::size_t from, std::size_t to) {
    return to - from == title.size() && !title.empty() &&
           std::equal(title.begin(), title.end(), said.begin() + static_cast<std::ptrdiff_t>(from),
                      [](const LineWord& left, const LineWord& right) { return left.lower == right.lower; });
}

// Whether the title stands in what is said, with nothing around it but small words.
bool is_named(const Words& title, const Words& said) {
    for (std::size_t from = 0; from < said.size(); ++from) {
        for (std::size_t to = said.size(); to > from; --to) {
            if (is_same(title, said, from, to))
                return true;
            if (!has(kBehind, said[to - 1].lower))
                break;
        }
        if (!has(kBefore, said[from].lower))
            break;
    }
    return false;
}

}  // namespace named_space_detail

std::optional<genie::Space> named_space(const std::vector<genie::Space>& spaces, std::string_view line) {
    using namespace named_space_detail;
    if (line.size() > kLongestLine)
        return std::nullopt;
    const Words said = words_of(line);
    std::optional<genie::Space> found;
    for (const genie::Space& space : spaces) {
        if (!is_named(words_of(space.title), said))
            continue;
        if (found)
            return std::nullopt;
        found = space;
    }
    return found;
}

}  // namespace genie_slack::relay
