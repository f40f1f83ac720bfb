// Block Kit builders: plain functions that make the JSON of one block or element (slack.md 2.4, 2.5).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack::blocks {

// Labels that are too long are shortened (header, button, option, placeholder); values and texts are never.
boost::json::object plain_text(std::string_view text);
// `mrkdwn` must be escaped already.
boost::json::object section(std::string_view mrkdwn, bool expand = false);
// Standard Markdown, rendered by Slack itself.
boost::json::object markdown(std::string_view text);
boost::json::object context(std::string_view mrkdwn);
boost::json::object divider();
boost::json::object header(std::string_view text);
// ```fenced``` text in a section; the content is escaped here.
boost::json::object preformatted(std::string_view text);

boost::json::object button(std::string_view action_id, std::string_view text, std::string_view value,
                           std::string_view style = {});
boost::json::object actions(std::string_view block_id, boost::json::array elements);

struct Option {
    std::string text;
    std::string value;
    std::string description;
};
boost::json::object static_select(std::string_view action_id, std::string_view placeholder,
                                  const std::vector<Option>& options);
boost::json::object overflow(std::string_view action_id, const std::vector<Option>& options);
boost::json::object external_select(std::string_view action_id, std::string_view placeholder, int min_query_length = 0);

// context_actions with feedback_buttons (slack.md 5.3); their values are "up:" and "down:" in front of `value`.
boost::json::object feedback(std::string_view action_id, std::string_view good, std::string_view bad,
                             std::string_view value);

// Rows of equal length, the first one is the header. Empty cells become "–" since Slack refuses them.
struct TableColumn {
    bool right_aligned = false;
};
boost::json::object table(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows);

}  // namespace genie_slack::slack::blocks
