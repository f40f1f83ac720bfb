#include "core/random.hpp"
#include "slack/text/markup.hpp"
#include "tests/catch.hpp"

#include <string>

namespace markdown_test {

using namespace genie_slack;
using namespace genie_slack::slack;

const std::string kBorder = "\xE2\x80\x8B";  // zero-width space: a word's border for Slack
std::string convert(std::string_view markdown) {
    return markdown_to_mrkdwn(markdown);
}

TEST_CASE("styles become mrkdwn's", "[markdown]") {
    CHECK(convert("**bold** and *italic* and ~~gone~~ and `code`") == "*bold* and _italic_ and ~gone~ and `code`");
    CHECK(convert("__bold__ _italic_") == "*bold* _italic_");
    CHECK(convert("***both***") == "_*both*_");
    CHECK(convert("**a **b** c**") == "*a b c*");
    CHECK(convert("foo**bar**baz") == "foo" + kBorder + "*bar*" + kBorder + "baz");
    CHECK(convert("**Total**: 5") == "*Total*: 5");
    CHECK(convert("2 * 3 * 4 = snake_case_name") == "2 * 3 * 4 = snake_case_name");
}

TEST_CASE("a single tilde is said as it is", "[markdown]") {
    CHECK(convert("Sales were ~12M in EMEA and ~51M in APAC") == "Sales were ~12M in EMEA and ~51M in APAC");
    CHECK(convert("约~12万~510万") == "约~12万~510万");
    CHECK(convert("~5 days, **~7** weeks") == "~5 days, *~7* weeks");
    CHECK(convert("~~gone~~ and ~3") == "~gone~ and ~3");
    CHECK(convert("`~/a~`") == "`~/a~`");
    CHECK(convert("| a | b |\n|---|---|\n| ~1 | ~2 |").find("~1") != std::string::npos);
    CHECK(convert("`https://x.com/~c` ~12M") == "`https://x.com/~c` ~12M");
    CHECK(convert("[home](https://x.com/~a/) and https://x.com/~b/") ==
          "<https://x.com/~a/|home> and <https://x.com/~b/>");
    CHECK(convert("~~~\n~x\n~~~") == "```\n~x\n```");
    // What Slack itself would strike.
    CHECK(convert("a ~b~ c") == "a ~" + kBorder + "b" + kBorder + "~ c");
    CHECK(convert("a ~b\nc~ d") == "a ~b\nc~ d");
}

TEST_CASE("a style ends with its line and goes on in the next", "[markdown]") {
    CHECK(convert("**one\ntwo** three") == "*one*\n*two* three");
    CHECK(convert("a  \nb") == "a\nb");
}

TEST_CASE("headings become bold lines", "[markdown]") {
    CHECK(convert("# Title\ntext\n\n## Sub **x**\nmore") == "*Title*\n\ntext\n\n*Sub x*\n\nmore");
    CHECK(convert("#\n\ntext") == "text");
}

TEST_CASE("lists get bullets, numbers, boxes and indentation", "[markdown]") {
    CHECK(convert("Intro:\n\n- one\n- two\n  - nested\n    - deep\n- three\n\nend") ==
          "Intro:\n\n• one\n• two\n    • nested\n        • deep\n• three\n\nend");
    CHECK(convert("3. three\n4. four") == "3. three\n4. four");
    CHECK(convert("- [ ] todo\n- [x] done") == "☐ todo\n☑ done");
    CHECK(convert("- a\n\n  more\n- b") == "• a\n  more\n• b");
    CHECK(convert("1. **x**: y\n   - z") == "1. *x*: y\n    • z");
}

TEST_CASE("quotes keep their mark on every line", "[markdown]") {
    CHECK(convert("> one\n> two\n>\n> three\n\nafter") == "> one\n> two\n>\n> three\n\nafter");
}

TEST_CASE("code is kept as it is", "[markdown]") {
    CHECK(convert("```sql\nSELECT *\n  FROM a < b & **c**\n```\nx") ==
          "```\nSELECT *\n  FROM a &lt; b &amp; **c**\n```\n\nx");
    CHECK(convert("`a < b`") == "`a &lt; b`");
    CHECK(convert("`` x ` y ``") == "```x ` y```");
    CHECK(convert("~~~\na ``` b\n~~~") == "```\na ``" + kBorder + "` b\n```");
    CHECK(convert("    indented") == "```\nindented\n```");
}

TEST_CASE("links, images and addresses", "[markdown]") {
    CHECK(convert("[text](https://x.y/a)") == "<https://x.y/a|text>");
    CHECK(convert("[**bold** text](https://x.y)") == "<https://x.y|bold text>");
    CHECK(convert("[a](https://x.y/?a=1&b=2|3)") == "<https://x.y/?a=1&amp;b=2%7C3|a>");
    CHECK(convert("[a](<https://x.y/?a=1&amp;b=2>)") == "<https://x.y/?a=1&amp;b=2|a>");
    CHECK(convert("![chart](https://x.y/c.png)") == "<https://x.y/c.png|chart>");
    CHECK(convert("[![chart](https://x.y/c.png)](https://x.y)") == "<https://x.y|chart>");
    CHECK(convert("see https://x.y/z. ok") == "see <https://x.y/z>. ok");
    CHECK(convert("<https://x.y>") == "<https://x.y>");
    CHECK(convert("a@b.cd") == "<mailto:a@b.cd|a@b.cd>");
    CHECK(convert("[run](javascript:alert(1))") == "run");
    CHECK(convert("**[t](https://x)**") == "*<https://x|t>*");
    CHECK(convert("[t][1]\n\n[1]: https://x") == "<https://x|t>");
}

TEST_CASE("tables become aligned text", "[markdown]") {
    CHECK(convert("| Region | Revenue |\n|:--|--:|\n| EMEA | 1,234 |\n| 日本 | **5** |\n| a & b |\n\nx") ==
          "```\nRegion  Revenue\n------  -------\nEMEA      1,234\n日本          5\na &amp; b\n```\n\nx");
}

TEST_CASE("a table needs one dash for a column", "[markdown]") {
    const std::string table = "```\na  b\n-  -\n1  2\n```";
    for (const char* dashes : {"|-|-|", "-|-", "|:-:|--|", "| - | - |", "|---|---|"}) {
        CAPTURE(dashes);
        CHECK(convert("|a|b|\n" + std::string(dashes) + "\n|1|2|") == table);
    }
    CHECK(convert("> |a|b|\n> |-|-|\n> |1|2|") == table);
    CHECK(convert("```\n|a|\n|-|\n```") == "```\n|a|\n|-|\n```");
    CHECK(convert("    |a|\n    |-|") == "```\n|a|\n|-|\n```");
    CHECK(convert("a\n\n|-|") == "a\n\n|-|");
}

TEST_CASE("a table is bounded in columns, rows and width", "[markdown]") {
    std::string wide = "|";
    std::string line = "|";
    for (int i = 0; i < 60; ++i) {
        wide += "column" + std::to_string(i) + "|";
        line += "---|";
    }
    std::string table = wide + "\n" + line + "\n";
    for (int i = 0; i < 2'150; ++i)
        table += "|" + std::string(60, 'x') + "|\n";
    const std::string text = convert(table);
    CHECK(text.size() < 140'000);
    CHECK_THAT(text, test::contains("… 150 more rows, 40 more columns"));
    CHECK_THAT(text, test::contains("…"));
    CHECK(text.find("column20") == std::string::npos);
}

TEST_CASE("entities are decoded and everything is escaped once", "[markdown]") {
    CHECK(convert("&lt;b&gt; &amp; &quot;x&quot; &euro; &#8364; &#x20ac; &hellip; &nosuch;") ==
          "&lt;b&gt; &amp; \"x\" € € € … &amp;nosuch;");
    CHECK(convert("a & b < c > d") == "a &amp; b &lt; c &gt; d");
    CHECK(convert("&#0; &#xD800; &#9999999;") == "\uFFFD \uFFFD \uFFFD");
}

TEST_CASE("raw HTML comes out as text", "[markdown]") {
    CHECK(convert("<div>raw **b**</div>") == "&lt;div&gt;raw *b*&lt;/div&gt;");
    CHECK(convert("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;");
    CHECK(convert("<!-- hidden -->") == "&lt;!-- hidden --&gt;");
}

TEST_CASE("no input can make a mention", "[markdown]") {
    for (const char* hostile :
         {"<!channel>", "&lt;!channel&gt;", "`<!channel>`", "```\n<!channel>\n```", "[<!channel>](https://x)",
          "[x](<!channel>)", "| <!channel> |\n|---|\n| <@U1> |", "# <!here>", "<https://x|<!channel>>",
          "[x](https://x> <!channel)", "![<!everyone>](https://x)", "&#60;!channel&#62;", "**<**!channel**>**",
          "[a](https://x \"<!channel>\")", "<!subteam^S1>", "\\<!channel\\>", "> <!channel>", "- <@U1>"}) {
        CAPTURE(hostile);
        const std::string text = convert(hostile);
        CHECK(text.find("<!") == std::string::npos);
        CHECK(text.find("<@") == std::string::npos);
        CHECK(text.find("<#") == std::string::npos);
    }
}

TEST_CASE("random Markdown never makes a mention, invalid text or too long a one", "[markdown]") {
    static const std::vector<std::string> kPieces{
        "<!channel>", "<@U1>", "&lt;", "&",    "*",  "**", "_",  "~~",  "`",    "```\n",
        "\n",         "\n\n",  "- ",   "1. ",  "> ", "# ", "|",  "---", "[",    "](https://x)",
        "!",          "<",     ">",    "word", " ",  "日", "\t", "\\",  "    ", "|a|b|\n|-|-|\n"};
    Random random(42);
    for (int round = 0; round < 3000; ++round) {
        std::string markdown;
        for (auto n = random.between(0, 60); n > 0; --n)
            markdown += kPieces[random.between(0, kPieces.size() - 1)];
        const std::size_t limit = random.between(50, 400);
        const std::string text = markdown_to_mrkdwn(markdown, limit);
        CAPTURE(markdown, text, limit);
        CHECK(text.size() <= limit);
        CHECK(text.find("<!") == std::string::npos);
        CHECK(text.find("<@") == std::string::npos);
    }
}

TEST_CASE("a text that is too long is cut, and says so", "[markdown]") {
    std::string markdown = "```\n";
    for (int i = 0; i < 1000; ++i)
        markdown += "SELECT " + std::to_string(i) + "\n";
    markdown += "```\n\nafter";
    const std::string text = markdown_to_mrkdwn(markdown, 500);
    CHECK(text.size() <= 500);
    CHECK_THAT(text, test::contains("cut here"));
    CHECK_THAT(text, test::contains("\n```\n…"));
    CHECK(text.starts_with("```\nSELECT 0\n"));
}

TEST_CASE("hostile Markdown is converted in time", "[markdown]") {
    const auto repeated = [](std::string_view piece, int times) {
        std::string out;
        for (int i = 0; i < times; ++i)
            out += piece;
        return out;
    };
    for (const std::string& hostile :
         {repeated("[", 100'000), repeated("> ", 50'000), repeated("- ", 50'000), repeated("*a **b ", 50'000),
          repeated("`", 100'000), repeated("![", 50'000), repeated("<", 100'000), repeated("&#", 50'000)})
        CHECK(convert(hostile).size() <= 200'000);
    // Short rows under a wide header are filled up by the parser.
    const std::string table = repeated("|a", 1000) + "|\n" + repeated("|-", 1000) + "|\n" + repeated("|x|\n", 20'000);
    CHECK(convert(table).size() <= 200'000);
}

TEST_CASE("invalid UTF-8 comes out valid", "[markdown]") {
    CHECK(convert("a\xFF b\xC3") == "a\uFFFD b\uFFFD");
    CHECK(convert(std::string_view("a\0b", 3)) ==
          "a\uFFFD"
          "b");
}

TEST_CASE("empty text stays empty", "[markdown]") {
    CHECK(convert("").empty());
    CHECK(convert("\n\n  \n").empty());
    CHECK(convert("****").size() <= 30);
}

}  // namespace markdown_test
