#include "slack/blocks/limits.hpp"

#include "slack/blocks/limits_check.hpp"
#include "slack/json_read.hpp"
#include "slack/text/markdown_tables.hpp"
#include "slack/text/markup.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack::limits {

namespace limits_detail {
namespace {

constexpr std::size_t kMostViolations = 50;
constexpr int kRichTextDepth = 6;

}  // namespace
}  // namespace limits_detail

std::string below(const std::string& path, std::string_view key) {
    return path + "/" + std::string(key);
}
std::string below(const std::string& path, std::size_t index) {
    return path + "/" + std::to_string(index);
}

std::size_t characters_at(const json::object& parent, std::string_view key) {
    const json::value* found = parent.if_contains(key);
    return found && found->is_string() ? count_characters(found->get_string()) : 0;
}

void Checker::fail(const std::string& pointer, std::string message) {
    if (violations_.size() < limits_detail::kMostViolations)
        violations_.push_back(Violation{pointer, std::move(message)});
}

std::vector<Violation> Checker::take() {
    if (text_characters_ > kMessageTextCharacters && surface_ == Surface::message)
        fail("", "the blocks together have " + std::to_string(text_characters_) + " characters of text, at most " +
                     std::to_string(kMessageTextCharacters) + " are allowed");
    if (markdown_characters_ > kMarkdownCharacters)
        fail("", "the markdown blocks together have " + std::to_string(markdown_characters_) + " characters, at most " +
                     std::to_string(kMarkdownCharacters) + " are allowed");
    return std::move(violations_);
}

void Checker::text(const json::object& parent, std::string_view key, const std::string& path, std::size_t low,
                   std::size_t high) {
    const json::value* found = parent.if_contains(key);
    if (!found || found->is_null()) {
        if (low > 0)
            fail(below(path, key), "is missing");
        return;
    }
    if (!found->is_string())
        return fail(below(path, key), "must be a string");
    const std::size_t count = count_characters(found->get_string());
    if (count < low)
        fail(below(path, key), "must not be empty");
    if (count > high)
        fail(below(path, key),
             "has " + std::to_string(count) + " characters, at most " + std::to_string(high) + " are allowed");
}

void Checker::text_object(const json::object& parent, std::string_view key, const std::string& path,
                          std::string_view kind, std::size_t high, bool required) {
    const json::value* found = parent.if_contains(key);
    const std::string here = below(path, key);
    if (!found || found->is_null()) {
        if (required)
            fail(here, "is missing");
        return;
    }
    const json::object* value = object(*found, here);
    if (!value)
        return;
    const std::string type = string_at(*value, "type");
    if (type != "plain_text" && type != "mrkdwn")
        fail(below(here, "type"), "must be plain_text or mrkdwn");
    else if (!kind.empty() && type != kind)
        fail(below(here, "type"), "must be " + std::string(kind));
    text(*value, "text", here, 1, high);
    text_characters_ += characters_at(*value, "text");
}

const json::array* Checker::list(const json::object& parent, std::string_view key, const std::string& path,
                                 std::size_t low, std::size_t high, bool required) {
    const json::value* found = parent.if_contains(key);
    const std::string here = below(path, key);
    if (!found || found->is_null()) {
        if (required)
            fail(here, "is missing");
        return nullptr;
    }
    if (!found->is_array()) {
        fail(here, "must be an array");
        return nullptr;
    }
    const json::array& items = found->get_array();
    if (items.size() < low || items.size() > high)
        fail(here, "has " + std::to_string(items.size()) + " items, " + std::to_string(low) + " to " +
                       std::to_string(high) + " are allowed");
    return &items;
}

const json::object* Checker::object(const json::value& value, const std::string& path) {
    if (value.is_object())
        return &value.get_object();
    fail(path, "must be an object");
    return nullptr;
}

void Checker::number(const json::object& parent, std::string_view key, const std::string& path, std::int64_t low,
                     std::int64_t high) {
    const json::value* found = parent.if_contains(key);
    if (!found)
        return;
    if (!found->is_int64() || found->get_int64() < low || found->get_int64() > high)
        fail(below(path, key), "must be " + std::to_string(low) + " to " + std::to_string(high));
}

void Checker::messages_only(std::string_view type, const std::string& path) {
    if (surface_ != Surface::message)
        fail(path, std::string(type) + " blocks are for messages only");
}

void Checker::blocks(const json::array& blocks, const std::string& path) {
    const std::size_t most = surface_ == Surface::message ? kBlocksPerMessage : kBlocksPerView;
    if (blocks.size() > most)
        fail(path,
             "has " + std::to_string(blocks.size()) + " blocks, at most " + std::to_string(most) + " are allowed");
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (const json::object* one = object(blocks[i], below(path, i)))
            block(*one, below(path, i));
}

void Checker::block(const json::object& block, const std::string& path) {
    text(block, "block_id", path, 0, kIdCharacters);
    const std::string id = string_at(block, "block_id", kOpaqueBytes);
    if (!id.empty() && !block_ids_.insert(id).second)
        fail(below(path, "block_id"), "is used twice");
    const std::string type = string_at(block, "type");
    if (type.empty())
        fail(below(path, "type"), "is missing");
    else if (type == "section")
        section(block, path);
    else if (type == "header")
        header(block, path);
    else if (type == "markdown")
        markdown(block, path);
    else if (type == "context")
        context(block, path);
    else if (type == "actions")
        actions(block, path);
    else if (type == "context_actions")
        context_actions(block, path);
    else if (type == "input")
        input(block, path);
    else if (type == "image") {
        image(block, path);
        text_object(block, "title", path, "plain_text", 2'000, false);
    } else if (type == "rich_text")
        rich_text(block, path, 0);
    else if (type == "table")
        table(block, path);
    else if (type == "data_table")
        data_table(block, path);
    else if (type == "data_visualization")
        chart(block, path);
    else if (type == "plan")
        plan(block, path);
}

void Checker::header(const json::object& block, const std::string& path) {
    text_object(block, "text", path, "plain_text", kHeaderCharacters);
    number(block, "level", path, 1, 4);
}

void Checker::markdown(const json::object& block, const std::string& path) {
    messages_only("markdown", path);
    text(block, "text", path, 1, kMarkdownCharacters);
    markdown_characters_ += characters_at(block, "text");
    text_characters_ += characters_at(block, "text");
    const json::value* found = block.if_contains("text");
    if (!found || !found->is_string())
        return;
    tables_ += count_markdown_tables(found->get_string());
    if (tables_ > 1)
        fail(path, "a message can have one table only, and those in Markdown count");
}

void Checker::section(const json::object& block, const std::string& path) {
    text_object(block, "text", path, "", kSectionCharacters, false);
    if (!block.contains("text") && !block.contains("fields"))
        fail(path, "a section needs text or fields");
    if (const json::array* fields = list(block, "fields", path, 1, 10, false))
        for (std::size_t i = 0; i < fields->size(); ++i) {
            const std::string here = below(below(path, "fields"), i);
            const json::object* field = object((*fields)[i], here);
            if (!field)
                continue;
            const std::string type = string_at(*field, "type");
            if (type != "plain_text" && type != "mrkdwn")
                fail(below(here, "type"), "must be plain_text or mrkdwn");
            text(*field, "text", here, 1, 2'000);
            text_characters_ += characters_at(*field, "text");
        }
    if (const json::value* accessory = block.if_contains("accessory"))
        if (const json::object* one = object(*accessory, below(path, "accessory")))
            element(*one, below(path, "accessory"));
}

void Checker::context(const json::object& block, const std::string& path) {
    const json::array* elements = list(block, "elements", path, 1, 10);
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const std::string here = below(below(path, "elements"), i);
        const json::object* one = object((*elements)[i], here);
        if (!one)
            continue;
        const std::string type = string_at(*one, "type");
        if (type == "image") {
            image(*one, here);
        } else if (type == "mrkdwn" || type == "plain_text") {
            text(*one, "text", here, 1, kContextCharacters);
            text_characters_ += characters_at(*one, "text");
        } else {
            fail(below(here, "type"), "must be mrkdwn, plain_text or image");
        }
    }
}

void Checker::actions(const json::object& block, const std::string& path) {
    const json::array* elements = list(block, "elements", path, 1, 25);
    std::set<std::string> ids;
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const std::string here = below(below(path, "elements"), i);
        const json::object* one = object((*elements)[i], here);
        if (!one)
            continue;
        const std::string id = string_at(*one, "action_id", kOpaqueBytes);
        if (!id.empty() && !ids.insert(id).second)
            fail(below(here, "action_id"), "is used twice in this block");
        element(*one, here);
    }
}

void Checker::context_actions(const json::object& block, const std::string& path) {
    messages_only("context_actions", path);
    const json::array* elements = list(block, "elements", path, 1, 5);
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const std::string here = below(below(path, "elements"), i);
        const json::object* one = object((*elements)[i], here);
        if (!one)
            continue;
        const std::string type = string_at(*one, "type");
        if (type != "feedback_buttons" && type != "icon_button")
            fail(below(here, "type"), "must be feedback_buttons or icon_button");
        else
            element(*one, here);
    }
}

void Checker::input(const json::object& block, const std::string& path) {
    has_input_ = true;
    text_object(block, "label", path, "plain_text", 2'000);
    text_object(block, "hint", path, "plain_text", 2'000, false);
    const json::value* found = block.if_contains("element");
    if (!found)
        return fail(below(path, "element"), "is missing");
    if (const json::object* one = object(*found, below(path, "element")))
        element(*one, below(path, "element"));
}

void Checker::image(const json::object& image, const std::string& path) {
    if (image.contains("slack_file") == image.contains("image_url"))
        fail(path, "needs one of image_url and slack_file");
    text(image, "image_url", path, 0, 3'000);
    text(image, "alt_text", path, 1, 2'000);
}

// Of sections, lists, quotes and preformatted parts only the text counts, toward the sum over the message.
void Checker::rich_text(const json::object& block, const std::string& path, int depth) {
    if (depth > limits_detail::kRichTextDepth)
        return fail(path, "is nested too deep");
    const json::array* elements = list(block, "elements", path, 0, 10'000);
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const std::string here = below(below(path, "elements"), i);
        const json::object* one = object((*elements)[i], here);
        if (!one)
            continue;
        if (string_at(*one, "type") == "text")
            text(*one, "text", here, 1, kMessageTextCharacters);
        text_characters_ += characters_at(*one, "text");
        if (one->contains("elements"))
            rich_text(*one, here, depth + 1);
    }
}

void Checker::plan(const json::object& block, const std::string& path) {
    messages_only("plan", path);
    list(block, "tasks", path, 0, 50, false);
    text(block, "title", path, 0, kTaskFieldCharacters);
}

void Checker::chunk(const json::value& chunk, const std::string& path) {
    const json::object* one = object(chunk, path);
    if (!one)
        return;
    const std::string type = string_at(*one, "type");
    if (type == "markdown_text") {
        text(*one, "text", path, 1, kMarkdownCharacters);
        markdown_characters_ += characters_at(*one, "text");
    } else if (type == "task_update") {
        text(*one, "id", path, 1, kTaskFieldCharacters);
        text(*one, "title", path, 1, kTaskFieldCharacters);
        text(*one, "details", path, 0, kTaskFieldCharacters);
        text(*one, "output", path, 0, kTaskFieldCharacters);
    } else if (type == "plan_update") {
        text(*one, "title", path, 1, kTaskFieldCharacters);
    } else if (type == "blocks") {
        if (const json::array* inner = list(*one, "blocks", path, 1, kStreamBlocks))
            blocks(*inner, below(path, "blocks"));
    } else {
        fail(below(path, "type"), "is no kind of chunk");
    }
}

std::vector<Violation> check_blocks(const json::array& blocks, Surface surface) {
    Checker checker(surface);
    checker.blocks(blocks, "");
    return checker.take();
}

std::vector<Violation> check_chunks(const json::array& chunks) {
    Checker checker(Surface::message);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        checker.chunk(chunks[i], below("", i));
    return checker.take();
}

std::vector<Violation> check_view(const json::object& view) {
    const std::string type = string_at(view, "type");
    Checker checker(type == "home" ? Surface::home : Surface::modal);
    if (type != "home" && type != "modal")
        checker.fail("/type", "must be modal or home");
    if (type == "modal" && !view.contains("title"))
        checker.fail("/title", "is missing");
    for (const char* key : {"title", "submit", "close"})
        if (view.contains(key))
            checker.text(object_at(view, key), "text", below("", key), 1, kModalTitleCharacters);
    checker.text(view, "private_metadata", "", 0, kPrivateMetadataCharacters);
    checker.text(view, "callback_id", "", 0, kIdCharacters);
    checker.text(view, "external_id", "", 0, kIdCharacters);
    checker.blocks(array_at(view, "blocks"), "/blocks");
    if (type == "modal" && checker.has_input() && !view.contains("submit"))
        checker.fail("/submit", "is missing: the modal has input blocks");
    if (json::serialize(view).size() > kViewBytes)
        checker.fail("", "the view has more than " + std::to_string(kViewBytes) + " bytes");
    return checker.take();
}

std::vector<Violation> check_message(std::string_view text, const json::array& blocks, bool update) {
    Checker checker(Surface::message);
    const std::size_t characters = count_characters(text);
    const std::size_t most = update ? kTextCharacters : kTextMaximum;
    if (characters > most)
        checker.fail("/text", "has " + std::to_string(characters) + " characters, at most " + std::to_string(most) +
                                  " are allowed");
    if (text.empty() && blocks.empty())
        checker.fail("/text", "the message is empty");
    checker.blocks(blocks, "/blocks");
    return checker.take();
}

}  // namespace genie_slack::slack::limits
