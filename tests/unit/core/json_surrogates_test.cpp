#include "core/json_surrogates.hpp"

#include "tests/catch.hpp"

namespace json_surrogates_test {

using namespace genie_slack;

TEST_CASE("half a surrogate pair becomes the replacement character, a whole one stays", "[json]") {
    CHECK(mend_surrogates(R"({"a":"x \ud83d y"})") == R"({"a":"x \ufffd y"})");
    CHECK(mend_surrogates(R"({"a":"\uDE00"})") == R"({"a":"\ufffd"})");
    CHECK(mend_surrogates(R"("\ud83d\ud83d\ude00")") == R"("\ufffd\ud83d\ude00")");
    CHECK(mend_surrogates(R"("\ud83d)") == R"("\ufffd)");
    CHECK(mend_surrogates("\"\xED\xA0\xBD\"") == "\"\xEF\xBF\xBD\"");
    CHECK_FALSE(mend_surrogates(R"({"a":"\ud83d\ude00 \u00e4 \n"})"));
    CHECK_FALSE(mend_surrogates("\"\xED\x95\x9C plain\""));
    CHECK_FALSE(mend_surrogates(""));
}

TEST_CASE("an escaped backslash before the letters of an escape is left alone", "[json]") {
    CHECK_FALSE(mend_surrogates(R"("\\ud83d")"));
    CHECK(mend_surrogates(R"("\\\ud83d")") == R"("\\\ufffd")");
    CHECK_FALSE(mend_surrogates("\"\\"));
    CHECK_FALSE(mend_surrogates(R"("\u12")"));
}

}  // namespace json_surrogates_test
