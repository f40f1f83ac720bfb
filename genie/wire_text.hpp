// Text of a server made fit for a log line, and header values.
#pragma once

#include "core/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::genie {

// Puts `text` on one line, with secrets redacted, cut at a character to at most `limit` bytes.
std::string tidy_text(std::string_view text, std::size_t limit = 300);

// Retry-After: seconds or an HTTP date; nullopt when it is neither. Between zero and one hour.
std::optional<Duration> parse_retry_after(std::string_view value, WallTime now);
// "Wed, 21 Oct 2015 07:28:00 GMT", the only form of a date that servers are allowed to write (RFC 9110 5.6.7); nullopt
// for anything else.
std::optional<WallTime> parse_http_date(std::string_view value);
// "5s", "0.5s" (google.protobuf.Duration in RetryInfo).
std::optional<Duration> parse_seconds(std::string_view value);

bool looks_like_html(std::string_view content_type, std::string_view body);

}  // namespace genie_slack::genie
