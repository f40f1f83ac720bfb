#include "slack/api/api_objects.hpp"

#include "slack/json_read.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::slack {

namespace api_objects_detail {
namespace {

constexpr std::size_t kMaxShares = 100;
constexpr std::int64_t kLargestOffset = 14 * 3'600;  // of a clock from UTC

std::vector<std::string> split_scopes(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view scope = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        while (scope.starts_with(' '))
            scope.remove_prefix(1);
        while (scope.ends_with(' '))
            scope.remove_suffix(1);
        if (!scope.empty())
            out.emplace_back(scope);
    }
    return out;
}

// "shares": {"public" or "private": {channel: [{"ts", "thread_ts", ...}]}}.
std::vector<SharedFile::Share> parse_shares(const json::object& file) {
    std::vector<SharedFile::Share> out;
    for (const char* kind : {"public", "private"}) {
        const json::object& channels = object_at(object_at(file, "shares"), kind);
        for (const auto& channel : channels)
            for (const json::value& message : array_at(channels, channel.key())) {
                if (!message.is_object() || out.size() == kMaxShares)
                    continue;
                SharedFile::Share share;
                share.channel = std::string(channel.key());
                share.ts = string_at(message.get_object(), "ts");
                share.thread_ts = string_at(message.get_object(), "thread_ts");
                out.push_back(std::move(share));
            }
    }
    return out;
}

}  // namespace
ReactionBy parse_reaction(const json::object& reaction) {
    ReactionBy out;
    out.name = string_at(reaction, "name");
    for (const json::value& user : array_at(reaction, "users"))
        if (user.is_string())
            out.users.emplace_back(user.get_string());
    return out;
}

}  // namespace api_objects_detail

Identity parse_identity(const json::object& reply, std::string_view scopes) {
    Identity out;
    out.url = string_at(reply, "url", kOpaqueBytes);
    out.team = text_at(reply, "team", kOpaqueBytes);
    out.team_id = string_at(reply, "team_id");
    out.enterprise_id = string_at(reply, "enterprise_id");
    out.user = text_at(reply, "user", kOpaqueBytes);
    out.user_id = string_at(reply, "user_id");
    out.bot_id = string_at(reply, "bot_id");
    out.app_id = string_at(reply, "app_id");
    out.scopes = api_objects_detail::split_scopes(scopes);
    return out;
}

ChannelInfo parse_channel(const json::object& channel) {
    ChannelInfo out;
    out.id = string_at(channel, "id");
    out.name = text_at(channel, "name", kOpaqueBytes);
    out.is_im = bool_at(channel, "is_im");
    out.is_private = bool_at(channel, "is_private");
    out.is_ext_shared = bool_at(channel, "is_ext_shared");
    if (const json::value* member = channel.if_contains("is_member"); member && member->is_bool())
        out.is_member = member->get_bool();
    return out;
}

UserInfo parse_user(const json::object& user) {
    const json::object& profile = object_at(user, "profile");
    UserInfo out;
    out.id = string_at(user, "id");
    out.team = string_at(user, "team_id");
    out.name = text_at(profile, "display_name", kOpaqueBytes);
    for (const json::object* holder : {&profile, &user})
        if (out.name.empty())
            out.name = text_at(*holder, "real_name", kOpaqueBytes);
    if (out.name.empty())
        out.name = text_at(user, "name", kOpaqueBytes);
    out.email = string_at(profile, "email", kOpaqueBytes);
    out.locale = string_at(user, "locale");
    const auto* offset = user.if_contains("tz_offset");
    if (offset && offset->is_int64() && std::abs(offset->get_int64()) <= api_objects_detail::kLargestOffset)
        out.utc_offset = std::chrono::seconds(offset->get_int64());
    out.is_guest = bool_at(user, "is_restricted") || bool_at(user, "is_ultra_restricted");
    out.is_stranger = bool_at(user, "is_stranger");
    out.enterprise = string_at(object_at(user, "enterprise_user"), "enterprise_id");
    return out;
}

SharedFile parse_file(const json::object& file) {
    SharedFile out;
    out.id = string_at(file, "id");
    out.name = text_at(file, "name", kOpaqueBytes);
    out.permalink = string_at(file, "permalink", kOpaqueBytes);
    out.shares = api_objects_detail::parse_shares(file);
    return out;
}

ThreadMessage parse_thread_message(const json::object& message) {
    const json::object& metadata = object_at(message, "metadata");
    ThreadMessage out;
    out.ts = string_at(message, "ts");
    out.user = string_at(message, "user");
    out.bot_id = string_at(message, "bot_id");
    out.app_id = string_at(message, "app_id");
    out.text = text_at(message, "text");
    out.metadata_type = string_at(metadata, "event_type");
    out.metadata_payload = object_at(metadata, "event_payload");
    out.blocks = array_at(message, "blocks");
    for (const json::value& file : array_at(message, "files"))
        if (file.is_object())
            out.files.push_back(parse_file(file.get_object()));
    for (const json::value& reaction : array_at(message, "reactions"))
        if (reaction.is_object())
            out.reactions.push_back(api_objects_detail::parse_reaction(reaction.get_object()));
    return out;
}

}  // namespace genie_slack::slack
