// Rich text, tables, charts, tasks (slack.md 2.5, 5.2).
#include "sandbox/slack/block_judge.hpp"
#include "sandbox/slack/json_members.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace block_judge_data_detail {

// All texts inside a rich text.
std::size_t rich_text_length(const json::value& value) {
    std::size_t length = 0;
    if (const auto* object = value.if_object()) {
        length += count_characters(text_member(*object, "text"));
        if (const auto* elements = array_member(*object, "elements"))
            for (const auto& each : *elements)
                length += rich_text_length(each);
    }
    return length;
}

bool is_number(const json::value* value) {
    return value && value->is_number();
}

}  // namespace block_judge_data_detail

void BlockJudge::rich_text(const Object& block, const std::string& pointer, bool counts) {
    known_members(block, pointer, {"type", "block_id", "elements"});
    const auto* elements = list(block, "elements", pointer, 1, 1000);
    for (std::size_t at = 0; elements && at < elements->size(); ++at) {
        const std::string here = pointer + "/elements/" + std::to_string(at);
        const auto* part = (*elements)[at].if_object();
        const std::string type = part ? text_member(*part, "type") : "";
        if (type == "rich_text_section" || type == "rich_text_preformatted" || type == "rich_text_quote") {
            rich_text_part(*part, here, counts);
        } else if (type == "rich_text_list") {
            known_members(*part, here, {"type", "style", "elements", "indent", "offset", "border"});
            const std::string style = text_member(*part, "style");
            if (style != "bullet" && style != "ordered")
                problem(here + "/style", "enum", "must be bullet or ordered");
            const auto* items = list(*part, "elements", here, 1, 1000);
            for (std::size_t item = 0; items && item < items->size(); ++item) {
                const std::string place = here + "/elements/" + std::to_string(item);
                const auto* section = (*items)[item].if_object();
                if (section && text_member(*section, "type") == "rich_text_section")
                    rich_text_part(*section, place, counts);
                else
                    problem(place + "/type", "unsupported_type", "must be a rich_text_section");
            }
        } else {
            problem(here + "/type", "unsupported_type", "unsupported type: " + type);
        }
    }
}

void BlockJudge::rich_text_part(const Object& part, const std::string& pointer, bool counts) {
    known_members(part, pointer, {"type", "elements", "border", "language"});
    const auto* elements = list(part, "elements", pointer, 0, 3000);
    for (std::size_t at = 0; elements && at < elements->size(); ++at) {
        const std::string here = pointer + "/elements/" + std::to_string(at);
        const auto* element = (*elements)[at].if_object();
        const std::string type = element ? text_member(*element, "type") : "";
        if (type == "text")
            plain_string(*element, "text", here, 100000, true);
        else if (type == "link")
            plain_string(*element, "url", here, 3000, true);
        else if (type == "emoji")
            plain_string(*element, "name", here, 255, true);
        else if (type == "user")
            plain_string(*element, "user_id", here, 255, true);
        else if (type == "channel")
            plain_string(*element, "channel_id", here, 255, true);
        else if (type == "usergroup")
            plain_string(*element, "usergroup_id", here, 255, true);
        else if (type == "broadcast")
            plain_string(*element, "range", here, 20, true);
        else if (type != "date" && type != "color")
            problem(here + "/type", "unsupported_type", "unsupported type: " + type);
        if (element && counts)
            block_text_ += count_characters(text_member(*element, "text"));
    }
}

void BlockJudge::table(const Object& block, const std::string& pointer) {
    ++tables_;
    known_members(block, pointer, {"type", "block_id", "column_settings", "rows"});
    if (const auto* value = block.if_contains("column_settings")) {
        const auto* settings = value->if_array();
        if (!settings || settings->size() > 20)
            problem(pointer + "/column_settings", "max_items", "no more than 20 items allowed");
        for (std::size_t at = 0; settings && at < settings->size(); ++at) {
            const std::string here = pointer + "/column_settings/" + std::to_string(at);
            const auto& entry = (*settings)[at];
            if (entry.is_null())
                continue;
            const auto* setting = entry.if_object();
            if (!setting) {
                problem(here, "type", "must provide an object");
                continue;
            }
            known_members(*setting, here, {"align", "is_wrapped"});
            const std::string align = text_member(*setting, "align");
            if (setting->contains("align") && align != "left" && align != "center" && align != "right")
                problem(here + "/align", "enum", "must be left, center or right");
        }
    }
    const auto* rows = list(block, "rows", pointer, 1, 100);
    for (std::size_t row = 0; rows && row < rows->size(); ++row) {
        const std::string here = pointer + "/rows/" + std::to_string(row);
        const auto* cells = (*rows)[row].if_array();
        if (!cells || cells->empty() || cells->size() > 20) {
            problem(here, "max_items", "a row has 1 to 20 cells");
            continue;
        }
        for (std::size_t at = 0; at < cells->size(); ++at) {
            const std::string place = here + "/" + std::to_string(at);
            const auto* cell = (*cells)[at].if_object();
            const std::string type = cell ? text_member(*cell, "type") : "";
            if (type == "raw_text")
                plain_string(*cell, "text", place, 10000, true);
            else if (type == "rich_text")
                rich_text(*cell, place, false);
            else
                // raw_number is documented, but was seen refused (slack.md 2.5).
                problem(place + "/type", "unsupported_type", "unsupported type: " + type);
            table_text_ += block_judge_data_detail::rich_text_length((*cells)[at]);
        }
    }
}

void BlockJudge::data_table(const Object& block, const std::string& pointer) {
    ++tables_;
    known_members(block, pointer, {"type", "block_id", "caption", "page_size", "row_header_column_index", "rows"});
    plain_string(block, "caption", pointer, 2000, true);
    if (const auto* size = block.if_contains("page_size"))
        if (!size->is_int64() || size->get_int64() < 1 || size->get_int64() > 100)
            problem(pointer + "/page_size", "range", "must be 1 to 100");
    const auto* rows = list(block, "rows", pointer, 2, 101);
    std::size_t columns = 0;
    for (std::size_t row = 0; rows && row < rows->size(); ++row) {
        const std::string here = pointer + "/rows/" + std::to_string(row);
        const auto* cells = (*rows)[row].if_array();
        if (!cells || cells->empty() || cells->size() > 20) {
            problem(here, "max_items", "a row has 1 to 20 cells");
            continue;
        }
        if (row == 0)
            columns = cells->size();
        else if (cells->size() != columns)
            problem(here, "columns", "every row must have the same number of cells");
        for (std::size_t at = 0; at < cells->size(); ++at) {
            const std::string place = here + "/" + std::to_string(at);
            const auto* cell = (*cells)[at].if_object();
            const std::string type = cell ? text_member(*cell, "type") : "";
            if (type == "raw_text" || (type == "raw_number" && row > 0))
                plain_string(*cell, "text", place, 20000, true);
            else if (type == "rich_text" && row > 0)
                rich_text(*cell, place, false);
            else
                problem(place + "/type", "unsupported_type", "unsupported type: " + type);
            if (type == "raw_number" && !block_judge_data_detail::is_number(cell->if_contains("value")))
                problem(place + "/value", "type", "must provide a number");
            data_table_text_ += block_judge_data_detail::rich_text_length((*cells)[at]);
        }
    }
    if (const auto* index = block.if_contains("row_header_column_index"))
        if (!index->is_int64() || index->get_int64() < 0 || index->get_int64() >= static_cast<std::int64_t>(columns))
            problem(pointer + "/row_header_column_index", "range", "must be a column");
}

void BlockJudge::data_visualization(const Object& block, const std::string& pointer) {
    ++charts_;
    known_members(block, pointer, {"type", "block_id", "title", "chart"});
    plain_string(block, "title", pointer, 50, true);
    const auto* chart = object_member(block, "chart");
    const std::string here = pointer + "/chart";
    const std::string type = chart ? text_member(*chart, "type") : "";
    if (type == "pie")
        pie(*chart, here);
    else if (type == "bar" || type == "line" || type == "area")
        plot(*chart, here);
    else
        problem(here + "/type", "unsupported_type", "unsupported chart type: " + type);
}

void BlockJudge::pie(const Object& chart, const std::string& pointer) {
    known_members(chart, pointer, {"type", "segments"});
    const auto* segments = list(chart, "segments", pointer, 1, 6);
    for (std::size_t at = 0; segments && at < segments->size(); ++at) {
        const std::string here = pointer + "/segments/" + std::to_string(at);
        const auto* segment = (*segments)[at].if_object();
        if (!segment) {
            problem(here, "type", "must provide an object");
            continue;
        }
        plain_string(*segment, "label", here, 20, true);
        const auto* value = segment->if_contains("value");
        if (!block_judge_data_detail::is_number(value) || value->to_number<double>() <= 0)
            problem(here + "/value", "range", "must be a number greater than 0");
    }
}

void BlockJudge::plot(const Object& chart, const std::string& pointer) {
    known_members(chart, pointer, {"type", "series", "axis_config"});
    const auto* axis = object_member(chart, "axis_config");
    if (!axis) {
        problem(pointer, "required", "missing required field: axis_config");
        return;
    }
    const std::string axis_here = pointer + "/axis_config";
    known_members(*axis, axis_here, {"categories", "x_label", "y_label"});
    plain_string(*axis, "x_label", axis_here, 50, false);
    plain_string(*axis, "y_label", axis_here, 50, false);
    std::vector<std::string> categories;
    if (const auto* names = list(*axis, "categories", axis_here, 1, 20))
        for (const auto& name : *names) {
            const std::string text = name.is_string() ? std::string(std::string_view(name.get_string())) : "";
            const bool is_known = std::find(categories.begin(), categories.end(), text) != categories.end();
            if (text.empty() || count_characters(text) > 20 || is_known)
                problem(axis_here + "/categories", "categories", "categories are unique texts of 1 to 20 characters");
            categories.push_back(text);
        }
    std::set<std::string> names;
    const auto* series = list(chart, "series", pointer, 1, 6);
    for (std::size_t at = 0; series && at < series->size(); ++at) {
        const std::string here = pointer + "/series/" + std::to_string(at);
        const auto* one = (*series)[at].if_object();
        if (!one) {
            problem(here, "type", "must provide an object");
            continue;
        }
        known_members(*one, here, {"name", "data"});
        plain_string(*one, "name", here, 20, true);
        if (!names.insert(text_member(*one, "name")).second)
            problem(here + "/name", "unique", "series names must be unique");
        const auto* points = list(*one, "data", here, 1, 20);
        std::multiset<std::string> labels;
        for (std::size_t point = 0; points && point < points->size(); ++point) {
            const auto* entry = (*points)[point].if_object();
            const std::string place = here + "/data/" + std::to_string(point);
            if (!entry || !block_judge_data_detail::is_number(entry->if_contains("value")))
                problem(place + "/value", "type", "must provide a number");
            else
                labels.insert(text_member(*entry, "label"));
        }
        if (labels != std::multiset<std::string>(categories.begin(), categories.end()))
            problem(here + "/data", "categories", "exactly one point for each category is needed");
    }
}

void BlockJudge::task_card(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "task_id", "title", "status", "details", "output", "sources"});
    plain_string(block, "task_id", pointer, 255, true);
    plain_string(block, "title", pointer, 256, true);
    block_text_ += count_characters(text_member(block, "title"));
    const std::string status = text_member(block, "status");
    if (block.contains("status") && status != "pending" && status != "in_progress" && status != "complete" &&
        status != "error")
        problem(pointer + "/status", "enum", "must be pending, in_progress, complete or error");
    for (const char* key : {"details", "output"})
        if (const auto* value = block.if_contains(key)) {
            const auto* inside = value->if_object();
            if (inside && text_member(*inside, "type") == "rich_text")
                rich_text(*inside, pointer + "/" + key);
            else
                problem(pointer + "/" + key, "type", "must be a rich_text");
        }
    if (const auto* value = block.if_contains("sources")) {
        const auto* sources = value->if_array();
        for (std::size_t at = 0; sources && at < sources->size(); ++at) {
            const std::string here = pointer + "/sources/" + std::to_string(at);
            const auto* source = (*sources)[at].if_object();
            if (!source || text_member(*source, "type") != "url") {
                problem(here + "/type", "unsupported_type", "must be a url");
                continue;
            }
            plain_string(*source, "url", here, 3000, true);
            plain_string(*source, "text", here, 256, true);
        }
    }
}

void BlockJudge::plan(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "title", "tasks"});
    plain_string(block, "title", pointer, 256, true);
    const auto* tasks = list(block, "tasks", pointer, 0, 50);
    for (std::size_t at = 0; tasks && at < tasks->size(); ++at) {
        const std::string here = pointer + "/tasks/" + std::to_string(at);
        const auto* task = (*tasks)[at].if_object();
        if (task && text_member(*task, "type") == "task_card")
            task_card(*task, here);
        else
            problem(here + "/type", "unsupported_type", "must be a task_card");
    }
}

}  // namespace genie_slack::sandbox
