// Every word that people read in Slack, in every language: a file for each language holds the texts (english.inc is the
// list of them), this finds and fills them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::words {

enum class Language { english, german, spanish, french };
inline constexpr Language kLanguages[] = {Language::english, Language::german, Language::spanish, Language::french};

// "en", "en-GB", "de_AT" (locales as Slack tells them); nothing for a language that is not spoken here.
std::optional<Language> parse_language(std::string_view locale);
const char* to_string(Language language);

// What stands between digits: 1,284.5 in English, 1.284,5 in German.
struct Separators {
    std::string_view thousands;
    char decimal;
};
Separators separators_of(Language language);
// "%", behind a space where the language sets one.
std::string_view percent_sign(Language language);
std::string format_integer(Language language, std::int64_t number);

enum class Word {
#define GENIE_SLACK_WORD(name, text) name,
#include "app/words/english.inc"
#undef GENIE_SLACK_WORD
};
std::string_view text_of(Language language, Word word);
// How many there are: for its test, which goes through all of them.
std::size_t count_words();
std::string_view name_of(Word word);

// What is put in for "{name}". A number is written with the language's separators, and also decides between the forms
// of
// "{name:one|many}".
struct Value {
    Value(std::string_view name_, std::string_view text_) : name(name_), text(text_) {}
    Value(std::string_view name_, const std::string& text_) : name(name_), text(text_) {}
    Value(std::string_view name_, const char* text_) : name(name_), text(text_) {}
    template <class Number, class = std::enable_if_t<std::is_integral_v<Number>>>
    Value(std::string_view name_, Number number_) : name(name_), number(static_cast<std::int64_t>(number_)) {}

    std::string_view name;
    std::string text;  // put in as it is: whoever says it has escaped it
    std::optional<std::int64_t> number;
};

// The text with its values. A placeholder without a value stays as it is.
std::string say(Language language, Word word, std::initializer_list<Value> values = {});

}  // namespace genie_slack::words
