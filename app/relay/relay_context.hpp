// What the parts of the relay share, and what they may ask of it.
#pragma once

#include "app/relay/directory/gate.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/directory/spaces.hpp"
#include "app/relay/intake.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "slack/api/web_api.hpp"
#include "slack/events/events.hpp"
#include "slack/socket/socket_mode.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace genie_slack::relay {

struct RelayOptions {
    Duration accept_time = std::chrono::milliseconds(1500);  // of all storage calls before an ack
    Duration storage_time = std::chrono::seconds(10);
    Duration recovery_interval = std::chrono::seconds(5);  // about how often turns without an owner are looked for
    bool hand_over = false;  // storage outlives the process: what is cut off goes on in another one
    std::size_t recovered_at_once = 100;
    bool private_answers = false;  // ANSWERS_IN_CHANNELS=private
    std::set<std::string> admins;  // ADMIN_USERS
};

// Owned by the relay, which outlives its parts; on the event loop's thread.
struct RelayContext {
    boost::asio::any_io_executor executor;
    slack::WebApi& slack;
    genie::Client& genie;
    storage::Storage& storage;
    SpaceDirectory& spaces;
    People& people;
    Gate& gate;
    Self self;
    RelayOptions options;

    // Records a new question and queues it; the ack says whether it was recorded. `event_id` may be "".
    std::function<boost::asio::awaitable<slack::Ack>(storage::Turn turn, std::string event_id)> accept;
    // Queues a recorded turn, before all others of its thread when `first`.
    std::function<void(const storage::ThreadKey& thread, const std::string& turn_id, bool first)> enqueue;
    // Says something to one person alone in the thread (the channel when thread_ts is ""); in the background.
    std::function<void(const std::string& user, const storage::ThreadKey& thread, std::string text)> tell;
    // Background work that stop() cuts off.
    std::function<void(std::string name, boost::asio::awaitable<void> work)> spawn;
    // A stop was asked for: whoever runs the turn here ends it at once.
    std::function<void(const std::string& turn_id)> nudge;
    std::function<bool()> is_stopping;

    // The language that is set for all, else the person's as far as it is known now.
    words::Language language_of(const std::string& team, const std::string& user) const {
        return people.language_of(team, user);
    }
    // Why the person may not do anything in the channel ("" and direct messages: with the bot alone), as far as it is
    // known now.
    std::optional<Refusal> refusal(const std::string& team, const std::string& user, const std::string& channel) const {
        Visit visit;
        visit.team = team;
        visit.user = user;
        visit.channel = channel;
        visit.is_im = channel.empty() || channel.starts_with('D');
        return gate.check_known(visit);
    }
    Deadline ack_deadline() const { return Deadline::after(options.accept_time); }
};

// One kind of thing that people do. Each method returns nothing when the payload is not for this part; the references
// stay valid until the returned coroutine has ended.
class RelayPart {
 public:
    template <class T>
    using Answer = boost::asio::awaitable<std::optional<T>>;

    virtual ~RelayPart() = default;
    virtual Answer<slack::Ack> on_event(const slack::Event&) { co_return std::nullopt; }
    virtual Answer<slack::Ack> on_actions(const slack::BlockActions&) { co_return std::nullopt; }
    virtual Answer<slack::Ack> on_command(const slack::SlashCommand&) { co_return std::nullopt; }
    virtual Answer<slack::Ack> on_submission(const slack::ViewSubmission&) { co_return std::nullopt; }
    virtual Answer<slack::Ack> on_shortcut(const slack::Shortcut&) { co_return std::nullopt; }
    virtual Answer<slack::Ack> on_suggestion(const slack::BlockSuggestion&) { co_return std::nullopt; }
};

// A question that came by a command, or from the Home tab, has no thread in Slack.
inline constexpr const char* kCommandThread = "slash/";
inline bool is_command(const storage::ThreadKey& thread) {
    return thread.thread_ts.starts_with(kCommandThread);
}

// The thread in which a button was pressed; a root message is the start of its own.
inline storage::ThreadKey thread_of(const slack::BlockActions& actions, const Self& self) {
    return storage::ThreadKey(actions.team.empty() ? self.team : actions.team, actions.channel,
                              actions.thread_ts.empty() ? actions.message_ts : actions.thread_ts);
}

}  // namespace genie_slack::relay
