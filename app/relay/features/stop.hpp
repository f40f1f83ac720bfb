// A question is stopped before it is answered: by its button, by the word, in the agent's pane, or since it was deleted
// or written anew.
#pragma once

#include "app/relay/lanes.hpp"
#include "app/relay/mention_events.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/press.hpp"
#include "app/relay/self.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "slack/events/events.hpp"
#include "slack/socket/socket_mode.hpp"

#include <optional>
#include <string_view>

namespace genie_slack::relay {

// "stop", "Stopp!", "please cancel": in the languages that the bot speaks. Pure.
bool says_stop(std::string_view question);

class Stop {
 public:
    // All references must outlive it.
    Stop(storage::Storage& storage, People& people, TurnRunner& runner, Lanes& lanes, Notes& notes,
         const MentionEvents& mentions, const Self& self, const RelayOptions& options)
        : storage_(storage),
          people_(people),
          runner_(runner),
          lanes_(lanes),
          notes_(notes),
          mentions_(mentions),
          self_(self),
          options_(options) {}

    // The button: whoever asked may press it, and admins.
    boost::asio::awaitable<slack::Ack> press(const Press& press);
    // Slack's own Stop, of the agent's pane or of a stream: for whoever may press ours.
    boost::asio::awaitable<slack::Ack> session_stopped(const slack::Event& event,
                                                       const slack::AgentSessionStopped& stopped);
    // Whoever writes "stop", and nothing else, stops their own questions in that thread; at the root of a channel or a
    // direct message, all that they have there. Nothing for a message that says anything else, or nothing to the bot.
    boost::asio::awaitable<std::optional<slack::Ack>> written(const slack::Event& event,
                                                              const slack::MessageEvent& message);
    // Nothing happens to a turn that is over. `by` is a person, or why it is stopped. The error is storage's.
    boost::asio::awaitable<storage::StorageResult<void>> request(const storage::Turn& turn, std::string by);

 private:
    // Whoever asked, and admins.
    bool may_stop(const storage::Turn& turn, const std::string& user) const;
    void refuse(const storage::Turn& turn, const std::string& user, const NotePlace& place);

    storage::Storage& storage_;
    People& people_;
    TurnRunner& runner_;
    Lanes& lanes_;
    Notes& notes_;
    const MentionEvents& mentions_;
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
