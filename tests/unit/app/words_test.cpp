#include "app/words/words.hpp"

#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"

#include <set>
#include <string>

namespace words_test {

using namespace genie_slack::words;

std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> names;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        REQUIRE(close != std::string_view::npos);
        const auto inside = text.substr(open + 1, close - open - 1);
        names.insert(std::string(inside.substr(0, inside.find(':'))));
    }
    return names;
}

TEST_CASE("every word is there in every language, with the same values in it") {
    REQUIRE(count_words() > 0);
    for (std::size_t i = 0; i < count_words(); ++i) {
        const Word word = static_cast<Word>(i);
        INFO(name_of(word));
        const auto expected = words_test::placeholders(text_of(Language::english, word));
        for (const Language language : kLanguages) {
            CHECK_FALSE(text_of(language, word).empty());
            CHECK(words_test::placeholders(text_of(language, word)) == expected);
        }
    }
}

TEST_CASE("no word holds a bracket that Slack would take for an entity") {
    for (std::size_t i = 0; i < count_words(); ++i)
        for (const Language language : kLanguages) {
            const std::string_view text = text_of(language, static_cast<Word>(i));
            INFO(text);
            for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1))
                CHECK((std::string_view("@#!{").find(text[at + 1]) != std::string_view::npos ||
                       text.substr(at + 1).starts_with("http")));
        }
}

TEST_CASE("what stands in the head and the buttons of a form is short enough for Slack, in every language") {
    for (const Word word : {Word::sql_title, Word::rating_title, Word::question_title, Word::close_button,
                            Word::rating_send, Word::rating_skip, Word::ask_button, Word::cancel_button})
        for (const Language language : kLanguages) {
            INFO(text_of(language, word));
            CHECK(genie_slack::slack::count_characters(text_of(language, word)) <=
                  genie_slack::slack::limits::kModalTitleCharacters);
        }
}

TEST_CASE("numbers are written as the language writes them") {
    CHECK(format_integer(Language::english, 1284) == "1,284");
    CHECK(format_integer(Language::german, 1284) == "1.284");
    CHECK(format_integer(Language::spanish, 1284) == "1.284");
    CHECK(format_integer(Language::french, 1284567) ==
          "1\xC2\xA0"
          "284\xC2\xA0"
          "567");
    CHECK(format_integer(Language::english, 999) == "999");
    CHECK(format_integer(Language::english, -1234567) == "-1,234,567");
    CHECK(format_integer(Language::english, 0) == "0");
}

TEST_CASE("locales choose the language, unknown ones none") {
    CHECK(parse_language("de-AT") == Language::german);
    CHECK(parse_language("en_GB") == Language::english);
    CHECK(parse_language("en") == Language::english);
    CHECK(parse_language("fr-FR") == Language::french);
    CHECK(parse_language("es-419") == Language::spanish);
    CHECK_FALSE(parse_language("it-IT"));
    CHECK_FALSE(parse_language(""));
}

}  // namespace words_test
