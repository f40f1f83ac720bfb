#include "tests/unit/app/answer/rendered_text.hpp"

#include "slack/blocks/limits.hpp"

#include <boost/json/value.hpp>

namespace genie_slack::test {

namespace json = boost::json;

namespace rendered_text_detail {

std::string text_at(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    if (!value)
        return "";
    if (const auto* text = value->if_string())
        return std::string(text->data(), text->size());
    return value->is_object() ? text_at(value->as_object(), "text") : "";
}

std::string show_element(const json::object& element) {
    const std::string type = text_at(element, "type");
    if (type == "feedback_buttons") {
        const auto side = [&](const char* key) {
            const json::object& button = element.at(key).as_object();
            return text_at(button, "text") + " -> " + text_at(button, "value");
        };
        return "(" + text_at(element, "action_id") + ") " + side("positive_button") + ", " + side("negative_button") +
               "\n";
    }
    if (type == "static_select" || type == "overflow") {
        std::string out = "(" + text_at(element, "action_id") + ") " + text_at(element, "placeholder") + "\n";
        for (const json::value& item : element.at("options").as_array()) {
            const json::object& option = item.as_object();
            const std::string description = text_at(option, "description");
            out += "  - " + text_at(option, "text") + (description.empty() ? "" : " (" + description + ")") + " -> " +
                   text_at(option, "value") + "\n";
        }
        return out;
    }
    if (type == "external_select")
        return "(" + text_at(element, "action_id") + ") " + text_at(element, "placeholder") + " [search]\n";
    if (type == "checkboxes")
        return "(" + text_at(element, "action_id") + ") [ ] " +
               text_at(element.at("options").as_array().front().as_object(), "text") + "\n";
    if (type == "button")
        return "(" + text_at(element, "action_id") + ") " + text_at(element, "text") + " -> " +
               text_at(element, "value") + "\n";
    return text_at(element, "text") + "\n";
}

std::string show_rows(const json::object& block) {
    std::string out;
    for (const json::value& row : block.at("rows").as_array()) {
        std::string line;
        for (const json::value& cell : row.as_array())
            line += (line.empty() ? "" : " | ") + text_at(cell.as_object(), "text");
        out += line + "\n";
    }
    return out;
}

std::string show_table(const json::object& block) {
    std::string out;
    for (const json::value& setting : block.at("column_settings").as_array())
        out += (out.empty() ? "" : " | ") + text_at(setting.as_object(), "align");
    return out + "\n" + show_rows(block);
}

}  // namespace rendered_text_detail

std::string shown_text(const answer::Rendered& rendered) {
    using namespace rendered_text_detail;
    std::string out = "[text] " + rendered.text + "\n";
    for (const json::value& item : rendered.blocks) {
        const json::object& block = item.as_object();
        const std::string type = text_at(block, "type");
        const std::string id = text_at(block, "block_id");
        out += "[" + type + (id.empty() ? "" : " " + id) + "] ";
        if (type == "data_table") {
            out += text_at(block, "caption") + "\n" + show_rows(block);
        } else if (type == "table") {
            out += show_table(block);
        } else if (block.contains("elements")) {
            for (const json::value& element : block.at("elements").as_array())
                out += show_element(element.as_object());
        } else {
            out += text_at(block, "text") + "\n";
        }
    }
    return out;
}

std::string limits_broken(const answer::Rendered& rendered) {
    std::string out;
    for (const auto& violation : slack::limits::check_message(rendered.text, rendered.blocks, true))
        out += violation.pointer + " " + violation.message + "\n";
    if (rendered.text.empty())
        out += "/text is empty\n";
    return out;
}

}  // namespace genie_slack::test
