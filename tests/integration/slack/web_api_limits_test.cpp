// Our limits against the local Slack's own reading of the documentation: what we let pass, it must accept.
#include "core/random.hpp"
#include "sandbox/slack/block_rules.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"

#include <boost/json/serialize.hpp>

#include <vector>

namespace web_api_limits_test {

using namespace genie_slack;
using namespace genie_slack::slack;
namespace json = boost::json;

// Sizes around the limits, and small ones.
std::size_t size_near(Random& random, std::size_t limit) {
    switch (random.between(0, 5)) {
        case 0:
            return limit + 1;
        case 1:
            return limit;
        case 2:
            return 0;
        default:
            return random.between(1, std::min<std::size_t>(limit, 40));
    }
}

std::string text_near(Random& random, std::size_t limit) {
    std::string out;
    const std::size_t count = size_near(random, limit);
    const bool wide = random.between(0, 3) == 0;
    for (std::size_t i = 0; i < count; ++i)
        out += wide ? "ü" : "x";
    return out;
}

json::object random_element(Random& random, int number) {
    const std::string id = "a" + std::to_string(random.between(0, 20) == 0 ? 0 : number);
    switch (random.between(0, 2)) {
        case 0: {
            json::object button = blocks::button(id, "Go", text_near(random, 2000));
            button["text"] = blocks::plain_text(text_near(random, 75));
            return button;
        }
        case 1: {
            std::vector<blocks::Option> options;
            const std::size_t count = size_near(random, 100);
            for (std::size_t i = 0; i < count; ++i)
                options.push_back(blocks::Option{"option", "v" + std::to_string(i), ""});
            if (!options.empty())
                options[0].value = text_near(random, 150);
            return blocks::static_select(id, "Pick", options);
        }
        default:
            return blocks::external_select(id, text_near(random, 150), 1);
    }
}

json::object random_table(Random& random) {
    const std::size_t rows = size_near(random, 100);
    const std::size_t columns = size_near(random, 20);
    const std::string cell = text_near(random, 12);
    return blocks::table(std::vector<blocks::TableColumn>(columns),
                         std::vector<std::vector<std::string>>(rows, std::vector<std::string>(columns, cell)));
}

json::object random_chart(Random& random) {
    json::array categories;
    json::array data;
    const std::size_t points = size_near(random, 20);
    for (std::size_t i = 0; i < points; ++i) {
        const std::string label = random.between(0, 40) == 0 ? std::string(21, 'c') : "c" + std::to_string(i);
        categories.emplace_back(label);
        json::object point;
        point["label"] = random.between(0, 60) == 0 ? "c0" : label;
        point["value"] = static_cast<double>(i);
        data.push_back(std::move(point));
    }
    json::array series;
    const std::size_t count = size_near(random, 6);
    for (std::size_t i = 0; i < count; ++i) {
        json::object one;
        one["name"] = "s" + std::to_string(random.between(0, 20) == 0 ? 0 : i);
        one["data"] = data;
        series.push_back(std::move(one));
    }
    json::object axis;
    axis["categories"] = std::move(categories);
    axis["x_label"] = text_near(random, 50);
    json::object chart;
    chart["type"] = random.between(0, 10) == 0 ? "pie" : "line";
    chart["series"] = std::move(series);
    chart["axis_config"] = std::move(axis);
    json::object block;
    block["type"] = "data_visualization";
    block["title"] = text_near(random, 50);
    block["chart"] = std::move(chart);
    return block;
}

json::object random_block(Random& random) {
    switch (random.between(0, 9)) {
        case 0:
            return blocks::section(text_near(random, 3000));
        case 1: {
            json::object header = blocks::header("x");
            header["text"] = blocks::plain_text(text_near(random, 150));
            return header;
        }
        case 2:
            return blocks::markdown(random.between(0, 3) == 0 ? "|a|b|\n|-|-|\n|1|2|\n" : text_near(random, 12'000));
        case 3:
            return blocks::context(text_near(random, 2000));
        case 4: {
            json::array elements;
            const std::size_t count = random.between(0, 10) == 0 ? 26 : random.between(0, 3);
            for (std::size_t i = 0; i < count; ++i)
                elements.push_back(random_element(random, static_cast<int>(i)));
            return blocks::actions("b" + std::to_string(random.between(0, 30)), std::move(elements));
        }
        case 5:
            return blocks::feedback("fb", "Good", "Bad", text_near(random, 1996));
        case 6:
            return random_table(random);
        case 7:
            return random_chart(random);
        case 8:
            return blocks::preformatted(text_near(random, 3000));
        default:
            return blocks::divider();
    }
}

TEST_CASE("what passes our limits is accepted by Slack's rules", "[web_api][limits]") {
    Random random(77);
    int passed = 0;
    for (int round = 0; round < 3000; ++round) {
        json::array message;
        const std::size_t count = random.between(0, 40) == 0 ? 51 : random.between(1, 5);
        for (std::size_t i = 0; i < count; ++i)
            message.push_back(random_block(random));
        if (!limits::check_blocks(message).empty())
            continue;
        ++passed;
        const json::value value = message;
        const auto verdict = sandbox::check_message(&value, nullptr);
        CAPTURE(json::serialize(message).substr(0, 2000), json::serialize(verdict.answer()).substr(0, 2000));
        REQUIRE(verdict.fine());
    }
    CHECK(passed > 300);
}

}  // namespace web_api_limits_test
