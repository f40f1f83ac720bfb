// What the local Slack holds: people, conversations, messages, streams, views, files; and the marks that expire.
// Changes are told twice: as Slack events for the bot and as changes for the page.
#pragma once

#include "sandbox/slack/slack_server.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::sandbox {

using MessageKey = std::pair<std::string, std::string>;  // channel, ts

struct StoredFile {
    std::string id;
    std::string name;
    std::string title;
    std::string mimetype;
    std::string user;
    std::string upload_token;
    std::size_t length = 0;  // as announced
    std::string content;
    bool uploaded = false;
    bool completed = false;
    TimePoint completed_at{};

    // By its content, whatever it is called.
    bool is_picture() const;
};

// A message that is being streamed (slack.md 5.1).
struct StreamState {
    bool plan_mode = false;
    bool stopped_by_user = false;
    TimePoint ends{};
    std::string recipient;
    std::string plan_title;
    // In order of appearance: {"kind":"text","text"} | {"kind":"task","id"} | {"kind":"blocks","blocks"}.
    boost::json::array parts;
    std::map<std::string, boost::json::object> tasks;
};

struct StoredView {
    std::string user;
    boost::json::object view;
};

struct Trigger {
    std::string user;
    std::string view_id;  // of the modal in which it was made
    TimePoint ends{};
    bool used = false;
};

struct ResponseUrl {
    std::string user;
    std::string channel;
    std::string ts;  // of the message whose element was pressed
    std::string thread_ts;
    int uses = 0;
    TimePoint ends{};
};

struct ThreadStatus {
    std::string status;
    boost::json::array loading_messages;
    TimePoint ends{};
};

struct AgentSession {
    std::string title;
    std::string status;
};

class SlackWorkspace {
 public:
    SlackWorkspace(const SlackOptions& options, Random& random);

    // Where changes go. `base_url` is http://HOST:PORT without a slash.
    std::function<void(boost::json::object event, const std::string& channel)> emit;
    std::function<void(boost::json::object change)> changed;
    std::string base_url;

    const SlackOptions& options;

    // People and conversations. Pointers stay good until the next add_....
    std::vector<SlackUser> users;
    std::vector<SlackChannel> channels;
    const SlackUser* user(const std::string& id) const;
    // Ours, unless the person belongs to another one.
    const std::string& team_of(const SlackUser* person) const;
    // Of another organisation.
    bool is_stranger(const SlackUser& person) const;
    bool sees(const SlackUser& person, const SlackChannel& channel) const;
    SlackChannel* channel(const std::string& id);
    const SlackChannel* channel(const std::string& id) const;
    std::string direct_message(const std::string& user);
    // Whether the bot gets the messages of the channel.
    bool bot_reads(const SlackChannel& channel) const { return channel.is_im || channel.bot_is_member; }
    std::vector<std::string> members(const SlackChannel& channel) const;

    // Messages.
    std::string new_ts(const std::string& channel);
    SlackMessage* message(const std::string& channel, const std::string& ts);
    const SlackMessage* message(const std::string& channel, const std::string& ts) const;
    std::vector<const SlackMessage*> all_messages(const std::string& channel) const;
    // Root and replies; without ephemeral ones.
    std::vector<const SlackMessage*> thread(const std::string& channel, const std::string& thread_ts) const;
    // Stores a new message, its ts made when "", and tells. Quiet: no event for the bot.
    SlackMessage& post(SlackMessage message, bool quiet = false);
    // Tells that a message was changed; `before` as it was.
    void tell_edit(const SlackMessage& message, const SlackMessage& before);
    void tell_change(const SlackMessage& message);
    // Of a root with replies a tombstone stays, and that is told as a change (docs.slack.dev, message_changed; seen by
    // every bridge of Slack to another chat).
    void erase(const std::string& channel, const std::string& ts);
    // Tells the bot that a person wrote it: as a message and, where it addresses the bot, as a mention.
    void tell_written(const SlackMessage& message);
    bool mentions_bot(const SlackMessage& message) const;
    // Adds or takes away a reaction; false when that changes nothing.
    bool react(const std::string& user, SlackMessage& message, const std::string& name, bool add);

    std::map<MessageKey, StreamState> streams;
    // Writes the stream's parts into its message.
    void render_stream(SlackMessage& message, const StreamState& stream);
    // Puts the blocks of the message's stream, if it has one, above its own.
    void keep_streamed(SlackMessage& message);

    // Assistant threads and sessions, by channel and thread ts.
    void set_status(const std::string& channel, const std::string& thread_ts, std::string status,
                    boost::json::array loading_messages);
    std::string status(const std::string& channel, const std::string& thread_ts) const;
    std::map<MessageKey, ThreadStatus> statuses;
    std::map<MessageKey, boost::json::object> prompts;
    std::map<MessageKey, AgentSession> sessions;
    void tell_session(const MessageKey& key);

    // Views.
    std::map<std::string, StoredView> home_views;                          // by user
    std::map<std::string, std::vector<boost::json::object>> modal_stacks;  // by user
    boost::json::object* modal(const std::string& view_id, std::string* user = nullptr);
    // Gives the view its ids and defaults.
    boost::json::object finish_view(boost::json::object view, const std::string& root_id,
                                    const std::string& previous_id);
    void close_modal(const std::string& user, const std::string& view_id);
    void close_all_modals(const std::string& user);
    void publish_home(const std::string& user, boost::json::object view);

    // Files.
    std::map<std::string, StoredFile> files;
    boost::json::object file_json(const StoredFile& file) const;

    // Marks that expire.
    std::string new_trigger(const std::string& user, const std::string& view_id = "");
    std::map<std::string, Trigger> triggers;
    std::string new_response_url(const std::string& kind, ResponseUrl target);
    std::map<std::string, ResponseUrl> response_urls;

    // block_id for each block and action_id for each element that lack one.
    void fill_block_ids(boost::json::array& blocks);
    std::string random_id(std::string prefix, std::size_t length);

    // JSON of Slack's own API.
    boost::json::object message_json(const SlackMessage& message, bool with_metadata) const;
    boost::json::object channel_json(const SlackChannel& channel) const;
    boost::json::object user_json(const SlackUser& user) const;
    boost::json::object bot_profile() const;
    // JSON for the page (slack_server.hpp).
    boost::json::object page_message(const SlackMessage& message) const;
    boost::json::object page_channel(const SlackChannel& channel) const;
    boost::json::object page_user(const SlackUser& user) const;
    boost::json::object snapshot(const std::string& user) const;

 private:
    void start_with_people();
    void tell(boost::json::object change) const;
    int reply_count(const SlackMessage& root) const;

    Random& random_;
    std::map<std::string, std::map<std::string, SlackMessage>> messages_;
    std::map<std::string, std::int64_t> last_ts_;
};

// "channel", "im", "group" as message events name it.
std::string channel_type(const SlackChannel& channel);
// Seconds and microseconds as in a ts.
std::string event_ts_now();

}  // namespace genie_slack::sandbox
