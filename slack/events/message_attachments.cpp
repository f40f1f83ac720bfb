#include "slack/events/message_attachments.hpp"

#include "slack/events/payload_owner.hpp"
#include "slack/json_read.hpp"
#include "slack/text/markup.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace message_attachments_detail {
namespace {

constexpr std::size_t kMaxForwarded = 10;
constexpr std::size_t kMaxClips = 10;
// Slack nests lists and quotes a few levels deep at most.
constexpr int kMaxDepth = 10;

// One element of rich text as mrkdwn.
std::string element_text(const json::object& element) {
    const std::string type = string_at(element, "type");
    if (type == "text")
        return escape(text_at(element, "text"));
    if (type == "user")
        return "<@" + string_at(element, "user_id") + ">";
    if (type == "channel")
        return "<#" + string_at(element, "channel_id") + ">";
    if (type == "link")
        return link(string_at(element, "url", kOpaqueBytes), text_at(element, "text", kOpaqueBytes));
    if (type == "emoji")
        return ":" + string_at(element, "name") + ":";
    if (type == "usergroup")
        return "<!subteam^" + string_at(element, "usergroup_id") + ">";
    if (type == "broadcast")
        return "<!" + string_at(element, "range") + ">";
    if (type == "date")
        return escape(text_at(element, "fallback"));
    return {};
}

// The words of blocks or of elements of rich text, a line for each block.
void add_words(const json::array& parts, std::string& out, int depth) {
    for (const json::value& part : parts) {
        if (!part.is_object() || depth == 0 || out.size() >= kTextBytes)
            continue;
        const json::object& one = part.get_object();
        const json::array& inner = array_at(one, "elements");
        const bool is_line = !inner.empty() || one.contains("fields") || string_at(one, "type") == "section" ||
                             string_at(one, "type") == "header";
        if (is_line && !out.empty() && !out.ends_with('\n'))
            out += '\n';
        const json::object& text = object_at(one, "text");
        out += text.empty() ? element_text(one) : text_at(text, "text");
        add_words(inner, out, depth - 1);
        add_words(array_at(one, "fields"), out, depth - 1);
    }
}

// A forwarded message may come without a text of its own: its words stand in the blocks.
std::string text_of_blocks(const json::object& attachment) {
    std::string out;
    for (const json::value& message : array_at(attachment, "message_blocks"))
        if (message.is_object())
            add_words(array_at(object_at(message.get_object(), "message"), "blocks"), out, kMaxDepth);
    if (out.empty())
        add_words(array_at(attachment, "blocks"), out, kMaxDepth);
    return out;
}

void cut(std::string& text, std::size_t max_bytes) {
    if (text.size() <= max_bytes)
        return;
    while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0) == 0x80)
        --max_bytes;
    text.resize(max_bytes);
}

// Slack writes a fallback for what has no words, too: "[no preview available]", or "[May 5th, 2025 1:30 PM] ana:".
std::string words_of_fallback(std::string text) {
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    const bool ends_early = end == std::string::npos || text[end] == ']' || text[end] == ':';
    if (ends_early && (end == std::string::npos || text.starts_with('[')))
        text.clear();
    return text;
}

Forwarded parse_one(const json::object& attachment) {
    Forwarded out;
    out.author =
        first_of(text_at(attachment, "author_name", kIdBytes), text_at(attachment, "author_subname", kIdBytes));
    out.channel = string_at(attachment, "channel_id");
    out.ts = string_at(attachment, "ts");
    out.text = text_at(attachment, "text");
    if (out.text.empty())
        out.text = text_of_blocks(attachment);
    if (out.text.empty())
        out.text = words_of_fallback(text_at(attachment, "fallback"));
    return out;
}

}  // namespace
}  // namespace message_attachments_detail

std::vector<Forwarded> parse_forwarded(const json::array& attachments) {
    using namespace message_attachments_detail;
    std::vector<Forwarded> out;
    std::size_t room = kTextBytes;
    for (const json::value& attachment : attachments) {
        if (!attachment.is_object() || out.size() == kMaxForwarded)
            continue;
        const json::object& one = attachment.get_object();
        if (!bool_at(one, "is_share") && !bool_at(one, "is_msg_unfurl"))
            continue;
        Forwarded forwarded = parse_one(one);
        const bool has_words = !forwarded.text.empty();
        cut(forwarded.text, room);
        room -= forwarded.text.size();
        if (!has_words || !forwarded.text.empty())
            out.push_back(std::move(forwarded));
    }
    return out;
}

std::vector<Clip> parse_clips(const json::array& files) {
    std::vector<Clip> out;
    for (const json::value& file : files) {
        if (!file.is_object() || out.size() == message_attachments_detail::kMaxClips)
            continue;
        const std::string subtype = string_at(file.get_object(), "subtype");
        if (subtype != "slack_audio" && subtype != "slack_video")
            continue;
        const json::object& transcription = object_at(file.get_object(), "transcription");
        const json::object& preview = object_at(transcription, "preview");
        Clip clip;
        clip.status = string_at(transcription, "status");
        clip.text = text_at(preview, "content");
        clip.has_more = bool_at(preview, "has_more");
        out.push_back(std::move(clip));
    }
    return out;
}

}  // namespace genie_slack::slack
