#include "sandbox/genie/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace genie_slack::sandbox::databricks {

namespace words_detail {

const std::set<std::string_view>& small_words() {
    static const std::set<std::string_view> words = {
        "a",       "about",   "also",      "all",        "am",          "an",        "and",        "any",
        "are",     "as",      "at",        "be",         "been",        "break",     "broken",     "breakdown",
        "but",     "by",      "calculate", "can",        "compare",     "compared",  "comparison", "could",
        "did",     "display", "do",        "does",       "down",        "each",      "every",      "first",
        "for",     "from",    "genie",     "get",        "give",        "had",       "has",        "have",
        "here",    "how",     "i",         "in",         "instead",     "is",        "it",         "its",
        "just",    "let",     "like",      "list",       "look",        "made",      "make",       "many",
        "me",      "much",    "my",        "need",       "no",          "now",       "number",     "of",
        "ok",      "okay",    "on",        "only",       "or",          "order",     "our",        "out",
        "over",    "overall", "overview",  "per",        "please",      "plot",      "chart",      "graph",
        "table",   "re",      "s",         "same",       "see",         "show",      "shown",      "so",
        "some",    "sort",    "sorted",    "split",      "still",       "tell",      "than",       "that",
        "the",     "their",   "them",      "then",       "there",       "these",     "they",       "this",
        "those",   "to",      "too",       "total",      "totals",      "us",        "value",      "values",
        "versus",  "vs",      "want",      "was",        "we",          "were",      "what",       "when",
        "where",   "which",   "who",       "whole",      "will",        "with",      "within",     "would",
        "yes",     "you",     "your",      "analysis",   "compute",     "data",      "during",     "entire",
        "figures", "find",    "group",     "grouped",    "high",        "highest",   "know",       "between",
        "opened",  "come",    "came",      "coming",     "happen",      "happened",  "across",     "company",
        "result",  "results", "were",      "well",       "placed",      "made",      "been",       "bought",
        "buy",     "grow",    "ordered",   "spent",      "spend",       "currently", "current",    "today",
        "ever",    "one",     "really",    "s",          "t",           "don",       "doing",      "go",
        "going",   "perform", "performed", "performing", "performance", "summary",   "summarize",  "summarise",
        "using",   "use",     "various",   "different",  "single",      "row",       "rows",       "count",
        "amount",  "average", "avg",       "mean",       "sum",         "exactly"};
    return words;
}

}  // namespace words_detail

std::string normalize_words(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
        if (byte >= 'A' && byte <= 'Z')
            result += static_cast<char>(byte - 'A' + 'a');
        else if (letter)
            result += c;
        else if ((c == ',' || c == '.') && !result.empty() && result.back() >= '0' && result.back() <= '9')
            result += c;  // perhaps inside a number; removed below when it is not
        else if (!result.empty() && result.back() != ' ')
            result += ' ';
    }
    std::string clean;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const bool separator = result[i] == ',' || result[i] == '.';
        const bool digit_next = i + 1 < result.size() && result[i + 1] >= '0' && result[i + 1] <= '9';
        if (!separator)
            clean += result[i];
        else if (!digit_next)
            clean += ' ';
        else if (result[i] == '.')
            clean += '.';  // "1,000.50" becomes "1000.50"
    }
    std::string single;
    for (const char c : clean)
        if (c != ' ' || (!single.empty() && single.back() != ' '))
            single += c;
    while (!single.empty() && single.back() == ' ')
        single.pop_back();
    return single;
}

Words::Words(std::string_view text) {
    const std::string normal = normalize_words(text);
    std::size_t start = 0;
    while (start < normal.size()) {
        const std::size_t end = std::min(normal.find(' ', start), normal.size());
        words_.push_back(normal.substr(start, end - start));
        start = end + 1;
    }
    used_.resize(words_.size(), false);
}

bool Words::matches(std::size_t position, std::string_view phrase) const {
    while (true) {
        const std::size_t space = phrase.find(' ');
        if (!free(position) || words_[position] != phrase.substr(0, space))
            return false;
        if (space == std::string_view::npos)
            return true;
        phrase.remove_prefix(space + 1);
        ++position;
    }
}

std::optional<std::size_t> Words::find(std::string_view phrase) const {
    for (std::size_t position = 0; position < words_.size(); ++position)
        if (matches(position, phrase))
            return position;
    return {};
}

bool Words::take(std::string_view phrase) {
    const auto position = find(phrase);
    if (position)
        use(*position, word_count(phrase));
    return position.has_value();
}

bool Words::take_any(std::initializer_list<std::string_view> phrases) {
    bool any = false;
    for (const std::string_view phrase : phrases)
        any = take(phrase) || any;
    return any;
}

void Words::use(std::size_t position, std::size_t count) {
    for (std::size_t i = position; i < position + count && i < used_.size(); ++i)
        used_[i] = true;
}

std::vector<std::string> Words::left_over() const {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < words_.size(); ++i)
        if (!used_[i] && !words_detail::small_words().contains(words_[i]))
            list.push_back(words_[i]);
    return list;
}

std::size_t word_count(std::string_view phrase) {
    return static_cast<std::size_t>(std::count(phrase.begin(), phrase.end(), ' ')) + 1;
}

std::optional<long> number_word(std::string_view word) {
    static constexpr std::array<std::string_view, 13> kNames = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"};
    const auto* name = std::find(kNames.begin(), kNames.end(), word);
    if (name != kNames.end())
        return static_cast<long>(name - kNames.begin());
    long value = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size() || value < 0 || value > 1'000'000)
        return {};
    return value;
}

}  // namespace genie_slack::sandbox::databricks
