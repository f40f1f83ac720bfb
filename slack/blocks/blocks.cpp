#include "slack/blocks/blocks.hpp"

#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/mrkdwn_writer.hpp"

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack::blocks {

namespace blocks_detail {
namespace {

constexpr std::string_view kEmptyCell = "–";

// A label that Slack would refuse for its length is shortened; values never are, they would name something else.
json::object label(std::string_view text, std::size_t max_characters) {
    return plain_text(truncate(text, max_characters));
}

json::object feedback_button(std::string_view text, std::string_view value) {
    json::object out;
    out["text"] = label(text, limits::kButtonTextCharacters);
    out["value"] = value;
    out["accessibility_label"] = truncate(text, limits::kButtonTextCharacters);
    return out;
}

json::object select_option(const Option& option) {
    json::object out;
    out["text"] = label(option.text, limits::kOptionCharacters);
    out["value"] = option.value;
    if (!option.description.empty())
        out["description"] = label(option.description, limits::kOptionCharacters);
    return out;
}

json::array select_options(const std::vector<Option>& options) {
    json::array list;
    for (const Option& option : options)
        list.push_back(select_option(option));
    return list;
}

}  // namespace
}  // namespace blocks_detail

json::object plain_text(std::string_view text) {
    return {{"type", "plain_text"}, {"text", text}, {"emoji", true}};
}

json::object section(std::string_view mrkdwn, bool expand) {
    json::object out;
    out["type"] = "section";
    out["text"] = {{"type", "mrkdwn"}, {"text", mrkdwn}};
    if (expand)
        out["expand"] = true;
    return out;
}

json::object markdown(std::string_view text) {
    return {{"type", "markdown"}, {"text", text}};
}

json::object context(std::string_view mrkdwn) {
    json::object element{{"type", "mrkdwn"}, {"text", mrkdwn}};
    json::array elements;
    elements.push_back(std::move(element));
    return {{"type", "context"}, {"elements", std::move(elements)}};
}

json::object divider() {
    return {{"type", "divider"}};
}

json::object header(std::string_view text) {
    return {{"type", "header"}, {"text", blocks_detail::label(text, limits::kHeaderCharacters)}};
}

json::object preformatted(std::string_view text) {
    return section("```\n" + escape(without_fences(text)) + "\n```", true);
}

json::object button(std::string_view action_id, std::string_view text, std::string_view value, std::string_view style) {
    json::object out;
    out["type"] = "button";
    out["action_id"] = action_id;
    out["text"] = blocks_detail::label(text, limits::kButtonTextCharacters);
    if (!value.empty())
        out["value"] = value;
    if (!style.empty())
        out["style"] = style;
    return out;
}

json::object actions(std::string_view block_id, json::array elements) {
    json::object out;
    out["type"] = "actions";
    if (!block_id.empty())
        out["block_id"] = block_id;
    out["elements"] = std::move(elements);
    return out;
}

json::object static_select(std::string_view action_id, std::string_view placeholder,
                           const std::vector<Option>& options) {
    json::object out;
    out["type"] = "static_select";
    out["action_id"] = action_id;
    out["placeholder"] = blocks_detail::label(placeholder, limits::kPlaceholderCharacters);
    out["options"] = blocks_detail::select_options(options);
    return out;
}

json::object overflow(std::string_view action_id, const std::vector<Option>& options) {
    json::object out;
    out["type"] = "overflow";
    out["action_id"] = action_id;
    out["options"] = blocks_detail::select_options(options);
    return out;
}

json::object external_select(std::string_view action_id, std::string_view placeholder, int min_query_length) {
    json::object out;
    out["type"] = "external_select";
    out["action_id"] = action_id;
    out["placeholder"] = blocks_detail::label(placeholder, limits::kPlaceholderCharacters);
    out["min_query_length"] = min_query_length;
    return out;
}

json::object feedback(std::string_view action_id, std::string_view good, std::string_view bad, std::string_view value) {
    json::object buttons;
    buttons["type"] = "feedback_buttons";
    buttons["action_id"] = action_id;
    buttons["positive_button"] = blocks_detail::feedback_button(good, "up:" + std::string(value));
    buttons["negative_button"] = blocks_detail::feedback_button(bad, "down:" + std::string(value));
    json::array elements;
    elements.push_back(std::move(buttons));
    return {{"type", "context_actions"}, {"elements", std::move(elements)}};
}

json::object table(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows) {
    json::array settings;
    for (const TableColumn& column : columns) {
        json::object setting;
        setting["align"] = column.right_aligned ? "right" : "left";
        if (!column.right_aligned)
            setting["is_wrapped"] = true;
        settings.push_back(std::move(setting));
    }
    json::array lines;
    for (const auto& row : rows) {
        json::array cells;
        for (const std::string& cell : row) {
            const std::string_view text = is_blank(cell) ? blocks_detail::kEmptyCell : cell;
            json::object raw{{"type", "raw_text"}, {"text", text}};
            cells.push_back(std::move(raw));
        }
        lines.push_back(std::move(cells));
    }
    json::object out;
    out["type"] = "table";
    out["column_settings"] = std::move(settings);
    out["rows"] = std::move(lines);
    return out;
}

}  // namespace genie_slack::slack::blocks
