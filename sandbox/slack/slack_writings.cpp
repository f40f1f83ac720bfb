// What else people, workflows and Slack itself bring into a channel: forwarded and spoken messages, previews, sharing
// (slack.md 3.3).
#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server_impl.hpp"

namespace genie_slack::sandbox {

namespace json = boost::json;

void SlackServerImpl::unfurl(const std::string& channel, const std::string& ts, const std::string& url) {
    auto* message = workspace_.message(channel, ts);
    if (!message)
        return;
    const SlackMessage before = *message;
    message->attachments.push_back(json::object{{"id", message->attachments.size() + 1},
                                                {"from_url", url},
                                                {"original_url", url},
                                                {"service_name", "Example"},
                                                {"title", "A page"},
                                                {"text", "What the page says"},
                                                {"fallback", "Example: A page"}});
    workspace_.tell_edit(*message, before);
}

// The attachment as Slack's clients make it when somebody forwards a message.
std::string SlackServerImpl::forward(const std::string& user, const std::string& from_channel,
                                     const std::string& from_ts, const std::string& channel, const std::string& text,
                                     const std::string& thread_ts) {
    const auto* original = workspace_.message(from_channel, from_ts);
    const auto* place = workspace_.channel(from_channel);
    if (!original || !place || !workspace_.user(user) || !workspace_.channel(channel))
        return "";
    const auto* author = workspace_.user(original->user);
    const std::string name = author ? author->real_name : original->username;
    json::object inside{{"team", workspace_.team_of(author)},
                        {"channel", from_channel},
                        {"ts", from_ts},
                        {"message", {{"blocks", original->blocks}}}};
    SlackMessage message;
    message.channel = channel;
    message.user = user;
    message.text = text;
    message.thread_ts = thread_ts;
    message.attachments.push_back(json::object{{"id", 1},
                                               {"is_share", true},
                                               {"is_msg_unfurl", true},
                                               {"ts", from_ts},
                                               {"author_id", original->user},
                                               {"author_name", name},
                                               {"author_subname", author ? author->name : name},
                                               {"channel_id", from_channel},
                                               {"channel_team", options_.team_id},
                                               {"text", original->text},
                                               {"fallback", name + ": " + original->text},
                                               {"footer", "Posted in #" + place->name},
                                               {"mrkdwn_in", json::array{"text"}},
                                               {"message_blocks", json::array{std::move(inside)}}});
    return workspace_.post(std::move(message)).ts;
}

std::string SlackServerImpl::speak(const std::string& user, const std::string& channel,
                                   std::optional<std::string> transcript, const std::string& thread_ts) {
    if (!workspace_.channel(channel) || !workspace_.user(user))
        return "";
    json::object transcription{{"status", transcript ? "complete" : "processing"}};
    if (transcript)
        transcription["preview"] = json::object{{"content", *transcript}, {"has_more", false}};
    SlackMessage message;
    message.channel = channel;
    message.user = user;
    message.thread_ts = thread_ts;
    message.subtype = "file_share";
    message.files.push_back(json::object{{"id", workspace_.random_id("F0", 9)},
                                         {"name", "audio_message.m4a"},
                                         {"title", "audio_message.m4a"},
                                         {"mimetype", "audio/mp4"},
                                         {"filetype", "m4a"},
                                         {"subtype", "slack_audio"},
                                         {"user", user},
                                         {"duration_ms", 2000},
                                         {"media_display_type", "audio"},
                                         {"transcription", std::move(transcription)}});
    return workspace_.post(std::move(message)).ts;
}

std::string SlackServerImpl::run_workflow(const std::string& name, const std::string& channel,
                                          const std::string& text) {
    if (!workspace_.channel(channel))
        return "";
    SlackMessage message;
    message.channel = channel;
    message.username = name;
    message.bot_id = "B0WORKFLOW";
    message.subtype = "bot_message";
    message.text = text;
    return workspace_.post(std::move(message)).ts;
}

void SlackServerImpl::share_channel(const std::string& channel, bool shared) {
    auto* place = workspace_.channel(channel);
    if (!place)
        return;
    place->is_ext_shared = shared;
    json::object event{{"type", shared ? "channel_shared" : "channel_unshared"}, {"channel", channel}};
    if (shared)
        event["connected_team_id"] = "T0PARTNER";
    else
        event["is_ext_shared"] = false;
    emit(std::move(event), channel);
    tell({{"type", "channel"}, {"channel", workspace_.page_channel(*place)}});
}

void SlackServerImpl::invite_bot(const std::string& user, const std::string& channel) {
    auto* place = workspace_.channel(channel);
    if (!place || place->is_im || place->bot_is_member)
        return;
    place->bot_is_member = true;
    json::object event{{"type", "member_joined_channel"},
                       {"user", options_.bot_user_id},
                       {"channel", channel},
                       {"channel_type", "C"},
                       {"inviter", user}};
    emit(std::move(event), channel);
    tell({{"type", "channel"}, {"channel", workspace_.page_channel(*place)}});
}

}  // namespace genie_slack::sandbox
