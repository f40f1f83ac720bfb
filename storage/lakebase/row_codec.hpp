// Rows as the JSON that travels to and from the SQL functions of sql/migrations.
#pragma once

#include "storage/types.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace genie_slack::storage::lakebase {

// What PostgreSQL can store as text: valid UTF-8 without U+0000 (storage.md 3.2); everything else becomes U+FFFD.
std::string storable(std::string_view text);

boost::json::object encode(const ThreadKey& thread);
boost::json::object encode(const Turn& turn);
boost::json::object encode(const ChatRows& rows);

// Throw std::exception when a value is not what the SQL functions give.
Turn decode_turn(const boost::json::value& value);
Conversation decode_conversation(const boost::json::value& value);
Step decode_step(const boost::json::value& value);
Feedback decode_feedback(const boost::json::value& value);
SpaceDefault decode_space_default(const boost::json::value& value);
Usage decode_usage(const boost::json::value& value);

}  // namespace genie_slack::storage::lakebase
