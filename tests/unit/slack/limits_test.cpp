#include "slack/blocks/limits.hpp"

#include "slack/blocks/blocks.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

#include <functional>

namespace limits_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace genie_slack::slack::limits;
namespace json = boost::json;

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

template <class... Blocks>
json::array array_of(Blocks&&... blocks) {
    json::array out;
    (out.emplace_back(std::forward<Blocks>(blocks)), ...);
    return out;
}

// "pointer message" of each violation.
std::vector<std::string> wrong(const json::array& blocks, Surface surface = Surface::message) {
    std::vector<std::string> out;
    for (const Violation& violation : check_blocks(blocks, surface))
        out.push_back(violation.pointer + " " + violation.message);
    return out;
}

// Exactly one violation, at this pointer.
void refused_at(const json::object& block, const std::string& pointer, Surface surface = Surface::message) {
    const auto violations = check_blocks(array_of(block), surface);
    CAPTURE(pointer, wrong(array_of(block), surface));
    REQUIRE(violations.size() == 1);
    CHECK(violations[0].pointer == pointer);
}

void accepted(const json::object& block, Surface surface = Surface::message) {
    const auto violations = wrong(array_of(block), surface);
    CAPTURE(violations);
    CHECK(violations.empty());
}

std::string text(std::size_t characters) {
    return std::string(characters, 'x');
}

json::object input_with(json::object element) {
    json::object out{{"type", "input"}};
    out["label"] = blocks::plain_text("Label");
    out["element"] = std::move(element);
    return out;
}

std::vector<blocks::Option> options(std::size_t count) {
    std::vector<blocks::Option> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(blocks::Option{"o" + std::to_string(i), "v" + std::to_string(i), ""});
    return out;
}

json::object select_in_actions(const std::vector<blocks::Option>& list) {
    return blocks::actions("b", array_of(blocks::static_select("a", "Pick", list)));
}

json::object table_of(std::size_t rows, std::size_t columns, const std::string& cell = "c") {
    return blocks::table(std::vector<blocks::TableColumn>(columns),
                         std::vector<std::vector<std::string>>(rows, std::vector<std::string>(columns, cell)));
}

json::object bar_chart(std::size_t series, std::size_t points) {
    json::array categories;
    for (std::size_t i = 0; i < points; ++i)
        categories.emplace_back("c" + std::to_string(i));
    json::array all;
    for (std::size_t s = 0; s < series; ++s) {
        json::array data;
        for (std::size_t i = 0; i < points; ++i) {
            json::object point;
            point["label"] = "c" + std::to_string(i);
            point["value"] = 1.5;
            data.push_back(std::move(point));
        }
        json::object one;
        one["name"] = "s" + std::to_string(s);
        one["data"] = std::move(data);
        all.push_back(std::move(one));
    }
    json::object axis;
    axis["categories"] = std::move(categories);
    json::object chart;
    chart["type"] = "bar";
    chart["series"] = std::move(all);
    chart["axis_config"] = std::move(axis);
    json::object block;
    block["type"] = "data_visualization";
    block["title"] = "Revenue";
    block["chart"] = std::move(chart);
    return block;
}

TEST_CASE("texts of blocks are accepted up to their limit and not beyond", "[limits]") {
    accepted(blocks::section(text(3000)));
    refused_at(blocks::section(text(3001)), "/0/text/text");
    refused_at(blocks::section(""), "/0/text/text");
    refused_at(object(R"({"type":"section"})"), "/0");
    accepted(blocks::header(text(500)));  // the builder shortens labels
    refused_at(object(R"({"type":"header","text":{"type":"mrkdwn","text":"x"}})"), "/0/text/type");
    json::object header = blocks::header("x");
    header["text"].as_object()["text"] = text(151);
    refused_at(header, "/0/text/text");
    accepted(blocks::markdown(text(10'000)));
    CHECK(wrong(array_of(blocks::markdown(text(12'001)))).size() == 3);  // its own, all markdown, all text
    accepted(blocks::context(text(2000)));
    refused_at(blocks::context(text(2001)), "/0/elements/0/text");
    accepted(blocks::divider());
}

TEST_CASE("characters are counted, not bytes", "[limits]") {
    std::string umlauts;
    for (int i = 0; i < 3000; ++i)
        umlauts += "ü";
    accepted(blocks::section(umlauts));
    refused_at(blocks::section(umlauts + "ü"), "/0/text/text");
}

TEST_CASE("section fields and accessory", "[limits]") {
    json::object block{{"type", "section"}};
    json::array fields;
    for (int i = 0; i < 10; ++i)
        fields.push_back(object(R"({"type":"mrkdwn","text":"x"})"));
    block["fields"] = fields;
    accepted(block);
    fields.push_back(object(R"({"type":"mrkdwn","text":"x"})"));
    block["fields"] = fields;
    refused_at(block, "/0/fields");
    block["fields"] = array_of(json::object{{"type", "mrkdwn"}, {"text", text(2001)}});
    refused_at(block, "/0/fields/0/text");
    json::object with_button = blocks::section("x");
    with_button["accessory"] = blocks::button("a", "Go", text(2001));
    refused_at(with_button, "/0/accessory/value");
}

TEST_CASE("buttons and actions", "[limits]") {
    const auto one = [](json::object button) { return blocks::actions("b", array_of(std::move(button))); };
    accepted(one(blocks::button("a", text(200), text(2000), "primary")));
    refused_at(one(blocks::button("a", "Go", text(2001))), "/0/elements/0/value");
    refused_at(one(blocks::button("a", "Go", "v", "loud")), "/0/elements/0/style");
    refused_at(one(blocks::button(text(256), "Go", "v")), "/0/elements/0/action_id");
    refused_at(one(blocks::button("a", "", "v")), "/0/elements/0/text/text");
    json::object linked = blocks::button("a", "Go", "v");
    linked["url"] = text(3001);
    refused_at(one(linked), "/0/elements/0/url");
    json::object confirmed = blocks::button("a", "Go", "v");
    confirmed["confirm"] = object(R"({"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"x"},
        "confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}})");
    accepted(one(confirmed));
    confirmed["confirm"].as_object()["deny"] = blocks::plain_text(text(31));
    refused_at(one(confirmed), "/0/elements/0/confirm/deny/text");

    json::array many;
    for (int i = 0; i < 26; ++i)
        many.push_back(blocks::button("a" + std::to_string(i), "Go", "v"));
    refused_at(blocks::actions("b", many), "/0/elements");
    refused_at(blocks::actions("b", array_of(blocks::button("a", "1", "v"), blocks::button("a", "2", "v"))),
               "/0/elements/1/action_id");
    refused_at(blocks::actions("b", {}), "/0/elements");
}

TEST_CASE("option lists", "[limits]") {
    accepted(select_in_actions(options(100)));
    refused_at(select_in_actions(options(101)), "/0/elements/0/options");
    refused_at(select_in_actions({}), "/0/elements/0/options");
    refused_at(select_in_actions({blocks::Option{"t", text(151), ""}}), "/0/elements/0/options/0/value");
    accepted(select_in_actions({blocks::Option{text(100), "v", text(100)}}));  // the builder shortens labels
    refused_at(select_in_actions({blocks::Option{"a", "v", ""}, blocks::Option{"b", "v", ""}}),
               "/0/elements/0/options/1/value");
    accepted(blocks::actions("b", array_of(blocks::external_select("a", text(300)))));

    json::object radio = blocks::static_select("a", "p", options(11));
    radio["type"] = "radio_buttons";
    refused_at(blocks::actions("b", array_of(radio)), "/0/elements/0/options");
    json::object overflow = blocks::static_select("a", "p", options(6));
    overflow["type"] = "overflow";
    refused_at(blocks::actions("b", array_of(overflow)), "/0/elements/0/options");
    accepted(blocks::actions("b", array_of(blocks::overflow("a", options(5)))));

    json::object chosen = blocks::static_select("a", "p", options(3));
    chosen["initial_option"] = chosen.at("options").at(1);
    accepted(blocks::actions("b", array_of(chosen)));
    chosen["initial_option"].as_object()["value"] = "v7";
    refused_at(blocks::actions("b", array_of(chosen)), "/0/elements/0/initial_option");
}

TEST_CASE("feedback buttons", "[limits]") {
    accepted(blocks::feedback("fb", "Good", "Bad", "turn1"));
    refused_at(blocks::feedback("fb", "Good", "Bad", text(1997)), "/0/elements/0/negative_button/value");
    refused_at(blocks::feedback("fb", "Good", "Bad", "x"), "/0", Surface::home);
    refused_at(object(R"({"type":"context_actions","elements":[{"type":"button"}]})"), "/0/elements/0/type");
    refused_at(object(R"({"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":
        {"text":{"type":"plain_text","text":"Good"},"value":"v"}}]})"),
               "/0/elements/0/negative_button");
}

TEST_CASE("input blocks and images", "[limits]") {
    accepted(input_with(object(R"({"type":"plain_text_input","action_id":"a","max_length":3000})")), Surface::modal);
    refused_at(input_with(object(R"({"type":"plain_text_input","max_length":3001})")), "/0/element/max_length",
               Surface::modal);
    refused_at(object(R"({"type":"input","label":{"type":"plain_text","text":"x"}})"), "/0/element", Surface::modal);
    accepted(object(R"({"type":"image","image_url":"https://x/y.png","alt_text":"chart"})"));
    refused_at(object(R"({"type":"image","image_url":"https://x/y.png"})"), "/0/alt_text");
    refused_at(object(R"({"type":"image","alt_text":"chart"})"), "/0");
}

TEST_CASE("a table's rows, columns, cells and characters", "[limits]") {
    accepted(table_of(100, 20, "12345"));
    refused_at(table_of(101, 2), "/0/rows");
    CHECK(wrong(array_of(table_of(1, 21))).size() == 2);  // rows and column settings
    refused_at(table_of(100, 10, "12345678901"), "/0");
    refused_at(object(R"({"type":"table","rows":[[{"type":"raw_text","text":""}]]})"), "/0/rows/0/0/text");
    refused_at(object(R"({"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}],
        [{"type":"raw_text","text":"c"}]]})"),
               "/0/rows/1");
    refused_at(object(R"({"type":"table","rows":[[null]]})"), "/0/rows/0/0");
    accepted(object(R"({"type":"table","column_settings":[{"align":"right"},null],"rows":[[{"type":"rich_text",
        "elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"EMEA"}]}]},
        {"type":"raw_text","text":"1"}]]})"));
    CHECK(wrong(array_of(table_of(1, 1), table_of(1, 1))) ==
          std::vector<std::string>{"/1 a message can have one table only"});
    refused_at(table_of(1, 1), "/0", Surface::modal);
}

TEST_CASE("the table builder fills empty cells", "[limits]") {
    const json::object table =
        blocks::table({blocks::TableColumn{}, blocks::TableColumn{true}}, {{"Region", "Revenue"}, {" ", ""}});
    accepted(table);
    CHECK(table.at("rows").at(1).at(0).at("text") == "–");
    CHECK(table.at("rows").at(1).at(1).at("text") == "–");
    CHECK(table.at("column_settings").at(1).at("align") == "right");
}

TEST_CASE("tables in Markdown count", "[limits]") {
    const std::string table = "| a | b |\n|---|---|\n| 1 | 2 |\n";
    accepted(blocks::markdown(table));
    accepted(blocks::markdown("```\n" + table + "```\n\n" + table));
    refused_at(blocks::markdown(table + "\n" + table), "/0");
    CHECK(wrong(array_of(blocks::markdown(table), table_of(1, 1))).size() == 1);
    refused_at(blocks::markdown("x"), "/0", Surface::modal);
}

TEST_CASE("a data table", "[limits]") {
    const std::string start = R"({"type":"data_table","caption":"c","page_size":10,"rows":[)";
    accepted(object(start + R"([{"type":"raw_text","text":"Region"}],[{"type":"raw_number","value":1,"text":"1"}]]})"));
    refused_at(object(R"({"type":"table","rows":[[{"type":"raw_number","value":1,"text":"1"}]]})"), "/0/rows/0/0/type");
    refused_at(object(start + R"([{"type":"raw_text","text":"Region"}]]})"), "/0/rows");
    refused_at(object(start + R"([{"type":"rich_text","elements":[]}],[{"type":"raw_number","value":1,"text":"1"}]]})"),
               "/0/rows/0/0/type");
    refused_at(object(start + R"([{"type":"raw_text","text":"R"}],[{"type":"raw_number","value":"1","text":"1"}]]})"),
               "/0/rows/1/0/value");
    refused_at(object(R"({"type":"data_table","rows":[[{"type":"raw_text","text":"R"}],
        [{"type":"raw_text","text":"1"}]]})"),
               "/0/caption");
    json::object heads = object(start + R"([{"type":"raw_text","text":"R"}],[{"type":"raw_text","text":"1"}]]})");
    heads["row_header_column_index"] = 0;
    accepted(heads);
    heads["row_header_column_index"] = 1;
    refused_at(heads, "/0/row_header_column_index");
}

TEST_CASE("charts", "[limits]") {
    accepted(bar_chart(6, 20));
    refused_at(bar_chart(7, 20), "/0/chart/series");
    CHECK(wrong(array_of(bar_chart(1, 21))).size() == 2);  // categories and points
    CHECK(wrong(array_of(bar_chart(1, 1), bar_chart(1, 1), bar_chart(1, 1))) ==
          std::vector<std::string>{"/2 a message can have 2 charts only"});
    json::object long_title = bar_chart(1, 1);
    long_title["title"] = text(51);
    refused_at(long_title, "/0/title");
    json::object missing_point = bar_chart(1, 2);
    missing_point["chart"].as_object()["series"].as_array()[0].as_object()["data"].as_array().pop_back();
    refused_at(missing_point, "/0/chart/series/0/data");
    json::object same_label = bar_chart(1, 2);
    same_label["chart"].as_object()["series"].as_array()[0].as_object()["data"].as_array()[1].as_object()["label"] =
        "c0";
    refused_at(same_label, "/0/chart/series/0/data/1/label");
    accepted(object(R"({"type":"data_visualization","title":"t","chart":{"type":"pie",
        "segments":[{"label":"EMEA","value":40}]}})"));
    refused_at(object(R"({"type":"data_visualization","title":"t","chart":{"type":"pie",
        "segments":[{"label":"EMEA","value":0}]}})"),
               "/0/chart/segments/0/value");
    refused_at(object(R"({"type":"data_visualization","title":"t","chart":{"type":"radar"}})"), "/0/chart/type");
    refused_at(bar_chart(1, 1), "/0", Surface::home);
}

TEST_CASE("what counts over the whole message", "[limits]") {
    json::array many;
    for (int i = 0; i < 50; ++i)
        many.push_back(blocks::divider());
    CHECK(wrong(many).empty());
    many.push_back(blocks::divider());
    CHECK(wrong(many).size() == 1);
    CHECK(wrong(many, Surface::modal).empty());

    json::array long_text;
    for (int i = 0; i < 4; ++i)
        long_text.push_back(blocks::section(text(2501)));
    REQUIRE(wrong(long_text).size() == 1);
    CHECK_THAT(wrong(long_text)[0], test::contains("10004"));

    CHECK(wrong(array_of(blocks::actions("b", array_of(blocks::button("a", "x", "v"))),
                         blocks::actions("b", array_of(blocks::button("a", "x", "v"))))) ==
          std::vector<std::string>{"/1/block_id is used twice"});
}

TEST_CASE("unknown types pass, malformed blocks do not", "[limits]") {
    accepted(object(R"({"type":"hologram","text":7})"));
    accepted(blocks::actions("b", array_of(object(R"({"type":"slider","value":7})"))));
    refused_at(object(R"({"text":"x"})"), "/0/type");
    CHECK(wrong(array_of("text")).size() == 1);
    json::object deep{{"type", "rich_text_section"}};
    for (int i = 0; i < 100; ++i) {
        json::object outer{{"type", "rich_text_section"}};
        outer["elements"] = array_of(deep);
        deep = outer;
    }
    deep["type"] = "rich_text";
    CHECK(wrong(array_of(deep)).size() == 1);
    json::array hopeless;
    for (int i = 0; i < 500; ++i)
        hopeless.push_back(json::object{});
    CHECK(wrong(hopeless).size() == 50);
}

TEST_CASE("text and blocks of a message", "[limits]") {
    const auto count = [](std::string_view message, const json::array& blocks, bool update) {
        return check_message(message, blocks, update).size();
    };
    CHECK(count("hi", {}, false) == 0);
    CHECK(count("", {}, false) == 1);
    CHECK(count("", array_of(blocks::divider()), false) == 0);
    CHECK(count(text(40'000), {}, false) == 0);
    CHECK(count(text(40'001), {}, false) == 1);
    CHECK(count(text(4'000), {}, true) == 0);
    CHECK(count(text(4'001), {}, true) == 1);
    const auto violations = check_message("hi", array_of(blocks::section(text(3001))), false);
    REQUIRE(violations.size() == 1);
    CHECK(violations[0].pointer == "/blocks/0/text/text");
}

TEST_CASE("chunks of a stream", "[limits]") {
    CHECK(check_chunks(array_of(object(R"({"type":"markdown_text","text":"x"})"),
                                object(R"({"type":"task_update","id":"t1","title":"Query","status":"complete"})"),
                                object(R"({"type":"plan_update","title":"Worked"})"),
                                object(R"({"type":"blocks","blocks":[{"type":"divider"}]})")))
              .empty());
    CHECK(check_chunks(array_of(json::object{{"type", "task_update"}, {"id", "t"}, {"title", text(257)}})).size() == 1);
    CHECK(check_chunks(array_of(json::object{{"type", "markdown_text"}, {"text", ""}})).size() == 1);
    CHECK(check_chunks(array_of(object(R"({"type":"noise"})"))).size() == 1);
    CHECK(check_chunks(array_of(object(R"({"type":"blocks","blocks":[{"type":"section"}]})"))).size() == 1);
}

TEST_CASE("views", "[limits]") {
    json::object modal = object(R"({"type":"modal","title":{"type":"plain_text","text":"Ask"},"blocks":[]})");
    CHECK(check_view(modal).empty());
    modal["title"] = blocks::plain_text(text(25));
    CHECK(check_view(modal).size() == 1);
    modal["title"] = blocks::plain_text("Ask");
    modal["blocks"] = array_of(input_with(object(R"({"type":"plain_text_input"})")));
    CHECK(check_view(modal).size() == 1);
    modal["submit"] = blocks::plain_text("Send");
    CHECK(check_view(modal).empty());
    modal.erase("title");
    CHECK(check_view(modal).size() == 1);
    json::object home = object(R"({"type":"home","blocks":[{"type":"divider"}]})");
    CHECK(check_view(home).empty());
    home["private_metadata"] = text(3001);
    CHECK(check_view(home).size() == 1);
    CHECK(check_view(object(R"({"type":"window","blocks":[]})")).size() == 1);
}

}  // namespace limits_test
