// Fields of the JSON that travels to and from PostgreSQL.
#pragma once

#include "core/clock.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace genie_slack::storage::lakebase {

// What PostgreSQL can store as text: valid UTF-8 without U+0000 (storage.md 3.2); everything else becomes U+FFFD.
std::string storable(std::string_view text);
// The same for every text in `value`.
boost::json::value storable_value(const boost::json::value& value);

// A time as PostgreSQL reads it, whatever a session's settings are; null for the epoch, which means "not yet".
boost::json::value time_value(WallTime time);
// null for an empty text: the columns of Chainlit have no value then.
boost::json::value text_or_null(std::string_view text);

// Of a row's member: "", the epoch, 0 or false when it is missing or null. Throw std::exception when it is something
// else.
std::string text_of(const boost::json::value& row, std::string_view key);
WallTime time_of(const boost::json::value& row, std::string_view key);
std::int64_t number_of(const boost::json::value& row, std::string_view key);
bool flag_of(const boost::json::value& row, std::string_view key);

// A timestamp as PostgreSQL writes it into JSON: "2026-01-31T10:00:00.123456+02:00"; without an offset it is UTC.
WallTime parse_timestamp(const std::string& text);

}  // namespace genie_slack::storage::lakebase
