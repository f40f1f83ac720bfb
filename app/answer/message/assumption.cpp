#include "app/answer/message/assumption.hpp"

#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <cctype>

namespace genie_slack::answer {

namespace assumption_detail {

constexpr std::size_t kCharacters = 200;

// Parts of words, lower case; between spaces they are whole words.
constexpr std::string_view kSigns[] = {
    " today",     "as of ",        "up to date", "exclud",       "not includ",  "without ",    " only",
    "assum",      "not count",     "counts as",  "count as",     "ignor",       "defined as",  "by default",
    "treated as", " heute",        " stand ",    "ohne ",        "ausgeschl",   "ausgenommen", " nur ",
    "angenommen", "annahme",       "nicht mit",  "zählen nicht", "zählt nicht", "zählt als",   "gilt als",
    "gelten als", "berücksichtig", " hoy",       "excluy",       "excluid",     "sin contar",  "solo ",
    "sólo ",      "supon",         "supuest",    "no cuenta",    "cuenta como", "aujourd",     "exclu",
    "hors ",      "sans compter",  "seulement",  "uniquement",   "suppos",      "ne compte",   "compte comme"};

std::string lower(std::string_view text) {
    std::string low(" ");
    low.append(text);
    // Umlauts and accents stand in the signs as people write them within a sentence.
    std::transform(low.begin(), low.end(), low.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return low + " ";
}

bool assumes(std::string_view sentence) {
    const std::string text = lower(sentence);
    return std::any_of(std::begin(kSigns), std::end(kSigns),
                       [&](std::string_view sign) { return text.find(sign) != std::string::npos; });
}

// "29. November", "1. Quartal": a day or a place in a row, as German writes it.
bool is_ordinal(std::string_view text, std::size_t point) {
    std::size_t digits = 0;
    while (digits < point && std::isdigit(static_cast<unsigned char>(text[point - 1 - digits])) != 0)
        ++digits;
    return digits == 1 || digits == 2;
}

// Up to the end of the first sentence; "2.5", "e.g. this" and "29. November" end none.
std::size_t sentence_end(std::string_view text) {
    for (std::size_t at = 0; at + 2 < text.size(); ++at) {
        const bool ends = text[at] == '.' || text[at] == '!' || text[at] == '?';
        if (ends && text[at + 1] == ' ' && std::islower(static_cast<unsigned char>(text[at + 2])) == 0 &&
            (at < 2 || text[at - 2] != '.') && !(text[at] == '.' && is_ordinal(text, at)))
            return at + 1;
    }
    return text.size();
}

}  // namespace assumption_detail

std::string assumption_of(std::string_view description) {
    using namespace assumption_detail;
    const std::string line = one_line(description);
    std::string found;
    for (std::string_view rest = line; !rest.empty();) {
        const std::string_view sentence = rest.substr(0, sentence_end(rest));
        rest.remove_prefix(sentence.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        const std::string longer = found + (found.empty() ? "" : " ") + std::string(sentence);
        if (assumes(sentence) && slack::count_characters(longer) <= kCharacters)
            found = longer;
    }
    return found;
}

}  // namespace genie_slack::answer
