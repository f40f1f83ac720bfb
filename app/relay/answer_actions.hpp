// What people do with an answer: rate it, by button or reaction, ask its follow-up questions, look at its SQL, switch
// its chart, take its data, run it again, share it, stop it.
#pragma once

#include "app/relay/relay_context.hpp"

namespace genie_slack::relay {

class AnswerActions : public RelayPart {
 public:
    // The context must outlive it.
    explicit AnswerActions(RelayContext& context) : context_(context) {}

    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;

 private:
    boost::asio::awaitable<slack::Ack> ask_follow_up(const slack::BlockActions& actions, const slack::Action& action);
    boost::asio::awaitable<slack::Ack> rate(const slack::BlockActions& actions, const slack::Action& action);
    boost::asio::awaitable<void> pass_rating_on(storage::Turn turn, std::string user, bool positive);

    RelayContext& context_;
};

}  // namespace genie_slack::relay
