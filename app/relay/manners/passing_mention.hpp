// Mentions of the bot that are no address: people talk about it ("we use @genie for this"). Pure; in doubt a mention is
// an address, since silence to who asks is the worse fault.
#pragma once

#include <string_view>

namespace genie_slack::relay {

// Whether `line` (mrkdwn as Slack escaped it) mentions the bot, and only talks about it: every mention of it is what
// the words before it speak of, and nothing in the line is asked of it.
bool only_speaks_of_bot(std::string_view line, std::string_view bot_user);

}  // namespace genie_slack::relay
