#include "sandbox/slack/block_judge.hpp"

#include "sandbox/slack/json_members.hpp"

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace block_judge_detail {

// Undocumented; the lowest refusal that was seen is 11,341 characters (slack.md 2.4).
constexpr std::size_t kBlockText = 11300;
constexpr std::size_t kMarkdownText = 12000;
constexpr std::size_t kTableText = 10000;
constexpr std::size_t kDataTableText = 20000;

// Rows of dashes under a row of cells: a table in Markdown.
int count_markdown_tables(std::string_view text) {
    int count = 0;
    bool in_fence = false;
    bool has_header = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        while (line.starts_with(' '))
            line.remove_prefix(1);
        if (line.starts_with("```"))
            in_fence = !in_fence;
        const bool is_delimiter = line.find('-') != std::string_view::npos &&
                                  line.find('|') != std::string_view::npos &&
                                  line.find_first_not_of("|-: \r") == std::string_view::npos;
        if (!in_fence && is_delimiter && has_header)
            ++count;
        has_header = line.find('|') != std::string_view::npos && !is_delimiter;
    }
    return count;
}

}  // namespace block_judge_detail

void BlockJudge::problem(const std::string& pointer, std::string_view code, const std::string& message) {
    errors_.push_back(json::object{{"code", code},
                                   {"message", message},
                                   {"field", pointer.substr(pointer.rfind('/') + 1)},
                                   {"pointer", pointer},
                                   {"constraint", code}});
    messages_.push_back(json::string("[ERROR] " + message + " [json-pointer:" + pointer + "]"));
}

BlockVerdict BlockJudge::verdict(std::string_view error_code) const {
    BlockVerdict verdict;
    verdict.errors = errors_;
    verdict.messages = messages_;
    if (wrong_format_)
        verdict.error = "invalid_blocks_format";
    else if (!errors_.empty())
        verdict.error = error_code;
    else if (tables_ > 1 || charts_ > 2) {
        verdict.error = tables_ > 1 ? "invalid_attachments" : "invalid_blocks";
        verdict.messages.push_back(
            json::string(tables_ > 1 ? "[ERROR] only_one_table_allowed" : "[ERROR] no more than 2 charts allowed"));
    } else if (block_text_ > block_judge_detail::kBlockText || markdown_text_ > block_judge_detail::kMarkdownText ||
               table_text_ > block_judge_detail::kTableText || data_table_text_ > block_judge_detail::kDataTableText)
        verdict.error = "msg_blocks_too_long";
    return verdict;
}

void BlockJudge::known_members(const Object& object, const std::string& pointer,
                               std::initializer_list<std::string_view> names) {
    for (const auto& member : object)
        if (std::find(names.begin(), names.end(), std::string_view(member.key())) == names.end())
            problem(pointer, "additional_property", "invalid additional property: " + std::string(member.key()));
}

void BlockJudge::plain_string(const Object& owner, const char* key, const std::string& pointer, std::size_t limit,
                              bool required) {
    const auto* value = owner.if_contains(key);
    const std::string here = pointer + "/" + key;
    if (!value) {
        if (required)
            problem(pointer, "required", std::string("missing required field: ") + key);
        return;
    }
    if (!value->is_string()) {
        problem(here, "type", "must provide a string");
        return;
    }
    const std::size_t length = count_characters(std::string_view(value->get_string()));
    if (required && length == 0)
        problem(here, "min_length", "must be more than 0 characters");
    if (length > limit)
        problem(here, "max_length", "must be less than " + std::to_string(limit + 1) + " characters");
}

void BlockJudge::text_object(const Object& owner, const char* key, const std::string& pointer, TextKind kind,
                             std::size_t limit, bool required) {
    const auto* value = owner.if_contains(key);
    const std::string here = pointer + "/" + key;
    if (!value) {
        if (required)
            problem(pointer, "required", std::string("missing required field: ") + key);
        return;
    }
    const auto* object = value->if_object();
    if (!object) {
        problem(here, "type", "must provide an object");
        return;
    }
    const std::string type = text_member(*object, "type");
    const bool good_type =
        (type == "plain_text" && kind != TextKind::markup) || (type == "mrkdwn" && kind != TextKind::plain);
    if (!good_type)
        problem(here + "/type", "type", "unsupported type: " + type);
    known_members(*object, here,
                  type == "mrkdwn" ? std::initializer_list<std::string_view>{"type", "text", "verbatim"}
                                   : std::initializer_list<std::string_view>{"type", "text", "emoji"});
    plain_string(*object, "text", here, limit, true);
    block_text_ += count_characters(text_member(*object, "text"));
}

const json::array* BlockJudge::list(const Object& owner, const char* key, const std::string& pointer, std::size_t least,
                                    std::size_t most) {
    const auto* value = owner.if_contains(key);
    if (!value) {
        problem(pointer, "required", std::string("missing required field: ") + key);
        return nullptr;
    }
    const auto* items = value->if_array();
    const std::string here = pointer + "/" + key;
    if (!items)
        problem(here, "type", "must provide an array");
    else if (items->size() < least)
        problem(here, "min_items", "no fewer than " + std::to_string(least) + " items allowed");
    else if (items->size() > most)
        problem(here, "max_items", "no more than " + std::to_string(most) + " items allowed");
    return items;
}

void BlockJudge::judge_list(const json::value& blocks, const std::string& pointer) {
    const auto* items = blocks.if_array();
    if (!items) {
        wrong_format_ = true;
        return;
    }
    const std::size_t most = surface_ == BlockSurface::modal || surface_ == BlockSurface::home ? 100 : 50;
    if (items->size() > most)
        problem(pointer, "max_items", "no more than " + std::to_string(most) + " items allowed");
    for (std::size_t at = 0; at < items->size(); ++at)
        judge_block((*items)[at], pointer + "/" + std::to_string(at));
}

bool BlockJudge::allowed_here(const std::string& type) const {
    const auto is_one_of = [&](std::initializer_list<std::string_view> types) {
        return std::find(types.begin(), types.end(), type) != types.end();
    };
    if (std::find(world_.refused.begin(), world_.refused.end(), type) != world_.refused.end())
        return false;
    if (is_one_of({"section", "actions", "context", "divider", "header", "image", "input", "rich_text", "video"}))
        return true;
    if (surface_ == BlockSurface::modal || surface_ == BlockSurface::home)
        return false;
    if (is_one_of({"markdown", "table", "data_table", "data_visualization", "context_actions", "task_card", "plan"}))
        return true;
    // Seen refused in messages, taken in streams (slack.md 2.5).
    return surface_ == BlockSurface::stream_chunk && is_one_of({"alert", "card", "carousel", "container"});
}

void BlockJudge::judge_block(const json::value& value, const std::string& pointer) {
    const auto* block = value.if_object();
    if (!block) {
        problem(pointer, "type", "must provide an object");
        return;
    }
    const std::string type = text_member(*block, "type");
    if (!allowed_here(type)) {
        problem(pointer + "/type", "unsupported_type", "unsupported type: " + type);
        return;
    }
    plain_string(*block, "block_id", pointer, 255, false);
    if (const auto id = text_member(*block, "block_id"); !id.empty() && !block_ids_.insert(id).second)
        problem(pointer + "/block_id", "unique", "`block_id` already exists");
    if (type == "section")
        section(*block, pointer);
    else if (type == "actions")
        actions(*block, pointer);
    else if (type == "context")
        context(*block, pointer);
    else if (type == "context_actions")
        context_actions(*block, pointer);
    else if (type == "divider")
        known_members(*block, pointer, {"type", "block_id"});
    else if (type == "header")
        header(*block, pointer);
    else if (type == "image")
        image(*block, pointer, true);
    else if (type == "input")
        input(*block, pointer);
    else if (type == "markdown")
        markdown(*block, pointer);
    else if (type == "rich_text")
        rich_text(*block, pointer);
    else if (type == "table")
        table(*block, pointer);
    else if (type == "data_table")
        data_table(*block, pointer);
    else if (type == "data_visualization")
        data_visualization(*block, pointer);
    else if (type == "task_card")
        task_card(*block, pointer);
    else if (type == "plan")
        plan(*block, pointer);
}

void BlockJudge::section(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "text", "fields", "accessory", "expand"});
    if (!block.contains("text") && !block.contains("fields"))
        problem(pointer, "required", "missing required field: text or fields");
    text_object(block, "text", pointer, TextKind::either, 3000, false);
    if (block.contains("fields"))
        if (const auto* fields = list(block, "fields", pointer, 1, 10))
            for (std::size_t at = 0; at < fields->size(); ++at) {
                const Object holder{{"field", (*fields)[at]}};
                text_object(holder, "field", pointer + "/fields/" + std::to_string(at), TextKind::either, 2000, true);
            }
    std::set<std::string> action_ids;
    if (const auto* accessory = block.if_contains("accessory"))
        element(*accessory, pointer + "/accessory",
                {"button", "image", "static_select", "external_select", "users_select", "conversations_select",
                 "channels_select", "multi_static_select", "multi_external_select", "multi_users_select",
                 "multi_conversations_select", "multi_channels_select", "overflow", "datepicker", "timepicker",
                 "radio_buttons", "checkboxes", "workflow_button"},
                action_ids);
}

void BlockJudge::actions(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "elements"});
    const auto* elements = list(block, "elements", pointer, 1, 25);
    std::set<std::string> action_ids;
    for (std::size_t at = 0; elements && at < elements->size(); ++at)
        element((*elements)[at], pointer + "/elements/" + std::to_string(at),
                {"button", "static_select", "external_select", "users_select", "conversations_select",
                 "channels_select", "multi_static_select", "multi_external_select", "multi_users_select",
                 "multi_conversations_select", "multi_channels_select", "overflow", "datepicker", "timepicker",
                 "datetimepicker", "radio_buttons", "checkboxes", "rich_text_input", "workflow_button"},
                action_ids);
}

void BlockJudge::context(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "elements"});
    const auto* elements = list(block, "elements", pointer, 1, 10);
    for (std::size_t at = 0; elements && at < elements->size(); ++at) {
        const std::string here = pointer + "/elements/" + std::to_string(at);
        const auto* object = (*elements)[at].if_object();
        if (object && text_member(*object, "type") == "image") {
            image(*object, here, false);
        } else {
            const Object holder{{"element", (*elements)[at]}};
            text_object(holder, "element", here, TextKind::either, 2000, true);
        }
    }
}

void BlockJudge::context_actions(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "elements"});
    const auto* elements = list(block, "elements", pointer, 1, 5);
    std::set<std::string> action_ids;
    for (std::size_t at = 0; elements && at < elements->size(); ++at)
        element((*elements)[at], pointer + "/elements/" + std::to_string(at), {"feedback_buttons", "icon_button"},
                action_ids);
}

void BlockJudge::header(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "text", "level"});
    text_object(block, "text", pointer, TextKind::plain, 150, true);
    if (const auto* level = block.if_contains("level"))
        if (!level->is_int64() || level->get_int64() < 1 || level->get_int64() > 4)
            problem(pointer + "/level", "range", "must be 1 to 4");
}

void BlockJudge::image(const Object& block, const std::string& pointer, bool is_block) {
    if (is_block)
        known_members(block, pointer, {"type", "block_id", "image_url", "slack_file", "alt_text", "title"});
    else
        known_members(block, pointer, {"type", "image_url", "slack_file", "alt_text"});
    if (block.contains("image_url") == block.contains("slack_file"))
        problem(pointer, "required", "exactly one of image_url and slack_file must be given");
    plain_string(block, "image_url", pointer, 3000, false);
    if (const auto* file = block.if_contains("slack_file"))
        slack_file(*file, pointer + "/slack_file");
    plain_string(block, "alt_text", pointer, 2000, true);
    text_object(block, "title", pointer, TextKind::plain, 2000, false);
}

void BlockJudge::slack_file(const json::value& value, const std::string& pointer) {
    const auto* file = value.if_object();
    if (!file)
        return problem(pointer, "type", "must provide an object");
    known_members(*file, pointer, {"id", "url"});
    if (file->contains("id") == file->contains("url"))
        return problem(pointer, "required", "exactly one of id and url must be given");
    plain_string(*file, "id", pointer, 255, false);
    plain_string(*file, "url", pointer, 3000, false);
    if (world_.shows && !world_.shows(*file))
        problem(pointer, "invalid_slack_file", "invalid slack file");
}

void BlockJudge::input(const Object& block, const std::string& pointer) {
    has_input_ = true;
    known_members(block, pointer, {"type", "block_id", "label", "element", "dispatch_action", "hint", "optional"});
    text_object(block, "label", pointer, TextKind::plain, 2000, true);
    text_object(block, "hint", pointer, TextKind::plain, 2000, false);
    const auto* inside = block.if_contains("element");
    if (!inside) {
        problem(pointer, "required", "missing required field: element");
        return;
    }
    std::set<std::string> action_ids;
    element(*inside, pointer + "/element", {"plain_text_input",      "email_text_input",   "url_text_input",
                                            "number_input",          "rich_text_input",    "file_input",
                                            "static_select",         "external_select",    "users_select",
                                            "conversations_select",  "channels_select",    "multi_static_select",
                                            "multi_external_select", "multi_users_select", "multi_conversations_select",
                                            "multi_channels_select", "datepicker",         "timepicker",
                                            "datetimepicker",        "radio_buttons",      "checkboxes"},
            action_ids);
}

void BlockJudge::markdown(const Object& block, const std::string& pointer) {
    known_members(block, pointer, {"type", "block_id", "text"});
    plain_string(block, "text", pointer, block_judge_detail::kMarkdownText, true);
    const std::string text = text_member(block, "text");
    markdown_text_ += count_characters(text);
    tables_ += block_judge_detail::count_markdown_tables(text);
}

}  // namespace genie_slack::sandbox
