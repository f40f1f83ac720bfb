// Tolerant reading of Slack's JSON: absent, null and a wrong type are all the same, sizes are bounded.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace genie_slack::slack {

// Ids and timestamps are far shorter; a longer one is no id.
inline constexpr std::size_t kIdBytes = 255;
// URLs, trigger ids and tokens of state may be this long.
inline constexpr std::size_t kOpaqueBytes = 4'096;
// Slack cuts messages at 40,000 characters.
inline constexpr std::size_t kTextBytes = 160'000;

// json::parse(), but half a surrogate pair reads as U+FFFD.
boost::json::value parse_json(std::string_view text, boost::system::error_code& failure,
                              boost::json::storage_ptr storage = {},
                              const boost::json::parse_options& options = boost::json::parse_options());

// An empty object or array when the member is missing or something else; the reference lives as long as `parent`.
const boost::json::object& object_at(const boost::json::object& parent, std::string_view key);
const boost::json::array& array_at(const boost::json::object& parent, std::string_view key);

// The string at `key`; "" when it is missing, something else, or longer than `max_bytes`.
std::string string_at(const boost::json::object& parent, std::string_view key, std::size_t max_bytes = kIdBytes);
// The same, but what is too long is cut at a character's end.
std::string text_at(const boost::json::object& parent, std::string_view key, std::size_t max_bytes = kTextBytes);
// True for true and for "true" (slash commands say it as text).
bool bool_at(const boost::json::object& parent, std::string_view key);
std::int64_t integer_at(const boost::json::object& parent, std::string_view key);

}  // namespace genie_slack::slack
