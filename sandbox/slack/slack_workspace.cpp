// Long because all that Slack holds of one workspace changes together.
#include "sandbox/slack/slack_workspace.hpp"

#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"

#include <algorithm>
#include <cstdio>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace workspace_detail {

std::string ts_text(std::int64_t micros) {
    char text[48];
    std::snprintf(text, sizeof text, "%lld.%06lld", static_cast<long long>(micros / 1000000),
                  static_cast<long long>(micros % 1000000));
    return text;
}

std::int64_t wall_micros() {
    return wall_now().time_since_epoch().count();
}

SlackUser person(std::string id, std::string name, std::string real_name, bool guest = false) {
    SlackUser user;
    user.id = std::move(id);
    user.name = std::move(name);
    user.real_name = std::move(real_name);
    user.email = user.name + "@example.com";
    user.is_guest = guest;
    return user;
}

SlackChannel room(std::string id, std::string name, bool bot_is_member) {
    SlackChannel channel;
    channel.id = std::move(id);
    channel.name = std::move(name);
    channel.bot_is_member = bot_is_member;
    return channel;
}

}  // namespace workspace_detail

std::string channel_type(const SlackChannel& channel) {
    return channel.is_im ? "im" : "channel";
}

std::string event_ts_now() {
    return workspace_detail::ts_text(workspace_detail::wall_micros());
}

SlackWorkspace::SlackWorkspace(const SlackOptions& options_, Random& random) : options(options_), random_(random) {
    start_with_people();
}

void SlackWorkspace::start_with_people() {
    using workspace_detail::person;
    using workspace_detail::room;
    users = {person("U0ANA", "ana", "Ana Lima"), person("U0BEN", "ben", "Ben Okafor"),
             person("U0CHEN", "chen", "Chen Wei"), person("U0GUEST", "gia", "Gia Rossi", true)};
    SlackUser bot;
    bot.id = options.bot_user_id;
    bot.name = options.bot_name;
    bot.real_name = options.bot_name;
    bot.is_bot = true;
    users.push_back(bot);
    channels = {room("C0GENERAL", "general", true), room("C0SALES", "sales", true), room("C0RANDOM", "random", false)};
}

const SlackUser* SlackWorkspace::user(const std::string& id) const {
    const auto found = std::find_if(users.begin(), users.end(), [&](const SlackUser& each) { return each.id == id; });
    return found == users.end() ? nullptr : &*found;
}

const std::string& SlackWorkspace::team_of(const SlackUser* person) const {
    return person && !person->team_id.empty() ? person->team_id : options.team_id;
}

bool SlackWorkspace::is_stranger(const SlackUser& person) const {
    const bool is_sister = !options.enterprise_id.empty() && person.enterprise_id == options.enterprise_id;
    return !person.team_id.empty() && person.team_id != options.team_id && !is_sister;
}

bool SlackWorkspace::sees(const SlackUser& person, const SlackChannel& channel) const {
    return channel.is_im ? channel.im_user == person.id : channel.is_ext_shared || !is_stranger(person);
}

const SlackChannel* SlackWorkspace::channel(const std::string& id) const {
    const auto found =
        std::find_if(channels.begin(), channels.end(), [&](const SlackChannel& each) { return each.id == id; });
    return found == channels.end() ? nullptr : &*found;
}

SlackChannel* SlackWorkspace::channel(const std::string& id) {
    return const_cast<SlackChannel*>(std::as_const(*this).channel(id));
}

std::string SlackWorkspace::direct_message(const std::string& user_id) {
    for (const auto& each : channels)
        if (each.is_im && each.im_user == user_id)
            return each.id;
    SlackChannel dm;
    dm.id = "D0" + user_id.substr(1);
    dm.is_im = true;
    dm.im_user = user_id;
    channels.push_back(dm);
    tell({{"type", "channel"}, {"channel", page_channel(dm)}});
    return dm.id;
}

std::vector<std::string> SlackWorkspace::members(const SlackChannel& channel) const {
    std::vector<std::string> result;
    for (const auto& each : users) {
        if (each.id == options.bot_user_id ? bot_reads(channel) : sees(each, channel))
            result.push_back(each.id);
    }
    return result;
}

std::string SlackWorkspace::new_ts(const std::string& channel_id) {
    auto& last = last_ts_[channel_id];
    last = std::max(last + 1, workspace_detail::wall_micros());
    while (messages_[channel_id].contains(workspace_detail::ts_text(last)))
        ++last;
    return workspace_detail::ts_text(last);
}

SlackMessage* SlackWorkspace::message(const std::string& channel_id, const std::string& ts) {
    return const_cast<SlackMessage*>(std::as_const(*this).message(channel_id, ts));
}

const SlackMessage* SlackWorkspace::message(const std::string& channel_id, const std::string& ts) const {
    const auto room = messages_.find(channel_id);
    if (room == messages_.end())
        return nullptr;
    const auto found = room->second.find(ts);
    return found == room->second.end() ? nullptr : &found->second;
}

std::vector<const SlackMessage*> SlackWorkspace::all_messages(const std::string& channel_id) const {
    std::vector<const SlackMessage*> result;
    const auto room = messages_.find(channel_id);
    if (room != messages_.end())
        for (const auto& [ts, each] : room->second)
            result.push_back(&each);
    return result;
}

std::vector<const SlackMessage*> SlackWorkspace::thread(const std::string& channel_id,
                                                        const std::string& thread_ts) const {
    std::vector<const SlackMessage*> result;
    for (const auto* each : all_messages(channel_id))
        if (each->ephemeral_for.empty() && (each->ts == thread_ts || each->thread_ts == thread_ts))
            result.push_back(each);
    return result;
}

int SlackWorkspace::reply_count(const SlackMessage& root) const {
    if (!root.thread_ts.empty())
        return 0;
    return static_cast<int>(thread(root.channel, root.ts).size()) - 1;
}

SlackMessage& SlackWorkspace::post(SlackMessage message, bool quiet) {
    if (message.ts.empty())
        message.ts = new_ts(message.channel);
    if (message.blocks.empty() && message.bot_id.empty() && !message.text.empty())
        message.blocks.push_back(rich_text_block(message.text, random_id("", 5)));
    fill_block_ids(message.blocks);
    SlackMessage& stored = messages_[message.channel].insert_or_assign(message.ts, message).first->second;
    tell_change(stored);
    // The first reply changes what the root shows.
    if (const auto* root = stored.thread_ts.empty() ? nullptr : this->message(stored.channel, stored.thread_ts))
        tell_change(*root);
    if (!quiet)
        tell_written(stored);
    return stored;
}

bool SlackWorkspace::mentions_bot(const SlackMessage& message) const {
    const auto* place = channel(message.channel);
    return place && !place->is_im && message.text.find("<@" + options.bot_user_id) != std::string::npos &&
           message.user != options.bot_user_id && message.bot_id != options.bot_id;
}

void SlackWorkspace::tell_written(const SlackMessage& message) {
    const auto* place = channel(message.channel);
    if (!message.ephemeral_for.empty() || !place || !bot_reads(*place) || !emit)
        return;
    const std::string client_msg_id = message.bot_id.empty() ? random_.uuid() : "";
    json::object event = message_event(*this, message, client_msg_id);
    if (!mentions_bot(message)) {
        emit(std::move(event), message.channel);
        return;
    }
    // Which of the two comes first is the listener's choice: it gets both in one object.
    emit(json::object{{"mention", app_mention_event(*this, message, client_msg_id)}, {"message", std::move(event)}},
         message.channel);
}

void SlackWorkspace::tell(json::object change) const {
    if (changed)
        changed(std::move(change));
}

void SlackWorkspace::tell_change(const SlackMessage& message) {
    tell({{"type", "message"}, {"channel", message.channel}, {"message", page_message(message)}});
}

void SlackWorkspace::tell_edit(const SlackMessage& message, const SlackMessage& before) {
    tell_change(message);
    const auto* place = channel(message.channel);
    if (emit && place && bot_reads(*place) && message.ephemeral_for.empty())
        emit(message_changed_event(*this, message, before), message.channel);
}

void SlackWorkspace::erase(const std::string& channel_id, const std::string& ts) {
    const auto* found = message(channel_id, ts);
    if (!found)
        return;
    const SlackMessage gone = *found;
    const auto* place = channel(channel_id);
    const bool is_told = emit && place && bot_reads(*place) && gone.ephemeral_for.empty();
    if (gone.subtype != "tombstone" && reply_count(gone) > 0) {
        SlackMessage& tombstone = *message(channel_id, ts);
        tombstone = SlackMessage();
        tombstone.channel = channel_id;
        tombstone.ts = ts;
        tombstone.subtype = "tombstone";
        tombstone.user = "USLACKBOT";
        tombstone.text = "This message was deleted.";
        streams.erase({channel_id, ts});
        tell_edit(tombstone, gone);
        return;
    }
    messages_[channel_id].erase(ts);
    streams.erase({channel_id, ts});
    tell({{"type", "message_deleted"}, {"channel", channel_id}, {"ts", ts}});
    if (is_told)
        emit(message_deleted_event(*this, gone), channel_id);
}

bool SlackWorkspace::react(const std::string& user_id, SlackMessage& message, const std::string& name, bool add) {
    auto& who = message.reactions[name];
    const auto position = std::find(who.begin(), who.end(), user_id);
    const bool has = position != who.end();
    if (has != add) {
        if (add)
            who.push_back(user_id);
        else
            who.erase(position);
    }
    if (who.empty())
        message.reactions.erase(name);
    if (has == add)
        return false;
    tell_change(message);
    if (emit)
        emit(reaction_event(message, user_id, name, add, message.user), message.channel);
    return true;
}

void SlackWorkspace::render_stream(SlackMessage& message, const StreamState& stream) {
    json::array blocks;
    std::string all_text;
    json::array tasks;
    const auto rich = [](const std::string& text) {
        json::object block = rich_text_block(text, "");
        block.erase("block_id");
        return block;
    };
    const auto card = [&](const json::object& task) {
        json::object block{{"type", "task_card"}, {"task_id", task.at("id")}};
        for (const char* key : {"title", "status", "sources"})
            if (const auto* value = task.if_contains(key))
                block[key] = *value;
        for (const char* key : {"details", "output"})
            if (has_content(task, key))
                block[key] = rich(text_member(task, key));
        return block;
    };
    std::optional<std::size_t> plan_at;
    for (const auto& part : stream.parts) {
        const auto& object = part.get_object();
        const std::string kind = text_member(object, "kind");
        if (kind == "text") {
            all_text += text_member(object, "text");
            blocks.push_back(json::object{{"type", "markdown"}, {"text", object.at("text")}});
        } else if (kind == "blocks") {
            for (const auto& block : object.at("blocks").get_array())
                blocks.push_back(block);
        } else if (kind == "task") {
            json::object block = card(stream.tasks.at(text_member(object, "id")));
            if (!stream.plan_mode) {
                blocks.push_back(std::move(block));
                continue;
            }
            if (!plan_at) {
                plan_at = blocks.size();
                blocks.push_back(nullptr);
            }
            tasks.push_back(std::move(block));
        }
    }
    if (plan_at)
        blocks[*plan_at] = json::object{{"type", "plan"}, {"title", stream.plan_title}, {"tasks", std::move(tasks)}};
    message.text = all_text;
    message.blocks = std::move(blocks);
    for (std::size_t at = 0; at < message.blocks.size(); ++at)
        if (auto& block = message.blocks[at].get_object(); !block.contains("block_id"))
            block["block_id"] = "s" + std::to_string(at);
    fill_block_ids(message.blocks);
}

void SlackWorkspace::keep_streamed(SlackMessage& message) {
    const auto stream = streams.find({message.channel, message.ts});
    if (stream == streams.end())
        return;
    SlackMessage streamed = message;
    render_stream(streamed, stream->second);
    for (const auto& block : message.blocks)
        streamed.blocks.push_back(block);
    message.blocks = std::move(streamed.blocks);
}

void SlackWorkspace::set_status(const std::string& channel_id, const std::string& thread_ts, std::string status,
                                json::array loading_messages) {
    const MessageKey key{channel_id, thread_ts};
    const bool had = statuses.contains(key);
    if (status.empty()) {
        if (!had)
            return;
        statuses.erase(key);
    } else {
        auto& entry = statuses[key];
        entry.status = status;
        entry.loading_messages = loading_messages;
        entry.ends = Clock::now() + options.status_life;
    }
    tell({{"type", "status"},
          {"channel", channel_id},
          {"thread_ts", thread_ts},
          {"status", status},
          {"loading_messages", std::move(loading_messages)}});
}

std::string SlackWorkspace::status(const std::string& channel_id, const std::string& thread_ts) const {
    const auto found = statuses.find({channel_id, thread_ts});
    return found == statuses.end() || found->second.ends <= Clock::now() ? "" : found->second.status;
}

void SlackWorkspace::tell_session(const MessageKey& key) {
    const auto& session = sessions[key];
    tell({{"type", "session"},
          {"channel", key.first},
          {"thread_ts", key.second},
          {"title", session.title},
          {"status", session.status}});
}

json::object SlackWorkspace::file_json(const StoredFile& file) const {
    const std::size_t dot = file.name.rfind('.');
    const std::string url = base_url + "/files/" + file.id + "/" + file.name;
    return {{"id", file.id},
            {"name", file.name},
            {"title", file.title},
            {"mimetype", file.mimetype},
            {"filetype", dot == std::string::npos ? "binary" : file.name.substr(dot + 1)},
            {"user", file.user},
            {"size", file.content.size()},
            {"mode", "hosted"},
            {"is_external", false},
            {"url_private", url},
            {"url_private_download", url},
            {"permalink", url}};
}

std::string SlackWorkspace::random_id(std::string prefix, std::size_t length) {
    static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (std::size_t i = 0; i < length; ++i)
        prefix += kLetters[random_.between(0, kLetters.size() - 1)];
    return prefix;
}

std::string SlackWorkspace::new_trigger(const std::string& user_id, const std::string& view_id) {
    std::erase_if(triggers,
                  [](const auto& entry) { return entry.second.ends + std::chrono::minutes(5) < Clock::now(); });
    const std::string id = std::to_string(random_.between(1000000, 9999999)) + "." +
                           std::to_string(random_.between(1000000, 9999999)) + "." + random_id("", 16);
    Trigger trigger;
    trigger.user = user_id;
    trigger.view_id = view_id;
    trigger.ends = Clock::now() + options.trigger_life;
    triggers[id] = trigger;
    return id;
}

std::string SlackWorkspace::new_response_url(const std::string& kind, ResponseUrl target) {
    target.ends = Clock::now() + options.response_url_life;
    const std::string path = "/" + kind + "/" + options.team_id + "/" + random_id("", 12) + "/" + random_id("", 24);
    response_urls[path] = std::move(target);
    return base_url + path;
}

void SlackWorkspace::fill_block_ids(json::array& blocks) {
    for (auto& entry : blocks) {
        auto* block = entry.if_object();
        if (!block)
            continue;
        if (!has_content(*block, "block_id"))
            (*block)["block_id"] = random_id("", 5);
        const auto fill = [&](json::object* element) {
            if (!element || has_content(*element, "action_id"))
                return;
            const std::string type = text_member(*element, "type");
            // Images and texts of a context, and rich text, have no actions.
            if (type != "image" && type != "mrkdwn" && type != "plain_text" && !type.starts_with("rich_text"))
                (*element)["action_id"] = random_id("", 5);
        };
        for (const char* key : {"accessory", "element"})
            if (auto* element = block->if_contains(key))
                fill(element->if_object());
        if (auto* elements = block->if_contains("elements"))
            if (auto* list = elements->if_array())
                for (auto& element : *list)
                    fill(element.if_object());
    }
}

}  // namespace genie_slack::sandbox
