#include "slack/text/markup.hpp"

#include "core/random.hpp"
#include "slack/text/utf8.hpp"
#include "tests/catch.hpp"

#include <algorithm>

namespace markup_test {

using namespace genie_slack;
using namespace genie_slack::slack;

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto character = utf8::at(text, i);
        if (!character.valid)
            return false;
        i += character.length;
    }
    return true;
}

// Text of the sort that splits badly: entities, links, fences, emoji, long words, blank lines.
std::string random_text(Random& random) {
    static const std::vector<std::string> kPieces{"a",          "word ",  "ü",
                                                  "日本",       "😀",     " ",
                                                  "\n",         "\n\n",   "&amp;",
                                                  "&lt;",       "&gt;",   "```",
                                                  "\n```\n",    "`x`",    "long",
                                                  "wordy",      "//",     "<https://x.y/z|label>",
                                                  "<@U1>",      "…",      "averylongwordwithoutanyspace",
                                                  "1234567890", "``````", "\n\n\n"};
    std::string out;
    const auto count = random.between(0, 120);
    for (std::uint64_t i = 0; i < count; ++i)
        out += kPieces[random.between(0, kPieces.size() - 1)];
    return out;
}

std::string without_layout(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\n' && c != '`')
            out += c;
    return out;
}

std::size_t fences(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t i = text.find("```"); i != std::string::npos; i = text.find("```", i)) {
        ++count;
        i = text.find_first_not_of('`', i);
        if (i == std::string::npos)
            break;
    }
    return count;
}

std::size_t longest_run(const std::string& text, char c) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char one : text) {
        run = one == c ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

TEST_CASE("only the three characters are escaped", "[markup]") {
    CHECK(escape("a & b < c > d \" ' *x*") == "a &amp; b &lt; c &gt; d \" ' *x*");
    CHECK(escape("<!channel> <@U1>") == "&lt;!channel&gt; &lt;@U1&gt;");
    CHECK(escape("&amp;") == "&amp;amp;");
    CHECK(escape("").empty());
}

TEST_CASE("what was escaped reads as it was written", "[markup]") {
    Random random(7);
    static const std::string kAlphabet = "&<>;ampltg!@#|x y";
    for (int round = 0; round < 2000; ++round) {
        std::string text = "x";
        for (auto n = random.between(0, 30); n > 0; --n)
            text += kAlphabet[random.between(0, kAlphabet.size() - 1)];
        text += "x";
        CAPTURE(text);
        CHECK(plain_text(escape(text), "UBOT") == text);
    }
}

TEST_CASE("links take only web and mail addresses and cannot be broken out of", "[markup]") {
    CHECK(slack::link("https://x.y/a", "label") == "<https://x.y/a|label>");
    CHECK(slack::link("https://x.y/a", "https://x.y/a") == "<https://x.y/a>");
    CHECK(slack::link("https://x.y/a", "") == "<https://x.y/a>");
    CHECK(slack::link("HTTPS://x.y", "l") == "<HTTPS://x.y|l>");
    CHECK(slack::link("mailto:a@b.c", "a@b.c") == "<mailto:a@b.c|a@b.c>");
    CHECK(slack::link("https://x/?a=1&b=<|>", "a < b\nc") == "<https://x/?a=1&amp;b=%3C%7C%3E|a &lt; b c>");
    CHECK(slack::link("https://x/ y", "l") == "<https://x/%20y|l>");
    CHECK(slack::link("javascript:alert(1)", "click <me>") == "click &lt;me&gt;");
    CHECK(slack::link("!channel", "") == "!channel");
    CHECK(slack::link("ftp://x", "") == "ftp://x");
    CHECK(slack::link("https://" + std::string(4000, 'x'), "l") == "l");
}

TEST_CASE("what a person wrote becomes plain text", "[markup]") {
    const auto plain = [](std::string_view text) { return plain_text(text, "UBOT"); };
    CHECK(plain("<@UBOT> revenue by region?") == "revenue by region?");
    CHECK(plain("hey <@UBOT> there") == "hey there");
    CHECK(plain("hey <@UBOT|genie>, there <@UBOT>") == "hey , there");
    CHECK(plain("<@UBOT><@U1>") == "@U1");
    CHECK(plain("<@U1|a&amp;b> <#C1|r&amp;d> <https://x.y|c &lt; d>") == "@a&b #r&d c < d (https://x.y)");
    CHECK(plain("ask <@U1|ana> and <@U2>") == "ask @ana and @U2");
    CHECK(plain("<@UBOTX> hi") == "@UBOTX hi");
    CHECK(plain("in <#C1|general> or <#C2|> or <#C3>") == "in #general or #C2 or #C3");
    CHECK(plain("<https://x.y/a?b=1&amp;c=2>") == "https://x.y/a?b=1&c=2");
    CHECK(plain("<https://x.y/a|our page>") == "our page (https://x.y/a)");
    CHECK(plain("<http://example.com|example.com>") == "example.com");
    CHECK(plain("<mailto:a@b.c|a@b.c>") == "a@b.c");
    CHECK(plain("<!here> <!channel> <!everyone|everyone>") == "@here @channel everyone");
    CHECK(plain("<!subteam^S1|@sales> <!subteam^S2>") == "@sales @S2");
    CHECK(plain("<!date^1392734382^{date_short}^https://l|Feb 18>") == "Feb 18");
    CHECK(plain("a &lt; b &amp;&amp; c &gt; d") == "a < b && c > d");
    CHECK(plain("&amp;lt;") == "&lt;");
    CHECK(plain("&lt;@UBOT&gt;") == "<@UBOT>");
    CHECK(plain("“smart” ‘quotes’ don’t") == "\"smart\" 'quotes' don't");
    CHECK(plain(" \n <@UBOT>\u00A0 hi \t") == "hi");
    CHECK(plain("1 < 2 and <open") == "1 < 2 and <open");
    CHECK(plain("<>") == "<>");
    CHECK(plain("").empty());
    CHECK(plain("<@UBOT>").empty());
    CHECK(plain_text("<@UBOT> hi", "") == "@UBOT hi");
    CHECK(plain_text("<@UBOT> \u200B\uFEFF", "UBOT").empty());
}

TEST_CASE("a mention is read where it begins, with and without a name", "[markup]") {
    const std::string text = "hi <@U1> and <@U22|ana m>";
    const auto first = mention_at(text, 3);
    REQUIRE(first);
    CHECK(first->user == "U1");
    CHECK(first->begin == 3);
    CHECK(text.substr(first->end) == " and <@U22|ana m>");
    const auto second = mention_at(text, 13);
    REQUIRE(second);
    CHECK(second->user == "U22");
    CHECK(second->end == text.size());
    CHECK_FALSE(mention_at(text, 0));
    CHECK_FALSE(mention_at(text, 4));
    CHECK_FALSE(mention_at(text, text.size()));
    CHECK_FALSE(mention_at(text, text.size() + 1));
}

TEST_CASE("what only looks like a mention is none", "[markup]") {
    for (const char* text : {"<@U1", "<@U1|ana", "<@", "<", "", "<@>", "<@|ana>", "@U1", "<U1>", "<#C1>", "<!here>",
                             "<!subteam^S1>", "&lt;@U1&gt;", "<@U1 <@U2>"}) {
        INFO(text);
        CHECK_FALSE(mention_at(text, 0));
    }
}

TEST_CASE("somebody's mention is found among others'", "[markup]") {
    const std::string text = "<@U1>, <@U12|ana>: <@U1|ben> <@U1";
    const auto first = find_mention(text, "U1");
    REQUIRE(first);
    CHECK(first->begin == 0);
    const auto second = find_mention(text, "U1", first->end);
    REQUIRE(second);
    CHECK(text.substr(second->begin, second->end - second->begin) == "<@U1|ben>");
    CHECK_FALSE(find_mention(text, "U1", second->end));
    REQUIRE(find_mention(text, "U12"));
    CHECK(find_mention(text, "U12")->begin == 7);
    CHECK_FALSE(find_mention(text, "U"));
    CHECK_FALSE(find_mention(text, "ana"));
    CHECK_FALSE(find_mention(text, ""));
    CHECK_FALSE(find_mention("", "U1"));
    // A mention that is not closed hides none behind it.
    REQUIRE(find_mention("<@U1 <@U1>", "U1"));
    CHECK(find_mention("<@U1 <@U1>", "U1")->begin == 5);
}

TEST_CASE("plain text of a hostile message takes no longer than its length", "[markup]") {
    const std::string open(200'000, '<');
    CHECK(plain_text(open, "UBOT").size() == open.size());
}

TEST_CASE("characters are code points, an invalid byte counts as one", "[markup]") {
    CHECK(count_characters("aü日😀") == 4);
    CHECK(count_characters("\xFF\xC3") == 2);
    CHECK(count_characters("\xED\xA0\x80") == 3);  // a surrogate
    CHECK(count_characters("") == 0);
}

TEST_CASE("truncation keeps the limit and says that it cut", "[markup]") {
    CHECK(slack::truncate("hello", 5) == "hello");
    CHECK(slack::truncate("hello!", 5) == "hell…");
    CHECK(slack::truncate("日本語", 2) == "日…");
    CHECK(slack::truncate("ab", 1) == "…");
    CHECK(slack::truncate("ab", 0).empty());
    CHECK(slack::truncate("", 0).empty());
}

TEST_CASE("a text is split at paragraphs, else lines, else spaces", "[markup]") {
    using Parts = std::vector<std::string>;
    CHECK(split_text("", 10) == Parts{});
    CHECK(split_text("short", 10) == Parts{"short"});
    CHECK(split_text("first one\n\nsecond one\nthird", 20) == Parts{"first one", "second one\nthird"});
    CHECK(split_text("line one\nline two", 10) == Parts{"line one", "line two"});
    CHECK(split_text("ab cd ef", 5) == Parts{"ab cd", "ef"});
    CHECK(split_text("abcdefgh", 3) == Parts{"abc", "def", "gh"});
    CHECK(split_text("日本語", 2) == Parts{"日本", "語"});
}

TEST_CASE("an entity and a link stay whole", "[markup]") {
    using Parts = std::vector<std::string>;
    CHECK(split_text("abc&amp;def", 6) == Parts{"abc", "&amp;d", "ef"});
    CHECK(split_text("go to <https://x.y/z|the page> now", 30) == Parts{"go to <https://x.y/z|the page>", "now"});
    CHECK(split_text("go to <https://x.y/z|the page> now", 25) == Parts{"go to", "<https://x.y/z|the page>", "now"});
}

TEST_CASE("a code fence is closed and opened again", "[markup]") {
    const std::string code = "look:\n```\nline one\nline two\nline three\n```\ndone";
    const auto parts = split_text(code, 31);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0] == "look:\n```\nline one\nline two\n```");
    CHECK(parts[1] == "```\nline three\n```\ndone");
}

TEST_CASE("an unclosed fence is text", "[markup]") {
    const auto parts = split_text("``` never closed " + std::string(50, 'x'), 30);
    for (const auto& part : parts)
        CHECK(part.find("\n```") == std::string::npos);
}

TEST_CASE("split parts hold all text, keep the limit, valid UTF-8, whole entities and closed fences", "[markup]") {
    Random random(20260131);
    for (int round = 0; round < 3000; ++round) {
        const std::string text = random_text(random);
        const std::size_t limit = random.between(1, 90);
        const auto parts = split_text(text, limit);
        CAPTURE(text, limit);
        std::string joined;
        for (const std::string& part : parts) {
            CAPTURE(part);
            CHECK(count_characters(part) <= limit);
            CHECK(is_utf8(part));
            if (limit >= 40)  // links of the alphabet fit
                CHECK(std::count(part.begin(), part.end(), '<') == std::count(part.begin(), part.end(), '>'));
            if (limit >= 16 && fences(text) % 2 == 0 && longest_run(text, '`') <= limit - 8)
                CHECK(fences(part) % 2 == 0);
            if (limit >= 5) {
                const auto amp = part.rfind('&');
                if (amp != std::string::npos)
                    CHECK(part.find(';', amp) != std::string::npos);
            }
            joined += part;
        }
        CHECK(without_layout(joined) == without_layout(text));
    }
}

TEST_CASE("splitting a hostile text takes no longer than its length", "[markup]") {
    CHECK(split_text(std::string(200'000, '`'), 3000).size() >= 66);
    CHECK(split_text(std::string(200'000, '<'), 3000).size() >= 66);
    CHECK(split_text(std::string(200'000, '&'), 3000).size() >= 66);
}

TEST_CASE("people and channels are called by their names where these are known", "[markup]") {
    MentionNames names;
    names.user = [](std::string_view id) {
        return id == "U05ANA" ? std::optional<std::string>("Ana Muster") : std::nullopt;
    };
    names.channel = [](std::string_view id) {
        return id == "C07SALES" ? std::optional<std::string>("sales") : std::nullopt;
    };
    CHECK(plain_text("<@UBOT> how many deals did <@U05ANA> close in <#C07SALES>?", "UBOT", names) ==
          "how many deals did @Ana Muster close in #sales?");
    CHECK(plain_text("<@U05ANA|ana> in <#C07SALES|>", "UBOT", names) == "@Ana Muster in #sales");
    CHECK(plain_text("<@U9> <@U8|bea> <#C1> <#C2|hr>", "UBOT", names) == "@U9 @bea #C1 #hr");
    CHECK(plain_text("<@U05ANA>", "UBOT") == "@U05ANA");
}

TEST_CASE("a text without paragraphs is split at the ends of its sentences", "[markup]") {
    const auto parts = slack::split_text("One is here. Two is there. Three is nowhere to be seen.", 30);
    CHECK(parts == std::vector<std::string>{"One is here. Two is there.", "Three is nowhere to be seen."});
    const auto chinese = slack::split_text("第一句话。第二句话。第三句话。", 12);
    CHECK(chinese == std::vector<std::string>{"第一句话。第二句话。", "第三句话。"});
}

TEST_CASE("what is cut off a text is all that follows, with its code fence opened again", "[markup]") {
    const auto cut = slack::cut_text("Code:\n```\nline one\nline two\nline three\n```\nThe end.", 40);
    CHECK(cut.head == "Code:\n```\nline one\nline two\n```");
    CHECK(cut.rest == "```\nline three\n```\nThe end.");
}

}  // namespace markup_test
