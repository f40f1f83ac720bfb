#include "sandbox/genie/question_tokens.hpp"

#include <algorithm>
#include <charconv>

namespace genie_slack::sandbox::databricks {

namespace question_tokens_detail {

constexpr std::size_t kLongestPhrase = 4;  // words

bool digit(char c) {
    return c >= '0' && c <= '9';
}

// The bytes of an emoji that stands there, as a character or as Slack's name of it.
std::size_t emoji_at(std::string_view text) {
    const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0; };
    if (byte(0) >= 0xF0)
        return 4;
    if ((byte(0) == 0xE2 && byte(1) >= 0x8C) || text.starts_with("\xEF\xB8\x8F"))
        return 3;
    const std::size_t end = text.starts_with(':') ? text.find(':', 1) : std::string_view::npos;
    if (end == std::string_view::npos || end == 1)
        return 0;
    const std::string_view name = text.substr(1, end - 1);
    const bool has_letter = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const bool is_name = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_+-") == std::string_view::npos;
    return is_name && (has_letter || name == "100" || name == "+1" || name == "-1") ? end + 1 : 0;
}

// How many bytes of punctuation beyond ASCII begin there: "’", "“", "–" (U+20xx), "¿", "«" (below U+00C0); an emoji is
// no word either.
std::size_t mark_at(std::string_view text) {
    if (const std::size_t emoji = emoji_at(text))
        return emoji;
    if (text.starts_with("\xE2\x80"))
        return 3;
    return text.starts_with('\xC2') ? 2 : 0;
}

// The bytes of an apostrophe that stands there.
std::size_t apostrophe_at(std::string_view text) {
    return text.starts_with('\'') ? 1 : text.starts_with("\xE2\x80\x99") ? 3 : 0;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        words.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return words;
}

}  // namespace question_tokens_detail

using namespace question_tokens_detail;

std::string normalize_question(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t mark = mark_at(text.substr(i));
        const char c = mark > 0 ? ' ' : text[i];
        i += mark > 0 ? std::min(mark, text.size() - i) - 1 : 0;
        const auto byte = static_cast<unsigned char>(c);
        const bool in_number =
            i > 0 && i + 1 < text.size() && digit(text[i - 1]) && digit(text[i + 1]) && (c == ',' || c == '.');
        if (byte >= 'A' && byte <= 'Z')
            result += static_cast<char>(byte - 'A' + 'a');
        else if (!result.empty() && result.back() == '\xC3' && byte >= 0x80 && byte <= 0x9E && byte != 0x97)
            result += static_cast<char>(byte + 0x20);  // capital letters with an accent, in UTF-8
        else if ((byte >= 'a' && byte <= 'z') || digit(c) || byte >= 0x80 || (in_number && c == '.'))
            result += c;
        else if (!in_number && !result.empty() && result.back() != ' ')
            result += ' ';  // and "1,000.50" has become "1000.50"
    }
    if (!result.empty() && result.back() == ' ')
        result.pop_back();
    return result;
}

std::string without_contractions(std::string_view text) {
    std::string result;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n\t", start), text.size());
        std::string_view word = text.substr(start, end - start);
        std::size_t at = 0;
        while (at < word.size() && apostrophe_at(word.substr(at)) == 0)
            ++at;
        const std::string behind = normalize_question(word.substr(at));
        if (at < word.size())
            word = behind == "s" ? word.substr(0, at) : std::string_view();
        result += (result.empty() ? "" : " ") + std::string(word);
        start = end + 1;
    }
    return result;
}

QuestionTokens::QuestionTokens(std::string_view text, const std::map<std::string, std::string>& same) {
    const std::vector<std::string> words = split(normalize_question(text));
    for (std::size_t i = 0; i < words.size();) {
        std::size_t length = std::min(kLongestPhrase, words.size() - i);
        auto found = same.end();
        for (; length > 0; --length) {
            std::string phrase = words[i];
            for (std::size_t k = 1; k < length; ++k)
                phrase += " " + words[i + k];
            found = same.find(phrase);
            if (found != same.end())
                break;
        }
        words_.push_back(found == same.end() ? words[i] : found->second);
        other_.push_back(found != same.end());
        i += std::max<std::size_t>(length, 1);
    }
    used_.resize(words_.size(), false);
}

std::string_view QuestionTokens::free(std::size_t position) const {
    return position < words_.size() && !used_[position] ? std::string_view(words_[position]) : std::string_view();
}

void QuestionTokens::use(std::size_t position, std::size_t count) {
    for (std::size_t i = position; i < position + count && i < used_.size(); ++i)
        used_[i] = true;
}

std::string QuestionTokens::joined() const {
    std::string text;
    for (const std::string& word : words_)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<Span> QuestionTokens::take(const std::string& phrase) {
    const std::vector<std::string> wanted = split(phrase);
    std::vector<Span> places;
    for (std::size_t start = 0; !wanted.empty() && start + wanted.size() <= words_.size(); ++start) {
        bool here = true;
        for (std::size_t k = 0; k < wanted.size(); ++k)
            here = here && free(start + k) == wanted[k];
        if (!here)
            continue;
        use(start, wanted.size());
        places.push_back({start, wanted.size()});
    }
    return places;
}

std::optional<long> whole_number(std::string_view word) {
    long value = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || parsed.ec != std::errc() || parsed.ptr != word.data() + word.size() || value < 0 ||
        value > 1'000'000)
        return {};
    return value;
}

}  // namespace genie_slack::sandbox::databricks
