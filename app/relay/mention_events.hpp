// Slack tells of a mention twice: as an app_mention and as a message. Each of the two may come to another process.
#pragma once

#include "app/relay/self.hpp"
#include "slack/events/events.hpp"

#include <string_view>

namespace genie_slack::relay {

// Whether words that Slack escaped name the bot.
bool names_us(std::string_view text, const Self& self);

class MentionEvents {
 public:
    // `self` must outlive it.
    explicit MentionEvents(const Self& self) : self_(self) {}

    // Learns from every message that comes which events Slack delivers to this app.
    void see(const slack::MessageEvent& message);
    // Whether the same message comes as an app_mention, too. That one speaks of what no storage tells apart (refusals,
    // help, files). An app that never gets app_mention, since it did not subscribe to it, has to speak at the message.
    bool comes_as_mention(const slack::MessageEvent& message) const;

 private:
    bool is_one_of_two(const slack::MessageEvent& message) const;

    const Self& self_;
    bool has_mentions_ = false;
    int plain_ones_ = 0;  // messages with a mention, while no app_mention came
};

}  // namespace genie_slack::relay
