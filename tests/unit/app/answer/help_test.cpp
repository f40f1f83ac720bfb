#include "app/answer/message/help.hpp"

#include "tests/catch.hpp"

namespace help_test {

using namespace genie_slack;
using words::Word;

TEST_CASE("help says in every language what brings the bot to others' short follow-ups", "[help]") {
    for (const words::Language language : words::kLanguages) {
        answer::HelpInput input;
        input.language = language;
        input.bot_user = "UBOT";
        const std::string text = answer::render_help(input).text;
        const std::size_t threads = text.rfind("\xE2\x80\xA2");
        REQUIRE(threads != std::string::npos);
        INFO(text);
        CHECK(text.find("<@UBOT>", threads) != std::string::npos);
        CHECK(text.find(words::say(language, Word::answer_this_button), threads) != std::string::npos);
        CHECK(text.find('{') == std::string::npos);
    }
}

TEST_CASE("emoji around a greeting or a call for help are no words", "[help]") {
    for (const char* line :
         {"hi \xF0\x9F\x91\x8B", "hello :wave:", ":wave: good morning", "hola! :100:", "hi\xE2\x9D\xA4\xEF\xB8\x8F"}) {
        INFO(line);
        CHECK(answer::is_greeting(line));
    }
    for (const char* line : {"help :pray:", "\xF0\x9F\x86\x98 help", "what can you do? :thinking_face:"}) {
        INFO(line);
        CHECK(answer::is_call_for_help(line));
    }
    CHECK_FALSE(answer::is_greeting(":wave:"));
    CHECK_FALSE(answer::is_call_for_help(":help:"));
}

}  // namespace help_test
