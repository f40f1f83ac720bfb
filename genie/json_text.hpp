// JSON in which no number passes through double.
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::genie {

// Parses `text`. Integers within int64 and uint64 stay numbers; every other number (a fraction, an exponent, more than
// 64 bits) becomes a string that holds the digits as they were written. Half a surrogate pair reads as U+FFFD. At most
// 32 levels deep.
boost::system::result<boost::json::value> parse_json(std::string_view text);

// Readers that never throw: what is absent, null or of another type reads as nothing.

// The member, when `value` is an object that has it and it is not null.
const boost::json::value* find_member(const boost::json::value& value, std::string_view key);
// Its text: strings as they are, integers and booleans spelt out, else "".
std::string member_text(const boost::json::value& value, std::string_view key);
// Its integer, also from a string of digits ("expires_in": "3600"); a fraction is cut off.
std::optional<std::int64_t> member_integer(const boost::json::value& value, std::string_view key);
bool member_flag(const boost::json::value& value, std::string_view key);
// Its elements, nullptr when it is no array.
const boost::json::array* member_array(const boost::json::value& value, std::string_view key);

}  // namespace genie_slack::genie
