#include "app/words/words.hpp"

#include <algorithm>
#include <iterator>

namespace genie_slack::words {

namespace words_detail {

constexpr std::string_view kNames[] = {
#define GENIE_SLACK_WORD(name, text) #name,
#include "app/words/english.inc"
#undef GENIE_SLACK_WORD
};

// The compiler names the words that a file lacks (-Wswitch).
#define GENIE_SLACK_WORD(name, text) \
    case Word::name:                 \
        return text;
std::string_view english(Word word) {
    switch (word) {
#include "app/words/english.inc"
    }
    return {};
}

std::string_view german(Word word) {
    switch (word) {
#include "app/words/german.inc"
    }
    return {};
}

std::string_view spanish(Word word) {
    switch (word) {
#include "app/words/spanish.inc"
    }
    return {};
}

std::string_view french(Word word) {
    switch (word) {
#include "app/words/french.inc"
    }
    return {};
}
#undef GENIE_SLACK_WORD

struct Speech {
    const char* code;
    Separators separators;
    std::string_view percent;
    std::string_view (*text)(Word);
};

// In the order of Language.
constexpr Speech kSpeeches[] = {
    {"en", {",", '.'}, "%", english},
    {"de", {".", ','}, "\xC2\xA0%", german},
    {"es", {".", ','}, "\xC2\xA0%", spanish},
    {"fr", {"\xC2\xA0", ','}, "\xC2\xA0%", french},
};
static_assert(std::size(kSpeeches) == std::size(kLanguages));

const Speech& speech_of(Language language) {
    return kSpeeches[static_cast<std::size_t>(language)];
}

// "rows" or "rows:row|rows" between braces.
std::string fill(Language language, std::string_view placeholder, std::initializer_list<Value> values) {
    const std::size_t colon = placeholder.find(':');
    const std::string_view name = placeholder.substr(0, colon);
    const auto value = std::find_if(values.begin(), values.end(), [&](const Value& v) { return v.name == name; });
    if (value == values.end())
        return "{" + std::string(placeholder) + "}";
    if (colon == std::string_view::npos)
        return value->number ? format_integer(language, *value->number) : value->text;
    const std::string_view forms = placeholder.substr(colon + 1);
    const std::size_t bar = forms.find('|');
    const bool one = value->number == 1;
    if (bar == std::string_view::npos)
        return std::string(forms);
    return std::string(one ? forms.substr(0, bar) : forms.substr(bar + 1));
}

}  // namespace words_detail

std::optional<Language> parse_language(std::string_view locale) {
    const std::string_view code = locale.substr(0, locale.find_first_of("-_"));
    for (const Language language : kLanguages)
        if (code == to_string(language))
            return language;
    return std::nullopt;
}

const char* to_string(Language language) {
    return words_detail::speech_of(language).code;
}

Separators separators_of(Language language) {
    return words_detail::speech_of(language).separators;
}

std::string_view percent_sign(Language language) {
    return words_detail::speech_of(language).percent;
}

std::string format_integer(Language language, std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t end = digits.size(); end > first + 3;)
        digits.insert(end -= 3, separators_of(language).thousands);
    return digits;
}

std::string_view text_of(Language language, Word word) {
    return words_detail::speech_of(language).text(word);
}

std::size_t count_words() {
    return std::size(words_detail::kNames);
}

std::string_view name_of(Word word) {
    return words_detail::kNames[static_cast<std::size_t>(word)];
}

std::string say(Language language, Word word, std::initializer_list<Value> values) {
    std::string said;
    std::string_view rest = text_of(language, word);
    for (;;) {
        const std::size_t open = rest.find('{');
        const std::size_t close = rest.find('}', open);
        said += rest.substr(0, open);
        if (open == std::string_view::npos || close == std::string_view::npos)
            return said;
        said += words_detail::fill(language, rest.substr(open + 1, close - open - 1), values);
        rest.remove_prefix(close + 1);
    }
}

}  // namespace genie_slack::words
