#include "tests/e2e/chaos/pressables.hpp"

#include "tests/e2e/chaos/shown.hpp"

#include <utility>

namespace genie_slack::test {

namespace json = boost::json;

namespace pressables_detail {

// All elements with an action_id, each with the block_id of its block.
std::vector<json::object> elements_of(const json::array& blocks) {
    std::vector<json::object> found;
    for (const auto& block : blocks) {
        const auto* elements = block.as_object().if_contains("elements");
        if (!elements || !elements->is_array())
            continue;
        for (const auto& element : elements->as_array()) {
            if (!element.is_object() || !element.as_object().contains("action_id"))
                continue;
            json::object made = element.as_object();
            made["block_id"] = block.as_object().at("block_id");
            found.push_back(std::move(made));
        }
    }
    return found;
}

Pressable choice_of(const json::object& element, const json::value& option) {
    Pressable made;
    made.action = element;
    made.action.erase("options");
    made.action["selected_option"] = option;
    made.value = text_of(option.as_object(), "value");
    return made;
}

Pressable found_choice(const json::object& element, const std::string& value) {
    json::object text{{"type", "plain_text"}, {"text", value}};
    json::object option{{"text", std::move(text)}, {"value", value}};
    return choice_of(element, option);
}

Pressable side_of(const json::object& element, const char* side) {
    Pressable made;
    made.action = element;
    made.action["value"] = element.at(side).at("value");
    made.value = text_of(element.at(side).as_object(), "value");
    return made;
}

Pressable ticked(const json::object& element) {
    Pressable made;
    made.action = element;
    made.action.erase("options");
    made.action["selected_options"] = element.at("options");
    return made;
}

}  // namespace pressables_detail

std::vector<Pressable> pressables_in(const json::array& blocks, const std::vector<std::string>& searched) {
    using namespace pressables_detail;
    std::vector<Pressable> found;
    for (const json::object& element : elements_of(blocks)) {
        const std::string type = text_of(element, "type");
        const std::size_t before = found.size();
        if (type == "button")
            found.push_back({element, "", text_of(element, "value")});
        if (type == "overflow" || type == "static_select")
            for (const auto& option : element.at("options").as_array())
                found.push_back(choice_of(element, option));
        if (type == "external_select")
            for (const std::string& value : searched)
                found.push_back(found_choice(element, value));
        if (type == "checkboxes")
            found.push_back(ticked(element));
        if (type == "feedback_buttons")
            for (const char* side : {"positive_button", "negative_button"})
                found.push_back(side_of(element, side));
        for (std::size_t i = before; i < found.size(); ++i)
            found[i].action_id = text_of(element, "action_id");
    }
    return found;
}

}  // namespace genie_slack::test
