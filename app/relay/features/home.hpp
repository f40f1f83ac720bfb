// The bot's Home tab: published when a person opens it, and again when what it shows has changed by what they do there.
#pragma once

#include "app/answer/view/home_view.hpp"
#include "app/relay/directory/examples.hpp"
#include "app/relay/relay_context.hpp"

#include <string>

namespace genie_slack::relay {

class HomeTab : public RelayPart {
 public:
    // Both references must outlive it.
    HomeTab(RelayContext& context, Examples& examples) : context_(context), examples_(examples) {}

    Answer<slack::Ack> on_event(const slack::Event& event) override;
    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;

 private:
    // Whose tab it is; `channel` is the direct message with the bot.
    struct Visitor {
        std::string team;
        std::string user;
        std::string channel;
    };
    Visitor visitor_of(const slack::BlockActions& actions) const;
    boost::asio::awaitable<slack::Ack> ask(const slack::BlockActions& actions, const slack::Action& action);
    boost::asio::awaitable<slack::Ack> set_space(const slack::BlockActions& actions, std::string space_id);
    boost::asio::awaitable<void> publish(Visitor visitor, std::string notice);
    boost::asio::awaitable<void> show(std::string user, answer::HomeInput input);

    RelayContext& context_;
    Examples& examples_;
};

}  // namespace genie_slack::relay
