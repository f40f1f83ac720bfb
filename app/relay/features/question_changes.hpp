// A person changes their mind about a question: stops it, deletes it, or writes it anew.
#pragma once

#include "app/relay/relay_context.hpp"

namespace genie_slack::relay {

class QuestionChanges : public RelayPart {
 public:
    // The context must outlive it.
    explicit QuestionChanges(RelayContext& context) : context_(context) {}

    Answer<slack::Ack> on_event(const slack::Event& event) override;
    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;

 private:
    boost::asio::awaitable<slack::Ack> on_edit(const slack::Event& event, const slack::MessageChanged& change);
    boost::asio::awaitable<slack::Ack> on_deletion(const slack::Event& event, const slack::MessageDeleted& deletion);
    boost::asio::awaitable<slack::Ack> on_session_stopped(const slack::Event& event,
                                                          const slack::AgentSessionStopped& stopped);
    boost::asio::awaitable<slack::Ack> on_button(const slack::BlockActions& actions, std::string turn_id);
    // False when storage could not be reached.
    boost::asio::awaitable<bool> stop(const storage::Turn& turn, std::string by);
    std::string team_of(const slack::Event& event) const;

    RelayContext& context_;
};

}  // namespace genie_slack::relay
