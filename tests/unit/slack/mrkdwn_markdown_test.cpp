#include "slack/text/mrkdwn_markdown.hpp"

#include "tests/catch.hpp"

namespace mrkdwn_markdown_test {

using genie_slack::slack::escape_markdown;
using genie_slack::slack::mrkdwn_to_markdown;

TEST_CASE("mrkdwn becomes Markdown", "[record]") {
    const std::pair<const char*, const char*> cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"*bold* _italic_ ~gone~ `a &lt; b`", "**bold** _italic_ ~~gone~~ `a < b`"},
        {"2 * 3 * 4, snake_case, ~12M", "2 \\* 3 \\* 4, snake_case, ~12M"},
        {"*a*b", "\\*a\\*b"},
        {"AT&amp;T &lt; 5 &gt; 3", "AT&T < 5 > 3"},
        {"&lt;script&gt;", "\\<script>"},
        {"&gt; no quote", "\\> no quote"},
        {"# no heading", "\\# no heading"},
        {"&amp;lt;", "&lt;"},
        {"\xE2\x80\xA2 one\n\xE2\x80\xA2 two", "- one\n- two"},
        {"first\nsecond", "first  \nsecond"},
        {"first\n\nsecond", "first\n\nsecond"},
        {"```\na | b\n*x*\n```\nafter", "```\na | b\n*x*\n```\nafter"},
        {"<https://x.example/a?b=1&amp;c=(2)|Open in [Genie]>",
         "[Open in \\[Genie\\]](https://x.example/a?b=1&c=%282%29)"},
        {"<https://x.example>", "<https://x.example>"},
        {"<!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>", "2023-11-14 22:13 UTC"},
        {"<@U1> in <#C1|sales> and <!here>", "@U1 in #sales and @here"},
        {"1 < 2", "1 < 2"},
        {"[x] \\y", "\\[x] \\\\y"},
    };
    for (const auto& [mrkdwn, markdown] : cases) {
        INFO(mrkdwn);
        CHECK(mrkdwn_to_markdown(mrkdwn) == markdown);
    }
}

TEST_CASE("a value stays a value in Markdown", "[record]") {
    CHECK(escape_markdown("a|b *c* `d` [e] ~f~") == "a\\|b \\*c\\* \\`d\\` \\[e\\] \\~f\\~");
    CHECK(escape_markdown("customer_name _x_ <b> 1 < 2 &amp; R&D 5 & 6") ==
          "customer_name \\_x\\_ \\<b> 1 < 2 \\&amp; R&D 5 & 6");
    CHECK(escape_markdown("1,234.50 -5 #3") == "1,234.50 -5 #3");
}

}  // namespace mrkdwn_markdown_test
