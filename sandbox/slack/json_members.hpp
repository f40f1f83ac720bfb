// Short ways to read JSON whose shape is not certain.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace genie_slack::sandbox {

// The member's text; "" when it is missing or no string.
std::string text_member(const boost::json::object& object, std::string_view key);
// The member when it is of that kind; nullptr otherwise.
const boost::json::object* object_member(const boost::json::object& object, std::string_view key);
const boost::json::array* array_member(const boost::json::object& object, std::string_view key);
// Present and neither null nor "" nor an empty array or object.
bool has_content(const boost::json::object& object, std::string_view key);
// Unicode characters of valid UTF-8, as Slack counts its limits.
std::size_t count_characters(std::string_view text);
std::string first_characters(std::string_view text, std::size_t count);

// Text as JSON the way Slack's Web API writes it: with "\/" for each slash.
std::string serialize_as_slack(const boost::json::object& object);

}  // namespace genie_slack::sandbox
