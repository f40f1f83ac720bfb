// Checks interactive elements.
#include "slack/blocks/limits_check.hpp"
#include "slack/json_read.hpp"

namespace json = boost::json;

namespace genie_slack::slack::limits {

void Checker::element(const json::object& element, const std::string& path) {
    text(element, "action_id", path, 0, kIdCharacters);
    const std::string type = string_at(element, "type");
    if (type.empty())
        fail(below(path, "type"), "is missing");
    else if (type == "button" || type == "workflow_button")
        button(element, path);
    else if (type.ends_with("_select"))
        select(element, path);
    else if (type == "overflow")
        options(element, "options", path, 5, kOptionCharacters);
    else if (type == "radio_buttons" || type == "checkboxes")
        options(element, "options", path, 10, kOptionCharacters);
    else if (type == "feedback_buttons")
        feedback_buttons(element, path);
    else if (type == "icon_button") {
        text(element, "icon", path, 1, kIdCharacters);
        text_object(element, "text", path, "plain_text", kButtonTextCharacters);
        text(element, "value", path, 0, kButtonValueCharacters);
    } else if (type == "image")
        image(element, path);
    else if (type == "plain_text_input") {
        text_object(element, "placeholder", path, "plain_text", kPlaceholderCharacters, false);
        text(element, "initial_value", path, 0, 3'000);
        number(element, "max_length", path, 1, 3'000);
    }
    confirm(element, path);
}

void Checker::button(const json::object& button, const std::string& path) {
    text_object(button, "text", path, "plain_text", kButtonTextCharacters);
    text(button, "value", path, 0, kButtonValueCharacters);
    text(button, "url", path, 0, 3'000);
    text(button, "accessibility_label", path, 0, kButtonTextCharacters);
    const std::string style = string_at(button, "style");
    if (button.contains("style") && style != "primary" && style != "danger")
        fail(below(path, "style"), "must be primary or danger");
}

void Checker::select(const json::object& select, const std::string& path) {
    text_object(select, "placeholder", path, "plain_text", kPlaceholderCharacters, false);
    if (!string_at(select, "type").ends_with("static_select"))
        return;
    if (!select.contains("option_groups"))
        return options(select, "options", path, kSelectOptions, kOptionCharacters);
    const json::array* groups = list(select, "option_groups", path, 1, 100);
    for (std::size_t i = 0; groups && i < groups->size(); ++i) {
        const std::string here = below(below(path, "option_groups"), i);
        if (const json::object* group = object((*groups)[i], here)) {
            text_object(*group, "label", here, "plain_text", kOptionCharacters);
            options(*group, "options", here, kSelectOptions, kOptionCharacters);
        }
    }
}

void Checker::options(const json::object& parent, std::string_view key, const std::string& path, std::size_t high,
                      std::size_t option_text) {
    const json::array* items = list(parent, key, path, 1, high);
    std::set<std::string> values;
    for (std::size_t i = 0; items && i < items->size(); ++i) {
        const std::string here = below(below(path, key), i);
        const json::object* option = object((*items)[i], here);
        if (!option)
            continue;
        text_object(*option, "text", here, "", option_text);
        text(*option, "value", here, 1, kOptionValueCharacters);
        text_object(*option, "description", here, "", option_text, false);
        const std::string value = string_at(*option, "value", kOpaqueBytes);
        if (!value.empty() && !values.insert(value).second)
            fail(below(here, "value"), "is used twice");
    }
    if (parent.contains("initial_option") &&
        !values.contains(string_at(object_at(parent, "initial_option"), "value", kOpaqueBytes)))
        fail(below(path, "initial_option"), "is none of the options");
}

void Checker::feedback_buttons(const json::object& element, const std::string& path) {
    for (const char* key : {"positive_button", "negative_button"}) {
        const std::string here = below(path, key);
        const json::value* found = element.if_contains(key);
        if (!found) {
            fail(here, "is missing");
            continue;
        }
        if (const json::object* button = object(*found, here)) {
            text_object(*button, "text", here, "plain_text", kButtonTextCharacters);
            text(*button, "value", here, 1, kButtonValueCharacters);
            text(*button, "accessibility_label", here, 0, kButtonTextCharacters);
        }
    }
}

void Checker::confirm(const json::object& parent, const std::string& path) {
    const json::value* found = parent.if_contains("confirm");
    if (!found)
        return;
    const std::string here = below(path, "confirm");
    if (const json::object* dialog = object(*found, here)) {
        text_object(*dialog, "title", here, "plain_text", 100);
        text_object(*dialog, "text", here, "", 300);
        text_object(*dialog, "confirm", here, "plain_text", 30);
        text_object(*dialog, "deny", here, "plain_text", 30);
    }
}

}  // namespace genie_slack::slack::limits
