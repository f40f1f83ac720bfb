// Reads Slack's objects into our types. What is missing stays empty.
#pragma once

#include "slack/api/web_api.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace genie_slack::slack {

Identity parse_identity(const boost::json::object& reply, std::string_view scopes);
ChannelInfo parse_channel(const boost::json::object& channel);
UserInfo parse_user(const boost::json::object& user);
SharedFile parse_file(const boost::json::object& file);
ThreadMessage parse_thread_message(const boost::json::object& message);

}  // namespace genie_slack::slack
