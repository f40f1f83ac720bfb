#include "core/log.hpp"

#include "core/secret.hpp"
#include "tests/catch.hpp"

#include <sstream>

namespace log_test {

using namespace genie_slack;

TEST_CASE("a secret prints as stars", "[secret]") {
    std::ostringstream out;
    out << Secret("xoxb-123456789");
    CHECK(out.str() == "***");
    CHECK(log::format_text("e", {{"token", Secret("hidden-value")}}) == "e token=***");
}

TEST_CASE("what looks like a token is redacted from any text", "[secret]") {
    CHECK(redact("bad token xoxb-1234567890-abc!") == "bad token xoxb-***!");
    CHECK(redact("wss://x/link/?ticket=abcd-efgh-1234&app_id=5") == "wss://x/link/?ticket=***&app_id=5");
    CHECK(redact("Authorization: Bearer abcdefghijk") == "Authorization: Bearer ***");
    CHECK(redact("xapp-1-A111-222-333") == "xapp-***");
    CHECK(redact("dapi0123456789abcdef") == "dapi***");
    CHECK(redact("the word dapi and eyJ stay") == "the word dapi and eyJ stay");
    CHECK(redact("copy it from Basic Information, App-Level Tokens") ==
          "copy it from Basic Information, App-Level Tokens");
    CHECK(redact("Basic authentication.") == "Basic authentication.");
    CHECK(redact("Basic dXNlcjpwYXNz") == "Basic ***");
    CHECK(redact("Basic abc1234567") == "Basic ***");
    CHECK(redact("Authorization: Basic abcdefghijk") == "Authorization: Basic ***");
    CHECK(redact("") == "");
}

TEST_CASE("text lines quote what would be ambiguous", "[log]") {
    CHECK(log::format_text("a.b", {{"n", 3}, {"ok", true}, {"t", "two words"}, {"e", ""}}) ==
          "a.b n=3 ok=true t=\"two words\" e=\"\"");
    CHECK(log::format_text("a", {{"t", "line\nbreak"}}) == "a t=\"line\\nbreak\"");
}

TEST_CASE("JSON lines carry time, level and event", "[log]") {
    CHECK(log::format_json(log::Level::warn, "T", "a.b", {{"n", 3}, {"t", "x\"y"}}) ==
          R"({"time":"T","level":"warn","event":"a.b","n":3,"t":"x\"y"})");
    CHECK(log::format_json(log::Level::warn, "T", "a.b", {{"event", "Ev1"}}) ==
          R"({"time":"T","level":"warn","event":"a.b","event_":"Ev1"})");
}

TEST_CASE("a capture sees the lines of its thread from its level on", "[log]") {
    log::Capture capture(log::Level::info);
    log::debug("too.low");
    log::info("seen", {{"x", 1}});
    CHECK(capture.lines() == std::vector<std::string>{"info seen x=1"});
    CHECK(capture.contains("seen"));
    CHECK_FALSE(capture.contains("too.low"));
}

}  // namespace log_test
