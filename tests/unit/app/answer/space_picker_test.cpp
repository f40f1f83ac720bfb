#include "app/answer/view/space_picker.hpp"
#include "app/answer/message/failure.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <boost/json/serialize.hpp>

namespace space_picker_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace genie_slack::test;

std::vector<genie::Space> some_spaces() {
    std::vector<genie::Space> spaces(4);
    spaces[0].id = "s1";
    spaces[0].title = "Sales\n& Stock";
    spaces[0].description = "Orders, revenue";
    spaces[1].id = "s2";
    spaces[2].id = "s1";
    return spaces;
}

PickerInput input_for(std::vector<genie::Space> spaces) {
    PickerInput input;
    input.turn_id = "turn-1";
    input.spaces = std::move(spaces);
    return input;
}

TEST_CASE("the picker searches, and becomes a list and then a text where Slack refuses it", "[answer]") {
    const auto ladder = render_space_picker(input_for(some_spaces()));
    REQUIRE(ladder.size() == 3);
    for (const Rendered& rung : ladder)
        CHECK(limits_broken(rung) == "");
    CHECK("\n" + shown_text(ladder[0]) == R"(
[text] Which Genie space should answer your question?
[section] Which Genie space should answer your question?
[actions choose_space_for:turn-1] (choose_space) Choose a space [search]
(remember_space) [ ] Remember for this channel
)");
    CHECK("\n" + shown_text(ladder[1]) == R"(
[text] Which Genie space should answer your question?
[section] Which Genie space should answer your question?
[actions choose_space_for:turn-1] (choose_space) Choose a space
  - Sales & Stock (Orders, revenue) -> s1
  - s2 -> s2
(remember_space) [ ] Remember for this channel
)");
    CHECK("\n" + shown_text(ladder[2]) == R"(
[text] Which Genie space should answer your question?
Choose one with `/genie use` and its name, then ask again. These are available:
• Sales &amp; Stock
• s2

)");
}

TEST_CASE("a picker says which space is gone, and for whom a choice is kept", "[answer]") {
    PickerInput input = input_for(some_spaces());
    input.language = words::Language::german;
    input.gone = "Old <one>";
    input.remember = Remember::person;
    const std::string shown = shown_text(render_space_picker(input).front());
    CHECK_THAT(shown, contains("Den Genie-Space „Old &lt;one&gt;“ gibt es nicht mehr."));
    CHECK_THAT(shown, contains("Für mich merken"));
}

TEST_CASE("a picker for a change can be put away", "[answer]") {
    PickerInput input = input_for(some_spaces());
    input.is_change = true;
    const std::string shown = shown_text(render_space_picker(input).front());
    CHECK_THAT(shown, contains("[actions change_space_for:turn-1]"));
    CHECK_THAT(shown, contains("A new Genie conversation starts"));
    CHECK_THAT(shown, contains("(keep_space) Keep the space"));
}

TEST_CASE("a list that cannot search says when there are more spaces than it offers", "[answer]") {
    std::vector<genie::Space> spaces(340);
    for (std::size_t i = 0; i < spaces.size(); ++i)
        spaces[i].id = spaces[i].title = "space" + std::to_string(i);
    const auto ladder = render_space_picker(input_for(spaces));
    REQUIRE(ladder.size() == 3);
    const std::string shown = shown_text(ladder[1]);
    CHECK(limits_broken(ladder[1]) == "");
    CHECK_THAT(shown, contains("space99 -> space99") && !contains("space100"));
    CHECK_THAT(shown, contains("These are the first 100 of 340 spaces"));
    CHECK_THAT(ladder[2].text, contains("and 310 more"));
    CHECK(render_space_picker(input_for({})).front().text == render_failure([] {
                                                                 FailureInput none;
                                                                 none.failure = Failure::no_spaces;
                                                                 return none;
                                                             }())
                                                                 .text);
}

TEST_CASE("the options of a search fit into an ack, descriptions first to go", "[answer]") {
    std::vector<genie::Space> spaces(100);
    for (std::size_t i = 0; i < spaces.size(); ++i) {
        spaces[i].id = "space" + std::to_string(i);
        spaces[i].title = "Space " + std::to_string(i);
        spaces[i].description = std::string(75, 'd');
    }
    auto ack = options_ack(spaces);
    CHECK(ack.at("options").as_array().size() == 100);
    CHECK(boost::json::serialize(ack).size() < 19'000);

    spaces.resize(20);
    ack = options_ack(spaces);
    REQUIRE(ack.at("options").as_array().size() == 20);
    const auto& option = ack.at("options").as_array()[0].as_object();
    CHECK(option.at("value").as_string() == "space0");
    CHECK(option.at("text").as_object().at("text").as_string() == "Space 0");
    CHECK(option.at("description").as_object().at("text").as_string() == std::string(75, 'd'));

    for (std::size_t i = 0; i < spaces.size(); ++i)
        spaces[i].id = std::string(140, 'i') + std::to_string(i);
    spaces.resize(20);
    for (int i = 0; i < 80; ++i) {
        spaces.push_back(spaces[0]);
        spaces.back().id = std::string(140, 'j') + std::to_string(i);
        spaces.back().title = std::string(300, '"');
    }
    CHECK(boost::json::serialize(options_ack(spaces)).size() < 19'000);
    CHECK(options_ack({}).at("options").as_array().empty());
}

}  // namespace space_picker_test
