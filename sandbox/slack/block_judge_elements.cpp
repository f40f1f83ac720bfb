// Interactive elements.
#include "sandbox/slack/block_judge.hpp"
#include "sandbox/slack/json_members.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

void BlockJudge::element(const json::value& value, const std::string& pointer,
                         std::initializer_list<std::string_view> allowed, std::set<std::string>& action_ids) {
    const auto* object = value.if_object();
    const std::string type = object ? text_member(*object, "type") : "";
    if (!object || std::find(allowed.begin(), allowed.end(), type) == allowed.end()) {
        problem(pointer + "/type", "unsupported_type", "unsupported type: " + type);
        return;
    }
    plain_string(*object, "action_id", pointer, 255, false);
    if (const auto id = text_member(*object, "action_id"); !id.empty() && !action_ids.insert(id).second)
        problem(pointer + "/action_id", "unique", "`action_id` already exists in this block");
    if (type == "button" || type == "workflow_button")
        button(*object, pointer);
    else if (type == "feedback_buttons")
        feedback_buttons(*object, pointer);
    else if (type == "icon_button")
        icon_button(*object, pointer);
    else if (type == "image")
        image(*object, pointer, false);
    else if (type.ends_with("_select"))
        select(*object, pointer, type);
    else if (type == "overflow")
        choices(*object, pointer, 5, false);
    else if (type == "radio_buttons" || type == "checkboxes")
        choices(*object, pointer, 10, true);
    else if (type == "plain_text_input")
        text_input(*object, pointer);
    else
        text_object(*object, "placeholder", pointer, TextKind::plain, 150, false);
    confirm(*object, pointer);
}

void BlockJudge::button(const Object& element, const std::string& pointer) {
    known_members(element, pointer,
                  {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label", "workflow"});
    text_object(element, "text", pointer, TextKind::plain, 75, true);
    plain_string(element, "value", pointer, 2000, false);
    plain_string(element, "url", pointer, 3000, false);
    plain_string(element, "accessibility_label", pointer, 75, false);
    if (const auto* style = element.if_contains("style"))
        if (*style != json::value("primary") && *style != json::value("danger"))
            problem(pointer + "/style", "enum", "must be primary or danger");
}

void BlockJudge::feedback_buttons(const Object& element, const std::string& pointer) {
    known_members(element, pointer, {"type", "action_id", "positive_button", "negative_button"});
    for (const char* side : {"positive_button", "negative_button"}) {
        const auto* inside = object_member(element, side);
        const std::string here = pointer + "/" + side;
        if (!inside) {
            problem(pointer, "required", std::string("missing required field: ") + side);
            continue;
        }
        known_members(*inside, here, {"text", "value", "accessibility_label"});
        text_object(*inside, "text", here, TextKind::plain, 75, true);
        plain_string(*inside, "value", here, 2000, true);
        plain_string(*inside, "accessibility_label", here, 75, false);
    }
}

void BlockJudge::icon_button(const Object& element, const std::string& pointer) {
    known_members(
        element, pointer,
        {"type", "action_id", "icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids"});
    if (text_member(element, "icon") != "trash")
        problem(pointer + "/icon", "enum", "must be trash");
    text_object(element, "text", pointer, TextKind::plain, 75, true);
    plain_string(element, "value", pointer, 2000, false);
    plain_string(element, "accessibility_label", pointer, 75, false);
}

void BlockJudge::select(const Object& element, const std::string& pointer, const std::string& type) {
    text_object(element, "placeholder", pointer, TextKind::plain, 150, false);
    const bool is_static = type.ends_with("static_select");
    if (is_static) {
        choices(element, pointer, 100, false);
        return;
    }
    if (element.contains("options") || element.contains("option_groups"))
        problem(pointer, "additional_property", "options belong to static menus");
    if (const auto* initial = element.if_contains("initial_option"))
        option(*initial, pointer + "/initial_option", false);
    if (const auto* least = element.if_contains("min_query_length"))
        if (!least->is_int64() || least->get_int64() < 0)
            problem(pointer + "/min_query_length", "range", "must not be negative");
}

void BlockJudge::choices(const Object& element, const std::string& pointer, std::size_t most, bool markup) {
    const bool has_groups = element.contains("option_groups");
    if (has_groups == element.contains("options")) {
        problem(pointer, "required", "exactly one of options and option_groups must be given");
        return;
    }
    std::vector<std::string> values;
    const auto take = [&](const json::array& options, const std::string& here) {
        for (std::size_t at = 0; at < options.size(); ++at) {
            option(options[at], here + "/" + std::to_string(at), markup);
            if (const auto* object = options[at].if_object())
                values.push_back(text_member(*object, "value"));
        }
    };
    if (has_groups) {
        const auto* groups = list(element, "option_groups", pointer, 1, 100);
        for (std::size_t at = 0; groups && at < groups->size(); ++at) {
            const std::string here = pointer + "/option_groups/" + std::to_string(at);
            const auto* group = (*groups)[at].if_object();
            if (!group) {
                problem(here, "type", "must provide an object");
                continue;
            }
            text_object(*group, "label", here, TextKind::plain, 75, true);
            if (const auto* options = list(*group, "options", here, 1, 100))
                take(*options, here + "/options");
        }
    } else if (const auto* options = list(element, "options", pointer, 1, most)) {
        take(*options, pointer + "/options");
    }
    const auto known = [&](const json::value& value, const std::string& here) {
        const auto* object = value.if_object();
        if (!object || std::find(values.begin(), values.end(), text_member(*object, "value")) == values.end())
            problem(here, "initial_option", "must be one of the options");
    };
    if (const auto* initial = element.if_contains("initial_option"))
        known(*initial, pointer + "/initial_option");
    if (const auto* initial = array_member(element, "initial_options"))
        for (const auto& each : *initial)
            known(each, pointer + "/initial_options");
}

void BlockJudge::option(const json::value& value, const std::string& pointer, bool markup) {
    const auto* object = value.if_object();
    if (!object) {
        problem(pointer, "type", "must provide an object");
        return;
    }
    known_members(*object, pointer, {"text", "value", "description", "url"});
    text_object(*object, "text", pointer, markup ? TextKind::either : TextKind::plain, 75, true);
    text_object(*object, "description", pointer, markup ? TextKind::either : TextKind::plain, 75, false);
    plain_string(*object, "value", pointer, 150, true);
    plain_string(*object, "url", pointer, 3000, false);
}

void BlockJudge::text_input(const Object& element, const std::string& pointer) {
    known_members(element, pointer,
                  {"type", "action_id", "initial_value", "multiline", "min_length", "max_length",
                   "dispatch_action_config", "focus_on_load", "placeholder"});
    text_object(element, "placeholder", pointer, TextKind::plain, 150, false);
    std::int64_t most = 3000;
    if (const auto* value = element.if_contains("max_length")) {
        most = value->is_int64() ? value->get_int64() : 0;
        if (most < 1 || most > 3000)
            problem(pointer + "/max_length", "range", "must be 1 to 3000");
    }
    if (static_cast<std::int64_t>(count_characters(text_member(element, "initial_value"))) > most)
        problem(pointer + "/initial_value", "max_length", "is longer than max_length");
}

void BlockJudge::confirm(const Object& element, const std::string& pointer) {
    const auto* value = element.if_contains("confirm");
    if (!value)
        return;
    const std::string here = pointer + "/confirm";
    const auto* dialog = value->if_object();
    if (!dialog) {
        problem(here, "type", "must provide an object");
        return;
    }
    known_members(*dialog, here, {"title", "text", "confirm", "deny", "style"});
    text_object(*dialog, "title", here, TextKind::plain, 100, true);
    text_object(*dialog, "text", here, TextKind::either, 300, true);
    text_object(*dialog, "confirm", here, TextKind::plain, 30, true);
    text_object(*dialog, "deny", here, TextKind::plain, 30, true);
}

}  // namespace genie_slack::sandbox
