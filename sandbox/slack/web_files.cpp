// File upload in three steps (slack.md 2.6), and answers by response_url (slack.md 3.12).
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <boost/json/serialize.hpp>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_files_detail {

constexpr int kResponseUses = 5;
constexpr std::size_t kFileBytes = 64u << 20;

std::string mime_type(std::string_view name) {
    const auto ends = [&](std::string_view end) { return name.ends_with(end); };
    if (ends(".csv"))
        return "text/csv";
    if (ends(".xlsx"))
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (ends(".png"))
        return "image/png";
    if (ends(".txt") || ends(".sql") || ends(".md"))
        return "text/plain";
    if (ends(".json"))
        return "application/json";
    return "application/octet-stream";
}

// The content of the first part with a filename.
std::string first_part(const std::string& body, std::string_view content_type) {
    const std::size_t mark = content_type.find("boundary=");
    if (mark == std::string_view::npos)
        return body;
    std::string boundary(content_type.substr(mark + 9));
    boundary = boundary.substr(0, boundary.find(';'));
    std::erase(boundary, '"');
    const std::size_t header = body.find("filename=");
    const std::size_t start = body.find("\r\n\r\n", header == std::string::npos ? 0 : header);
    if (start == std::string::npos)
        return body;
    const std::size_t end = body.find("\r\n--" + boundary, start + 4);
    return body.substr(start + 4, end == std::string::npos ? end : end - start - 4);
}

// Where the files go: one channel, or some with commas between them.
std::vector<std::string> places_of(const json::object& arguments) {
    std::vector<std::string> places;
    std::string channels = text_argument(arguments, "channel_id");
    if (channels.empty())
        channels = text_argument(arguments, "channels");
    while (!channels.empty()) {
        const std::size_t comma = channels.find(',');
        places.push_back(channels.substr(0, comma));
        channels = comma == std::string::npos ? "" : channels.substr(comma + 1);
    }
    return places;
}

}  // namespace web_files_detail

bool StoredFile::is_picture() const {
    return content.starts_with("\x89PNG\r\n\x1a\n") || content.starts_with("\xFF\xD8\xFF") ||
           content.starts_with("GIF8");
}

// A picture of the bot's own can be shown by slack_file wherever the bot writes, also one that stands in no channel;
// once Slack has looked at it.
BlockWorld WebApi::block_world() const {
    return {faults_.refused_blocks, [this](const json::object& named) {
                const std::string id = text_member(named, "id");
                const std::string url = text_member(named, "url");
                for (const auto& [file_id, file] : workspace_.files) {
                    const std::string address = workspace_.base_url + "/files/" + file_id + "/";
                    if (id.empty() ? !url.starts_with(address) : file_id != id)
                        continue;
                    return file.completed && file.is_picture() &&
                           Clock::now() - file.completed_at >= std::chrono::milliseconds(faults_.picture_time_ms);
                }
                return false;
            }};
}

WebApi::Answer WebApi::upload_url(const Arguments& arguments) {
    const auto length = int_argument(arguments, "length");
    if (!length || *length <= 0)
        return failed_arguments("length must be a positive number [json-pointer:/length]");
    if (static_cast<std::size_t>(*length) > web_files_detail::kFileBytes)
        return failed("file_upload_size_restricted");
    if (count_characters(text_argument(arguments, "alt_txt")) > 1000)
        return failed("alt_txt_too_large");
    if (!text_argument(arguments, "snippet_type").empty() && *length > 1000000)
        return failed("snippet_too_large");
    StoredFile file;
    file.id = workspace_.random_id("F0", 9);
    file.name = text_argument(arguments, "filename");
    file.title = file.name;
    file.mimetype = web_files_detail::mime_type(file.name);
    file.user = options_.bot_user_id;
    file.length = static_cast<std::size_t>(*length);
    file.upload_token = workspace_.random_id("", 32);
    const std::string url = workspace_.base_url + "/upload/v1/" + file.upload_token;
    const std::string id = file.id;
    workspace_.files[id] = std::move(file);
    return {{"ok", true}, {"upload_url", url}, {"file_id", id}};
}

std::pair<int, std::string> WebApi::upload(const std::string& token, std::string body, std::string_view content_type) {
    for (auto& [id, file] : workspace_.files) {
        if (file.upload_token != token)
            continue;
        if (file.uploaded)
            return {400, "already uploaded"};
        if (content_type.starts_with("multipart/form-data"))
            body = web_files_detail::first_part(body, content_type);
        if (body.size() != file.length)
            return {400, "length mismatch"};
        file.content = std::move(body);
        file.uploaded = true;
        return {200, "OK - " + std::to_string(file.content.size())};
    }
    return {404, "not found"};
}

const StoredFile* WebApi::file(const std::string& id) const {
    const auto found = workspace_.files.find(id);
    return found == workspace_.files.end() ? nullptr : &found->second;
}

WebApi::Answer WebApi::complete_upload(const Arguments& arguments) {
    const auto* list = array_member(arguments, "files");
    if (!list)
        return failed_arguments("files must be an array [json-pointer:/files]");
    const std::vector<std::string> places = web_files_detail::places_of(arguments);
    SlackMessage message;
    std::vector<std::string> ids;
    for (const auto& name : places) {
        SlackChannel* channel = nullptr;
        if (const auto problem = writable_channel(name, channel, false); !problem.empty())
            return failed(problem);
        ids.push_back(channel->id);
        message = own_message(channel->id);
        if (auto problem = thread_problem(*channel, arguments, message); !problem.empty())
            return problem;
    }
    if (places.size() > 1 && !message.thread_ts.empty())
        return failed_arguments("thread_ts needs exactly one channel [json-pointer:/thread_ts]");
    if (has_content(arguments, "initial_comment") && has_content(arguments, "blocks"))
        return failed_arguments("initial_comment and blocks exclude each other");
    if (has_content(arguments, "blocks")) {
        const auto verdict = check_blocks(arguments.at("blocks"), BlockSurface::message, block_world());
        if (!verdict.fine())
            return verdict.answer();
        message.blocks = arguments.at("blocks").get_array();
    }
    message.text = text_argument(arguments, "initial_comment");
    for (const auto& entry : *list) {
        const auto* wanted = entry.if_object();
        const auto found = workspace_.files.find(wanted ? text_member(*wanted, "id") : "");
        // An id can be completed once only.
        if (found == workspace_.files.end() || !found->second.uploaded || found->second.completed)
            return failed("file_not_found");
    }
    json::array answer;
    for (const auto& entry : *list) {
        const auto& wanted = entry.get_object();
        StoredFile& file = workspace_.files[text_member(wanted, "id")];
        file.completed = true;
        file.completed_at = Clock::now();
        if (has_content(wanted, "title"))
            file.title = text_member(wanted, "title");
        answer.push_back(shown_file(file));
        message.files.push_back(shown_file(file));
    }
    // ok, and the file never stands in the channel (bolt-js, issue 2326; python-slack-sdk, issue 1329).
    if (faults_.lost_uploads > 0) {
        --faults_.lost_uploads;
        return {{"ok", true}, {"files", std::move(answer)}};
    }
    message.subtype = "file_share";
    for (const auto& id : ids) {
        SlackMessage copy = message;
        copy.channel = id;
        bot_replied(workspace_.post(std::move(copy)));
    }
    return {{"ok", true}, {"files", std::move(answer)}};
}

json::object WebApi::shown_file(const StoredFile& file) const {
    json::object shown = workspace_.file_json(file);
    if (faults_.no_permalinks)
        shown.erase("permalink");
    return shown;
}

WebApi::Answer WebApi::file_info(const Arguments& arguments) {
    const auto* found = file(text_argument(arguments, "file"));
    if (!found || !found->completed)
        return failed("file_not_found");
    json::object shares;
    for (const auto& channel : workspace_.channels)
        for (const auto* message : workspace_.all_messages(channel.id))
            for (const auto& entry : message->files) {
                if (text_member(entry.get_object(), "id") != found->id)
                    continue;
                json::object share{{"ts", message->ts}, {"reply_users", json::array()}, {"reply_count", 0}};
                if (!message->thread_ts.empty())
                    share["thread_ts"] = message->thread_ts;
                json::object& kind =
                    shares.emplace(channel.is_im ? "private" : "public", json::object()).first->value().get_object();
                kind.emplace(channel.id, json::array()).first->value().get_array().push_back(std::move(share));
            }
    json::object shown = shown_file(*found);
    shown["shares"] = std::move(shares);
    return {{"ok", true}, {"file", std::move(shown)}, {"comments", json::array()}};
}

WebReply WebApi::respond(const std::string& path, const json::object& message) {
    WebReply reply;
    const auto found = workspace_.response_urls.find(path);
    if (found == workspace_.response_urls.end() || found->second.ends <= Clock::now()) {
        reply.status = 404;
        reply.body = failed("expired_url");
        return reply;
    }
    if (found->second.uses >= web_files_detail::kResponseUses) {
        reply.status = 404;
        reply.body = failed("used_url");
        return reply;
    }
    reply = apply_response(found->second, message);
    if (reply.body.at("ok").as_bool())
        ++found->second.uses;
    return reply;
}

WebReply WebApi::apply_response(const ResponseUrl& target, const json::object& message) {
    WebReply reply;
    reply.body = json::object{{"ok", true}};
    auto* original = target.ts.empty() ? nullptr : workspace_.message(target.channel, target.ts);
    if (bool_argument(message, "delete_original").value_or(false)) {
        if (original)
            workspace_.erase(target.channel, target.ts);
        return reply;
    }
    SlackMessage content = own_message(target.channel);
    if (auto problem = read_content(message, content, 40000, true); !problem.empty()) {
        reply.status = problem.at("error") == "no_text" ? 400 : 200;
        reply.body = std::move(problem);
        return reply;
    }
    if (bool_argument(message, "replace_original").value_or(false) && original) {
        SlackMessage changed = *original;
        changed.text = content.text;
        changed.blocks = content.blocks;
        changed.attachments = content.attachments;
        ++changed.updates;
        workspace_.fill_block_ids(changed.blocks);
        std::swap(*original, changed);
        workspace_.tell_edit(*original, changed);
        return reply;
    }
    content.thread_ts = text_argument(message, "thread_ts");
    if (text_argument(message, "response_type") != "in_channel")
        content.ephemeral_for = target.user;
    workspace_.post(std::move(content));
    return reply;
}

void WebApi::respond_by_ack(const std::string& user, const std::string& channel, const json::object& message) {
    ResponseUrl target;
    target.user = user;
    target.channel = channel;
    apply_response(target, message);
}

}  // namespace genie_slack::sandbox
