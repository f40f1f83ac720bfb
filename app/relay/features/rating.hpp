// What people think of an answer: by button, with a reason, or by a reaction. Kept for each person, and passed on to
// Genie.
#pragma once

#include "app/relay/relay_context.hpp"

namespace genie_slack::relay {

class Ratings : public RelayPart {
 public:
    // The context must outlive it.
    explicit Ratings(RelayContext& context) : context_(context) {}

    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;
    Answer<slack::Ack> on_submission(const slack::ViewSubmission& submission) override;
    // +1 and -1 on an answer; taking one away clears the rating that it made.
    Answer<slack::Ack> on_event(const slack::Event& event) override;

 private:
    boost::asio::awaitable<slack::Ack> rate(const slack::BlockActions& actions, const slack::Action& action);
    boost::asio::awaitable<slack::Ack> react(std::string team, slack::ReactionChanged reaction);
    // The value before; nothing when storage cannot be reached now.
    boost::asio::awaitable<std::optional<std::optional<int>>> keep(const storage::Turn& turn, const std::string& user,
                                                                   bool positive, std::string comment);
    boost::asio::awaitable<slack::Ack> clear(storage::Turn turn, std::string user, bool positive);
    boost::asio::awaitable<void> pass_on(storage::Turn turn, std::string user, genie::Rating rating,
                                         std::string comment, bool say_thanks);
    boost::asio::awaitable<void> ask_why(storage::Turn turn, std::string user, std::string trigger_id);

    RelayContext& context_;
};

}  // namespace genie_slack::relay
