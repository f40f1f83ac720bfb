#include "slack/text/emoji.hpp"

#include "tests/catch.hpp"

namespace emoji_test {

using namespace genie_slack::slack;

TEST_CASE("an emoji is seen by its name and as a character", "[emoji]") {
    for (const char* one : {":tada:", ":+1:", ":-1:", ":100:", ":1st_place_medal:", ":8ball:", ":flag-es:",
                            ":skin-tone-2:", "\xF0\x9F\x98\x82", "\xE2\x9C\x85", "\xE2\x8F\xB0",
                            "1\xEF\xB8\x8F\xE2\x83\xA3", "#\xE2\x83\xA3", "\xE3\x8A\x97"}) {
        INFO(one);
        CHECK(emoji_at(one, 0) == std::string(one).size());
        CHECK(without_emoji(std::string("a") + one + "b") == "a b");
    }
    for (const char* none :
         {"1", "#", ":", "::", ": a:", "\xE2\x82\xAC", "\xE2\x80\x9C", "\xC3\xBC", "\xE3\x81\x82", ""}) {
        INFO(none);
        CHECK(emoji_at(none, 0) == 0);
    }
    CHECK(without_emoji("at 3:30:15 and 3:30pm:") == "at 3:30:15 and 3:30pm:");
    CHECK(without_emoji("hi :wave::skin-tone-3: there") == "hi    there");
}

}  // namespace emoji_test
