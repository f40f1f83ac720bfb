#include "slack/blocks/blocks.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace blocks_test {

using namespace genie_slack::slack;
namespace json = boost::json;

// Compares as JSON text, so that a failing test shows both sides.
void same(const json::object& made, std::string_view wanted) {
    CHECK(json::serialize(made) == json::serialize(json::parse(wanted)));
}

TEST_CASE("builders make the JSON of their block", "[blocks]") {
    same(blocks::section("*hi*"), R"({"type":"section","text":{"type":"mrkdwn","text":"*hi*"}})");
    same(blocks::section("x", true), R"({"type":"section","text":{"type":"mrkdwn","text":"x"},"expand":true})");
    same(blocks::markdown("# x"), R"({"type":"markdown","text":"# x"})");
    same(blocks::context("x"), R"({"type":"context","elements":[{"type":"mrkdwn","text":"x"}]})");
    same(blocks::divider(), R"({"type":"divider"})");
    same(blocks::header("T"), R"({"type":"header","text":{"type":"plain_text","text":"T","emoji":true}})");
    same(blocks::button("a", "Go", "v", "primary"),
         R"({"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go","emoji":true},"value":"v",
             "style":"primary"})");
    same(blocks::actions("b", {}), R"({"type":"actions","block_id":"b","elements":[]})");
    same(blocks::static_select("a", "Pick", {{"One", "1", ""}, {"Two", "2", "second"}}),
         R"({"type":"static_select","action_id":"a","placeholder":{"type":"plain_text","text":"Pick","emoji":true},
             "options":[{"text":{"type":"plain_text","text":"One","emoji":true},"value":"1"},
             {"text":{"type":"plain_text","text":"Two","emoji":true},"value":"2",
              "description":{"type":"plain_text","text":"second","emoji":true}}]})");
    same(blocks::external_select("a", "Pick", 1),
         R"({"type":"external_select","action_id":"a","placeholder":{"type":"plain_text","text":"Pick","emoji":true},
             "min_query_length":1})");
    same(blocks::feedback("fb", "Good answer", "Bad answer", "t1"),
         R"({"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"fb",
             "positive_button":{"text":{"type":"plain_text","text":"Good answer","emoji":true},"value":"up:t1",
             "accessibility_label":"Good answer"},
             "negative_button":{"text":{"type":"plain_text","text":"Bad answer","emoji":true},"value":"down:t1",
             "accessibility_label":"Bad answer"}}]})");
    same(blocks::table({{false}, {true}}, {{"A", "B"}, {"x", ""}}),
         R"({"type":"table","column_settings":[{"align":"left","is_wrapped":true},{"align":"right"}],
             "rows":[[{"type":"raw_text","text":"A"},{"type":"raw_text","text":"B"}],
                     [{"type":"raw_text","text":"x"},{"type":"raw_text","text":"–"}]]})");
}

TEST_CASE("preformatted text is escaped and cannot leave its fence", "[blocks]") {
    const json::object block = blocks::preformatted("a < b ``` <!channel>");
    CHECK(block.at("text").at("text") == "```\na &lt; b ``\xE2\x80\x8B` &lt;!channel&gt;\n```");
}

}  // namespace blocks_test
