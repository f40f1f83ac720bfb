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

}  // namespace help_test
