// The bot's Home tab: published when a person opens it, and again when what it shows has changed by what they do there.
#pragma once

#include "app/answer/view/home_view.hpp"
#include "app/relay/intake.hpp"
#include "app/relay/press.hpp"
#include "app/relay/services.hpp"

#include <string>

namespace genie_slack::relay {

class Home {
 public:
    // All references must outlive it.
    Home(Services services, Directory directory, Intake& intake, TaskGroup& background, const Self& self,
         const RelayOptions& options)
        : services_(services),
          directory_(directory),
          intake_(intake),
          background_(background),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> opened(const slack::Event& event, const slack::AppHomeOpened& opened);
    // A button asks once in each view that was published: pressing it publishes the next one.
    boost::asio::awaitable<slack::Ack> ask(const Press& press);
    // The person's default, or none any more when `space_id` is "".
    boost::asio::awaitable<slack::Ack> set_space(const Press& press, std::string space_id);
    // Shows the tab anew, with `notice` (mrkdwn) above it; whoever may not ask sees only why. The visit's channel is
    // the direct message with the bot.
    void show_again(const Visit& visitor, std::string notice);

 private:
    boost::asio::awaitable<void> publish(Visit visitor, std::string notice);
    boost::asio::awaitable<void> look_up(const Visit& visitor, answer::HomeInput& input);
    boost::asio::awaitable<void> show(std::string user, answer::HomeInput input);

    Services services_;
    Directory directory_;
    Intake& intake_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
