// Rows other than turns as the JSON that travels to and from the statements of sql/statements. Keys are the columns'
// names.
#pragma once

#include "storage/storage.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace genie_slack::storage::lakebase {

boost::json::object encode(const ThreadKey& thread);
// What kPeopleFiles and write_chat_rows get for one turn, serialized; "" when there is nothing for them.
std::string people_text(const std::string& turn_id, const ChatRows& rows);
std::string rows_text(const std::string& turn_id, const ChatRows& rows, bool is_stored);
boost::json::object encode(const Feedback& feedback);
boost::json::object encode(const Lease& lease);
// Whose default space it is, the key of space_defaults.
boost::json::object encode_default(DefaultOf kind, const std::string& team, const std::string& id);

// Throw std::exception when a value is not what the statements give.
Conversation decode_conversation(const boost::json::value& value);
Step decode_step(const boost::json::value& value);
ChangedRating decode_changed_rating(const boost::json::value& value);
Feedback decode_feedback(const boost::json::value& value);
SpaceDefault decode_space_default(const boost::json::value& value);
Usage decode_usage(const boost::json::value& value);

}  // namespace genie_slack::storage::lakebase
