// Slack's mrkdwn as everybody else's Markdown: for what is recorded here and read elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::slack {

// Bold, strike, links, mentions, times and bullets as CommonMark has them, entities decoded; a line stays a line. Meant
// for text that this program wrote: what is not well-formed comes out as it stands.
std::string mrkdwn_to_markdown(std::string_view mrkdwn);

// Untrusted text of one line as Markdown that shows it as it is, also in a cell of a table.
std::string escape_markdown(std::string_view text);

}  // namespace genie_slack::slack
