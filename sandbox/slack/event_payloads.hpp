// JSON of what Slack sends to the bot, exactly in the documented shapes (slack.md 3).
#pragma once

#include "sandbox/slack/slack_workspace.hpp"

#include <string>

namespace genie_slack::sandbox {

// What a composer makes of a text in Slack's form: one rich_text block.
boost::json::object rich_text_block(std::string_view text, const std::string& block_id);

// 3.1, around an event.
boost::json::object event_wrapper(const SlackOptions& options, boost::json::object event, const std::string& event_id,
                                  bool ext_shared, const std::string& outer_team, const std::string& outer_enterprise);

// 3.2 and 3.3, for a new message of a person or a bot.
boost::json::object app_mention_event(const SlackWorkspace& workspace, const SlackMessage& message,
                                      const std::string& client_msg_id);
boost::json::object message_event(const SlackWorkspace& workspace, const SlackMessage& message,
                                  const std::string& client_msg_id);
boost::json::object message_changed_event(const SlackWorkspace& workspace, const SlackMessage& message,
                                          const SlackMessage& before);
boost::json::object message_deleted_event(const SlackWorkspace& workspace, const SlackMessage& gone);
boost::json::object reaction_event(const SlackMessage& message, const std::string& user, const std::string& name,
                                   bool add, const std::string& item_user);

// 3.10 - 3.12.
boost::json::object slash_payload(const SlackWorkspace& workspace, const SlackUser& user, const SlackChannel& channel,
                                  const std::string& command, const std::string& text, const std::string& response_url,
                                  const std::string& trigger_id);
// The common members of interactive payloads.
boost::json::object interaction(const SlackWorkspace& workspace, std::string_view type, const SlackUser& user);
boost::json::object interaction_channel(const SlackChannel& channel);
// Where an element stood: container, channel and message, or container and view.
void add_message_context(boost::json::object& payload, const SlackWorkspace& workspace, const SlackMessage& message);
void add_view_context(boost::json::object& payload, const boost::json::object& view);

// The element with that action_id (and block_id, unless ""); nullptr when there is none. `block` gets its block.
const boost::json::object* find_element(const boost::json::array& blocks, std::string_view block_id,
                                        std::string_view action_id, const boost::json::object** block);
// Whether elements of this type stand in state.values; buttons and menus of actions do not.
bool is_stateful(std::string_view element_type);
// state.values of blocks that nobody touched yet.
boost::json::object initial_state(const boost::json::array& blocks);
// What state.values holds for an action: its type and chosen value only.
boost::json::object state_of_action(const boost::json::object& action);

// Adds the state of a view or message in `from`, block_id -> action_id -> value, to that in `into`.
void merge_state(boost::json::object& into, const boost::json::object& from);

}  // namespace genie_slack::sandbox
