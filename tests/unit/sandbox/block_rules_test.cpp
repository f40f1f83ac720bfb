#include "sandbox/slack/block_rules.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace block_rules_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
namespace json = boost::json;

std::string error_of(const std::string& blocks, BlockSurface surface = BlockSurface::message) {
    return check_blocks(json::parse(blocks), surface).error;
}

std::string many(int count, const std::string& item) {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i == 0 ? "" : ",") + item;
    return "[" + list + "]";
}

std::string text(std::size_t length) {
    return "\"" + std::string(length, 'x') + "\"";
}

std::string section(std::size_t length) {
    return R"({"type":"section","text":{"type":"mrkdwn","text":)" + text(length) + "}}";
}

std::string bar(const std::string& series, const std::string& categories = R"(["Jan","Feb"])") {
    return R"([{"type":"data_visualization","title":"T","chart":{"type":"bar","series":)" + series +
           R"(,"axis_config":{"categories":)" + categories + "}}}]";
}

TEST_CASE("documented examples of every block are accepted") {
    const auto blocks = GENERATE(
        R"([{"type":"divider"},{"type":"header","text":{"type":"plain_text","text":"H"},"level":2}])",
        R"([{"type":"section","fields":[{"type":"mrkdwn","text":"a"}],"expand":true,
            "accessory":{"type":"button","text":{"type":"plain_text","text":"B"},"value":"v","style":"primary",
            "confirm":{"title":{"type":"plain_text","text":"T"},"text":{"type":"mrkdwn","text":"sure?"},
            "confirm":{"type":"plain_text","text":"Y"},"deny":{"type":"plain_text","text":"N"}}}}])",
        R"([{"type":"context","elements":[{"type":"mrkdwn","text":"a"},{"type":"image","image_url":"https://e/x.png","alt_text":"x"}]}])",
        R"([{"type":"context_actions","elements":[
            {"type":"feedback_buttons","action_id":"fb",
             "positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"up","accessibility_label":"Good"},
             "negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"down"}},
            {"type":"icon_button","action_id":"del","icon":"trash","text":{"type":"plain_text","text":"Remove"}}]}])",
        R"([{"type":"table","column_settings":[{"align":"left","is_wrapped":true},{"align":"right"},null],
            "rows":[[{"type":"raw_text","text":"Region"},{"type":"raw_text","text":"Revenue"}],
            [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"EMEA","style":{"bold":true}}]}]},
             {"type":"raw_text","text":"1,234"}]]}])",
        R"([{"type":"data_table","caption":"C","page_size":10,"row_header_column_index":0,
            "rows":[[{"type":"raw_text","text":"Region"},{"type":"raw_text","text":"Revenue"}],
            [{"type":"raw_text","text":"EMEA"},{"type":"raw_number","value":1234,"text":"1,234"}]]}])",
        R"([{"type":"data_visualization","title":"Share","chart":{"type":"pie",
            "segments":[{"label":"EMEA","value":40},{"label":"APAC","value":60}]}}])",
        R"([{"type":"plan","title":"Plan","tasks":[{"type":"task_card","task_id":"t1","title":"Query","status":"complete",
            "details":{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]},
            "sources":[{"type":"url","url":"https://e","text":"Doc"}]}]}])",
        R"([{"type":"markdown","text":"# Hello\n\n| a | b |\n|---|---|\n| 1 | 2 |"}])",
        R"([{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[
            {"type":"rich_text_section","elements":[{"type":"link","url":"https://e"},{"type":"user","user_id":"U1"}]}]},
            {"type":"rich_text_preformatted","elements":[{"type":"text","text":"code"}]}]}])");
    const auto verdict = check_blocks(json::parse(blocks), BlockSurface::message);
    INFO(json::serialize(verdict.messages));
    CHECK(verdict.fine());
}

TEST_CASE("sizes are accepted at their limit and refused above") {
    CHECK(error_of(many(50, R"({"type":"divider"})")).empty());
    CHECK(error_of(many(51, R"({"type":"divider"})")) == "invalid_blocks");
    CHECK(error_of(many(100, R"({"type":"divider"})"), BlockSurface::home).empty());
    CHECK(error_of(many(1, section(3000))).empty());
    CHECK(error_of(many(1, section(3001))) == "invalid_blocks");
    CHECK(error_of(many(1, section(0))) == "invalid_blocks");
    CHECK(error_of(many(4, section(2800))).empty());
    CHECK(error_of(many(4, section(2900))) == "msg_blocks_too_long");
    const auto header = [](std::size_t length) {
        return R"([{"type":"header","text":{"type":"plain_text","text":)" + text(length) + "}}]";
    };
    CHECK(error_of(header(150)).empty());
    CHECK(error_of(header(151)) == "invalid_blocks");
    const auto markdown = [](std::size_t length) { return R"({"type":"markdown","text":)" + text(length) + "}"; };
    CHECK(error_of(many(1, markdown(12000))).empty());
    CHECK(error_of(many(2, markdown(6001))) == "msg_blocks_too_long");
    const auto button = [](std::size_t label, std::size_t value) {
        return R"({"type":"button","text":{"type":"plain_text","text":)" + text(label) + R"(},"value":)" + text(value) +
               "}";
    };
    const auto actions = [](const std::string& elements) {
        return R"([{"type":"actions","elements":)" + elements + "}]";
    };
    CHECK(error_of(actions(many(25, button(75, 2000)))).empty());
    CHECK(error_of(actions(many(26, button(1, 1)))) == "invalid_blocks");
    CHECK(error_of(actions(many(1, button(76, 1)))) == "invalid_blocks");
    CHECK(error_of(actions(many(1, button(1, 2001)))) == "invalid_blocks");
    const auto menu = [](int count, std::size_t value) {
        return R"([{"type":"static_select","options":)" +
               many(count, R"({"text":{"type":"plain_text","text":"x"},"value":)" + text(value) + "}") + "}]";
    };
    CHECK(error_of(actions(menu(100, 150))).empty());
    CHECK(error_of(actions(menu(101, 1))) == "invalid_blocks");
    CHECK(error_of(actions(menu(1, 151))) == "invalid_blocks");
    CHECK(error_of(actions(menu(0, 1))) == "invalid_blocks");
}

TEST_CASE("characters are counted, not bytes") {
    std::string umlauts;
    for (int i = 0; i < 150; ++i)
        umlauts += "\xC3\xA4";
    CHECK(error_of(R"([{"type":"header","text":{"type":"plain_text","text":")" + umlauts + "\"}}]").empty());
}

TEST_CASE("tables have their own limits, and a message has one of them") {
    const std::string cell = R"({"type":"raw_text","text":"x"})";
    const auto table = [](const std::string& rows) { return R"({"type":"table","rows":)" + rows + "}"; };
    CHECK(error_of("[" + table(many(100, many(20, cell))) + "]").empty());
    CHECK(error_of("[" + table(many(101, many(1, cell))) + "]") == "invalid_blocks");
    CHECK(error_of("[" + table(many(1, many(21, cell))) + "]") == "invalid_blocks");
    CHECK(error_of("[" + table(R"([[{"type":"raw_text","text":""}]])") + "]") == "invalid_blocks");
    CHECK(error_of("[" + table(R"([[{"type":"raw_number","value":1,"text":"1"}]])") + "]") == "invalid_blocks");
    CHECK(error_of("[" + table(R"([[null]])") + "]") == "invalid_blocks");
    CHECK(error_of("[" + table(many(101 - 1, R"([{"type":"raw_text","text":)" + text(101) + "}]")) + "]") ==
          "msg_blocks_too_long");
    const std::string small = table(many(1, many(1, cell)));
    CHECK(error_of("[" + small + "," + small + "]") == "invalid_attachments");
    CHECK(error_of("[" + small + R"(,{"type":"markdown","text":"|a|\n|-|\n|1|"}])") == "invalid_attachments");
    CHECK(error_of("[" + small + R"(,{"type":"markdown","text":"```\n|a|\n|-|\n```"}])").empty());
    const json::value attachments = json::parse(R"([{"blocks":[)" + small + "]}]");
    const json::value blocks = json::parse("[" + small + "]");
    CHECK(check_message(&blocks, &attachments).error == "invalid_attachments");
    CHECK(check_message(nullptr, &attachments).fine());

    const auto data = [](const std::string& rows) {
        return R"([{"type":"data_table","caption":"c","rows":)" + rows + "}]";
    };
    CHECK(error_of(data(many(101, many(20, cell)))).empty());
    CHECK(error_of(data(many(202, many(1, cell)))) == "invalid_blocks");
    CHECK(error_of(data(many(1, many(1, cell)))) == "invalid_blocks");
    CHECK(error_of(data("[" + many(2, cell) + "," + many(1, cell) + "]")) == "invalid_blocks");
}

TEST_CASE("charts need one point per category and few, short, unique names") {
    const std::string good = R"([{"name":"A","data":[{"label":"Jan","value":1},{"label":"Feb","value":2.5}]}])";
    CHECK(error_of(bar(good)).empty());
    CHECK(error_of(bar(R"([{"name":"A","data":[{"label":"Jan","value":1}]}])")) == "invalid_blocks");
    CHECK(error_of(bar(good, R"(["Jan","Jan"])")) == "invalid_blocks");
    CHECK(error_of(bar("[" + good.substr(1, good.size() - 2) + "," + good.substr(1))) == "invalid_blocks");
    CHECK(error_of(bar(R"([{"name":"A","data":[{"label":"Jan","value":"1"},{"label":"Feb","value":2}]}])")) ==
          "invalid_blocks");
    const auto pie = [](const std::string& value) {
        return R"([{"type":"data_visualization","title":"T","chart":{"type":"pie","segments":[{"label":"A","value":)" +
               value + "}]}}]";
    };
    CHECK(error_of(pie("1")).empty());
    CHECK(error_of(pie("0")) == "invalid_blocks");
    const std::string one = bar(good).substr(1, bar(good).size() - 2);
    CHECK(error_of("[" + one + "," + one + "]").empty());
    CHECK(error_of("[" + one + "," + one + "," + one + "]") == "invalid_blocks");
    CHECK(error_of(bar(good), BlockSurface::home) == "invalid_blocks");
}

TEST_CASE("unknown members, types and repeated ids are refused with their place") {
    const auto verdict = check_blocks(
        json::parse(R"([{"type":"divider"},{"type":"section","text":{"type":"plain_text","text":"x","bold":true}}])"),
        BlockSurface::message);
    CHECK(verdict.error == "invalid_blocks");
    CHECK(verdict.errors.at(0).at("pointer") == "/blocks/1/text");
    CHECK(verdict.messages.at(0) == "[ERROR] invalid additional property: bold [json-pointer:/blocks/1/text]");
    const auto answer = verdict.answer();
    CHECK(answer.at("ok") == false);
    CHECK(answer.at("response_metadata").at("messages") == json::value(verdict.messages));
    CHECK(error_of(R"([{"type":"alert","text":{"type":"plain_text","text":"x"}}])") == "invalid_blocks");
    CHECK(
        error_of(R"([{"type":"alert","text":{"type":"plain_text","text":"x"}}])", BlockSurface::stream_chunk).empty());
    CHECK(error_of(R"([{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}])") == "invalid_blocks");
    CHECK(error_of(R"({"type":"divider"})") == "invalid_blocks_format");
    CHECK(check_blocks(json::parse(R"([{"type":"divider"}])"), BlockSurface::message, {"divider"}).error ==
          "invalid_blocks");
}

TEST_CASE("views have a title, a submit button for inputs, and no blocks of messages") {
    const auto view_error = [](const std::string& view, std::string_view type = "modal") {
        return check_view(json::parse(view), type).error;
    };
    const std::string title = R"("title":{"type":"plain_text","text":"T"})";
    const std::string input =
        R"({"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input"}})";
    CHECK(view_error(R"({"type":"modal",)" + title + R"(,"blocks":[]})").empty());
    CHECK(view_error(R"({"type":"modal","blocks":[]})") == "invalid_arguments");
    CHECK(view_error(R"({"type":"modal",)" + title + R"(,"blocks":[)" + input + "]}") == "invalid_arguments");
    CHECK(view_error(R"({"type":"modal",)" + title + R"(,"blocks":[{"type":"markdown","text":"x"}]})") ==
          "invalid_arguments");
    CHECK(view_error(R"({"type":"modal",)" + title + R"(,"blocks":[],"private_metadata":)" + text(3001) + "}") ==
          "invalid_arguments");
    CHECK(view_error(R"({"type":"home","blocks":[{"type":"divider"}]})", "home").empty());
    CHECK(view_error(R"({"type":"home",)" + title + R"(,"blocks":[]})", "home") == "invalid_arguments");
}

TEST_CASE("a picture of Slack's own has to be one that the workspace can show") {
    const auto error = [](const std::string& file, const BlockWorld& world = {}) {
        return check_blocks(json::parse(R"([{"type":"image","alt_text":"a chart","slack_file":)" + file + "}]"),
                            BlockSurface::message, world)
            .error;
    };
    const BlockWorld world({}, [](const json::object& file) { return file.contains("id") && file.at("id") == "F1"; });
    CHECK(error(R"({"id":"F1"})", world).empty());
    CHECK(error(R"({"id":"F2"})", world) == "invalid_blocks");
    CHECK(error(R"({"url":"https://x"})", world) == "invalid_blocks");
    CHECK(error(R"({"id":"F1","url":"https://x"})") == "invalid_blocks");
    CHECK(error("{}") == "invalid_blocks");
    CHECK(error(R"("F1")") == "invalid_blocks");
    CHECK(error(R"({"id":"F1","name":"x"})") == "invalid_blocks");
}

}  // namespace block_rules_test
