#include "slack/events/message_events.hpp"

#include "slack/events/message_attachments.hpp"
#include "slack/json_read.hpp"

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace message_events_detail {
namespace {

std::string foreign_team(const json::object& message, const Owner& owner) {
    const json::object& profile = object_at(message, "user_profile");
    std::string team = string_at(message, "user_team");
    for (const char* key : {"source_team", "team"})
        team = first_of(std::move(team), string_at(message, key));
    team = first_of(std::move(team), string_at(profile, "team"));
    return owner.stranger(std::move(team), string_at(profile, "enterprise_id"));
}

MessageEvent parse_message(const json::object& message, const Owner& owner) {
    MessageEvent out;
    out.subtype = string_at(message, "subtype");
    out.channel = string_at(message, "channel");
    out.channel_type = string_at(message, "channel_type");
    out.user = string_at(message, "user");
    out.user_team = foreign_team(message, owner);
    out.text = text_at(message, "text");
    out.ts = string_at(message, "ts");
    out.thread_ts = string_at(message, "thread_ts");
    const json::object& bot = object_at(message, "bot_profile");
    out.bot_id = first_of(string_at(message, "bot_id"), string_at(bot, "id"));
    out.app_id = first_of(string_at(message, "app_id"), string_at(bot, "app_id"));
    const json::object& edited = object_at(message, "edited");
    out.edited = !edited.empty();
    out.edited_ts = string_at(edited, "ts");
    out.edited_by = string_at(edited, "user");
    const json::array& files = array_at(message, "files");
    out.has_files = !files.empty();
    out.file_count = files.size();
    out.clips = parse_clips(files);
    out.forwarded = parse_forwarded(array_at(message, "attachments"));
    return out;
}

// A deleted message that has replies stays in the channel as a tombstone, and Slack tells it as a change. The person is
// known from what stood there before; the tombstone's own user is USLACKBOT.
MessageDeleted buried(const json::object& event, const json::object& tombstone, const json::object& previous) {
    MessageDeleted out;
    out.channel = string_at(event, "channel");
    out.deleted_ts = first_of(string_at(tombstone, "ts"), string_at(previous, "ts"));
    out.thread_ts = first_of(string_at(tombstone, "thread_ts"), string_at(previous, "thread_ts"));
    out.user = string_at(previous, "user");
    out.text = text_at(previous, "text");
    return out;
}

EventBody usable(MessageDeleted deleted) {
    if (deleted.channel.empty() || deleted.deleted_ts.empty())
        return UnknownEvent{"message_deleted"};
    return deleted;
}

EventBody message_changed(const json::object& event, const Owner& owner) {
    const json::object& message = object_at(event, "message");
    const json::object& previous = object_at(event, "previous_message");
    if (string_at(message, "subtype") == "tombstone")
        return usable(buried(event, message, previous));
    MessageChanged out;
    out.channel = string_at(event, "channel");
    out.message = parse_message(message, owner);
    out.message.channel = out.channel;
    out.message.channel_type = string_at(event, "channel_type");
    out.previous_text = text_at(previous, "text");
    out.previous_edited_ts = string_at(object_at(previous, "edited"), "ts");
    if (out.channel.empty() || out.message.ts.empty())
        return UnknownEvent{"message_changed"};
    return out;
}

MessageDeleted message_deleted(const json::object& event) {
    const json::object& previous = object_at(event, "previous_message");
    MessageDeleted out;
    out.channel = string_at(event, "channel");
    out.deleted_ts = first_of(string_at(event, "deleted_ts"), string_at(previous, "ts"));
    out.thread_ts = string_at(previous, "thread_ts");
    out.user = string_at(previous, "user");
    out.text = text_at(previous, "text");
    return out;
}

}  // namespace
}  // namespace message_events_detail

EventBody parse_message_event(const json::object& event, const Owner& owner, bool mention) {
    using namespace message_events_detail;
    const std::string subtype = string_at(event, "subtype");
    if (subtype == "message_changed")
        return message_changed(event, owner);
    if (subtype == "message_deleted")
        return usable(message_deleted(event));
    MessageEvent out = parse_message(event, owner);
    out.mention = mention;
    // Without these two nobody can answer it, nor tell it from another one.
    if (out.channel.empty() || out.ts.empty())
        return UnknownEvent{mention ? "app_mention" : "message"};
    return out;
}

}  // namespace genie_slack::slack
